# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do now as the first section of the page: cause by cause, how many hosts, the worst of them, the commands."""

from collections.abc import Sequence

from ..._messages import language
from ..._messages.telling import words as told
from ..._shapes.report import Step
from ..._text import escape

#: Causes that are open from the beginning: as many as leave room for the numbers of the fleet on a screen.
_OPEN, _TEXT = 3, 500


def section(steps: Sequence[Step], tongue: str) -> list[str]:
    """The part of the page; the causes after the first ones are closed until somebody opens them."""
    words = language.words(tongue)
    shown, more = ([_step(step, tongue) for step in part] for part in (steps[:_OPEN], steps[_OPEN:]))
    parts = ['<ol class="steps">%s</ol>' % ''.join(shown) if shown else '<p>%s</p>' % _text(words['nothing'])]
    if more:
        name = words['one_more_cause'] if len(more) == 1 else words['more_causes'].format(count=len(more))
        listed = '<ol class="steps" start="%d">%s</ol>' % (_OPEN + 1, ''.join(more))
        parts.append('<details class="more"><summary>%s</summary>%s</details>' % (_text(name), listed))
    head = '<section aria-labelledby="now"><h2 id="now">%s</h2>' % _text(words['do_now'])
    return [head, *parts, '</section>']


def _step(step: Step, tongue: str) -> str:
    words = language.words(tongue)
    number = words['one_host'] if step['hosts'] == 1 else words['n_hosts'].format(count=step['hosts'])
    named = [_link('host', name, name) for name in step['named']]
    left = step['hosts'] - len(named)
    named += [_text(words['others'].format(count=left))] if left else []
    rule = ' (%s)' % _link('rule', step['rule'], step['rule']) if step['rule'] else ''
    return ('<li class="step s-%s"><h3><span class="badge v-%s">%s</span> %s</h3><p>%s%s: %s</p><p>%s</p>%s</li>') % (
        *(step['class'], step['class'], _text(words[step['class']])),
        *(_text(told(tongue, step, 'cause')), _text(number), rule, ', '.join(named)),
        _text(told(tongue, step, 'action')),
        ''.join(map(_command, step['commands'])),
    )


def _command(command: str) -> str:
    """A command whole; lists of hosts or rules in it may be broken after a comma."""
    return '<pre>%s</pre>' % escape.html(command).replace(',', ',<wbr>')


def _link(name: str, value: str, text: str) -> str:
    """A link to the hosts that this filter chooses: the script gives it its address."""
    return '<a href="#hosts" data-filter="%s" data-value="%s">%s</a>' % (name, escape.html(value), _text(text))


def _text(value: str) -> str:
    return escape.html(escape.shorten(value, _TEXT))
