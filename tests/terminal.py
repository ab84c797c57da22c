# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's terminal: a shell on a real pseudo-terminal, and the screen that somebody in front of it would see."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyte

CHECKOUT = Path(__file__).resolve().parent.parent
#: Seconds after which a program hangs: many times what the slowest one takes on a busy machine.
LONG = 300
CTRL_C = '\x03'
#: What stands before the cursor while the shell waits for a command.
PROMPT = '$ '
# The status of the last command becomes the title of the window, where it takes no room from the screen.
_PS1 = '\x1b]2;$?\x07' + PROMPT


class Screen(pyte.HistoryScreen):
    """A screen that knows which of its rows go on in the next one, as every terminal does for the clipboard."""

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__(columns, rows, history=2000)
        self._drawing = False

    def draw(self, data: str) -> None:
        self.buffer[self.cursor.y].goes_on = False
        self._drawing = True
        super().draw(data)
        self._drawing = False
        self.buffer[self.cursor.y].goes_on = False

    def linefeed(self) -> None:
        self.buffer[self.cursor.y].goes_on = self._drawing
        super().linefeed()

    def copied(self) -> str:
        """The screen as the clipboard would have it: a line that is longer than a row is one line."""
        return self._copied([self.buffer[number] for number in range(self.lines)])

    def past(self) -> str:
        """What has gone out of sight above it."""
        return self._copied(self.history.top)

    def _copied(self, rows: Iterable[Any]) -> str:
        text = ''
        for row in rows:
            cells = ''.join(row[column].data for column in range(self.columns))
            text += cells if getattr(row, 'goes_on', False) else cells.rstrip() + '\n'
        return text.rstrip('\n')


class Terminal:
    """A shell in a directory, which is also its home; `screen` is what stands on the terminal now."""

    def __init__(self, controller: int, columns: int, rows: int) -> None:
        self._controller = controller
        self.screen = Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)

    def run(self, command: str) -> int:
        """Type a command and wait for its end; returns its status."""
        self.type(command)
        return self.ended()

    def type(self, command: str) -> None:
        self.screen.title = ''
        self.press(command + '\n')

    def press(self, keys: str) -> None:
        os.write(self._controller, keys.encode())

    def ended(self) -> int:
        """Wait until the shell asks for the next command; returns the status of the last one."""
        self.until(self._asks)
        return int(self.screen.title)

    def shows(self, text: str) -> None:
        """Wait until the text stands on the screen."""
        self.until(lambda: text in self.copied())

    def copied(self) -> str:
        return self.screen.copied()

    def resize(self, columns: int, rows: int) -> None:
        """Pull the window to another size, with nothing on it."""
        fcntl.ioctl(self._controller, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
        self.screen = Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.run('')

    def _asks(self) -> bool:
        row = self.screen.display[self.screen.cursor.y]
        return bool(self.screen.title) and row.rstrip() == PROMPT.rstrip()

    def until(self, done: Callable[[], bool]) -> None:
        """Follow what is written until the condition holds."""
        end = time.monotonic() + LONG
        while not done():
            assert not self._asks(), 'it has ended:\n%s' % self.copied()
            assert time.monotonic() < end, 'it hangs:\n%s' % self.copied()
            if select.select([self._controller], [], [], 0.2)[0]:
                self._stream.feed(os.read(self._controller, 65536))


@contextlib.contextmanager
def terminal(place: Path, columns: int = 80, rows: int = 40, **environment: str) -> Iterator[Terminal]:
    """A terminal for somebody who works with this checkout; its shell ends with it."""
    controller, other = pty.openpty()
    fcntl.ioctl(controller, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
    known = {
        'ANSIBLE_CONFIG': str(CHECKOUT / 'ansible.cfg'),
        'HOME': str(place),
        'LC_ALL': 'C.UTF-8',
        'PATH': '%s:%s' % (Path(sys.executable).parent, os.environ['PATH']),
        'PS1': _PS1,
        'TERM': 'xterm-256color',
    }
    # It becomes the controlling terminal, so that keys which interrupt reach the program in front.
    shell = subprocess.Popen(
        ['setsid', '--ctty', 'sh', '-i'],
        cwd=place,
        env={**known, **environment},
        stdin=other,
        stdout=other,
        stderr=other,
    )
    os.close(other)
    found = Terminal(controller, columns, rows)
    try:
        found.ended()
        yield found
    finally:
        os.close(controller)  # the shell is told that its terminal is gone, as when a window is closed
        shell.wait(LONG)
