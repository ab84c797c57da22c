# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A look at single lines, for texts that no parser reads: templates of YAML, files that are broken."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan import templates
from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan.setting import Names, Setting

_PAIR = re.compile(r"""^[^#\n]*?(?<![\w./])(?P<key>[\w./]+)["']?\s*(?:=|:)\s*["']?(?P<value>[\w-]+)""")
_NAME = re.compile(r"""^\s*-?\s*(?:name|key|sysctl)\s*:\s*["']?(?P<key>[\w./]+)["']?\s*$""")
_VALUE = re.compile(r"""^\s*value\s*:\s*["']?(?P<value>[\w-]+)""")


def parse(text: str, names: Names, line: int = 1) -> list[Setting]:
    """Pairs of a sysctl's name and a value on one line, or on two that follow each other."""
    found = []
    rows = text.split('\n')
    for number, row in enumerate(rows):
        named = _NAME.match(row)
        pair = _VALUE.match(rows[number + 1]) if named and number + 1 < len(rows) else None
        key = names.key(named['key']) if named and pair else None
        if not key:
            pair = next((each for each in _PAIR.finditer(row) if names.key(each['key'])), None)
            key = names.key(pair['key']) if pair else None
        if key and pair:
            found.append(Setting(key, templates.known(pair['value']), line + number))
    return found
