# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of each attempt, from either side: silence is told, and is no acquittal."""

from __future__ import annotations

import ipaddress
import struct
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import kernels, pcap
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.analysis import study
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.handshakes import attempts_of, described
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import ACK, FIN, INWARD, OUTWARD, RST, SYN
from tests.unit.plugins.plugin_utils._packets.test_pcap import classic
from tests.unit.plugins.plugin_utils._packets.wire import CLIENT, NEW, OLD, SERVER, Wire

BACKOFF = (0.0, 1.0, 3.0, 7.0, 15.0, 31.0)  # tcp(7): tcp_syn_retries, each wait twice the one before
RULE = kernels.rule_of('3.10.0-1160.el7')


def told(wire: Wire) -> dict[str, Any]:
    return study(wire.events, RULE, None, 0)


def test_six_syns_of_a_client_without_answer_acquit_nobody() -> None:
    wire = Wire()
    for at in BACKOFF:
        wire.put(at, CLIENT, 40001, SERVER, 443, SYN, seq=7, tsval=OLD + int(at * 1000), way=OUTWARD)
    found = told(wire)
    assert str(found['summary']) == (
        '6 SYNs, none answered; the capture does not hold what the server remembers, so its rule cannot be replayed'
    )
    assert found['replay']['conclusive'] is False
    assert found['attempts'] == {
        'total': 1,
        'syns': 6,
        'answered': 0,
        'sent_again': 5,
        'sent_again_after_s': [1.0, 3.0, 7.0, 15.0, 31.0],
        'unanswered': 1,
        'refused': 0,
        'icmp': 0,
        'side': 'client',
    }


def test_an_older_clock_behind_the_address_is_what_the_server_dropped() -> None:
    """The server's side: it closes a connection with the newer timestamp, then comes a SYN with an older one."""
    wire = Wire()
    wire.put(0.0, CLIENT, 40001, SERVER, 80, SYN, seq=100, tsval=NEW, way=INWARD)
    wire.put(0.1, SERVER, 80, CLIENT, 40001, SYN | ACK, seq=900, ack=101, tsval=5, tsecr=NEW, way=OUTWARD)
    wire.put(0.2, CLIENT, 40001, SERVER, 80, ACK, seq=101, ack=901, tsval=NEW + 1, way=INWARD)
    wire.put(0.3, SERVER, 80, CLIENT, 40001, FIN | ACK, seq=901, ack=101, tsval=6, tsecr=NEW + 1, way=OUTWARD)
    wire.put(0.4, CLIENT, 40001, SERVER, 80, FIN | ACK, seq=101, ack=902, tsval=NEW + 2, way=INWARD)
    wire.put(0.5, SERVER, 80, CLIENT, 40001, ACK, seq=902, ack=102, tsval=7, tsecr=NEW + 2, way=OUTWARD)
    for at in (4.0, 5.0, 7.0):
        wire.put(at, CLIENT, 40099, SERVER, 80, SYN, seq=700, tsval=OLD + int(at), way=INWARD)
    found = told(wire)
    assert 'drops 3 of 4 SYNs; the server left 3 of them unanswered' in str(found['summary'])
    assert (found['attempts']['side'], found['attempts']['unanswered']) == ('server', 1)
    assert attempts_of(wire.events).older_seen == 1


def test_answered_syns_of_a_client_are_no_look_at_a_server() -> None:
    wire = Wire()
    wire.put(0.0, CLIENT, 40001, SERVER, 80, SYN, seq=100, way=OUTWARD)
    wire.put(0.1, SERVER, 80, CLIENT, 40001, SYN | ACK, seq=900, ack=101, way=INWARD)
    found = told(wire)
    assert str(found['summary']).startswith('1 SYN, all answered, went out from here')
    assert found['attempts']['side'] == 'client'


