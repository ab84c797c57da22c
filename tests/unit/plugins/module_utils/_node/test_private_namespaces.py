# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running values in other network namespaces of a private node: written by name, undone, and never a stranger's."""

from __future__ import absolute_import, division, print_function

import os
import unittest

import changing
from _node.operations import locate, rollback
from _node.readers import enter, namespaces, tree
from changing import RECYCLE
from private_node import Case, ask, end, etc, inhabitant, values, visitor

__metaclass__ = type


class TestNamespaces(Case):
    """Values in another network namespace of the private node."""

    def key_of(self, pid):
        inode = os.readlink('/proc/%d/ns/net' % pid)
        for one in namespaces.discover(tree.Tree('/'), True, {}):
            entry = namespaces.describe(tree.Tree('/'), one, namespaces.Containers(), {})
            if entry['id'] == inode:
                return entry['key']
        return None

    def somaxconn(self, pid):
        ns_path = '/proc/%d/ns/net' % pid
        return enter.visit([(ns_path, os.stat(ns_path).st_ino)], lambda _index: values()['net.core.somaxconn'])[0][0]

    def set_somaxconn(self, pid, value):
        def write(_index):
            with open('/proc/sys/net/core/somaxconn', 'w') as handle:
                handle.write(value)
        door = '/proc/%d/ns/net' % pid
        enter.visit([(door, os.stat(door).st_ino)], write)

    def test_only_the_named_one_and_back(self):
        def act():
            one, two = inhabitant(), inhabitant()
            try:
                before = (values(), etc(), self.somaxconn(one), self.somaxconn(two))
                done = ask({'net.core.somaxconn': '77'}, namespaces=[self.key_of(one)])
                between = (values() == before[0], etc() == before[1], self.somaxconn(one), self.somaxconn(two))
                undone = rollback.run({})
                return [done['changes'], between, undone['restored'],
                        (values(), etc(), self.somaxconn(one), self.somaxconn(two)) == before]
            finally:
                for child in (one, two):
                    end(child)
        changes, between, restored, as_before = self.here(act)
        self.assertEqual(len(changes), 1)
        self.assertEqual(between[:3], [True, True, '77'])
        self.assertNotEqual(between[3], '77')
        self.assertEqual(len(restored), 1)
        self.assertTrue(as_before)

    def test_the_kernel_refuses_in_a_namespace(self):
        def act():
            one = inhabitant()
            try:
                before = self.somaxconn(one)
                result = ask({'net.core.somaxconn': '77', 'net.ipv4.tcp_sack': 'x'}, namespaces=[self.key_of(one)])
                return [result['msg'], self.somaxconn(one) == before]
            finally:
                end(one)
        message, as_before = self.here(act)
        self.assertIn('EINVAL', message)
        self.assertIn('net.ipv4.tcp_sack', message)
        self.assertTrue(as_before)

    def test_a_stranger_with_the_same_inode_number_is_not_written(self):
        """The recorded namespace is made to look like one that lives: same device and inode, another process."""
        def act():
            one = inhabitant()
            ask({'net.core.somaxconn': '77'}, namespaces=[self.key_of(one)])
            inode = os.readlink('/proc/%d/ns/net' % one)
            end(one)
            others, same = [], None
            for _each in range(200):
                other = inhabitant()
                others.append(other)
                if os.readlink('/proc/%d/ns/net' % other) == inode:
                    same = other
                    break
            before = [self.somaxconn(same)] if same else None
            result = rollback.run({})
            after = [self.somaxconn(same)] if same else None
            for other in others:
                end(other)
            return [bool(same), before == after, result['restored'], result['notes']]
        reused, untouched, restored, notes = self.here(act)
        self.assertTrue(untouched)
        self.assertEqual(restored, [])
        self.assertIn('is gone', notes[0])
        if not reused:
            self.skipTest('this kernel did not use the inode number again')

    def test_a_container_that_was_started_again_is_another_one(self):
        """It has the same id, and its new namespace may have got the number of the one that is gone."""
        def act():
            one = inhabitant()
            self.contain(one, 'a')
            ask({'net.core.somaxconn': '77'}, namespaces=[self.key_of(one)])
            key, inode = self.key_of(one), os.readlink('/proc/%d/ns/net' % one)
            end(one)
            others, same = [], None
            for _each in range(200):
                other = inhabitant()
                others.append(other)
                if os.readlink('/proc/%d/ns/net' % other) == inode:
                    same = other
                    break
            if same:
                self.contain(same, 'a')
                self.set_somaxconn(same, '77')  # by itself, as its image is made
            found = same and self.key_of(same) == key
            result = rollback.run({})
            after = same and self.somaxconn(same)
            for other in others:
                end(other)
            return [found, after, result['restored'], result['notes']]
        found, after, restored, notes = self.here(act)
        self.assertEqual(restored, [])
        self.assertIn('is gone', notes[0])
        if found is None:
            self.skipTest('this kernel did not use the inode number again')
        self.assertEqual((found, after), (True, '77'))

    def test_a_namespace_is_known_by_its_oldest_processes(self):
        """The first process of a container lives as long as it; others come and go, and may have lower pids."""
        def act():
            guests = [visitor() for _each in range(9)]
            one = inhabitant()
            self.contain(one, 'a')
            before = self.somaxconn(one)
            for _guest, go_in in guests:
                go_in(one)
            for guest, _enter in guests:  # as if they had been started after it
                with open('/proc/%d/stat' % guest) as stat:
                    words = stat.read().split(' ')
                words[21] = '%d' % (int(words[21]) + 1000000)
                with open('/tmp/stat-%d' % guest, 'w') as stat:
                    stat.write(' '.join(words))
                changing.mount('/tmp/stat-%d' % guest, '/proc/%d/stat' % guest, changing.MS_BIND)
            ask({'net.core.somaxconn': '77'}, namespaces=[self.key_of(one)])
            changed = self.somaxconn(one)
            for guest, _enter in guests:
                end(guest)
            undone = rollback.run({})
            found = [guests[0][0] < one, changed, self.somaxconn(one) == before, undone['notes']]
            end(one)
            return found
        self.assertEqual(self.here(act), [True, '77', True, []])

    def test_a_namespace_that_another_container_has_now_is_not_written(self):
        def act():
            one, text = inhabitant(), '0::/system.slice/docker-%s.scope\n'
            with open('/tmp/cgroup', 'w') as cgroup:  # what the kernel would tell of a process in a container
                cgroup.write(text % ('a' * 64))
                cgroup.flush()
                changing.mount('/tmp/cgroup', '/proc/%d/cgroup' % one, changing.MS_BIND)
                ask({'net.core.somaxconn': '77'}, namespaces=[self.key_of(one)])
                cgroup.seek(0)
                cgroup.write(text % ('b' * 64))
                cgroup.flush()
                result = rollback.run({})
                after = self.somaxconn(one)
            end(one)
            return [after, result['restored'], result['notes']]
        after, restored, notes = self.here(act)
        self.assertEqual((after, restored), ('77', []))
        self.assertIn('is gone', notes[0])

    def contain(self, pid, letter):
        """Makes a process one of the container with this id, as the kernel would tell of it."""
        with open('/tmp/cgroup-%d' % pid, 'w') as cgroup:
            cgroup.write('0::/system.slice/docker-%s.scope\n' % (letter * 64))
        changing.mount('/tmp/cgroup-%d' % pid, '/proc/%d/cgroup' % pid, changing.MS_BIND)

    def test_a_visitor_from_the_node_makes_no_other_namespace_of_it(self):
        """One that entered the namespace of a container (nsenter) and has a lower pid than the container itself."""
        def act():
            (guest, enter), one = visitor(), inhabitant()
            self.contain(one, 'a')
            before, key = self.somaxconn(one), self.key_of(one)
            ask({'net.core.somaxconn': '77'}, 'A', namespaces=[key])
            enter(one)
            keys = [self.key_of(one)]
            first = rollback.run({})
            found = [guest < one, self.somaxconn(one) == before, first['notes'], len(first['restored'])]
            ask({'net.core.somaxconn': '77'}, 'B', namespaces=[key])
            end(guest)
            rollback.run({})
            found += [self.somaxconn(one) == before, keys + [self.key_of(one)] == [key, key]]
            end(one)
            return found
        self.assertEqual(self.here(act), [True, True, [], 1, True, True])

    def test_a_container_of_the_pod_that_started_again_makes_no_other_namespace_of_it(self):
        def act():
            (sidecar, enter), pause = visitor(), inhabitant()
            self.contain(sidecar, 'a')
            self.contain(pause, 'b')
            before = self.somaxconn(pause)
            enter(pause)
            ask({'net.core.somaxconn': '77'}, namespaces=[self.key_of(pause)])
            end(sidecar)
            again, enter = visitor()
            self.contain(again, 'c')
            enter(pause)
            undone = rollback.run({})
            found = [sidecar < pause, self.somaxconn(pause) == before, undone['notes'], len(undone['restored'])]
            for child in (again, pause):
                end(child)
            return found
        self.assertEqual(self.here(act), [True, True, [], 1])

    def test_recycle_of_4_11_is_written_in_every_namespace(self):
        def prepare():
            changing.imitate_old_kernel(self.root, self.root + '/tmp', '4.11.0-1.el7.elrepo.x86_64', '1')

        def act():
            one = inhabitant()
            try:
                done = ask({RECYCLE: '0'})
                return [change['namespace'] for change in done['changes'] if change['what'] == 'running'], done['notes']
            finally:
                end(one)
        named, notes = self.here(act, prepare)
        self.assertEqual(named, ['host'])  # the imitated key is there in one namespace only
        self.assertTrue(any(RECYCLE in note for note in notes), notes)


