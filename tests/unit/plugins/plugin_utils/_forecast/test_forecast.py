# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What switching recycling off costs: the arithmetic, the verdict, and advice that fits kernel and profile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast import capacity, forecast
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import ports
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken

STOCK = capacity.Capacity(port_range='32768 60999', reserved='', usable=28232, timestamps=True, buckets=262144)
ONE = [{'local': '10.0.0.1', 'remote': '10.0.0.5', 'remote_port': 3306, 'share': 1.0}]


def asked(per_s, profile='client', highest=None, **changed):
    found = capacity.Capacity(**{**vars(STOCK), **changed})
    return spoken(forecast.forecast(found, forecast.Load(per_s, highest or per_s, 1.0, ONE), profile))


def remedy(found, name):
    return next((entry for entry in found['remedies'] if entry['id'] == name), None)


@pytest.mark.parametrize(
    ('per_s', 'verdict'),
    [(100, 'safe'), (235, 'safe'), (236, 'tight'), (376, 'tight'), (377, 'exhausted'), (900, 'exhausted')],
)
def test_28232_ports_carry_470_connections_a_second(per_s, verdict):
    found = asked(per_s)
    assert found['verdict'] == verdict
    assert found['capacity']['sustainable_per_s'] == pytest.approx(470.53, abs=0.01)


def test_it_says_when_ports_run_out():
    row = asked(1000)['loads']['present']['destinations'][0]
    assert row['exhausted_after_s'] == 28.2
    assert asked(33.333)['loads']['present']['per_s'] == 33.33
    assert asked(400)['loads']['present']['destinations'][0]['exhausted_after_s'] is None


def test_the_highest_load_decides():
    found = asked(10, highest=900)
    assert (found['loads']['present']['verdict'], found['verdict']) == ('safe', 'exhausted')


def test_nothing_known_is_no_forecast():
    found = forecast.forecast(STOCK, forecast.Load(reason=message('window/no-sample')))
    assert found['verdict'] == 'unknown'
    assert 'no earlier sample' in str(found['summary'])


def test_outgoing_without_a_known_range_is_unknown():
    assert asked(10, usable=None, port_range=None)['verdict'] == 'unknown'


@pytest.mark.parametrize('per_s', [400, 0.001])
def test_no_port_at_all_is_too_few_for_any_load(per_s):
    found = asked(per_s, port_range='1024 1025', reserved='1024-1025', usable=0)
    row = found['loads']['present']['destinations'][0]
    assert (found['verdict'], row['share'], row['exhausted_after_s']) == ('exhausted', 1.0, 0.0)
    assert 'of 0 local ports' in found['summary']
    assert 'wider-port-range' in [entry['id'] for entry in found['remedies']]
    assert asked(0, usable=0)['verdict'] == 'safe'


def test_a_vendor_timeout_counts():
    found = asked(900, hold_s=15, vendor_timeout=True)
    assert found['capacity']['sustainable_per_s'] == pytest.approx(1882.13, abs=0.01)
    assert found['verdict'] == 'safe'


def test_reuse_is_proposed_to_clients_and_only_shown_to_servers():
    assert asked(900)['settings']['net.ipv4.tcp_tw_reuse'] == 1
    gain = remedy(asked(900, timestamps=False, reuse_s=2.0), 'tcp-tw-reuse')
    assert gain['sustainable_per_s'] == 28232 / 2  # with both settings in force
    shown = remedy(asked(900, profile='server'), 'tcp-tw-reuse')
    assert (shown['allowed'], shown['settings']) == (False, {'net.ipv4.tcp_tw_reuse': 1})
    assert 'server' in shown['why_not']


@pytest.mark.parametrize('reuse', ['off', 'loopback', 'inert'])
@pytest.mark.parametrize('timestamps', [True, False])
def test_two_is_never_proposed(reuse, timestamps):
    values = [
        entry['settings'].get('net.ipv4.tcp_tw_reuse')
        for entry in asked(900, reuse=reuse, timestamps=timestamps)['remedies']
    ]
    assert 2 not in values


def test_reuse_without_timestamps_does_nothing_and_timestamps_are_the_remedy():
    found = asked(900, reuse='inert', timestamps=False)
    assert found['capacity']['sustainable_per_s'] == asked(900)['capacity']['sustainable_per_s']
    assert remedy(found, 'tcp-tw-reuse')['settings'] == {'net.ipv4.tcp_timestamps': 1}


