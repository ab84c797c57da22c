# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Editing sysctl.conf(5) files line by line: pure, bytes in and bytes out, every other byte stays.

Lines count from 1 by newlines, as in sysctl_conf.parse(); a carriage return or NUL inside a line ends an entry for one
of the readers, so a line may hold several pieces and each is edited on its own. A file with carriage returns alone is
one line of many pieces.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from . import sysctl_conf

DISABLED = b'# disabled by nodetcp.paws: '
REASON = b'# nodetcp.paws: '
HEADER = (b'# Settings that the Ansible collection nodetcp.paws keeps here.\n'
          b'# `ansible-playbook nodetcp.paws.rollback` undoes what it changed.\n')


def line_of(data, number):
    """The text of one line without its end, for people."""
    return _lines(data)[number - 1].rstrip(b'\r\n').decode('utf-8', 'replace')


def disable(data, wanted):
    """`data` with the assignments `wanted`, {(line, canonical key)}, made comments."""
    return _edited(data, wanted, lambda piece, _leads: DISABLED + piece)


def remove(data, wanted):
    """`data` without the assignments `wanted`: lines go with the reason this collection wrote above them.

    The first of several pieces becomes a comment instead: without it procps would read the next one.
    """
    return _edited(data, wanted, lambda piece, leads: DISABLED + piece if leads else b'')


def persist(data, key, value, reason):
    """The text of a file that sets `key`: its last assignment replaced in place, or a line added; data None = new file.

    value, reason: text of one line each; an empty reason leaves none.
    """
    return persisted(data, key, value, reason)[0]


def persisted(data, key, value, reason):
    """(persist(), the number of the line that sets `key` in it, the text of the line that did before or None)."""
    above = REASON + reason.encode('utf-8') + b'\n' if reason else b''
    line = ('%s = %s' % (key, value)).rstrip().encode('utf-8')
    if data is None:
        data = HEADER
    lines = _lines(data)
    places = assignments(data, key)
    if not places:
        if lines and not lines[-1].endswith(b'\n'):
            lines[-1] += b'\n'
        return b''.join(lines) + above + line + b'\n', len(lines) + bool(above) + 1, None
    index, before = places[-1] - 1, line_of(data, places[-1])
    if len(_written(sysctl_conf.pieces(lines[index]))) > 1:
        text, number, _before = persisted(disable(data, set([(index + 1, key)])), key, value, reason)
        return text, number, before
    lines[index] = line + lines[index][len(lines[index].rstrip(b'\r\n')):]
    if reason and index and lines[index - 1].startswith(REASON):
        lines[index - 1] = above
    elif reason:
        lines[index] = above + lines[index]
        index += 1
    return b''.join(lines), index + 1, before


def assignments(data, key):
    """The numbers of the lines that assign `key` by its own name, not by a glob."""
    return [entry['line'] for entry in sysctl_conf.parse(data) if entry['key'] == key and entry['value'] is not None]


def _edited(data, wanted, change):
    """`data` with change(piece, whether it leads others) for each piece that is meant; a line left empty goes."""
    lines = _lines(data)
    by_line = {}
    for number, key in wanted:
        by_line.setdefault(number, set()).add(key)
    for number, keys in sorted(by_line.items()):
        before = lines[number - 1]
        parts = sysctl_conf.pieces(before)
        written = _written(parts)
        for index in written:
            if _assigns(parts[index], keys):
                parts[index] = change(parts[index], index == written[0] and len(written) > 1)
        after = b''.join(parts)
        if before.strip() and not after.strip(b' \t\r\n\v\f\0'):
            after = b''
            if number > 1 and (lines[number - 2] or b'').startswith(REASON):
                lines[number - 2] = b''
        elif before.endswith(b'\n') and not after.endswith(b'\n'):
            after += b'\n'
        lines[number - 1] = after
    return b''.join(lines)


def _lines(data):
    """The lines with their ends; the last one may have none. bytes.splitlines() would also end lines at a return."""
    lines = [line + b'\n' for line in data.split(b'\n')]
    last = lines.pop()[:-1]
    return lines + [last] if last else lines


def _written(parts):
    """The indexes of the pieces in which something stands."""
    return [index for index in range(0, len(parts), 2) if parts[index].strip(sysctl_conf.BLANK[sysctl_conf.PROCPS])]


def _assigns(piece, keys):
    return any(entry['key'] in keys and entry['value'] is not None for entry in sysctl_conf.parse(piece))
