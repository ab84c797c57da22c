# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of every host of a play, looked at once on the controller before any host is contacted."""

import typing as t
from collections.abc import Callable, Collection, Mapping

from .._messages.message import Message, Said, message, told_by
from .._text.escape import terminal
from .._text.values import Given
from . import names, specification

_SHOWN = 20


class Setting(t.NamedTuple):
    """One value of one variable; where names its hosts and, if known, its file and line.

    hosts and where are empty for the value that holds where the inventory says nothing: role default or variable of the
    play.
    """

    name: str
    value: Given
    hosts: list[str]
    where: Said


class Raw(t.NamedTuple):
    """A variable of a host whose name begins as ours do, not yet templated."""

    host: str
    name: str
    value: Given


def collect(hosts: list[str], hostvars: Given) -> list[Raw]:
    """What the inventory and -e give these hosts under names that begin as ours do.

    Results that tasks registered and facts that they set are not among it: other roles choose their names.
    """
    return [
        Raw(host, name, value)
        for host in hosts
        for made in [registered(hostvars, host)]
        for name, value in hostvars.raw_get(host).items()
        if names.is_ours(name) and name not in made
    ]


def registered(hostvars: Given, host: str) -> Mapping[str, Given]:
    """What tasks have registered on a host, and the facts that they set: without the cost of all its variables."""
    found: Mapping[str, Given] = hostvars._variable_manager._nonpersistent_fact_cache.get(host, {})
    return found


def distinct(
    given: list[Raw],
    hostvars: Given,
    is_template: Callable[[Given], bool],
    roles: tuple[str, ...] = specification.AUDIT,
) -> list[Setting]:
    """Every distinct value of a variable of the roles.

    A group variable is one object for all hosts of the group and is looked at once; a value with a template in it is
    templated in the context of each of its hosts.
    """
    found: dict[tuple[str, object], tuple[Given, list[str]]] = {}
    for host, name, raw in given:
        if specification.belongs(name, roles):
            # The reference in the value keeps the object alive, so that no other one can get its id.
            key = (host,) if is_template(raw) else id(raw)
            found.setdefault((name, key), (raw, []))[1].append(host)
    return [_setting(name, raw, owners, hostvars, key) for (name, key), (raw, owners) in found.items()]


def places(given: list[Raw], extra: Collection[str]) -> dict[str, Said]:
    """{name: where it is set} of all that is given; extra: names of variables given with -e."""
    owners: dict[str, list[Raw]] = {}
    for each in given:
        owners.setdefault(each.name, []).append(each)
    return {
        name: message('variables/given') if name in extra else _where([each.host for each in found], found[0].value)
        for name, found in owners.items()
    }


def problems(
    settings: list[Setting], check_more: Callable[[Setting], None], roles: tuple[str, ...] = specification.AUDIT
) -> list[Said]:
    """What is wrong with the settings, each sentence with its hosts; check_more raises ValueError for what it finds."""
    found: dict[str, Said] = {}
    # Rules first: waivers may name them.
    for setting in sorted(settings, key=lambda setting: setting.name != 'audit_rules'):
        try:
            check_more(setting._replace(value=specification.check(setting.name, setting.value, roles)))
        except ValueError as exc:
            said: Said = told_by(exc)
            if setting.where:
                said = message('variables/at', said=said, where=setting.where)
            found[str(said)] = said
    more = len(found) - _SHOWN
    return list(found.values())[:_SHOWN] + ([message('variables/more', number=more)] if more > 0 else [])


def _setting(name: str, raw: Given, hosts: list[str], hostvars: Given, key: object) -> Setting:
    value = hostvars[hosts[0]][name] if isinstance(key, tuple) else raw
    return Setting(name, value, hosts, _where(hosts, raw))


def _where(hosts: list[str], raw: Given) -> Message:
    return message('variables/on-host', host=terminal(hosts[0], 80), more=len(hosts) - 1, origin=terminal(_origin(raw)))


def _origin(value: Given) -> str:
    """File and line of a value, where this ansible-core remembers them: by a tag from 2.19 on, by position before."""
    position = getattr(value, 'ansible_pos', None)
    if isinstance(position, tuple) and position[0]:
        return '%s:%s' % (position[0], position[1])
    for tag in dict(getattr(value, '_ansible_tags_mapping', None) or {}).values():
        path, line = getattr(tag, 'path', None), getattr(tag, 'line_num', None)
        if path:
            return '%s:%s' % (path, line) if line else str(path)
    return ''
