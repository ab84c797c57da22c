# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forecast from one look at a server, against a NAT and a server that are played connection by connection.

tests/collisions holds it against the kernel.
"""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast import collided, translated
from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast.collided import Seen, forecast, protected_for
from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast.collisions import PER_CLIENT
from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast.ports_seen import PortsSeen
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import clocks
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.collided import Asking

AGES = 12


def played(ports, per_s, hold_s, seconds, seed=1):
    """(Seen at the end, SYNs turned away per second in the minute before), with random ports and offsets."""
    chance, closed, at = random.Random(seed), {}, 0.0
    turned_away, made = [], []
    while at < seconds:
        at += 1 / per_s
        while True:
            port = chance.randrange(ports)
            age = at - closed.get(port, -1000)
            if age < min(hold_s, 60):
                continue  # the NAT looks for another one
            if age < 60 and chance.random() < 0.5:
                turned_away.append(at)
                del closed[port]  # by the reset
                continue
            break
        closed[port] = at
        made.append(at)
    held = [at - since for since in closed.values() if at - since < 60]
    ages = [sum(place * 5 <= age < place * 5 + 5 for age in held) for place in range(AGES)]
    lately = [sum(at - moment < 60 for moment in moments) / 60 for moments in (made, turned_away)]
    return Seen(ports, len(held), ages, lately[0], sum(lately)), lately[1]


@pytest.mark.parametrize(
    ('ports', 'per_s', 'hold_s'),
    [(2000, 50, 0), (2000, 30, 30), (6000, 100, 0), (6000, 60, 45), (500, 12, 0), (20000, 200, 10)],
)
def test_what_a_look_sees_is_enough(ports, per_s, hold_s):
    seen, measured = played(ports, per_s, hold_s, 180)
    assert forecast(seen).per_s == pytest.approx(measured, rel=0.15)
    assert protected_for(ports, seen) == pytest.approx(hold_s, abs=6)


def test_traffic_that_began_a_moment_ago():
    """No socket is older than the traffic, and what is met is what is there."""
    seen, _measured = played(2000, 60, 0, 25)
    assert forecast(seen).share == pytest.approx(seen.time_wait / 2000 / 2, rel=0.05)


@pytest.mark.parametrize('hold_s', [60, 120])
def test_ports_that_are_protected_as_long_as_the_server_holds_them(hold_s):
    seen, measured = played(20000, 50, hold_s, 120)
    assert measured == 0
    assert forecast(seen).share < 0.003


def test_without_a_free_port_a_third_is_turned_away():
    """The NAT gives those first that a reset has freed."""
    found = forecast(Seen(500, 488, [160, 108, 61, 50, 38, 26, 18, 9, 7, 1, 5, 3], 39.8, 59.0))
    assert found.share == pytest.approx(1 / 3, rel=0.01)
    assert found.per_s == pytest.approx(19.15, rel=0.05)  # as measured on 6.18.44


def test_nobody_asks():
    assert forecast(Seen(200, 200, [200] + [0] * 11, 0.0, 0.0)).per_s == 0
    assert forecast(Seen(None, 0, [0] * AGES, 10.0, 10.0)).per_s == 0
    assert forecast(Seen(None, 200, [200] + [0] * 11, 10.0, 10.0)).per_s == 0


def test_clients_that_keep_their_ports_meet_what_ends_early():
    """Three clients, 60 connections a second, of which 40 meet a socket before its 60 s are over."""
    ages = [round(300 * (1 / 3) ** ((place + 0.5) / AGES)) for place in range(AGES)]
    shares = (1 / 3,) * 3
    by_clock = forecast(Seen(None, sum(ages), ages, 60.0, 60.0, PER_CLIENT, shares))
    assert by_clock.per_s == pytest.approx(40 / 3, rel=0.05)
    assert forecast(Seen(None, sum(ages), ages, 60.0, 60.0, shares=shares)).per_s == pytest.approx(40 / 3, rel=0.05)
    assert forecast(Seen(None, sum(ages), ages, 60.0, 60.0)).per_s == 0  # one client is not older than itself


def row(**changed):
    ports = {'low': 40000, 'high': 40199, 'count': 100, 'even': 50}
    ages = [9, 9, 9, 9, 8, 8, 8, 8, 8, 8, 8, 8]
    return {'address': 'a', 'server': 's', 'port': 80, 'time_wait': 100, 'ports': ports, 'ages': ages, **changed}


def asking(address='a', made=60, syns=75, **changed):
    told = {'ports': tuple(range(40000, 40060)), 'clock': clocks.PER_CONNECTION, 'hosts': 1, **changed}
    return Asking(address, 's', 80, made, syns, **told)


def test_the_forecast_adds_up_over_addresses_and_names_one():
    rows = [row(), row(address='b'), row(address='c')]
    found = collided.told(rows, [asking(), asking('b')], 3.0, 'a')
    assert [each['connections_per_s'] for each in found['clients']] == [20.0, 20.0, None]
    forecast, own = found['forecast'], found['forecast']['address']
    assert forecast['collisions_per_s'] == pytest.approx(2 * own['collisions_per_s'], abs=0.02)
    assert forecast['share'] == own['share'] == pytest.approx(0.25, rel=0.05)
    assert collided.told([], [asking()], 3.0, 'a') == {'clients': [], 'forecast': None}
    assert len(collided.told([row()] * 30, [], 3.0, 'a')['clients']) == 8


def test_one_clock_is_not_older_than_itself():
    found = collided.told([row()], [asking(clock=clocks.ONE)], 3.0, 'a')
    assert found['forecast']['collisions_per_s'] == 0
    assert found['clients'][0]['timestamps'] == 'one_clock'


NUMBERS = st.integers(0, 2**64) | st.integers(0, 300)


@given(
    st.fixed_dictionaries({'low': NUMBERS, 'high': NUMBERS, 'count': NUMBERS.map(lambda n: n + 1), 'even': NUMBERS}),
    st.lists(NUMBERS, min_size=AGES, max_size=AGES),
    NUMBERS,
    st.integers(0, 20000),
    st.integers(0, 20000),
    st.sampled_from([clocks.ONE, clocks.SEVERAL, clocks.PER_CONNECTION, clocks.UNKNOWN]),
)
def test_whatever_a_node_says_the_figures_are_ones(ports, ages, held, made, more, clock):
    rows = [row(ports=ports, ages=ages, time_wait=held)]
    found = collided.told(rows, [asking(made=made, syns=made + more, clock=clock, hosts=2)], 3.0, 'a')
    ahead = found['forecast']
    assert 0 <= ahead['share'] <= 1
    assert 0 <= ahead['collisions_per_s'] <= made


@pytest.mark.parametrize('seed', range(10))
def test_ports_seen_tell_how_many_there_are(seed):
    dice = random.Random(seed)
    low, count, step = dice.randrange(1024, 30000), dice.randrange(300, 30000), dice.choice((1, 2))
    choice = range(low, min(low + count * step, 65536), step)
    ports = dice.sample(choice, 100)
    seen = PortsSeen(min(ports), max(ports), 100, sum(port % 2 == 0 for port in ports))
    assert seen.choice == pytest.approx(len(choice), rel=0.25)
    assert seen.kept is (step == 2)


def test_ports_seen_of_one_two_and_all():
    assert PortsSeen(40000, 40000, 1, 1).choice == 1
    assert PortsSeen(40000, 40010, 2, 2).choice > 11
    assert PortsSeen(40000, 40199, 200, 100).choice == pytest.approx(200, abs=2)
    assert PortsSeen(40000, 40199, 200, 100).density == 1
    assert PortsSeen(1063, 65534, 2100, 1806).choice is None  # the clients' own, and some that were taken


# -- at the SNAT


def record(**changed):
    rule = {'ports': '40000-40499', 'flags': ['fully-random']}
    end = {'address': 'd', 'port': 443, 'time_wait': 500, 'per_s': 40.0, 'clients': 3, 'addresses': 1, 'kept': 2}
    seen = {'time_wait_s': 120, 'entries': 500, 'of': 500, 'destinations': [{**end, **changed}]}
    return {'translation': [{'ports': None, 'flags': []}, rule], 'translated': seen}


def test_a_destination_whose_ports_run_out_has_a_third_of_its_syns_turned_away():
    found = record()
    translated.ahead(found)
    assert found['translated']['destinations'][0]['share'] == pytest.approx(1 / 3, rel=0.01)
    found = record(addresses=20)
    translated.ahead(found)
    assert found['translated']['destinations'][0]['share'] < 0.01


def test_connections_that_keep_their_ports_and_tables_read_in_part():
    found = record(kept=400)
    translated.ahead(found)
    assert found['translated']['destinations'][0]['collisions_per_s'] is None
    whole, part = record(per_s=4.0), record(per_s=4.0)
    part['translated']['of'] = 5000
    for each in (whole, part):
        translated.ahead(each)
    shares = [each['translated']['destinations'][0]['share'] for each in (whole, part)]
    assert shares[0] < 0.01 < 0.3 < shares[1]


@pytest.mark.parametrize('ports', ['²-³', '1-2-3', '-', 'x'])
def test_a_rule_that_no_node_program_reads_is_taken_as_one_without_ports(ports):
    found = record()
    found['translation'][1]['ports'] = ports
    translated.ahead(found)
    assert found['translated']['destinations'][0]['share'] < 0.01
    without = {'translation': None, 'translated': None}
    translated.ahead(without)
    assert without['translated'] is None


@pytest.mark.parametrize('changed', [{'per_s': 1e308}, {'addresses': 0}, {'addresses': 2**64}, {'clients': 0}])
def test_numbers_beyond_reason_stay_numbers(changed):
    found = record(**changed)
    found['translated']['of'] = 2**64
    translated.ahead(found)
    assert 0 <= found['translated']['destinations'][0]['share'] <= 1
