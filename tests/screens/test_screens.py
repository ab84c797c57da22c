# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of screens: how they are drawn, that the script makes them, and that pages show each of them."""

from __future__ import annotations

import platform
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pyte
import pytest

from tests.fleet.conftest import fleet_possible
from tests.screens import __main__ as screens
from tests.screens import drawing
from tests.terminal import CHECKOUT, Screen

__all__ = ['fleet_possible']
SVG = '{http://www.w3.org/2000/svg}'


def drawn(text: str, columns: int = 40, rows: int = 4) -> list[list[tuple[str, str | None, int, int]]]:
    """(text, colour, first cell, cells) of each piece of each row."""
    screen = Screen(columns, rows)
    pyte.Stream(screen).feed(text)
    root = ET.fromstring(drawing.svg(screen, 'A title', 'What it shows'))
    rows_found = list(root.iter(SVG + 'text'))
    assert float(root.attrib['height']) == len(rows_found) * drawing.HEIGHT + 2 * drawing.MARGIN
    return [
        [
            (
                piece.text or '',
                piece.get('fill'),
                (int(piece.attrib['x']) - drawing.MARGIN) // drawing.WIDTH,
                int(piece.attrib['textLength']) // drawing.WIDTH,
            )
            for piece in row
        ]
        for row in rows_found
    ]


def test_what_looks_alike_is_one_piece_in_its_place() -> None:
    [[name, verdict, line]] = drawn('web1  \x1b[31mexposed\x1b[0m  a line')
    assert name == ('web1', None, 0, 4)
    assert verdict[0] == 'exposed'
    assert verdict[1]
    assert verdict[2:] == (6, 7)
    assert line == ('a line', None, 15, 6)


def test_a_chinese_character_takes_two_cells() -> None:
    assert drawn('ab已暴露 c') == [[('ab', None, 0, 2), ('已暴露', None, 2, 6), ('c', None, 9, 1)]]


def test_what_stands_on_the_screen_is_text_and_no_markup() -> None:
    assert drawn('<a href="b">&amp;') == [[('<a href="b">&amp;', None, 0, 17)]]


@pytest.mark.skipif(bool(screens.missing()), reason='pictures of screens: the page %s' % screens.missing())
class TestTheScript:
    def test_a_few_pictures(self, fleet_possible: None, tmp_path: Path) -> None:
        """One terminal, and its page in every size and scheme."""
        images, place = tmp_path / 'images', tmp_path / 'place'
        images.mkdir()
        place.mkdir()
        screens.take(place, images, {'zh': (' -e audit_language=zh -e audit_window=0', (80,))})
        made = {path.name for path in images.iterdir()}
        assert made == {name for name in screens.names() if name.endswith(('-zh.svg', '-zh.webp'))}
        text = ''.join(ET.parse(images / 'console-80-zh.svg').getroot().itertext())
        assert '已暴露' in text
        for path in images.glob('*.webp'):
            assert path.read_bytes()[8:12] == b'WEBP'
            assert path.stat().st_size < 150_000

    @pytest.mark.long
    def test_all_of_them(self, fleet_possible: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr('sys.argv', ['screens', '--to', str(tmp_path)])
        assert screens.main() == 0
        assert {path.name for path in tmp_path.iterdir()} == screens.names()


@pytest.mark.parametrize('text', ['k8s-7 %s', '/%s/hosts', '"%s"'])
def test_a_picture_that_names_this_machine_is_refused(text: str) -> None:
    with pytest.raises(screens.ScreenError, match='would be on a picture'):
        screens.anonymous(text % platform.node())
    assert screens.anonymous('x%sx' % platform.node()), 'a part of a word is no name'


def test_pages_show_each_picture_and_there_is_no_other() -> None:
    pages = [CHECKOUT / 'README.md', CHECKOUT / 'README.zh.md', *CHECKOUT.glob('docs/**/*.md')]
    text = '\n'.join(page.read_text(encoding='utf-8') for page in pages)
    shown = set(re.findall(r'!\[[^\]]+\]\([\w./]*images/((?:console|page)-[\w.-]+)\)', text))
    there = {path.name for kind in ('console', 'page') for path in screens.IMAGES.glob(kind + '-*')}
    assert shown == there == screens.names()
