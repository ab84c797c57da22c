# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counters in pasted text: `netstat -s`, the pairs of lines of /proc/net/netstat and snmp, nstat and its JSON."""

import json
import re

from ...module_utils._node.errors import Malformed
from ...module_utils._node.parsers.counters import implausible, parse_groups
from ...module_utils._node.parsers.netstat_text import SENTENCES
from .._text.values import words
from .reading import NSTAT, PHRASES, SAMPLES_MAX, TABLE, Reading, Sample, Scope
from .shell import Context

GROUPS = ('Tcp', 'TcpExt')
#: Counters without a sentence that are taken where their section's title was not pasted.
_KNOWN = re.compile(
    r'^(?:TCP|PAWS|TW|Listen|Syncookies|IPReversePathFilter|TSEcr|BeyondWindow|EmbryonicRsts|Prune)\w*$'
)
_SECTION = re.compile(r'^(Ip|Icmp|IcmpMsg|Tcp|Udp|UdpLite|TcpExt|IpExt|Ip6|Icmp6|Udp6|UdpLite6|MPTcpExt|Sctp):\s*$')
_RAW = re.compile(r'^(\w+)\s*[:=]\s*(-?\d{1,20})$')
_PAIR = re.compile(r'^(Ip|Icmp|IcmpMsg|Tcp|Udp|UdpLite|TcpExt|IpExt|MPTcpExt):\s+(\S.*)$')
_NSTAT = re.compile(
    r'^(Ip6|Ip|Icmp6|IcmpMsg|Icmp|TcpExt|Tcp|Udp6|UdpLite6|UdpLite|Udp|IpExt|MPTcpExt)(\w+)\s+(\d{1,20})(?:\s+-?[\d.]+)?$'
)
#: The only word of a line that stands for others.
_CUT: tuple[list[str], ...] = (['snip'], ['truncated'], ['省略'], ['略'])
_JSON = re.compile(r'\{\s*"kernel"\s*:\s*\{')
#: A sentence in the middle of prose: "it shows 826164 passive connections rejected because of time stamp".
_QUOTED = re.compile(r'(?<![\w.,])(\d{1,20}) (%s)' % '|'.join(map(re.escape, SENTENCES['TcpExt'])))
#: nstat that prints zeros and forgets nothing.
_ALL = re.compile(r'\bnstat +-(?:az|za)\b')
_FOREIGN = 3  # so many lines with numbers and no English in them: the output is a translation


