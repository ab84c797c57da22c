# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""audit.html: one self-contained page that works from disk, loads nothing, and runs no script but its own.

What matters stands in it as plain HTML (numbers, charts, the worst hosts); its script replaces the table by one that
sorts, filters and searches. The content policy names style and script by their hashes.
"""

import base64
import functools
import hashlib
import os

from ..._judge.vocabulary import CLASSES
from ..._messages import language
from ..._messages.catalogue import told
from ..._messages.message import message
from ..._messages.telling import words as translated
from ..._shapes.diagnosis import Diagnosis
from ..._shapes.remediation import RemediationPart
from ..._shapes.report import Comparison, Host, Report, Summary
from ..._text import escape
from .. import unseen
from ..document import tongue as tongue_of
from ..document import with_waived
from . import charts, diagnosis_page, do_now_page, page

_STATIC_ROWS, _TEXT = 50, 500
_ASSETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'assets')
_SCRIPTS = ('build.js', 'unpack.js', 'address.js', 'forecast.js', 'detail.js', 'paper.js', 'hosts.js')
_PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""
_TABLE = """<a class="skip" href="#hosts">{skip}</a>
{body}
<script type="application/json" id="data">{data}</script>
<script>{script}</script>"""


def render(document: Report) -> str:
    """The page for a document of document.build, in the language of its run."""
    tongue = tongue_of(document)
    words, script = language.words(tongue), ''.join(map(_asset, _SCRIPTS))
    skip, data = _text(words['skip']), page.embedded(document, tongue)
    body = _TABLE.format(skip=skip, body=_body(document, words, tongue), data=data, script=script)
    return _page(words['title'], body, tongue, "; script-src '%s'" % _hash(script))


def render_diagnosis(diagnosis: Diagnosis, tongue: str) -> str:
    """A page of one diagnosis alone."""
    words = language.words(tongue)
    title, sure = diagnosis_page.title(diagnosis, tongue), diagnosis_page.badge(diagnosis, tongue)
    head = '<header><p class="dim">%s</p><h1>%s%s</h1></header>' % (_text(words['diagnosis']), _text(title), sure)
    body = '%s\n<main class="diagnosis">%s</main>' % (head, diagnosis_page.body(diagnosis, tongue, 2))
    return _page('%s: %s' % (words['diagnosis'], title), body, tongue, '')


def _page(title: str, body: str, tongue: str, policy: str) -> str:
    """A whole document; policy: what its content policy allows beside its own style."""
    style = _asset('page.css')
    allowed = "default-src 'none'; style-src '%s'%s" % (_hash(style), policy)
    lang = {'zh': 'zh-Hans'}.get(tongue, tongue)
    return _PAGE.format(lang=lang, policy=allowed, title=_text(title), style=style, body=body)


def _body(document: Report, words: dict[str, str], tongue: str) -> str:
    run, hosts = document['run'], document['hosts']
    about = words['about'].format(**{key: value for key, value in run.items() if isinstance(value, str)})
    parts = [
        '<header><h1>%s</h1><p class="dim">%s</p></header>' % (_text(words['title']), _text(about)),
        '<main>',
        *_remediation(document.get('remediation'), words, tongue),
        *(do_now_page.section(document['do_now'], tongue) if hosts else ()),
        '<section aria-labelledby="glance"><h2 id="glance">%s</h2>' % _text(words['glance']),
        _cards(document['summary'], with_waived(hosts), words, tongue),
        charts.whole(document['summary']['verdicts']) if len(hosts) > 1 else '',
        *_comparison(document.get('comparison'), words),
        '<div class="charts">',
        charts.bars(charts.by_group(hosts), 'group', words['by_group'], words),
        charts.bars(charts.by_kernel(hosts), 'series', words['by_kernel'], words),
        '</div></section>',
        *diagnosis_page.section(document.get('diagnoses') or [], tongue),
        '<section id="hosts" aria-labelledby="hosts-title" tabindex="-1"><h2 id="hosts-title">%s</h2>'
        % _text(words['hosts']),
        '<div id="table">%s</div>' % _static(hosts, words, tongue),
        '</section></main>',
    ]
    return '\n'.join(parts)


def _cards(summary: Summary, waived: int, words: dict[str, str], tongue: str) -> str:
    """A number for each verdict and each way of not being audited, and of the hosts that were seen in part."""
    number = words['one_host'] if summary['hosts'] == 1 else words['n_hosts'].format(count=summary['hosts'])
    numbers: list[tuple[tuple[str, str, str], str, int]]
    numbers = [(('v-' + name, 'verdict', name), name, summary['verdicts'][name]) for name in CLASSES]
    numbers.append((('part', 'seen', 'part'), 'partly_seen', summary['partly_seen']))
    cards = [
        '<li><a class="card %s" href="#hosts" data-filter="%s" data-value="%s" title="%s"><b>%d</b> %s</a></li>'
        % (*filtered, _text(words[name + '_means']), number, _text(words[name]))
        for filtered, name, number in numbers
        if number
    ]
    others = [
        '<a href="#hosts" data-filter="verdict" data-value="%s">%d %s</a>' % (name, count, _text(words[name]))
        for name, count in summary['statuses'].items()
        if count and name != 'ok'
    ]
    others += [_text(told(tongue, message('table/with-waived', number=waived)))] if waived else []
    more = ' (%s)' % ', '.join(others) if others else ''
    return '<p class="total">%s%s</p><ul class="cards">%s</ul>' % (_text(number), more, ''.join(cards))


def _comparison(part: Comparison | None, words: dict[str, str]) -> list[str]:
    if not part:
        return []
    head = words['comparison'].format(**part['baseline'])
    counts = ', '.join('%d %s' % (number, words[name]) for name, number in part['changes'].items() if number)
    gone = '%s: %s' % (words['gone'], ', '.join(part['gone'])) if part['gone'] else ''
    lines = [line for line in (counts or words['none'], gone) if line]
    return ['<h3>%s</h3>%s' % (_text(head), ''.join('<p>%s</p>' % _text(line) for line in lines))]


def _remediation(part: RemediationPart | None, words: dict[str, str], tongue: str) -> list[str]:
    if not part:
        return []
    counts = [
        '%d %s' % (number, words.get('done_%s' % name, name)) for name, number in part['states'].items() if number
    ]
    told = ', '.join(counts) or words['none']
    refused = translated(tongue, part, 'refused') or ''
    lines = ['%s %s: %s' % (words['change_set'], part['change_set'], told), refused]
    undo = '<p>%s:</p><pre>%s</pre>' % (_text(words['undo']), escape.html(part['undo'])) if part['undo'] else ''
    shown = ''.join('<p>%s</p>' % _text(line) for line in lines if line)
    head = '<section aria-labelledby="done"><h2 id="done">%s</h2>' % _text(words['remediation'])
    return [head, shown, undo, '</section>']


def _static(hosts: list[Host], words: dict[str, str], tongue: str) -> str:
    """The worst hosts without a script: what stays if it may not run."""
    head = ''.join('<th scope="col">%s</th>' % _text(words[name]) for name in ('host', 'verdict', 'matters'))
    rows = ''.join(
        '<tr><th scope="row">%s</th><td>%s</td><td>%s</td></tr>'
        % (
            _text(host['name']),
            _badge(host, tongue),
            _text(translated(tongue, host, 'reason') or translated(tongue, host, 'summary')),
        )
        for host in hosts[:_STATIC_ROWS]
    )
    note = '<p class="dim">%s</p>' % _text(words['no_script'])
    return '%s<table class="hosts"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>' % (note, head, rows)


def _badge(host: Host, tongue: str) -> str:
    """The class; of a host that was seen in part not plainly so."""
    kind = 'badge v-%s part' if host['unseen'] else 'badge v-%s'
    return '<span class="%s">%s</span>' % (kind % host['verdict'], _text(unseen.verdict(host, tongue)))


def _text(value: str) -> str:
    return escape.html(escape.shorten(value, _TEXT))


def _hash(text: str) -> str:
    """The text of an element as the content policy names it."""
    return 'sha256-%s' % base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')


@functools.cache
def _asset(name: str) -> str:
    """The text of a file that goes into the page."""
    with open(os.path.join(_ASSETS, name), encoding='utf-8') as handle:
        return handle.read()
