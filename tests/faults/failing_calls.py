# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call of an operation fails, for each of its calls: afterwards all is old or all is new, and the word agrees.

    LD_PRELOAD=failing_calls.so python failing_calls.py DIRECTORY all|some

Prints {"cases": number, "wrong": [sentence]}. `some`: each call with one of the errors, by turns.
"""

from __future__ import annotations

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
from _node.operations import apply, change_set_info, rollback

KEYS = {'net.ipv4.tcp_fin_timeout': '60', 'net.core.somaxconn': '128'}
SETTINGS = {'net.ipv4.tcp_fin_timeout': '30', 'net.core.somaxconn': '4096'}
SIDES = ('write', 'read')
SHORT = 0
ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EINTR, errno.EPERM, SHORT)


def lay_out(root: Path) -> None:
    """A node with a file that is edited, one that is left alone, and one that is made."""
    shutil.rmtree(root, ignore_errors=True)
    texts = {'etc/sysctl.conf': 'net.core.somaxconn = 1\n', 'etc/sysctl.d/10.conf': 'vm.swappiness = 1\n'}
    texts.update(('proc/sys/' + key.replace('.', '/'), value + '\n') for key, value in KEYS.items())
    texts.update({'proc/sys/kernel/osrelease': '6.1.0\n', 'proc/sys/kernel/random/boot_id': 'one\n'})
    texts.update({'proc/uptime': '1000.00 1.0\n', 'var/lib/keep': ''})
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def change(root: Path) -> Any:
    return apply.run({'settings': SETTINGS, 'change_set': 'A', 'root': str(root)}, live=True)


def undo(root: Path) -> Any:
    return rollback.run({'root': str(root)}, live=True)


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


def cases(directory: Path, every: bool) -> Iterator[str]:
    """What went wrong with each call, '' where nothing did."""
    root = directory / 'node'
    lay_out(root)
    old = changing.everything(str(root))
    change(root)
    new = changing.everything(str(root))
    for name, act, wrong in (('apply', change, wrong_of_change), ('rollback', undo, wrong_of_undo)):
        for side, title in enumerate(SIDES):
            number, there = 0, True
            while there:
                number += 1
                for error in ERRORS if every else ERRORS[number % len(ERRORS) :][:1]:
                    lay_out(root)
                    if act is undo:
                        change(root)
                    answer, there = failing(act, root, side, number, error)
                    said = answer.get('traceback') or wrong(root, old, new, answer)
                    about = '%s, %s call %d, %s: ' % (name, title, number, errno.errorcode.get(error, 'cut short'))
                    yield about + said if said else ''


if __name__ == '__main__':
    nodepath.import_all()
    results = list(cases(Path(sys.argv[1]), sys.argv[2] == 'all'))
    print(json.dumps({'cases': len(results), 'wrong': [said for said in results if said]}))
