# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree that an operation works on."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Refused, Unreadable
from .tree import Tree


def open_root(root):
    """The Tree at `root`, an absolute directory with something in it. Raises Refused."""
    if not root.startswith('/'):
        raise Refused('root: %s is not an absolute path' % root)
    tree = Tree(root if root == '/' else root.rstrip('/') or '/')
    try:
        found = Tree('/').stat(root)
        names = tree.listdir('/')
    except Unreadable as exc:
        raise Refused('root: %s: %s' % (root, exc.reason))
    if found is None:
        raise Refused('root: %s does not exist on the node' % root)
    if not names:
        raise Refused('root: %s is empty or not a directory: no tree of a node' % root)
    return tree


def open_capture(root):
    """The same for a look: a captured tree may be a sosreport, or hold a single one. Raises Refused."""
    tree = open_root(root)
    if tree.root == '/':
        return tree
    from . import sosreport  # captures alone
    try:
        return sosreport.inside(tree)
    except Unreadable as exc:
        raise Refused('root: %s in %s: %s' % (exc.path, root, exc.reason))


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
