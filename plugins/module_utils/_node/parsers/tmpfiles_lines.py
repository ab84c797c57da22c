# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of tmpfiles.d(5) that write into files."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .ini import joined
from .shell_words import unescaped


def tmpfiles(text):
    """[(line, kind, path, value)] of the lines of tmpfiles.d(5) that write into a file, w, w+, f+, F, or that say
    something else of it, f, r, R, x, X: the first line for a path keeps others out. `!-=~^$` are put off the kind.
    """
    found = []
    for number, line in joined(text):
        words = line.split(None, 6) + [''] * 7
        kind = words[0].rstrip('!-=~^$')
        if kind in ('w', 'w+', 'f', 'f+', 'F', 'r', 'R', 'x', 'X'):
            found.append((number, kind, words[1].strip('"\''), unescaped(words[6]).replace('%%', '%')))
    return found
