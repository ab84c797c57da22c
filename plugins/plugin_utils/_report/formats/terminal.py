# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an audit prints at its end."""

import os

from ..._messages.catalogue import told
from ..._messages.language import word
from ..._messages.message import message
from ..._shapes.report import Report
from ..._text import escape
from ..._text.columns import screen_lines
from ..document import tongue
from . import table
from .steps import blocks

_NARROWEST = 40
#: Steps that are shown; lines between the parts: empty ones, headings, "and more"; hosts that need no room.
_STEPS_MAX, _APART, _SMALL = 8, 5, 10
# Stdout callbacks (their last name) that write something for programs: the table must not spoil it.
_MACHINE = frozenset(('json', 'jsonl', 'null'))


def for_programs(callback: str) -> bool:
    """True when standard output belongs to a machine format, by the name of the stdout callback."""
    return callback.rpartition('.')[2] in _MACHINE


def columns() -> int | None:
    """The width of the terminal, by COLUMNS or as it says itself; None where standard output is none.

    To be asked in the main process: those that run tasks have no terminal from ansible-core 2.19 on, and its Display
    takes 79 columns for the least.
    """
    if os.environ.get('COLUMNS', '').isdecimal():
        return max(int(os.environ['COLUMNS']), _NARROWEST)
    try:
        return max(os.get_terminal_size(1).columns, _NARROWEST)
    except OSError:
        return None


def text(document: Report, files: list[str], width: int, color: bool, lines: int | None = None) -> str:
    """What to do now, the hosts worst first, totals, where the reports are, and the next command; an empty line first.

    lines: of the terminal that it should fit, None for any number. The worst cause, and all hosts of a small fleet, are
    there in any case; of other causes one line is left, and hosts without room are counted.
    """
    end = [escape.terminal(os.path.relpath(path), 1000) for path in files] + _next(document)
    room, steps = None, _steps(document, width, None)
    if lines is not None:
        room = lines - _APART - screen_lines([*table.totals(document, width), *end], width)
        steps = _steps(document, width, room // 2)
        room = None if len(document['hosts']) <= _SMALL else room - screen_lines(steps, width)
    return '\n%s\n' % '\n'.join([*steps, table.render(document, width, color, room), *end])


def _steps(document: Report, width: int, room: int | None) -> list[str]:
    """The steps under their heading, and an empty line; those that have no room are one line each."""
    language, found = tongue(document), blocks(document, width)
    if not found:
        return [told(language, message('table/nothing')), ''] if document['hosts'] else []
    shown, more = [*found[0].head, *found[0].more], found[1:_STEPS_MAX]
    for number, block in enumerate(more, 1):
        heads = [line for following in more[number:] for line in following.head]
        fits = room is None or screen_lines([*shown, *block.head, *block.more, *heads], width) <= room
        shown += [*block.head, *(block.more if fits else ())]
    left = len(found) - 1 - len(more)
    hidden = [told(language, message('table/more-steps', number=left))] if left else []
    return [told(language, word('do_now')), *shown, *hidden, '']


def _next(document: Report) -> list[str]:
    """The command that comes next, ready to be pasted."""
    command = next((command for step in document['do_now'] for command in step['commands']), None)
    return ['%s %s' % (told(tongue(document), message('table/next')), escape.visible(command))] if command else []
