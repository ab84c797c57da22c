# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that the kernel changes when another one is written: in force as wanted, and as before after an undo."""

from __future__ import absolute_import, division, print_function

import os
import subprocess
import unittest

import changing
from _node.operations import rollback
from private_node import Case, ask

__metaclass__ = type

NET = '/proc/sys/net/'
FORWARD, ONE = 'net.ipv4.ip_forward', 'net.ipv4.conf.v0.forwarding'


def read(key):
    with open('/proc/sys/' + key.replace('.', '/')) as handle:
        return handle.read().strip()


def put(key, value):
    with open('/proc/sys/' + key.replace('.', '/'), 'w') as handle:
        handle.write(value)


def everything():
    """All values of all interfaces that can be read."""
    found = {FORWARD: read(FORWARD)}
    for family in ('ipv4', 'ipv6'):
        for place, _directories, names in os.walk(NET + family + '/conf'):
            for name in names:
                if name != 'stable_secret':  # cannot be read before it is written
                    found[place + name] = read((place + '/' + name)[len('/proc/sys/'):].replace('/', '.'))
    return found


class TestCascade(Case):
    def on_a_node(self, act):
        """act() on a node with the interfaces v0 and v1."""
        def prepare():
            subprocess.check_call(['ip', 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1'])
        return self.here(act, prepare)

    def there_and_back(self, settings, first=()):
        """(values of the settings after the change, its changes, whether the undo left all as before, its result)."""
        def act():
            for key, value in first:
                put(key, value)
            before = everything()
            preview = ask(settings, check_mode=True)
            done = ask(settings)
            after = [read(key) for key in sorted(settings)]
            shown = rollback.run({'check_mode': True})
            undone = rollback.run({})
            return [done, after, everything() == before, preview['changes'] == done['changes'],
                    shown['restored'] == undone['restored'], undone]
        done, after, as_before, foreseen, undo_foreseen, undone = self.on_a_node(act)
        self.assertNotIn('failed', done, done)
        self.assertEqual(after, [settings[key] for key in sorted(settings)])
        self.assertTrue(as_before, undone)
        self.assertEqual((foreseen, undo_foreseen), (True, True))
        return done, undone

    def test_an_interface_that_is_to_differ_does(self):
        done, undone = self.there_and_back({ONE: '0', FORWARD: '1', 'net.ipv4.conf.all.accept_redirects': '1'})
        self.assertEqual([change['key'] for change in done['changes'] if change['what'] == 'running'], [FORWARD])
        self.assertEqual([entry['key'] for entry in undone['restored'] if entry['key']], [FORWARD])
        self.there_and_back({ONE: '1', FORWARD: '0'}, [(FORWARD, '1')])
        six = {'net.ipv6.conf.all.forwarding': '1', 'net.ipv6.conf.v0.forwarding': '0'}
        self.there_and_back(dict(six, **{'net.ipv6.conf.default.forwarding': '0'}))

    def test_one_that_takes_over_the_default_too(self):
        self.there_and_back({'net.ipv4.conf.default.rp_filter': '1', 'net.ipv4.conf.v0.rp_filter': '0'})

    def test_the_file_has_the_order_in_which_it_has_to_be_read(self):
        def act():
            ask({ONE: '0', 'net.ipv4.conf.default.forwarding': '0', 'net.ipv4.conf.all.rp_filter': '2', FORWARD: '1'})
            with open(changing.OURS) as ours:
                return [line.split(' = ')[0] for line in ours if ' = ' in line and not line.startswith('#')]
        self.assertEqual(self.on_a_node(act), [FORWARD, 'net.ipv4.conf.all.rp_filter',
                                               'net.ipv4.conf.default.forwarding', ONE])

    def test_what_the_kernel_changed_besides_is_as_before_after_an_undo(self):
        redirects = 'net.ipv4.conf.all.accept_redirects'
        self.there_and_back({FORWARD: '1'}, [(ONE, '1'), (redirects, '0')])
        self.there_and_back({'net.ipv4.conf.all.forwarding': '0'}, [(FORWARD, '1'), (ONE, '0'), (redirects, '1')])
        for name in ('forwarding', 'disable_ipv6'):
            self.there_and_back({'net.ipv6.conf.all.%s' % name: '1'}, [('net.ipv6.conf.v0.%s' % name, '1'),
                                                                       ('net.ipv6.conf.default.%s' % name, '1')])

    def test_the_same_after_a_change_that_failed(self):
        def act():
            put(ONE, '1')
            before = everything()
            result = ask({FORWARD: '1', 'net.ipv4.tcp_sack': 'x'})
            return [result['msg'], everything() == before]
        message, as_before = self.on_a_node(act)
        self.assertIn('net.ipv4.tcp_sack', message)
        self.assertTrue(as_before)

    def test_settings_that_contradict_each_other_fail(self):
        def act():
            before = everything()
            result = ask({FORWARD: '1', 'net.ipv4.conf.all.forwarding': '0'})
            return [result.get('failed'), result['msg'], everything() == before]
        failed, message, as_before = self.on_a_node(act)
        self.assertTrue(failed)
        self.assertIn('after the change', message)
        self.assertTrue(as_before)


if __name__ == '__main__':
    unittest.main()
