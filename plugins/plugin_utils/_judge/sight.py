# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a look at a node did not see of what its verdict rests on: a class may be right and not be the whole truth.

The record's `unavailable` names everything that could not be read. Some of it changes no verdict (addresses, the
container of a process); the rest is told beside the class, as parts with their numbers and with what helps. The words
are made by the reports (_report/sight.py).
"""

import re
from collections.abc import Mapping
from typing import cast, get_args

from .._shapes.record import Record
from .._shapes.report import Host
from .._shapes.verdict import Cure, Part, Unseen
from . import origin

PARTS: tuple[Part, ...] = get_args(Part)
#: Parts of which one may set what the verdict speaks of.
SETTING = frozenset(('sysctl_files', 'writers', 'other'))
CURES: tuple[Cure, ...] = get_args(Cure)
#: Reasons that hide nothing on a live node: what the link leads to is not there for the boot either.
_DANGLING = 'dangling link'

_INSIDE = r'(?:/namespaces/[^/]+)?'  # what a capture has of another network namespace
_NET = _INSIDE + r'/proc/(?:(?:self|\d+)/)?net/'
#: The first that matches the name of what was not available tells the parts; None: no verdict rests on it.
_KNOWN: tuple[tuple[re.Pattern[str], str | None], ...] = tuple(
    (re.compile(pattern), parts)
    for pattern, parts in (
        (r'processes', 'processes'),
        (r'namespaces|sysctls of namespaces|containers|/namespaces', 'namespaces'),
        (r'/proc/sys/kernel/(?:hostname|osrelease|random/boot_id)|/proc/uptime|/uptime|/proc/version|/uname_-a', None),
        (r'/(?:etc/)?hostname|(?:/usr)?/lib/modules|kernel', None),
        (_INSIDE + r'(?:/proc/sys(?:/.*)?|/sysctl_-a)|sysctls|net\..*', 'settings'),
        (r'/(?:etc|run|lib|usr/lib|usr/local/lib)/sysctl\.d(?:/.*)?|(?:/etc|/boot)/sysctl\.conf.*', 'sysctl_files'),
        (r'usr/lib|usr/local/lib/sysctl\.d|persisted|persisted globs', 'sysctl_files'),
        (r'etc', 'sysctl_files writers'),
        (r'script that loads sysctl files', 'loading'),
        (r'persisted .*', None),  # lines left out of the list of definitions: those that win are always in it
        (r'writers(?: .*)?|sos plugins', 'writers'),
        (_NET + r'(?:netstat|snmp|sockstat)|' + _INSIDE + r'/(?:netstat|snmp|netstat_-s)|counters', 'counters'),
        (_NET + r'stat/nf_conntrack|conntrack', 'conntrack'),
        (_INSIDE + r'/ip_tcp_metrics_show|generic netlink tcp_metrics|peers', 'peers'),
        (_NET + r'.*|/proc/\d+/cgroup|namespace net:.*|counters of .*|addresses|sockets|TIME_WAIT sockets of .*', None),
        (r'/var/lib/nodetcp-paws(?:/.*)?', None),
        (r'translation|nft|(?:ip6?tables|/(?:nft|ip6?tables))[^/]*', None),  # the cause of a fault, and no class
        (r'window', 'second_look'),
        (r'/proc/.*', 'other'),
        (r'/.*', 'writers'),  # every other file is looked at because it may set a sysctl
    )
)
#: "and more" stands for parts that are not named (readers/look.py), whatever they are.
_UNNAMED = 'other'
#: Parts of which the record counts how many of how many, and those that are counted by their names in `unavailable`.
_COUNTED, _NAMED = ('processes', 'namespaces'), ('settings', 'sysctl_files', 'writers', 'other')
#: Names in `unavailable` that stand for a whole part or for many, so that counting them says nothing.
_WHOLE = re.compile(
    _INSIDE + r'/proc/sys(?:/(?:net|net/ipv4|net/core|kernel|vm|fs))?|' + _INSIDE + r'/sysctl_-a|sysctls|persisted.*'
    r'|writers|writers found|sos plugins|etc|usr/lib|(?:.*/)?[^/]+\.d/?'
)


def gaps(record: Record | Host) -> list[Unseen]:
    """[{part, number, of, cure}] of what the verdict on this record does not rest on, although it should.

    record: a node record, or the entry of a host in a report; of it `unavailable`, `source` and `hidden` count. number
    and of are null where nobody counted; cure is one of CURES, or null where none is known. Empty: seen in full.
    """
    source: Mapping[str, object] = record.get('source') or {}
    captured = origin.is_captured(source)
    names: dict[str, list[str]] = {}
    for name, reason in (record.get('unavailable') or {}).items():
        for part in _parts(name, captured) if captured or reason != _DANGLING else ():
            names.setdefault(part, []).append(name)
    hidden = cast(Record, record).get('hidden') or {}
    counted = {'processes': hidden.get('processes'), 'namespaces': hidden.get('namespaces')}
    return [_gap(part, names[part], counted.get(part), source) for part in PARTS if part in names]


def _parts(name: str, captured: bool) -> list[str]:
    if name == 'namespaces' and not captured:
        return ['processes']  # a live node finds namespaces by its processes
    for pattern, parts in _KNOWN:
        if pattern.fullmatch(name):
            return parts.split() if parts else []
    return [_UNNAMED]


def _gap(part: Part, names: list[str], counted: tuple[int, int] | None, source: Mapping[str, object]) -> Unseen:
    number, of = (counted[0], counted[1]) if part in _COUNTED and counted else (None, None)
    if part in _NAMED and not any(map(_WHOLE.fullmatch, names)):
        number = len(names)
    return {'part': part, 'number': number, 'of': of, 'cure': _cure(part, source)}


def _cure(part: Part, source: Mapping[str, object]) -> Cure | None:
    """What shows the part. Root that may not look into processes is root of a container and not of the machine."""
    if part in ('second_look', 'loading'):
        return None
    if origin.is_captured(source):
        return 'capture'
    if source.get('euid'):
        return 'root'
    return 'host' if part in _COUNTED and source.get('euid') == 0 else None
