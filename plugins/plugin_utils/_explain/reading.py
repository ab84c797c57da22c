# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read out of one text: the data that statements are made of. Absent is not zero is not unseen."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .._messages.message import Said
from .._packets.handshakes import Capture
from .._shapes.explain import VerdictInShort

HOST, CONTAINER = 'host', 'container'
#: How a sample was printed: netstat -s, the pairs of lines of /proc/net, nstat.
PHRASES, TABLE, NSTAT = 'netstat', 'proc', 'nstat'
#: Samples of one text that are kept.
SAMPLES_MAX = 1000


@dataclass
class Scope:
    """Which network namespace a part of a text is about: kind host, container or '' (not said), and a name."""

    kind: str = ''
    name: str = ''

    def key(self) -> tuple[str, str]:
        """What parts of one scope have in common."""
        return self.kind, self.name


@dataclass
class Sample:
    """Counters that were printed at one moment.

    command: the command line, '' where the text has none; headers: sections that were begun; gone: counters that
    the kernel is known not to have; zeros: it prints zeros too; cut: a part is left out; at: seconds of a clock that
    was printed, else None.
    """

    kind: str
    scope: Scope
    command: str = ''
    number: int = 0
    counters: dict[str, int] = field(default_factory=dict)
    headers: set[str] = field(default_factory=set)
    tables: dict[str, frozenset[str]] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    zeros: bool = False
    cut: bool = False
    at: float | None = None


@dataclass
class Reading:
    """One text. sysctls: {scope: {key: value, None where the kernel says that there is no such key}}."""

    source: str
    forms: list[str] = field(default_factory=list)
    release: str | None = None
    version: list[int] | None = None
    samples: list[Sample] = field(default_factory=list)
    sysctls: dict[tuple[str, str], dict[str, str | None]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    conflicts: set[str] = field(default_factory=set)
    conntrack: dict[str, int] = field(default_factory=dict)
    listen: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)
    to_one: int = 0  # TIME_WAIT sockets from one address to one service
    signs: dict[str, int] = field(default_factory=dict)  # lines of a log that name a fault, by the statement
    advice: set[str] = field(default_factory=set)
    capture: Capture | None = None
    negative: bool = False
    slept: float | None = None
    left_lines: int = 0
    problem: Said = ''
    verdict: VerdictInShort | None = None

    def is_form(self, name: str) -> None:
        """The text, or a part of it, has this form."""
        if name not in self.forms:
            self.forms.append(name)

    def sign(self, name: str, times: int = 1) -> None:
        """A line says so."""
        self.signs[name] = self.signs.get(name, 0) + times

    def setting(self, scope: Scope, key: str, value: str | None) -> None:
        """A running value."""
        known = self.sysctls.setdefault(scope.key(), {})
        if key in known and known[key] != value:
            self.conflicts.add(key)
        known[key] = value

    def value(self, key: str) -> str | None:
        """The running value of a key, of the host before that of a container; None where it was not read."""
        return next((found[key] for _kind, found in self.by_scope() if found.get(key) is not None), None)

    def by_scope(self) -> Iterable[tuple[tuple[str, str], dict[str, str | None]]]:
        """Running values, the host's first."""
        return sorted(self.sysctls.items(), key=lambda item: (item[0][0] == CONTAINER, item[0]))
