# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection says that readers of sysctl files leave behind, against the readers of this machine.

One difference is known and taken into account: procps 4 hands what follows a carriage return in a value to the kernel,
which refuses it; before 4.0 the value ended there, and that is what the collection says (sysctl_conf.RETURN).
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers import sysctl_conf, sysctl_value
from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers import persisted
from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers.tree import Tree

from .sysctl_trees import BEFORE, grow, left_behind, missing

PROGRAMS = {'systemd': '/usr/lib/systemd/systemd-sysctl', 'procps': 'sysctl --system'}
#: Scripts that load what those of real systems load, in the same order: {name: {path: text}}, the last one is run.
SCRIPTS = {
    'initscripts of EL6': {
        'etc/rc.d/init.d/functions': """
apply_sysctl() {
    sysctl -e -p /etc/sysctl.conf
    # all of /etc/sysctl.d/*.conf and more
    for each in /etc/sysctl.d/* ; do
        case "$each" in *~ | *.bak | *.rpmsave) continue ;; esac
        test -f "$each" && sysctl -e -p "$each"
    done
}
""",
        'etc/rc.d/rc.sysinit': '. /etc/rc.d/init.d/functions\napply_sysctl\n',
    },
    'later initscripts': {
        'etc/init.d/functions': """
apply_sysctl() {
    for each in /usr/lib/sysctl.d/*.conf ; do
        [ -f /run/sysctl.d/${each##*/} ] && continue
        [ -f /etc/sysctl.d/${each##*/} ] && continue
        test -f "$each" && sysctl -e -p "$each"
    done
    for each in /run/sysctl.d/*.conf ; do
        [ -f /etc/sysctl.d/${each##*/} ] && continue
        test -f "$each" && sysctl -e -p "$each"
    done
    for each in /etc/sysctl.d/*.conf ; do
        test -f "$each" && sysctl -e -p "$each"
    done
    sysctl -e -p /etc/sysctl.conf
}
""",
        'etc/rc.sysinit': '. /etc/init.d/functions\napply_sysctl\n',
    },
    'runit of Void': {
        'etc/runit/core-services/08-sysctl.sh': """
mkdir -p /run/vsysctl.d
for each in /run/sysctl.d/*.conf /etc/sysctl.d/*.conf /usr/local/lib/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf; do
    [ -e "$each" ] && [ ! -e "/run/vsysctl.d/${each##*/}" ] && ln -s "$each" "/run/vsysctl.d/${each##*/}"
done
for each in /run/vsysctl.d/*.conf; do sysctl -p "$each"; done
rm -rf /run/vsysctl.d
sysctl -p /etc/sysctl.conf
""",
    },
    'runit of Void until 2019': {
        'etc/runit/core-services/08-sysctl.sh': """
for each in /run/sysctl.d/*.conf /etc/sysctl.d/*.conf /usr/local/lib/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf \\
    /etc/sysctl.conf; do
    [ -e "$each" ] && sysctl -p "$each"
done
""",
    },
    'OpenRC of Alpine': {
        'etc/init.d/sysctl': """
for each in /lib/sysctl.d/*.conf \\
    /usr/lib/sysctl.d/*.conf; do
    [ -f /etc/sysctl.d/"${each##*/}" ] && continue
    [ -f /run/sysctl.d/"${each##*/}" ] && continue
    [ -f "$each" ] && sysctl -p "$each"
done
for each in /etc/sysctl.d/*.conf; do
    [ -f /run/sysctl.d/"${each##*/}" ] && continue
    [ -f "$each" ] && sysctl -p "$each"
done
[ -f /etc/sysctl.conf ] && sysctl -p /etc/sysctl.conf
for each in /run/sysctl.d/*.conf; do [ -f "$each" ] && sysctl -p "$each"; done
""",
    },
}
WHY_NOT = missing()
RELEASE = os.uname().release


@pytest.fixture(autouse=True)
def _of_this_version(monkeypatch: pytest.MonkeyPatch) -> None:
    if WHY_NOT:
        pytest.skip(WHY_NOT)
    monkeypatch.setattr(sysctl_conf, 'RETURN', b'\n')


def said(root: Path, reader: str, now: bool) -> dict[str, str]:
    """{key: value} after the reader has run, as the collection says."""
    found = persisted.observe(Tree(str(root)), list(BEFORE), set(BEFORE), RELEASE, {}, now=now)
    return {key: _value(key, found.get(key, {'effective': {}})['effective'].get(reader)) for key in BEFORE}


def _value(key: str, winner: Any) -> str:
    return str(BEFORE[key] if winner is None else sysctl_value.taken(key, winner['value']))


def differences(root: Path, seeds: range, scripts: dict[str, str] | None = None) -> list[object]:
    """Where trees of these seeds leave another value than is said: for systemd and procps, or a system's scripts."""
    found: list[object] = []
    readers = {'initscripts': 'sh /' + list(scripts)[-1]} if scripts else PROGRAMS
    programs = {'%s %s' % (moment, reader): readers[reader] for moment in ('now', 'boot') for reader in readers}
    for seed in seeds:
        grow(root, random.Random(seed))
        for path, text in (scripts or {}).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        for name, values in left_behind(root, programs).items():
            moment, reader = name.split()
            expected = said(root, reader, moment == 'now')
            if values != expected:
                keys = [key for key in BEFORE if values[key] != expected[key]]
                found.append((seed, name, [(key, values[key], expected[key]) for key in keys]))
    return found


def test_40_trees(tmp_path: Path) -> None:
    assert differences(tmp_path / 'root', range(40)) == []


@pytest.mark.parametrize('system', SCRIPTS)
def test_4_trees_with_scripts(tmp_path: Path, system: str) -> None:
    assert differences(tmp_path / 'root', range(4), SCRIPTS[system]) == []


@pytest.mark.long
@pytest.mark.parametrize('system', SCRIPTS)
def test_200_trees_with_scripts(tmp_path: Path, system: str) -> None:
    assert differences(tmp_path / 'root', range(5000, 5200), SCRIPTS[system]) == []


@pytest.mark.long
def test_2000_trees(tmp_path: Path) -> None:
    assert differences(tmp_path / 'root', range(1000, 3000)) == []
