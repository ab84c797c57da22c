# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the site is made of. The site itself is built by the gate `site`."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.docs import markdown
from tests.gates.gates import CHECKOUT
from tools import docs_rules, docs_site

SVG = '{http://www.w3.org/2000/svg}'
PICTURES = sorted(CHECKOUT.glob('docs/images/*.svg'))


@pytest.mark.parametrize(
    ('link', 'page', 'place'),
    [
        ('verdicts.md', 'guides/failure.md', 'verdicts.md'),
        ('../images/dropped.svg', 'guides/failure.md', '../images/dropped.svg'),
        ('#below', 'rules.md', '#below'),
        ('https://semver.org/', 'index.md', 'https://semver.org/'),
        ('../../roles/audit/README.md', 'guides/quick-start.md', '/reference/audit_role.rst'),
        ('examples/ci', 'report.md', 'https://github.com/nodetcp/paws/blob/main/docs/examples/ci'),
        ('../../CONTRIBUTING.md#a', 'guides/x.md', 'https://github.com/nodetcp/paws/blob/main/CONTRIBUTING.md#a'),
    ],
)
def test_links_lead_to_the_site_or_the_repository(link: str, page: str, place: str) -> None:
    assert docs_site.leads(link, page) == place


def test_the_tree_of_the_site_has_every_page() -> None:
    tree = docs_site.contents((CHECKOUT / 'docs' / 'index.md').read_text(encoding='utf-8')).splitlines()
    pages = {page.relative_to(CHECKOUT / 'docs').with_suffix('').as_posix() for page in CHECKOUT.glob('docs/**/*.md')}
    assert pages - {'index'} | {'reference/index'} == {line for line in tree if line and line[0] not in '`:'}


def test_the_page_of_the_site_does_not_repeat_what_stands_beside_it() -> None:
    opening = docs_site.opening((CHECKOUT / 'docs' / 'index.md').read_text(encoding='utf-8'))
    beside = re.findall(r'^- \[', opening, re.MULTILINE)
    assert opening.startswith('# nodetcp.paws\n')
    assert '## ' not in opening
    assert beside == []
    assert '[the failure, packet by packet](guides/failure.md)' in opening
    assert 'ansible-doc' in opening


def test_every_rule_has_a_section_that_the_table_leads_to() -> None:
    [table] = markdown.tables(docs_rules.PAGE)
    sections = [text for level, text in markdown.headings(docs_rules.PAGE) if level == 2]
    assert [row[0].partition('`')[2].partition('`')[0] for row in table[1:]] == sections


@pytest.mark.parametrize('place', PICTURES, ids=lambda place: place.stem)
def test_pictures_say_what_they_show_and_stay_in_their_frame(place: Path) -> None:
    root = ET.parse(place).getroot()
    assert root.findtext(SVG + 'title')
    assert len(root.findtext(SVG + 'desc') or '') > 100, 'for people who do not see it'
    width, height = (int(root.attrib[name]) for name in ('width', 'height'))
    for text in root.iter(SVG + 'text'):
        half = len(text.text or '') * 7 / 2  # no letter of this size is wider
        assert half <= float(text.attrib['x']) <= width - half, text.text
        assert 0 < float(text.attrib['y']) < height, text.text
    names = {element.tag for element in root.iter()}
    assert not names & {SVG + 'script', SVG + 'image', SVG + 'foreignObject'}
