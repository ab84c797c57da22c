# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of a node: what its program packs is unpacked again, what anybody else sends is refused."""

from __future__ import annotations

import base64
import os
import zlib
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations import syn_look
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import live
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._packets.test_pcap import IP4, IP6


def packed(*packets: bytes) -> dict[str, Any]:
    keeper = syn_look.Keeper(10**6)
    for number, packet in enumerate(packets):
        assert keeper.take(packet, 0, len(packet), number % 5, 1795314000 + number, 250000000)
    return {**keeper.answer(), 'lost': 0, 'seconds': 1.5}


def test_what_is_packed_is_unpacked() -> None:
    events = live.unpack(packed(IP4, IP6, IP4))
    assert [event[0] for event in events] == [1795314000.25, 1795314001.25, 1795314002.25]
    assert [len(event[1]) for event in events] == [4, 16, 4]
    assert events[0][1:10] == (b'\xc6\x33\x64\x01', 47722, b'\xc6\x33\x64\x0a', 8080, 2, 7, 0, 773695118, 0)
    assert [event[11] for event in events] == [0, 1, 2]


def test_many_pieces_are_one_stream() -> None:
    random = [IP4[:12] + os.urandom(4) + IP4[16:] for _packet in range(20000)]
    answer = packed(*random)
    assert len(answer['events']) > 5
    assert [event[1] for event in live.unpack(answer)] == [packet[12:16] for packet in random]


def text(raw: bytes) -> str:
    return base64.b64encode(zlib.compress(raw)).decode()


BAD = [
    ({'events': None}, 'events'),
    ({'events': 'text'}, 'events'),
    ({'events': [1]}, 'events'),
    ({'events': ['***']}, 'events'),
    ({'events': [base64.b64encode(b'no zlib').decode()]}, 'events'),
    ({'events': [text(b'x' * 41)]}, 'events: cut off'),
    ({'events': [text(b'x' * syn_look.EVENT.size)[:-12]]}, 'events'),
    ({'events': [text(b'\0' * (syn_look.PACKETS_MAX + 1) * syn_look.EVENT.size)]}, 'events: more than'),
    ({'events': ['A' * (live.TEXT_MAX + 1)]}, 'events: more than'),
    ({'events': [text(b'\xff' * syn_look.EVENT.size)]}, 'among the addresses'),
    ({'addresses': None}, 'addresses'),
    ({'addresses': ['zz']}, 'addresses'),
    ({'addresses': ['00']}, 'addresses'),
    ({'addresses': [7]}, 'addresses'),
    ({'addresses': ['00' * 16] * 5000}, 'addresses'),
]


@pytest.mark.parametrize(('change', 'said'), BAD)
def test_a_hostile_answer_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(live.AnswerError, match=said):
        live.unpack({**packed(IP4), **change})


@pytest.mark.parametrize('value', [None, 'many', True, -1, float('nan'), float('inf'), 1e300, [1]])
def test_figures_are_numbers(value: object) -> None:
    with pytest.raises(live.AnswerError, match='lost'):
        live.number({'lost': value}, 'lost')


def test_a_reason_is_one_of_ours() -> None:
    with pytest.raises(live.AnswerError, match='stopped'):
        live.stopped({'stopped': '<script>'})
