# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A terminal's screen as SVG: small, sharp at any size, and its text can be searched and read aloud."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from html import escape

import pyte
from pyte.screens import Char

#: Pixels of a cell, and around all of them.
WIDTH, HEIGHT, MARGIN = 8, 18, 12
_BASELINE = 13
_FONTS = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"
_PAPER, _INK = '#1b1f24', '#d5dae0'
# By the names that pyte has for the colours of ECMA-48; each is readable on the paper.
_COLOURS = {
    'default': _INK,
    'black': '#8b949e',
    'red': '#ff7b72',
    'green': '#7ee787',
    'brown': '#e3b341',
    'blue': '#79c0ff',
    'magenta': '#d2a8ff',
    'cyan': '#76e3ea',
    'white': _INK,
}

_WORDS = re.compile(r'\S+(?: \S+)*')


def svg(screen: pyte.Screen, title: str, description: str) -> str:
    """The picture of a screen, without the empty rows at its end. title and description are for those who hear it."""
    rows = [_row(screen, number) for number in range(screen.lines)]
    while rows and not ''.join(cell.data for cell in rows[-1]).strip():
        rows.pop()
    width, height = screen.columns * WIDTH + 2 * MARGIN, len(rows) * HEIGHT + 2 * MARGIN
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">'
        % (width, height, width, height),
        '<title>%s</title>' % escape(title),
        '<desc>%s</desc>' % escape(description),
        '<rect width="100%%" height="100%%" rx="8" fill="%s"/>' % _PAPER,
        '<g font-family="%s" font-size="13" fill="%s">' % (_FONTS, _INK),
    ]
    for number, row in enumerate(rows):
        pieces = ''.join(_pieces(row))
        if pieces:
            y = MARGIN + number * HEIGHT + _BASELINE
            lines.append('<text x="%d" y="%d">%s</text>' % (MARGIN, y, pieces))
    return '\n'.join([*lines, '</g>', '</svg>', ''])


def _row(screen: pyte.Screen, number: int) -> list[Char]:
    return [screen.buffer[number][column] for column in range(screen.columns)]


def _pieces(row: list[Char]) -> Iterator[str]:
    """A tspan for each run of cells that look alike, as wide as its cells whatever font there is.

    Two blanks end a run: what renders SVG makes one of them.
    """
    placed = [(column, cell) for column, cell in enumerate(row) if cell.data]  # the second half of a wide one is empty
    for (wide, look), run in itertools.groupby(placed, lambda each: (_cells(row, each[0]), _look(each[1]))):
        cells = list(run)
        for found in _WORDS.finditer(''.join(cell.data for _column, cell in cells)):
            x, length = MARGIN + cells[found.start()][0] * WIDTH, len(found[0]) * wide * WIDTH
            attributes = 'x="%d" textLength="%d"%s' % (x, length, look)
            yield '<tspan %s>%s</tspan>' % (attributes, escape(found[0]))


def _cells(row: list[Char], column: int) -> int:
    """How many cells the character takes."""
    return 2 if column + 1 < len(row) and not row[column + 1].data else 1


def _look(cell: Char) -> str:
    """Attributes of SVG; one of 256 colours comes from pyte as six hexadecimal digits."""
    colour = _COLOURS.get(cell.fg.removeprefix('bright'), '#' + cell.fg)
    return (' fill="%s"' % colour if colour != _INK else '') + (' font-weight="bold"' if cell.bold else '')
