# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which namespace a word means, over trees in the place of the live /."""
from __future__ import absolute_import, division, print_function

import unittest

import nodepath
from _node.errors import Refused
from _node.readers import namespace_lookup
from _node.readers.tree import Tree

__metaclass__ = type

WEB, DB = '3f2a' + 'a' * 60, '3f2b' + 'b' * 60
FIB = u'Local:\n  +-- 0.0.0.0/0 3 0 5\n     |-- %s\n        /32 host LOCAL\n'


class TestWords(nodepath.TreeCase):
    def setUp(self):
        nodepath.TreeCase.setUp(self)
        self.process(1, 4026531840, u'0::/init.scope\n', '10.0.0.1')
        self.process(70, 4026532100, u'0::/system.slice/docker-%s.scope\n' % WEB, '172.17.0.2')
        self.process(80, 4026532200, u'0::/kubepods.slice/kubepods-pod0f1e2d3c_0000_1111_2222_333344445555.slice/'
                     u'cri-containerd-%s.scope\n' % DB, '172.17.0.3')
        self.write('/var/lib/docker/containers/%s/config.v2.json' % WEB, u'{"Name": "/shop_web_1"}')
        self.tree = Tree(self.root)

    def process(self, pid, inode, cgroup, address):
        self.write('/proc/%d/ns/net' % pid, u'net:[%d]\n' % inode)
        self.write('/proc/%d/cgroup' % pid, cgroup)
        self.write('/proc/%d/net/fib_trie' % pid, FIB % address)
        self.write('/proc/%d/stat' % pid, u'%d (a b) S %s 5000 0\n' % (pid, u' '.join([u'0'] * 18)))

    def meant(self, word):
        return [place.entry['id'] for place in namespace_lookup.find(self.tree, word, {})]

    def test_every_way_to_say_it(self):
        for word in ('net:[4026532100]', WEB, '3f2aaaaa', 'shop_web_1', '172.17.0.2'):
            self.assertEqual(self.meant(word), ['net:[4026532100]'], word)
        for word in (DB, '3f2b', '0f1e2d3c-0000-1111-2222-333344445555', '172.17.0.3'):
            self.assertEqual(self.meant(word), ['net:[4026532200]'], word)

    def test_what_nobody_is_called(self):
        for word in ('3f2', 'c0ffee', 'shop', '172.17.0.9', '', '../..', 'net:[1]'):
            self.assertEqual(self.meant(word), [], word)

    def test_nothing_and_too_much_are_refused(self):
        self.process(90, 4026532300, u'0::/system.slice/docker-%s.scope\n' % ('3f2a' + 'c' * 60), '172.17.0.2')
        for word, said in (('nobody', 'not a network namespace'), ('3f2a', 'may mean'), ('172.17.0.2', 'may mean')):
            with self.assertRaises(Refused) as caught:
                namespace_lookup.the_one(self.tree, word)
            self.assertIn(said, str(caught.exception))

    def test_a_docker_file_that_is_none(self):
        for text in (u'', u'[]', u'{"Name": 5}', u'{'):
            self.write('/var/lib/docker/containers/%s/config.v2.json' % WEB, text)
            self.assertEqual(self.meant('shop_web_1'), [])
            self.assertEqual(self.meant('3f2aaaaa'), ['net:[4026532100]'])


if __name__ == '__main__':
    unittest.main()
