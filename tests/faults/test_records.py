# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change sets whose files are damaged: each operation answers or refuses, and writes only what the set was about."""

from __future__ import annotations

import json
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import changing
import pytest
from _node.errors import Refused
from _node.operations import apply, change_set_info, confirm, forget, rollback
from _node.transaction import arming, record
from changing import RECYCLE, STATE

from tests.faults import damage

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason='needs root: nothing else may own a store')

FIN, SOMAXCONN, REDIRECTS = 'net.ipv4.tcp_fin_timeout', 'net.core.somaxconn', 'net.ipv4.conf.all.accept_redirects'
VALUES = {FIN: '60', SOMAXCONN: '128', RECYCLE: '1', REDIRECTS: '1'}
SETTINGS = {FIN: '30', SOMAXCONN: '4096', RECYCLE: '0', REDIRECTS: '0'}
FILES = {
    'etc/sysctl.conf': FIN + ' = 1\n' + RECYCLE + ' = 1\n',
    'etc/sysctl.d/10-a.conf': SOMAXCONN + ' = 1\n',
    'etc/passwd': 'root\n',
    'usr/lib/x.conf': '# a package\n',
    'home/user/file': 'precious\n',
    'dev/keep': '',
    'proc/sys/kernel/osrelease': '3.10.0-1160.el7.x86_64\n',
    'proc/sys/kernel/random/boot_id': '11111111-2222\n',
    'proc/uptime': '1000.00 2000.00\n',
    'run/systemd/system/keep': '',
}
MEMORY = '/dev/shm'
HOME = STATE.lstrip('/') + '/change-sets/A'
# What a change set of ours writes.
OURS = {
    *('etc/sysctl.conf', 'etc/sysctl.d', 'etc/sysctl.d/10-a.conf', 'etc/sysctl.d/99-zz-nodetcp-paws.conf'),
    *('etc/systemd', 'etc/systemd/system', 'etc/systemd/system/nodetcp-paws-undo-A.service'),
    *('etc/systemd/system/multi-user.target.d', 'etc/systemd/system/multi-user.target.d/nodetcp-paws-undo-A.conf'),
    *('proc/sys/' + key.replace('.', '/') for key in VALUES),
}


def apply_to(root: str, identifier: str = 'A', **more: Any) -> Any:
    asked = {'settings': SETTINGS, 'change_set': identifier, 'root': root, **more}
    return apply.run(asked, live=True, **({'step': asked.pop('step')} if 'step' in asked else {}))


def roll_back(root: str, **more: Any) -> Any:
    return rollback.run({'root': root, 'change_set': 'A', **more}, live=True)


def killed(root: str) -> None:
    """The apply is killed while it is half done."""
    assert changing.killed_after(16, lambda step: apply_to(root, step=step))


def rolled_back_by_half(root: str) -> None:
    apply_to(root)
    assert changing.killed_after(8, lambda step: rollback.run({'root': root}, step, True))


def waiting(root: str) -> None:
    apply_to(root, confirm_timeout=600)


def undone(root: str) -> None:
    apply_to(root)
    roll_back(root)


