# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict as a user sees it: class, impact, findings in order, and the one line."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, verdict, waivers
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import (
    CLASSES,
    EVIDENCES,
    EXPOSURES,
    SEVERITIES,
)
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.records import (
    CONTAINER,
    TODAY,
    both,
    container,
    line,
    namespace,
    persisted,
    record,
    sample,
    writer,
)
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.situations import colliding

EL7, NEW = '3.10.0-1160.el7.x86_64', '6.18.44'
RECYCLE, TIMESTAMPS = 'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_timestamps'
#: What a host has beside a fault that a test is about: nothing.
TIDY = {'net.core.somaxconn': 4096}


def judged(of, earlier=None, profile='server', raw_waivers=()):
    parsed = waivers.parse(list(raw_waivers), 'w', catalogue.builtin(), TODAY)
    return spoken(verdict.judge(of, earlier, catalogue.builtin(), profile, parsed, TODAY))


def rising(release, sysctls=None, **fell):
    of = record(release, {**TIDY, **(sysctls or {})}, fell)
    return of, sample(of, **fell)


CLASS = {
    'dropping': rising(EL7, {RECYCLE: 1}, PAWSPassive=3),
    'exposed': (record(EL7, {**TIDY, RECYCLE: 1}), None),
    'impaired': rising(NEW, ListenOverflows=4, ListenDrops=4),
    'latent': (record(EL7, TIDY, persisted={RECYCLE: both(1)}), None),
    'unknown': (record(EL7, {**TIDY, RECYCLE: None}), None),
    'stale': (record(NEW, TIDY, persisted={RECYCLE: both(1)}), None),
    'advisory': (record(NEW, {**TIDY, 'net.ipv4.tcp_rfc1337': 1}), None),
    'clean': (record(NEW, TIDY), None),
}


@pytest.mark.parametrize('name', CLASSES)
def test_each_class(name):
    found = judged(*CLASS[name])
    assert found['verdict'] == name
    assert all(finding['class'] == name for finding in found['findings'])


@pytest.mark.parametrize(
    ('of', 'earlier', 'wanted'),
    [
        (record(EL7, {**TIDY, RECYCLE: 1, TIMESTAMPS: 0}), None, 'latent'),
        (*rising(EL7, {RECYCLE: 1, TIMESTAMPS: 0}, PAWSPassive=4), 'dropping'),
        (record(EL7, TIDY, {'PAWSPassive': 351763}), None, 'clean'),
        (record(EL7, {**TIDY, RECYCLE: 1}, {'PAWSPassive': 351763}), None, 'exposed'),
        (*rising(EL7, {RECYCLE: 1}, ListenOverflows=4, ListenDrops=4), 'exposed'),
        (*rising(EL7, {RECYCLE: None}, ListenOverflows=4, ListenDrops=4), 'impaired'),
        (*rising(EL7, {RECYCLE: 0, 'net.ipv4.tcp_rfc1337': 1}, PAWSEstab=25, TCPACKSkippedTimeWait=3), 'impaired'),
        (record(EL7, {**TIDY, RECYCLE: None}, persisted={RECYCLE: both(1)}), None, 'unknown'),
        (record(NEW, TIDY, persisted={RECYCLE: both(0)}), None, 'stale'),
        (record(NEW, {**TIDY, 'net.ipv4.tcp_fin_timeout': 5}), None, 'clean'),
    ],
    ids=['masked', 'masked and active', 'past', 'exposed and past', 'exposed and impaired', 'impaired and unknown',
         'EL7 repaired, with rfc1337', 'container with a line', 'stale zero', 'a note'],
)  # fmt: skip
def test_the_worst_decides(of, earlier, wanted):
    assert judged(of, earlier)['verdict'] == wanted


def test_a_container_is_judged_by_the_hosts_value():
    of = record(EL7, {**TIDY, RECYCLE: 1}, others=[container(EL7, {**TIDY, RECYCLE: 1})])
    found = judged(of)
    assert [entry['exposure'] for entry in found['namespaces']] == ['exposed', 'exposed']
    by_rule = {(finding['rule'], finding['namespace']): finding for finding in found['findings']}
    inside = by_rule['tw-recycle-exposed', 'net:[4026532281]']
    assert inside['fix']['where'] == 'host'
    assert 'on the host' in inside['fix']['text']
    assert inside['evidence']['scope'] == 'host'
    assert by_rule['tw-recycle-exposed', 'net:[4026531840]']['fix']['where'] == 'node'
    note = by_rule['tw-recycle-host-value', None]
    assert (note['severity'], note['evidence']['namespaces']) == ('info', 1)


