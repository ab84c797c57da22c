# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exposure and evidence: every row of the two tables, and the neighbours of each."""

from __future__ import annotations

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import exposure, window
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.view import View
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.records import (
    both,
    container,
    line,
    namespace,
    persisted,
    record,
    sample,
    writer,
)

RECYCLE, TIMESTAMPS = 'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_timestamps'
EL6, EL7, OLD = '2.6.32-642.el6.x86_64', '3.10.0-1160.el7.x86_64', '4.4.178'
UNREADABLE = {'value': None, 'scope': 'unreadable'}


def exposed(of, index=0):
    return exposure.exposure(View(of, index, window.Window()))[0]


def reason(of, index=0):
    found = exposure.exposure(View(of, index, window.Window()))[1]
    return found and str(found)


def without(release, *keys, scope='absent'):
    own = namespace(release)
    for key in keys:
        own['sysctls'][key] = {'value': None, 'scope': scope}
    return own


def test_what_is_not_known_of_a_kernel_is_said():
    assert 'on kernel 4.10.17: runs in a container' in reason(record('4.10.17', {RECYCLE: None}))
    assert 'on kernel (unknown): runs in a container' in reason(record(None, {RECYCLE: None}))


EARLY, OFF_LATE = [writer(moment='before')], writer(value='0', file='/etc/late')
THIRD = persisted(line(0), line(0), initscripts=line(1))
OWN = [
    ('4.12, no file', record('4.12.0'), 'none'),
    ('6.18, no file, a line in the files', record('6.18.44', persisted={RECYCLE: both(1)}), 'none'),
    ('6.18, nothing read', record('6.18.44', own=namespace('6.18.44', sysctls={}) | {'sysctls': {}}), 'none'),
    ('4.11, no file', record('4.11.0', {RECYCLE: None}), 'unknown'),
    ('EL7, no file, a line', record(EL7, {RECYCLE: None}, persisted={RECYCLE: both(1)}), 'unknown'),
    ('release unknown, no file', record(None, {RECYCLE: None}), 'unknown'),
    ('EL7, nothing read', record(EL7, own=namespace(EL7) | {'sysctls': {}}), 'unknown'),
    ('recycle unreadable', record(EL7, own=without(EL7, RECYCLE, scope='unreadable')), 'unknown'),
    ('recycle unreadable, 6.18', record('6.18.44', own=without('6.18.44', RECYCLE, scope='unreadable')), 'unknown'),
    ('timestamps unreadable', record(EL7, own=without(EL7, TIMESTAMPS, scope='unreadable')), 'unknown'),
    ('timestamps unreadable, recycle on', record(EL7, {RECYCLE: 1}, own=without(EL7, TIMESTAMPS)), 'unknown'),
    ('recycle is no number', record(EL7, {RECYCLE: 'yes'}), 'unknown'),
    ('on, on', record(EL7, {RECYCLE: 1}), 'exposed'),
    ('on, on, EL6', record(EL6, {RECYCLE: 1}), 'exposed'),
    ('on, timestamps 2', record(EL7, {RECYCLE: 1, TIMESTAMPS: 2}), 'exposed'),
    ('2, on', record(EL7, {RECYCLE: 2}), 'exposed'),
    ('-1, on', record(EL7, {RECYCLE: -1}), 'exposed'),
    ('on, release unknown', record(None, {RECYCLE: 1}), 'exposed'),
    ('the file exists on 6.18', record('6.18.44', {RECYCLE: 1}), 'exposed'),
    ('on, off', record(EL7, {RECYCLE: 1, TIMESTAMPS: 0}), 'masked'),
    ('off, both readers', record(EL7, persisted={RECYCLE: both(1)}), 'latent'),
    ('off, systemd alone', record(EL7, persisted={RECYCLE: persisted(line(1), line(0))}), 'latent'),
    ('off, procps alone', record(EL7, persisted={RECYCLE: persisted(line(0), line(1))}), 'latent'),
    ('off, procps only has it', record(EL7, persisted={RECYCLE: persisted(None, line(2))}), 'latent'),
    ('off, timestamps off, line', record(EL7, {TIMESTAMPS: 0}, persisted={RECYCLE: both(1)}), 'latent'),
    ('off, line 0x1', record(EL7, persisted={RECYCLE: both('0x1')}), 'latent'),
    ('off, line 0', record(EL7, persisted={RECYCLE: both(0)}), 'none'),
    ('off, line of words', record(EL7, persisted={RECYCLE: both('off')}), 'none'),
    ('off, line for another key', record(EL7, persisted={TIMESTAMPS: both(1)}), 'none'),
    ('off, writer', record(EL7, writers=[writer()]), 'latent'),
    ('off, writer of something unknown', record(EL7, writers=[writer(value=None)]), 'latent'),
    ('off, writer of 0', record(EL7, writers=[writer(value='0')]), 'none'),
    ('off, writer of 0 with a comment', record(EL7, writers=[writer(value='0 # off')]), 'none'),
    ('off, writer of what the kernel refuses', record(EL7, writers=[writer(value='1;')]), 'none'),
    (
        'off, a writer that files overrule',
        record(EL7, persisted={RECYCLE: both(0)}, writers=EARLY),
        'none',
    ),
    (
        'off, a writer before files of others',
        record(EL7, persisted={TIMESTAMPS: both(1)}, writers=EARLY),
        'latent',
    ),
    (
        'off, one reader leaves an early writer',
        record(EL7, persisted={RECYCLE: persisted(None, line(0))}, writers=EARLY),
        'latent',
    ),
    ('off, a later writer turns it off', record(EL7, writers=[writer(), OFF_LATE]), 'none'),
    ('off, a later writer turns it on', record(EL7, writers=[writer(value='0'), writer(file='/etc/late')]), 'latent'),
    (
        'off, a line that a later writer undoes',
        record(EL7, persisted={RECYCLE: both(1)}, writers=[writer(value='0')]),
        'latent',
    ),
    ('off, on an event', record(EL7, writers=[writer(when='event'), writer(value='0')]), 'latent'),
    ('off, 0 on an event', record(EL7, writers=[writer(when='event', value='0')]), 'none'),
    ('off, a pod may', record('4.11.8', writers=[writer(when='pod', value=None)]), 'latent'),
    ('off, first boot of an image', record(EL7, writers=[writer(when='once')]), 'latent'),
    (
        'off, the third reader alone',
        record(EL7, persisted={RECYCLE: THIRD}),
        'latent',
    ),
    ('off, writer of another key', record(EL7, writers=[writer(key=TIMESTAMPS)]), 'none'),
    ('off, off in files', record(EL7), 'none'),
    ('off, timestamps off', record(EL7, {TIMESTAMPS: 0}), 'none'),
]


