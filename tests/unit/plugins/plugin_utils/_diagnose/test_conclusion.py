# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every cause from the evidence that it leaves, on kernels that this machine does not have too."""

from __future__ import annotations

import json

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose import advice
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats.diagnosis_text import render
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._diagnose.cases import (
    CLOCK,
    EL6,
    EL7,
    KEY,
    V6_12,
    V6_18,
    again,
    attempts,
    concluded,
    counters,
    goal,
    seen,
)

OK, HUNG = attempts(), attempts('timeout', retransmits=3)
SLOW, REFUSED, NEUTRAL = attempts(retransmits=1), attempts('refused'), attempts(first=30)
ONE, LOST = attempts('refused', 1), attempts('timeout', 19, first=1, retransmits=3)
DROPPED = seen(HUNG, answered=False)
RECYCLE = {'tcp_tw_recycle': '1'}
UNCOUNTED = {'TCPACKSkippedTimeWait': None}
EL7_COLLIDED = counters(EL7, PAWSEstab=25, TCPACKSkippedTimeWait=3)
MOVED = counters(EL7, PAWSPassive=15, ListenDrops=15)

# name -> destination, attempts, connections seen, counters, neutral attempts; cause, confidence
CASES = {
    'first incident, EL7': (
        (goal(EL7, **RECYCLE), HUNG, [*DROPPED, *seen(NEUTRAL)], MOVED, NEUTRAL),
        ('per_host_paws', 'high'),
    ),
    'the same on EL6, where ListenDrops stands still': (
        (goal(EL6, **RECYCLE), HUNG, DROPPED, counters(EL6, PAWSPassive=15), None),
        ('per_host_paws', 'high'),
    ),
    'PAWS drops others, not these': (
        (goal(EL7, **RECYCLE), OK, seen(OK), counters(EL7, PAWSPassive=15, ListenDrops=15), None),
        ('per_host_paws', 'medium'),
    ),
    'the address is passed on to another namespace': (
        (goal(EL7, **RECYCLE), HUNG, DROPPED, counters(EL7, host={'PAWSPassive': 15, 'ListenDrops': 15}), None),
        ('per_host_paws', 'medium'),
    ),
    'TIME_WAIT with rfc1337': (
        (goal(tcp_rfc1337='1'), HUNG, DROPPED, counters(PAWSTimewait=25, TCPACKSkippedTimeWait=1), NEUTRAL),
        ('time_wait_collision', 'high'),
    ),
    'TIME_WAIT with rfc1337, counted roughly': (
        (goal(V6_12, tcp_rfc1337='1'), HUNG, DROPPED, counters(V6_12, PAWSEstab=9, TCPACKSkippedTimeWait=2), None),
        ('time_wait_collision', 'medium'),
    ),
    'TIME_WAIT with rfc1337 on EL7, recycling just switched off': (
        (goal(EL7, tcp_tw_recycle='0', tcp_rfc1337='1'), HUNG, DROPPED, EL7_COLLIDED, None),
        ('time_wait_collision', 'medium'),
    ),
    'EL6, which does not count who met TIME_WAIT, and where the client gets over it': (
        (goal(EL6), HUNG, DROPPED, counters(EL6, PAWSEstab=9, **UNCOUNTED), None),
        ('dropped_unseen', 'medium'),
    ),
    'EL6 with rfc1337': (
        (goal(EL6, tcp_rfc1337='1'), HUNG, DROPPED, counters(EL6, PAWSEstab=9, **UNCOUNTED), None),
        ('dropped_unseen', 'medium'),
    ),
    'EL6 with rfc1337, nothing met TIME_WAIT': (
        (goal(EL6, tcp_rfc1337='1'), HUNG, DROPPED, counters(EL6, **UNCOUNTED), None),
        ('dropped_unseen', 'medium'),
    ),
    'TIME_WAIT that clients get over': (
        (goal(), SLOW, seen(SLOW), counters(PAWSTimewait=5), None),
        ('time_wait_collision', 'medium'),
    ),
    'TIME_WAIT that nobody notices': ((goal(), OK, seen(OK), counters(PAWSTimewait=5), None), ('healthy', 'high')),
    'accept queue': (
        (goal(), HUNG, DROPPED, counters(ListenOverflows=20, ListenDrops=20), None),
        ('accept_queue', 'high'),
    ),
    'accept queue, some get through': (
        (goal(), SLOW, seen(SLOW), counters(ListenOverflows=2, ListenDrops=2), None),
        ('accept_queue', 'medium'),
    ),
    'accept queue of others': (
        (goal(), OK, seen(OK), counters(ListenOverflows=2, ListenDrops=2), None),
        ('accept_queue', 'low'),
    ),
    'SYN queue': ((goal(), HUNG, DROPPED, counters(TCPReqQFullDrop=9, ListenDrops=9), None), ('syn_queue', 'high')),
    'nothing listens': (
        (goal(listening=False), REFUSED, seen(REFUSED, False), counters(), None),
        ('service_down', 'high'),
    ),
    'the service ended before the attempts': (
        (goal(), REFUSED, seen(REFUSED, False), counters(), None, again(listening=False)),
        ('service_down', 'high'),
    ),
    'the service ended between the attempts': (
        (goal(), [*attempts(number=2), *REFUSED[2:]], seen(OK, False), counters(), None, again(listening=False)),
        ('service_down', 'high'),
    ),
    'the service ended, and nobody watched': (
        (goal(), REFUSED, None, counters(), None, again(listening=False)),
        ('service_down', 'high'),
    ),
    'the service came up after the attempts': (
        (goal(listening=False), REFUSED, seen(REFUSED, False), counters(), None, again(listening=True)),
        ('service_down', 'high'),
    ),
    'a firewall refuses, and the service is there all the time': (
        (goal(), REFUSED, seen(REFUSED, False), counters(), None, again(listening=True)),
        ('unknown', 'low'),
    ),
    'the container ended before the attempts': (
        (goal(), [*REFUSED, *attempts('unreachable', 2, first=5)], seen(ONE, False), counters(), None, again(None)),
        ('service_down', 'high'),
    ),
    'the container ended, and its address answers no more': (
        (goal(EL7, **RECYCLE), HUNG, [], counters(EL7, PAWSPassive=2, ListenDrops=2), None, again(None)),
        ('service_down', 'high'),
    ),
    'the container ended after all was answered': (
        (goal(), OK, seen(OK), counters(), None, again(None)),
        ('healthy', 'high'),
    ),
    'the service ended after all was answered': (
        (goal(), OK, seen(OK), counters(), None, again(listening=False)),
        ('healthy', 'high'),
    ),
    'refused on the way': ((goal(), REFUSED, [], counters(), None), ('lost_before', 'medium')),
    'packet filter': ((goal(), HUNG, DROPPED, counters(), None), ('dropped_unseen', 'medium')),
    'reverse path filter': (
        (goal(), HUNG, DROPPED, counters(IPReversePathFilter=15), None),
        ('dropped_unseen', 'high'),
    ),
    'lost, the watch works': ((goal(), HUNG, seen(NEUTRAL), counters(), NEUTRAL), ('lost_before', 'high')),
    'lost for everybody': (
        (goal(), HUNG, [], counters(), attempts('timeout', first=10)),
        ('lost_before', 'medium'),
    ),
    'unreachable': ((goal(), attempts('unreachable'), [], counters(), NEUTRAL), ('lost_before', 'high')),
    'answer lost': ((goal(), HUNG, seen(HUNG), counters(), None), ('answer_lost', 'high')),
    'no port left': (
        (goal(), attempts('error', error='EADDRNOTAVAIL'), [], counters(), None),
        ('client_side', 'high'),
    ),
    'healthy': ((goal(), OK, seen(OK), counters(), NEUTRAL), ('healthy', 'high')),
    'healthy but slow': ((goal(), SLOW, seen(SLOW), counters(), None), ('healthy', 'medium')),
    'some SYNs are lost, those after them come': (
        (goal(), SLOW, seen(OK), counters(), None),
        ('lost_before', 'medium'),
    ),
    'nobody watched': ((goal(), HUNG, None, counters(), None), ('unknown', 'low')),
    'nothing measured': ((goal(), HUNG, DROPPED, None, None), ('dropped_unseen', 'low')),
    'PAWS drops others, these do not arrive': (
        (goal(EL7, **RECYCLE), HUNG, seen(NEUTRAL), counters(EL7, PAWSPassive=2, ListenDrops=2), NEUTRAL),
        ('lost_before', 'high'),
    ),
    'PAWS drops others, these are answered': (
        (goal(EL7, **RECYCLE), HUNG, seen(HUNG), counters(EL7, PAWSPassive=1, ListenDrops=1), None),
        ('answer_lost', 'high'),
    ),
    'PAWS drops others in another namespace, these do not arrive': (
        (goal(EL7, **RECYCLE), HUNG, seen(NEUTRAL), counters(EL7, host={'PAWSPassive': 15}), NEUTRAL),
        ('lost_before', 'high'),
    ),
    'PAWS drops others here, and these where the address is passed on to': (
        (goal(EL7, **RECYCLE), HUNG, DROPPED, counters(EL7, host={'PAWSPassive': 15}, PAWSPassive=1), None),
        ('per_host_paws', 'medium'),
    ),
    'PAWS dropped once, a firewall five times': (
        (goal(EL7, **RECYCLE), HUNG, DROPPED, counters(EL7, PAWSPassive=1, ListenDrops=1), None),
        ('dropped_unseen', 'medium'),
    ),
    'PAWS drops others, these are refused on the way': (
        (goal(EL7, **RECYCLE), REFUSED, [], counters(EL7, PAWSPassive=2, ListenDrops=2), None),
        ('lost_before', 'medium'),
    ),
    'PAWS drops others, a firewall refuses these': (
        (goal(EL7, **RECYCLE), REFUSED, seen(REFUSED, False), counters(EL7, PAWSPassive=2, ListenDrops=2), None),
        ('unknown', 'low'),
    ),
    'PAWS, and nobody watched': ((goal(EL7, **RECYCLE), HUNG, None, MOVED, None), ('per_host_paws', 'high')),
    'accept queue of others, these do not arrive': (
        (goal(), HUNG, seen(NEUTRAL), counters(ListenOverflows=1, ListenDrops=1), NEUTRAL),
        ('lost_before', 'high'),
    ),
    'accept queue on EL6, which does not count the SYNs': (
        (goal(EL6), HUNG, DROPPED, counters(EL6, ListenOverflows=2, ListenDrops=2), None),
        ('accept_queue', 'high'),
    ),
    'accept queue that resets': (
        (goal(), attempts('reset'), seen(HUNG), counters(ListenOverflows=5, ListenDrops=5), None),
        ('accept_queue', 'high'),
    ),
    'TIME_WAIT of others with rfc1337, these do not arrive': (
        (goal(tcp_rfc1337='1'), HUNG, seen(NEUTRAL), counters(PAWSTimewait=2), NEUTRAL),
        ('lost_before', 'high'),
    ),
    'one without a port, the others are lost': (
        (goal(), [*attempts('error', 1, error='EADDRNOTAVAIL'), *LOST], seen(NEUTRAL), counters(), NEUTRAL),
        ('lost_before', 'high'),
    ),
    'one is refused, the others are lost': (
        (goal(listening=False), [*ONE, *LOST], seen([*ONE, *NEUTRAL], False), counters(), NEUTRAL),
        ('lost_before', 'high'),
    ),
    'some are lost on the way, some refused on it': (
        (goal(), [*REFUSED, *LOST[-5:]], seen(NEUTRAL), counters(), NEUTRAL),
        ('lost_before', 'high'),
    ),
    'one is lost, the others are refused': (
        (goal(listening=False), [*REFUSED, *LOST[-1:]], seen(REFUSED, False), counters(), None),
        ('service_down', 'high'),
    ),
    'one is lost, the others have no port left': (
        (goal(), [*attempts('error', error='EADDRNOTAVAIL'), *LOST[-1:]], [], counters(), None),
        ('client_side', 'high'),
    ),
    'half are dropped unseen, half without a route': (
        (goal(), [*HUNG, *attempts('error', error='ENETUNREACH', first=5)], DROPPED, counters(), None),
        ('dropped_unseen', 'low'),
    ),
}  # fmt: skip


