# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who closes, and when the server remembers the timestamp of a client's address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import ACK, FIN, RST
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._packets.wire import NEW, OLD, WORD, Talk, Wire


@pytest.fixture
def wire() -> Wire:
    return Wire()


@given(isn=st.integers(0, WORD - 1), server=st.integers(0, WORD - 1), first=st.booleans())
def test_who_closed_first_is_told_wherever_the_sequence_numbers_are(isn: int, server: int, first: bool) -> None:
    wire = Wire()
    talk = Talk(wire, 1, isn=isn)
    talk.ack = server
    talk.open(0, NEW)
    (talk.server_closes if first else talk.client_closes)(0.5, NEW)
    Talk(wire, 2).syn(1, OLD)
    assert wire.dropped() == ([2] if first else [])


def test_a_client_that_closes_first_leaves_nothing(wire: Wire) -> None:
    talk = Talk(wire, 1)
    talk.open(0, NEW)
    talk.client_closes(0.5, NEW)
    Talk(wire, 2).syn(1, OLD)
    assert wire.dropped() == []


def test_both_at_once_is_remembered_when_the_server_s_fin_is_acknowledged(wire: Wire) -> None:
    talk = Talk(wire, 1)
    talk.open(0, NEW)
    talk.client(0.5, FIN | ACK, NEW)
    talk.serve(0.5, FIN | ACK, NEW)  # it does not acknowledge the client's
    Talk(wire, 2).syn(0.6, OLD)
    talk.client(0.7, ACK, NEW, seq=talk.seq + 1, ack=talk.ack + 1)
    Talk(wire, 3).syn(0.8, OLD)
    assert wire.dropped() == [3]


def test_a_fin_sent_again_does_not_say_who_closed_first(wire: Wire) -> None:
    talk = Talk(wire, 1)
    talk.open(0, NEW)
    talk.serve(0.5, FIN | ACK, NEW)
    talk.client(0.6, FIN | ACK, NEW)
    talk.serve(0.7, FIN | ACK, NEW, ack=talk.seq + 1)  # now it acknowledges the client's FIN
    talk.client(0.8, ACK, NEW, seq=talk.seq + 1, ack=talk.ack + 1)
    Talk(wire, 2).syn(1, OLD)
    assert wire.dropped() == [2]


def test_the_server_remembers_when_its_fin_is_acknowledged_even_if_the_client_never_closes(wire: Wire) -> None:
    talk = Talk(wire, 1)
    talk.open(0, NEW)
    talk.serve(0.5, FIN | ACK, NEW)
    Talk(wire, 2).syn(0.6, OLD)
    talk.client(0.7, ACK, NEW, ack=talk.ack + 1)
    Talk(wire, 3).syn(0.8, OLD)
    assert wire.dropped() == [3]


def test_the_fin_that_ends_fin_wait_2_renews_the_stamp(wire: Wire) -> None:
    talk = Talk(wire, 1)
    talk.open(0, NEW)
    talk.serve(0, FIN | ACK, NEW)
    talk.client(0, ACK, NEW, ack=talk.ack + 1)
    talk.client(50, FIN | ACK, NEW + 50000, ack=talk.ack + 1)
    Talk(wire, 2).syn(100, NEW + 40000)
    assert wire.dropped() == [2]


@pytest.mark.parametrize('ending', ['reset by the server', 'reset by the client', 'still open'])
def test_what_never_reaches_time_wait_is_not_remembered(wire: Wire, ending: str) -> None:
    talk = Talk(wire, 1)
    talk.open(0, NEW)
    if ending == 'reset by the server':
        talk.server_aborts(0.5)
    elif ending == 'reset by the client':
        talk.serve(0.5, FIN | ACK, NEW)
        talk.client(0.5, RST, None)
    Talk(wire, 2).syn(1, OLD)
    assert wire.dropped() == []


def test_a_fin_that_overtook_data_counts_when_the_server_acknowledges_it(wire: Wire) -> None:
    talk = Talk(wire, 1)
    talk.open(0, NEW)
    talk.client(0.1, FIN | ACK, NEW, seq=talk.seq + 100)
    talk.serve(0.2, FIN | ACK, NEW)  # the server saw a hole
    talk.client(0.3, ACK, NEW, length=100, ack=talk.ack + 1)
    Talk(wire, 2).syn(1, OLD)
    assert wire.dropped() == [2]


def test_a_connection_that_began_before_the_capture_is_remembered_at_the_client_s_fin(wire: Wire) -> None:
    Talk(wire, 9).syn(0, NEW)  # the capture learns who is the server
    talk = Talk(wire, 1)
    talk.serve(0.1, FIN | ACK, NEW + 100)
    talk.client(0.2, ACK, NEW + 100, ack=talk.ack + 1)
    Talk(wire, 2).syn(0.3, OLD)
    talk.client(0.4, FIN | ACK, NEW + 100, ack=talk.ack + 1)
    Talk(wire, 3).syn(0.5, OLD)
    assert wire.dropped() == [3]


def test_the_timestamp_is_that_of_what_was_in_order(wire: Wire) -> None:
    """tcp_replace_ts_recent(): a segment beyond the last acknowledgement does not count."""
    talk = Talk(wire, 1)
    talk.open(0, NEW)
    talk.client(0.1, ACK, NEW + 500, seq=talk.seq + 1000, length=10)
    talk.serve(0.2, FIN | ACK, NEW)
    talk.client(0.3, ACK, NEW + 20, ack=talk.ack + 1)
    Talk(wire, 2).syn(1, NEW + 300)
    assert wire.dropped() == []
