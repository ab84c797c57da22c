# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""audit.md: what matters on one screen, for a pull request or a chat (GitHub Flavored Markdown)."""

import re
from collections.abc import Sequence

from ..._judge.vocabulary import CLASSES
from ..._messages import language
from ..._messages.telling import all_words, retold
from ..._messages.telling import words as translated
from ..._shapes.diagnosis import Diagnosis
from ..._shapes.forecast import DecidedForecast
from ..._shapes.report import Host, Report, Step
from ..._shapes.verdict import Finding
from ..._text import escape
from .. import compare, diagnosis, unseen
from ..document import rank, told_finding
from ..document import tongue as tongue_of
from ..origins import places

#: A comment on GitHub holds 65536 characters.
_HOSTS, _RULES, _PLACES, _DIAGNOSES, _FORECASTS, _REMEDIES, _STEPS, _LIMIT = 50, 30, 3, 3, 20, 3, 5, 240
_OUTLOOKS = ('exhausted', 'tight', 'unknown', 'safe')
Words = dict[str, str]
#: What Markdown would take for its own where it stands, and nothing else, so that the page reads as plain text too:
#: an underscore within a word, a full stop or a bracket is none (CommonMark 0.31, 6.2; GitHub Flavored Markdown, 6.9).
_SPECIAL = re.compile(
    r'([\\`*\[<|~$]|(?<![^\W_])_|_(?![^\W_])|&(?=\w+;|\#)|\{(?=[{%\#])|=(?==))|^([#>+=-]|\d{1,9}(?=[.)](?:\s|$)))'
)
#: Sites make links of these wherever they stand: an invisible joiner, which Markdown has as an entity, keeps them text.
_LIVELY = re.compile(r'(@|#|:(?=//)|\bwww(?=\.))', re.IGNORECASE)
_JOINER = '&#8288;'


def render(document: Report) -> str:
    """The page for a document of document.build: numbers, the worst hosts, the rules with their fixes."""
    run, summary, tongue = document['run'], document['summary'], tongue_of(document)
    words = language.words(tongue)
    counts = ['%s %d' % (words[name], summary['verdicts'][name]) for name in CLASSES if summary['verdicts'][name]]
    others = [
        '%s %d' % (words[name], number) for name, number in summary['statuses'].items() if number and name != 'ok'
    ]
    partly = summary['partly_seen']
    others += ['%s %d' % (words['partly_seen'], partly)] if partly else []
    worst = [host for host in document['hosts'] if host['verdict'] != 'clean' or host['unseen']]
    head = words[summary['worst']] if summary['worst'] else words['none']
    number = words['one_host'] if summary['hosts'] == 1 else words['n_hosts'].format(count=summary['hosts'])
    parts = [
        '## %s: %s' % (words['title'], '%s, %s %d' % (head, words['partly_seen'], partly) if partly else head),
        '%s: %s' % (number, ', '.join(counts + others) or words['none']),
        *_steps(document['do_now'], words, tongue),
        *(text(line) for line in compare.lines(document)),
        *_hosts(worst, words, tongue),
        *_rules(document['hosts'], words, tongue),
        *_forecasts(document['hosts'], words, tongue),
        *_diagnoses(document.get('diagnoses') or [], words, tongue),
        '%s, nodetcp.paws %s' % (text(run['id']), text(run['collection_version'])),
    ]
    return '\n\n'.join(parts) + '\n'


def _steps(steps: Sequence[Step], words: Words, tongue: str) -> list[str]:
    """What to do now, cause by cause: on how many hosts, the first of them, and the commands."""
    if not steps:
        return []
    more = [words['others'].format(count=len(steps) - _STEPS)] if len(steps) > _STEPS else []
    return ['### %s' % words['do_now'], '\n'.join(_step(step, words, tongue) for step in steps[:_STEPS]), *more]


def _step(step: Step, words: Words, tongue: str) -> str:
    number = words['one_host'] if step['hosts'] == 1 else words['n_hosts'].format(count=step['hosts'])
    named = [text(name) for name in step['named']]
    named += [words['others'].format(count=step['hosts'] - len(named))] if step['hosts'] > len(named) else []
    cause, action = (text(translated(tongue, step, name)) for name in ('cause', 'action'))
    head = '1. **%s**: %s (%s: %s). %s' % (words[step['class']], cause, number, ', '.join(named), action)
    return '\n'.join([head, *('    - %s' % code for command in step['commands'] for code in _code(command))])


def _hosts(hosts: list[Host], words: Words, tongue: str) -> list[str]:
    if not hosts:
        return []
    lines = ['| %s | %s | %s |' % (words['host'], words['verdict'], words['matters']), '|---|---|---|']
    for host in hosts[:_HOSTS]:
        told = translated(tongue, host, 'reason') or translated(tongue, host, 'summary')
        lines.append('| %s | %s | %s |' % (text(host['name']), _verdict(host, words, tongue), text(told)))
    more = [words['others'].format(count=len(hosts) - _HOSTS)] if len(hosts) > _HOSTS else []
    return ['\n'.join(lines), *more]


