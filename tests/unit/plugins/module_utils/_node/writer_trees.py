# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees in which something sets a key, as data: {path: text, (text, mode), or '-> target' for a link}."""

from __future__ import absolute_import, division, print_function

import os

import nodepath
from _node import keys
from _node.readers import persisted, tree, writers

__metaclass__ = type

KEY = 'net.ipv4.tcp_tw_recycle'
STAMPS = 'net.ipv4.tcp_timestamps'
SET = 'sysctl -w %s=1\n' % KEY


class WriterCase(nodepath.TreeCase):
    """A test whose tree is made from such data."""

    version = [3, 10, 0]

    def make(self, files):
        for path, given in files.items():
            content, mode = given if isinstance(given, tuple) else (given, 0o644)
            if isinstance(content, str) and content.startswith('-> '):
                if not os.path.islink(self.place(path)):
                    self.link(path, content[3:])
                continue
            self.write(path, content)
            os.chmod(self.place(path), mode)

    def observe(self, wanted=None):
        """The entries, each as one line: kind file:line key=value when moment [via file:line]."""
        self.unavailable = {}
        seen = tree.Tree(self.root)
        wanted = wanted or list(keys.NODE_SYSCTLS)
        found = writers.observe(
            seen, wanted, self.unavailable, self.version, lambda: persisted.observe(seen, wanted, set(wanted), None, {})
        )
        return [shown(entry) for entry in found]


def shown(entry):
    line = '%(kind)s %(file)s:%(line)s %(key)s=%(value)s %(when)s %(moment)s' % entry
    return line + (' via %(file)s:%(line)s' % entry['via'] if 'via' in entry else '')
