# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The node package on the import path, as `_node`, and trees in a temporary directory."""

from __future__ import absolute_import, division, print_function

import importlib
import os
import shutil
import sys
import tempfile
import unittest

__metaclass__ = type

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKOUT = os.path.normpath(os.path.join(HERE, *[os.pardir] * 5))
PACKAGE_HOME = os.path.join(CHECKOUT, 'plugins', 'module_utils')
if PACKAGE_HOME not in sys.path:
    sys.path.insert(0, PACKAGE_HOME)


def import_all():
    """Imports every module of the node program: for tests in which its files are out of reach later on."""
    importlib.import_module('zipfile')  # it does so itself when it arms an undo
    for place, _directories, names in os.walk(os.path.join(PACKAGE_HOME, '_node')):
        package = os.path.relpath(place, PACKAGE_HOME).replace(os.sep, '.')
        for name in names:
            if name.endswith('.py') and not name.startswith('__'):
                importlib.import_module('%s.%s' % (package, name[:-3]))


class TreeCase(unittest.TestCase):
    """A test with an empty directory `self.root` that becomes the root of a tree."""

    def setUp(self):
        self.root = os.path.realpath(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)

    def place(self, path):
        """The real path of `path`, its directory made."""
        real = self.root + path
        if not os.path.isdir(os.path.dirname(real)):
            os.makedirs(os.path.dirname(real))
        return real

    def write(self, path, content):
        with open(self.place(path), 'wb') as handle:
            handle.write(content if isinstance(content, bytes) else content.encode('utf-8'))

    def link(self, path, target):
        os.symlink(target, self.place(path))