def test_in_4_11_the_fix_is_inside_the_namespace():
    of = record('4.11.8', TIDY, others=[container('4.11.8', {**TIDY, RECYCLE: 1})])
    found = judged(of)
    assert found['verdict'] == 'exposed'
    assert found['findings'][0]['fix']['where'] == 'namespace'
    assert found['impact']['namespaces'] == ['net:[4026532281]']


POD = {'namespace': 'shop', 'name': 'web-1', 'containers': ['app']}


def test_dropping_names_the_container_and_its_listeners():
    pod = {'id': 'b' * 64, 'runtime': 'containerd', 'pod_uid': 'u-1', 'pod': POD}
    calm = container(EL7, {**TIDY, RECYCLE: 1}, inode=4026532300, name='c' * 64)
    hit = container(EL7, {**TIDY, RECYCLE: 1}, {'PAWSPassive': 351763, 'ListenDrops': 351763}, also=[pod])
    of = record(EL7, {**TIDY, RECYCLE: 1}, others=[calm, hit])
    found = judged(of, sample(of, PAWSPassive=[0, 0, 12], ListenDrops=[0, 0, 12]))
    assert (found['verdict'], found['exposure'], found['evidence']) == ('dropping', 'exposed', 'active')
    assert found['impact'] == {
        'namespaces': ['net:[4026532281]'],
        'containers': [{'id': CONTAINER, 'runtime': 'docker', 'pod_uid': None}, pod],
        'listeners': ['0.0.0.0:8080'],
        'peers': [],
    }
    first = found['findings'][0]
    assert (first['rule'], first['active'], first['evidence']['dropped']) == ('tw-recycle-dropping', True, 12)
    assert found['summary'].startswith(
        'net.ipv4.tcp_tw_recycle=1 with timestamps on: SYNs of NATed clients are dropped; '
        'container 3f2a00000000 (docker) lost 12 in 10 s; fix on the host'
    )


def test_the_summary_speaks_of_the_worst_hit():
    others = [container(EL7, {RECYCLE: 1}, {'PAWSPassive': 99}, inode=inode, name=name)
              for inode, name in ((11, 'a' * 64), (12, 'b' * 64))]  # fmt: skip
    of = record(EL7, {RECYCLE: 1}, others=others)
    found = judged(of, sample(of, PAWSPassive=[0, 3, 30]))
    assert 'container bbbbbbbbbbbb (docker) lost 30 in 10 s' in found['summary']


def test_nothing_is_hit_by_a_weak_setting():
    found = judged(*CLASS['advisory'])
    assert found['impact'] == {'namespaces': [], 'containers': [], 'listeners': [], 'peers': []}


def test_a_node_that_is_a_container_on_an_old_kernel_is_unknown_and_says_why():
    found = judged(record(EL7, {**TIDY, RECYCLE: None, TIMESTAMPS: None}))
    assert (found['verdict'], found['exposure']) == ('unknown', 'unknown')
    assert 'runs in a container or the release is unknown: audit its host' in found['summary']
    assert found['findings'][0]['evidence']['reason'] in found['summary']


def test_impossible_is_no_zero():
    found = judged(record(NEW))
    assert found['evidence'] == 'impossible'
    assert found['namespaces'][0]['evidence'] == 'impossible'


def test_a_change_set_that_waits_is_said_in_the_line_of_the_host():
    for safe in (record(NEW, TIDY), record(NEW, {**TIDY, 'net.ipv4.tcp_rfc1337': 1})):
        usual = judged({**safe, 'change_sets': [{'id': 'A', 'time': 1, 'state': 'applied', 'changes': 1}]})['summary']
        waits = judged({**safe, 'change_sets': [{'id': 'B', 'time': 2, 'state': 'pending', 'changes': 1}]})['summary']
        assert waits == usual + '; change set B waits for its confirmation, without which the node undoes it'


