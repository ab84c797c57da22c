# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds node records for tests: an untouched kernel of some version, with the differences a test is about."""

import datetime

from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers.release import parse_release

TODAY = datetime.date(2026, 11, 22)
CONTAINER = '3f2a' + '0' * 60

#: Counters that exist on every kernel since EL7.
COMMON = (
    *('ListenDrops', 'ListenOverflows', 'PAWSActive', 'PAWSEstab', 'TW', 'TWKilled', 'TWRecycled', 'TCPReqQFullDrop'),
    *('TCPReqQFullDoCookies', 'TCPACKSkippedTimeWait', 'TCPTimeWaitOverflow', 'IPReversePathFilter'),
)


def version(release):
    return parse_release(release)['version']


def stock(release, memory_buckets=65536):
    """The sysctls of an untouched kernel (KERNEL: sysctl_net_ipv4.c, tcp_ipv4.c tcp_sk_init, tcp.c tcp_init)."""
    number = tuple(version(release) or (0,))
    modern_reuse = number >= (4, 19) or parse_release(release)['vendor'] == 'el8'
    values = {
        'net.core.somaxconn': 4096 if number >= (5, 4) else 128,
        'net.ipv4.conf.all.rp_filter': 0,
        'net.ipv4.ip_local_port_range': '32768 60999',
        'net.ipv4.ip_local_reserved_ports': '',
        'net.ipv4.tcp_abort_on_overflow': 0,
        'net.ipv4.tcp_fin_timeout': 60,
        'net.ipv4.tcp_max_orphans': memory_buckets,
        'net.ipv4.tcp_max_tw_buckets': memory_buckets,
        'net.ipv4.tcp_rfc1337': 0,
        'net.ipv4.tcp_syncookies': 1,
        'net.ipv4.tcp_timestamps': 1,
        'net.ipv4.tcp_tw_reuse': 2 if modern_reuse else 0,
    }
    if number < (4, 12):
        values['net.ipv4.tcp_tw_recycle'] = 0
    if number >= (6, 14):
        values['net.ipv4.tcp_tw_reuse_delay'] = 1000
    return values


def entries(values, scope='namespace'):
    return {key: {'value': str(value), 'scope': scope} for key, value in values.items()}


def counters(release, **changed):
    number = tuple(version(release) or (0,))
    found = dict.fromkeys(COMMON, 0)
    if number < (4, 12):
        found['PAWSPassive'] = 0
    if number >= (6, 14):
        found['PAWSTimewait'] = 0
    found.update(changed)
    return {name: value for name, value in found.items() if value is not None}


def namespace(release, sysctls=None, counts=None, **fields):
    """The node's own namespace of an untouched kernel; `sysctls` differ (None: absent), `counts` are of TcpExt."""
    own = entries(stock(release))
    for key, value in (sysctls or {}).items():
        if value is None:
            own[key] = {'value': None, 'scope': 'absent'}
        else:
            own[key] = {'value': str(value), 'scope': 'namespace'}
    if tuple(version(release) or (0,)) >= (4, 12):
        own.setdefault('net.ipv4.tcp_tw_recycle', {'value': None, 'scope': 'absent'})
    return {
        'id': 'net:[4026531840]', 'key': 'net:[4026531840]@4/host', 'kind': 'host', 'name': None, 'device': 4,
        'count': 1, 'pids': [{'pid': 1, 'start': 3}], 'container': None, 'also': [],
        'addresses': {'local': ['192.0.2.10'], 'listening': ['0.0.0.0:80'], 'truncated': False},
        'sysctls': own, 'counters': {'TcpExt': counters(release, **(counts or {})), 'Tcp': {'RetransSegs': 5}},
        'sockets': {'tw': 0, 'inuse': 3, 'orphan': 0, 'alloc': 3}, 'conntrack': None,
        **fields,
    }  # fmt: skip


