# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of sysctls as rules compare them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

Value = int | str | None


def number(value: object) -> Value:
    """A sysctl value as the kernel would take it (base 8, 10 or 16), text that is no number as it is."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    text = str(value)
    word, blank, rest = text.partition(" ")
    if blank and not all(re.fullmatch(r"\d+", part) for part in rest.split()):
        text = word  # the kernel forgets what follows a blank; a pair of numbers is kept
    if re.fullmatch(r"-?(0[xX][0-9a-fA-F]{1,15}|[0-9]{1,19})", text):
        octal = re.fullmatch(r"-?0[0-7]+", text)
        return int(text, 8 if octal else 16 if "x" in text.lower() else 10)
    return text
