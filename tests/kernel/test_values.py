# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What this kernel makes of a text against what the collection says it does: random texts, and those of the field."""

from __future__ import annotations

import os
import random
import subprocess

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers import sysctl_value
from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers.release import parse_release

from .writing import written

VERSION = parse_release(os.uname().release)['version']
RANGE, RESERVED = sysctl_value.PORT_RANGE, sysctl_value.RESERVED_PORTS
RMEM, CONTROL = 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_congestion_control'
# Each handler of the kernel, by keys that a network namespace has of its own: {key: value before the write}.
BEFORE = {
    'net.ipv4.tcp_max_syn_backlog': b'77',  # proc_dointvec
    'net.ipv4.ip_forward': b'7',  # its own handler around proc_dointvec
    'net.ipv4.tcp_timestamps': b'7',  # proc_dou8vec_minmax
    'net.ipv4.tcp_rfc1337': b'7',
    'net.ipv4.tcp_tw_reuse': b'2',  # the same with a range
    'net.core.somaxconn': b'7',  # proc_dointvec_minmax
    'net.ipv4.tcp_fin_timeout': b'60',  # proc_dointvec_jiffies
    RANGE: b'32768 60999',
    RESERVED: b'5',
    RMEM: b'4096 131072 6291456',
    CONTROL: b'reno',
}
NUMBERS = [b'0', b'1', b'2', b'3', b'7', b'60', b'80', b'255', b'256', b'1023', b'1024', b'20000', b'30000', b'65535']
NUMBERS += [b'65536', b'2147483647', b'2147483648', b'4294967297', b'18446744073709551617', b'000000000000000000001']
NUMBERS += [
    b'00000000000000000001',
    b'0x1',
    b'0X1f',
    b'0x',
    b'0xg',
    b'010',
    b'08',
    b'00x1',
    b'-1',
    b'-0',
    b'--1',
    b'+1',
]
NUMBERS += [b'-2147483648', b'-2147483649', b'1.0', b'true', b'\xef\xbc\x91', b'1e3', b'reno', b'20000', b'65535']
BLANKS = [b' ', b' ', b'\t', b'  ', b'\v', b'\f', b'\r', b'\xa0', b'\xc2\xa0', b'\xe3\x80\x80', b'\0', b'']
JOINTS = [b' ', b'\t', b',', b'-', b', ', b' - ', b'\n', b'\xa0', b'']
TAILS = [b'', b'', b'', b'\n', b' # on', b'\t#x', b' --x', b'#on', b';', b'"', b'\\', b' ', b'\r', b'\r\n', b',', b'-']
TAILS += [b' 2', b'\xa0', b'\v', b'\0', b' \xe5\x90\xaf', b'\n2', b'\n\n', b' # comment;x=1']

PLAIN = {key: before for key, before in BEFORE.items() if b' ' not in before and before.isdigit() and key != RESERVED}
TAKEN = [b'1', b'1 # on', b'1 --x', b'1 2', b'1\t#x', b'0x1', b'01', b'\xa01', b' 1 ', b'1\n']
REFUSED = [
    b'1;',
    b'"1"',
    b'1#on',
    b'1\\',
    b'1.0',
    b'+1',
    b'08',
    b'true',
    b'\xef\xbc\x91',
    b'\xc2\xa01',
    b'\xe3\x80\x801',
    b'',
]


@pytest.fixture(autouse=True)
def _possible() -> None:
    if os.geteuid():
        pytest.skip('needs root for a network namespace')
    try:
        subprocess.run(['unshare', '-n', 'test', '-w', '/proc/sys/net/ipv4/tcp_timestamps'], check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip('network namespaces with writable sysctls are not to be had here')


def text(key: str, chance: random.Random) -> bytes:
    """A text as people write values, with what they get wrong; one in ten is any bytes."""
    if chance.random() < 0.1:
        return bytes(chance.choice(b'0123456789 \t\n\r\v\f-x#;,\xa0\xc2\0aF') for _each in range(chance.randint(0, 24)))
    body = _likely(key, chance) if chance.random() < 0.5 else _numbers(chance)
    quote = chance.choice([b''] * 12 + [b'"', b"'"])
    lead = chance.choice(BLANKS) if chance.random() < 0.3 else b''
    return lead + quote + body + quote + (chance.choice(TAILS) if chance.random() < 0.7 else b'')


def _numbers(chance: random.Random) -> bytes:
    return chance.choice(JOINTS).join(chance.choice(NUMBERS) for _each in range(chance.choice([1, 1, 1, 2, 2, 3, 4])))


def _likely(key: str, chance: random.Random) -> bytes:
    """What the key may take."""
    if key == CONTROL:
        return chance.choice([b'reno', b'reno', b'cubic', b'Reno', b're no', b'reno_'])
    if key == RESERVED:
        ports = sorted(chance.choices([0, 1, 80, 81, 82, 443, 1024, 65534, 65535], k=4))
        return b'%d%c%d,%d,%d' % (ports[0], chance.choice(b'-,'), *ports[1:])
    count = {RANGE: 2, RMEM: 3}.get(key, 1)
    return b' '.join(chance.choice([b'%d', b'0x%x', b'0%o']) % chance.randint(0, 70000) for _each in range(count))


def expected(key: str, asked: bytes) -> tuple[bool, str]:
    """(whether the kernel takes the write, the value afterwards), as the collection says."""
    taken = sysctl_value.taken(key, asked, VERSION)
    before = BEFORE[key].decode().split()
    if key == CONTROL:
        return taken == 'reno', 'reno'
    if key == RMEM:
        refused = sysctl_value.numbers(asked, 3, 1)[1]
        numbers = [] if taken is None else str(taken).split()
        return not refused, ' '.join(numbers + before[len(numbers) :])
    numbers = before if taken is None else str(taken).split()
    if key == RANGE:
        numbers += before[len(numbers) :]
        if int(numbers[0]) > int(numbers[1]):  # one number above the upper end that stays
            return False, ' '.join(before)
    return taken is not None, ' '.join(numbers)


def differences(seed: int, count: int) -> list[object]:
    chance = random.Random(seed)
    keys = chance.choices(list(BEFORE), k=count)
    asked = [(key, BEFORE[key], _decided(key, text(key, chance)) or b' ') for key in keys]  # b'' would not be a write
    found = written(asked)
    wanted = [expected(key, data) for key, _before, data in asked]
    return [[*each, has, should] for each, has, should in zip(asked, found, wanted, strict=True) if has != should]


def _decided(key: str, asked: bytes) -> bytes:
    """The text, or another one where the kernel's HZ (100 to 1000) decides whether so many seconds fit into an int."""
    seconds = sysctl_value.taken(key, asked) if key == 'net.ipv4.tcp_fin_timeout' else 0
    return asked if abs(seconds or 0) <= sysctl_value.INT[1] // 1000 else b'61'


def test_texts_of_the_field() -> None:
    for texts, refused in ((TAKEN, False), (REFUSED, True)):
        asked = [(key, PLAIN[key], data) for key in PLAIN for data in texts if data]
        for (key, before, data), (taken, value) in zip(asked, written(asked), strict=True):
            assert (taken, value) == (not refused, before.decode() if refused else '1'), (key, data)
            assert sysctl_value.taken(key, data, VERSION) == (None if refused else 1), (key, data)


def test_400_random_texts() -> None:
    assert differences(1, 400) == []


@pytest.mark.long
def test_20000_random_texts() -> None:
    assert differences(2, 20_000) == []
