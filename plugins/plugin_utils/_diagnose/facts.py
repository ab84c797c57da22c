# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was measured, in the numbers that causes are told from. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...module_utils._node.keys import without_recycle
from .._messages.message import Message, Said, message
from .._shapes.attempts import Again, Attempt, Connection, Goal, Located, Probe, TracedAttempt, Translator, Watched
from .._shapes.info import Measured, NamespaceInfo
from . import arrivals

GONE, ENDED, STARTED = message('causes/gone'), message('causes/ended'), message('causes/started')
RECYCLE, RFC1337 = 'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_rfc1337'


@dataclass(frozen=True)
class Facts:
    """One diagnosis: the destination, its counters' rises, and what became of the attempts of the sources.

    - version: of the destination's kernel, None unknown
    - listening: whether something listened on the port in the destination's namespace before the attempts, None
      unknown; listens: after them; gone: whether the namespace is there no longer
    - sysctls: effective values there, text or None
    - entry: paws_info's entry of that namespace, None if it was not measured; elsewhere: the other entries
    - attempts: of all sources; neutral: of the host for comparison; each with 'source' and 'arrival' (a connection of
      watch.connections(), or None)
    - watched: whether SYNs were watched; unwatched: why not
    - seen: connections that anybody asked for at the port
    - translator: the host that translates, None where it is none of the hosts
    - tracking: by host, how much counters of its connection tracking rose; without those where that is not known
    """

    version: tuple[int, ...] | None
    listening: bool | None
    listens: bool | None
    gone: bool
    sysctls: Mapping[str, str | None]
    entry: NamespaceInfo | None
    elsewhere: Sequence[NamespaceInfo]
    attempts: Sequence[TracedAttempt]
    neutral: Sequence[TracedAttempt]
    watched: bool
    unwatched: Said | None
    seen: Sequence[Connection]
    translator: Translator | None
    tracking: Mapping[str, Mapping[str, int]]

    def ended(self, *results: str) -> list[TracedAttempt]:
        """The sources' attempts that ended so."""
        return [attempt for attempt in self.attempts if attempt['result'] in results]

    @property
    def failed(self) -> list[TracedAttempt]:
        """Those that did not come up."""
        return [attempt for attempt in self.attempts if attempt['result'] != 'ok']

    @property
    def slow(self) -> list[TracedAttempt]:
        """Those that came up after their SYN had been sent again."""
        return [attempt for attempt in self.ended('ok') if attempt['syn_retransmits']]

    def rise(self, counter: str) -> int | None:
        """Of a TcpExt counter in the destination's namespace; None without it, or without a window."""
        return self.entry['deltas'].get('TcpExt.%s' % counter) if self.entry else None

    @property
    def since(self) -> Message | None:
        """What became of the destination while it was tried, if anything did."""
        if self.gone:
            return GONE
        if None in (self.listening, self.listens) or self.listening == self.listens:
            return None
        return ENDED if self.listening else STARTED

    @property
    def measured(self) -> bool:
        return self.entry is not None and self.entry['seconds'] is not None

    @property
    def recycle_possible(self) -> bool | None:
        """Whether this kernel can have the per-host PAWS rule; None unknown."""
        return None if self.version is None else not without_recycle(self.version)


def gather(
    goal: Goal,
    info: Measured | None,
    watched: Watched,
    probes: Sequence[Probe],
    after: Again,
    box: Translator | None,
    tracking: Mapping[str, Mapping[str, int]],
) -> Facts:
    """The facts of a plan's destination, paws_info's result, the watch, the probes and the second look.

    after: look_again(); box: translator.found(); tracking: translator.tracking(); watched: {'connections', 'reason',
    'seconds', 'clock'}; a probe is {'role', 'source', 'delay', 'attempts', 'icmp', 'elapsed_s', 'clock'}.
    """
    seen = watched.get('connections') or []
    made = [(probe, attempt) for probe in probes for attempt in probe['attempts']]
    arrived = arrivals.arrived([attempt for _probe, attempt in made], seen)
    told: list[TracedAttempt] = [
        {
            **attempt,
            'source': probe['source'],
            'role': probe['role'],
            'arrival': arrival,
            'whole': arrival is not None and arrivals.was_up(attempt, probe, probe['delay'], watched, whole=True),
        }
        for (probe, attempt), arrival in zip(made, arrived, strict=True)
    ]
    unseen = [pair for pair, arrival in zip(made, arrived, strict=True) if arrival is None]
    unwatched = watched.get('reason') or _doubted(unseen, watched)
    entries = info['namespaces'] if info else []
    match = goal['match']
    entry = next((entry for entry in entries if _same(entry, match['key'])), None)
    version = goal['kernel'].get('version')
    return Facts(
        version=tuple(version) if version else None,
        listening=None if match['listening'] is None else bool(match['listening']),
        listens=None if after['listening'] is None else bool(after['listening']),
        gone=after['gone'],
        sysctls={key: value['value'] for key, value in match['sysctls'].items()},
        entry=entry,
        elsewhere=[other for other in entries if other is not entry],
        attempts=[attempt for attempt in told if attempt['role'] == 'source'],
        neutral=[attempt for attempt in told if attempt['role'] == 'neutral'],
        watched=unwatched is None,
        unwatched=unwatched,
        seen=seen,
        translator=box,
        tracking=tracking,
    )


def look_again(goal: Goal, looked: Located | None) -> Again:
    """{'listening': what listens at the destination now, None unknown; 'gone'} from paws_locate's second result."""
    matches = looked.get('matches') if looked else None
    there = [match for match in matches or () if match['id'] == goal['match']['id']]
    return {'listening': there[0]['listening'] if there else None, 'gone': matches is not None and not there}


def _doubted(unseen: Sequence[tuple[Probe, Attempt]], watched: Watched) -> Message | None:
    """Why it is no evidence that these (probe, attempt) were not seen: most may have been made without the watch."""
    sent = [(probe, attempt) for probe, attempt in unseen if attempt['result'] != 'error']
    late = sum(not arrivals.was_up(attempt, probe, probe['delay'], watched) for probe, attempt in sent)
    return message('causes/late', late=late, sent=len(sent)) if late * 2 > len(sent) else None


def _same(entry: NamespaceInfo, key: str) -> bool:
    return entry['key'] == key or key in (entry.get('members') or ())