def test_reuse_of_loopback_helps_loopback_alone():
    found = capacity.Capacity(**{**vars(STOCK), 'reuse': 'loopback', 'reuse_s': 1.0})
    assert found.sustainable('127.0.0.1', '127.0.0.1') == 28232
    assert found.sustainable('10.0.0.1', '10.0.0.5') == pytest.approx(470.53, abs=0.01)


def test_containers_are_not_written():
    assert asked(900, own=False)['settings'] == {}


def test_fewer_buckets_than_ports_overflow_and_more_are_not_given_without_ports():
    found = asked(900, buckets=4096)
    assert found['verdict'] == 'tight'
    assert found['loads']['present']['sockets'] == 4096
    assert remedy(found, 'more-buckets')['allowed'] is False


def test_buckets_are_never_lowered():
    incoming = forecast.Load(5000, 5000, 0.0)
    found = forecast.forecast(STOCK, incoming, 'server')
    assert found['settings']['net.ipv4.tcp_max_tw_buckets'] >= 2 * 60 * 5000


def test_a_balancer_in_front_is_named_where_recycling_is_on():
    load = forecast.Load(10, 10, 0.0, balancer='10.0.0.9')
    on = capacity.Capacity(**{**vars(STOCK), 'recycle': True})
    assert '10.0.0.9' in str(remedy(forecast.forecast(on, load), 'no-snat-at-the-balancer')['text'])
    assert forecast.forecast(STOCK, load)['remedies'] == []


def test_source_nat_has_the_same_sum():
    table = {'count': 240000, 'max': 262144}
    found = asked(10, forwards=True, conntrack=table)
    assert found['nat']['sustainable_per_s'] == 537.6
    assert found['verdict'] == 'tight'  # the table is 0.92 full
    assert asked(10, conntrack=table)['nat'] is None


@pytest.mark.parametrize(
    ('one', 'two', 'both'),
    [
        ('', '30000-32767', '30000-32767'),
        (None, 80, '80'),
        ('80,443', '81', '80-81,443'),
        ('1-10', '5-20', '1-20'),
        ('5', '5', '5'),
    ],
)
def test_lists_of_ports(one, two, both):
    assert ports.joined(one, two) == ports.joined(two, one) == both


def test_a_wider_range_leaves_out_nodeports_and_listeners():
    wide, reserved = ports.widened('32768 60999', '40000', [9100, 11211, 50051], True)
    assert wide == '10240 65535'
    assert reserved == '11211,30000-32767,40000,50051'
    assert ports.usable(wide, reserved) == 55296 - 2768 - 3


def test_a_kernel_that_cannot_reserve_widens_up_to_the_next_listener():
    assert ports.widened('32768 60999', None, [62000], False) == ('32768 61999', None)
    assert ports.widened('32768 60999', None, [80], False) == ('32768 65535', None)


def test_the_remedy_names_the_range_and_what_it_gains():
    wider = remedy(asked(900), 'wider-port-range')
    assert 'local ports to 10240-65535, without NodePorts' in wider['text']
    assert wider['text'].endswith('52528 usable ports.')
    assert wider['sustainable_per_s'] == round(52528 / 60, 2)


@given(
    low=st.integers(1, 65535), high=st.integers(1, 65535), listening=st.lists(st.integers(1, 65535), max_size=20),
    reserve=st.booleans(),
)  # fmt: skip
def test_widening_always_gains_and_never_adds_a_nodeport_or_a_listener(low, high, listening, reserve):
    now = '%d %d' % (min(low, high), max(low, high))
    found = ports.widened(now, '', listening, reserve)
    if found is None:
        return
    wide, kept = found
    taken = ports.union(kept or '', listening)
    assert ports.usable(wide, taken) > ports.usable(now, ports.union('', listening))
    if reserve:
        assert ports.unreserved_nodeports(wide, kept) == 0
        assert ports.usable(wide, kept) == ports.usable(wide, taken)


@given(per_s=st.floats(0, 1e6), usable=st.integers(0, 65535), buckets=st.one_of(st.none(), st.integers(0, 2**31)))
def test_more_load_is_never_safer(per_s, usable, buckets):
    less, more = (asked(rate, usable=usable, buckets=buckets)['verdict'] for rate in (per_s, per_s * 2))
    assert forecast.VERDICTS.index(more) <= forecast.VERDICTS.index(less)
