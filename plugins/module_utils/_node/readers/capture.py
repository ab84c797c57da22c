# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree of a look, which may be a capture of any form, and what a capture does not hold."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Refused, Unreadable
from .root import open_root


def open_capture(root):
    """The Tree at `root` for a look: a captured tree may be a sosreport, or hold a single one. Raises Refused."""
    tree = open_root(root)
    return tree if tree.root == '/' else formed(tree)


def formed(tree):
    """The Tree of a capture, seen as what it is. Raises Refused."""
    from . import sosreport  # captures alone
    try:
        return sosreport.inside(tree)
    except Unreadable as exc:
        raise Refused('root: %s in %s: %s' % (exc.path, tree.root, exc.reason))


def lacking(tree):
    """{part: reason} of what a captured tree does not hold and its node may have had: nothing is known of it."""
    from . import sosreport
    found = tree.lacking() if isinstance(tree, sosreport.Report) else {}
    if not _holds(tree, '/etc'):
        found['etc'] = 'not in the capture: what files and programs set at the next boot was not seen'
    elif not _holds(tree, '/usr/lib') and not _holds(tree, '/lib'):
        found['usr/lib'] = 'neither this nor lib is in the capture: sysctl files of packages were not seen'
    return found


def _holds(tree, directory):
    """Whether something is in it; whoever reads it says why it cannot be read."""
    try:
        return bool(tree.listdir(directory))
    except Unreadable:
        return True
