# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers in the text of others."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DIGITS, LONGEST = '0123456789', 19  # below 2**64
SECONDS_MAX = 10 ** 10  # no node is up for longer


def natural(text):
    """The number that a text of ASCII digits alone says, at most LONGEST of them; None of any other text.

    str.isdigit() holds for a superscript two, which int() refuses, as it refuses 5,000 digits from Python 3.11 on.
    """
    return int(text) if 0 < len(text) <= LONGEST and not text.strip(DIGITS) else None
