# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call of an operation fails, for each of its calls: afterwards all is old or all is new, and the word agrees.

    LD_PRELOAD=failing_calls.so python failing_calls.py DIRECTORY all|some

Prints {"cases": {operation and side: number}, "wrong": [sentence]}. `some`: each fifth call, with the errors by turns.
"""

from __future__ import annotations

import collections
import ctypes
import errno
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'unit' / 'plugins' / 'module_utils' / '_node'))
import changing
import nodepath
from _node.errors import Refused
from _node.operations import apply, change_set_info, confirm, forget, rollback
from _node.transaction import arming

STORE = 'var/lib/nodetcp-paws'
KEYS = {'net.ipv4.tcp_fin_timeout': '60', 'net.core.somaxconn': '128'}
SETTINGS = {'net.ipv4.tcp_fin_timeout': '30', 'net.core.somaxconn': '4096'}
NOBODY = 'no-such-set'
SAMPLE = 5  # has no divisor in common with the number of errors: all come
HALF_DONE = 16
SIDES = ('write', 'read')
SHORT = 0
ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EINTR, errno.EPERM, SHORT)


def lay_out(root: Path) -> None:
    """A node with a file that is edited, one that is left alone, and one that is made."""
    shutil.rmtree(root, ignore_errors=True)
    texts = {'etc/sysctl.conf': 'net.core.somaxconn = 1\n', 'etc/sysctl.d/10.conf': 'vm.swappiness = 1\n'}
    texts.update(('proc/sys/' + key.replace('.', '/'), value + '\n') for key, value in KEYS.items())
    texts.update({'proc/sys/kernel/osrelease': '6.1.0\n', 'proc/sys/kernel/random/boot_id': 'one\n'})
    texts.update({'proc/uptime': '1000.00 1.0\n', 'var/lib/keep': '', 'etc/cron.d/keep': ''})
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def change(root: Path) -> Any:
    return apply.run({'settings': SETTINGS, 'change_set': 'A', 'root': str(root)}, live=True)


def undo(root: Path) -> Any:
    return rollback.run({'root': str(root)}, live=True)


def recover(root: Path) -> Any:
    """A run that has nothing to do itself undoes what another one left unfinished."""
    return rollback.run({'root': str(root), 'change_set': NOBODY}, live=True)


def forgotten(root: Path) -> Any:
    return forget.run({'root': str(root), 'keep_settings': True})


def confirmed(root: Path) -> Any:
    return confirm.run({'root': str(root)})


def crashed(root: Path) -> None:
    """The change is killed where it is half done."""
    asked = {'settings': SETTINGS, 'change_set': 'A', 'root': str(root)}
    assert changing.killed_after(HALF_DONE, lambda step: apply.run(asked, step, True))


def waiting(root: Path) -> None:
    """The change waits for its confirmation; nothing stands by to undo it."""
    asked = {'settings': SETTINGS, 'change_set': 'A', 'root': str(root), 'confirm_timeout': 600}
    apply.run(asked, live=True)


def answered(act: Callable[[Path], Any], root: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = act(root)
        return found
    except Refused as exc:
        return {'failed': True, 'msg': str(exc)}


def failing(act: Callable[[Path], Any], root: Path, side: int, number: int, error: int) -> tuple[dict[str, Any], bool]:
    """(what act() answers in a child in which this call fails, whether there was such a call)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        preloaded = ctypes.CDLL(None)
        try:
            preloaded.fail_at(side, number, error)
            found = answered(act, root)
            count = preloaded.fail_count()
        except BaseException:
            count = preloaded.fail_count()
            found = {'traceback': traceback.format_exc()}
        with os.fdopen(writing, 'w') as told:
            told.write(json.dumps([found, count]))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        found, count = json.load(answer)
    os.waitpid(child, 0)
    return found, count >= number


def states(root: Path) -> list[str]:
    return [one['state'] for one in change_set_info.run({'root': str(root)})['change_sets']]


def wrong_of_change(root: Path, old: Any, new: Any, answer: dict[str, Any]) -> str:
    now, stands = changing.everything(str(root)), states(root)
    if not answer.get('failed'):
        return '' if (now, stands) == (new, ['applied']) else 'well, and it is %s' % stands
    if now == old and stands in ([], ['undone']):
        return ''
    if 'applied' in stands or 'next run tries again' not in answer['msg']:
        return 'failed (%s), and it is %s, %s' % (answer['msg'], stands, 'old' if now == old else 'new or between')
    again = answered(undo, root)
    return '' if changing.everything(str(root)) == old else 'not undone by the next run: %s' % again.get('msg')


