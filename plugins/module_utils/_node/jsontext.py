# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON, for what the node program keeps and what its processes tell each other.

Where Ansible runs it, the bootstrap (plugins/modules/node_program.py) gives its own loads() and dumps() under this
name: they take the C half of the json module alone, and importing all of it costs a change an eighth of its time. This
file is for everybody else: undo.pyz, the offline collector, tests.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json


def loads(text):
    """The value of a JSON text. Raises ValueError."""
    return json.loads(text)


def dumps(value):
    """The JSON text of a value, ASCII without blanks."""
    return json.dumps(value, separators=(',', ':'))
