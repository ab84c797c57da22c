# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A line at the foot of a terminal that stays while everything else scrolls above it, as apt's progress bar does.

The scrolling region of the terminal (DECSTBM, ECMA-48 and every terminal since the VT100) ends one row earlier, so what
others print never meets the line.
"""

import os
import typing as t

_LEAST_ROWS = 5


class StatusLine:
    """Writes to a stream that is a terminal. Nothing is shown on a terminal of a few rows."""

    def __init__(self, stream: t.TextIO) -> None:
        self._stream = stream
        self._rows = 0

    def show(self, text: t.Callable[[int], str]) -> None:
        """text: of the number of columns."""
        columns, rows = self._size()
        if rows < _LEAST_ROWS:
            self.close()
            return
        if rows != self._rows:
            # The line feed makes room where the cursor is on the last row; setting the region moves the cursor. It is
            # saved within the region, since some terminals restore it nowhere else.
            self._write('\n\x1b[1A\x1b7\x1b[1;%dr\x1b8' % (rows - 1))
            self._rows = rows
        self._write('\x1b7\x1b[%d;1H\x1b[2K%s\x1b8' % (rows, text(columns)))

    def close(self) -> None:
        """Give the terminal back as it was."""
        if self._rows:
            self._write('\x1b7\x1b[%d;1H\x1b[2K\x1b[r\x1b8' % self._rows)
            self._rows = 0

    def _size(self) -> tuple[int, int]:
        try:
            size = os.get_terminal_size(self._stream.fileno())
        except (OSError, ValueError):
            return 0, 0
        return size.columns, size.lines

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
