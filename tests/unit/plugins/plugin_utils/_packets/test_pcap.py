# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Capture files, whole and broken: a clear sentence, and the rest is used."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import pcap
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import SYN, once
from tests.conftest import CHECKOUT

pytest.importorskip('dpkt')

REAL = CHECKOUT / 'tests' / 'fixtures' / '4.4.178-lab' / 'replay-120' / 'trace.pcap'
NOON = 1795314000
OPTIONS = b'\2\4\5\xb4\4\2\x08\x0a' + struct.pack('>II', 773695118, 0) + b'\1\3\3\7'
TCP = struct.pack('>HHIIBBHHH', 47722, 8080, 7, 0, 0xA0, SYN, 64240, 0, 0) + OPTIONS
IP4 = struct.pack('>BBHHHBBH', 0x45, 0, 60, 1, 0, 64, 6, 0) + bytes([198, 51, 100, 1, 198, 51, 100, 10]) + TCP
IP6 = struct.pack('>IHBB', 6 << 28, 40, 6, 64) + bytes([0xFD] + [0] * 14 + [1]) + bytes([0xFD] + [0] * 14 + [2]) + TCP
ETHERNET = b'\0' * 12 + b'\x08\0' + IP4
Packet = tuple[float, bytes]


def classic(packets: Iterable[Packet], link: int = 1, order: str = '<', nano: bool = False) -> bytes:
    unit = 10**9 if nano else 10**6
    whole = struct.pack(order + 'IHHiIII', 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, 96, link)
    for time, frame in packets:
        seconds, part = divmod(round(time * unit), unit)
        whole += struct.pack(order + 'iIII', seconds, part, len(frame), len(frame)) + frame
    return whole


def block(kind: int, body: bytes, order: str = '<') -> bytes:
    size = 12 + len(body)
    return struct.pack(order + 'II', kind, size) + body + struct.pack(order + 'I', size)


def interface(link: int = 1, options: bytes = b'', order: str = '<') -> bytes:
    return block(1, struct.pack(order + 'HHI', link, 0, 96) + options, order)


def enhanced(number: int, ticks: int, frame: bytes, order: str = '<') -> bytes:
    header = struct.pack(order + 'IIIII', number, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame))
    return block(6, header + frame + b'\0' * (-len(frame) % 4), order)


def section(order: str = '<') -> bytes:
    return block(0x0A0D0D0A, struct.pack(order + 'IHHq', 0x1A2B3C4D, 1, 0, -1), order)


@pytest.fixture
def read(tmp_path: Path):
    def reading(content: bytes) -> pcap.Capture:
        file = tmp_path / 'some.pcap'
        file.write_bytes(content)
        return pcap.read(str(file))

    return reading


def test_the_real_trace() -> None:
    capture = pcap.read(str(REAL))
    assert (capture.packets, len(capture.events), capture.problems) == (615, 615, [])
    first = capture.events[0]
    assert first[1:5] == (b'\xc6\x33\x64\x01', 59268, b'\xc6\x33\x64\x0a', 8080)
    assert first[8] == 974363768


@pytest.mark.parametrize('order', ['<', '>'])
@pytest.mark.parametrize('nano', [False, True])
def test_both_byte_orders_and_both_units(read, order: str, nano: bool) -> None:
    capture = read(classic([(NOON + 0.25, ETHERNET)], order=order, nano=nano))
    assert capture.problems == []
    assert capture.events[0][0] == pytest.approx(NOON + 0.25)
    assert capture.events[0][8] == 773695118


LINKS = [
    (1, b'\0' * 12 + b'\x86\xdd' + IP6),
    (1, b'\0' * 12 + b'\x81\0\0\5\x08\0' + IP4),
    (1, b'\0' * 12 + b'\x88\xa8\0\5\x81\0\0\7\x86\xdd' + IP6),
    (0, b'\2\0\0\0' + IP4),
    (101, IP4),
    (101, IP6),
    (12, IP4),
    (228, IP4),
    (229, IP6),
    (113, b'\0\0\0\1\0\6' + b'\0' * 8 + b'\x08\0' + IP4),
    (276, b'\x86\xdd' + b'\0' * 18 + IP6),
]


@pytest.mark.parametrize(('link', 'frame'), LINKS)
def test_links_tags_and_both_versions(read, link: int, frame: bytes) -> None:
    capture = read(classic([(NOON, frame)], link))
    assert capture.problems == []
    assert (capture.events[0][2], capture.events[0][4], capture.events[0][8]) == (47722, 8080, 773695118)


def test_a_length_of_the_frame_check_sequence_is_no_other_link(read) -> None:
    assert len(read(classic([(NOON, ETHERNET)], 1 | 0x14000000)).events) == 1


def test_another_link_type_is_named(read) -> None:
    capture = read(classic([(NOON, ETHERNET)] * 3, 105))
    assert capture.events == []
    assert '3 packets of link type 105' in str(capture.problems[0])
    assert 'Ethernet' in str(capture.problems[0])


