# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For every rule of the catalogue: cases in which it fires, and neighbours of theirs in which it stays quiet."""

from __future__ import annotations

from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.records import (
    both,
    definition,
    line,
    persisted,
    record,
    writer,
)
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.situations import (
    BUCKETS,
    COSMIC,
    EL6,
    EL7,
    EL8,
    EL8_ON_7,
    EULER,
    FORWARD,
    LINE,
    NEW,
    ORPHANS,
    RANGE,
    RECYCLE,
    RESERVED,
    REUSE,
    REUSE_CONNTRACK,
    REUSE_MODE,
    SNAT,
    TIMESTAMPS,
    TRAP,
    VS_CONNTRACK,
    at,
    colliding,
    image,
    profile,
    rising,
    standing,
    tracked,
    translating,
    waiting,
    with_container,
)

CONNTRACK = 'net.netfilter.nf_conntrack_tcp_timeout_time_wait'
#: rule: (severity: cases in which it fires, cases in which it does not)
CASES = {
    'tw-recycle-dropping': (
        {
            'critical': [
                rising(EL7, {RECYCLE: 1}, PAWSPassive=12, ListenDrops=12),
                rising(EL6, {RECYCLE: 1}, PAWSPassive=1),
                rising('4.11.8', {RECYCLE: 1}, PAWSPassive=1),
            ]
        },
        [
            standing(EL7, {RECYCLE: 1}, PAWSPassive=12),
            rising(EL7, {RECYCLE: 0}, PAWSPassive=12),
            rising(EL7, {RECYCLE: 1, TIMESTAMPS: 0}, PAWSPassive=12),
            rising(EL7, {RECYCLE: 1}, ListenDrops=12),
        ],
    ),
    'tw-recycle-exposed': (
        {'critical': [at(EL7, RECYCLE, 1), at('4.4.178', RECYCLE, 2), standing(EL7, {RECYCLE: 1}, PAWSPassive=1)]},
        [at(EL7, RECYCLE, 0), rising(EL7, {RECYCLE: 1}, PAWSPassive=1), {'of': record(NEW, persisted=LINE)}],
    ),
    'tw-recycle-masked-dropping': (
        {'critical': [rising(EL7, {RECYCLE: 1, TIMESTAMPS: 0}, PAWSPassive=3)]},
        [
            rising(EL7, {RECYCLE: 1}, PAWSPassive=3),
            standing(EL7, {RECYCLE: 1, TIMESTAMPS: 0}, PAWSPassive=3),
            rising(EL7, {RECYCLE: 0, TIMESTAMPS: 0}, PAWSPassive=3),
        ],
    ),
    'tw-recycle-masked': (
        {'high': [{'of': record(EL7, {RECYCLE: 1, TIMESTAMPS: 0})}]},
        [at(EL7, RECYCLE, 1), at(EL7, TIMESTAMPS, 0), rising(EL7, {RECYCLE: 1, TIMESTAMPS: 0}, PAWSPassive=3)],
    ),
    'tw-recycle-timestamps-trap': (
        {
            'high': [
                {'of': record(EL7, {RECYCLE: 1}, persisted=TRAP)},
                {'of': record(EULER, {RECYCLE: 1}, persisted=TRAP)},
                {'of': record('4.11.8', {RECYCLE: 1}, persisted={TIMESTAMPS: persisted(line(1), line(0))})},
                {'of': record(EL7, {RECYCLE: 1}, writers=[writer(TIMESTAMPS, '0')])},
            ]
        },
        [
            {'of': record(EL6, {RECYCLE: 1}, persisted=TRAP)},
            {'of': record('3.13.0', {RECYCLE: 1}, persisted=TRAP)},
            {'of': record(EL7, persisted=TRAP)},
            {'of': record(EL7, {RECYCLE: 1}, persisted={TIMESTAMPS: both(1)})},
            {'of': record(EL7, {RECYCLE: 1}, writers=[writer(TIMESTAMPS, '1')])},
        ],
    ),
    'tw-recycle-line': (
        {
            'high': [
                {'of': record(EL7, persisted=LINE)},
                {'of': record(EL7, {RECYCLE: 1}, persisted=LINE)},
                {'of': record('4.11.8', persisted={RECYCLE: persisted(line(0), line(1))})},
            ]
        },
        [
            {'of': record(EL7, persisted={RECYCLE: both(0)})},
            {'of': record(NEW, persisted=LINE)},
            {'of': record(EL7, {RECYCLE: None}, persisted=LINE)},
        ],
    ),
    'tw-recycle-writer': (
        {
            'high': [
                {'of': record(EL7, writers=[writer()])},
                {'of': record(EL7, writers=[writer(value=None)])},
                {'of': record(EL7, persisted={RECYCLE: both(0)}, writers=[writer(value='1 # on')])},
                {'of': record(EL7, writers=[writer(when='event'), writer(value='0')])},
            ]
        },
        [
            {'of': record(EL7, writers=[writer(value='0')])},
            {'of': record(EL7, writers=[writer(value='0x0')])},
            {'of': record(EL7, writers=[writer(value='on')])},
            {'of': record(EL7, persisted={RECYCLE: both(0)}, writers=[writer(moment='before')])},
            {'of': record(EL7, writers=[writer(), writer(value='0', file='/etc/late')])},
            {'of': record(NEW, writers=[writer()])},
        ],
    ),
    'tw-recycle-image': (
        {
            'high': [
                image(EL7, persisted=LINE),
                image(EL7, persisted={RECYCLE: persisted(line(0), line(1))}),
                image('4.11.8', writers=[writer()]),
            ]
        },
        [
            image(EL7),
            image(EL7, persisted={RECYCLE: both(0)}, writers=[writer(value='0')]),
            image(NEW, persisted=LINE),
            image(None, persisted=LINE),
            {'of': record(EL7, persisted=LINE)},
            {'of': record(EL7, {RECYCLE: None}, persisted=LINE)},
        ],
    ),
    'tw-recycle-undecided': (
        {
            'medium': [at(EL7, RECYCLE, None), {'of': record(None, {RECYCLE: None})}],
            'critical': [rising(EL7, {RECYCLE: None}, PAWSPassive=2)],
        },
        [at(EL7, RECYCLE, 0), at(NEW, RECYCLE, None)],
    ),
    'tw-recycle-host-value': (
        {'info': [with_container(EL7, {RECYCLE: 1}, {RECYCLE: 1})]},
        [with_container(EL7, {RECYCLE: 0}, {RECYCLE: 0}), with_container('4.11.8', {RECYCLE: 1}, {RECYCLE: 1})],
    ),
    'tw-recycle-stale-line': (
        {
            'medium': [{'of': record(NEW, persisted=LINE)}, {'of': record('4.12.14', writers=[writer(kind='tuned')])}],
            'low': [
                {'of': record(EL8, persisted={RECYCLE: both(0)})},
                {'of': record(NEW, persisted={RECYCLE: persisted(definitions=[definition(0, 'shadowed')])})},
            ],
        },
        [
            {'of': record(EL7, persisted=LINE)},
            {'of': record(NEW, persisted={RECYCLE: persisted(definitions=[definition(1, 'replaced')])})},
            {'of': record(NEW, persisted={TIMESTAMPS: both(1)})},
            {'of': record(None, {RECYCLE: None}, persisted=LINE)},
        ],
    ),
    'line-without-effect': (
        {
            'info': [
                {'of': record(EL7, persisted={RECYCLE: persisted(definitions=[definition('1;', 'refused')])})},
                {'of': record(NEW, persisted={RESERVED: persisted(definitions=[definition('80, 90', 'refused')])})},
                {'of': record(NEW, persisted={RANGE: persisted(None, None, [definition('x', 'refused')])})},
            ]
        },
        [
            {'of': record(EL7, persisted={RECYCLE: both('0 # off')})},
            {'of': record(EL7, persisted={RECYCLE: persisted(definitions=[definition('1;', 'replaced')])})},
            {'of': record(EL7, persisted={RECYCLE: persisted(definitions=[definition('1', 'transient')])})},
        ],
    ),
    'line-before-module': (
        {
            'info': [
                {'of': record(NEW, persisted={CONNTRACK: {**both(33), 'late': 'nf_conntrack'}})},
                {
                    'of': record(
                        NEW,
                        persisted={CONNTRACK: {**both(33), 'late': 'nf_conntrack'}},
                        writers=[writer(CONNTRACK, '33', 'udev', '/etc/sysctl.d/9.conf', when='event')],
                    )
                },
            ]
        },
        [
            {'of': record(NEW, persisted={CONNTRACK: both(33)})},
            {'of': record(NEW, persisted={CONNTRACK: {**both('x'), 'late': 'nf_conntrack'}})},
            {
                'of': record(
                    NEW,
                    persisted={CONNTRACK: {**both(33), 'late': 'nf_conntrack'}},
                    writers=[writer(CONNTRACK, '33', 'udev', '/etc/sysctl.d/50-x.conf', when='event')],
                )
            },
        ],
    ),
    'paws-passive-past': (
        {'info': [standing(EL7, PAWSPassive=368), standing('4.4.178', TWKilled=109)]},
        [standing(EL7), standing(EL7, {RECYCLE: 1}, PAWSPassive=368), rising(EL7, PAWSPassive=1)],
    ),
    'timestamps-off': (
        {
            'medium': [
                at(NEW, TIMESTAMPS, 0),
                {'of': record(EL7, {TIMESTAMPS: 0, REUSE: 0})},
                {'of': record(EL8, {TIMESTAMPS: 0, REUSE: 2})},
                {'of': record(NEW, persisted={TIMESTAMPS: both(0)})},
                {'of': record(NEW, persisted={TIMESTAMPS: persisted(line(1), line(0))})},
            ],
            'high': [{'of': record(NEW, {TIMESTAMPS: 0, REUSE: 1})}, {'of': record(EL7, {TIMESTAMPS: 0, REUSE: 2})}],
        },
        [at(NEW, TIMESTAMPS, 2), {'of': record(NEW, {REUSE: 1})}, {'of': record(NEW, persisted={TIMESTAMPS: both(1)})}],
    ),
    'timestamps-2-before-4.10': (
        {'low': [at(EL7, TIMESTAMPS, 2), at('4.9.0', TIMESTAMPS, 2)]},
        [at('4.10.0', TIMESTAMPS, 2), at(NEW, TIMESTAMPS, 2), at(EL7, TIMESTAMPS, 1)],
    ),
    'tw-reuse-before-4.19': (
        {'low': [at(EL7, REUSE, 1), at('4.18.0', REUSE, 1), profile('k8s_node', at('4.4.178', REUSE, 1))]},
        [
            at(EL8, REUSE, 1),
            at('4.19.0', REUSE, 1),
            at(EL7, REUSE, 0),
            profile('client', at(EL7, REUSE, 1)),
            profile('proxy', at(EL7, REUSE, 1)),
        ],
    ),
    'tw-reuse-2-before-4.19': (
        {
            'medium': [
                at(EL7, REUSE, 2),
                at(COSMIC, REUSE, 2),
                profile('client', at('4.18.0', REUSE, 2)),
                {'of': record(EL7, persisted={REUSE: both(2)})},
            ]
        },
        [at(EL8, REUSE, 2), at(EL8_ON_7, REUSE, 2), at('4.19.0', REUSE, 2), at(EL7, REUSE, 1)],
    ),
    'tw-reuse-1': (
        {'low': [at(NEW, REUSE, 1), at(EL8, REUSE, 1), at(EL8_ON_7, REUSE, 1), at('4.19.0', REUSE, 1)]},
        [at('4.18.0', REUSE, 1), at(NEW, REUSE, 2), at(NEW, REUSE, 0), profile('proxy', at(NEW, REUSE, 1))],
    ),
    'tw-reuse-for-clients': (
        {'info': [profile('client', at(NEW, REUSE, 2)), profile('proxy', at(EL7, REUSE, 0))]},
        [
            profile('client', at(NEW, REUSE, 1)),
            at(NEW, REUSE, 2),
            profile('client', {'of': record(NEW, {REUSE: 0, TIMESTAMPS: 0})}),
        ],
    ),
    'tw-reuse-delay': (
        {'low': [at(NEW, 'net.ipv4.tcp_tw_reuse_delay', 100)]},
        [at(NEW, 'net.ipv4.tcp_tw_reuse_delay', 1000), {'of': record('6.12.0')}],
    ),
    'rfc1337': (
        {
            'medium': [
                at(NEW, 'net.ipv4.tcp_rfc1337', 1),
                {'of': record(NEW, persisted={'net.ipv4.tcp_rfc1337': both(1)})},
            ],
            'high': [
                rising(NEW, {'net.ipv4.tcp_rfc1337': 1}, PAWSTimewait=1),
                rising('5.15.0', {'net.ipv4.tcp_rfc1337': 1}, PAWSEstab=1),
                rising(EL7, {'net.ipv4.tcp_rfc1337': 1}, TCPACKSkippedTimeWait=1),
            ],
        },
        [at(NEW, 'net.ipv4.tcp_rfc1337', 0), rising(NEW, PAWSTimewait=1)],
    ),
    'time-wait-collision': (
        {
            'high': [
                rising(NEW, PAWSTimewait=3),
                colliding(NEW, 23, 77),
                colliding(NEW, 3, 0),
                colliding(NEW, 24, 11980, time_wait=0),
                rising('5.15.0', PAWSEstab=5, TCPACKSkippedTimeWait=3),
                rising('4.12.0', PAWSEstab=5, TCPACKSkippedTimeWait=3),
                rising('4.4.178', PAWSEstab=5, TCPACKSkippedTimeWait=3),
                rising(EL7, PAWSEstab=5, TCPACKSkippedTimeWait=3),
                rising(EL7, {'net.ipv4.tcp_rfc1337': 1}, PAWSEstab=25, TCPACKSkippedTimeWait=3),
            ],
            'medium': [
                colliding('6.12.100', 40, 130, counter='PAWSEstab'),
                colliding(EL7, 5, 95, counter='PAWSEstab', time_wait=5),
            ],
        },
        [
            standing(NEW, PAWSTimewait=9),
            colliding(NEW, 2, 0),
            colliding(NEW, 3, 10509),  # plain masquerade, measured: segments that overtook each other
            colliding(NEW, 19, 9981),
            rising(NEW, PAWSEstab=5, TCPACKSkippedTimeWait=3),
            rising('5.15.0', PAWSEstab=5),
            rising('5.15.0', TCPACKSkippedTimeWait=3),
            colliding('5.15.0', 4, 0, counter='PAWSEstab'),
            colliding('5.15.0', 40, 961, counter='PAWSEstab'),
            colliding('5.15.0', 40, 60, counter='PAWSEstab', time_wait=39),
            rising(EL7, PAWSEstab=5),
            rising(EL6, of=record(EL6, None, {'PAWSEstab': 5, 'TCPACKSkippedTimeWait': None}), PAWSEstab=5),
        ],
    ),
    'max-tw-buckets-lowered': (
        {
            'medium': [
                at(NEW, BUCKETS, 5000),
                at(EL7, BUCKETS, 32768),
                {'of': record(NEW, persisted={BUCKETS: both(6000)})},
                with_container('4.14.0', {}, {BUCKETS: 5000}),
            ]
        },
        [
            at(NEW, BUCKETS, 65536),
            at(NEW, BUCKETS, 2000000),
            {'of': record(NEW, {BUCKETS: 5000, ORPHANS: 3276800})},
            {'of': record(NEW, {BUCKETS: 16384}, persisted={ORPHANS: both(65536)})},
        ],
    ),
    'time-wait-overflow': (
        {
            'info': [standing(NEW, TCPTimeWaitOverflow=3)],
            'medium': [rising(NEW, TCPTimeWaitOverflow=3)],
        },
        [standing(NEW)],
    ),
    'fin-timeout': (
        {'info': [at(NEW, 'net.ipv4.tcp_fin_timeout', 5), at(NEW, 'net.ipv4.tcp_fin_timeout', 600)]},
        [at(NEW, 'net.ipv4.tcp_fin_timeout', value) for value in (15, 60, 120)],
    ),
    'port-range-narrow': (
        {
            'medium': [
                profile('client', at(NEW, RANGE, '40000 60999')),
                profile('proxy', {'of': record(NEW, {RESERVED: '40000-41000'})}),
            ]
        },
        [
            at(NEW, RANGE, '40000 60999'),
            profile('client', {'of': record(NEW)}),
            profile('client', at(EL7, RANGE, '32768 61000')),
        ],
    ),
    'port-range-nodeports': (
        {
            'medium': [
                profile('k8s_node', at(NEW, RANGE, '1024 65535')),
                profile('client', {'of': record(NEW, {RANGE: '15000 60999', RESERVED: '30000-32000'})}),
            ]
        },
        [
            at(NEW, RANGE, '1024 65535'),
            profile('k8s_node', {'of': record(NEW)}),
            profile('k8s_node', {'of': record(NEW, {RANGE: '1024 65535', RESERVED: '30000-32767'})}),
        ],
    ),
    'local-ports-pressure': (
        {
            'medium': [waiting(28232), waiting(23000, profile='proxy')],
            'low': [waiting(14200), waiting(14200, {REUSE: 1, TIMESTAMPS: 0}), waiting(14200, release='4.4.178')],
        },
        [
            waiting(14000),
            waiting(28232, {REUSE: 1}),
            waiting(28232, profile='server'),
            waiting(14200, {RANGE: '1024 65535'}),
        ],
    ),
    'syncookies-off': (
        {'medium': [at(NEW, 'net.ipv4.tcp_syncookies', 0), at(EL6, 'net.ipv4.tcp_syncookies', 0)]},
        [at(NEW, 'net.ipv4.tcp_syncookies', 1), at(NEW, 'net.ipv4.tcp_syncookies', None)],
    ),
    'syncookies-always': (
        {'low': [at(NEW, 'net.ipv4.tcp_syncookies', 2)]},
        [at(NEW, 'net.ipv4.tcp_syncookies', 1)],
    ),
    'somaxconn': (
        {'low': [{'of': record(EL8)}, {'of': record(EL7)}, at('5.3.0', 'net.core.somaxconn', 1023)]},
        [
            at('5.3.0', 'net.core.somaxconn', 1024),
            at('5.4.0', 'net.core.somaxconn', 128),
            at(EL7, 'net.core.somaxconn', 4096),
        ],
    ),
    'abort-on-overflow': (
        {'low': [at(NEW, 'net.ipv4.tcp_abort_on_overflow', 1)]},
        [at(NEW, 'net.ipv4.tcp_abort_on_overflow', 0)],
    ),
    'accept-queue-overflow': (
        {'high': [rising(NEW, ListenOverflows=1, ListenDrops=1), rising(EL7, ListenOverflows=1, ListenDrops=1)]},
        [standing(NEW, ListenOverflows=500, ListenDrops=500), rising(NEW, ListenDrops=1)],
    ),
    'syn-queue-full': (
        {
            'high': [
                rising(NEW, ListenDrops=5, TCPReqQFullDrop=5),
                rising(EL7, ListenDrops=5, TCPReqQFullDoCookies=1),
                rising(EL7, {RECYCLE: 1}, ListenDrops=9, PAWSPassive=4, TCPReqQFullDrop=5),
            ]
        },
        [
            standing(NEW, ListenDrops=5, TCPReqQFullDrop=5),
            rising(NEW, TCPReqQFullDoCookies=5),
            rising(EL7, ListenDrops=5, PAWSPassive=5, TCPReqQFullDrop=5),
            rising(NEW, ListenDrops=5, ListenOverflows=5),
        ],
    ),
    'listen-drops-unexplained': (
        {'medium': [rising(EL7, ListenDrops=5), rising('4.11.0', ListenDrops=9, PAWSPassive=4)]},
        [
            rising(EL6, ListenDrops=5),
            rising('4.12.0', ListenDrops=5),
            rising(EL7, ListenDrops=5, PAWSPassive=5),
            rising(EL7, ListenDrops=5, ListenOverflows=5),
            rising(EL7, ListenDrops=5, TCPReqQFullDrop=5),
            standing(EL7, ListenDrops=5),
        ],
    ),
    'reverse-path-drops': (
        {'info': [rising(NEW, IPReversePathFilter=1)]},
        [standing(NEW, IPReversePathFilter=1)],
    ),
    'conntrack-time-wait': (
        {'medium': [{'of': record(NEW, {SNAT: 30, FORWARD: 1})}]},
        [
            *({'of': record(NEW, {SNAT: seconds, FORWARD: 1})} for seconds in (60, 120)),
            *({'of': record(NEW, {SNAT: 30, FORWARD: 0})}, at(NEW, SNAT, 30), at(NEW, FORWARD, 1)),
        ],
    ),
    'conntrack-full': (
        {'high': [tracked(1000), tracked(1010), {'of': tracked(1000)['of']}]},
        [tracked(999), tracked(999, drop=5), tracked(262143, 262144), tracked(1000, None), {'of': record(NEW)}],
    ),
    'conntrack-filling': (
        {'high': [tracked(800), tracked(999), tracked(262143, 262144), tracked(990, drop=5, was={'drop': 5})]},
        [tracked(799), tracked(1000), {'of': record(NEW)}],
    ),
    'conntrack-drops': (
        {'high': [tracked(10, drop=5), tracked(10, early_drop=5), tracked(990, early_drop=5)]},
        [tracked(10, drop=5, was={'drop': 5}), tracked(1000, drop=5), {'of': tracked(10, drop=5)['of']}],
    ),
    'snat-random-fully': (
        {
            'low': [
                translating(['fully-random']),
                translating(['random', 'persistent'], release=EL7),
                translating([], '1024-65535'),
                translating(None, '1024-65535'),
            ]
        },
        [
            translating(['persistent']),
            translating(None),
            translating([]),
            {'of': record(NEW, translation=None)},
            {'of': record(NEW)},
        ],
    ),
    'conntrack-insert-failed': (
        {'medium': [tracked(10, insert_failed=1)]},
        [tracked(10, insert_failed=1, was={'insert_failed': 1})],
    ),
    'ipvs-conn-reuse-before-5.9': (
        {'medium': [{'of': record(release, {REUSE_MODE: 1, VS_CONNTRACK: 1})} for release in (EL7, EL8, '5.8.0')]
            + [{'of': record('5.4.119-19-0009', {REUSE_MODE: 1, VS_CONNTRACK: 1, REUSE_CONNTRACK: 0})}]},
        [
            {'of': record('5.9.0', {REUSE_MODE: 1, VS_CONNTRACK: 1})},
            {'of': record(EL8, {REUSE_MODE: 1, VS_CONNTRACK: 0})},
            {'of': record(EL8, {REUSE_MODE: 0, VS_CONNTRACK: 1})},
            {'of': record('5.4.119-19-0009', {REUSE_MODE: 1, VS_CONNTRACK: 1, REUSE_CONNTRACK: 1})},
        ],
    ),
    'ipvs-conn-reuse': (
        {'low': [at('5.9.0', REUSE_MODE, 0), at(NEW, REUSE_MODE, 0)]},
        [at(NEW, REUSE_MODE, 1), at('5.8.0', REUSE_MODE, 0), {'of': record(NEW)}],
    ),
}  # fmt: skip
