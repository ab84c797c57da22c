# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A diagnosis as people read it, on a terminal or in a file: the conclusion first, then the evidence step by step."""

from ..._messages.catalogue import told
from ..._messages.message import Message, message
from ..._messages.telling import all_words, words
from ..._shapes.diagnosis import Diagnosis
from ..._text.escape import terminal
from .. import diagnosis

_LINE = 1000


def render(document: Diagnosis, tongue: str) -> str:
    """Lines of plain text in that language; what comes from nodes is made harmless."""
    parts = (_conclusion(document, tongue), _evidence(document, tongue), _others(document, tongue))
    lines = [line for part in parts for line in (*part, '')] + _next(document, tongue)
    return '\n'.join(terminal_line(line) for line in lines).rstrip() + '\n'


def terminal_line(line: str) -> str:
    """The line without anything that moves the cursor; its indentation stays."""
    inner = line.lstrip(' ')
    return line[: len(line) - len(inner)] + terminal(inner, _LINE)


def _conclusion(document: Diagnosis, tongue: str) -> list[str]:
    conclusion = message('diagnosis/conclusion', concluded=diagnosis.concluded(document, tongue))
    why = all_words(tongue, document['conclusion'], 'why')
    return [diagnosis.goal(document, tongue), told(tongue, conclusion), *('  - %s' % reason for reason in why)]


def _evidence(document: Diagnosis, tongue: str) -> list[str]:
    steps = all_words(tongue, document, 'steps')
    return [told(tongue, message('diagnosis/evidence')), *('  %d. %s' % each for each in enumerate(steps, 1))]


def _others(document: Diagnosis, tongue: str) -> list[str]:
    """The causes that were ruled out, and after a blank line those that are open."""
    parts = (
        _causes(document, 'ruled out', message('diagnosis/ruled-out'), tongue),
        _causes(document, 'open', message('diagnosis/open'), tongue),
    )
    return [line for part in parts if part for line in ('', *part)][1:]


def _causes(document: Diagnosis, state: str, title: Message, tongue: str) -> list[str]:
    some = [
        message('diagnosis/cause', title=words(tongue, cause, 'title'), why=all_words(tongue, cause, 'why'))
        for cause in document['causes']
        if cause['state'] == state
    ]
    return [told(tongue, title), *('  - %s' % told(tongue, cause) for cause in some)] if some else []


def _next(document: Diagnosis, tongue: str) -> list[str]:
    lines = []
    for number, step in enumerate(document['next']):
        text = words(tongue, step, 'text')
        said = message('diagnosis/or', text=text) if number else message('diagnosis/next', text=text)
        lines.append('%s%s' % ('  ' if number else '', told(tongue, said)))
        lines += ['    %s' % step['command']] if step['command'] else []
    return lines
