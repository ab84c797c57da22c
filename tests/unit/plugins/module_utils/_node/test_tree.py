# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function

import os
import socket
import unittest

import nodepath
from _node import errors
from _node.readers import tree

__metaclass__ = type


class TestTree(nodepath.TreeCase):
    def setUp(self):
        nodepath.TreeCase.setUp(self)
        self.tree = tree.Tree(self.root)

    def refusal(self, call, path, *more):
        with self.assertRaises(errors.Unreadable) as caught:
            call(path, *more)
        self.assertEqual(caught.exception.path, path)
        return caught.exception.reason

    def test_absent_is_none_and_never_an_error(self):
        self.write('/file', '')
        for path in ('/nothing', '/no/thing', '/file/below'):
            for call in (self.tree.read, self.tree.read_bytes, self.tree.stat, self.tree.lstat, self.tree.readlink):
                self.assertIsNone(call(path))
            self.assertEqual(self.tree.listdir(path), [])
            self.assertFalse(self.tree.exists(path) or self.tree.is_link(path))

    def test_text_is_utf8_with_what_is_not_replaced(self):
        self.write('/file', b'caf\xc3\xa9 \xff')
        self.assertEqual(self.tree.read('/file'), u'caf\xe9 \ufffd')
        self.assertEqual(self.tree.read_bytes('/file'), b'caf\xc3\xa9 \xff')

    def test_absolute_and_climbing_links_stay_inside(self):
        self.write('/etc/passwd', 'inside')
        self.link('/absolute', '/etc/passwd')
        self.link('/climbing', '../../../../../../etc/passwd')
        self.link('/dir', '/etc')
        for path in ('/absolute', '/climbing', '/dir/passwd', '/../etc/passwd', '/dir/../etc//./passwd'):
            self.assertEqual(self.tree.read(path), 'inside')
            self.assertEqual(self.tree.resolve(path), '/etc/passwd')
        self.link('/outside', os.path.join(nodepath.HERE, 'nodepath.py'))
        self.assertIsNone(self.tree.read('/outside'))

    def test_parent_of_a_linked_directory_is_that_of_its_target(self):
        self.write('/deep/er/file', '')
        self.write('/deep/other', 'deep')
        self.link('/short', '/deep/er')
        self.assertEqual(self.tree.read('/short/../other'), 'deep')

    def test_link_itself_and_what_it_leads_to(self):
        self.write('/sub/file', 'x')
        self.link('/sub/link', 'file')
        self.link('/way', 'sub')
        self.assertEqual(self.tree.readlink('/way/link'), 'file')
        self.assertTrue(self.tree.is_link('/way/link'))
        self.assertFalse(self.tree.is_link('/way/file'))
        self.assertIsNone(self.tree.readlink('/way/file'))
        self.assertEqual(self.tree.stat('/way/link').st_ino, self.tree.lstat('/sub/file').st_ino)
        self.assertNotEqual(self.tree.lstat('/way/link').st_ino, self.tree.lstat('/sub/file').st_ino)
        self.assertIsNotNone(self.tree.lstat('/'))

    def test_loop_is_named(self):
        self.link('/a', 'b')
        self.link('/b', '/a')
        self.link('/self/self', 'self/self')
        for call in (self.tree.read, self.tree.resolve, self.tree.listdir, self.tree.exists):
            self.assertEqual(self.refusal(call, '/a'), 'symbolic link loop')
            self.assertEqual(self.refusal(call, '/self/self'), 'symbolic link loop')
        live = tree.Tree('/')
        for call in (live.read, live.resolve, live.listdir, live.exists):
            self.assertEqual(self.refusal(call, self.root + '/self/self'), 'symbolic link loop')

    def test_what_is_no_file_is_not_opened(self):
        os.mkfifo(self.place('/fifo'))
        os.mkdir(self.place('/dir'))
        server = socket.socket(socket.AF_UNIX)
        self.addCleanup(server.close)
        server.bind(self.place('/socket'))
        self.assertEqual(self.refusal(self.tree.read, '/fifo'), 'is a fifo')
        self.assertEqual(self.refusal(self.tree.read, '/dir'), 'is a directory')
        self.assertEqual(self.refusal(self.tree.read, '/socket'), 'is a socket')
        self.assertEqual(self.refusal(tree.Tree().read, '/dev/zero'), 'is a device')
        self.assertEqual(self.refusal(tree.Tree().read, '/proc/self'), 'is a directory')

    def test_fifo_in_a_captured_proc_does_not_block(self):
        os.mkfifo(self.place('/proc/uptime'))
        self.assertEqual(self.refusal(self.tree.read, '/proc/uptime'), 'is a fifo')

    def test_size_is_bounded_and_said(self):
        self.write('/big', b'x' * 1048577)
        self.assertEqual(self.refusal(self.tree.read, '/big'), 'larger than 1 MiB (1048577 bytes): not read')
        self.assertEqual(len(self.tree.read('/big', 1048577)), 1048577)
        self.assertEqual(self.refusal(self.tree.read, '/big', 2048), 'larger than 2 KiB (1048577 bytes): not read')

    def test_proc_file_without_size_is_read_up_to_the_bound(self):
        live = tree.Tree('/')
        self.assertEqual(os.stat('/proc/self/status').st_size, 0)
        self.assertIn('Pid:', live.read('/proc/self/status'))
        self.assertEqual(self.refusal(live.read, '/proc/self/status', 10), 'larger than 10 bytes: not read')

    def test_names_that_are_not_text(self):
        with open(self.place('/dir/x').encode() + b'\xff', 'wb') as handle:
            handle.write(b'there')
        name, = self.tree.listdir('/dir')
        self.assertEqual(self.tree.read('/dir/' + name), 'there')
        self.assertEqual(errors.shown('/dir/' + name), u'/dir/x\ufffd')
        for path in (u'/a\0b', u'/caf\xe9\0'):
            with self.assertRaises(errors.Unreadable):
                self.tree.read(path)
        self.assertIsNone(self.tree.read(u'/caf\xe9'))

    def test_too_long_a_name_is_a_reason(self):
        self.assertIn('too long', self.refusal(self.tree.read, '/' + 'x' * 300))

    @unittest.skipIf(os.geteuid() == 0, 'root may read everything')
    def test_permission(self):
        self.write('/secret', 'x')
        os.chmod(self.root + '/secret', 0)
        self.assertEqual(self.refusal(self.tree.read, '/secret'), 'permission denied')

    def test_message_names_path_and_reason(self):
        self.assertEqual(str(errors.Unreadable('/x', 'is a fifo')), '/x: is a fifo')
