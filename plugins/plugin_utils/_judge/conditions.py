# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that a rule's JMESPath may call.

Every function answers for one namespace (a View). What is absent is null, never 0. Names of sysctls, counters and
versions must be written out as literals: from them the node is told what to read.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ...module_utils._node.parsers.nat_rules import chooses_ports
from .._messages.message import MessageError, message
from .._shapes.info import Collisions
from .._shapes.record import Line, Translation, Writer
from .._shapes.verdict import Answer, BehindSnat, DecidingWriter, LateLine, Setter
from . import attribution, cluster, next_boot, ports
from .library import Functions, signature
from .values import why_refused
from .view import View, parse_version, split_counter
from .vocabulary import MAX_ORPHANS, PORT_RANGE, RESERVED_PORTS, TW_BUCKETS, Json

TEXT: Any = {'types': ['string']}


class Conditions(Functions):
    """The functions, bound to `view`; set another one to ask about another namespace."""

    def __init__(self, view: View) -> None:
        self.view = view

    def call_function(self, function_name: str, resolved_args: Iterable[object]) -> object:
        """Ours were checked when the expression was compiled: straight to the method, rules are many."""
        if function_name in OURS:
            return getattr(self, '_func_' + function_name)(*resolved_args)
        return super().call_function(function_name, resolved_args)

    # -- settings

    @signature(TEXT)
    def _func_sysctl(self, key: str) -> Any:
        """The effective value: number, text or null. Where the namespace has no file, the node's value counts."""
        return self.view.sysctl(key)

    @signature(TEXT)
    def _func_sysctl_scope(self, key: str) -> str | None:
        """namespace, host (the node's value is in force here), absent, unreadable, or null."""
        return self.view.scope(key)

    @signature(TEXT)
    def _func_has_sysctl(self, key: str) -> bool:
        """True if this kernel has the key."""
        return self.view.exists(key)

    @signature(TEXT)
    def _func_nonzero(self, key: str) -> bool:
        """True if the value is a number other than 0; false too where there is none."""
        value = self.view.sysctl(key)
        return isinstance(value, int) and value != 0

    @signature(TEXT)
    def _func_persisted(self, key: str) -> int | None:
        """The largest number that the readers of sysctl files would set; null if no line wins."""
        return max((value for value in self.view.winners(key) if isinstance(value, int)), default=None)

    @signature(TEXT)
    def _func_winners(self, key: str) -> list[Any]:
        """What the readers of sysctl files would set, each value once; empty where no line wins."""
        return self.view.winners(key)

    @signature(TEXT)
    def _func_winning_lines(self, key: str) -> dict[str, Line]:
        """{reader: {value, file, line}} of the lines that win."""
        return self.view.winning_lines(key)

    @signature(TEXT)
    def _func_next_boot(self, key: str) -> list[Answer]:
        """Who decides the key at the next boot: [{readers, by, file, line, value, losers}], one where all agree."""
        return next_boot.answers(self.view.record, key)

    @signature(TEXT)
    def _func_deciding_writers(self, key: str) -> list[DecidingWriter]:
        """The writers that have the last word at the next boot or run on an event: [{kind, file, line, key, value}]."""
        return next_boot.deciding_writers(self.view.record, key)

    @signature(TEXT)
    def _func_definitions(self, key: str) -> list[Setter]:
        """All lines that some reader obeys and all writers: [{by, file, line, value}]."""
        return self.view.definitions(key)

    @signature(TEXT)
    def _func_writers(self, key: str) -> list[Writer]:
        """What else sets the key: [{kind, file, line, key, value}]."""
        return self.view.writers(key)

    @signature()
    def _func_refused_lines(self) -> list[Json]:
        """The lines of sysctl files that the kernel refuses: [{key, file, line, value, why}], why: {id, arguments}."""
        version = self.view.version
        return [
            {
                'key': key,
                'file': line['file'],
                'line': line['line'],
                'value': line['value'],
                'why': why_refused(key, line['value'], version),
            }
            for key, entry in sorted(self.view.record['persisted'].items())
            for line in entry['definitions']
            if line['status'] == 'refused' and line['value'] is not None
        ]

    @signature()
    def _func_late_lines(self) -> list[LateLine]:
        """The lines that a boot reads before their module is known to be there: [{key, file, line, value, module}]."""
        return next_boot.late_lines(self.view.record)

    # -- counters

    @signature(TEXT)
    def _func_counter(self, name: str) -> int | None:
        """A counter since boot ('PAWSPassive', 'Tcp.RetransSegs', 'conntrack.drop'), or null."""
        return self.view.counter(name)

    @signature(TEXT)
    def _func_delta(self, name: str) -> int | None:
        """Its rise in the measured window; null without one."""
        return self.view.delta(name)

    @signature(TEXT)
    def _func_rises(self, name: str) -> bool:
        """True if it rose in the measured window."""
        return self.view.rises(name)

    @signature()
    def _func_unexplained_drops(self) -> int | None:
        """Rise of ListenDrops that neither PAWSPassive nor ListenOverflows accounts for; null without a window.

        EL6 counts PAWSPassive outside of ListenDrops (2.6.32 tcp_ipv4.c:1316-1362), later kernels inside.
        """
        drops = self.view.delta('ListenDrops')
        if drops is None:
            return None
        passive = 0 if self.view.below('3.10') else self.view.delta('PAWSPassive') or 0
        return max(0, drops - passive - (self.view.delta('ListenOverflows') or 0))

    @signature()
    def _func_collisions(self) -> Collisions | None:
        """{count, counters, exact, certainty, share}: SYNs that met TIME_WAIT in the window (attribution.py)."""
        return attribution.collisions(self.view)

    @signature()
    def _func_collisions_since_boot(self) -> Collisions | None:
        """The same since boot."""
        return attribution.collisions_since_boot(self.view)

    @signature()
    def _func_random_ports(self) -> list[Translation]:
        """The node's rules that translate a source address to a port chosen at random: [{tool, chain, kind, flags,
        ports, to, owner, line, count}]. A range of ports does so for each client whose own port is not in it."""
        return [rule for rule in self.view.record.get('translation') or [] if chooses_ports(rule)]

    @signature()
    def _func_pods_behind_snat(self) -> BehindSnat | None:
        """{number, names, by}: pods whose source address the node translates, and the owners of the rules, or null.
        Those with hostNetwork are not among them."""
        return cluster.behind_snat(self.view.record)

    # -- kernel

    @signature(TEXT)
    def _func_kernel_at_least(self, version: str) -> bool:
        """kernel_at_least('4.12') holds for 4.12.0 and 5.4; false for an unknown kernel, as kernel_below is."""
        return self.view.at_least(version)

    @signature(TEXT)
    def _func_kernel_below(self, version: str) -> bool:
        """kernel_below('4.12') holds for 4.11.8 and 3.10; false for an unknown kernel, as kernel_at_least is."""
        return self.view.below(version)

    @signature(TEXT)
    def _func_kernel_is(self, version: str) -> bool:
        """kernel_is('4.11') holds for 4.11.0 and 4.11.8."""
        return self.view.is_version(version)

    @signature(TEXT)
    def _func_vendor(self, name: str) -> bool:
        """vendor('el8'): the kernel is built from that of Enterprise Linux 8, by the shape of its release."""
        return self.view.vendor() == name

    # -- what sysctls mean together

    @signature()
    def _func_usable_ports(self) -> int | None:
        """Local ports: width of ip_local_port_range without the reserved ones in it; null if unknown."""
        return ports.usable(self.view.sysctl(PORT_RANGE), self.view.sysctl(RESERVED_PORTS))

    @signature()
    def _func_unreserved_nodeports(self) -> int | None:
        """NodePorts (30000-32767) inside ip_local_port_range that are not reserved; null if unknown."""
        return ports.unreserved_nodeports(self.view.sysctl(PORT_RANGE), self.view.sysctl(RESERVED_PORTS))

    @signature()
    def _func_enough_ports(self) -> str | None:
        """A port range of 28000 usable ports that holds today's, the next boot's and the kernel's own; null without."""
        return ports.enough(self.view.now_and_later(PORT_RANGE), self.view.now_and_later(RESERVED_PORTS))

    @signature()
    def _func_time_wait_fill(self) -> float | None:
        """TIME_WAIT sockets of this namespace over its usable ports; null if unknown.

        Up to Linux 4.10 sockstat has the number of the whole node whatever the namespace (net/ipv4/proc.c:66).
        """
        sockets = self.view.namespace.get('sockets') or {}
        waiting, usable = sockets.get('tw'), self._func_usable_ports()
        of_this = self.view.own or self.view.at_least('4.11')
        return round(waiting / usable, 4) if of_this and usable and waiting is not None else None

    @signature()
    def _func_tw_buckets_default(self) -> int | None:
        """What this node gave tcp_max_tw_buckets at boot; null where that cannot be told.

        The kernel sets tcp_max_orphans to the same number (tcp_init: half of ehash, a power of two); a file that sets
        tcp_max_orphans makes that useless.
        """
        orphans = self.view.sysctl(MAX_ORPHANS)
        if self.view.definitions(MAX_ORPHANS) or not isinstance(orphans, int):
            return None
        return orphans if orphans > 0 and orphans & (orphans - 1) == 0 else None

    @signature()
    def _func_conntrack_fill(self) -> float | None:
        """Entries over the limit, rounded down: 1.0 or more only where the table is full; null without conntrack."""
        count, limit = self.view.counter('conntrack.count'), self.view.counter('conntrack.max')
        return count * 10_000 // limit / 10_000 if limit and count is not None else None


