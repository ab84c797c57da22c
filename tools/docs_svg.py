# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw pictures as SVG text: sequences of packets, and boxes with arrows. Plain data in, text out.

A picture has its own light background, so that it can be read on a dark page too, and a title and a description for
people who do not see it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

#: meaning -> colour of lines and of text; each has a contrast of at least 4.5 on white
COLORS = {'plain': '#374151', 'good': '#166534', 'bad': '#b91c1c', 'memory': '#7c3aed', 'ping': '#0e7490'}
FILLS = {'plain': '#f3f4f6', 'good': '#dcfce7', 'bad': '#fee2e2', 'memory': '#ede9fe', 'ping': '#cffafe'}
SANS = 'system-ui, sans-serif'
LINE = 17  # height of a line of text


@dataclass(frozen=True)
class Message:
    """An arrow from one column to another. `lost` ends it with a cross, `beside` is written below the arrow."""

    start: str
    end: str
    text: str
    kind: str = 'plain'
    lost: bool = False
    beside: str = ''


@dataclass(frozen=True)
class Note:
    """A box on one column; `text` may have several lines."""

    where: str
    text: str
    kind: str = 'memory'


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int
    text: str
    kind: str = 'plain'
    dashed: bool = False


@dataclass(frozen=True)
class Arrow:
    x1: int
    y1: int
    x2: int
    y2: int
    text: str = ''
    kind: str = 'plain'
    lost: bool = False


@dataclass(frozen=True)
class Label:
    x: int
    y: int
    text: str
    kind: str = 'plain'
    bold: bool = False


@dataclass(frozen=True)
class Picture:
    """`shapes` are drawn in their order."""

    title: str
    description: str
    width: int
    height: int
    shapes: tuple[Box | Arrow | Label, ...] = field(default=())

    def svg(self) -> str:
        kinds = sorted(COLORS)
        heads = ''.join(
            '<marker id="head-%s" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
            '<path d="M0 0 8 4 0 8z" fill="%s"/></marker>' % (kind, COLORS[kind])
            for kind in kinds
        )
        drawn = '\n'.join(_drawn(shape) for shape in self.shapes)
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" '
            'aria-labelledby="title description" font-family="%s" font-size="13">\n'
            '<title id="title">%s</title>\n<desc id="description">%s</desc>\n<defs>%s</defs>\n'
            '<rect x="0.5" y="0.5" width="%d" height="%d" rx="10" fill="#ffffff" stroke="#d1d5db"/>\n%s\n</svg>\n'
            % (
                *(self.width, self.height, self.width, self.height, SANS),
                *(escape(self.title), escape(self.description), heads),
                *(self.width - 1, self.height - 1, drawn),
            )
        )


def sequence(
    title: str, description: str, columns: dict[str, str], steps: list[Message | Note], spacing: int = 210
) -> Picture:
    """Packets over time, from top to bottom. `columns` gives the text at the head of each, lines parted by newlines."""
    margin = 110
    x = {name: margin + spacing * number for number, name in enumerate(columns)}
    width = 2 * margin + spacing * (len(columns) - 1)
    lines = max(text.count('\n') + 1 for text in columns.values())
    top = 16
    y = top + LINE * lines + 34
    shapes: list[Box | Arrow | Label] = []
    for step in steps:
        if isinstance(step, Note):
            count = step.text.count('\n') + 1
            shapes.append(Box(x[step.where] - 100, y - 10, 200, LINE * count + 12, step.text, step.kind))
            y += LINE * count + 26
            continue
        y += 12
        reach = 0.93 if step.lost else 1.0
        end = int(x[step.start] + (x[step.end] - x[step.start]) * reach)
        shapes.append(Arrow(x[step.start], y, end, y, step.text, step.kind, step.lost))
        if step.beside:
            shapes.append(Label((x[step.start] + x[step.end]) // 2, y + 17, step.beside, step.kind))
        y += 40 if step.beside else 26
    heads = [Box(x[name] - 90, top, 180, LINE * lines + 14, text) for name, text in columns.items()]
    lives = [Arrow(x[name], top + LINE * lines + 14, x[name], y, '', 'life') for name in columns]
    return Picture(title, description, width, y + 14, (*lives, *heads, *shapes))


def _drawn(shape: Box | Arrow | Label) -> str:
    if isinstance(shape, Label):
        return _text(shape.x, shape.y, shape.text, COLORS[shape.kind], shape.bold)
    if isinstance(shape, Arrow):
        return _arrow(shape)
    drawn = '<rect x="%d" y="%d" width="%d" height="%d" rx="5" fill="%s" stroke="%s"%s/>' % (
        *(shape.x, shape.y, shape.width, shape.height, FILLS[shape.kind], COLORS[shape.kind]),
        ' stroke-dasharray="5 4"' if shape.dashed else '',
    )
    lines = shape.text.split('\n')
    # Text of a dashed box, which holds others, stands at its top.
    first = shape.y + 18 if shape.dashed else shape.y + (shape.height - LINE * len(lines)) / 2 + 13
    middle = shape.x + shape.width // 2
    return '\n'.join(
        [drawn, *(_text(middle, first + LINE * number, line, COLORS[shape.kind]) for number, line in enumerate(lines))]
    )


def _arrow(arrow: Arrow) -> str:
    if arrow.kind == 'life':
        return '<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#d1d5db"/>' % (arrow.x1, arrow.y1, arrow.x2, arrow.y2)
    color = COLORS[arrow.kind]
    place = (arrow.x1, arrow.y1, arrow.x2, arrow.y2, color)
    end = '' if arrow.lost else ' marker-end="url(#head-%s)"' % arrow.kind
    drawn = ['<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="%s" stroke-width="1.5"%s/>' % (*place, end)]
    if arrow.lost:
        x, y = arrow.x2, arrow.y2
        cross = 'M%d %dl12 12m0 -12l-12 12' % (x - 6, y - 6)
        drawn.append('<path d="%s" stroke="%s" stroke-width="2.5" fill="none"/>' % (cross, color))
    if arrow.text:
        drawn.append(_text((arrow.x1 + arrow.x2) / 2, (arrow.y1 + arrow.y2) / 2 - 6, arrow.text, color))
    return '\n'.join(drawn)


def _text(x: float, y: float, text: str, color: str, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ''
    return '<text x="%g" y="%g" fill="%s" text-anchor="middle"%s>%s</text>' % (x, y, color, weight, escape(text))
