# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of a file, judged by the catalogue of rules as if a kernel had them in force."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, cast

from ...module_utils._node.parsers import release, sysctl_value
from .._judge.catalogue import Catalogue
from .._judge.facts import gather
from .._judge.findings import Inquiry
from .._judge.view import View
from .._judge.vocabulary import RECYCLE, SEVERITIES, TIMESTAMPS, TW_REUSE, Json, worst
from .._judge.window import Window
from .._shapes.record import Record
from .._shapes.verdict import Severity
from .setting import RANDOM_FULLY, Setting

_LEVEL_OF = {'critical': 'error', 'high': 'error', 'medium': 'warning', 'low': 'note'}
#: Where nobody names kernels: the oldest that many still run, and a new one.
KERNELS = ('3.10', '6.12')
_REMOVED = (4, 12)


class Verdict(NamedTuple):
    """What the rules say of one setting: the worst level, its rule, and the level on each kernel that minds."""

    setting: Setting
    level: str
    rule: str
    kernels: Mapping[str, str]


class Judge:
    """Asks the rules about the settings of files. kernels: versions such as 3.10; named: whether a person named them.

    Raises ValueError for what is not a version.
    """

    def __init__(self, catalogue: Catalogue, kernels: Sequence[str] = (), profile: str = 'server') -> None:
        self._releases = {kernel: _release(kernel) for kernel in kernels or KERNELS}
        self._named = bool(kernels)
        self._profile = profile
        self._rules = [rule for rule in catalogue.enabled(profile) if rule.active is False and 'sysctl' in rule.fix]
        self.keys = frozenset(catalogue.sysctl_keys)
        self._asked = functools.lru_cache(maxsize=4096)(self._ask)

    def verdicts(self, settings: Iterable[Setting]) -> list[Verdict]:
        """A verdict on each setting that some rule finds; of several values that a file sets the last one counts."""
        standing = _standing(settings)
        values = {each.key: str(each.value) for each in standing}
        found = []
        for each in standing:
            if each.key == RANDOM_FULLY:
                found.append(Verdict(each, 'note', RANDOM_FULLY, {}))
                continue
            found += self._verdict(each, {**values, each.key: str(each.value)})
        return sorted(found, key=lambda verdict: verdict.setting.line)

    def _verdict(self, setting: Setting, values: Mapping[str, str]) -> list[Verdict]:
        answers = {}
        for kernel in self._releases:
            for key, severity, rule in self._asked(kernel, tuple(sorted(values.items()))):
                if key == setting.key:
                    answers[kernel] = (severity, rule)
        if not answers:
            return []
        severity = worst((answer[0] for answer in answers.values()), SEVERITIES)
        rule = next(answer[1] for answer in answers.values() if answer[0] == severity)
        levels = {kernel: _level(setting.key, answer[0]) for kernel, answer in answers.items()}
        return [Verdict(setting, _level(setting.key, severity), rule, levels)]

    def _ask(self, kernel: str, values: tuple[tuple[str, str], ...]) -> list[tuple[str, Severity, str]]:
        """[(key, severity, rule)], the worst one for each key."""
        record = _record(self._releases[kernel], dict(values), self._named)
        facts = gather(View(cast(Record, record), 0, Window()), self._profile)
        found = [entry.finding for entry in Inquiry(self._rules, [facts]).found()]
        found = [finding for finding in found if finding['severity'] != 'info']
        found.sort(key=lambda finding: SEVERITIES.index(finding['severity']))
        first: dict[str, tuple[str, Severity, str]] = {}
        for finding in found:
            key = (finding['fix'] or {}).get('sysctl')
            if key:
                first.setdefault(key, (key, finding['severity'], finding['rule']))
        return list(first.values())


def _level(key: str, severity: str) -> str:
    """tcp_tw_reuse acts on outgoing connections alone and never harms those that are accepted: at most a note."""
    return 'note' if key == TW_REUSE else _LEVEL_OF[severity]


def _standing(settings: Iterable[Setting]) -> list[Setting]:
    """For each key the settings of the value with the last word, and those that may have it.

    What the kernel refuses sets nothing.
    """
    found: dict[str, tuple[list[Setting], list[Setting]]] = {}  # those of one value, and later ones that may be
    for each in settings:
        alike, possible = found.setdefault(each.key, ([], []))
        if each.key == RANDOM_FULLY:
            alike.append(each)
        elif each.value is None or sysctl_value.taken(each.key, each.value) is None:
            continue
        elif each.maybe:
            possible.append(each)
        else:
            if alike and not _same(alike[0], each):
                alike.clear()
            alike += [other for other in possible if _same(other, each)]
            alike.append(each)
            possible.clear()
    return [each for alike, possible in found.values() for each in [*alike, *possible]]


def _same(one: Setting, other: Setting) -> bool:
    return bool(sysctl_value.same(one.value or '', other.value or ''))


def shadowed(settings: Iterable[Setting]) -> list[tuple[Setting, Setting]]:
    """[(a setting, the later one of the same file that takes its place)] where their values differ."""
    last: dict[str, Setting] = {}
    found = []
    for each in settings:
        if each.value is None or each.maybe or each.key == RANDOM_FULLY:
            continue
        before = last.get(each.key)
        if before and before.value != each.value and before.line != each.line:
            found.append((before, each))
        last[each.key] = each
    return found


def _release(kernel: str) -> Json:
    """{release, version, vendor} of a release such as 4.18.0-553.el8, or of a version. Raises ValueError."""
    found: Json = release.parse_release(kernel)
    if not found['version']:
        raise ValueError(kernel)
    return found


def _record(kernel: Json, values: Mapping[str, str], named: bool) -> Json:
    """A node of that kernel on which the values are in force.

    Where the kernel has no tcp_tw_recycle, the line is stale; a 0 counts so only where a person named the kernel.
    """
    given = dict(values)
    removed = tuple(kernel['version'][:2]) >= _REMOVED
    recycle = given.pop(RECYCLE, None) if removed else given.setdefault(RECYCLE, '0')
    sysctls = {TIMESTAMPS: {'value': '1', 'scope': 'namespace'}}
    sysctls.update((key, {'value': value, 'scope': 'namespace'}) for key, value in given.items())
    stale = recycle is not None and removed and (named or sysctl_value.taken(RECYCLE, recycle) != 0)
    line = {'value': recycle, 'file': 'file', 'line': 1}
    lines = {'effective': {}, 'definitions': [{**line, 'status': 'effective', 'form': 'plain'}]}
    namespace: Json = {
        'id': None, 'key': 'k', 'kind': 'host', 'name': None, 'device': None, 'count': 1, 'pids': [],
        'container': None, 'also': [], 'addresses': None, 'sysctls': sysctls,
        'counters': {'TcpExt': None, 'Tcp': None}, 'sockets': None, 'conntrack': None,
    }  # fmt: skip
    return {
        'schema': 1,
        'source': {'collector': 'capture', 'root': None, 'hostname': None},
        'kernel': kernel,
        'namespaces': [namespace],
        'persisted': {RECYCLE: lines} if stale else {},
        'writers': [],
        'change_sets': [],
        'unavailable': {},
    }
