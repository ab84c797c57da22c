# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Situations for cases of rules: a record of some kernel, with what is different, rising or standing in it."""

from __future__ import annotations

from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.records import (
    both,
    container,
    record,
    sample,
)

EL6, EL7, EL8 = '2.6.32-642.el6.x86_64', '3.10.0-1160.el7.x86_64', '4.18.0-240.el8.x86_64'
# EL8.2's kernel for CentOS 7 on ARM, EL7's of an EulerOS, and one that only looks like EL8's.
EL8_ON_7, EULER, COSMIC = (
    '4.18.0-193.28.1.el7.aarch64',
    '3.10.0-862.14.1.5.h591.eulerosv2r7.x86_64',
    '4.18.0-25-generic',
)
NEW = '6.18.44'
RECYCLE, TIMESTAMPS, REUSE = 'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_timestamps', 'net.ipv4.tcp_tw_reuse'
ORPHANS, BUCKETS = 'net.ipv4.tcp_max_orphans', 'net.ipv4.tcp_max_tw_buckets'
RANGE, RESERVED = 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_local_reserved_ports'
SNAT, FORWARD = 'net.netfilter.nf_conntrack_tcp_timeout_time_wait', 'net.ipv4.ip_forward'
REUSE_MODE, VS_CONNTRACK = 'net.ipv4.vs.conn_reuse_mode', 'net.ipv4.vs.conntrack'
REUSE_CONNTRACK = 'net.ipv4.vs.conn_reuse_old_conntrack'


def at(release, key, value, **more):
    return {'of': record(release, {key: value}, **more)}


def rising(release, sysctls=None, of=None, by=None, **fell):
    """A record whose counters rose by `fell` in ten seconds (`by`: standing at that before)."""
    found = of or record(release, sysctls, {name: value + (by or 0) for name, value in fell.items()})
    return {'of': found, 'earlier': sample(found, **fell)}


def colliding(release, count, made, time_wait=1000, counter='PAWSTimewait', **more):
    """SYNs that met TIME_WAIT in ten seconds, connections that were made, and sockets that are in TIME_WAIT."""
    case = rising(release, **{counter: count}, **more)
    own = case['of']['namespaces'][0]
    own['counters']['Tcp']['PassiveOpens'] = 5000 + made
    own['sockets']['tw'] = time_wait
    case['earlier']['groups'][0]['counters']['Tcp']['PassiveOpens'] = 5000
    return case


def translating(flags, ports=None, release=NEW, **more):
    """A node with one rule that translates."""
    rule = {'tool': 'iptables', 'chain': 'KUBE-POSTROUTING', 'kind': 'masquerade', 'flags': flags,
            'ports': ports, 'to': None, 'owner': 'kube-proxy', 'line': '-j MASQUERADE', 'count': 1}  # fmt: skip
    return {'of': record(release, translation=[rule]), **more}


def standing(release, sysctls=None, **counts):
    """Counters that stand at a value and do not move in the window."""
    found = record(release, sysctls, counts)
    return {'of': found, 'earlier': sample(found)}


def tracked(count, limit=1000, release=NEW, was=None, **fields):
    of = record(release)
    of['namespaces'][0]['conntrack'] = {'count': count, 'max': limit, 'drop': 0, 'early_drop': 0, 'insert_failed': 0}
    of['namespaces'][0]['conntrack'].update(fields)
    earlier = sample(of)
    earlier['groups'][0]['conntrack'].update({'drop': 0, 'early_drop': 0, 'insert_failed': 0, **(was or {})})
    return {'of': of, 'earlier': earlier}


def waiting(sockets, sysctls=None, release=NEW, profile='client'):
    of = record(release, sysctls)
    of['namespaces'][0]['sockets']['tw'] = sockets
    return {'of': of, 'profile': profile}


def image(release, **more):
    """A mounted root file system: kernels and files, and nothing that runs."""
    of = record(release, **more)
    of['source']['collector'] = 'capture'
    of['unavailable']['/proc/sys'] = 'the capture has neither proc/sys nor sysctl_-a'
    of['namespaces'][0]['sysctls'] = {key: {'value': None, 'scope': 'unreadable'} for key in (RECYCLE, TIMESTAMPS)}
    return {'of': of}


def with_container(release, sysctls, inside, profile='server'):
    return {'of': record(release, sysctls, others=[container(release, inside)]), 'profile': profile}


def profile(name, case):
    return {**case, 'profile': name}


TRAP = {TIMESTAMPS: both(0)}
LINE = {RECYCLE: both(1)}
