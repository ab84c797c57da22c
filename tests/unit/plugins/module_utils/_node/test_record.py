# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change set whose record is damaged leads no write to another place, and says what is wrong with it."""

from __future__ import absolute_import, division, print_function

import copy
import json
import os
import unittest

import changing
from _node.transaction import record
from changing import OURS, RECYCLE, STATE

__metaclass__ = type

FIN, SOMAXCONN = 'net.ipv4.tcp_fin_timeout', 'net.core.somaxconn'
HOME = STATE + '/change-sets/A/'
SURROGATE = () if bytes is str else (u'/etc/\ud800',)  # Python 2 writes it as it is


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class Case(changing.NodeCase):
    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({FIN: '60', SOMAXCONN: '128', RECYCLE: '1'})
        self.write('/etc/sysctl.conf', RECYCLE + ' = 1\n')
        self.before = self.everything()
        self.apply(settings={FIN: '30', RECYCLE: '0'})
        self.after = self.everything()

    def data(self, name):
        return self.text(HOME + name).encode('utf-8')

    def record(self):
        return record.opened(self.data('record.json'))

    def index(self, kind, name=None):
        return [number for number, item in enumerate(self.record()['items'])
                if item['kind'] == kind and name in (None, item.get('path'))][0]

    def refused(self, changed, words):
        """A set whose record says this, with a digest that fits, as well as one of 0.2.0, which had none."""
        bare = dict((field, value) for field, value in changed.items() if field != 'digests')
        for text in (record.sealed(changed), json.dumps(bare)):
            self.write(HOME + 'record.json', text)
            self.refuses(words, self.rollback, force=True)
            self.refuses(words, self.apply, identifier='B', settings={SOMAXCONN: '4096'})
        self.assertEqual(self.everything(), self.after)


class TestShape(Case):
    def test_paths_that_no_plan_touches(self):
        whole = self.record()
        for kind in ('file', 'directory'):
            for path in ('/dev/sda', '/proc/sys/vm/swappiness', '/usr/lib/sysctl.d/x.conf', '/run/x', 'etc/x', 'x', '',
                         '/', '//etc/x', '/etc/../home/x', '/etc/x/', '/etc/x\0', None, 7) + SURROGATE:
                changed = copy.deepcopy(whole)
                changed['items'][self.index('file', OURS)].update(path=path, kind=kind)
                if kind == 'directory':
                    changed['items'][-1] = {'kind': kind, 'path': path}
                self.write(HOME + 'record.json', record.sealed(whole))
                self.refused(changed, 'items does not fit')
                self.write(HOME + 'record.json', record.sealed(whole))

    def test_parts_of_items(self):
        whole = self.record()
        file, value = self.index('file', '/etc/sysctl.conf'), self.index('value')
        meta = whole['items'][file]['before']
        for index, changes in (
                (file, {'temp': '../../x'}), (file, {'temp': 'sysctl.conf'}), (file, {'before': {}}),
                (file, {'after': None}), (file, {'before': dict(meta, mode=-1)}), (file, {'x': 1}), (file, {'hook': 0}),
                (file, {'before': dict(meta, uid=1 << 32)}), (file, {'before': dict(meta, gid=True)}),
                (file, {'before': dict(meta, xattrs={'user.x': 'x'})}), (file, {'kind': 'device'}),
                (file, {'before': dict(meta, xattrs=[])}), (file, {'kind': []}),
                (value, {'key': '../../../etc/passwd'}), (value, {'key': 'net..x'}), (value, {'key': ''}),
                (value, {'before': 60}), (value, {'before': None}), (value, {'namespace': {}}), (value, {'after': []}),
                (value, {'namespace': 'host'})):
            changed = copy.deepcopy(whole)
            changed['items'][index].update(changes)
            self.refused(changed, 'items does not fit')
            self.write(HOME + 'record.json', record.sealed(whole))

    def test_parts_of_the_record(self):
        whole = self.record()
        for field, junk, words in (
                ('id', 'B', 'it is that of change set B'), ('id', '../A', 'id'), ('part', 2, 'it is that of'),
                ('part', 'x', 'part'), ('seq', 10 ** 30, 'seq'), ('seq', True, 'seq'), ('time', 'now', 'time'),
                ('time', 1e308, 'time'), ('time', float('nan'), 'time'), ('who', None, 'who'), ('root', 'x', 'root'),
                ('boot_id', 7, 'boot_id'), ('items', {}, 'items'), ('items', [[]], 'items'), ('more', 1, 'more'),
                ('changes', [{}], 'changes'), ('changes', [dict(whole['changes'][0], what='x')], 'changes'),
                ('confirm', {}, 'confirm'), ('confirm', dict(timeout=1, until=1, boot_id=None, until_uptime='x'),
                                             'confirm'),
                ('schema', 2, 'a newer version')):
            self.refused(dict(whole, **{field: junk}), words)
        for field in whole:
            if field != 'digests':
                self.refused(dict((name, value) for name, value in whole.items() if name != field),
                             'schema' if field == 'schema' else field)
        waits = dict(timeout=1, until=1, boot_id=None, until_uptime=1)
        self.refused(dict(whole, root='/elsewhere', confirm=waits), 'of another root')

    def test_nested_without_end(self):
        self.write(HOME + 'record.json', b'[' * 100000)
        self.refuses('its record cannot be read', self.rollback)

    def test_a_record_of_0_2_0_has_no_digests(self):
        whole = self.record()
        del whole['digests']
        self.write(HOME + 'record.json', json.dumps(whole))
        self.rollback(restore_unsafe=True)
        self.assertEqual(self.everything(), self.before)

    @unittest.skipIf(bytes is str, 'Python 2 writes half of a surrogate pair as it is')
    def test_what_could_not_be_read_again_is_not_written(self):
        self.rollback(restore_unsafe=True)
        self.refuses('could not be read again: who does not fit', self.apply, identifier='B', settings={FIN: '30'},
                     who=u'\ud800')
        self.assertEqual(self.states(), ['undone'])