def test_of_the_next_boot():
    key = 'net.ipv4.tcp_rfc1337'
    found = judged(record(NEW, TIDY, persisted={key: persisted(line(0), line(1, file='/etc/sysctl.conf'))}))
    finding = found['findings'][0]
    assert finding['evidence']['rfc1337'] == 1
    assert finding['evidence']['next_boot'] == {
        'reader': 'procps',
        'lines': {key: {'by': 'sysctl', 'value': '1', 'file': '/etc/sysctl.conf', 'line': 3}},
    }
    assert found['summary'].endswith('(from the next boot, by /etc/sysctl.conf:3)')
    repaired = record(NEW, {**TIDY, key: 1}, persisted={key: both(0)})
    assert 'next_boot' not in judged(repaired)['findings'][0]['evidence']


def test_who_decides_at_the_next_boot_and_who_loses():
    files = persisted(line(1), line(0, file='/etc/sysctl.conf'))
    late, unit = (
        writer(TIMESTAMPS, '1'),
        writer(TIMESTAMPS, '0 # off', kind='unit', file='/etc/systemd/system/x.service'),
    )
    found = judged(record(NEW, TIDY, persisted={TIMESTAMPS: files}, writers=[unit, late]))
    (answer,) = found['next_boot'][TIMESTAMPS]
    assert (answer['readers'], answer['by'], answer['file'], answer['value']) == (
        ['systemd', 'procps'], 'rc.local', '/etc/rc.local', 1)  # fmt: skip
    assert [(loser['by'], loser['value']) for loser in answer['losers']] == [('sysctl', 1), ('unit', 0)]
    assert found['verdict'] == 'clean'
    ends = judged(record(NEW, TIDY, persisted={TIMESTAMPS: files}))['next_boot'][TIMESTAMPS]
    assert [(end['readers'], end['value']) for end in ends] == [(['systemd'], 1), (['procps'], 0)]
    assert judged(record(NEW, TIDY))['next_boot'] == {}


def test_a_line_that_is_read_before_its_module_is_loaded_decides_nothing():
    key = 'net.netfilter.nf_conntrack_tcp_timeout_time_wait'
    forwards = {**TIDY, 'net.ipv4.ip_forward': 1, key: 120}
    late = {**both(20), 'late': 'nf_conntrack'}
    found = judged(record(NEW, forwards, persisted={key: late}))
    (answer,) = found['next_boot'][key]
    assert (answer['by'], answer['value'], answer['module']) == ('sysctl', None, 'nf_conntrack')
    assert [finding['rule'] for finding in found['findings']] == ['line-before-module']
    ruled = writer(key, '20', 'udev', '/etc/sysctl.d/50-x.conf', when='event')
    for lines, writers in (({key: both(20)}, []), ({key: late}, [ruled])):
        found = judged(record(NEW, forwards, persisted=lines, writers=writers))
        assert [answer['value'] for answer in found['next_boot'][key]] == [20]
        assert [finding['rule'] for finding in found['findings']] == ['conntrack-time-wait']
    scripted = {**persisted(line(20), line(20), initscripts=line(20)), 'late': 'nf_conntrack'}
    ends = judged(record(NEW, forwards, persisted={key: scripted}))['next_boot'][key]
    assert [(end['readers'], end['value']) for end in ends] == [(['systemd', 'procps'], None), (['initscripts'], 20)]


@pytest.mark.parametrize('when', ['boot', 'event'])
def test_what_a_program_sets_after_the_files_is_found_for_every_key(when):
    lines = {TIMESTAMPS: both(1)}
    found = judged(record(NEW, TIDY, persisted=lines, writers=[writer(TIMESTAMPS, '0', when=when)]))
    (finding,) = found['findings']
    assert (found['verdict'], finding['rule']) == ('advisory', 'timestamps-off')
    assert finding['evidence']['next_boot']['lines'][TIMESTAMPS]['file'] == '/etc/rc.local'
    assert finding['fix']['take_out_of'] == [{'kind': 'rc.local', 'file': '/etc/rc.local', 'line': 3}]
    assert 'Take it out of /etc/rc.local:3' in finding['fix']['text']
    assert '/etc/rc.local:3' in found['summary']


