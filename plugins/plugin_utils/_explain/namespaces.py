# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counters of one namespace over the samples of a text: what is known of each, and how far it rose."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...module_utils._node.parsers.netstat_text import SENTENCES
from .._text.values import words
from .reading import NSTAT, PHRASES, TABLE, Reading, Sample
from .shell import shows

#: Seen with a number, hidden since it is 0, not a counter of this kernel, or not in the text.
SEEN, ZERO, GONE, UNSEEN = 'seen', 'zero', 'gone', 'unseen'
#: Counters that netstat -s prints after PAWSPassive: where one of them stands, it would have stood there too.
_AFTER = words(
    'PAWSEstab DelayedACKs DelayedACKLost ListenOverflows ListenDrops TCPHPHits TCPPureAcks TCPHPAcks '
    'TCPTimeouts TCPAbortOnTimeout TCPAbortOnData TCPRcvCoalesce TCPOrigDataSent TCPAutoCorking'
)
_WHOLE = 40  # so many names of TcpExt are a whole list
_GAUGES = ('CurrEstab', 'RtoMin', 'RtoMax', 'RtoAlgorithm', 'MaxConn')


@dataclass
class Namespace:
    """One namespace (kind, name): its samples of each form, the last of them with what it knows."""

    kind: str
    name: str
    samples: list[Sample] = field(default_factory=list)

    def last(self) -> list[Sample]:
        """The last sample of each form."""
        return list({sample.kind: sample for sample in self.samples}.values())

    def counters(self) -> dict[str, int]:
        """All counters, the later value; those since boot before those of an interval."""
        found: dict[str, int] = {}
        for sample in sorted(self.last(), key=lambda each: is_delta(each) is not True):
            found.update(sample.counters)
        return found

    def state(self, name: str) -> tuple[str, int]:
        """(SEEN, number), (ZERO, 0), (GONE, 0) or (UNSEEN, 0) of a counter."""
        states = [_state(sample, name) for sample in self.last()]
        return max(states, key=lambda each: (SEEN, GONE, ZERO, UNSEEN)[::-1].index(each[0]), default=(UNSEEN, 0))

    def pair(self) -> tuple[Sample, Sample] | None:
        """The first and the last sample of one form, where nothing fell between them: else they are of two systems."""
        for kind in (PHRASES, TABLE, NSTAT):
            mine = [sample for sample in self.samples if sample.kind == kind]
            if len(mine) > 1 and is_delta(mine[-1]) is not True and _grows(mine):
                return mine[0], mine[-1]
        return None

    def rise(self, name: str) -> int | None:
        """How far a counter rose between two samples; None where nobody can tell."""
        for sample in self.last():
            if is_delta(sample) and _interval_known(sample) and name in sample.counters:
                return sample.counters[name]
        pair = self.pair()
        if pair is None:
            return None
        (before, old), (after, new) = _state(pair[0], name), _state(pair[1], name)
        return new - old if {before, after} <= {SEEN, ZERO} else None


def namespaces(found: Reading) -> list[Namespace]:
    """The namespaces of a text in the order in which they come."""
    result: dict[tuple[str, str], Namespace] = {}
    for sample in found.samples:
        key = sample.scope.key()
        result.setdefault(key, Namespace(*key)).samples.append(sample)
    return list(result.values())


def is_delta(sample: Sample) -> bool | None:
    """Whether the numbers are since another look: nstat without -a. None where the command is not in the text."""
    if sample.kind != NSTAT:
        return False
    words = [word for word in sample.command.split('|')[0].split() if word.startswith('-')]
    if 'nstat' not in sample.command:
        return None
    letters = ''.join(word.lstrip('-')[:20] for word in words if not word.startswith('--'))
    return 'a' not in letters and '--ignore' not in words


def interval(found: Reading) -> float | None:
    """Seconds between the first and the last sample, by clocks in the text, else by the sleeps in its commands."""
    for one in namespaces(found):
        pair = one.pair()
        if pair is None:
            continue
        first, last = pair[0].at, pair[1].at
        if first is not None and last is not None and last > first:
            return last - first
        mine = [sample for sample in one.samples if sample.kind == pair[0].kind]
        return found.slept * (len(mine) - 1) if found.slept is not None else None
    deltas = [sample for sample in found.samples if is_delta(sample) and _interval_known(sample)]
    return found.slept if deltas else None


def _interval_known(sample: Sample) -> bool:
    """nstat sets its history, sleeps and prints: the numbers are those of the sleep."""
    return 'sleep' in sample.command and sample.command.count('nstat') > 1


def _grows(samples: Sequence[Sample]) -> bool:
    first, last = samples[0].counters, samples[-1].counters
    return all(value <= last[name] for name, value in first.items() if name in last and name not in _GAUGES)


def _state(sample: Sample, name: str) -> tuple[str, int]:
    if name in sample.counters:
        return SEEN, sample.counters[name]
    if name in sample.gone:
        return GONE, 0
    if sample.kind == TABLE:
        return (GONE if 'TcpExt' in sample.tables and len(sample.tables['TcpExt']) >= _WHOLE else UNSEEN), 0
    if sample.cut:
        return UNSEEN, 0
    return (_of_nstat if sample.kind == NSTAT else _of_phrases)(sample, name)


def _of_nstat(sample: Sample, name: str) -> tuple[str, int]:
    if is_delta(sample):
        return UNSEEN, 0
    shown = shows(sample.command, 'TcpExt' + name) if sample.command else None
    whole = 'json' in sample.headers or '#kernel' in sample.headers
    if sample.zeros and (whole or shown) and (shown is not False):
        named = len(sample.counters) >= _WHOLE or (shown and '|' in sample.command)
        return (GONE if named else UNSEEN), 0
    if whole and shown is not False and len(sample.counters) >= 10 and is_delta(sample) is False:
        return ZERO, 0
    return UNSEEN, 0


def _of_phrases(sample: Sample, name: str) -> tuple[str, int]:
    """netstat -s hides zeros: the section must be whole, or the filter one that would have shown the sentence."""
    if '|' in sample.command:
        phrases = [phrase for phrase, each in SENTENCES['TcpExt'].items() if each == name] or [name]
        return (ZERO if all(shows(sample.command, phrase) for phrase in phrases) else UNSEEN), 0
    whole = 'TcpExt' in sample.headers and any(each in sample.counters for each in _AFTER)
    return (ZERO if whole and not sample.command.startswith('grep') else UNSEEN), 0
