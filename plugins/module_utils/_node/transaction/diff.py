# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before and after of a plan, for people."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .namespace_identity import HOST


def text(data):
    """The bytes of a file, None where there is none, as a diff shows them."""
    return data.decode('utf-8', 'replace') if data else u''


def diff(plan):
    """Before and after of each file and of the running values of each namespace, as core's --diff shows them."""
    shown_diff = []
    names = []
    for value in plan.values:
        name = value['namespace']['key'] if value['namespace'] else HOST
        if name not in names:
            names.append(name)
    for name in names:
        values = [value for value in plan.values
                  if (value['namespace']['key'] if value['namespace'] else HOST) == name]
        header = 'running values' if name == HOST else 'running values of %s' % name
        shown_diff.append({
            'before_header': header, 'after_header': header,
            'before': ''.join('%s = %s\n' % (value['key'], value['before']) for value in values),
            'after': ''.join('%s = %s\n' % (value['key'], value['after']) for value in values)})
    for file in plan.files:
        shown_diff.append({'before_header': file['path'], 'after_header': file['path'],
                           'before': text(file['before']),
                           'after': text(file['data'])})
    return shown_diff
