# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages lead somewhere, and both READMEs say the same in the same order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs import markdown
from tests.gates.gates import CHECKOUT

ENGLISH, CHINESE = CHECKOUT / 'README.md', CHECKOUT / 'README.zh.md'


@pytest.mark.parametrize('page', markdown.pages(), ids=markdown.name)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for link in markdown.links(page):
        target, _mark, anchor = link.partition('#')
        if '://' in target:
            continue
        place = (page.parent / target).resolve() if target else page
        assert place.is_relative_to(CHECKOUT), link
        assert place.exists(), link
        if anchor:
            assert anchor in markdown.anchors(place), link


def test_every_guide_is_on_the_index() -> None:
    index = CHECKOUT / 'docs' / 'index.md'
    listed = {(index.parent / link).resolve() for link in markdown.links(index)}
    assert set((CHECKOUT / 'docs').rglob('*.md')) - {index} <= listed


def test_both_readmes_have_the_same_sections() -> None:
    assert [level for level, _text in markdown.headings(ENGLISH)] == [
        level for level, _text in markdown.headings(CHINESE)
    ]
    assert markdown.headings(ENGLISH)[0] == markdown.headings(CHINESE)[0]


def test_both_readmes_have_the_same_code() -> None:
    """Comments of commands apart: they are in the language of the page."""

    def code(page: Path) -> list[tuple[str, str]]:
        return [(block.language, re.sub(r' +# .*', '', block.text)) for block in markdown.blocks(page)]

    assert code(ENGLISH) == code(CHINESE)


def test_both_readmes_lead_to_the_same_places() -> None:
    """Section by section, the line that leads to the other language apart; the order of words may differ.

    A picture of a screen has a language too.
    """

    def places(page: Path) -> list[list[str]]:
        sections = re.split(r'^## ', markdown.prose(page), flags=re.MULTILINE)[1:]
        links = [[match[2] for match in markdown.LINK.finditer(section)] for section in sections]
        return [sorted(link.replace('-zh.webp', '-en.webp') for link in found) for found in links]

    assert places(ENGLISH) == places(CHINESE)
    assert CHINESE.name in markdown.links(ENGLISH)
    assert ENGLISH.name in markdown.links(CHINESE)


def test_both_readmes_have_the_same_tables() -> None:
    """As many columns and rows, and the same names of classes, modules and versions in the first column."""

    def shape(page: Path) -> list[list[tuple[int, list[str]]]]:
        return [[(len(row), re.findall(r'`[^`]+`', row[0])) for row in table] for table in markdown.tables(page)]

    assert shape(ENGLISH) == shape(CHINESE)


def test_both_readmes_have_the_same_lists() -> None:
    def items(page: Path) -> int:
        return len(re.findall(r'^- ', markdown.prose(page), flags=re.MULTILINE))

    assert items(ENGLISH) == items(CHINESE) > 0
