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
from .natural import natural

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


def parse_groups(text, wanted=None, chosen=None, layouts=None):
    """{group: {name: int}} of /proc/net/netstat or /proc/net/snmp (net/ipv4/proc.c netstat_seq_show()).

    The file is pairs of lines, names then values, each starting with the group. A kernel may print several lines
    of one group. Where one group is wanted, the values of others are not looked at; where names are chosen, those of
    other names. layouts: a dict that the caller keeps from one namespace to the next, whose names are the same. Raises
    Malformed where a pair does not match, a value is no count, or nothing is there.
    """
    groups, layouts = {}, {} if layouts is None else layouts
    if not text.strip():
        raise Malformed('empty')
    lines = text.split('\n')
    if lines[-1] != '':
        raise Malformed('cut off: the last line does not end')
    lines.pop()
    if len(lines) % 2:
        raise Malformed('%d lines, not pairs of a line of names and a line of values' % len(lines))
    for number in range(0, len(lines), 2):
        names, values = lines[number], lines[number + 1]
        head, count, columns = layouts.get(names) or layouts.setdefault(names, _layout(names, wanted, chosen))
        sound = head.endswith(':')
        if sound and columns is None and values.startswith(head + ' ') and values.count(' ') == count:
            continue
        words = values.split()
        if not sound or words[:1] != [head]:
            raise Malformed('line %d: not a line of names followed by its values' % (number + 1))
        group = head[:-1]
        if len(words) != count + 1:
            raise Malformed('%s: %d names but %d values' % (group, count, len(words) - 1))
        if columns is not None:
            groups.setdefault(group, {}).update(_counts(group, [(name, words[place]) for name, place in columns]))
    return groups


def _layout(line, wanted, chosen):
    """(first word, number of names, [(name, place)] of those that are read or None for another group) of a line."""
    names = line.split() or ['']
    if wanted is not None and names[0] != wanted + ':':
        return names[0], len(names) - 1, None
    places = dict((name, place) for place, name in enumerate(names))
    if len(places) != len(names):
        raise Malformed('%s a name stands twice' % names[0])
    return names[0], len(names) - 1, [(name, places[name]) for name in (names[1:] if chosen is None else chosen)
                                      if name in places]


def _counts(group, pairs):
    """(name, int) of (name, text)."""
    values = [value for _name, value in pairs]
    # A node with many namespaces has thousands: those that certainly are counts are told in a few steps.
    if values and max(map(len, values)) < MOST_DIGITS and not ''.join(values).strip(DIGITS):
        return [(name, int(value)) for name, value in pairs]
    return [(name, _count(group, name, value)) for name, value in pairs]


def _count(group, name, value):
    digits = value[1:] if name in SIGNED and value.startswith('-') else value
    if digits.strip(DIGITS) or not 0 < len(digits) <= MOST_DIGITS:
        raise Malformed('%s %s: %.24r is not a count' % (group, name, value))
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
    extended = groups.get('TcpExt', {})
    for part, whole_group, whole, factor in PARTS + (PAWS_IN_DROPS if _drops_hold_paws(version) else ()):
        counted = extended.get(part, 0)
        if counted <= SLACK:
            continue
        limit = groups.get(whole_group, {}).get(whole)
        if limit is not None and counted > factor * limit + SLACK:
            return 'TcpExt', '%s %d exceeds %s %d, of which it is a part: names and values are shifted' % (
                part, counted, whole, limit)
    return None


#: The names that implausible() goes by.
COMPARED = frozenset(['RtoAlgorithm']) | frozenset(
    name for part, _group, whole, _factor in PARTS + PAWS_IN_DROPS for name in (part, whole))


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
                result[name] = natural(pairs.get(name, ''))
                if result[name] is None:
                    raise Malformed('TCP line without a count of %s' % name)
            return result
    raise Malformed('no TCP line')


def parse_conntrack_stat(text, chosen):
    """{name: int} of the chosen names, summed over the CPUs of /proc/net/stat/nf_conntrack.

    A line of names, then one of hex values for each CPU. `entries` is the table's size, the same on each line
    (net/netfilter/nf_conntrack_standalone.c ct_cpu_seq_show()). Raises Malformed.
    """
    lines = [line.split() for line in text.split('\n') if line.strip()]
    if len(lines) < 2:
        raise Malformed('no line of values')
    names, totals = lines[0], {}
    columns = [(name, names.index(name)) for name in chosen if name in names]
    for values in lines[1:]:
        if len(values) != len(names):
            raise Malformed('%d names but %d values' % (len(names), len(values)))
        for name, column in columns:
            try:
                count = int(values[column], 16) if len(values[column]) <= 16 else None
            except ValueError:
                count = None
            if count is None or count < 0:
                raise Malformed('%s: %.24r is not a hexadecimal count' % (name, values[column]))
            totals[name] = count if name == 'entries' else totals.get(name, 0) + count
    return totals