SITUATIONS: dict[str, Callable[[str], Any]] = {
    'applied': apply_to,
    'applying': killed,
    'undoing': rolled_back_by_half,
    'pending': waiting,
    'undone': undone,
}
DEEDS: tuple[Callable[[str], Any], ...] = (
    lambda root: change_set_info.run({'root': root}),
    roll_back,
    lambda root: roll_back(root, check_mode=True),
    lambda root: roll_back(root, force=True),
    lambda root: roll_back(root, force=True, restore_unsafe=True),
    lambda root: rollback.run({'root': root}, live=True),
    lambda root: apply_to(root, 'B'),
    lambda root: apply_to(root, 'A', settings={FIN: '40'}),
    lambda root: apply_to(root, 'B', check_mode=True, settings={FIN: '40'}),
    lambda root: confirm.run({'root': root}),
    lambda root: forget.run({'root': root, 'keep_settings': True}),
)


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A directory in memory: on a disk, 20,000 trees that come and go are an hour of waiting for it."""
    with tempfile.TemporaryDirectory(prefix='paws-records-', dir=MEMORY if os.path.isdir(MEMORY) else None) as made:
        yield Path(made)


@pytest.fixture
def situations(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """A tree for each situation; nothing waits in the background for the confirmation of the one that is pending."""
    watchdog = {'pid': 2**22 + 1, 'start': 5}
    monkeypatch.setattr(arming, 'start', lambda tree, part: part.note(arming.WATCHDOG, watchdog))
    found = {}
    for name, happen in SITUATIONS.items():
        root = scratch / name
        for path, text in {**FILES, **{'proc/sys/' + key.replace('.', '/'): VALUES[key] for key in VALUES}}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        (root / 'var/lib').mkdir(parents=True)
        happen(str(root))
        found[name] = root
    (scratch / 'here').mkdir()
    monkeypatch.chdir(scratch / 'here')
    return found


def everything(root: Path) -> dict[str, Any]:
    """What is below root but for the store: kinds, modes, contents."""
    found: dict[str, Any] = {}
    for place, directories, names in os.walk(root):
        directories[:] = [name for name in directories if os.path.join(place, name) != str(root) + STATE]
        for name in directories + names:
            path = os.path.join(place, name)
            seen = os.lstat(path)
            content = Path(path).read_bytes() if os.path.isfile(path) and not os.path.islink(path) else b''
            found[os.path.relpath(path, root)] = (seen.st_mode, seen.st_uid, content)
    return found


def damaged(home: Path, chance: random.Random) -> str:
    """Damages one file of the change set; its name and how."""
    names = sorted(os.listdir(home))
    notes = [name for name in names if name.endswith('.json')]
    name = chance.choice(names if chance.randrange(4) == 0 else notes)
    path = home / name
    data = path.read_bytes()
    how = chance.choice(('bytes', 'sealed', 'sealed', 'bare')) if name in notes else 'bytes'
    if how == 'bytes':
        path.write_bytes(damage.bytes_of(data, chance))
        return name + ' ' + how
    value = damage.value_of(record.opened(data), chance)
    if how == 'bare' and isinstance(value, dict):
        value.pop('digests', None)
    sealed = how == 'sealed' and isinstance(value, dict) and value
    path.write_bytes(record.sealed(value) if sealed else json.dumps(value).encode('utf-8'))
    return name + ' ' + how


def hunt(situations: dict[str, Path], scratch: Path, numbers: range) -> list[str]:
    """What went wrong, for each number a case of its own."""
    wrong, beside = [], {*SITUATIONS, 'here', 'node'}
    for number in numbers:
        chance, root = random.Random(number), scratch / 'node'
        name = chance.choice(list(situations))
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(situations[name], root, symlinks=True)
        if name == 'pending':  # its record names the root
            reroot(root, situations[name])
        about = '%d: %s, %s: ' % (number, name, damaged(root / HOME, chance))
        before = everything(root)
        wrong += [about + said for deed in chance.sample(DEEDS, 3) for said in failure(deed, root)]
        wrong += [about + 'wrote ' + path for path in others(before, everything(root))]
        wrong += [about + 'wrote elsewhere'] if os.listdir('.') or set(os.listdir(scratch)) != beside else []
    return wrong


def failure(deed: Callable[[str], Any], root: Path) -> list[str]:
    """What a deed does besides answering and refusing."""
    try:
        answer = deed(str(root))
    except Refused:
        return []
    except Exception as exc:
        return ['%s: %s' % (type(exc).__name__, exc)]
    return [] if isinstance(answer, dict) else ['answered %r' % (answer,)]


def others(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Paths that differ and are not those of the change set, nor a file that was on its way to be one."""
    differ = sorted(path for path in {*before, *after} - OURS if before.get(path) != after.get(path))
    return [path for path in differ if not os.path.basename(path).startswith('.nodetcp-paws-')]


def reroot(root: Path, old: Path) -> None:
    path = root / HOME / 'record.json'
    value = record.opened(path.read_bytes())
    path.write_bytes(record.sealed({**value, 'root': str(root)}))


def test_200_damaged_change_sets(situations: dict[str, Path], scratch: Path) -> None:
    assert hunt(situations, scratch, range(200)) == []


@pytest.mark.long
def test_20000_damaged_change_sets(situations: dict[str, Path], scratch: Path) -> None:
    assert hunt(situations, scratch, range(100000, 120000)) == []
