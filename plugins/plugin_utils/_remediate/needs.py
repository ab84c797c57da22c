# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host needs: its findings and the user's wishes become settings. Pure; nothing is looked up."""

import dataclasses
import typing as t
from collections.abc import Iterable, Mapping

from .._judge import next_boot, ports
from .._judge.catalogue import Catalogue
from .._judge.values import number
from .._judge.vocabulary import RECYCLE, RESERVED_PORTS, SEVERITIES
from .._messages.message import Message, Said, message
from .._messages.telling import said
from .._shapes.record import Record
from .._shapes.remediation import Left
from .._shapes.verdict import DecidingWriter, Finding, Fix, SettingPlace, Severity

#: Who sets a value by a line of a sysctl file.
SYSCTL = 'sysctl'
#: In the place of a rule, of what a person wishes.
WISHES = 'safe_sysctl_settings'
#: In scope whatever remediate_min_severity says.
ALWAYS = ('dropping', 'exposed', 'latent', 'stale')


@dataclasses.dataclass(frozen=True)
class Scope:
    """Which findings are to be fixed: those of `rules` (empty: all) without `skip_rules`, from `min_severity` on."""

    min_severity: Severity = 'high'
    rules: tuple[str, ...] = ()
    skip_rules: tuple[str, ...] = ()

    def holds(self, finding: Finding) -> bool:
        """A waived finding and a mere note are never in scope."""
        if finding['waived'] or finding['class'] == 'clean':
            return False
        if finding['rule'] in self.skip_rules or (self.rules and finding['rule'] not in self.rules):
            return False
        severe = SEVERITIES.index(finding['severity']) <= SEVERITIES.index(self.min_severity)
        return severe or finding['class'] in ALWAYS


class Needs:
    """settings {key: value}, absent [key], reasons {key: text}, fixes [(rule, namespace)], left [{rule, reason}].

    The reasons of keys are comments of the file on the node, and in English; those in `left` are messages.
    """

    def __init__(self) -> None:
        self.settings: dict[str, str] = {}
        self.absent: list[str] = []
        self.fixes: list[tuple[str, str | None]] = []
        self.left: list[Left] = []
        self._reasons: dict[str, list[str]] = {}
        self._rules: dict[str, list[str]] = {}

    @property
    def reasons(self) -> dict[str, str]:
        """Why, by key, for the person who reads the file on the node."""
        return {key: ', '.join(dict.fromkeys(reasons)) for key, reasons in sorted(self._reasons.items())}

    @property
    def empty(self) -> bool:
        return not (self.settings or self.absent)

    def because(self, key: str, reason: str) -> None:
        self._reasons.setdefault(key, []).append(reason)

    def by_rule(self, key: str, rule: str) -> None:
        """A rule is why the key is set."""
        self._rules.setdefault(key, []).append(rule)
        self.because(key, 'rule %s' % rule)

    def outvoted(self, key: str, reason: Said) -> None:
        """Another value wins over that of the rules that asked for the key: they are left."""
        for rule in self._rules.pop(key, []):
            self.leave(rule, reason)
            self.fixes = [fix for fix in self.fixes if fix[0] != rule]
        self._reasons.pop(key, None)

    def leave(self, rule: str, reason: Said) -> None:
        entry: Left = {'rule': rule, 'reason': reason}
        if entry not in self.left:
            self.left.append(entry)


def needs(
    record: Record, findings: Iterable[Finding], wishes: Mapping[str, str], scope: Scope, known: Catalogue, profile: str
) -> Needs:
    """The Needs of the host of this record; findings as verdict.judge gave them, wishes as wishes.merged()."""
    found = Needs()
    running = {key: entry['value'] for key, entry in record['namespaces'][0]['sysctls'].items()}
    for finding in findings:
        if scope.holds(finding):
            _mend(found, finding, record['kernel'].get('version'), running)
    minimums = {rule.fix.get('sysctl') for rule in known.enabled(profile) if 'minimum' in rule.fix}
    for key, value in wishes.items():
        _wish(found, key, value, running.get(key), key in minimums)
        by = _undoing(record, key, found.settings.get(key))
        if by:  # in force until then
            found.leave(WISHES, _by_writers(by, key))
    return found


def _undoing(record: Record, key: str, value: str | None) -> list[DecidingWriter]:
    """The writers that bring another value once the sysctl files are loaded."""
    if value is None:
        return []
    found = next_boot.deciding_writers(record, key)
    return [each for each in found if each.get('moment') != 'before' and each['value'] != number(value, key)]


