# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private nodes with systemd's programs, and with network namespaces in which nobody lives."""

from __future__ import absolute_import, division, print_function

import os
import unittest

import changing
from _node.operations import apply, confirm, locate, observe, rollback
from _node.readers import namespaces, tree
from _node.transaction import undo_program
from changing import RECYCLE
from private_node import Case, ask, end, etc, inhabitant, values

__metaclass__ = type

SOMAXCONN = 'net.core.somaxconn'
# A systemctl tells its arguments and ends as the file says that it is to end.
FAKE = '#!/bin/sh\necho "$*" >> /tmp/told\nread -r code < /tmp/code\nexit "$code"\n'
TIMER = 'nodetcp-paws-undo-A.timer'


class TestSystemd(Case):
    def run_here(self, code, act):
        """act() on a node that systemd started and whose systemctl ends with this code. What it was told, in lines."""
        def prepare():
            os.mkdir(self.root + '/usr')
            changing.mount('/usr', self.root + '/usr', changing.MS_BIND)
            if os.path.isdir('/usr/lib/sysctl.d'):
                changing.mount('none', self.root + '/usr/lib/sysctl.d', 0, 'tmpfs')
            for name in ('bin', 'lib', 'lib64'):
                if os.path.islink('/' + name):
                    os.symlink(os.readlink('/' + name), self.root + '/' + name)
                elif os.path.isdir('/' + name):
                    os.mkdir(self.root + '/' + name)
                    changing.mount('/' + name, self.root + '/' + name, changing.MS_BIND)
            os.makedirs(self.root + '/run/systemd/system')
            os.makedirs(self.root + '/etc/systemd/system')
            os.mkdir(self.root + '/tmp/bin')
            self.write('/tmp/bin/systemctl', FAKE)
            os.chmod(self.root + '/tmp/bin/systemctl', 0o755)
            self.write('/tmp/code', '%d\n' % code)

        def inside():
            os.environ['PATH'] = '/tmp/bin:/bin:/usr/bin'
            before = (values(), etc())
            found = act()
            rollback.run({})
            with open('/tmp/told') as told:
                return [found, told.read().splitlines(), (values(), etc()) == before]
        return self.here(inside, prepare)

    def test_the_timer_is_a_unit_that_the_confirmation_stops(self):
        def act():
            done = ask({SOMAXCONN: '77'}, confirm_timeout=600)
            with open('/run/systemd/system/' + TIMER) as unit:
                text = unit.read().splitlines()
            confirm.run({})
            return [done.get('msg'), values()[SOMAXCONN], text, os.listdir('/run/systemd/system')]
        found, told, as_before = self.run_here(0, act)
        self.assertEqual(found[:2] + found[3:], [None, '77', []])
        for line in ('OnActiveSec=600s', 'OnClockChange=yes', 'IgnoreOnIsolate=yes'):
            self.assertIn(line, found[2])
        self.assertEqual(told, ['daemon-reload', 'start ' + TIMER, 'stop %s nodetcp-paws-undo-A.service' % TIMER,
                                'daemon-reload'])
        self.assertTrue(as_before)

    def test_the_service_that_undoes_it_tells_systemd_nothing(self):
        """It starts yet, and systemd would lose it."""
        def act():
            ask({SOMAXCONN: '77'}, confirm_timeout=600)
            return [undo_program.undo(changing.STATE, 'A'), os.listdir('/run/systemd/system')]
        found, told, as_before = self.run_here(0, act)
        self.assertEqual(found, [True, []])
        self.assertEqual(told, ['daemon-reload', 'start ' + TIMER])
        self.assertTrue(as_before)

    def test_where_systemd_takes_no_timer_a_process_waits(self):
        def act():
            done = ask({SOMAXCONN: '77'}, confirm_timeout=600)
            return [done.get('msg'), os.path.exists(changing.STATE + '/change-sets/A/watchdog.json'),
                    os.listdir('/run/systemd/system')]
        found, _told, as_before = self.run_here(1, act)
        self.assertEqual(found, [None, True, []])
        self.assertTrue(as_before)


def described():
    """Every namespace of the private node, its own first, as records describe them."""
    found = namespaces.discover(tree.Tree('/'), True, {})
    return [namespaces.describe(tree.Tree('/'), one, namespaces.Containers(), {}) for one in found]


