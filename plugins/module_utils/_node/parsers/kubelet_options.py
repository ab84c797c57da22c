# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sysctls a kubelet lets pods set."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type


def unsafe_sysctls(text):
    """[(line, pattern)] of the sysctls that a kubelet lets pods set, as flag or in its configuration (YAML or JSON)."""
    found = []
    for mark in ('allowedUnsafeSysctls', 'allowed-unsafe-sysctls'):
        at = text.find(mark)
        while at >= 0:
            found += _patterns(text, at, at + len(mark))
            at = text.find(mark, at + 1)
    return sorted(found)


def _patterns(text, start, at):
    """The patterns behind the name that ends at `at`; a comment has none."""
    line_start = text.rfind('\n', 0, start) + 1
    if text[line_start:start].lstrip()[:1] in ('#', '/'):
        return []
    while text[at:at + 1] in ('"', "'", ' ', '=', ':') and text[at:at + 1]:
        at += 1
    listed = text[at:at + 1] in ('[', '\n', '#')
    end = text.find(']', at) if text[at:at + 1] == '[' else at
    if end == at and listed:
        return _items(text, at)
    if not listed:
        while text[end:end + 1] not in ('', ' ', '\n', '"', "'", '\\'):
            end += 1
    found = []
    for part in text[at:max(end, at)].split(','):
        word = part.strip('[]"\' \t\n\\')
        if word:
            found.append((text.count('\n', 0, at + max(0, text[at:].find(word))) + 1, word))
    return found


def _items(text, at):
    """The items of a block list of YAML that begins in the next line."""
    found, number = [], text.count('\n', 0, at) + 1
    for line in text[at:].split('\n')[1:]:
        number += 1
        stripped = line.strip()
        if not stripped or stripped[0] == '#':
            continue
        if stripped[0] != '-':
            break
        found.append((number, stripped[1:].partition(' #')[0].strip(' "\'')))
    return found
