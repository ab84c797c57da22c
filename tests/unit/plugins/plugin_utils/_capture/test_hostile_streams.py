# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures that a broken or an evil node may send: bytes, lines and parts changed at random."""

from __future__ import annotations

import contextlib
import os
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture import stream
from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture.look import look
from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture.stream import CaptureError
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import record
from tests.unit.plugins.plugin_utils._capture.collecting import HEAD, collected


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A capture in which bytes, lines or parts are changed, doubled, cut or moved, the first line seldom."""
    pieces = data.split(b'\n')
    for _number in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(1, len(pieces))
        line = pieces[at]
        way = chance.randrange(8)
        if way == 0:
            pieces[at] = bytes(chance.randrange(256) for _byte in range(chance.randrange(40)))
        elif way == 1:
            del pieces[at : at + chance.choice((1, 3, 50))]
        elif way == 2:
            pieces.insert(at, chance.choice(pieces))
        elif way == 3:
            pieces[at] = line.replace(chance.choice((b'/', b':', b' ', b'1')), chance.choice(EVIL))
        elif way == 4:
            pieces[at] = line[: len(line) // 2] + chance.choice(EVIL) + line[len(line) // 2 :]
        elif way == 5:
            pieces[at] = line[:LINE] * chance.choice((2, 100))
        elif way == 6:
            pieces = pieces[:at] + pieces[-3:]
        else:
            pieces[at] = b'%s %s %s' % (pieces[0].split(b' ')[-1], chance.choice(KINDS), chance.choice(EVIL))
        if len(pieces) < 3:
            break
    return b'\n'.join(pieces)


#: So much of a line is doubled, that 20 changes of one line make no gigabytes of it.
LINE = 10000
KINDS = [kind.encode() for kind in sorted(stream.KINDS)]
EVIL = (
    b'/../../../../tmp/evil',
    b'../' * 50,
    b'/etc/cron.d/evil -> /etc/passwd',
    b'\0',
    b'\xff\xfe',
    b'9' * 5000,
    b'/' * 5000,
    b'/a' * 100,
    '²'.encode(),
    b'-1',
    b'\x1b[2J',
    b'lrwxrwxrwx 1 0 0 0 Nov 30 10:00 /proc -> /etc',
    b'-rw-r--r-- 1 0 0 99999999999999999999999 Nov 30 10:00 /etc/sysctl.conf',
    b'net:[18446744073709551616]',
)


@pytest.fixture(scope='module')
def honest() -> bytes:
    """What this machine's shell prints, the first lines of each part."""
    data = collected(('sh',))
    border = data.split(b'\n')[0].split(b' ')[-1]
    first, *parts = data.split(b'\n%s ' % border)
    kept = [b'\n'.join(part.split(b'\n')[:30]) for part in parts[:40] + parts[-3:]]
    return (b'\n%s ' % border).join([first, *kept])


def _looks_at(data: bytes) -> None:
    with contextlib.suppress(CaptureError, record.RecordError):
        record.check(look(data, {})['record'])


@pytest.mark.parametrize('seed', [pytest.param(n, marks=[pytest.mark.long] if n else []) for n in range(200)])
def test_no_stream_does_harm(seed: int, honest: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """50 mutated streams for each seed, 10,000 in the long run: refused, or a record that can be checked."""
    opened: list[Any] = []
    monkeypatch.setattr(os, 'open', lambda *arguments, **_more: opened.append(arguments))
    monkeypatch.chdir(tmp_path)
    chance = random.Random(seed)
    for _number in range(50):
        _looks_at(mutated(honest, chance))
    assert opened == []
    assert os.listdir(tmp_path) == []


def test_memory_is_bounded() -> None:
    """A stream in the form that unfolds most takes a few times its own size."""
    body = b'/f:x\n' * 400000
    tracemalloc.start()
    try:
        _looks_at(HEAD + b'\nabc lines \n' + body + b'\nabc end \n')
        assert tracemalloc.get_traced_memory()[1] < 8 * len(body)
    finally:
        tracemalloc.stop()