def container(release, sysctls=None, counts=None, inode=4026532281, name=CONTAINER, **fields):
    """A container's namespace: what this kernel keeps per namespace, the rest with scope host and the given values."""
    number = tuple(version(release))
    entry = namespace(release, sysctls, counts)
    for key, below in (('net.ipv4.tcp_tw_recycle', (4, 11)), ('net.ipv4.tcp_timestamps', (4, 13))):
        if number[:2] < below and key in entry['sysctls']:
            entry['sysctls'][key] = {'value': entry['sysctls'][key]['value'], 'scope': 'host'}
    for key in ('net.ipv4.tcp_max_orphans',):
        entry['sysctls'][key]['scope'] = 'host'
    return {
        **entry,
        'id': 'net:[%d]' % inode, 'key': 'net:[%d]@4/%s' % (inode, name), 'kind': 'container',
        'pids': [{'pid': 4711, 'start': 99}], 'container': {'id': name, 'runtime': 'docker', 'pod_uid': None},
        'addresses': {'local': ['198.51.100.7'], 'listening': ['0.0.0.0:8080'], 'truncated': False},
        **fields,
    }  # fmt: skip


def record(release, sysctls=None, counts=None, others=(), persisted=None, writers=(), own=None, **fields):
    """A record of a node; `sysctls` and `counts` are the node's own namespace's differences from stock."""
    return {
        'schema': 1,
        'source': {'collector': 'live', 'root': '/', 'collected_at': 1790000000.5, 'uptime_s': 697.14,
                   'boot_id': 'boot-1', 'python': '3.11.7', 'collection_version': '0.1.0', 'hostname': 'web1'},
        'kernel': {**parse_release(release), 'release': release},
        'namespaces': [own or namespace(release, sysctls, counts), *others],
        'persisted': dict(persisted or {}), 'writers': list(writers), 'change_sets': [], 'unavailable': {},
        **fields,
    }  # fmt: skip


def line(value, file='/etc/sysctl.d/50-x.conf', number=3):
    return {'value': str(value), 'file': file, 'line': number}


def persisted(systemd=None, procps=None, definitions=None, **third):
    """The lines that win; `definitions` where not simply these, `initscripts` where the node has that reader."""
    winners = [entry for entry in (systemd, procps) if entry]
    if definitions is None:
        definitions = [{**entry, 'form': 'plain', 'status': 'effective'} for entry in winners]
    return {'effective': {'systemd': systemd, 'procps': procps, **third}, 'definitions': definitions}


def both(value, **where):
    """Both readers agree."""
    return persisted(line(value, **where), line(value, **where))


def definition(value, status='effective', **where):
    return {**line(value, **where), 'form': 'plain', 'status': status}


def writer(key='net.ipv4.tcp_tw_recycle', value='1', kind='rc.local', file='/etc/rc.local', **fields):
    return {'kind': kind, 'file': file, 'line': 3, 'key': key, 'value': value,
            'when': 'boot', 'moment': 'after', **fields}  # fmt: skip


def sample(of, seconds=10.0, **fell):
    """The sample of this record `seconds` earlier, when TcpExt counters were lower by what is named, everywhere.

    A name with a list gives each namespace its own difference.
    """
    groups = []
    for index, entry in enumerate(of['namespaces']):
        ext = dict(entry['counters']['TcpExt'] or {})
        for name, by in fell.items():
            difference = by[index] if isinstance(by, list) else by
            if name in ext:
                ext[name] -= difference
        groups.append({'members': entry.get('members') or [entry['key']],
                       'counters': {'TcpExt': ext, 'Tcp': dict(entry['counters']['Tcp'] or {})},
                       'conntrack': dict(entry['conntrack']) if entry['conntrack'] else None})  # fmt: skip
    source = of['source']
    return {'boot_id': source['boot_id'], 'uptime_s': source['uptime_s'] - seconds,
            'collected_at': source['collected_at'] - seconds, 'groups': groups}  # fmt: skip
