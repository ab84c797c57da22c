# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences of `netstat -s` in all versions of net-tools, and how to tell that they are nobody's English.

The node's own table (netstat_text.py) has the counters that rules use; here are the others that a pasted text has
(net-tools statistics.c, 2001 to 2.10). What is printed in the middle of a sentence is marked by N.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers.netstat_text import SENTENCES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.values import words

PHRASES: dict[str, str] = {
    **SENTENCES['Tcp'],
    **SENTENCES['TcpExt'],
    'Quick ack mode was activated N times': 'DelayedACKLost',
    'Detected reordering N times using SACK': 'TCPSACKReorder',
    'Detected reordering N times using FACK': 'TCPFACKReorder',
    'Detected reordering N times using reno fast retransmit': 'TCPRenoReorder',
    'Detected reordering N times using time stamp': 'TCPTSReorder',
    'delayed acks sent': 'DelayedACKs',
    'delayed acks further delayed because of locked socket': 'DelayedACKLocked',
    'packets pruned from receive queue because of socket buffer overrun': 'PruneCalled',
    'packets pruned from receive queue': 'RcvPruned',
    'packets dropped from out-of-order queue because of socket buffer overrun': 'OfoPruned',
    'ICMP packets dropped because they were out-of-window': 'OutOfWindowIcmps',
    'ICMP packets dropped because socket was locked': 'LockDroppedIcmps',
    'connections aborted due to timeout': 'TCPAbortOnTimeout',
    'connections reset due to unexpected SYN': 'TCPAbortOnSyn',
    'connections reset due to unexpected data': 'TCPAbortOnData',
    'connections reset due to early user close': 'TCPAbortOnClose',
    'connections aborted due to memory pressure': 'TCPAbortOnMemory',
    'times unabled to send RST due to no memory': 'TCPAbortFailed',
    'times unable to send RST due to no memory': 'TCPAbortFailed',
    'TCP ran low on memory N times': 'TCPMemoryPressures',
    'other TCP timeouts': 'TCPTimeouts',  # until 2015
}
#: Words of which each English line of netstat -s has one.
_ENGLISH = frozenset(
    words(
        'received packets packet segments connections connection sent dropped delivered requests times '
        'acknowledgments acks acknowledged reassembled reassemblies forwarded discarded messages errors '
        'fragments timeouts queue resets recovered retransmits sockets cookies reordering retransmissions '
        'header TCP ICMP SYNs DSACKs bytes'
    )
)
_PLACE = {phrase.split(' N ')[0]: (phrase.split(' N ')[1], name) for phrase, name in PHRASES.items() if ' N ' in phrase}


def counter_of(line: str) -> tuple[str, int] | None:
    """(name, number) of a line that is a sentence with a number; None where it is none that is known."""
    words = line.split(None, 1)
    if len(words) == 2 and _is_number(words[0]):
        name = PHRASES.get(' '.join(words[1].split()).rstrip('.'))
        return (name, int(words[0])) if name else None
    for before, (after, name) in _PLACE.items():
        if line.startswith(before):
            number, _blank, rest = line[len(before) :].strip().partition(' ')
            return (name, int(number)) if _is_number(number) and rest.strip().rstrip('.') == after else None
    return None


def is_english(line: str) -> bool:
    """Whether a line with a number has words of the English output."""
    return not _ENGLISH.isdisjoint(line.replace(':', ' ').replace('.', ' ').split())


def _is_number(word: str) -> bool:
    digits = word.removeprefix('-')
    return digits.isascii() and digits.isdigit() and len(digits) <= 20
