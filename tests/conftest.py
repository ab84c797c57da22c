# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test of this collection gets: the collection on the import path, and a list of what was left out."""

from __future__ import annotations

import collections
import importlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

CHECKOUT = Path(__file__).resolve().parent.parent
COLLECTIONS = CHECKOUT / 'playbooks' / 'collections'
DESELECTED = pytest.StashKey[int]()
# Fixtures of tests/scenarios whose parameter is an ansible-core.
CORE_FIXTURES = ('core', 'edge_core', 'usual_core')
# Each of these tests is work for minutes that needs nothing of the others.
APART = CHECKOUT / 'tests' / 'gates'
# All tests of this one share a machine.
TOGETHER = CHECKOUT / 'tests' / 'machine'

sys.path[:0] = [str(COLLECTIONS), str(CHECKOUT)]
from tools import collection_link  # noqa: E402 - ansible-test units does not have the checkout on its path

collection_link.ensure(str(CHECKOUT))
importlib.invalidate_caches()  # the directory may be newer than what the import system knows of it

# No test is timed: a busy machine is not a fault.
settings.register_profile('untimed', deadline=None)
settings.load_profile('untimed')


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Count the long tests that a short run leaves out."""
    if items:
        stash = items[0].config.stash
        stash[DESELECTED] = stash.get(DESELECTED, 0) + sum(
            item.get_closest_marker('long') is not None for item in items
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several processes share the tests, one takes a whole module with one ansible-core: it shares fixtures."""
    for item in items:
        if not item.path.is_relative_to(APART):
            parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, 'callspec') else {}
            core = next((parameters[name] for name in CORE_FIXTURES if name in parameters), '')
            place = TOGETHER if item.path.is_relative_to(TOGETHER) else item.path
            item.add_marker(pytest.mark.xdist_group('%s %s' % (place.relative_to(CHECKOUT), core)))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells the process that prints the summary how many tests it did not take."""
    output: dict[str, int] | None = getattr(session.config, 'workeroutput', None)
    if output is not None:
        output['deselected'] = session.config.stash.get(DESELECTED, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Each worker has gone through all tests, so each has left out the same."""
    node.config.stash[DESELECTED] = getattr(node, 'workeroutput', {}).get('deselected', 0)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> Iterator[None]:
    """After everything else, one line for each reason why something was left out."""
    yield
    reasons = collections.Counter(_reason(report) for report in terminalreporter.getreports('skipped'))
    lines = ['%s%s' % (reason, ' (%d tests)' % count if count > 1 else '') for reason, count in sorted(reasons.items())]
    if config.stash.get(DESELECTED, 0):
        lines.append('%d long tests: `make test-full` runs them' % config.stash[DESELECTED])
    if lines:
        terminalreporter.section('left out')
        for line in lines:
            terminalreporter.write_line(line)


def _reason(report: pytest.TestReport) -> str:
    """The reason as the test gave it, on one line."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return ' '.join(text.removeprefix('Skipped: ').split())
