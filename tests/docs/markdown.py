# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests read out of a page: its headings, links, tables and blocks of code. Pages are plain: no library."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

from tests.gates.gates import CHECKOUT

FENCE = re.compile(r'^( *)```(\w*)\n(.*?)^\1```$', re.MULTILINE | re.DOTALL)
LINK = re.compile(r'(!?)\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)')
HEADING = re.compile(r'^(#{1,6}) (.+)$', re.MULTILINE)
COMMENT = re.compile(r'<!--.*?-->', re.DOTALL)


def pages() -> list[Path]:
    """Every page that people read."""
    roots = [*CHECKOUT.glob('*.md'), *CHECKOUT.glob('roles/*/README.md'), *CHECKOUT.glob('docs/**/*.md')]
    return sorted(roots)


def name(page: Path) -> str:
    return page.relative_to(CHECKOUT).as_posix()


@dataclass(frozen=True)
class Block:
    """A fenced block; `line` is where its text begins, counted from 1."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return '%s:%d' % (name(self.page), self.line)


def blocks(page: Path, *languages: str) -> list[Block]:
    """The blocks of these languages, of all if none is named."""
    text = page.read_text(encoding='utf-8')
    found = []
    for match in FENCE.finditer(text):
        line = text.count('\n', 0, match.start(3)) + 1
        found.append(Block(page, line, match[2], textwrap.dedent(match[3])))
    return [block for block in found if not languages or block.language in languages]


def prose(page: Path) -> str:
    """The page without its blocks of code and comments."""
    return COMMENT.sub('', FENCE.sub('', page.read_text(encoding='utf-8')))


def links(page: Path) -> list[str]:
    """Targets of links and pictures, in their order."""
    return [match[2] for match in LINK.finditer(re.sub(r'`[^`\n]+`', '`code`', prose(page)))]


def headings(page: Path) -> list[tuple[int, str]]:
    """(level, text) of each."""
    return [(len(match[1]), match[2]) for match in HEADING.finditer(prose(page))]


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings."""
    texts = (re.sub(r'\[([^\]]*)\]\([^)]*\)', r'\1', text).lower() for _level, text in headings(page))
    return {re.sub(r'[^\w -]', '', text).replace(' ', '-') for text in texts}


def tables(page: Path) -> list[list[list[str]]]:
    """Rows of cells of each table, without the line below the head."""
    found: list[list[list[str]]] = [[]]
    for line in prose(page).splitlines():
        if not line.startswith('|'):
            found.append([])
        elif not re.fullmatch(r'[|\s:-]+', line):
            found[-1].append([cell.strip() for cell in re.split(r'(?<!\\)\|', line.strip('|'))])
    return [table for table in found if table]
