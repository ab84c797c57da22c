# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two reports compared, host by host: what is worse, new, fixed or unchanged since the baseline. Pure."""

from collections.abc import Iterable
from typing import get_args

from .._messages.catalogue import told
from .._messages.language import word
from .._messages.message import Message, message
from .._shapes.report import Changed, ChangeWord, Comparison, Host, Report
from .._shapes.verdict import Finding
from .._text import escape
from .document import rank, state, tongue

CHANGES: tuple[ChangeWord, ...] = get_args(ChangeWord)
#: Changes that end a run as failed, by the name of the gate; hosts that were audited then and are gone fail both.
GATES: dict[str, tuple[str, ...]] = {'none': (), 'worse': ('worse', 'unaudited'), 'new': ('worse', 'new', 'unaudited')}


def compare(document: Report, baseline: Report) -> Report:
    """The document with a change on each host, and a part `comparison` on the whole."""
    before = {host['name']: host for host in baseline['hosts']}
    changes = {host['name']: _change(host, before.get(host['name'])) for host in document['hosts']}
    hosts: list[Host] = [{**host, 'change': changes[host['name']]} for host in document['hosts']]
    gone = sorted(before.keys() - {host['name'] for host in hosts})
    part: Comparison = {
        'baseline': {'id': baseline['run']['id'], 'finished': baseline['run']['finished']},
        'changes': {name: sum(each['change'] == name for each in changes.values()) for name in CHANGES},
        'gone': gone,
        'gone_audited': [name for name in gone if before[name]['status'] == 'ok'],
    }
    return {**document, 'comparison': part, 'hosts': hosts}


def lines(document: Report) -> list[str]:
    """What a person needs to know of the comparison; nothing without one."""
    part = document.get('comparison')
    if not part:
        return []
    counts: dict[str, int] = {name: part['changes'][name] for name in CHANGES}
    counts['gone'] = len(part['gone'])
    named = [message('table/count', number=number, what=word(name)) for name, number in counts.items() if number]
    line = message('compare/line', run=part['baseline']['id'], counts=named or message('table/no-hosts'))
    return [told(tongue(document), line)]


def said(host: Host) -> Message:
    """The change of one host, for example "worse (clean, now exposed)"."""
    change = host['change']
    what = word(change['change'])
    if change['change'] in ('worse', 'unaudited'):
        return message('compare/state', change=what, was=word(str(change['was'])), now=word(state(host)))
    rules = [escape.terminal(rule, 200) for rule in change['rules']]
    return message('compare/rules', change=what, what=rules or word(host['verdict']))


def _change(host: Host, was: Host | None) -> Changed:
    """{change, was: verdict then or None, rules: those that came, or for a fixed host those that went}."""
    if was is None:
        return _said('new' if _counting(host) or host['verdict'] != 'clean' else 'unchanged', None, _counting(host))
    now, then = _counting(host), _counting(was)
    before = state(was)
    if host['status'] != 'ok':
        return _said('unaudited' if was['status'] == 'ok' else 'unchanged', before, ())
    if was['status'] != 'ok':
        return _said('new' if now else 'unchanged', before, now)
    if rank(host['verdict']) < rank(was['verdict']):
        return _said('worse', before, now.keys() - then)
    came, went = _came(now, then), then.keys() - now
    if came:
        return _said('new', before, came)
    better = rank(host['verdict']) > rank(was['verdict'])
    fixed = (better or went) and not _sees_less(host, was)
    return _said('fixed' if fixed else 'unchanged', before, went if fixed else ())


def _sees_less(host: Host, was: Host) -> bool:
    """Whether a part was seen then that could not be seen now: what is not found any more may still be there."""
    now, then = ({gap['part'] for gap in each['unseen']} for each in (host, was))
    return bool(now - then)


def _came(now: dict[str, Finding], then: dict[str, Finding]) -> set[str]:
    """The rules that found something new, also on a host that is better; not what is left of a worse finding."""
    went = [finding for rule, finding in then.items() if rule not in now]
    new = {rule: finding for rule, finding in now.items() if rule not in then}
    return {rule for rule, finding in new.items() if not any(_is_left(finding, before) for before in went)}


def _is_left(finding: Finding, before: Finding) -> bool:
    """Whether the finding stands where a worse one on the same setting stood: exposed and no longer dropping."""
    setting = (finding['fix'] or {}).get('sysctl')
    same = setting is not None and setting == (before['fix'] or {}).get('sysctl')
    return same and rank(finding['class']) > rank(before['class'])


def _said(change: ChangeWord, was: str | None, rules: Iterable[str]) -> Changed:
    return {'change': change, 'was': was, 'rules': sorted(rules)}


def _counting(host: Host) -> dict[str, Finding]:
    """The findings that count, one of each rule."""
    counting = (finding for finding in host['findings'] if not finding['waived'] and finding['class'] != 'clean')
    return {finding['rule']: finding for finding in counting}