def test_what_runs_now_and_what_comes_back_are_one_finding():
    found = judged(record(NEW, {**TIDY, TIMESTAMPS: 0}, writers=[writer(TIMESTAMPS, '0')]))
    (finding,) = found['findings']
    assert finding['fix']['take_out_of'][0]['file'] == '/etc/rc.local'
    assert 'next_boot' not in finding['evidence']
    healed = judged(record(NEW, {**TIDY, TIMESTAMPS: 0}, writers=[writer(TIMESTAMPS, '1')]))['findings'][0]
    assert 'take_out_of' not in healed['fix']


def test_of_the_next_boot_is_said_once():
    found = judged(record(NEW, TIDY, persisted={'net.ipv4.tcp_rfc1337': both(1), 'net.ipv4.tcp_syncookies': both(0)}))
    assert [finding['rule'] for finding in found['findings']] == ['rfc1337', 'syncookies-off']
    assert found['summary'].endswith('(and 1 more)')


def test_of_the_next_boot_both_keys_of_a_combination_count():
    lines = {TIMESTAMPS: both(0), 'net.ipv4.tcp_tw_reuse': both(1)}
    found = {finding['rule']: finding for finding in judged(record(NEW, TIDY, persisted=lines))['findings']}
    assert found['timestamps-off']['severity'] == 'high'
    assert set(found['timestamps-off']['evidence']['next_boot']['lines']) == {TIMESTAMPS}


def test_files_of_a_key_that_this_kernel_lacks_weaken_nothing():
    lines = {'net.ipv4.tcp_tw_reuse_delay': both(1)}
    of = record('5.15.0', {**TIDY, 'net.ipv4.tcp_tw_reuse_delay': None}, persisted=lines)
    assert judged(of)['verdict'] == 'clean'


def test_a_value_of_the_node_is_found_once():
    others = [container('4.4.178', {**TIDY, TIMESTAMPS: 0}, inode=inode) for inode in range(5)]
    found = judged(record('4.4.178', {**TIDY, TIMESTAMPS: 0}, others=others))
    assert [finding['rule'] for finding in found['findings']] == ['timestamps-off']


def test_what_rose_is_told_of_each_namespace_that_was_measured():
    of = record(EL7, {RECYCLE: 1}, {'PAWSPassive': 12, 'ListenDrops': 12, 'TCPPureAcks': 900})
    told = [shown['window'] for shown in judged(of, sample(of, PAWSPassive=12, TCPPureAcks=5))['namespaces']]
    assert told == [{'seconds': 10.0, 'rises': {'TcpExt.PAWSPassive': 12}}]
    assert [shown['window'] for shown in judged(of)['namespaces']] == [None]


def test_namespaces_without_an_id_are_named_by_their_key():
    of = record(EL7, {**TIDY, RECYCLE: 1})
    of['namespaces'][0]['id'] = None
    found = judged(of)
    assert found['findings'][0]['namespace'] == 'net:[4026531840]@4/host'
    assert found['impact']['namespaces'] == ['net:[4026531840]@4/host']


def test_the_resolved_fix_of_lowered_buckets_is_the_boot_value():
    found = judged(record(NEW, {'net.ipv4.tcp_max_tw_buckets': 5000}))
    assert found['findings'][0]['fix']['minimum'] == 65536


WATCH = [
    ('nothing counted', record(EL7, {RECYCLE: 1}), False),
    ('exposed and counted', record(EL7, {RECYCLE: 1}, {'PAWSPassive': 1}), True),
    ('safe and counted', record(EL7, counts={'PAWSPassive': 1}), False),
    ('undecided and counted', record(EL7, {RECYCLE: None}, {'PAWSPassive': 1}), True),
    ('in a container', record(EL7, {RECYCLE: 1}, others=[container(EL7, {RECYCLE: 1}, {'PAWSPassive': 1})]), True),
    ('overflows', record(NEW, counts={'ListenOverflows': 1, 'ListenDrops': 1}), True),
    ('drops alone', record(NEW, counts={'ListenDrops': 1}), False),
    ('collisions', record(NEW, counts={'PAWSTimewait': 1}), True),
    ('collisions on EL7', record(EL7, counts={'PAWSEstab': 1, 'TCPACKSkippedTimeWait': 1}), True),
    ('collisions on 6.12', colliding('6.12.100', 40, 130, counter='PAWSEstab')['of'], True),
    ('collisions on 6.12, and nothing in TIME_WAIT', colliding('6.12.100', 40, 130, 0, 'PAWSEstab')['of'], False),
    ('established rejects alone', record('5.15.0', counts={'PAWSEstab': 825313}), False),
    ('clean', record(NEW), False),
]


