# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What counters did between an earlier sample and a record, namespace by namespace.

Namespaces meet by their key (inode and device with the container id, or a pid with its start), never by inode number
alone: those are reused at once. After a reboot, or where a counter went back, there is no difference to speak of, and
the reason is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .._messages.message import Message, message
from .._shapes.record import Group, Namespace, Record, Sample, SourceOfRecord

#: Go up and down by nature: no rise and no restart can be read from them.
GAUGES = frozenset(('Tcp.CurrEstab', 'Tcp.MaxConn', 'Tcp.RtoAlgorithm', 'Tcp.RtoMin', 'Tcp.RtoMax'))
CONNTRACK_COUNTERS = ('drop', 'early_drop', 'insert_failed')


@dataclass(frozen=True)
class Window:
    """Rises by "Group.Name" over `seconds`; or no rises, and the reason why there is no window."""

    seconds: float | None = None
    reason: Message | None = field(default_factory=lambda: message('window/no-sample'))
    deltas: Mapping[str, int] = field(default_factory=dict)


def measure(record: Record, earlier: Sample | None) -> list[Window]:
    """One Window for each namespace of the record, in its order."""
    namespaces = record['namespaces']
    if not earlier:
        return [Window()] * len(namespaces)
    seconds, reason = _elapsed(record['source'], earlier)
    if reason is not None:
        return [Window(reason=reason)] * len(namespaces)
    before = {key: group for group in earlier['groups'] for key in group['members']}
    return [_between(namespace, before, seconds) for namespace in namespaces]


def _elapsed(source: SourceOfRecord, earlier: Sample) -> tuple[float | None, Message | None]:
    """Seconds between the two looks, by uptime where both know it; or why they cannot be compared."""
    boots = (earlier.get('boot_id'), source.get('boot_id'))
    if all(boots) and boots[0] != boots[1]:
        return None, message('window/rebooted')
    clocks = (
        ('uptime_s', earlier.get('uptime_s'), source.get('uptime_s')),
        ('collected_at', earlier.get('collected_at'), source.get('collected_at')),
    )
    for clock, then, now in clocks:
        if then is not None and now is not None:
            if now > then:
                return round(now - then, 3), None
            went_back = clock == 'uptime_s' and now < then
            return None, message('window/rebooted') if went_back else message('window/no-time')
    return None, message('window/no-clock')


def _between(namespace: Namespace, before: Mapping[str, Group], seconds: float | None) -> Window:
    current = flatten(namespace)
    total: dict[str, int] = {}
    met = False
    for key in namespace.get('members') or [namespace['key']]:
        if key not in before:
            continue
        met = True
        old = flatten(before[key])
        for name in current.keys() & old.keys():
            if current[name] < old[name]:
                return Window(reason=message('window/reset', counter=name))
            total[name] = total.get(name, 0) + current[name] - old[name]
    if not met:
        return Window(reason=message('window/not-sampled'))
    return Window(seconds, None, total)


def flatten(entry: Namespace | Group) -> dict[str, int]:
    """The counters of a namespace or of a sample's group as {"Group.Name": value}, without gauges."""
    found: dict[str, int] = {}
    groups = entry.get('counters') or {}
    for group, counters in (('TcpExt', groups.get('TcpExt')), ('Tcp', groups.get('Tcp'))):
        for name, value in (counters or {}).items():
            found['%s.%s' % (group, name)] = value
    tracked: Mapping[str, object] = entry.get('conntrack') or {}
    for name in CONNTRACK_COUNTERS:
        value_of = tracked.get(name)
        if isinstance(value_of, int):
            found['conntrack.%s' % name] = value_of
    for name in GAUGES & found.keys():
        del found[name]
    return found
