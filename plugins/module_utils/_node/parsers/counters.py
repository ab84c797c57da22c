# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counters as /proc/net/netstat, snmp, sockstat and stat/nf_conntrack print them, read by name.

Columns come and go between kernels (4.12 dropped PAWSPassive, 6.18 added four names), so nothing here knows a column
number. Absent is not zero: a name that the kernel does not print is not in the result.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Malformed

# (part, group and name of the whole, factor): the kernel counts the TcpExt part only after or together with the whole.
# A column shift moves a large value under the name of a part whose whole stays small. The two are not counted in one
# instant, hence SLACK; the factor leaves room for vendors and for several parts to one whole.
PARTS = (
    ('TCPSackRecoveryFail', 'TcpExt', 'TCPSackRecovery', 4),  # tcp_timer.c tcp_retransmit_timer()
    ('TCPRenoRecoveryFail', 'TcpExt', 'TCPRenoRecovery', 4),
    ('TCPLossProbeRecovery', 'TcpExt', 'TCPLossProbes', 4),  # tcp_input.c tcp_process_tlp_ack()
    ('ListenOverflows', 'TcpExt', 'ListenDrops', 4),  # tcp_ipv4.c tcp_v4_syn_recv_sock()
    ('TCPFromZeroWindowAdv', 'TcpExt', 'TCPToZeroWindowAdv', 4),  # tcp_output.c tcp_select_window()
    ('TCPHystartTrainDetect', 'TcpExt', 'TCPHystartTrainCwnd', 4),  # tcp_cubic.c hystart_update()
    ('TCPHystartDelayDetect', 'TcpExt', 'TCPHystartDelayCwnd', 4),
    ('TCPSynRetrans', 'Tcp', 'RetransSegs', 4),  # tcp_output.c tcp_retransmit_skb(), tcp_rtx_synack()
    ('PAWSEstab', 'Tcp', 'InSegs', 1),
    ('PAWSPassive', 'Tcp', 'InSegs', 1),
    ('ListenDrops', 'Tcp', 'InSegs', 1),
    ('TCPPureAcks', 'Tcp', 'InSegs', 1),
    ('TCPHPHits', 'Tcp', 'InSegs', 1),
)
PAWS_IN_DROPS = (('PAWSPassive', 'TcpExt', 'ListenDrops', 1),)
SLACK = 16

COUNTER_MAX = 2 ** 64
DIGITS, MOST_DIGITS = '0123456789', 20
SIGNED = frozenset(['MaxConn'])  # the only signed value of the Tcp group, RFC 4022 tcpMaxConn: -1 is "dynamic"
RTO_ALGORITHMS = (1, 2, 3, 4, 5)  # RFC 4022 tcpRtoAlgorithm


def parse_groups(text, wanted=None):
    """{group: {name: int}} of /proc/net/netstat or /proc/net/snmp (net/ipv4/proc.c netstat_seq_show()).

    The file is pairs of lines, names then values, each starting with the group. A kernel may print several lines
    of one group. Where one group is wanted, the values of others are not looked at. Raises Malformed where a pair does
    not match, a value is no count, or nothing is there.
    """
    groups = {}
    if not text.strip():
        raise Malformed('empty')
    lines = text.split('\n')
    if lines[-1] != '':
        raise Malformed('cut off: the last line does not end')
    lines.pop()
    if len(lines) % 2:
        raise Malformed('%d lines, not pairs of a line of names and a line of values' % len(lines))
    for number in range(0, len(lines), 2):
        if wanted is not None and _passed_over(lines[number], lines[number + 1], wanted):
            continue
        names, values = lines[number].split(), lines[number + 1].split()
        if not names or not names[0].endswith(':') or values[:1] != names[:1]:
            raise Malformed('line %d: not a line of names followed by its values' % (number + 1))
        group = names[0][:-1]
        if len(names) != len(values):
            raise Malformed('%s: %d names but %d values' % (group, len(names) - 1, len(values) - 1))
        if len(set(names)) != len(names):
            raise Malformed('%s: a name stands twice' % group)
        counters = groups.setdefault(group, {})
        if _plain(values[1:]):
            counters.update(zip(names[1:], map(int, values[1:])))
        else:
            counters.update((name, _count(group, name, value)) for name, value in zip(names[1:], values[1:]))
    return groups


