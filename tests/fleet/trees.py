# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Synthetic captured trees: what a node with an old kernel would show, made from facts and marked as made.

A tree is {path: text}. Names of counters are those of Linux 4.4's /proc/net/netstat, the TcpExt line, up to ListenDrops
and a few beyond.
"""

from __future__ import annotations

import uuid


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_TCPEXT = _words("""
    SyncookiesSent SyncookiesRecv SyncookiesFailed EmbryonicRsts PruneCalled RcvPruned OfoPruned OutOfWindowIcmps
    LockDroppedIcmps ArpFilter TW TWRecycled TWKilled PAWSPassive PAWSActive PAWSEstab DelayedACKs DelayedACKLocked
    DelayedACKLost ListenOverflows ListenDrops TCPTimeouts TCPTimeWaitOverflow TCPReqQFullDoCookies TCPReqQFullDrop
    TCPChallengeACK TCPSYNChallenge TCPSynRetrans TCPACKSkippedPAWS TCPACKSkippedTimeWait
""")
_TCP = _words("""
    RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs
    RetransSegs InErrs OutRsts InCsumErrors
""")
_TCP_START = {
    'RtoAlgorithm': 1,
    'RtoMin': 200,
    'RtoMax': 120000,
    'MaxConn': -1,
    'PassiveOpens': 2700000,
    'InSegs': 29000000,
    'OutSegs': 25000000,
}
_SYSCTLS = {
    'net.ipv4.tcp_timestamps': '1',
    'net.ipv4.tcp_tw_reuse': '0',
    'net.ipv4.tcp_fin_timeout': '60',
    'net.ipv4.tcp_rfc1337': '0',
    'net.ipv4.tcp_max_tw_buckets': '65536',
    'net.ipv4.tcp_syncookies': '1',
    'net.ipv4.tcp_abort_on_overflow': '0',
    'net.ipv4.ip_local_port_range': '32768\t60999',
    'net.ipv4.ip_local_reserved_ports': '',
    'net.core.somaxconn': '1024',
}
HOST_INODE = 4026531957


def _line(group: str, names: tuple[str, ...], values: dict[str, int]) -> str:
    numbers = ' '.join(str(values.get(name, 0)) for name in names)
    return '%s: %s\n%s: %s\n' % (group, ' '.join(names), group, numbers)


def counters(tcpext: dict[str, int], tcp: dict[str, int] | None = None) -> dict[str, str]:
    """Files below proc/net/ (or proc/PID/net/)."""
    return {
        'netstat': _line('TcpExt', _TCPEXT, tcpext),
        'snmp': _line('Tcp', _TCP, {**_TCP_START, **(tcp or {})}),
        'sockstat': 'sockets: used 120\nTCP: inuse 12 orphan 0 tw 4 alloc 14 mem 2\nUDP: inuse 2 mem 0\n',
    }


def sysctls(values: dict[str, str]) -> dict[str, str]:
    """Files below proc/sys/."""
    return {'proc/sys/' + key.replace('.', '/'): value + '\n' for key, value in values.items()}


def node(release: str, values: dict[str, str], tcpext: dict[str, int], uptime: float = 86400.0) -> dict[str, str]:
    """A node alone: kernel, sysctls, counters of its own namespace (process 1)."""
    boot = str(uuid.uuid5(uuid.NAMESPACE_DNS, release))
    tree = {
        'SYNTHETIC': 'Made by tests/fleet/trees.py, not captured from a machine.\n',
        'proc/uptime': '%.2f %.2f\n' % (uptime, uptime * 1.9),
        'proc/version': 'Linux version %s (builder@localhost) (gcc version 4.8.5) #1 SMP Mon Jan 1 00:00:00 UTC 2018\n'
        % release,
        'proc/sys/kernel/osrelease': release + '\n',
        'proc/sys/kernel/random/boot_id': boot + '\n',
        'proc/1/ns/net': 'net:[%d]\n' % HOST_INODE,
        'proc/1/cgroup': '1:name=systemd:/init.scope\n',
        'proc/1/stat': _stat(1, 'systemd', 2),
        **sysctls({**_SYSCTLS, **values}),
    }
    for where in ('proc/net/', 'proc/1/net/'):
        tree.update((where + name, text) for name, text in counters(tcpext).items())
    return tree


def _stat(pid: int, name: str, start: int) -> str:
    return '%d (%s) S 0 %d %d 0 -1 4194560 %s %d 0 0\n' % (pid, name, pid, pid, ' '.join(['0'] * 12), start)


def container(pid: int, inode: int, cgroup: str, values: dict[str, str], tcpext: dict[str, int]) -> dict[str, str]:
    """One process in a namespace of its own; ``values`` are the keys that exist in it and no others."""
    tree = {
        'proc/%d/ns/net' % pid: 'net:[%d]\n' % inode,
        'proc/%d/cgroup' % pid: cgroup,
        'proc/%d/stat' % pid: _stat(pid, 'app', 5000 + pid),
    }
    tree.update(('proc/%d/net/%s' % (pid, name), text) for name, text in counters(tcpext).items())
    tree.update(('namespaces/%d/%s' % (inode, path), text) for path, text in sysctls(values).items())
    return tree


def later(tree: dict[str, str], seconds: float, changed: dict[str, str]) -> dict[str, str]:
    """``tree`` with a later look at it under sample2/, in which the files ``changed`` read otherwise."""
    uptime = float(tree['proc/uptime'].split()[0]) + seconds
    second = {
        path: text for path, text in tree.items() if path.startswith('proc/') and not path.startswith('proc/sys/net')
    }
    second.update(changed)
    second['proc/uptime'] = '%.2f %.2f\n' % (uptime, uptime * 1.9)
    return {**tree, **{'sample2/' + path: text for path, text in second.items()}}


def below(directory: str, tree: dict[str, str]) -> dict[str, str]:
    return {'%s/%s' % (directory.strip('/'), path): text for path, text in tree.items()}
