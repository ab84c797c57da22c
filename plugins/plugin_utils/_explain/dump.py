# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets as tcpdump and tshark print them, as the segments that a capture file would give."""

import ipaddress
import re

from .._packets.handshakes import CLIENT, SERVER, Rejection
from .._packets.segment import ACK, FIN, INWARD, OUTWARD, RST, SYN, Event
from .reading import Reading
from .shell import Context

_TIME = re.compile(r'^(?:\d{4}-\d\d-\d\d )?(?:(\d\d):(\d\d):(\d\d\.?\d*)|(\d{1,10}\.\d+)) +')
_WAY = re.compile(
    r'^(?:[\w.@:-]+ +)?(In|Out|P|B|M) +(?:ifindex \d+ +)?(?:[0-9a-f:]{17} +)?'
    r'(?:ethertype \S+ \(0x\w+\), )?(?:length \d+: )?'
)
_ENDS = re.compile(r'(?:^|\s)(?:IP6? +)?([\w:.-]+)\.([\w-]+) > ([\w:.-]+)\.([\w-]+): (.*)$')
_FLAGS = re.compile(r'^Flags \[([A-Z.]+|none)\]')
_OLD_FLAGS = re.compile(r'^([SFRP]+|\.)(?: |$)')
_SEQ = re.compile(r'\bseq (\d{1,10})|\s(\d{1,10}):\d+\(')
_ACK = re.compile(r'\back (\d{1,10})')
_STAMP = re.compile(r'(?:TS val|timestamp|TSval[ =]) ?(\d{1,10})(?: ecr|,? TSecr=| )? ?(\d{1,10})?')
_LENGTH = re.compile(r'\blength (\d{1,9})|\((\d{1,9})\)')
_SHARK = re.compile(r'^\s*\d+ +(\d+\.\d+) +([\w.:]+) +(?:→|->) +([\w.:]+) +TCP +\d+ +(.*)$')
_SHARK_PORTS = re.compile(r'(\d+) +(?:→|->|>) +(\d+) +\[([A-Z, ]+)\]')
_ICMP = re.compile(
    r'(?:IP6? +)?([\w:.]+) > ([\w:.]+): ICMP6?,? (?:host )?([\w:.]+)?.*?(?:unreachable|prohibited|time exceeded)'
)
_CAPTURED = re.compile(r'^(\d+) packets? captured')
SERVICES = {
    'http': 80,
    'https': 443,
    'ssh': 22,
    'mysql': 3306,
    'http-alt': 8080,
    'webcache': 8080,
    'redis': 6379,
    'smtp': 25,
}
EVENTS_MAX = 500000
_BITS = {'S': SYN, 'F': FIN, 'R': RST, '.': ACK}


