# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sockets in pasted text: `ss -s`, lists of sockets of ss and netstat, counts by state, and sockstat."""

import collections
import re

from .._text.values import words
from .dump import SERVICES
from .reading import Reading
from .shell import Context

#: States as ss and netstat spell them, in the words of ss.
STATES = {
    name: 'ESTAB' if name == 'ESTABLISHED' else name.replace('_', '-')
    for name in words(
        'LISTEN ESTAB ESTABLISHED SYN-SENT SYN_SENT SYN-RECV SYN_RECV FIN-WAIT-1 FIN_WAIT1 FIN-WAIT-2 '
        'FIN_WAIT2 TIME-WAIT TIME_WAIT CLOSE CLOSED UNCONN CLOSE-WAIT CLOSE_WAIT LAST-ACK LAST_ACK CLOSING'
    )
}
_SUMMARY = re.compile(r'^TCP:\s+\d+ \((estab \d+, .*)\)')
_IN_SUMMARY = re.compile(r'(synrecv|timewait|estab|orphaned) (\d{1,12})')
_COUNT = re.compile(r'^\s*(\d{1,12})\s+([A-Z][A-Z_0-9-]+)$|^([A-Z][A-Z_0-9-]+)\s+(\d{1,12})$')
_SOCKSTAT = re.compile(r'^TCP: inuse \d+ orphan \d+ tw (\d{1,12}) alloc')
_PORT = re.compile(r'[:.]([\w-]{1,32})$')
_ASKED = re.compile(r'TIME[-_]WAIT|SYN[-_]RECV', re.I)
PEERS_MAX = 100000


class Sockets:
    """The lines of a text that are sockets, counted."""

    def __init__(self) -> None:
        self.counts: collections.Counter[str] = collections.Counter()
        self.services: collections.Counter[tuple[str, str]] = collections.Counter()
        self.listed = False

    def take(self, line: str, at: Context, found: Reading) -> bool:
        """Take a line that is a socket, or a count of them."""
        return (
            _summary(line.strip(), found) or _counted(line.strip(), at, found) or self._socket(line.split(), at, found)
        )

    def finish(self, found: Reading) -> None:
        """Give what was counted to the reading."""
        for state, count in self.counts.items():
            found.states[state] = max(found.states.get(state, 0), count)
        if self.services:
            found.to_one = max(self.services.values())

    def _socket(self, words: list[str], at: Context, found: Reading) -> bool:
        """ss: [netid] STATE recv send local peer; netstat: proto recv send local peer STATE."""
        if words[:2] in (['State', 'Recv-Q'], ['Netid', 'State'], ['Recv-Q', 'Send-Q']) or words[:1] == ['Proto']:
            found.is_form('sockets')
            at.section = 'listening' if words[0] == 'Recv-Q' else at.section
            return True
        if words[:1] in (['tcp'], ['tcp6']) and len(words) >= 6 and words[1].isdecimal() and words[5] in STATES:
            return self._taken(STATES[words[5]], words[1:5], None, found)
        words = words[1:] if words[:1] == ['tcp'] else words
        if len(words) >= 5 and words[0] in STATES and words[1].isdecimal() and words[2].isdecimal():
            return self._taken(STATES[words[0]], words[1:5], int(words[2][:12]), found)
        if at.section == 'listening' and len(words) >= 4 and words[0].isdecimal() and words[1].isdecimal():
            return self._taken('LISTEN', words[:4], int(words[1][:12]), found)
        return False

    def _taken(self, state: str, rest: list[str], limit: int | None, found: Reading) -> bool:
        """rest: received, sent, local and peer."""
        found.is_form('sockets')
        self.counts[state] += 1
        port = _PORT.search(rest[2])
        if state == 'LISTEN' and port:
            waiting, name = int(rest[0][:12]), str(SERVICES.get(port[1], port[1]))
            known = found.listen.get(name)
            if known is None or waiting - (limit or 0) > known[0] - (known[1] or 0):
                found.listen[name] = waiting, limit
        if state == 'TIME-WAIT' and len(self.services) < PEERS_MAX:
            self.services[rest[2].rpartition(':')[0], rest[3]] += 1
        return True


def _summary(line: str, found: Reading) -> bool:
    """The TCP line of ss -s (iproute2 4: synrecv, timewait 2/0; 5 and later: timewait 2), sockstat, and counts."""
    whole = _SUMMARY.match(line)
    if whole:
        found.is_form('ss_s')
        names = {'timewait': 'TIME-WAIT', 'synrecv': 'SYN-RECV', 'estab': 'ESTAB'}
        for name, count in _IN_SUMMARY.findall(whole[1]):
            if name in names:
                found.states[names[name]] = int(count)
        return True
    printed = _SOCKSTAT.match(line)
    if printed:
        found.is_form('sockstat')
        found.states['TIME-WAIT'] = int(printed[1])
        return True
    count = _COUNT.match(line)
    name = (count[2] or count[3]) if count else None
    if count and name in STATES:
        found.is_form('sockets')
        found.states[STATES[name]] = int(count[1] or count[4])
        return True
    return bool(re.match(r'^(?:Total: \d+|Transport +Total|(?:RAW|UDP|TCP|INET|FRAG|\*)\s+\d+\s+\d+)', line))


def _counted(line: str, at: Context, found: Reading) -> bool:
    """The number under `... | grep TIME_WAIT | wc -l`, or `grep -c`."""
    asked = _ASKED.search(at.command)
    if not asked or not line.isdecimal() or len(line) > 12 or not ('wc -l' in at.command or 'grep -c' in at.command):
        return False
    found.is_form('sockets')
    found.states[asked[0].upper().replace('_', '-')] = int(line)
    return True
