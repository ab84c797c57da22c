# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The line at the bottom of a terminal: what stands there, and that the terminal is given back as it was."""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import struct
import termios
from collections.abc import Iterator
from typing import Any

import pyte
import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.status_line import StatusLine

Terminal = tuple[int, Any]


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """The end that a person looks at, and the stream that a program writes to."""
    master, slave = os.openpty()
    with os.fdopen(slave, 'w') as stream:
        yield master, stream
    os.close(master)


def resize(stream: Any, rows: int, columns: int) -> None:
    fcntl.ioctl(stream.fileno(), termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))


def seen(master: int, rows: int = 24, columns: int = 40) -> tuple[list[str], pyte.Screen]:
    screen = pyte.Screen(columns, rows)
    stream = pyte.Stream(screen)
    os.set_blocking(master, False)
    with contextlib.suppress(BlockingIOError):
        while text := os.read(master, 65536):
            stream.feed(text.decode())
    return [line.rstrip() for line in screen.display], screen


def test_it_stands_at_the_bottom_and_output_scrolls_above_it(terminal: Terminal) -> None:
    master, stream = terminal
    resize(stream, 24, 40)
    line = StatusLine(stream)
    for number in range(30):
        stream.write('task %d\n' % number)
        line.show(lambda columns, number=number: ('%d of 30' % (number + 1)).rjust(columns))
    shown, screen = seen(master)
    assert shown[-1] == '30 of 30'.rjust(40)
    assert 'task 29' in shown[:-1]
    assert 'task 0' not in shown
    assert screen.margins is not None


def test_what_stood_on_the_last_row_is_not_written_over(terminal: Terminal) -> None:
    master, stream = terminal
    resize(stream, 10, 40)
    line = StatusLine(stream)
    stream.write(''.join('row %d\n' % number for number in range(20)))
    line.show(lambda columns: 'busy')
    stream.write('next\n')
    shown, _screen = seen(master, 10)
    assert shown == [*('row %d' % number for number in range(13, 20)), 'next', '', 'busy']


def test_closed_it_leaves_no_trace(terminal: Terminal) -> None:
    master, stream = terminal
    resize(stream, 24, 40)
    line = StatusLine(stream)
    stream.write('before\n')
    line.show(lambda columns: 'busy')
    line.close()
    line.close()
    shown, screen = seen(master)
    assert shown[-1] == ''
    assert 'before' in shown
    assert screen.margins is None


def test_a_terminal_that_becomes_too_small_gets_its_rows_back(terminal: Terminal) -> None:
    master, stream = terminal
    resize(stream, 24, 40)
    line = StatusLine(stream)
    line.show(lambda columns: 'busy')
    resize(stream, 2, 40)
    line.show(lambda columns: pytest.fail('there is no room'))
    shown, _screen = seen(master)
    assert 'busy' not in shown


def test_what_is_no_terminal_stays_empty() -> None:
    stream = io.StringIO()
    line = StatusLine(stream)
    line.show(lambda columns: 'busy')
    line.close()
    assert stream.getvalue() == ''
