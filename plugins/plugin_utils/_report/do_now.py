# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do now: the causes found on a fleet, in the order in which they are worth the work. Pure.

Hosts with the same cause that the same step ends are one group, however many they are. What a step does is what a plan
would do (_remediate/proposal.py): a host that remediate.yml changes is in one group, that of the worst finding that its
plan ends. Findings that no plan ends are groups of their own, since a person has to do each of them.
"""

import typing as t
from collections.abc import Iterator, Sequence

from .._judge.vocabulary import CLASSES, SEVERITIES
from .._messages.language import word
from .._messages.message import Said, message
from .._messages.telling import said, spoken, title
from .._remediate import needs, outcome
from .._shapes.report import NAMED, STEPS_MAX, Host, Run, Step, Way
from .._shapes.verdict import Class, Finding
from . import commands

#: What is worth a person's time whatever else is to be done on the host: all but weak settings.
_BY_HAND = CLASSES[: CLASSES.index('advisory')]


class _Step(t.NamedTuple):
    """What is to be done on one host for one cause.

    kind: the same in a group: class, way, rule, and the severity to lower to or the status of lost hosts; weight: its
    place in the group, the worst host first; planned: a run with --check has planned it already.
    """

    kind: tuple[Class, Way, str, str]
    weight: tuple[int, bool, int, str]
    cause: Said
    action: Said
    planned: bool

    @property
    def name(self) -> str:
        return self.weight[-1]


def of(run: Run, hosts: Sequence[Host]) -> list[Step]:
    """[{class, way, rule, cause, hosts, named, action, commands}], what is to be done first at the beginning.

    run, hosts: of the document, the hosts as document.complete() gives them. The worst class comes first, then what
    concerns more hosts. rule is null where no finding is the cause; named are the first hosts of the group, the worst
    of them first; commands are whole lines for a shell, in their order.
    """
    groups: dict[tuple[Class, Way, str, str], list[_Step]] = {}
    for host in hosts:
        for step in _steps(host):
            groups.setdefault(step.kind, []).append(step)
    ordered = sorted(groups.items(), key=lambda group: (_rank(group[0][0]), -len(group[1]), group[0][1:]))
    planned = sum(way in ('fix', 'lower') for (_class, way, *_more), _group in ordered)
    return [
        _group(run, sorted(group, key=lambda step: step.weight), planned == 1) for _kind, group in ordered[:STEPS_MAX]
    ]


def _group(run: Run, steps: Sequence[_Step], alone: bool) -> Step:
    """alone: it is the only group that remediate.yml ends."""
    first = steps[0]
    name, way, rule, _detail = first.kind
    names = [step.name for step in steps]
    step: Step = {
        'class': name,
        'way': way,
        'rule': rule or None,
        'hosts': len(steps),
        'named': names[:NAMED],
        'cause': first.cause,
        'action': first.action,
        'commands': _commands(run, first, commands.chosen(run, names, '' if alone else rule)),
    }
    return spoken(step)


def _commands(run: Run, first: _Step, hosts: commands.Command) -> list[str]:
    """hosts: what keeps remediate.yml to those of the group."""
    _class, way, _rule, severity = first.kind
    if way in ('lost', 'unseen'):
        return [commands.line(run, 'audit', [*(['-b'] if way == 'unseen' else []), *commands.everywhere(run, 'audit')])]
    if way not in ('fix', 'lower', 'failed'):
        return []
    lower = ['-e', 'remediate_min_severity=%s' % severity] if way == 'lower' else []
    check = commands.line(run, 'remediate', [*lower, *hosts, *commands.CHECK])
    change = commands.line(run, 'remediate', [*lower, *hosts])
    return [check] if way == 'failed' else [change] if first.planned else [check, change]


def _steps(host: Host) -> Iterator[_Step]:
    if host['status'] == 'skipped':
        return
    if host['status'] != 'ok':
        cause = message('do_now/lost', state=word(host['status']), reason=said(host, 'reason'))
        yield _other(host, 'unknown', 'lost', cause, word('no_command_lost'), host['status'])
        return
    done = host.get('remediation')
    if done and done['failed']:
        cause = message('do_now/failed', reason=said(done, 'reason'))
        yield _other(host, host['verdict'], 'failed', cause, message('do_now/after-failure'))
    else:
        yield from _of_findings(host)
    if any(gap['cure'] == 'root' for gap in host['unseen']):
        yield _other(host, 'clean', 'unseen', message('do_now/unseen'), message('do_now/as-root'))


def _of_findings(host: Host) -> list[_Step]:
    found = sorted((each for each in host['findings'] if not each['waived'] and each['class'] != 'clean'), key=_weight)
    why_not = host['proposal']['why_not']
    if why_not:
        return [_step(host, finding, why_not, word('no_command_%s' % why_not)) for finding in found[:1]]
    steps = [_step(host, finding, *_way(finding, host)) for finding in found]
    fixed, lowered = ([step for step in steps if step.kind[1] == way] for way in ('fix', 'lower'))
    others = [step for step in steps if step.kind[1] not in ('fix', 'lower')]
    by_hand = {step.kind[2]: step for step in reversed(others) if _is_worth_it(step)}
    return [*(fixed or lowered)[:1], *by_hand.values()] or steps[:1]


def _way(finding: Finding, host: Host) -> tuple[Way, Said]:
    """How the finding is ended on a host that can be changed, and what to say of it."""
    version = host['kernel'].get('version') if host['kernel'] else None
    obstacle, proposal = needs.obstacle(finding, version), host['proposal']
    if obstacle:
        return 'hand', obstacle.text
    # Reports of 0.2.0 do not say which rules a plan is for.
    if finding['rule'] in proposal.get('ends', [finding['rule']] if proposal['changes'] else []):
        return 'fix', message('do_now/planned') if _is_planned(host) else message('do_now/fix')
    if proposal['severity']:
        return 'lower', message('do_now/lower', severity=word(proposal['severity']))
    return 'left', message('do_now/left')


def _step(host: Host, finding: Finding, way: Way, action: Said) -> _Step:
    severity = host['proposal']['severity'] or '' if way == 'lower' else ''
    kind = (finding['class'], way, finding['rule'], severity)
    return _Step(kind, (*_weight(finding)[1:], host['name']), title(finding), action, _is_planned(host))


def _other(host: Host, name: Class, way: Way, cause: Said, action: Said, detail: str = '') -> _Step:
    """A step for something else than a finding."""
    return _Step((name, way, '', detail), (0, False, 0, host['name']), cause, action, False)


def _is_planned(host: Host) -> bool:
    """Whether a remediation with --check has shown the plan."""
    return 'remediation' in host and host['remediation']['state'] == outcome.PLANNED


def _weight(finding: Finding) -> tuple[int, int, bool, int]:
    """The worst class first; then severity, what happens now, the most drops."""
    dropped = finding['evidence'].get('dropped')
    drops = dropped if isinstance(dropped, int) else 0
    return _rank(finding['class']), SEVERITIES.index(finding['severity']), not finding['active'], -drops


def _is_worth_it(step: _Step) -> bool:
    return step.kind[0] in _BY_HAND


def _rank(name: Class) -> int:
    return CLASSES.index(name)
