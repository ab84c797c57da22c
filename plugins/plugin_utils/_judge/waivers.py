# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waivers: findings that somebody decided to live with, with a reason, and until when.

{rule: ID, reason: TEXT, expires: YYYY-MM-DD, namespace: NAME, host: NAME}; rule and reason are needed. `namespace` is
an id, key, kind, name, container id (12 characters or more suffice) or pod uid, `host` a host name; both may be shell
patterns. An entry of a record may stand for several namespaces that are alike: it is waived once each of them is.
"""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from .._messages.message import Message, message
from .._shapes.record import Container, Namespace
from .._shapes.verdict import WaivedUntil
from .catalogue import Catalogue, CatalogueError
from .view import pod_name

FIELDS = ('rule', 'reason', 'expires', 'namespace', 'host')

Names = tuple[str | None, ...]


@dataclass(frozen=True)
class Waiver:
    rule: str
    reason: str
    expires: datetime.date | None = None
    namespace: str | None = None
    host: str | None = None

    def expired(self, today: datetime.date) -> bool:
        """It holds through the day it names."""
        return self.expires is not None and today > self.expires

    def asks(self, rule: str, hostname: str | None) -> bool:
        """It is about this rule on this host."""
        return rule == self.rule and (not self.host or _like(hostname, self.host))

    def names(self, names: Iterable[str | None]) -> bool:
        """It is about the namespace that has these names."""
        return not self.namespace or any(_like(name, self.namespace) for name in names)

    def shown(self) -> WaivedUntil:
        return {'reason': self.reason, 'expires': self.expires.isoformat() if self.expires else None}


def settle(
    waivers: Iterable[Waiver], rule: str, namespace: Namespace | None, hostname: str | None, today: datetime.date
) -> tuple[WaivedUntil | None, dict[str, object]]:
    """(what `waived` says or None, what its evidence says besides) of this rule's finding there.

    `namespace` is the record's entry, None for a finding about the node. The evidence: waiver_expired {reason,
    expires}, and waived_in {reason, expires, namespaces, of} where waivers name some of the namespaces alike.
    """
    asked = [waiver for waiver in waivers if waiver.asks(rule, hostname)]
    if not asked:
        return None, {}
    members = _members(namespace)
    valid = [waiver for waiver in asked if not waiver.expired(today)]
    used, covered = _used(valid, members)
    if used and covered == len(members):
        return _together(used), {}
    evidence: dict[str, object] = {}
    if used and namespace:
        evidence['waived_in'] = {**_together(used), 'namespaces': covered, 'of': namespace['count']}
    expired = [waiver for waiver in asked if waiver.expired(today) and any(map(waiver.names, members))]
    if expired:
        evidence['waiver_expired'] = expired[-1].shown()
    return None, evidence


def _used(valid: Sequence[Waiver], members: Sequence[Names]) -> tuple[list[Waiver], int]:
    """The first waiver of each member that has one, each once, and the number of those members."""
    found = [next((waiver for waiver in valid if waiver.names(names)), None) for names in members]
    used = [waiver for waiver in found if waiver]
    return list(dict.fromkeys(used)), len(used)


def _together(used: Sequence[Waiver]) -> WaivedUntil:
    """Every reason, and the day on which the first of the waivers ends."""
    days = [waiver.expires for waiver in used if waiver.expires]
    reasons = '; '.join(dict.fromkeys(waiver.reason for waiver in used))
    return {'reason': reasons, 'expires': min(days).isoformat() if days else None}


def parse(raw: object, place: str, catalogue: Catalogue, today: datetime.date) -> list[Waiver]:
    """The waivers in a variable (list, or a single one). Raises CatalogueError naming the place.

    `today` refuses a date that cannot be meant: more than a hundred years away.
    """
    if raw is None or raw in ('', [], {}):
        return []
    entries = [raw] if isinstance(raw, Mapping) else raw
    if not isinstance(entries, list):
        raise CatalogueError(message('waiver/not-list', place=place, kind=type(raw).__name__))
    return [_parse_one(entry, '%s[%d]' % (place, index), catalogue, today) for index, entry in enumerate(entries)]


def for_host(waivers: Iterable[Waiver], names: Iterable[str]) -> list[Waiver]:
    """Those that hold for a host of these names (inventory name, address ...), with the host filter done."""
    known = list(names)
    return [
        replace(waiver, host=None)
        for waiver in waivers
        if waiver.host is None or any(_like(name, waiver.host) for name in known)
    ]


def _parse_one(entry: object, where: str, catalogue: Catalogue, today: datetime.date) -> Waiver:
    if not isinstance(entry, Mapping):
        raise CatalogueError(message('waiver/not-mapping', place=_place(None, where), kind=type(entry).__name__))
    rule = entry.get('rule')
    place = _place(rule, where)
    for name in entry:
        if name not in FIELDS:
            raise CatalogueError(message('waiver/unknown-field', place=place, name=str(name), known=FIELDS))
    if not rule:
        raise CatalogueError(message('waiver/no-rule', place=place))
    if not isinstance(rule, str) or rule not in catalogue.rules:
        raise CatalogueError(message('waiver/unknown-rule', place=place))
    reason = entry.get('reason')
    if not isinstance(reason, str) or not reason.strip():
        raise CatalogueError(message('waiver/no-reason', place=place))
    return Waiver(
        rule=str(rule),
        reason=' '.join(reason.split()),
        expires=_date(entry.get('expires'), place, today),
        namespace=_text(entry, 'namespace', place),
        host=_text(entry, 'host', place),
    )


def _place(rule: object, where: str) -> Message:
    return message('waiver/place', rule=str(rule) if rule else None, place=where)


def _date(value: Any, place: Message, today: datetime.date) -> datetime.date | None:
    if value is None or value == '':
        return None
    if isinstance(value, datetime.date):  # YAML reads an unquoted date as one
        found = value.date() if isinstance(value, datetime.datetime) else value
    else:
        try:
            if not re.fullmatch(r'\d{4}-\d{2}-\d{2}', str(value)):
                raise ValueError
            found = datetime.date.fromisoformat(str(value))
        except ValueError:
            raise CatalogueError(message('waiver/not-a-date', place=place, value=repr(value))) from None
    if abs(found.year - today.year) > 100:
        raise CatalogueError(message('waiver/far-away', place=place, date=found.isoformat()))
    return found


def _text(entry: Mapping[str, Any], name: str, place: Message) -> str | None:
    value = entry.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise CatalogueError(message('waiver/not-text', place=place, name=name))
    return str(value)


def _members(namespace: Namespace | None) -> list[Names]:
    """What each namespace of an entry is called. One that the entry counts and does not list has its kind alone."""
    if namespace is None:
        return [('host',)]
    containers = [namespace.get('container'), *(namespace.get('also') or [])]
    pods = {container['id']: _of(container)[1:] for container in containers if container}
    kind, first = namespace['kind'], namespace['key']
    own = (first, namespace.get('id'), kind, namespace.get('name'), *_of(namespace.get('container')))
    others = [key for key in dict.fromkeys(namespace.get('members') or ()) if key != first]
    found = [own, *((key, kind, *_in_key(key, kind, pods)) for key in others)]
    return [*found, (kind,)] if len(found) < namespace['count'] else found


def _of(container: Container | None) -> Names:
    pod = container and container.get('pod')
    return (container['id'], container.get('pod_uid'), pod and pod_name(pod)) if container else ()


def _in_key(key: str, kind: str, pods: Mapping[str, Names]) -> Names:
    """The names in a key "net:[INODE]@DEVICE/OWNER" (readers/namespaces.py); only a few containers come with a pod."""
    inode, owner = key.partition('@')[0], key.partition('/')[2]
    if kind == 'container':
        return inode, owner, *pods.get(owner, ())
    return inode, owner.removeprefix('named:') if kind == 'named' else None


def _like(name: str | None, pattern: str) -> bool:
    if not name:
        return False
    return name == pattern or fnmatchcase(name, pattern) or (len(pattern) >= 12 and name.startswith(pattern))
