# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One network namespace of a record, as rules see it: effective values, counters, kernel.

Absent is None, never 0. A sysctl without a file in a namespace has the node's value, if the node has one: up to Linux
4.10 (tcp_timestamps: 4.12) these are one value for the node whose file only the node's own namespace shows.
"""

import re
from collections.abc import Mapping

from ...module_utils._node.keys import without_recycle
from .._messages.message import MessageError, message
from .._shapes.record import Line, Namespace, Pod, Record, Writer
from .._shapes.verdict import Setter
from . import next_boot
from .values import Value, number, refused
from .vocabulary import RECYCLE, TIMESTAMPS
from .window import Window

#: One value for the whole node below this version (2.6.24..4.10 sysctl_net_ipv4.c; netns from the version named).
NODE_WIDE_BELOW: Mapping[str, tuple[int, int]] = {RECYCLE: (4, 11), TIMESTAMPS: (4, 13)}

#: Names in the Tcp line of /proc/net/snmp; a bare counter name that is not here belongs to TcpExt.
TCP_COUNTERS = frozenset(
    (
        *('RtoAlgorithm', 'RtoMin', 'RtoMax', 'MaxConn', 'ActiveOpens', 'PassiveOpens', 'AttemptFails'),
        *('EstabResets', 'CurrEstab', 'InSegs', 'OutSegs', 'RetransSegs', 'InErrs', 'OutRsts', 'InCsumErrors'),
    )
)


def pod_name(pod: Pod) -> str:
    """NAMESPACE/NAME, as kubectl takes it apart again."""
    return '%s/%s' % (pod['namespace'], pod['name'])


class View:
    """One namespace of `record` (index into its namespaces), with the `window` measured for it.

    `boot` is one of next_boot.READERS or next_boot.EVENT: then values are those of the next boot under that reader, or
    after what runs on events.
    """

    def __init__(self, record: Record, index: int, window: Window, boot: str | None = None) -> None:
        self.record = record
        self.namespace: Namespace = record['namespaces'][index]
        self.own = index == 0
        self.window = window
        self.boot = boot
        self.version: tuple[int, ...] | None = version_of(record)
        self._values: dict[str, tuple[Value, str | None]] = {}

    # -- kernel

    def at_least(self, version: str) -> bool:
        """True only if the kernel is known and `version` ("4.12") or newer."""
        wanted = parse_version(version)
        return self.version is not None and self.version[: len(wanted)] >= wanted

    def below(self, version: str) -> bool:
        """True only if the kernel is known and older than `version`."""
        wanted = parse_version(version)
        return self.version is not None and self.version[: len(wanted)] < wanted

    @property
    def without_recycle(self) -> bool:
        """True only if the kernel is known and can have no tcp_tw_recycle."""
        return self.version is not None and without_recycle(self.version)

    def is_version(self, version: str) -> bool:
        """True only if the kernel is known and of the series `version` ("4.11" holds for 4.11.8)."""
        wanted = parse_version(version)
        return self.version is not None and self.version[: len(wanted)] == wanted

    def vendor(self) -> str | None:
        vendor: str | None = self.record['kernel'].get('vendor')
        return vendor

    # -- settings

    def sysctl(self, key: str) -> Value:
        """The effective value: a number where it is one, text otherwise, None if there is none."""
        return self._resolved(key)[0]

    def scope(self, key: str) -> str | None:
        """namespace, host, absent or unreadable; None if the record says nothing about the key."""
        return self._resolved(key)[1]

    def exists(self, key: str) -> bool:
        """This kernel has the key, here or as a value of the node."""
        return self.scope(key) in ('namespace', 'host', 'unreadable')

    def node_scope(self, key: str) -> str | None:
        entry = self.record['namespaces'][0]['sysctls'].get(key)
        return entry['scope'] if entry else None

    def _resolved(self, key: str) -> tuple[Value, str | None]:
        if key not in self._values:
            value, scope = self._look_up(key)
            if self.boot and scope != 'absent':
                setter = next_boot.decides(self.record, key, self.boot)
                value = value if setter is None or setter['value'] is None else setter['value']
            self._values[key] = (value, scope)
        return self._values[key]

    def _look_up(self, key: str) -> tuple[Value, str | None]:
        entry = self.namespace['sysctls'].get(key)
        scope = entry['scope'] if entry else None
        if self.own or scope == 'namespace':
            return (number(entry['value']) if entry else None), scope
        host = self.record['namespaces'][0]['sysctls'].get(key)
        on_node = host['scope'] if host else None
        if host and on_node != 'absent' and (scope in ('host', 'absent') or self._node_wide(key)):
            return number(host['value']), 'host'
        if entry and scope == 'host':
            return number(entry['value']), 'host'
        return None, 'absent' if 'absent' in (scope, on_node) else scope

    def _node_wide(self, key: str) -> bool:
        below = NODE_WIDE_BELOW.get(key)
        return below is not None and self.version is not None and self.version[:2] < below

    # -- settings in files

    def winning_lines(self, key: str) -> dict[str, Line]:
        """{reader: {value, file, line}} of the lines that win under each reader of sysctl files."""
        lines = {reader: next_boot.line(self.record, key, reader) for reader in next_boot.readers(self.record, key)}
        return {reader: line for reader, line in lines.items() if line}

    def winners(self, key: str) -> list[Value]:
        """What the readers of sysctl files would set, without repetition; empty where no line wins."""
        return list(dict.fromkeys(number(line['value'], key) for line in self.winning_lines(key).values()))

    def now_and_later(self, key: str) -> list[Value]:
        """What is in force and, on the node itself, all that may be after the next boot or an event."""
        later = next_boot.possible(self.record, key) if self.own else []
        return [self._look_up(key)[0], *dict.fromkeys(setter['value'] for setter in later)]

    def writers(self, key: str) -> list[Writer]:
        return [writer for writer in self.record['writers'] if writer['key'] == key]

    def definitions(self, key: str) -> list[Setter]:
        """Every line that some reader obeys at the next boot, and every writer: {by, file, line, value}."""
        entry = self.record['persisted'].get(key)
        lines = entry['definitions'] if entry else []
        found: list[Setter] = [
            {'by': 'sysctl', 'file': line['file'], 'line': line['line'], 'value': number(line['value'], key)}
            for line in lines
            if line['status'] in ('effective', 'shadowed') and not refused(key, line['value'])
        ]
        for writer in self.writers(key):
            value = number(writer['value'], key)
            found.append({'by': writer['kind'], 'file': writer['file'], 'line': writer.get('line'), 'value': value})
        return found

    # -- counters

    def counter(self, name: str) -> int | None:
        """A counter by "Group.Name" or bare name; None if the kernel has none or the group was unreadable."""
        group, short = split_counter(name)
        groups: Mapping[str, object] = {**self.namespace['counters'], 'conntrack': self.namespace['conntrack']}
        values = groups.get(group)
        found = values.get(short) if isinstance(values, Mapping) else None
        return found if isinstance(found, int) else None

    def delta(self, name: str) -> int | None:
        """Rise in the window, over all namespaces that this entry stands for; None without window or counter."""
        return self.window.deltas.get('%s.%s' % split_counter(name))

    def rises(self, name: str) -> bool:
        return (self.delta(name) or 0) > 0


def version_of(record: Record) -> tuple[int, ...] | None:
    """(major, minor, patch), shorter where the record knows less; None if unknown."""
    version = record['kernel'].get('version')
    return tuple(version) if version else None


def parse_version(text: str) -> tuple[int, ...]:
    """ "4.12" -> (4, 12). Raises MessageError."""
    if not re.fullmatch(r'\d{1,4}(\.\d{1,4}){1,2}', text):
        raise MessageError(message('condition/not-a-version', text=text))
    return tuple(int(part) for part in text.split('.'))


def split_counter(name: str) -> tuple[str, str]:
    """ "TcpExt.TW" -> ("TcpExt", "TW"); a bare name is found in Tcp or TcpExt. Raises MessageError for other groups."""
    group, dot, short = name.rpartition('.')
    if not dot:
        return ('Tcp' if name in TCP_COUNTERS else 'TcpExt'), name
    if group not in ('TcpExt', 'Tcp', 'conntrack'):
        raise MessageError(message('condition/not-a-counter', text=name))
    return group, short