@pytest.mark.parametrize(('of', 'wanted'), [row[1:] for row in WATCH], ids=[row[0] for row in WATCH])
def test_a_second_look_only_where_it_could_tell_something(of, wanted):
    assert judged(of)['watch'] is wanted
    assert judged(of, sample(of))['watch'] is False
    assert judged({**of, 'source': {**of['source'], 'collector': 'capture'}})['watch'] is False


def test_the_summary_says_that_nothing_was_found_or_that_nobody_may_say_why():
    assert judged(record(NEW))['summary'] == 'nothing to do: this kernel has no net.ipv4.tcp_tw_recycle'
    assert judged(record(EL7, TIDY))['summary'] == 'nothing to do: net.ipv4.tcp_tw_recycle=0 and nothing sets it'
    silent = catalogue.builtin().extended([{'id': 'tw-recycle-exposed', 'enabled': False}], 'audit_rules')
    found = verdict.judge(record(EL7, {**TIDY, RECYCLE: 1}), None, silent, 'server', [], TODAY)
    assert (found['verdict'], found['findings']) == ('exposed', [])
    assert str(found['summary']) == 'exposed, although no rule that is enabled says why'


def test_an_unknown_profile_is_refused():
    with pytest.raises(ValueError, match="unknown profile 'desktop'"):
        judged(record(NEW), profile='desktop')


#: Published numbers of real incidents (counters since boot, taken as the rise of a window), and what must be said.
INCIDENTS = {
    'A': (EL7, {'PAWSPassive': 826164, 'ListenDrops': 826963, 'PAWSEstab': 14}, 799),
    'B': (EL7, {'PAWSPassive': 387158, 'ListenDrops': 387158, 'PAWSEstab': 825313}, 0),
    'C': (EL7, {'PAWSPassive': 416177, 'ListenDrops': 416177, 'PAWSEstab': 13}, 0),
    'D': ('2.6.32-642.el6', {'PAWSPassive': 1123035, 'ListenDrops': 438798, 'ListenOverflows': 438798}, 0),
    'E': ('2.6.32-431.el6', {'PAWSPassive': 16990}, 0),
    'F': (EL7, {'PAWSPassive': 19874, 'ListenDrops': 19874}, 0),
    'G': (EL7, {'PAWSPassive': 8316, 'ListenDrops': 8316, 'PAWSEstab': 780}, 0),
    'H': (EL7, {'PAWSPassive': 136964, 'ListenDrops': 136964}, 0),
    'I': (EL7, {'PAWSPassive': 18, 'ListenDrops': 18, 'PAWSEstab': 1453}, 0),
    'measured': ('4.4.178', {'PAWSPassive': 122, 'ListenDrops': 122, 'TWKilled': 32}, 0),
}


@pytest.mark.parametrize('name', INCIDENTS)
def test_incidents(name):
    release, rise, unexplained = INCIDENTS[name]
    of = record(release, {**TIDY, RECYCLE: 1}, rise)
    before = judged(of)
    assert (before['verdict'], before['evidence'], before['watch']) == ('exposed', 'past', True)
    found = judged(of, sample(of, **rise))
    assert (found['verdict'], found['evidence']) == ('dropping', 'active')
    rules = {finding['rule']: finding for finding in found['findings']}
    assert rules['tw-recycle-dropping']['evidence']['dropped'] == rise['PAWSPassive']
    assert ('accept-queue-overflow' in rules) is (name == 'D'), 'D has two faults, the others one'
    assert ('listen-drops-unexplained' in rules) is bool(unexplained)
    if unexplained:
        assert rules['listen-drops-unexplained']['evidence']['drops'] == unexplained
    assert not {'syn-queue-full', 'time-wait-collision'} & set(rules)
    fixed = copy.deepcopy(of)
    fixed['namespaces'][0]['sysctls'][RECYCLE]['value'] = '0'
    after = judged(fixed, sample(fixed))
    assert (after['verdict'], after['exposure'], after['evidence']) == ('clean', 'none', 'past')