def _verdict(host: Host, words: Words, tongue: str) -> str:
    """The class in bold, and what was not seen."""
    name = '**%s**' % words[host['verdict'] if host['status'] == 'ok' else host['status']]
    missing = unseen.phrase(host, tongue)
    return words['partly'].format(verdict=name, unseen=text(missing)) if missing else name


def _forecasts(hosts: list[Host], words: Words, tongue: str) -> list[str]:
    """What TIME_WAIT will cost the hosts that were asked, the worst first; those with enough ports are not named."""
    asked = [host for host in hosts if host.get('forecast') and host['forecast']['verdict'] != 'safe']
    if not asked:
        return []
    asked.sort(key=lambda host: _OUTLOOKS.index(host['forecast']['verdict']))
    lines = [_forecast(host['name'], retold(tongue, host['forecast']), words) for host in asked[:_FORECASTS]]
    more = [words['others'].format(count=len(asked) - _FORECASTS)] if len(asked) > _FORECASTS else []
    return ['### %s' % words['forecast'], '\n'.join(lines), *more]


def _forecast(name: str, found: DecidedForecast, words: Words) -> str:
    """One host: how it looks with recycling off, and with this run's settings; what was decided, and what helps."""
    planned = found.get('planned')
    looks = words['outlook_' + found['verdict']]
    if planned:
        looks += '; %s: %s' % (words['then'], words['outlook_' + planned['verdict']])
    decision = words.get('decision_%s' % found['decision'], str(found['decision']))
    final = planned or found
    helps = found['remedies'][:_REMEDIES] if final['verdict'] != 'safe' else []
    head = '- **%s**: %s; %s. %s' % (text(name), looks, text(decision), text(str(final['summary'])))
    return '\n'.join([head, *('    - %s' % text(str(remedy['text'])) for remedy in helps)])


def _diagnoses(diagnoses: list[Diagnosis], words: Words, tongue: str) -> list[str]:
    """Each diagnosis: what it concluded, why, and what to do next."""
    if not diagnoses:
        return []
    parts = ['### %s' % words['diagnosis']]
    for each in diagnoses[:_DIAGNOSES]:
        steps = [
            ': '.join(['- %s' % text(translated(tongue, step, 'text')), *_code(step['command'])])
            for step in each['next']
        ]
        why = ['- %s' % text(reason) for reason in all_words(tongue, each['conclusion'], 'why')]
        parts.append('**%s**' % text(diagnosis.concluded(each, tongue)))
        parts += [text('%s; %s' % (diagnosis.goal(each, tongue), each['finished'])), '\n'.join(why)]
        parts += ['%s:' % words['next_steps'], '\n'.join(steps)] if steps else []
    return [part for part in parts if part]


def _code(command: str | None) -> list[str]:
    """A command between more backticks than it has in a row; nothing without one."""
    if not command:
        return []
    ticks = '`' * (1 + max(map(len, re.findall('`*', command))))
    return ['%s %s %s' % (ticks, escape.terminal(command, 1000), ticks)]


def _rules(hosts: list[Host], words: Words, tongue: str) -> list[str]:
    """Each rule once, worst first: on how many hosts, where it is set, and its fix."""
    found: dict[str, list[tuple[Host, Finding]]] = {}
    for host in hosts:
        for finding in host['findings']:
            if not finding['waived'] and finding['class'] != 'clean':
                found.setdefault(finding['rule'], []).append((host, finding))
    if not found:
        return []
    worst = sorted(found.items(), key=lambda item: (min(rank(each['class']) for _host, each in item[1]), item[0]))
    more = [words['others'].format(count=len(worst) - _RULES)] if len(worst) > _RULES else []
    lines = [_rule(rule, each, words, tongue) for rule, each in worst[:_RULES]]
    return ['### %s' % words['findings'], '\n'.join(lines), *more]


def _rule(rule: str, each: list[tuple[Host, Finding]], words: Words, tongue: str) -> str:
    first = told_finding(tongue, each[0][1])
    number = len({host['name'] for host, _finding in each})
    many = words['one_host'] if number == 1 else words['n_hosts'].format(count=number)
    where = list(dict.fromkeys('%s:%s' % (place.file, place.line or '?') for _h, one in each for place in places(one)))
    set_in = ' %s: %s.' % (words['sets'], ', '.join(text(place) for place in where[:_PLACES])) if where else ''
    head = '- **%s** (`%s`, %s).' % (text(str(first['title'])), escape.terminal(rule, _LIMIT).replace('`', "'"), many)
    return '%s%s %s' % (head, set_in, text(str((first['fix'] or {}).get('text') or '')))


def text(value: str) -> str:
    """Text that Markdown shows as it is, on one line, without links and mentions."""
    shown = _SPECIAL.sub(_escaped, escape.terminal(value, _LIMIT))
    return _LIVELY.sub(lambda found: found[1] + _JOINER, shown)


def _escaped(found: re.Match[str]) -> str:
    """The character after a backslash; a number that would begin a list keeps it after itself."""
    return found[0] + '\\' if found[0].isdigit() else '\\' + found[0]