def _key(text: str) -> None:
    if not re.fullmatch(r'[A-Za-z0-9_-]+(\.[A-Za-z0-9_/:@-]+)+', text):
        raise MessageError(message('condition/not-a-key', text=text))


def _vendor(text: str) -> None:
    if not re.fullmatch(r'[a-z0-9_.-]{1,32}', text):
        raise MessageError(message('condition/not-a-vendor', text=text))


KEYED = (
    'sysctl',
    'sysctl_scope',
    'has_sysctl',
    'nonzero',
    'persisted',
    'winners',
    'winning_lines',
    'next_boot',
    'deciding_writers',
    'definitions',
    'writers',
)
COUNTED = ('counter', 'delta', 'rises')
VERSIONED = ('kernel_at_least', 'kernel_below', 'kernel_is')
#: Function -> what its one literal argument must be.
LITERALS: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(KEYED, _key),
    **dict.fromkeys(COUNTED, split_counter),
    **dict.fromkeys(VERSIONED, parse_version),
    'vendor': _vendor,
}
COLLISIONS = ('TcpExt.PAWSTimewait', 'TcpExt.PAWSEstab', 'TcpExt.TCPACKSkippedTimeWait', 'Tcp.PassiveOpens')
#: Function without argument -> the sysctls or counters it looks at.
IMPLIED: Mapping[str, tuple[str, ...]] = {
    'usable_ports': (PORT_RANGE, RESERVED_PORTS),
    'enough_ports': (PORT_RANGE, RESERVED_PORTS),
    'time_wait_fill': (PORT_RANGE, RESERVED_PORTS),
    'unreserved_nodeports': (PORT_RANGE, RESERVED_PORTS),
    'tw_buckets_default': (TW_BUCKETS, MAX_ORPHANS),
    'unexplained_drops': ('TcpExt.ListenDrops', 'TcpExt.ListenOverflows', 'TcpExt.PAWSPassive'),
    'conntrack_fill': (),
    'collisions': COLLISIONS,
    'collisions_since_boot': COLLISIONS,
    'random_ports': (),
    'pods_behind_snat': (),
    'refused_lines': (),
    'late_lines': (),
}
OURS = frozenset(LITERALS) | frozenset(IMPLIED)
#: Conditions made of these alone are the same for every namespace of a node.
NODE_ONLY = frozenset((*VERSIONED, 'vendor'))
