# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What changes a node says at once that it needs root, also in check mode, and not what errno a file gives."""

from __future__ import absolute_import, division, print_function

import os
import unittest

import changing
from _node import errors
from _node.operations import change_set_info, confirm, forget

__metaclass__ = type

NOBODY = 65534
SOMAXCONN = 'net.core.somaxconn'


def said_to(user, act):
    """The refusal that act() meets as another user, in a child; '' without one."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setuid(user)
            act()
        except errors.Refused as exc:
            os.write(writing, str(exc).encode('utf-8'))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, 'rb') as answer:
        said = answer.read().decode('utf-8')
    os.waitpid(child, 0)
    return said


@unittest.skipIf(os.geteuid(), 'needs root, to be somebody else')
class TestWithoutRoot(changing.NodeCase):
    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({SOMAXCONN: '128'})
        os.chmod(self.root, 0o755)

    def asks(self, check_mode):
        given = {'root': self.root, 'check_mode': check_mode}
        return [lambda: self.apply('B', settings={SOMAXCONN: '256'}, check_mode=check_mode),
                lambda: self.rollback(check_mode=check_mode), lambda: forget.run(given), lambda: confirm.run(given),
                lambda: change_set_info.run(given)]

    def test_root_is_asked_for(self):
        self.apply(settings={SOMAXCONN: '4096'})
        before = self.everything()
        for act in self.asks(False) + self.asks(True):
            self.assertEqual(said_to(NOBODY, act), 'root is needed: run with -b')
        self.assertEqual(self.everything(), before)

    def test_where_nothing_was_changed_nothing_has_to_be_undone(self):
        for act in self.asks(False)[1:] + self.asks(True)[1:]:
            self.assertEqual(said_to(NOBODY, act), '')


if __name__ == '__main__':
    unittest.main()