def test_incident_o_a_resource_agent_turns_it_on_at_failover():
    agent = writer(kind='resource-agent', file='/usr/lib/ocf/resource.d/heartbeat/portblock', value='1')
    found = judged(record(EL7, TIDY, writers=[agent]))
    assert found['verdict'] == 'latent'
    assert found['findings'][0]['evidence']['writers'][0]['kind'] == 'resource-agent'


def test_incident_x_is_told_apart():
    of = record('4.19.0', TIDY)
    of['namespaces'][0]['conntrack'] = {'count': 9, 'max': 1000, 'drop': 0, 'early_drop': 0, 'insert_failed': 7}
    earlier = sample(of)
    earlier['groups'][0]['conntrack']['insert_failed'] = 2
    found = judged(of, earlier)
    assert (found['verdict'], found['exposure']) == ('advisory', 'none')
    assert found['findings'][0]['rule'] == 'conntrack-insert-failed'


RELEASES = st.sampled_from([None, '2.6.32-642.el6', EL7, '4.4.178', '4.10.0', '4.11.0', '4.12.0', '5.15.0', NEW])
VALUES = st.sampled_from([None, '0', '1', '2', 'x'])
COUNTS = st.sampled_from([None, 0, 7])


@st.composite
def cases(draw):
    release = draw(RELEASES)
    changes = {RECYCLE: draw(VALUES), TIMESTAMPS: draw(VALUES), 'net.ipv4.tcp_rfc1337': draw(VALUES)}
    names = ('PAWSPassive', 'TWKilled', 'ListenOverflows', 'PAWSTimewait')
    own = namespace(release, changes, {name: draw(COUNTS) for name in names})
    others = []
    if release and draw(st.booleans()):
        others = [container(release, changes, {'PAWSPassive': draw(COUNTS)})]
    found = draw(st.sampled_from([None, both(0), both(1), persisted(line(0), line(1))]))
    of = record(release, own=own, others=others, persisted={RECYCLE: found} if found else {})
    earlier = sample(of, PAWSPassive=draw(st.sampled_from([0, 3])), ListenOverflows=draw(st.sampled_from([0, 3])))
    return of, draw(st.sampled_from([None, earlier])), draw(st.sampled_from(['server', 'client', 'proxy', 'k8s_node']))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_what_holds_for_every_record(case):
    of, earlier, profile = case
    untouched = copy.deepcopy((of, earlier))
    found = judged(of, earlier, profile)
    assert (of, earlier) == untouched, 'the judge changes nothing that it is given'
    assert json.loads(json.dumps(found)) == found
    entries = found['namespaces']
    assert len(entries) == len(of['namespaces'])
    assert found['exposure'] == min((entry['exposure'] for entry in entries), key=EXPOSURES.index)
    assert found['evidence'] == min((entry['evidence'] for entry in entries), key=EVIDENCES.index)
    dropping = any(entry['exposure'] in ('exposed', 'masked') and entry['evidence'] == 'active' for entry in entries)
    assert (found['verdict'] == 'dropping') is dropping
    if not dropping:
        assert (found['verdict'] == 'exposed') is (found['exposure'] == 'exposed')
    order = [(CLASSES.index(f['class']), SEVERITIES.index(f['severity'])) for f in found['findings']]
    assert order == sorted(order)
    assert found['verdict'] == (found['findings'][0]['class'] if found['findings'] else 'clean')
    assert not any(finding['active'] for finding in found['findings']) or earlier
    assert found['summary']
    assert '\n' not in found['summary']


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_with_every_finding_waived_a_host_is_clean(case):
    of, earlier, profile = case
    rules = {finding['rule'] for finding in judged(of, earlier, profile)['findings']}
    found = judged(of, earlier, profile, [{'rule': rule, 'reason': 'x'} for rule in sorted(rules)])
    assert found['verdict'] == 'clean'
    assert all(finding['waived'] for finding in found['findings'])
