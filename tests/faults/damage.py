# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random damage to a file: to its bytes, or to the JSON in it, with or without a digest that fits again."""

from __future__ import annotations

import json
import random
from typing import Any

JUNK: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 7, 10**30, 1e308, float('inf'), float('nan'), 1.5, [], {}, [[]], '', 'x', 'x' * 300),
    *('\0', '\ud800', '\u202e', '/', '//', '/etc', '/etc/', '/dev/sda', '/usr/lib/x.conf', '/proc/sys/vm/x', '../up'),
    *('relative', '/etc/../home/user/file', '/etc//x', '/home/user/../../dev/sda', 'a/b', '.', '..', '/etc/x\0y'),
    *('../../home/user/file', 'net/../../../home/user/file', 'net..x', '-', '=', '99999999', '2²', 'directory', 'file'),
    *('value', 'undone', {'x': 1}, [1, 2], ['x'], {'pid': 1, 'start': 0}, [0, {}], [[0, None]], [10**9]),
)

MARKS = '= : ; , . / \\ " \' ` $ ${ $( $(( } ) ( { [ ] [[ * ? ! % %s & | << < > # @ - -- + ~ ^ &a *a !! .. ../../x //'
WORDS = (
    *('9' * 5000, '-' + '1' * 5000, '0' * 400, '²', '٣', '99999999999999999999', '-1', '0x', '1e308', 'nan', 'inf'),
    *('\0', '\x1b[31m', '\u202e', '\u2028', '\x85', '\ufeff', '\ud800', '\r', '\n', '\t', ' ', '\n\n', 'x' * 300),
    *MARKS.split(),
    *('- ', '\\\n', 'if', 'fi', 'case', 'esac', 'for', 'done', 'function', 'end script', '---', '\udcff', '\udcc3'),
    *('{1..99999999}', '{a,b}', '${x:-', '\\{9999999\\}', '{9999999}', '[[:alpha:', 's/a/b/', 'b;', ':a;ba'),
)
NAMES = ('x', 'hook', 'digest', 'digests', 'kind', 'namespace', 'overrides')


def bytes_of(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one fault of a disk or of an editor."""
    place, length = chance.randrange(len(data) + 1), chance.choice((1, 1, 1, 8, 100))
    before, rest, after = data[:place], data[place:], data[place + length :]
    flipped = bytes([rest[0] ^ 1 << chance.randrange(8)]) + rest[1:] if rest else b'\n'
    changed = (before + flipped, before, before + after, before + chance.randbytes(length) + rest)
    more = (
        before + b'\0' * length + after,
        before + data[chance.randrange(len(data) + 1) :],
        b'[' * 100000 + data,
        b'',
    )
    return chance.choice(changed + more)


def text_of(data: bytes, chance: random.Random) -> bytes:
    """The bytes of a text with one word that programs trip over, or with one fault as of bytes_of()."""
    if chance.randrange(3) == 0:
        return bytes_of(data[:65536], chance)[:200000]
    place = chance.randrange(len(data) + 1)
    end = place + chance.choice((0, 0, 1, 3, 20))
    return data[:place] + _raw(chance.choice(WORDS)) * chance.choice((1, 1, 1, 2, 50)) + data[end:]


def _raw(word: str) -> bytes:
    return word.encode('utf-8', 'surrogatepass' if word == '\ud800' else 'surrogateescape')


def value_of(value: Any, chance: random.Random) -> Any:
    """The value of a JSON text with another value, one too many or too few, in one or a few places."""
    for _each in range(chance.choice((1, 1, 1, 2, 4))):
        places = list(_places(value))
        if not places:
            return value
        inside, name = chance.choice(places)
        _change(inside, name, value, chance)
    return value


def _places(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        for name in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, name
            yield from _places(value[name])


def _change(inside: Any, name: Any, whole: Any, chance: random.Random) -> None:
    kind = chance.randrange(6)
    if kind == 0:
        del inside[name]
    elif kind == 1 and isinstance(inside, list):
        inside.append(json.loads(json.dumps(inside[name])))
    elif kind == 1:
        inside[chance.choice(NAMES)] = _junk(chance)
    elif kind == 2:
        other, its = chance.choice(list(_places(whole)))
        inside[name] = json.loads(json.dumps(other[its]))
    else:
        inside[name] = _junk(chance)


def _junk(chance: random.Random) -> Any:
    """A value of JUNK, of its own: what is put into it later must not stay there."""
    return json.loads(json.dumps(chance.choice(JUNK)))
