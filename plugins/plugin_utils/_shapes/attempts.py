# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nodes answer to the questions of a diagnosis: where a destination is, how attempts ended, which SYNs came."""

from typing import Annotated, Literal, TypedDict

from .._messages.message import Message, Said
from .diagnosis import Ended, Place
from .marks import Length, Natural, NotRequired
from .record import Cause, Container, Kernel, NamedSpace, Sysctl, Translation

_Text = Annotated[str, Length(256)]
_Texts = Annotated[list[_Text], Length(64)]
Result = Literal['ok', 'refused', 'timeout', 'reset', 'unreachable', 'error']


class PlaceInside(NamedSpace):
    """A network namespace, as steps speak of it: with the names that people may call it by."""

    names: _Texts


class Match(PlaceInside):
    """A network namespace that the destination may mean; pid: of a process in it."""

    pid: int | None
    addresses: _Texts
    listening: _Texts | None
    sysctls: dict[str, Sysctl]


class Located(TypedDict):
    """What paws_locate found on a host. tracking: counters of connection tracking in its own network namespace."""

    matches: Annotated[list[Match], Length(16)]
    hostname: _Text | None
    kernel: Kernel
    tracking: dict[str, Natural] | None
    unavailable: dict[str, str]


class LocatedIn(Located, total=False):
    """The same as the task's result, with the seconds that it took; without matches where it failed."""

    seconds: float
    msg: Said


class Goal(TypedDict):
    """The one place that the question means; answered_s: how long the node took to say so."""

    host: str
    address: str
    match: Match
    what: str
    kernel: Kernel
    answered_s: float


#: `from` is a word of Python: the local end of the connection, ADDRESS:PORT.
_From = TypedDict('_From', {'from': _Text | None})


class Attempt(_From):  # pylint: disable=inherit-non-class
    """A try to connect: when it began, how it ended, in how many milliseconds."""

    port: int
    at_s: float
    result: Result
    ms: float
    syn_retransmits: int
    tsval: int | None
    error: _Text | None
    icmp_ms: float | None


class Icmp(TypedDict):
    available: bool
    reason: _Text | None


class Tried(TypedDict):
    """The answer of the operation probe."""

    address: _Text
    attempts: Annotated[list[Attempt], Length(2000)]
    icmp: Icmp
    elapsed_s: float
    cut: _Text | None


class Clock(TypedDict):
    """When the controller asked a node, and had its answer."""

    asked: float
    answered: float


class Connection(TypedDict):
    """A connection that SYNs asked for at the destination.

    source_port: of the first SYN; ports: how many its SYNs came from; resets: of the client, to an ACK that is no
    SYN-ACK; again_s: from the first SYN to the second, None of one alone.
    """

    source: str
    source_port: int
    tsval: int | None
    ports: int
    syns: int
    answered: bool
    resets: int
    again_s: float | None


class Watched(TypedDict, total=False):
    """What the watch at the destination saw, or the reason why there was none."""

    connections: list[Connection] | None
    seconds: float
    clock: Clock
    reason: Said | None


class Probe(TypedDict):
    """The attempts of one source, or the reason why it has none."""

    source: str
    role: str
    host: str
    namespace: str | None
    attempts: list[Attempt]
    icmp: Icmp | None
    elapsed_s: float | None
    clock: Clock | None
    delay: float
    reason: Said | None


class TracedAttempt(Attempt):
    """An attempt with its source, and the connection that it made at the destination, if that was seen.

    whole: whether the watch was certainly running from its first SYN on.
    """

    source: str
    role: str
    arrival: Connection | None
    whole: bool


class Again(TypedDict):
    """The second look at the destination, after the attempts."""

    listening: list[str] | None
    gone: bool


Percentiles = dict[Literal['min', 'p50', 'p90', 'p99', 'max'], float]


class SourceAsked(TypedDict):
    """Where attempts begin: a host, or something on it."""

    host: str
    namespace: str | None


class DestinationAsked(TypedDict):
    """Where to look for the destination, and for what."""

    hosts: list[str]
    what: str


class Advice(TypedDict):
    """What to do next."""

    text: Said
    command: str | None


class PingsInAll(TypedDict):
    sent: int
    received: int
    milliseconds: Percentiles | None


class EndedInAll(Ended):
    """How the attempts to one port ended, all together."""

    port: int
    milliseconds: Percentiles | None
    ok_after_retransmit: int
    errors: list[str]
    icmp: PingsInAll


class Task(SourceAsked):
    """A task that runs at the same time as others: the watch, or the attempts of a source."""

    name: str
    role: str


class ProbeOptions(TypedDict):
    """What each source is told."""

    host: str
    port: int
    count: int
    rate: float
    timeout: float
    delay: float


class Work(TypedDict):
    """The tasks of a diagnosis, and whether the destination is watched; reason: why not."""

    tasks: list[Task]
    watch_s: float
    watched: bool
    reason: Message | None
    probe: ProbeOptions


class WholeWork(Work):
    """The same with what it is for; inventory: the words that name it to the programs of Ansible."""

    inventory: NotRequired[list[str]]
    goal: Goal
    question: dict[str, object]


class GoalTold(Place):
    """The destination in the document of a diagnosis."""

    namespace: PlaceInside
    kernel: str | None
    listening: list[str] | None
    sysctls: dict[str, str | None]
    after: Again


class SourceConcluded(TypedDict):
    source: str
    role: str
    host: str
    namespace: str | None
    reason: Said | None
    summary: EndedInAll | None
    arrived: int | None
    seen_as: list[str]


class WatchTold(TypedDict):
    done: bool
    reason: Said | None
    connections: int
    arrived: int


class CountersTold(TypedDict):
    seconds: float | None
    deltas: dict[str, int] | None
    reason: Said | None
    says: list[Said]


class ElsewhereTold(TypedDict):
    id: str | None
    container: Container | None
    says: list[Said]


#: What keeps an attempt from getting over TIME_WAIT: tcp_rfc1337 of the destination, its own packet filter, or
#: something on the way that drops the client's reset or the old connection's ACK. ports: each of its SYNs came from
#: another port, and met TIME_WAIT there.
Held = Literal['rfc1337', 'ports', 'reset_dropped', 'reset_lost', 'ack_lost']


class Translator(TypedDict):
    """Who translates the sources' addresses; rules: of the node, None where they were not read."""

    host: str
    address: str
    rules: list[Translation] | None


class CollisionTold(TypedDict):
    """What became of the attempts that met TIME_WAIT.

    met: those that show it themselves; slow: of these came up; hang: attempts that hang; address: what they came from
    most; cause: what the timestamps of the sources say; ports: whether the SNAT gave them the clients' own, None
    without one; snat: who that is, where it is one of the hosts.
    """

    met: int
    slow: int
    hang: int
    held_by: Held | None
    address: str | None
    cause: Cause | None
    ports: Literal['kept', 'chosen'] | None
    snat: Translator | None


class Unstepped(TypedDict):
    """The document of a diagnosis before its steps are told."""

    schema: int
    question: dict[str, object]
    destination: GoalTold
    sources: list[SourceConcluded]
    watch: WatchTold
    counters: CountersTold
    elsewhere: list[ElsewhereTold]
    conclusion: dict[str, object]
    collision: CollisionTold | None
    causes: list[dict[str, object]]
    next: list[Advice]


class DiagnosisMade(Unstepped):
    """The document of a diagnosis, with messages still to be told (_shapes/diagnosis.py has what reports rely on)."""

    steps: list[Message]
