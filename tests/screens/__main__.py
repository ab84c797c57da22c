# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make screens`: audits a fleet of the tests on terminals of three widths, and takes pictures of what people see.

A terminal becomes an SVG, the page a WebP of what Chromium shows. Needs root, Chromium, and a font with Chinese glyphs.
"""

from __future__ import annotations

import argparse
import itertools
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.fleet import Fleet, FleetError
from tests.page import browser
from tests.screens import drawing, lab
from tests.terminal import CHECKOUT, terminal

Consoles = dict[str, tuple[str, tuple[int, ...]]]
IMAGES = CHECKOUT / 'docs' / 'images'
ROWS = 40
COMMAND = 'ansible-playbook -i inventory -b nodetcp.paws.audit'
#: By language what is typed after the command, and the columns of the terminals that it is typed on.
CONSOLES: Consoles = {'en': ('', (60, 80, 140)), 'zh': (' -e audit_language=zh', (80,))}
#: Columns and rows of a browser, in pixels.
SIZES = ((390, 844), (1400, 1000))
SCHEMES = ('light', 'dark')
_QUALITY = 80


class ScreenError(Exception):
    """One line for the person who asked for pictures."""


def console(place: Path, columns: int, more: str) -> str:
    """The picture of what stands on a terminal after an audit of place/inventory."""
    with terminal(place, columns, ROWS) as shell:
        status = shell.run(COMMAND + more)
        if status:
            raise ScreenError('the audit ended with %d:\n%s' % (status, shell.copied()))
        title = 'A terminal of %d columns after an audit' % columns
        said = 'The last rows that %s prints for eight hosts: the worst first, each with its verdict and the reason.'
        return drawing.svg(shell.screen, title, said % (COMMAND + more))


def pages(chromium: browser.Browser, page: Path) -> Iterator[tuple[int, str, bytes]]:
    """(width, scheme, WebP) of the first screen of a page."""
    for scheme in SCHEMES:
        chromium.media(prefers_color_scheme=scheme)
        for width, height in SIZES:
            chromium.size(width, height)
            chromium.open(page)
            anonymous(chromium.run('return document.body.innerText'))
            yield width, scheme, chromium.picture('webp', _QUALITY)


def console_name(columns: int, language: str) -> str:
    return 'console-%d-%s.svg' % (columns, language)


def page_name(width: int, scheme: str, language: str) -> str:
    return 'page-%d-%s-%s.webp' % (width, scheme, language)


def anonymous(text: str) -> str:
    """The text, once it is sure that nothing of this machine is in it."""
    for name in (platform.node(), platform.release(), str(CHECKOUT), tempfile.gettempdir()):
        if re.search(r'(?<![\w-])%s(?![\w-])' % re.escape(name), text):
            raise ScreenError('%s would be on a picture' % name)
    return text


def names() -> set[str]:
    """The files that `take` writes."""
    consoles = {
        console_name(columns, language) for language, (_language, widths) in CONSOLES.items() for columns in widths
    }
    return consoles | {
        page_name(*each) for each in itertools.product((width for width, _height in SIZES), SCHEMES, CONSOLES)
    }


def missing() -> str:
    """What this machine lacks for the pictures; empty if nothing. That it is root, the fleet asks for."""
    if browser.missing():
        return browser.missing()
    fonts = subprocess.run(['fc-list', ':lang=zh'], capture_output=True, check=False).stdout
    return '' if fonts else 'needs a font with Chinese glyphs (Debian: fonts-wqy-microhei)'


def take(place: Path, images: Path, consoles: Consoles | None = None) -> None:
    """Write all pictures to images; place is an empty directory to work in."""
    with Fleet(lab.members()) as fleet, browser.browser() as chromium:
        lab.write_inventory(fleet, place / 'inventory')
        page = place / 'paws-report' / 'audit.html'
        for language, (more, widths) in (consoles or CONSOLES).items():
            for columns in widths:
                drawn = anonymous(console(place, columns, more))
                (images / console_name(columns, language)).write_text(drawn, encoding='utf-8')
            for width, scheme, picture in pages(chromium, page):
                (images / page_name(width, scheme, language)).write_bytes(picture)


def main() -> int:
    parser = argparse.ArgumentParser(prog='python3 -m tests.screens', description=__doc__)
    parser.add_argument('--to', type=Path, default=IMAGES, help='directory for the pictures (docs/images)')
    images = parser.parse_args().to
    try:
        if missing():
            raise ScreenError('the page %s' % missing())
        with tempfile.TemporaryDirectory() as place:
            take(Path(place), images)
    except (FleetError, ScreenError) as error:
        print('screens: %s' % error, file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