def wrong_of_undo(root: Path, old: Any, new: Any, answer: dict[str, Any]) -> str:
    now, stands = changing.everything(str(root)), states(root)
    if not answer.get('failed'):
        noted = stands == ['undone'] or 'could not be' in ' '.join(answer['notes'])
        return '' if now == old and noted else 'well, and it is %s' % stands
    if stands == ['undone'] or (now not in (old, new) and 'next run tries again' not in answer['msg']):
        return 'failed (%s), and it is %s' % (answer['msg'], stands)
    again = answered(undo, root)
    return '' if changing.everything(str(root)) == old else 'not undone by the next run: %s' % again.get('msg')


def wrong_of_recovery(root: Path, old: Any, new: Any, answer: dict[str, Any]) -> str:
    now, stands = changing.everything(str(root)), states(root)
    if not answer.get('failed'):
        noted = stands in ([], ['undone']) or 'could not be' in ' '.join(answer['notes'])
        return '' if now == old and noted else 'well, and it is %s' % stands
    if now != old and stands not in (['applying'], ['undoing']):
        return 'failed (%s), and it is %s' % (answer['msg'], stands)
    again = answered(recover, root)
    return '' if changing.everything(str(root)) == old else 'not undone by the next run: %s' % again.get('msg')


def wrong_of_forgetting(root: Path, old: Any, new: Any, answer: dict[str, Any]) -> str:
    """What is in force stays, and the store is gone, or another run takes it away."""
    if changing.everything(str(root)) != new:
        return 'something else is gone'
    if answer.get('failed'):
        answer = answered(forgotten, root)
    return '' if not answer.get('failed') and not (root / STORE).exists() else 'the store stays: %s' % answer.get('msg')


def wrong_of_confirmation(root: Path, old: Any, new: Any, answer: dict[str, Any]) -> str:
    """Kept, or still waiting; another confirmation keeps it for good."""
    stands = states(root)
    kept = not answer.get('failed') or ' is kept, but ' in answer['msg']
    if stands != ['applied' if kept else 'pending']:
        return '%s, and it is %s' % (answer.get('msg', 'well'), stands)
    again = answered(confirmed, root)
    if again.get('failed') or states(root) != ['applied'] or changing.everything(str(root)) != new:
        return 'another confirmation: %s, and it is %s' % (again.get('msg'), states(root))
    return ''


OPERATIONS: tuple[tuple[str, Callable[[Path], Any], Callable[[Path], Any], Callable[..., str]], ...] = (
    ('apply', lambda root: None, change, wrong_of_change),
    ('rollback', change, undo, wrong_of_undo),
    ('recovery', crashed, recover, wrong_of_recovery),
    ('forget', change, forgotten, wrong_of_forgetting),
    ('confirm', waiting, confirmed, wrong_of_confirmation),
)


def cases(directory: Path, every: bool) -> Iterator[tuple[str, str]]:
    """(operation and side, what went wrong with one call or '')."""
    root = directory / 'node'
    lay_out(root)
    old = changing.everything(str(root))
    change(root)
    new = changing.everything(str(root))
    step = 1 if every else SAMPLE
    for name, prepare, act, wrong in OPERATIONS:
        for side, title in enumerate(SIDES):
            number, there = 1 - step, True
            while there:
                number += step
                for error in ERRORS if every else ERRORS[number % len(ERRORS) :][:1]:
                    lay_out(root)
                    prepare(root)
                    answer, there = failing(act, root, side, number, error)
                    said = answer.get('traceback') or wrong(root, old, new, answer)
                    about = '%s, %s call %d, %s: ' % (name, title, number, errno.errorcode.get(error, 'cut short'))
                    yield '%s %s' % (name, title), about + said if said else ''


if __name__ == '__main__':
    nodepath.import_all()
    arming.start = lambda tree, part: part.note(arming.WATCHDOG, {'pid': 2**22 + 1, 'start': 5})  # nothing waits
    results = list(cases(Path(sys.argv[1]), sys.argv[2] == 'all'))
    counts = collections.Counter(about for about, _said in results)
    print(json.dumps({'cases': counts, 'wrong': [said for _about, said in results if said]}))