def test_cut_off_anywhere() -> None:
    whole = REAL.read_bytes()
    for cut in (len(whole) // 2, len(whole) - 1, 24 + 16 + 96 + 5, 24 + 16):
        path = Path('/dev/shm') / ('cut-%s.pcap' % cut)
        path.write_bytes(whole[:cut])
        capture = pcap.read(str(path))
        path.unlink()
        assert any('cut off' in str(problem) for problem in capture.problems), cut
        assert len(capture.events) in (capture.packets, capture.packets - 1)


@pytest.mark.parametrize('order', ['<', '>'])
def test_pcapng(read, order: str) -> None:
    capture = read(section(order) + interface(order=order) + enhanced(0, NOON * 10**6 + 250000, ETHERNET, order))
    assert capture.problems == []
    assert capture.events[0][0] == NOON + 0.25


def test_pcapng_with_interfaces_of_different_links_and_clocks(read) -> None:
    nano = struct.pack('<HHB3xHHq', 9, 1, 9, 14, 8, -100) + b'\0' * 4
    content = section() + interface() + interface(101, nano) + interface(105)
    content += enhanced(0, NOON * 10**6, ETHERNET) + enhanced(1, (NOON + 101) * 10**9, IP6) + enhanced(2, 5, ETHERNET)
    content += block(5, b'\0' * 12) + section() + interface(101) + enhanced(0, NOON * 10**6, IP4)
    capture = read(content)
    assert [event[0] for event in capture.events] == [NOON, NOON + 1, NOON]
    assert len(capture.problems) == 1
    assert '1 packet of link type 105' in str(capture.problems[0])


def test_pcapng_cut_off_or_with_damaged_blocks(read) -> None:
    good = section() + interface() + enhanced(0, NOON * 10**6, ETHERNET)
    assert 'cut off' in str(read(good + enhanced(0, 1, ETHERNET)[:40]).problems[0])
    unknown = read(good + enhanced(7, 1, ETHERNET) + enhanced(0, NOON * 10**6, ETHERNET))
    assert len(unknown.events) == 2
    assert '1 damaged block is' in str(unknown.problems[0])
    assert 'cut off' in str(read(good + struct.pack('<II', 6, 0)).problems[0])
    assert 'cut off' in str(read(good + struct.pack('<II', 6, 0xFFFFFFF0)).problems[0])


def test_times_before_1970_and_clock_steps(read) -> None:
    capture = read(classic([(NOON, ETHERNET), (-5.0, ETHERNET), (NOON - 1000, ETHERNET)]))
    assert [event[0] for event in capture.events] == [NOON, -5.0, NOON - 1000]
    assert '1 packet has a time before 1970' in str(capture.problems[0])


def test_a_length_that_cannot_be(read) -> None:
    content = classic([(NOON, ETHERNET)]) + struct.pack('<IIII', NOON, 0, 0xFFFFFFFF, 60) + ETHERNET
    capture = read(content)
    assert 'cut off or damaged' in str(capture.problems[0])
    assert len(capture.events) >= 1


def test_a_file_without_tcp_says_so(read) -> None:
    assert 'holds no TCP segments' in str(read(classic([(NOON, b'\0' * 12 + b'\x08\x06' + b'\0' * 28)])).problems[0])
    assert 'holds no packets' in str(read(classic([])).problems[0])


@pytest.mark.parametrize(
    ('content', 'said'),
    [(b'', 'is empty'), (b'# a text file, and long enough for a header\n', 'neither'), (b'\x1f\x8b\x08', 'gzip')],
)
def test_what_is_no_capture(read, content: bytes, said: str) -> None:
    with pytest.raises(pcap.CaptureError, match=said):
        read(content)


def test_what_is_not_there() -> None:
    with pytest.raises(pcap.CaptureError, match='No such file'):
        pcap.read('/does/not/exist.pcap')
    with pytest.raises(pcap.CaptureError, match='directory'):
        pcap.read('/')


@settings(max_examples=200)
@given(
    whole=st.sampled_from([classic([(NOON, ETHERNET)] * 3), section() + interface() + enhanced(0, 1, ETHERNET) * 3]),
    cut=st.integers(0, 400),
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6),
)
def test_no_bytes_do_more_than_give_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, cut: int, changes: list[tuple[int, int]]
) -> None:
    content = bytearray(whole[: len(whole) - cut])
    for place, value in changes:
        if place < len(content):
            content[place] = value
    file = tmp_path_factory.getbasetemp() / 'changed.pcap'
    file.write_bytes(content)
    try:
        capture = pcap.read(str(file))
    except pcap.CaptureError:
        return
    assert len(capture.events) <= capture.packets


def test_all_interfaces_together_count_each_segment_once(read) -> None:
    def cooked(way: int) -> bytes:
        return struct.pack('>H', way) + b'\0\1\0\6' + b'\0' * 8 + b'\x08\0' + IP4

    twice = [(NOON, cooked(0)), (NOON + 0.0001, cooked(0)), (NOON + 0.0002, cooked(4)), (NOON + 1, cooked(0))]
    assert [event[0] for event in once(read(classic(twice, 113)).events)] == [NOON, NOON + 1]
    outward = read(classic([(NOON, cooked(4))], 113)).events
    assert once(outward) == []