@pytest.mark.parametrize('name', CASES)
def test_the_cause_and_how_sure_it_is(name):
    evidence, wanted = CASES[name]
    document = concluded(*evidence)
    found = document['conclusion']
    assert (found['cause'], found['confidence']) == wanted, found
    assert all(cause['why'] for cause in document['causes'])
    assert document['next'] or wanted[0] == 'healthy'


def test_the_first_incident_is_told_by_itself():
    document = concluded(*CASES['first incident, EL7'][0])
    states = {cause['id']: cause['state'] for cause in document['causes']}
    assert [cause for cause, state in states.items() if state == 'found'] == ['per_host_paws']
    told = render(document, 'en')
    for word in (
        'CONCLUSION: tcp_tw_recycle drops SYNs of clients behind one address (per-host PAWS) (confidence: high)',
        "PAWSPassive rose by 15 in the destination's namespace",
        'net.ipv4.tcp_tw_recycle=1 is in force there',
        'ping was answered beside 5 of the 5 attempts that hang',
        'container 3f2a00000000 (broker) on db1, kernel 3.10.0-1160.el7.x86_64; 0.0.0.0:5672 listens',
        'web2 tried 5 times: 5 timeout; 15 SYNs sent again, ping 5 of 5',
        'web9 (for comparison) tried 5 times: 5 ok',
        '5 of 5 attempts of web2 arrived as 203.0.113.1',
        'nothing listens on the port: no attempt was answered by a reset, and something listens on the port',
        'SYNs are lost before they come to the destination: 5 of 5 SYNs without success were seen',
        'ansible-playbook nodetcp.paws.remediate --limit db1 -b',
        'no SNAT at the balancer, routing by policy back through it',
    ):
        assert word in told, told