def test_a_capture_with_some_answers_is_told_too() -> None:
    wire = Wire()
    wire.put(0.0, CLIENT, 40001, SERVER, 80, SYN, seq=100)
    wire.put(0.1, SERVER, 80, CLIENT, 40001, SYN | ACK, seq=900, ack=101)
    wire.put(1.0, CLIENT, 40002, SERVER, 80, SYN, seq=100)
    assert str(told(wire)['summary']).startswith('2 SYNs; 1 of 2 attempts got no answer; the capture does not hold')


def test_everything_answered_stays_as_it_was() -> None:
    wire = Wire()
    wire.put(0.0, CLIENT, 40001, SERVER, 80, SYN, seq=100)
    wire.put(0.1, SERVER, 80, CLIENT, 40001, SYN | ACK, seq=900, ack=101)
    assert 'drops none of 1 SYN' in str(told(wire)['summary'])


@pytest.mark.parametrize(
    ('answer', 'figure'),
    [
        ((SERVER, 80, RST | ACK, 0, 101), 'refused'),
        ((SERVER, 80, SYN | ACK, 900, 101), 'answered'),
    ],
)
def test_a_refusal_is_no_silence(answer: tuple[str, int, int, int, int], figure: str) -> None:
    wire = Wire()
    wire.put(0.0, CLIENT, 40001, SERVER, 80, SYN, seq=100)
    source, port, flags, seq, ack = answer
    wire.put(0.1, source, port, CLIENT, 40001, flags, seq=seq, ack=ack)
    found = described(attempts_of(wire.events))
    assert (found[figure], found['unanswered']) == (1, 0)


def test_an_answer_from_another_address_is_seen() -> None:
    wire = Wire()
    wire.put(0.0, CLIENT, 40001, SERVER, 80, SYN, seq=100)
    wire.put(0.1, '10.9.9.9', 8080, CLIENT, 40001, SYN | ACK, seq=900, ack=101)
    (attempt,) = attempts_of(wire.events).attempts
    assert attempt.elsewhere
    assert not attempt.unanswered


def ipv4(protocol: int, source: str, target: str, content: bytes) -> bytes:
    """A packet without options; nobody looks at its checksum."""
    head = struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(content), 1, 0, 64, protocol, 0)
    return head + ipaddress.ip_address(source).packed + ipaddress.ip_address(target).packed + content


def test_icmp_in_a_file_belongs_to_its_attempt(tmp_path: Path) -> None:
    pytest.importorskip('dpkt')
    syns = [struct.pack('>HHIIBBHHH', port, 443, 7, 0, 0x50, SYN, 64240, 0, 0) for port in (40001, 40002)]
    packets = [ipv4(6, CLIENT, SERVER, syn) for syn in syns]
    error = struct.pack('>BBHI', 3, 13, 0, 0) + packets[0][:28]
    frames = [b'\0' * 12 + b'\x08\0' + each for each in (*packets, ipv4(1, '10.0.0.1', CLIENT, error))]
    path = tmp_path / 'client.pcap'
    path.write_bytes(classic((at, frame) for at, frame in enumerate(frames)))
    capture = pcap.read(str(path))
    assert [(each.client, each.port) for each in capture.rejections] == [(ipaddress.ip_address(CLIENT).packed, 40001)]
    found = study(capture.events, RULE, None, 0, capture.rejections)['attempts']
    assert (found['icmp'], found['unanswered']) == (1, 1)


@pytest.mark.parametrize('length', range(0, 90, 3))
def test_cut_off_icmp_is_harmless(length: int, tmp_path: Path) -> None:
    pytest.importorskip('dpkt')
    inner = ipv4(6, CLIENT, SERVER, b'\1\2\3\4\5\6\7\10')
    packet = ipv4(1, SERVER, CLIENT, struct.pack('>BBHI', 3, 1, 0, 0) + inner)
    path = tmp_path / 'cut.pcap'
    path.write_bytes(classic([(0, b'\0' * 12 + b'\x08\0' + packet[:length])]))
    assert len(pcap.read(str(path)).rejections) <= 1
