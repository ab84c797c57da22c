# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds what a diagnosis measured: a destination, counters that rose, attempts and what became of their SYNs."""

import json

from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose import conclusion, question
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import info
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge import records

EL6, EL7, V6_12, V6_18 = '2.6.32-642.el6.x86_64', '3.10.0-1160.el7.x86_64', '6.12.41', '6.18.44'
KEY = 'net:[4026532281]@4/' + records.CONTAINER
PORT = 5672
CLOCK = 1_000_000


def match(release=V6_18, listening=True, **sysctls):
    values = {'tcp_tw_recycle': None, 'tcp_timestamps': '1', 'tcp_rfc1337': '0', **sysctls}
    return {
        'id': 'net:[4026532281]', 'key': KEY, 'kind': 'container', 'name': None, 'pid': 4711, 'names': ['broker'],
        'container': {'id': records.CONTAINER, 'runtime': 'docker', 'pod_uid': None}, 'addresses': ['192.0.2.7'],
        'listening': ['0.0.0.0:%d' % PORT] if listening else [] if listening is False else None,
        'sysctls': {'net.ipv4.%s' % key: {'value': value, 'scope': 'namespace'} for key, value in values.items()},
    }  # fmt: skip


def goal(release=V6_18, **more):
    kernel = {'release': release, 'version': records.version(release)}
    return {'host': 'db1', 'address': '192.0.2.7', 'match': match(release, **more), 'kernel': kernel, 'answered_s': 0.4}


def again(listening):
    """paws_locate's second result: whether something listens there now; None: the namespace is gone."""
    return {'matches': [] if listening is None else [match(listening=listening)]}


def counters(release=V6_18, host=None, reason=None, **rises):
    """paws_info's result: the container's counters rose by `rises`, the host's by `host`; None: no such counter."""
    own = dict(host or {})
    stood = {name: value if value is None else value + 50 for name, value in rises.items()}
    of = records.record(
        release,
        counts={name: value + 50 for name, value in own.items()},
        others=[records.container(release, counts=stood)],
    )
    names = {*own, *rises}
    earlier = records.sample(of, 12.0, **{name: [own.get(name, 0), rises.get(name, 0)] for name in names})
    if reason:
        earlier['boot_id'] = 'another'
    return {'namespaces': spoken(info.measured(of, earlier))}


def attempts(result='ok', number=5, first=0, retransmits=0, error=None, icmp=True):
    return [
        {
            'port': PORT, 'at_s': index * 0.2, 'result': result, 'ms': 4000.0 if result == 'timeout' else 0.4,
            'syn_retransmits': retransmits, 'from': '198.51.100.7:%d' % (47000 + first + index),
            'tsval': CLOCK + (first + index) * 200_000, 'error': error, 'icmp_ms': 0.2 if icmp else None,
        }
        for index in range(number)
    ]  # fmt: skip


def seen(made, answered=True, nat='203.0.113.1', **more):
    """The connections that these attempts asked for, as the destination sees them behind a NAT: every SYN came."""
    return [
        {
            'source': nat, 'source_port': 1024 + index, 'tsval': attempt['tsval'] - 1, 'ports': 1,
            'syns': 1 + attempt['syn_retransmits'], 'answered': answered, 'resets': 0,
            'again_s': 1.02 if attempt['syn_retransmits'] else None, **more,
        }
        for index, attempt in enumerate(made)
    ]  # fmt: skip


def tried(made):
    """tcp_probe's result, asked at 100: it took half a second to begin and to answer."""
    elapsed = made[-1]['at_s'] + 4.2 if made else 0.0
    clock = {'asked': 100.0, 'answered': 100.5 + question.LEAD + elapsed + 0.5}
    return {'attempts': made, 'icmp': {'available': True, 'reason': None}, 'elapsed_s': elapsed, 'clock': clock}


def concluded(
    where, made, connections, info_result, neutral=None, looked=None, forks=5, up=100.5, box=None, tracking=None
):
    """The document of one source's attempts, and perhaps a neutral host's, as it is kept.

    looked: again(), None where that look failed; up: when the watch began, asked at 100;
    box: who translates; tracking: by host, how much its counters of connection tracking rose.
    """
    compared = {'host': 'web9', 'namespace': None} if neutral is not None else None
    work = question.work([{'host': 'web2', 'namespace': None}], compared, where, PORT, 5, forks)
    clock = {'asked': 100.0, 'answered': up + work['watch_s']}
    watched = {'connections': connections, 'seconds': work['watch_s'], 'clock': clock}
    results = {'diagnose-probe-1': tried(made), 'diagnose-watch': watched}
    if connections is None:
        results['diagnose-watch'] = {'failed': True, 'msg': 'needs root'}
    if neutral is not None:
        results['diagnose-probe-2'] = tried(neutral)
    asked = {'from': 'web2', 'to': 'db1/3f2a', 'port': PORT}
    plan = {**work, 'goal': where, 'question': asked}
    return json.loads(json.dumps(spoken(conclusion.conclude(plan, results, info_result, looked, box, tracking))))
