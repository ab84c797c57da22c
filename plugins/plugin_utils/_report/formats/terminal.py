# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an audit prints at its end."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import table
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.report import Report
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text import escape

# Stdout callbacks (their last name) that write something for programs: the table must not spoil it.
_MACHINE = frozenset(('json', 'jsonl', 'null'))


def for_programs(callback: str) -> bool:
    """True when standard output belongs to a machine format, by the name of the stdout callback."""
    return callback.rpartition('.')[2] in _MACHINE


def text(document: Report, files: list[str], columns: int, color: bool) -> str:
    """The verdict table between empty lines, and where the reports are."""
    width = int(os.environ['COLUMNS']) if os.environ.get('COLUMNS', '').isdigit() else columns
    shown = table.render(document, max(width, 40), color)
    where = ''.join('\n%s' % escape.terminal(os.path.relpath(path), 1000) for path in files)
    return '\n%s%s\n' % (shown, where)
