# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a long run has come to so far: hosts done, verdicts, batches of a remediation. Pure; the clock is passed in."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from .._judge.vocabulary import CLASSES
from .._messages.catalogue import LANGUAGES
from .._messages.language import word
from .._messages.message import Message, Said, message
from .._messages.telling import tell
from .._shapes.report import Host, Status
from .._text import columns, escape
from . import entries

_BAR, _NARROW_BAR, _NARROW = 24, 10, 60
_CHANGE, _UNDO = 'sysctl_policy', 'sysctl_rollback'
_LOOK = 'paws_audit'
_REPORTS = ('paws_report', 'paws_merge')
#: What became of a host in a batch, in words.
_OUTCOMES: dict[str, Said] = {
    'changed': message('timeline/changed'),
    'undone': message('timeline/undone'),
    'unchanged': message('timeline/unchanged'),
    **{name: word(name) for name in ('failed', 'unreachable')},
}


@dataclass
class Batch:
    """One play, or one batch of a play under serial; ended is the time of its last result. outcomes: by host."""

    name: str
    hosts: int
    started: float
    ended: float
    outcomes: dict[str, str] = field(default_factory=dict)


class Seen(NamedTuple):
    """What is known of a host while a run goes on; rules: those that make its verdict; partly: not all was seen."""

    verdict: str
    rules: list[str]
    partly: bool


class Progress:
    """Fed with what a callback sees; tells the line for a progress bar, the hosts and the time line."""

    def __init__(self) -> None:
        self.reported = False
        self.language = 'en'
        self.hosts: dict[str, Host] = {}  # whole results; of hosts that a journal has there are a few bytes
        self._seen: dict[str, Seen] = {}
        # Counted as they come: a line for each of N hosts must not cost N times N.
        self._verdicts: Counter[str] = Counter()
        self._partly: Counter[str] = Counter()
        self._worst = ''
        self._batches: list[Batch] = []
        self._task = ''
        self._done: set[str] = set()
        self._goes_on = False

    def play(self, name: str, hosts: int, now: float) -> None:
        """hosts: of the batch; of the whole play where it has one task, whose next batch goes on with the count."""
        before = self._batches[-1] if self._batches else None
        self._goes_on = before is not None and (before.name, before.hosts) == (name, hosts)
        self._batches.append(Batch(name, hosts, now, now))

    def speak(self, language: object) -> None:
        """The language that a task was given, if it was: that of the time line."""
        if language in LANGUAGES:
            self.language = str(language)

    def task(self, name: str) -> None:
        if not self._goes_on or name != self._task:
            self._done = set()
        self._task = name

    def result(
        self,
        host: str,
        action: str,
        outcome: Status,
        result: Mapping[str, object],
        now: float,
        check_mode: bool = False,
    ) -> None:
        """outcome: ok, failed, unreachable or skipped; action: the last part of the name of the task's action."""
        self._done.add(host)
        self._batches[-1].ended = now
        if outcome == 'ok' and action in _REPORTS:
            self.reported = True
        elif outcome == 'ok' and result.get('verdict') in CLASSES:
            self._judged(host, result)
        elif (outcome == 'failed' or outcome == 'unreachable') and action == _LOOK:
            self.hosts.setdefault(host, entries.lost(host, [], outcome, result))
            if host not in self._seen:
                self._count(host, Seen('unknown', [], False))
        if outcome != 'skipped' and action in (_CHANGE, _UNDO) and not check_mode:
            changed = 'changed' if action == _CHANGE else 'undone'
            told = outcome if outcome != 'ok' else changed if result.get('changed') else 'unchanged'
            self._batches[-1].outcomes[host] = told
        elif outcome in ('failed', 'unreachable') and host in self._batches[-1].outcomes:
            self._batches[-1].outcomes[host] = outcome

    def _judged(self, host: str, result: Mapping[str, object]) -> None:
        if not result.get('journaled'):
            whole = self.hosts[host] = entries.observed(host, [], result)
            rules = [each['rule'] for each in whole['findings'] if each['class'] == whole['verdict']]
            self._count(host, Seen(whole['verdict'], rules, bool(whole['unseen'])))
            return
        listed = result.get('worst')
        rules = [str(rule) for rule in listed] if isinstance(listed, list) else []
        self._count(host, Seen(str(result['verdict']), rules, bool(result.get('partly_seen'))))

    def _count(self, host: str, seen: Seen) -> None:
        """What a host is now, in the place of what it was."""
        before = self._seen.get(host)
        if before:
            self._verdicts[before.verdict] -= 1
            self._partly[before.verdict] -= before.partly
        self._seen[host] = seen
        self._verdicts[seen.verdict] += 1
        self._partly[seen.verdict] += seen.partly
        if host == self._worst:
            self._worst = min(self._seen, key=self._rank)
        elif not self._worst or self._rank(host) < self._rank(self._worst):
            self._worst = host

    def _rank(self, host: str) -> int:
        return CLASSES.index(self._seen[host].verdict)

    def line(self, width: int) -> str:
        """The bar, the worst host, the counts by verdict worst first, the task; in at most width columns of ASCII."""
        total = self._batches[-1].hosts if self._batches else 0
        done, room = len(self._done), _BAR if width >= _NARROW else _NARROW_BAR
        filled = min(room * done // total, room) if total else 0
        parts = [
            '[%s%s] %d/%d' % ('#' * filled, '-' * (room - filled), done, total),
            self._worst_so_far(),
            *self._counts(),
        ]
        parts.append(_ascii(self._task))
        room = max(width - 1, 0)
        return escape.shorten('  '.join(part for part in parts if part), room)[:room]

    def timeline(self, verbose: bool) -> list[str]:
        """A line for each batch that changed or undid something; with verbose its hosts too."""
        lines, number = [], 0
        for batch in self._batches:
            if batch.outcomes:
                undo = set(batch.outcomes.values()) & {'undone'}
                number += not undo
                name = message('timeline/undo') if undo else message('timeline/batch', number=number)
                lines.append(_line(name, batch, self.language))
                listed = _listed(batch, verbose)
                lines += [
                    '    %s: %s' % (escape.host(host), tell(self.language, _OUTCOMES[each])) for host, each in listed
                ]
        return [tell(self.language, message('timeline/head')), *lines] if lines else []

    def _counts(self) -> list[str]:
        counted = ((name, self._verdicts[name], self._partly[name]) for name in CLASSES if self._verdicts[name])
        return [
            '%d %s%s' % (number, name, ' (%d partly seen)' % partly if partly else '')
            for name, number, partly in counted
        ]

    def _worst_so_far(self) -> str:
        """The first host of the worst class, and why; nothing where all are clean."""
        seen = self._seen.get(self._worst)
        if seen is None or seen.verdict == 'clean':
            return ''
        return _ascii('%s %s%s' % (self._worst, seen.verdict, ': %s' % seen.rules[0] if seen.rules else ''))


def _ascii(text: str) -> str:
    return escape.terminal(text, 80).encode('ascii', 'replace').decode('ascii')


def _line(name: Message, batch: Batch, language: str) -> str:
    outcomes = list(batch.outcomes.values())
    counts = ['%d %s' % (outcomes.count(each), tell(language, _OUTCOMES[each])) for each in dict.fromkeys(outcomes)]
    start = time.strftime('%H:%M:%S', time.gmtime(batch.started))
    label = columns.padded(tell(language, name), 9)
    return '  %s %s  %5.1f s  %s' % (label, start, batch.ended - batch.started, ', '.join(counts))


def _listed(batch: Batch, verbose: bool) -> list[tuple[str, str]]:
    return sorted(batch.outcomes.items()) if verbose else []
