# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counters out of `netstat -s`, for captures that have nothing better (net-tools statistics.c, 1.60 to 2.10).

The program hides what is 0, has sentences for some counters, and prints the others as `Name: N`. Its sentences were
spelled differently over the years; "time stamp" in two words is PAWSPassive, "timestamp" in one PAWSEstab.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Malformed

SENTENCES = {
    'TcpExt': {
        'passive connections rejected because of time stamp': 'PAWSPassive',
        'active connections rejected because of time stamp': 'PAWSActive',
        'packets rejects in established connections because of timestamp': 'PAWSEstab',  # until 2015
        'packetes rejected in established connections because of timestamp': 'PAWSEstab',  # until 2019
        'packets rejected in established connections because of timestamp': 'PAWSEstab',
        'SYNs to LISTEN sockets ignored': 'ListenDrops',  # until 2003
        'SYNs to LISTEN sockets dropped': 'ListenDrops',
        'times the listen queue of a socket overflowed': 'ListenOverflows',
        'TCP sockets finished time wait in fast timer': 'TW',
        'TCP sockets finished time wait in slow timer': 'TWKilled',  # until 2015, then as a name
        'time wait sockets recycled by time stamp': 'TWRecycled',
        'resets received for embryonic SYN_RECV sockets': 'EmbryonicRsts',
        'SYN cookies sent': 'SyncookiesSent',
        'SYN cookies received': 'SyncookiesRecv',
        'invalid SYN cookies received': 'SyncookiesFailed',
    },
    'Tcp': {
        'active connections openings': 'ActiveOpens',  # until 2015
        'active connection openings': 'ActiveOpens',
        'passive connection openings': 'PassiveOpens',
        'failed connection attempts': 'AttemptFails',
        'connection resets received': 'EstabResets',
        'connections established': 'CurrEstab',
        'segments received': 'InSegs',
        'segments send out': 'OutSegs',  # until 2015
        'segments sent out': 'OutSegs',
        'segments retransmited': 'RetransSegs',  # until 2015
        'segments retransmitted': 'RetransSegs',
        'bad segments received': 'InErrs',
        'resets sent': 'OutRsts',
    },
}
# (counter, first and last kernel that surely has it): where the text has none of it, it is 0. net/ipv4/proc.c
# snmp4_net_list of 2.6.32, 3.10, 4.1, 4.11, 4.12 and 6.18.
HIDDEN = (
    ('PAWSPassive', [2, 6], [4, 11]), ('PAWSEstab', [2, 6], None), ('TW', [2, 6], None), ('TWKilled', [2, 6], None),
    ('TWRecycled', [2, 6], None), ('ListenDrops', [2, 6], None), ('ListenOverflows', [2, 6], None),
    ('TCPTimeWaitOverflow', [3, 10], None), ('TCPReqQFullDrop', [3, 10], None), ('TCPReqQFullDoCookies', [3, 10], None),
    ('IPReversePathFilter', [3, 10], None), ('TCPACKSkippedTimeWait', [4, 1], None), ('PAWSTimewait', [6, 18], None))
DIGITS, MOST_DIGITS = '0123456789', 20
WORD = 2 ** 32


def parse_netstat(text, version):
    """{'TcpExt': {name: int}, 'Tcp': {name: int}}, a group only where the text has it whole. Raises Malformed.

    version: the kernel's [major, minor, patch] or None; without it what is not printed is not taken for 0.
    """
    groups, last = _sections(text)
    if not groups:
        raise Malformed('not the output of netstat -s')
    if not text.endswith(u'\n') and last in groups:
        del groups[last]  # cut off, or nobody can tell that it is not
    if 'TcpExt' in groups and version is not None:
        for name, first, end in HIDDEN:
            if first <= version[:2] and (end is None or version[:2] <= end):
                groups['TcpExt'].setdefault(name, 0)
    return groups


def _sections(text):
    """({group: {name: int}}, the last section's name)."""
    groups, section = {}, None
    for line in text.split(u'\n'):
        if line[:1].strip():
            section = line.strip().rstrip(u':')
            if section in SENTENCES:
                groups.setdefault(section, {})
        elif section in SENTENCES:
            name, count = _count(line.split(), SENTENCES[section])
            if name is not None:
                groups[section][name] = count
    return groups, section


def _count(words, sentences):
    """(name, number) of a line, (None, None) where it has none that is known."""
    if len(words) == 2 and words[0].endswith(u':'):
        name, number = words[0][:-1], words[1]
    else:
        name, number = sentences.get(u' '.join(words[1:]).rstrip(u'.')), u''.join(words[:1])
    digits = number.lstrip(u'-')
    if name is None or digits.strip(DIGITS) or not 0 < len(digits) <= MOST_DIGITS:
        return None, None
    # Before 2011 an int: a raw counter of more than 31 bits is printed as a negative number.
    return name, int(number) % WORD if number.startswith(u'-') else int(number)