@pytest.mark.parametrize(('of', 'wanted'), [row[1:] for row in OWN], ids=[row[0] for row in OWN])
def test_exposure_of_the_nodes_own_namespace(of, wanted):
    assert exposed(of) == wanted


@pytest.mark.parametrize('release', ['3.10.0-1160.el7.x86_64', '4.4.178', '4.10.17'])
def test_up_to_4_10_a_container_has_the_hosts_value(release):
    for value, wanted in ((0, 'none'), (1, 'exposed')):
        assert exposed(record(release, {RECYCLE: value}, others=[container(release, {RECYCLE: value})]), 1) == wanted


@pytest.mark.parametrize('release', ['3.10.0-1160.el7.x86_64', '4.10.17'])
@pytest.mark.parametrize('scope', ['absent', 'unreadable', None])
def test_a_missing_file_in_a_container_never_means_safe(release, scope):
    other = container(release)
    for key in (RECYCLE, TIMESTAMPS):
        del other['sysctls'][key]
        if scope:
            other['sysctls'][key] = {'value': None, 'scope': scope}
    assert exposed(record(release, {RECYCLE: 1}, others=[other]), 1) == 'exposed'
    assert exposed(record(release, {RECYCLE: 1, TIMESTAMPS: 0}, others=[other]), 1) == 'masked'


def test_in_4_11_each_namespace_has_its_own_value():
    of = record('4.11.8', {RECYCLE: 0}, others=[container('4.11.8', {RECYCLE: 1}), container('4.11.8')])
    assert [exposed(of, index) for index in range(3)] == ['none', 'exposed', 'none']
    of = record('4.11.8', {RECYCLE: 1}, others=[container('4.11.8', {RECYCLE: 0})])
    assert [exposed(of, index) for index in range(2)] == ['exposed', 'none']


def test_in_4_11_a_container_whose_value_cannot_be_read_is_unknown():
    other = container('4.11.8')
    other['sysctls'][RECYCLE] = dict(UNREADABLE)
    assert exposed(record('4.11.8', others=[other]), 1) == 'unknown'


def test_lines_reach_containers_where_the_value_is_the_nodes():
    for release, wanted in ((EL7, 'latent'), ('4.11.8', 'none')):
        of = record(release, persisted={RECYCLE: both(1)}, others=[container(release)])
        assert [exposed(of), exposed(of, 1)] == ['latent', wanted]