class TestDigests(Case):
    def test_each_byte_of_a_record_counts(self):
        data = self.data('record.json')
        for place in range(0, len(data), 7):
            changed = bytearray(data)
            changed[place] ^= 2
            self.write(HOME + 'record.json', bytes(changed))
            self.refuses('its record cannot be read', self.rollback)
        for length in (len(data) - 1, len(data) - 22, 1, 0):
            self.write(HOME + 'record.json', data[:length])
            self.refuses('its record cannot be read', self.rollback)
        self.assertEqual(self.everything(), self.after)

    def test_a_damaged_content_is_not_restored_and_the_rest_is(self):
        name = 'before-%d' % self.index('file', '/etc/sysctl.conf')
        good = self.data(name)
        self.write(HOME + name, good.replace(b'1', b'3'))
        result = self.rollback(restore_unsafe=True)
        self.assertTrue(result['failed'])
        self.assertIn(name + ': it is not what was recorded', result['msg'])
        self.assertEqual((self.value(FIN), self.value(RECYCLE)), ('60', '1'))
        self.assertIn('# disabled', self.text('/etc/sysctl.conf'))
        self.write(HOME + name, good)
        self.rollback(restore_unsafe=True)
        self.assertEqual(self.everything(), self.before)

    def test_a_content_where_none_was_recorded_is_not_restored(self):
        self.write(HOME + 'before-%d' % self.index('file', OURS), 'x = 1\n')
        self.assertIn('it is not what was recorded', self.rollback(restore_unsafe=True)['msg'])
        self.assertIn(RECYCLE + ' = 0', self.text(OURS))

    def test_what_was_held_back_and_is_damaged(self):
        number = 1
        while changing.killed_after(number, lambda step: self.rollback(step=step)):
            if os.path.exists(self.root + HOME + 'state.undoing'):
                break
            number += 1
        held, = [name for name in os.listdir(self.root + HOME) if name.startswith('held-')]
        self.write(HOME + held, 'x = 1\n')
        self.refuses(held + ': it is not what was recorded', self.rollback)
        self.refuses(held + ': it is not what was recorded', self.apply, identifier='B', settings={SOMAXCONN: '9'},
                     check_mode=True)

    def test_a_damaged_decision_of_a_rollback_that_was_interrupted(self):
        number = 1
        while changing.killed_after(number, lambda step: self.rollback(step=step)):
            if os.path.exists(self.root + HOME + 'state.undoing'):
                break
            number += 1
        note = record.opened(self.data('undo.json'))
        for text in (self.data('undo.json').replace(b'"keep":[', b'"keep":[1'), b'{}', b'[]',
                     record.sealed(dict(note, instead=[[99, None]])), record.sealed(dict(note, keep=['x'])),
                     record.sealed({'held': note['held']}), record.sealed(dict(note, x=1))):
            self.write(HOME + 'undo.json', text)
            if text != b'{}':
                self.refuses('undo.json: ', self.rollback)
        self.write(HOME + 'undo.json', record.sealed(note))
        self.assertNotIn('failed', self.rollback())
        self.assertEqual(self.value(RECYCLE), '0')


if __name__ == '__main__':
    unittest.main()