#: The sentences of `netstat -s` (net-tools statistics.c, 2001 to 2.10): the node's own table has the counters that
#: rules use, here are the others that a pasted text has. N marks a number in the middle of a sentence.
NAMED: dict[str, str] = {
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
_PLACE = {phrase.split(' N ')[0]: (phrase.split(' N ')[1], name) for phrase, name in NAMED.items() if ' N ' in phrase}


def json_counters(text: str, at: Context, found: Reading) -> bool:
    """nstat -j: {"kernel": {"TcpExtPAWSPassive": 12, ...}}, once or several times."""
    decoder = json.JSONDecoder()
    for start in list(_JSON.finditer(text))[:SAMPLES_MAX]:
        try:
            values = decoder.raw_decode(text, start.start())[0]['kernel']
        except (ValueError, RecursionError):
            found.problem = found.problem or 'json'
            continue
        sample = _begin(found, at, NSTAT, 'json')
        found.is_form('nstat_json')
        for name, value in values.items():
            if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 64:
                _nstat_counter(sample, name, value)
    return bool(found.samples)


def _is_cut(text: str) -> bool:
    found = re.findall(r'\w+', text.lower())
    return found in _CUT if found else '...' in text or '…' in text


def counters(line: str, at: Context, found: Reading) -> bool:
    """Take a line that has counters."""
    text = line.strip()
    if found.samples and _is_cut(text):
        found.samples[-1].cut = True
        return True
    return (
        _table(text, at, found) or _columns(text, at, found) or _nstat(text, at, found) or _sentences(text, at, found)
    )


def note_silence(command: str, number: int, scope: Scope, found: Reading) -> None:
    """A command that printed nothing, as the next prompt shows: what it would have printed is 0, or does not exist."""
    kind = NSTAT if 'nstat ' in command else PHRASES if 'netstat -s' in command else ''
    if kind and '|' in command and len(found.samples) < SAMPLES_MAX:
        found.is_form('nstat' if kind == NSTAT else 'netstat_s')
        found.samples.append(
            Sample(kind, scope, command, number, zeros=kind == NSTAT and _ALL.search(command) is not None)
        )


def _begin(found: Reading, at: Context, kind: str, header: str = '', name: str = '') -> Sample:
    """The sample that a section or a counter belongs to: a new one where it would stand there twice."""
    mine = [each for each in found.samples[-8:] if each.kind == kind and each.scope.key() == at.scope.key()]
    last = mine[-1] if mine else None
    again = last is not None and (
        (header != '' and header in last.headers)
        or (name != '' and name in last.counters)
        or (last.number != at.number and last.command == at.command and at.command != '')
    )
    if last is None or again or len(found.samples) >= SAMPLES_MAX:
        last = Sample(kind, at.scope, at.command, at.number, at=at.clock)
        if len(found.samples) >= SAMPLES_MAX:
            found.samples.pop()
        found.samples.append(last)
    if header:
        last.headers.add(header)
    last.number = at.number
    return last


def _table(line: str, at: Context, found: Reading) -> bool:
    """The pairs of lines of /proc/net/netstat: names, then values."""
    pair = _PAIR.match(line)
    if not pair:
        return False
    names, at.pending = at.pending, line
    if not names.startswith(pair[1] + ':'):
        return pair[2][:1].isalpha()
    at.pending = ''
    found.is_form('proc_net')
    try:
        groups = parse_groups('%s\n%s\n' % (names, line))
        wrong = implausible(groups, found.version)
    except Malformed:
        wrong = (pair[1], '')
    if wrong is not None:
        found.problem = 'table'
        return True
    sample = _begin(found, at, TABLE, pair[1])
    sample.zeros = True
    for group, values in groups.items():
        if group in (*GROUPS, 'IpExt'):
            sample.tables[group] = frozenset(values)
            sample.counters.update(values)
    return True


def _columns(line: str, at: Context, found: Reading) -> bool:
    """Names and under them values, as awk prints columns of /proc/net/netstat: what counts are the names."""
    words = line.split()
    if not words or len(words) > 200:
        return False
    if all(_KNOWN.match(word) for word in words):
        at.pending = line
        return True
    names = at.pending.split()
    if len(names) != len(words) or ':' in at.pending or not all(word.isdecimal() and len(word) < 21 for word in words):
        return False
    at.pending = ''
    found.is_form('proc_net')
    sample = _begin(found, at, TABLE, name=names[0])
    sample.counters.update(zip(names, map(int, words), strict=True))
    return True


def _nstat(line: str, at: Context, found: Reading) -> bool:
    if line.startswith('#kernel'):
        found.is_form('nstat')
        _begin(found, at, NSTAT, '#kernel')
        return True
    whole = _NSTAT.match(line)
    if not whole:
        return False
    found.is_form('nstat')
    sample = _begin(found, at, NSTAT, name=_plain_name(whole[1] + whole[2]))
    _nstat_counter(sample, whole[1] + whole[2], int(whole[3]))
    return True


def _nstat_counter(sample: Sample, name: str, value: int) -> None:
    plain = _plain_name(name)
    if plain:
        sample.counters[plain] = value
        sample.zeros = sample.zeros or value == 0


def _plain_name(name: str) -> str:
    """The name without its group, '' for groups that are not TCP's."""
    for group in ('TcpExt', 'IpExt', 'Tcp'):
        if name.startswith(group):
            return name[len(group) :]
    return ''


def _sentences(line: str, at: Context, found: Reading) -> bool:
    section = _SECTION.match(line)
    if section:
        at.section = section[1]
        found.is_form('netstat_s')
        _begin(found, at, PHRASES, section[1])
        return True
    if at.section and at.section not in (*GROUPS, 'IpExt'):
        return _foreign(line, found)
    known = counter_of(line)
    raw = _RAW.match(line)
    if raw and (at.section or _KNOWN.match(raw[1])):
        known = raw[1], int(raw[2])
    quoted = _QUOTED.search(line[:2000]) if known is None else None
    if quoted:
        known = SENTENCES['TcpExt'][quoted[2]], int(quoted[1])
    if known is None:
        return bool(at.section) and _foreign(line, found)
    name, value = known
    found.is_form('netstat_s')
    sample = _begin(found, at, PHRASES, name=name)
    if value < 0:  # before 2011 an int: a raw counter of more than 31 bits is printed as a negative number
        found.negative = True
        value %= 1 << 32
    sample.counters[name] = value
    return True


def _foreign(line: str, found: Reading) -> bool:
    """A line of a section that is no counter of TCP: known to be of the output, or of a translation."""
    words = line.split(None, 1)
    if len(words) < 2:
        return False
    numbered = words[0].isdecimal() or (words[0].endswith(':') and words[1].strip().isdecimal())
    if words[0].isdecimal() and not is_english(words[1]):
        found.sign('foreign')
    return numbered


def is_translated(found: Reading) -> bool:
    """Whether the text is `netstat -s` in another language: nothing of it is believed."""
    foreign = found.signs.get('foreign', 0)
    ours = sum(len(sample.counters) for sample in found.samples if sample.kind == PHRASES)
    return foreign >= _FOREIGN and foreign > ours


def counter_of(line: str) -> tuple[str, int] | None:
    """(name, number) of a line that is a sentence with a number; None where it is none that is known."""
    words = line.split(None, 1)
    if len(words) == 2 and _is_number(words[0]):
        name = NAMED.get(' '.join(words[1].split()).rstrip('.'))
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
    return digits.isascii() and digits.isdecimal() and len(digits) <= 20
