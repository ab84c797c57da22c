# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diagnoses as a section of the page: conclusion, attempts, evidence step by step, other causes, what to do next."""

from collections.abc import Mapping, Sequence

from ..._messages import language
from ..._messages.telling import all_words
from ..._messages.telling import words as told
from ..._shapes.diagnosis import Diagnosis, Ended, Next, SourceTold
from ..._text import escape

_RESULTS = ('ok', 'refused', 'timeout', 'reset', 'unreachable', 'error')
_CALM = {'healthy': 'clean', 'unknown': 'unknown', 'untried': 'unknown'}
_STATES = {'found': 'exposed', 'ruled out': 'clean', 'open': 'unknown'}
_TEXT, _WIDTH = 2000, 200


def section(diagnoses: Sequence[Diagnosis], tongue: str) -> list[str]:
    """The part of the page; nothing without a diagnosis. All but the newest are closed until somebody opens them."""
    if not diagnoses:
        return []
    title = _text(language.words(tongue)['diagnosis'])
    parts = [
        '<details class="diagnosis"%s><summary>%s</summary>%s</details>'
        % ('' if place else ' open', _head(each, tongue), body(each, tongue, 3))
        for place, each in enumerate(diagnoses)
    ]
    head = '<section aria-labelledby="diagnosis"><h2 id="diagnosis">%s</h2>' % title
    return [head, *parts, '</section>']


def body(diagnosis: Diagnosis, tongue: str, level: int) -> str:
    """Everything but the conclusion's title; headings are of that level."""
    words = language.words(tongue)
    found, goal = diagnosis['conclusion'], diagnosis['destination']
    asked = words['asked'].format(
        sources=', '.join(source['source'] for source in diagnosis['sources'] if source['role'] != 'neutral'),
        goal='%s:%d' % (goal['address'], goal['port']),
        place=told(tongue, goal, 'place'),
        finished=diagnosis['finished'],
    )
    parts = [
        '<p class="dim">%s</p>' % _text(asked),
        _list('ul', all_words(tongue, found, 'why')),
        *_part(words['next_steps'], level, _next(diagnosis['next'], tongue) or '<p>%s</p>' % _text(words['nothing'])),
        *_part(words['attempts'], level, _attempts(diagnosis['sources'], tongue)),
        *_part(words['steps'], level, _list('ol', all_words(tongue, diagnosis, 'steps'))),
        *_part(words['other_causes'], level, _causes(diagnosis, tongue)),
    ]
    return ''.join(parts)


def title(diagnosis: Diagnosis, tongue: str) -> str:
    """The conclusion in one line, as text."""
    return told(tongue, diagnosis['conclusion'], 'title')


def badge(diagnosis: Diagnosis, tongue: str) -> str:
    """How sure the conclusion is, in its colour; nothing where that cannot be said."""
    found, words = diagnosis['conclusion'], language.words(tongue)
    if not found['confidence']:
        return ''
    sure = words['confidence'].format(confidence=words.get(found['confidence'], found['confidence']))
    return ' <span class="badge v-%s">%s</span>' % (_CALM.get(found['cause'], 'exposed'), _text(sure))


def _head(diagnosis: Diagnosis, tongue: str) -> str:
    return '<strong class="verdict">%s</strong>%s' % (_text(title(diagnosis, tongue)), badge(diagnosis, tongue))


def _part(name: str, level: int, inner: str) -> list[str]:
    return ['<h%d>%s</h%d>%s' % (level, _text(name), level, inner)] if inner else []


def _attempts(sources: Sequence[SourceTold], tongue: str) -> str:
    """A row for each source: how its attempts ended, drawn and in words, and how many came to the destination."""
    words = language.words(tongue)
    rows = [_attempted(source, tongue) for source in sources]
    head = ''.join('<th scope="col">%s</th>' % _text(words[name]) for name in ('source', 'ended', 'arrived', 'seen_as'))
    table = '<table class="grid"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>' % (head, ''.join(rows))
    return table if rows else ''


def _attempted(source: SourceTold, tongue: str) -> str:
    words = language.words(tongue)
    name = source['source'] + (' (%s)' % words['comparison_host'] if source['role'] == 'neutral' else '')
    found = source.get('summary')
    if not found:
        reason = _text(told(tongue, source, 'reason') or '-')
        return '<tr><th scope="row">%s</th><td colspan="3">%s</td></tr>' % (_text(name), reason)
    ended = ['%d %s' % (number, words['result_' + result]) for result, number in _numbers(found) if number]
    if found['syn_retransmits']:
        ended.append(words['sent_again'].format(count=found['syn_retransmits']))
    came = source.get('arrived')
    arrived = '-' if came is None else '%d / %d' % (came, found['attempts'])
    return '<tr><th scope="row">%s</th><td>%s%s</td><td>%s</td><td>%s</td></tr>' % (
        _text(name),
        _bar(found),
        _text(', '.join(ended) or '-'),
        arrived,
        _text(', '.join(source['seen_as']) or '-'),
    )


def _numbers(found: Ended) -> list[tuple[str, int]]:
    ended: Mapping[str, object] = found
    return [(name, max(number, 0)) for name in _RESULTS if isinstance(number := ended[name], int)]


def _bar(found: Ended) -> str:
    x, shapes = 0.0, []
    whole = max(sum(number for _result, number in _numbers(found)), 1)
    for result, number in _numbers(found):
        width = number / whole * _WIDTH
        shapes.append('<rect class="r-%s" x="%.1f" width="%.1f" height="12"/>' % (result, x, width) if width else '')
        x += width
    return '<svg class="ended" viewBox="0 0 %d 12" width="%d" height="12" aria-hidden="true">%s</svg>' % (
        _WIDTH,
        _WIDTH,
        ''.join(shapes),
    )


def _causes(diagnosis: Diagnosis, tongue: str) -> str:
    """Every cause that was held against the evidence but the conclusion itself."""
    words = language.words(tongue)
    others = [cause for cause in diagnosis['causes'] if cause['id'] != diagnosis['conclusion']['cause']]
    rows = [
        '<tr><th scope="row">%s</th><td><span class="badge v-%s">%s</span></td><td>%s</td></tr>'
        % (
            _text(told(tongue, cause, 'title')),
            _STATES.get(cause['state'], 'unknown'),
            _text(words.get('state_' + cause['state'].replace(' ', '_'), cause['state'])),
            _text(words['joint'].join(all_words(tongue, cause, 'why'))),
        )
        for cause in others
    ]
    head = ''.join('<th scope="col">%s</th>' % _text(words[name]) for name in ('cause', 'state', 'by_what'))
    table = '<table class="grid"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>' % (head, ''.join(rows))
    return table if rows else ''


def _next(steps: Sequence[Next], tongue: str) -> str:
    items = []
    for step in steps:
        command = '<pre>%s</pre>' % escape.html(step['command']) if step['command'] else ''
        items.append('<li>%s%s</li>' % (_text(told(tongue, step, 'text')), command))
    return '<ol>%s</ol>' % ''.join(items) if items else ''


def _list(kind: str, lines: Sequence[str]) -> str:
    return '<%s>%s</%s>' % (kind, ''.join('<li>%s</li>' % _text(line) for line in lines), kind) if lines else ''


def _text(value: str) -> str:
    return escape.html(escape.shorten(value, _TEXT))