@pytest.mark.parametrize(
    ('name', 'why', 'step'),
    [
        (
            'the service ended before the attempts',
            'something listened on the port before the attempts, and nothing does after them: the service ended '
            'meanwhile',
            'after the attempts nothing listens on port 5672',
        ),
        (
            'the service came up after the attempts',
            'nothing listened on the port before the attempts, and something does after them: the service started '
            'meanwhile',
            'after the attempts 0.0.0.0:5672 listens',
        ),
        (
            'the container ended before the attempts',
            "after the attempts the destination's network namespace is gone: its container ended, or was started again",
            'after the attempts its network namespace is gone',
        ),
    ],
)
def test_what_changed_while_it_was_tried_is_told(name, why, step):
    document = concluded(*CASES[name][0])
    assert why in document['conclusion']['why']
    assert step in document['steps']
    assert step not in concluded(*CASES['healthy'][0])['steps']


def test_a_listener_before_and_after_is_no_service_that_is_down():
    found = concluded(*CASES['a firewall refuses, and the service is there all the time'][0])
    down = next(cause for cause in found['causes'] if cause['id'] == 'service_down')
    assert down['state'] == 'ruled out'
    assert 'although something listens there before and after them' in ' '.join(down['why'])


def test_what_others_met_is_told_beside_the_conclusion():
    found = concluded(*CASES['PAWS drops others, these do not arrive'][0])
    assert 'also found: tcp_tw_recycle drops SYNs of clients behind one address (per-host PAWS)' in ' '.join(
        found['conclusion']['why']
    )
    paws = next(cause for cause in found['causes'] if cause['id'] == 'per_host_paws')
    assert (paws['state'], paws['confidence']) == ('found', 'low')
    assert '0 of the 5 attempts that hang were seen at the destination and not answered' in paws['why']
    assert 'that explains 0 of the 5 attempts that failed' in paws['why']
    refused = concluded(*CASES['PAWS drops others, a firewall refuses these'][0])
    assert refused['conclusion']['why'][0] == '5 of 5 attempts failed'
    assert refused['conclusion']['why'][1].startswith('also found: tcp_tw_recycle')