def _mend(found: Needs, finding: Finding, version: list[int] | None, running: Mapping[str, str | None]) -> None:
    fix: Fix = finding['fix'] or {}
    rule, key = finding['rule'], fix.get('sysctl')
    why_not, by = obstacle(finding, version), writers(finding)
    if why_not or not key:
        found.leave(rule, why_not.text if why_not else '')
        return
    if fix.get('absent'):
        if key not in found.absent:
            found.absent.append(key)
    else:
        found.settings.setdefault(key, _target(fix, key, running.get(key)))
    if by:  # in force until then, so that is not the end of the finding
        found.leave(rule, _by_writers(by, key))
    elif not fix.get('absent'):
        found.fixes.append((rule, finding['namespace']))
    found.by_rule(key, rule)


class Obstacle(t.NamedTuple):
    """What keeps a finding from being fixed by settings of the node: writer, container or other; and a message."""

    kind: t.Literal['writer', 'container', 'other']
    text: Said


def obstacle(finding: Finding, version: list[int] | None) -> Obstacle | None:
    """Why no plan ends the finding; None for one that a plan ends. version: of the kernel, as a record has it."""
    fix: Fix = finding['fix'] or {}
    text, key = said(fix, 'text') or '', fix.get('sysctl')
    if not key:
        return Obstacle('other', message('plan/no-setting', fix=text))
    if fix.get('report_only'):
        return Obstacle('other', text)
    by, evidence = writers(finding), finding['evidence']
    comes = 'next_boot' in evidence or evidence.get('writers') or (fix.get('absent') and not _lines(finding))
    if by and comes:
        return Obstacle('writer', _by_writers(by, key))
    if fix.get('where') == 'namespace' and not (key == RECYCLE and (version or [])[:2] == [4, 11]):
        return Obstacle('container', message('plan/of-container', fix=text))
    return None


def writers(finding: Finding) -> list[SettingPlace]:
    """The places {file, line, ...} that set the finding's key after the sysctl files, each once: no file wins there."""
    evidence, fix = finding['evidence'], finding['fix'] or Fix()
    found = [*_places(evidence.get('writers')), *_places(fix.get('take_out_of'))]
    found += [place for place in _places(evidence.get('lines')) if place.get('by', SYSCTL) != SYSCTL]
    each: dict[tuple[str, str], SettingPlace] = {}
    for place in found:
        if place.get('moment') != 'before':
            each.setdefault((place['file'], str(place.get('line'))), place)
    return list(each.values())


def _lines(finding: Finding) -> list[SettingPlace]:
    """The lines of sysctl files that it names."""
    return [place for place in _places(finding['evidence'].get('lines')) if place.get('by', SYSCTL) == SYSCTL]


def _places(value: object) -> list[SettingPlace]:
    """Rules of users name their evidence as they like: what has a file is a place."""
    each = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    found = [place for place in each if isinstance(place, dict) and isinstance(place.get('file'), str)]
    return t.cast(list[SettingPlace], found)


def _by_writers(found: Iterable[SettingPlace | DecidingWriter], key: str) -> Message:
    """What a person has to do where something else sets the key."""
    places = ['%s:%s' % (writer['file'], writer.get('line') or '?') for writer in found]
    return message('plan/set-later', places=places, key=key)


def _target(fix: Fix, key: str, running: str | None) -> str:
    """The value to set: never below what runs where the rule is a minimum, never fewer reserved ports."""
    if 'minimum' in fix:
        wanted = [value for value in (fix['minimum'], number(running)) if isinstance(value, int)]
        return str(max(wanted))
    if key == RESERVED_PORTS:
        return ports.joined(running, fix['value'])
    return str(fix['value'])


def _wish(found: Needs, key: str, value: str, running: str | None, minimum: bool) -> None:
    """A wish wins over a rule's value; of minimums the largest counts, and nothing that runs is lowered."""
    if key in found.absent:
        return
    if minimum:
        candidates = [number(text) for text in (value, running, found.settings.get(key))]
        value = str(max((each for each in candidates if isinstance(each, int)), default=value))
    elif key in found.settings and found.settings[key] != value:
        found.outvoted(key, message('plan/wished', key=key, value=value))
    found.settings[key] = value
    found.because(key, WISHES)