class Dump:
    """The packets of a text, in its order. A long form (tcpdump -v) has the time on the line before the ends."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.rejections: list[Rejection] = []
        self.captured: int | None = None
        self.hint = ''  # what stands before the first packet: a command, its prompt, a heading
        self._clock = 0.0
        self._way: int | None = None

    def take(self, line: str, at: Context, found: Reading) -> bool:
        """Take a line that is a packet, or tells how many there were."""
        if len(self.events) >= EVENTS_MAX or len(line) > 4000:
            return False
        captured = _CAPTURED.match(line.strip())
        if captured:
            self.hint = self.hint or _hint(at)
            self.captured = int(captured[1][:9])
            found.is_form('tcpdump')
            return True
        taken = self._shark(line, found) or self._tcpdump(line, found)
        if taken and not self.hint:
            self.hint = _hint(at)
        return taken

    def _tcpdump(self, line: str, found: Reading) -> bool:
        time = _TIME.match(line)
        text = line[time.end() :] if time else line
        if time:
            self._clock = float(time[4]) if time[4] else int(time[1]) * 3600 + int(time[2]) * 60 + float(time[3])
            way = _WAY.match(text)
            self._way = {'In': INWARD, 'Out': OUTWARD}.get(way[1]) if way else None
            text = text[way.end() :] if way else text
        if (not time and not line[:1].isspace() and not text.startswith('IP')) or ' > ' not in text[:200]:
            return bool(time) and text.startswith(('IP (', 'IP6 (', 'ARP'))
        rejection = _ICMP.search(text[:400]) if 'ICMP' in text and ' udp ' not in text else None
        if rejection:
            return self._rejected(rejection, found)
        ends = _ENDS.search(text[:1000])
        return bool(ends and self._segment(ends, found))

    def _segment(self, ends: re.Match[str], found: Reading) -> bool:
        rest = ends[5]
        flags = _FLAGS.match(rest) or _OLD_FLAGS.match(rest)
        source, destination = _address(ends[1]), _address(ends[3])
        ports = _port(ends[2]), _port(ends[4])
        if not flags or source is None or destination is None or None in ports:
            return False
        found.is_form('tcpdump')
        bits = 0
        for letter in flags[1]:
            bits |= _BITS.get(letter, 0)
        acknowledged = _ACK.search(rest)
        if acknowledged:
            bits |= ACK
        seq, stamp, length = _SEQ.search(rest), _STAMP.search(rest), _LENGTH.search(rest)
        both = source, ports[0] or 0, destination, ports[1] or 0
        numbers = _number(seq), int(acknowledged[1]) if acknowledged else 0
        stamps = int(stamp[1]) if stamp else None, int(stamp[2]) if stamp and stamp[2] else None
        size = 0 if bits & SYN else _number(length)
        way = OUTWARD if bits & SYN and ' (incorrect ' in rest else self._way  # the sender's card fills it in
        self.events.append((self._clock, *both, bits, *numbers, *stamps, size, way))
        return True

    def _shark(self, line: str, found: Reading) -> bool:
        """tshark and Wireshark: numbers are relative, so the SYNs of one pair of ends are one attempt."""
        whole = _SHARK.match(line)
        inner = _SHARK_PORTS.search(whole[4]) if whole else None
        source, destination = (_address(whole[2]), _address(whole[3])) if whole else (None, None)
        if not whole or not inner or source is None or destination is None:
            return False
        found.is_form('tcpdump')
        self._clock, self._way = float(whole[1]), None
        bits = sum(bit for name, bit in (('SYN', SYN), ('FIN', FIN), ('RST', RST), ('ACK', ACK)) if name in inner[3])
        stamp, size = re.search(r'TSval=(\d{1,10})', whole[4]), re.search(r'Len=(\d{1,9})', whole[4])
        both = source, int(inner[1][:5]), destination, int(inner[2][:5])
        answered, stamped = 1 if bits & ACK else 0, int(stamp[1]) if stamp else None
        self.events.append((self._clock, *both, bits, 0, answered, stamped, None, int(size[1]) if size else 0, None))
        return True

    def _rejected(self, one: re.Match[str], found: Reading) -> bool:
        client, server = _address(one[2]), _address(one[3] or one[1])
        found.is_form('tcpdump')
        if client is not None and server is not None:
            self.rejections.append(Rejection(self._clock, client, server, None))
            found.sign('icmp_reject')
        return True


def hinted_side(name: str, hint: str) -> str:
    """What a file's name, or what stands before the first packet, says of the side; '' where it names both or none."""
    words = set(re.split(r'[^a-z]+', (name.rpartition('/')[2] + ' ' + hint).lower()))
    sides = [side for side in (CLIENT, SERVER) if side in words]
    return sides[0] if len(sides) == 1 else ''


def _hint(at: Context) -> str:
    return ' '.join((at.scope.name, at.command, at.previous)) or ' '


def _number(found: re.Match[str] | None) -> int:
    return int(found[1] or found[2]) if found else 0


def _address(text: str) -> bytes | None:
    try:
        return ipaddress.ip_address(text.rstrip(',:')).packed
    except ValueError:
        # A name stands for itself: only whether two are the same counts. Sixteen bytes are read as an address of IPv6.
        return text.encode()[:15].ljust(16, b'\0') if re.fullmatch(r'[A-Za-z][\w.-]*', text) else None


def _port(text: str) -> int | None:
    if text.isdecimal():
        return int(text[:6])
    return SERVICES.get(text, sum(text.encode()) + 65536 if re.fullmatch(r'[a-z][\w-]*', text) else None)