class TestNamesAlone(Case):
    """A namespace that `ip netns add` made: a name under /run/netns and no process."""

    def with_names(self, act, prepare=lambda: None):
        def inside():
            child = inhabitant()
            os.makedirs('/run/netns')
            for name in ('blue', 'left-over'):
                open('/run/netns/' + name, 'w').close()
            changing.mount('/proc/%d/ns/net' % child, '/run/netns/blue', changing.MS_BIND)
            end(child)
            return act()
        return self.here(inside, prepare)

    def test_it_is_found_but_not_written(self):
        def act():
            entries = described()
            key = entries[-1]['key']
            refused = ask({SOMAXCONN: '77'}, namespaces=[key])
            return [[(entry['kind'], entry['name']) for entry in entries], key, refused,
                    [match['name'] for match in locate.run({'what': 'blue'})['matches']]]
        entries, key, result, located = self.with_names(act)
        self.assertEqual(entries, [['host', None], ['named', 'blue']])
        self.assertTrue(key.endswith('/named:blue'))
        self.assertIn('no process lives in', result['msg'])
        self.assertEqual(located, ['blue'])

    def test_an_audit_lists_it_and_says_what_it_could_not_count(self):
        record = self.with_names(lambda: observe.run({})['record'])
        self.assertEqual([entry['name'] for entry in record['namespaces']], [None, 'blue'])
        self.assertIn('no process lives', ' '.join(record['unavailable'].values()))
        self.assertEqual(record['namespaces'][1]['counters']['TcpExt'], None)

    def test_recycle_of_4_11_in_it_is_named(self):
        def prepare():
            changing.imitate_old_kernel(self.root, self.root + '/tmp', '4.11.0-1.el7.elrepo.x86_64', '1')
        notes = self.with_names(lambda: ask({RECYCLE: '0'}), prepare)['notes']
        self.assertTrue(any('named:blue: no process lives in it' in note for note in notes), notes)

    def on_the_host_alone(self, release, settings):
        def prepare():
            changing.imitate_old_kernel(self.root, self.root + '/tmp', release, '1')
        done = self.with_names(lambda: ask(settings), prepare)
        self.assertEqual(done['notes'], [])
        self.assertEqual([change['namespace'] for change in done['changes'] if change['what'] == 'running'], ['host'])

    def test_on_4_11_other_settings_are_no_business_of_other_namespaces(self):
        self.on_the_host_alone('4.11.0-1.el7.elrepo.x86_64', {SOMAXCONN: '77'})

    def test_before_4_11_recycle_is_no_business_of_other_namespaces(self):
        self.on_the_host_alone('4.4.178-1.el7.elrepo.x86_64', {RECYCLE: '0'})

    def test_the_own_namespace_by_its_key_is_the_host(self):
        def act():
            done = ask({SOMAXCONN: '77'}, namespaces=[described()[0]['key'], 'host'])
            return [[change['namespace'] for change in done['changes'] if change['what'] == 'running'],
                    ask({SOMAXCONN: '78'}, 'B', namespaces=['net:[1]@1/1.1'])['msg']]
        named, refused = self.here(act)
        self.assertEqual(named, ['host'])
        self.assertIn('not a network namespace of this node now', refused)


class TestMasked(Case):
    def test_our_file_is_a_link_to_dev_null_now(self):
        """As sysctl.d(5) says how to switch a file off."""
        def act():
            before = (values(), etc())
            ask({SOMAXCONN: '77'})
            os.unlink(changing.OURS)
            os.symlink('/dev/null', changing.OURS)
            refused = rollback.run({})
            done = rollback.run({'force': True})
            return [refused['msg'], done['notes'], (values(), etc()) == before, os.path.exists('/dev/null')]
        refused, notes, as_before, there = self.here(act)
        self.assertIn('(replaced by a link to /dev/null)', refused)
        self.assertIn('a link to /dev/null', notes[0])
        self.assertEqual((as_before, there), (True, True))


class TestNamespaceThatEnds(Case):
    """Its last process ends between the plan and the change: what is gone needs no setting, and no undo."""

    def test_it_is_told_and_nothing_fails(self):
        def act():
            child = inhabitant()
            key = described()[-1]['key']

            def step(name):
                if name == 'change set recorded':
                    end(child)
            done = apply.run({'settings': {SOMAXCONN: '77'}, 'change_set': 'A', 'namespaces': [key]}, step)
            return [done.get('failed'), done['notes'], rollback.run({})['notes']]
        failed, notes, undone = self.here(act)
        self.assertIsNone(failed)
        self.assertIn('is gone', notes[0])
        self.assertIn('is gone', undone[0])


if __name__ == '__main__':
    unittest.main()