def test_no_more_is_said_of_another_namespace_than_was_measured():
    found = concluded(*CASES['the address is passed on to another namespace'][0])
    assert 'connections to the address may be passed on there' in found['conclusion']['why']
    assert '5 of the 5 attempts that hang were seen at the destination and not answered' in found['conclusion']['why']


def test_syns_that_were_seen_are_counted_as_such():
    made = attempts('timeout', 10, retransmits=3)
    arrived = [*seen(made[:4], answered=False), *seen(made[4:6])]
    found = concluded(goal(), made, arrived, counters())
    [said] = [why for cause in found['causes'] for why in cause['why'] if 'of them were not answered' in why]
    assert said == '6 SYNs without success were seen at the destination, 4 of them were not answered'


@pytest.mark.parametrize(
    ('name', 'state', 'said'),
    [
        ('EL6, which does not count who met TIME_WAIT, and where the client gets over it', 'ruled out', 'gets over it'),
        ('EL6 with rfc1337', 'open', "PAWSEstab rose by 9 in the destination's namespace: it counts collisions"),
        ('EL6 with rfc1337, nothing met TIME_WAIT', 'ruled out', 'PAWSEstab stood still'),
    ],
)
def test_where_nothing_tells_collisions_from_other_rejects(name, state, said):
    found = {cause['id']: cause for cause in concluded(*CASES[name][0])['causes']}['time_wait_collision']
    assert found['state'] == state
    assert said in ' '.join(found['why'])


