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