def test_an_unreadable_container_on_a_kernel_without_the_key_is_safe():
    other = container('5.15.0')
    other['sysctls'] = {RECYCLE: dict(UNREADABLE)}
    assert exposed(record('5.15.0', others=[other]), 1) == 'none'


def test_unknown_says_why():
    assert 'runs in a container or the release is unknown: audit its host' in reason(record(EL7, {RECYCLE: None}))
    assert 'or the release is unknown: audit its host' in reason(record(None, {RECYCLE: None}))
    assert 'which every namespace of kernel 4.11.8 has' in reason(record('4.11.8', {RECYCLE: None}))
    assert 'audit its host' not in reason(record('4.11.8', {RECYCLE: None}))
    assert 'was not read' in reason(record(EL7, own=namespace(EL7) | {'sysctls': {}}))
    own = without(EL7, RECYCLE, scope='unreadable')
    of = record(EL7, own=own, unavailable={RECYCLE: 'permission denied'})
    assert reason(of) == 'net.ipv4.tcp_tw_recycle could not be read (permission denied)'
    for part in ('/sysctl_-a', '/proc/sys'):  # of a capture
        assert reason({**of, 'unavailable': {part: 'not there'}}).endswith('could not be read (not there)')
    assert reason(record(EL7)) is None


def seen(of, earlier=None, index=0):
    return exposure.evidence(View(of, index, window.measure(of, earlier)[index]))


def test_evidence_is_active_only_in_a_window():
    of = record(EL7, {RECYCLE: 1}, {'PAWSPassive': 12})
    assert seen(of) == 'past'
    assert seen(of, sample(of, PAWSPassive=12)) == 'active'
    assert seen(of, sample(of, PAWSPassive=0)) == 'past'


EVIDENCE = [
    ('4.12, no counter', record('4.12.0'), 'impossible'),
    ('6.18, no counter', record('6.18.44'), 'impossible'),
    (
        '6.18, counters unreadable',
        record('6.18.44', own=namespace('6.18.44') | {'counters': {'TcpExt': None}}),
        'unknown',
    ),
    ('counted', record(EL7, counts={'PAWSPassive': 3}), 'past'),
    ('recycling ran', record(EL7, counts={'TWKilled': 77}), 'past'),
    ('recycling ran, 4.11', record('4.11.0', counts={'TWKilled': 77}), 'past'),
    ('short fin_timeout', record(EL7, {'net.ipv4.tcp_fin_timeout': 4}, {'TWKilled': 77}), 'none'),
    ('fin_timeout of 5 s', record(EL7, {'net.ipv4.tcp_fin_timeout': 5}, {'TWKilled': 77}), 'past'),
    ('TWKilled on 4.12', record('4.12.0', counts={'TWKilled': 77}), 'impossible'),
    ('TWRecycled is another thing', record(EL7, counts={'TWRecycled': 2486}), 'none'),
    ('nothing counted', record(EL7), 'none'),
    ('counter missing on an old kernel', record(EL7, counts={'PAWSPassive': None}), 'unknown'),
    ('group unreadable', record(EL7, own=namespace(EL7) | {'counters': {'TcpExt': None, 'Tcp': None}}), 'unknown'),
    ('release unknown, counter there', record(None, counts={'PAWSPassive': 0}), 'none'),
    ('release unknown, counter missing', record(None, counts={'PAWSPassive': None}), 'unknown'),
]


@pytest.mark.parametrize(('of', 'wanted'), [row[1:] for row in EVIDENCE], ids=[row[0] for row in EVIDENCE])
def test_evidence(of, wanted):
    assert seen(of) == wanted


def test_evidence_is_each_namespaces_own():
    of = record(EL7, {RECYCLE: 1}, others=[container(EL7, {RECYCLE: 1}, {'PAWSPassive': 9})])
    earlier = sample(of, PAWSPassive=[0, 9])
    assert [seen(of, earlier, 0), seen(of, earlier, 1)] == ['none', 'active']


@pytest.mark.parametrize(
    ('exposed', 'seen', 'wanted'),
    [
        ('exposed', 'active', 'dropping'),
        ('exposed', 'past', 'exposed'),
        ('exposed', 'unknown', 'exposed'),
        ('masked', 'active', 'dropping'),
        ('masked', 'past', 'latent'),
        ('latent', 'none', 'latent'),
        ('unknown', 'active', 'unknown'),
        ('none', 'active', 'clean'),
        ('none', 'impossible', 'clean'),
    ],
)
def test_class_of_a_namespace(exposed, seen, wanted):
    assert exposure.namespace_class(exposed, seen) == wanted
