# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text in the columns of a terminal: East Asian characters take two (UAX #11), and lines may break between them."""

import re
import unicodedata
from collections.abc import Iterable

#: What stays on one line: a wide character with what closes it, or a run without blanks and wide ones; and blanks.
_UNIT = re.compile('(?:[\u2e80-\uffef][，。、；：）]*|[^\\s\u2e80-\uffef]+)\\s*')


#: Sequences that change colours and take no column (ECMA-48 SGR).
_SGR = re.compile('\x1b\\[[0-9;]*m')


def width(text: str) -> int:
    """The columns that the text takes."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in 'WF' else 1
        for each in _SGR.sub('', text)
    )


def padded(text: str, columns: int) -> str:
    """The text with blanks after it, as wide as that."""
    return text + ' ' * (columns - width(text))


def screen_lines(lines: Iterable[str], columns: int) -> int:
    """The lines that these take on a terminal, which breaks those that are too long."""
    return sum(max(-(-width(line) // columns), 1) for line in lines)


def wrapped(text: str, columns: int, first: str, others: str) -> list[str]:
    """Lines of at most that many columns, the first one and the others with these before them."""
    lines, line = [], first
    for unit in _units(text, columns - width(others)):
        if line not in (first, others) and width(line + unit.rstrip()) > columns:
            lines.append(line.rstrip())
            line = others
        line += unit
    return [*lines, line.rstrip()]


def folded(text: str, columns: int) -> str:
    """The text with its long lines broken at blanks; what goes on below is two columns further in."""
    lines = []
    for line in text.split('\n'):
        lead = line[: len(line) - len(line.lstrip(' '))]
        lines += [line] if width(line) <= columns else wrapped(line, columns, lead, lead + '  ')
    return '\n'.join(lines)


def _units(text: str, room: int) -> list[str]:
    """What may stand alone on a line; a word without a place to break is broken where the line ends."""
    return [part for unit in _UNIT.findall(text.lstrip()) for part in re.findall('.{1,%d}' % max(room, 1), unit)]
