# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tree as it would look with other contents in some files: what a plan, or an undo, would leave behind."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import posixpath

from ..errors import shown
from ..readers.tree import Tree


class Overlay(Tree):
    """`files` {path without links: bytes, or None for a file that is taken away} lie over the tree at `root`."""

    def __init__(self, root, files=()):
        Tree.__init__(self, root)
        self.files = dict(files)
        self._read = {}

    def resolve(self, path):
        """As of a Tree; a link that lies where one of `files` is to be is none."""
        directory, name = posixpath.split(shown(path))
        if any(file.endswith('/' + name) for file in self.files):
            place = posixpath.join(shown(Tree.resolve(self, directory)), name)
            if place in self.files:
                return place
        return Tree.resolve(self, path)

    def read_bytes(self, path, limit=1048576):
        real = shown(self.resolve(path))
        if real in self.files:
            return self.files[real]
        if real not in self._read:
            self._read[real] = Tree.read_bytes(self, path, limit)
        return self._read[real]

    def listdir(self, path):
        here = shown(self.resolve(path))
        names = Tree.listdir(self, path)
        for file, data in self.files.items():
            directory, name = posixpath.split(file)
            if directory == here and data is not None and name not in names:
                names.append(name)
            elif directory == here and data is None and name in names:
                names.remove(name)
        return sorted(names)

    def lstat(self, path):
        directory, name = posixpath.split(path)
        place = posixpath.join(shown(self.resolve(directory)), name)
        return None if self.files.get(place, b'') is None else Tree.lstat(self, path)
