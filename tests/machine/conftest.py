# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One machine for all tests of this room; each begins in the state in which the machine was after its first boot."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machine import image, machine, node, recipe
from tests.scenarios.conftest import Run, play

__all__ = ['play']


@pytest.fixture(scope='session')
def booted() -> image.Image:
    """The image with a state saved after a boot; where it cannot be had, the reason in one line."""
    return booted_kind(recipe.USUAL)


@pytest.fixture(scope='session')
def large_booted() -> image.Image:
    """The same of the machine with many packages."""
    return booted_kind(recipe.LARGE)


def booted_kind(kind: recipe.Kind) -> image.Image:
    reason = image.missing()
    if reason:
        pytest.skip(reason)
    return machine.with_booted_state(image.built(kind))


@pytest.fixture
def vm(booted: image.Image, tmp_path: Path) -> Iterator[machine.Machine]:
    """The machine, on, a moment after a boot. At the end its console.log is left in the test's tmp_path."""
    with running(booted, tmp_path) as made:
        yield made


@contextlib.contextmanager
def running(booted: image.Image, tmp_path: Path) -> Iterator[machine.Machine]:
    with tempfile.TemporaryDirectory(prefix='paws-vm-') as home:  # names of sockets have 107 characters at most
        made = machine.Machine(booted, Path(home))
        try:
            made.start(machine.BOOTED)
            yield made
        finally:
            made.cut_power()
            if made.console.exists():
                shutil.copy(made.console, tmp_path)


@pytest.fixture
def on(vm: machine.Machine, play: Run) -> node.Node:
    """The collection's verbs and playbooks on the machine, with the programs of this virtual environment."""
    return node.Node(vm, play, Path(sys.executable).parent)


@pytest.fixture
def large(large_booted: image.Image, tmp_path: Path, play: Run) -> Iterator[node.Node]:
    """The same on the machine with many packages."""
    with running(large_booted, tmp_path) as made:
        yield node.Node(made, play, Path(sys.executable).parent)
