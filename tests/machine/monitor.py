# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of a running qemu: its monitor, in JSON (QMP), and the shell on the machine's second serial line."""

from __future__ import annotations

import base64
import json
import socket
import time
from pathlib import Path
from typing import Any

PATIENCE_S = 120


class Line:
    """A Unix socket with lines of text, which qemu makes shortly after it starts."""

    def __init__(self, path: Path, patience: float = PATIENCE_S) -> None:
        limit = time.monotonic() + PATIENCE_S
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(patience)
        while True:
            try:
                self._socket.connect(str(path))
                break
            except OSError:
                if time.monotonic() > limit:
                    raise
                time.sleep(0.02)
        self._lines = self._socket.makefile('rb')

    def write(self, text: str) -> None:
        self._socket.sendall(text.encode() + b'\n')

    def read(self) -> str:
        line = self._lines.readline()
        if not line:
            raise EOFError('qemu has ended')
        return line.decode(errors='replace').strip()

    def close(self) -> None:
        self._lines.close()
        self._socket.close()


class Monitor:
    def __init__(self, path: Path) -> None:
        self._line = Line(path)
        self._line.read()
        self.ask('qmp_capabilities')

    def ask(self, command: str, **arguments: Any) -> Any:
        """The answer to one command; events that come in between are dropped. RuntimeError where it is an error."""
        self._line.write(json.dumps({'execute': command, 'arguments': arguments}))
        while True:
            answer = json.loads(self._line.read())
            if 'error' in answer:
                raise RuntimeError('%s: %s' % (command, answer['error']['desc']))
            if 'return' in answer:
                return answer['return']

    def human(self, command: str) -> str:
        """A command of the monitor for people, such as savevm; RuntimeError where it says anything."""
        said: str = self.ask('human-monitor-command', **{'command-line': command})
        if said.strip():
            raise RuntimeError('%s: %s' % (command, said.strip()))
        return said

    def close(self) -> None:
        self._line.close()


class Shell:
    """Runs scripts as root without the network; the other end is serial-shell of recipe.py."""

    def __init__(self, path: Path, patience: float = PATIENCE_S) -> None:
        self._line, self._asked = Line(path, patience), 0

    def run(self, script: str) -> tuple[int, str]:
        """(exit status, what the script said). A line that went wrong while the machine slept ends with ours."""
        self._asked += 1
        self._line.write('\n%d %s' % (self._asked, base64.b64encode(script.encode()).decode()))
        words: list[str] = []
        while words[:2] != ['answer', str(self._asked)]:
            words = self._line.read().split()
        said, _newline, status = base64.b64decode(words[2]).decode(errors='replace').rpartition('\n')
        return int(status), said

    def close(self) -> None:
        self._line.close()