class TestNames(Case):
    """What a container is called: the kernel says it, for files in a container are whatever its root makes them."""

    def setUp(self):
        super(TestNames, self).setUp()
        self.link('/room/etc/hostname', '/secret')  # the container's; the file is one of the node
        self.write('/secret', 'of-the-node\n')

    def names(self, host_name, own=True):
        """The names of a container, and how many matches a file of the node, its host name and its id have."""
        word = host_name.decode('latin-1')  # out here: a private node has no codecs to import

        def furnish(libc):
            if own:
                changing.check(libc.unshare(changing.CLONE_NEWUTS))
                changing.check(libc.sethostname(host_name, len(host_name)))
            os.chroot('/room')

        def act():
            one = inhabitant(furnish)
            with open('/tmp/cgroup', 'w') as cgroup:
                cgroup.write('0::/system.slice/docker-%s.scope\n' % ('a' * 64))
            changing.mount('/tmp/cgroup', '/proc/%d/cgroup' % one, changing.MS_BIND)
            try:
                (match,) = locate.run({'what': 'a' * 64})['matches']
                words = ['of-the-node', word, 'a' * 12]
                return [match['names'], [len(locate.run({'what': each})['matches']) for each in words]]
            finally:
                end(one)
        return self.here(act)

    def test_the_name_it_was_given_and_nothing_of_the_node(self):
        self.assertEqual(self.names(b'db-0'), [['db-0'], [0, 1, 1]])

    def test_what_is_no_host_name_is_none(self):
        for odd in (b'\xff\xfe', b'two words', b'db-0\n', b'=cmd()'):
            self.assertEqual(self.names(odd), [[], [0, 0, 1]], odd)

    def test_the_name_of_the_node_is_not_that_of_a_container(self):
        name = os.uname()[1].encode('ascii')
        self.assertEqual(self.names(name, own=False), [[], [0, 0, 1]])


if __name__ == '__main__':
    unittest.main()
