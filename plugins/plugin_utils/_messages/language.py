# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of reports, which the page's script has too: a room of the catalogue, by their names alone."""

import functools

from . import catalogue
from .message import Message


@functools.cache
def words(language: str) -> dict[str, str]:
    """Every word in that language, as it is: some are filled in (str.format(), say() of the script)."""
    return catalogue.read(language, 'page.yml')


def word(name: str) -> Message:
    """A word as a message, for sentences."""
    return Message(id='page/%s' % name, arguments={})
