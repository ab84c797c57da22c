# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a change did what it was made for: a look at the node after it, against what was planned. Pure."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import typing as t
from collections.abc import Iterable, Iterator, Mapping

from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers.sysctl_value import obeyed, same
from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers import sysctl_files
from ansible_collections.nodetcp.paws.plugins.module_utils._node.transaction.agreement import counts
from ansible_collections.nodetcp.paws.plugins.module_utils._node.transaction.record import NOT_OURS
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import RECYCLE

Json = dict[str, t.Any]

READERS = ('systemd', 'procps')  # that every node may have; some have one more


def problems(record: Json, verdict: Json, plan: Mapping[str, t.Any]) -> list[str]:
    """Sentences on what is not as planned; empty when all is well.

    record and verdict: of a look after the change; plan: settings, absent and fixes of the host.
    """
    own = record['namespaces'][0]['sysctls']
    persisted = record['persisted']
    found: list[str] = []
    for key, value in plan['settings'].items():
        entry = own.get(key)
        if entry is None or entry['scope'] == 'absent':
            continue  # this kernel has no such key: the node said so and set nothing
        found += _running(key, value, entry)
        found += _next_boot(key, value, persisted.get(key))
    for key in plan['absent']:
        found += _lines(key, persisted.get(key))
    if plan['settings'] or plan['absent']:
        found += _unread(record['unavailable'])
    found += _still_found(verdict['findings'], plan['fixes'])
    if RECYCLE in plan['settings'] and verdict['evidence'] == 'active':
        found.append('PAWSPassive still rises: SYNs are dropped although %s is off' % RECYCLE)
    return found


def _running(key: str, value: str, entry: Json) -> Iterator[str]:
    if entry['value'] is None:
        yield '%s cannot be read' % key
    elif not same(entry['value'], value):
        yield '%s is %s, not %s' % (key, entry['value'], value)


def _next_boot(key: str, value: str, entry: Json | None) -> Iterator[str]:
    for reader in dict.fromkeys((*READERS, *(entry['effective'] if entry else ()))):
        winner = entry['effective'].get(reader) if entry else None
        if winner is None:
            yield 'no file sets %s at the next boot (%s)' % (key, reader)
        elif not obeyed(winner['value'], value):
            place = '%s:%s' % (winner['file'], winner['line'])
            yield '%s would be %s at the next boot (%s, by %s)' % (key, winner['value'], reader, place)


def _unread(unavailable: Mapping[str, str]) -> Iterator[str]:
    """A sysctl file that was not read may set anything: it never counts as agreeing."""
    path = sysctl_files.unknown({path: why for path, why in unavailable.items() if sysctl_files.is_read(path)})
    if path:
        yield 'nobody knows what the next boot sets: %s: %s' % (path, unavailable[path])


def _lines(key: str, entry: Json | None) -> Iterator[str]:
    """Lines that had to go. Globs and files of packages stay by design, and the node has said so."""
    for line in entry['definitions'] if entry else ():
        stays = line['form'] == 'glob' or line['file'].startswith(NOT_OURS)
        if counts(line) and not stays:
            yield '%s:%s still sets %s' % (line['file'], line['line'], key)


def _still_found(findings: Iterable[Json], fixes: Iterable[t.Any]) -> Iterator[str]:
    wanted = {(str(rule), namespace) for rule, namespace in fixes}
    for finding in findings:
        if not finding['waived'] and (finding['rule'], finding['namespace']) in wanted:
            yield 'rule %s still holds: %s' % (finding['rule'], finding['title'])
