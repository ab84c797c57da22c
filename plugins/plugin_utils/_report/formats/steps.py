# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do now, for the terminal: a block of lines for each step of the document's do_now."""

import typing as t

from ..._messages.catalogue import told
from ..._messages.language import word
from ..._messages.message import message
from ..._messages.telling import words
from ..._shapes.report import Report
from ..._text import columns, escape
from ..document import tongue

_NAME_MAX, _CAUSE_MAX, _ACTION_MAX = 300, 400, 1000


class Block(t.NamedTuple):
    """The lines of a step. head: how many hosts, the worst one, and why; more: what to do, and the commands."""

    head: list[str]
    more: list[str]


def blocks(document: Report, width: int) -> list[Block]:
    """A block for each step; what to do is said once.

    A command stays on one line, however long, so that it can be pasted.
    """
    language = tongue(document)
    found: list[Block] = []
    said: set[str] = set()
    for number, step in enumerate(document['do_now'], 1):
        action = escape.terminal(words(language, step, 'action'), _ACTION_MAX)
        lead = '%d. ' % number
        indent = ' ' * len(lead)
        cause = escape.terminal(words(language, step, 'cause'), _CAUSE_MAX)
        worst = escape.terminal(step['named'][0], _NAME_MAX)
        hosts = step['hosts'] if step['hosts'] > 1 else None
        head = message('table/step', kind=word(step['class']), hosts=hosts, worst=worst, cause=cause)
        more = [] if action in said else columns.wrapped(action, width, indent, indent)
        more += ['%s%s' % (indent, escape.visible(command)) for command in step['commands']]
        found.append(Block(columns.wrapped(told(language, head), width, lead, indent), more))
        said.add(action)
    return found
