# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TIME_WAIT sockets from files: the socket tables of a /proc/PID/net directory, or what `ss` printed into a capture."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import io
import stat

from ..errors import Malformed, Unreadable
from ..parsers import socket_table
from ..parsers.time_wait_count import ports_of
from . import procfs

SS_MAX = 256 * 1048576  # a million sockets are 100 MB of text
BATCH = 1000
LINE_MAX = 4096  # the kernel's have 150 characters


def read(tree, net, directory, new_tally, reasons):
    """(source, listening ports, tally) or None where there is nothing to read, or nothing usable and then in reasons.

    net: the directory with the tables tcp and tcp6; directory: where a capture may have the output of ss (`ss_-tano`,
    `ss_-a` or the like); new_tally(listening) makes an empty TimeWaitCount.
    """
    paths = [path for path in (net + '/tcp', net + '/tcp6') if tree.exists(path)]
    try:
        if paths:
            return _from_tables(tree, net, paths, new_tally, reasons)
        return None if tree.root == '/' else _from_ss(tree, directory, new_tally)
    except (Unreadable, Malformed) as exc:
        reasons[getattr(exc, 'path', net)] = getattr(exc, 'reason', None) or str(exc)
        return None


def _from_tables(tree, net, paths, new_tally, reasons):
    listening = ports_of(procfs.read_listening(tree, net, reasons) or [])
    tally = new_tally(listening)
    for path in paths:
        rows = []
        for line in _lines(tree, path):
            row = socket_table.proc_row(line)
            if row is not None:
                rows.append(row)
            if len(rows) == BATCH:
                tally.add(socket_table.part_of(rows))
                rows = []
        tally.add(socket_table.part_of(rows))
    return 'proc', listening, tally


def _lines(tree, path):
    """The lines of a socket table without its head, one at a time: 200,000 sockets are 30 MB. Raises Unreadable."""
    try:
        if tree.root != '/' and not stat.S_ISREG(tree.stat(path).st_mode):
            raise Unreadable(path, 'is not a file')
        with io.open(tree.real(path), encoding='ascii', errors='replace') as table:
            table.readline(LINE_MAX)
            for line in iter(lambda: table.readline(LINE_MAX), ''):
                if not line.endswith('\n'):
                    raise Unreadable(path, 'cut off: the last line does not end')
                yield line
    except (IOError, OSError) as exc:
        raise Unreadable(path, (exc.strerror or str(exc)).lower())


def _from_ss(tree, directory, new_tally):
    for name in tree.listdir(directory):
        if not name.startswith('ss_-') or 'a' not in name[4:]:
            continue
        text = tree.read('%s/%s' % (directory, name), SS_MAX)
        rows, listening = socket_table.ss_rows(text), socket_table.ss_listening(text)
        tally = new_tally(listening)
        tally.add(socket_table.part_of(rows))
        return name, listening, tally
    return None