def _passed_over(names, values, wanted):
    """Whether this certainly is a sound pair of lines of another group: a node with many namespaces has thousands."""
    head = names.partition(' ')[0]
    return (head.endswith(':') and head[:-1] != wanted and values.startswith(head + ' ')
            and names.count(' ') == values.count(' '))


def _plain(values):
    """Whether all of them certainly are counts, in a few steps: a node with many namespaces has 300 values in each."""
    return bool(values) and max(map(len, values)) < MOST_DIGITS and not ''.join(values).strip(DIGITS)


def _count(group, name, value):
    digits = value[1:] if name in SIGNED and value.startswith('-') else value
    if digits.strip(DIGITS) or not 0 < len(digits) <= MOST_DIGITS:
        raise Malformed('%s %s: %.24r is no count' % (group, name, value))
    number = int(value)
    if number >= COUNTER_MAX:
        raise Malformed('%s %s: %d does not fit a counter' % (group, name, number))
    return number


def implausible(groups, version):
    """(group, sentence) why these counters cannot be what a kernel counted, or None.

    groups as of parse_groups(), version the kernel's [major, minor, patch] or None. Equal numbers of names and values
    do not prove that they belong together: a list shifted by one column has them too. What the kernel counts only
    together with something else gives the shift away.
    """
    algorithm = groups.get('Tcp', {}).get('RtoAlgorithm', 1)
    if algorithm not in RTO_ALGORITHMS:
        return 'Tcp', 'RtoAlgorithm is %d: names and values are shifted' % algorithm
    for part, whole_group, whole, factor in PARTS + (PAWS_IN_DROPS if _drops_hold_paws(version) else ()):
        counted = groups.get('TcpExt', {}).get(part)
        limit = groups.get(whole_group, {}).get(whole)
        if counted is not None and limit is not None and counted > factor * limit + SLACK:
            return 'TcpExt', '%s %d exceeds %s %d, of which it is a part: names and values are shifted' % (
                part, counted, whole, limit)
    return None


def _drops_hold_paws(version):
    """From 3.10 (EL7) to 4.11 tcp_conn_request() counts each PAWS drop in ListenDrops too; EL6's 2.6.32 does not."""
    return bool(version) and [3, 10] <= version[:2] <= [4, 11]


def parse_sockstat(text):
    """{'tw', 'inuse', 'orphan', 'alloc': int} of the TCP line of /proc/net/sockstat (net/ipv4/proc.c).

    tw is the number of the whole node up to 4.10 whatever the namespace. Raises Malformed.
    """
    for line in text.split('\n'):
        words = line.split()
        if words[:1] == ['TCP:']:
            pairs = dict(zip(words[1::2], words[2::2]))
            result = {}
            for name in ('inuse', 'orphan', 'tw', 'alloc'):
                if not pairs.get(name, '').isdigit():
                    raise Malformed('TCP line without a count of %s' % name)
                result[name] = int(pairs[name])
            return result
    raise Malformed('no TCP line')


def parse_conntrack_stat(text):
    """{name: int} summed over the CPUs of /proc/net/stat/nf_conntrack: names, then a line of hex values for each CPU.

    `entries` is the table's size, the same on each line (net/netfilter/nf_conntrack_standalone.c ct_cpu_seq_show()).
    Raises Malformed.
    """
    lines = [line.split() for line in text.split('\n') if line.strip()]
    if len(lines) < 2:
        raise Malformed('no line of values')
    names, totals = lines[0], {}
    for values in lines[1:]:
        if len(values) != len(names):
            raise Malformed('%d names but %d values' % (len(names), len(values)))
        for name, value in zip(names, values):
            try:
                count = int(value, 16)
            except ValueError:
                raise Malformed('%s: %.24r is no hexadecimal count' % (name, value))
            totals[name] = count if name == 'entries' else totals.get(name, 0) + count
    return totals
