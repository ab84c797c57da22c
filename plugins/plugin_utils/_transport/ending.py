# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run says at its end: after the recap where a callback of the collection listens, else where it is known."""

import atexit
import contextlib
import os
from collections.abc import Sequence

from ansible import constants
from ansible.utils.color import ANSIBLE_COLOR
from ansible.utils.display import Display

from .._messages.catalogue import told
from .._messages.message import message
from .._report.formats import terminal
from .._run import run
from .._shapes.report import Report
from .._text import escape
from .._text.columns import folded as fold
from .._text.values import Given

#: Of a terminal of 40 lines: the command before it and the prompt after it stay in sight.
LINES = 38
_LISTENER, _TEXTS = 'listener', 'ending'


def listen(name: str) -> None:
    """A callback of that name, in the main process, tells the end, after Ctrl-C too; of several the last one does."""
    with contextlib.suppress(OSError):  # where nothing can be kept, as on a full disk, tasks say it themselves
        run.keep(_directory(), _LISTENER, {'name': name, 'process': os.getpid(), 'width': terminal.columns()})
        atexit.register(tell, name)


def say_report(key: str, document: Report, files: list[str]) -> None:
    """Say what a report has found. With -v nothing of it is left out for want of room."""
    display = Display()
    room = LINES if _listener() and not display.verbosity else None
    say(key, terminal.text(document, files, columns() or display.columns, bool(ANSIBLE_COLOR), room))


def columns() -> int | None:
    """The width of the terminal, for a task too; None where there is none, or where nobody knows it."""
    found = _listener().get('width')
    return found if isinstance(found, int) else terminal.columns()


def folded(text: str) -> str:
    """The text for that terminal: no word is broken. Where there is none, the lines stay whole, for other programs."""
    width = columns()
    return text if width is None else fold(text, width)


def say(key: str, text: str) -> None:
    """Say this at the end of the run; key: of the task, whose last word counts."""
    try:
        if _listener():
            run.keep(_directory(), _TEXTS, {**run.kept(_directory(), _TEXTS), key: text})
            return
    except OSError:  # where the disk is full it is said at once
        pass
    _show(text)


def tell(name: str) -> None:
    """Say what was kept, if it is this callback's turn: once, by the main process."""
    listener = _listener()
    if (listener.get('name'), listener.get('process')) != (name, os.getpid()):
        return
    texts = run.kept(_directory(), _TEXTS)
    run.drop(_directory(), _TEXTS)
    for text in texts.values():
        _show(str(text).lstrip('\n'))  # an empty line is there, after the recap


def part(result: Given, name: str) -> Given:
    """A part of what a callback is given; before ansible-core 2.19 the names had an underscore."""
    return getattr(result, name) if hasattr(result, name) else getattr(result, '_%s' % name)


def say_dropping(host: str, rules: Sequence[str]) -> None:
    """Say at once that a host refuses connections now; the first such host of a run, since the report names all."""
    with contextlib.suppress(OSError):
        if run.first(_directory(), 'dropping'):
            named = [escape.terminal(str(rule), 80) for rule in rules]
            said = message('do_now/dropping', host=escape.host(host), rules=named)
            _show(told(str(run.kept(_directory(), 'resume').get('language') or 'en'), said))


def _listener() -> dict[str, object]:
    """{name, process, width} of who tells the end; empty where nobody does."""
    return run.kept(_directory(), _LISTENER)


def _directory() -> str:
    return str(constants.DEFAULT_LOCAL_TMP)


def _show(text: str) -> None:
    Display().display(text, stderr=terminal.for_programs(constants.DEFAULT_STDOUT_CALLBACK))