def test_a_reboot_between_the_samples_is_no_evidence():
    document = concluded(goal(EL7, **RECYCLE), HUNG, DROPPED, counters(EL7, reason='boot', PAWSPassive=15))
    states = {cause['id']: cause['state'] for cause in document['causes']}
    assert states['per_host_paws'] == 'open'
    assert 'booted' in render(document, 'en')


def test_with_one_fork_nothing_is_watched_and_it_says_so():
    document = concluded(goal(), HUNG, None, counters(), forks=1)
    assert document['watch']['done'] is False
    assert 'run with -f 2 or more' in render(document, 'en')


def test_nobody_could_be_tried():
    work_attempts = []
    document = concluded(goal(), work_attempts, [], counters())
    assert document['conclusion']['cause'] == 'untried'
    assert document['causes'] == []


def test_only_its_own_attempts_count_on_a_busy_port():
    others = [
        *seen(OK[:1], source_port=999, tsval=CLOCK - 5_000_000),
        *seen(OK[:1], nat='203.0.113.9', source_port=998, tsval=None),
    ]
    assert concluded(goal(), HUNG, others, counters())['conclusion']['cause'] == 'lost_before'


def test_the_command_for_a_collision_names_the_namespace():
    document = concluded(*CASES['TIME_WAIT with rfc1337'][0])
    command = document['next'][0]['command']
    assert command.startswith('ansible db1 -b -m nodetcp.paws.sysctl_policy -a ')
    arguments = json.loads(command.split(' -a ')[1].strip("'"))
    assert arguments == {'settings': {'net.ipv4.tcp_rfc1337': '0'}, 'namespaces': [KEY]}


@pytest.mark.parametrize(
    ('release', 'kind', 'words'),
    [
        (EL7, 'container', 'on the host'),
        (EL7, 'host', 'on the host'),
        ('4.11.8', 'container', 'where PAWSPassive rose'),
        ('4.11.8', 'host', 'where PAWSPassive rose'),
        (None, 'container', 'where PAWSPassive rose'),  # it has a value of its own there
        (None, 'host', 'on the host'),
    ],
)
def test_recycling_goes_off_where_the_kernel_keeps_it(release, kind, words):
    where = goal(release, **RECYCLE)
    own = kind == 'host' or release != EL7
    where['match']['sysctls']['net.ipv4.tcp_tw_recycle']['scope'] = 'namespace' if own else 'host'
    where['match']['kind'] = kind
    told = advice.following('per_host_paws', where, 80)[0]
    assert words in str(told['text'])
    assert told['command'] == 'ansible-playbook nodetcp.paws.remediate --limit db1 -b'


def test_ways_out_are_joined_once():
    for document in (concluded(*case[0]) for case in CASES.values()):
        assert 'or: or' not in render(document, 'en')


def test_commands_name_the_inventory_of_the_run():
    where = goal(EL7, **RECYCLE)
    for cause, command in (
        ('per_host_paws', 'ansible-playbook nodetcp.paws.remediate --limit db1 -b'),
        ('service_down', 'ansible db1 -b -m ansible.builtin.raw -a '),
        ('time_wait_collision', 'ansible db1 -b -m nodetcp.paws.sysctl_policy -a '),
    ):
        where['match']['sysctls']['net.ipv4.tcp_rfc1337'] = {'value': '1', 'scope': 'namespace'}
        found = advice.following(cause, where, 80, ['-i', 'a b'])[0]['command']
        assert found.startswith(command)
        assert found.endswith(" -i 'a b'")


def test_hostile_names_reach_nobody():
    where = goal(V6_18)
    where['match']['names'] = ['\x1b[2J<script>alert(1)</script>\u202e']
    document = concluded(where, OK, seen(OK), counters())
    told = render(document, 'en')
    assert '\x1b' not in told
    assert '\u202e' not in told
