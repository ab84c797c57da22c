# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a change makes of a node: the files, the values, the store."""

from __future__ import absolute_import, division, print_function

import os
import stat
import unittest

import changing
from _node import errors
from _node.operations import change_set_info, confirm, forget
from _node.readers import persisted, tree
from changing import OURS, RECYCLE, STATE, TIMESTAMPS, everything, killed_after

__metaclass__ = type

SOMAXCONN = 'net.core.somaxconn'
EL7, EL9 = '3.10.0-1160.el7.x86_64', '5.14.0-427.el9.x86_64'
OFF = '# disabled by nodetcp.paws: '


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class Case(changing.NodeCase):
    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({RECYCLE: '1', TIMESTAMPS: '0', SOMAXCONN: '128'})

    def settle(self, **settings):
        """Applies settings given as recycle=, timestamps=, somaxconn=; both readers must then agree on them."""
        names = {'recycle': RECYCLE, 'timestamps': TIMESTAMPS, 'somaxconn': SOMAXCONN}
        wanted = dict((names[name], value) for name, value in settings.items())
        result = self.apply(settings=wanted)
        found = persisted.observe(tree.Tree(self.root), list(wanted), set(wanted), None, {})
        for key in wanted:
            for reader in ('systemd', 'procps'):
                self.assertEqual(found[key]['effective'][reader]['value'].split()[0], wanted[key], (key, reader))
            self.assertEqual(self.value(key), wanted[key])
        self.assertEqual(self.apply('again', settings=wanted)['changed'], False)
        return result

    def refused(self, *words, **arguments):
        before = self.everything()
        with self.assertRaises(errors.Refused) as caught:
            self.apply(**arguments)
        for word in words:
            self.assertIn(word, str(caught.exception))
        self.assertEqual(self.everything(), before)


class TestFiles(Case):
    def test_nothing_there(self):
        result = self.settle(recycle='0', timestamps='1')
        self.assertEqual(result['changed'], True)
        self.assertEqual([(change['what'], change['key']) for change in result['changes']], [
            ('running', RECYCLE), ('running', TIMESTAMPS), ('persisted', RECYCLE), ('persisted', TIMESTAMPS)])
        self.assertEqual(stat.S_IMODE(os.stat(self.root + OURS).st_mode), 0o644)
        for place in (STATE, STATE + '/change-sets', STATE + '/change-sets/A'):
            self.assertEqual(stat.S_IMODE(os.stat(self.root + place).st_mode), 0o700)  # root alone looks into it

    def test_ports_are_reserved_before_the_range_grows_over_them(self):
        ports, reserved = 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_local_reserved_ports'
        self.node({ports: '32768 60999', reserved: ''})
        result = self.apply(settings={ports: '15000 64000', reserved: '30000-32767'})
        written = [change['key'] for change in result['changes'] if change['what'] == 'running']
        self.assertEqual(written, [reserved, ports])

    def test_the_line_in_sysctl_conf_that_procps_reads_last(self):
        self.write('/etc/sysctl.conf', 'a.b=1\n' + RECYCLE + ' = 1\n')
        self.settle(recycle='0')
        self.assertEqual(self.text('/etc/sysctl.conf'), 'a.b=1\n' + OFF + RECYCLE + ' = 1\n')

    def test_shadowed_line_that_would_win_then(self):
        self.write('/etc/sysctl.conf', SOMAXCONN + '=1\n' + SOMAXCONN + ' = 2\n')
        self.settle(somaxconn='4096')
        self.assertEqual(self.text('/etc/sysctl.conf').count(OFF), 2)

    def test_shadowed_line_that_never_wins_stays(self):
        self.write('/etc/sysctl.d/10-a.conf', SOMAXCONN + '=1\n')
        self.write('/etc/sysctl.d/20-a.conf', SOMAXCONN + '=2\n')
        self.settle(somaxconn='4096')
        self.assertEqual(self.text('/etc/sysctl.d/10-a.conf'), SOMAXCONN + '=1\n')

    def test_unrelated_duplicates_and_odd_lines_stay_byte_for_byte(self):
        odd = 'net.core.somaxconn = 128\nx = "\r\n\n;\n\tnet.core.somaxconn=4096\n#e'
        self.write('/etc/sysctl.conf', odd)
        self.settle(recycle='0')
        self.assertEqual(self.text('/etc/sysctl.conf'), odd)

    def test_link_to_sysctl_conf_stays_a_link(self):
        self.write('/etc/sysctl.conf', RECYCLE + '=1\n')
        self.link('/etc/sysctl.d/99-sysctl.conf', '../sysctl.conf')
        self.settle(recycle='0')
        self.assertEqual(os.readlink(self.root + '/etc/sysctl.d/99-sysctl.conf'), '../sysctl.conf')
        self.assertEqual(self.text('/etc/sysctl.conf'), OFF + RECYCLE + '=1\n')

    def test_our_file_overrides_globs_and_packages(self):
        self.write('/etc/sysctl.d/50-a.conf', 'net.ipv4.tcp_tw_r* = 1\n')
        self.write('/usr/lib/sysctl.d/60-a.conf', RECYCLE + ' = 1\n')
        before = self.everything()
        self.settle(recycle='0')
        for path in ('/etc/sysctl.d/50-a.conf', '/usr/lib/sysctl.d/60-a.conf'):
            self.assertEqual(self.everything()[self.root + path], before[self.root + path])

    def test_file_of_a_package_with_a_later_name_is_replaced_by_one_in_etc(self):
        self.write('/usr/lib/sysctl.d/99-zzz.conf', 'a.b=1\n' + SOMAXCONN + '=1\nc.d=1')
        os.chmod(self.root + '/usr/lib/sysctl.d/99-zzz.conf', 0o640)
        os.chown(self.root + '/usr/lib/sysctl.d/99-zzz.conf', 0, 7)
        result = self.settle(somaxconn='4096')
        seen = os.stat(self.root + '/etc/sysctl.d/99-zzz.conf')
        self.assertEqual((stat.S_IMODE(seen.st_mode), seen.st_gid), (0o640, 7))  # as readable as the one it replaces
        self.assertEqual(self.text('/etc/sysctl.d/99-zzz.conf'), 'a.b=1\n' + OFF + SOMAXCONN + '=1\nc.d=1')
        self.assertEqual(self.text('/usr/lib/sysctl.d/99-zzz.conf'), 'a.b=1\n' + SOMAXCONN + '=1\nc.d=1')
        self.assertEqual(result['changes'][-1]['overrides'], '/usr/lib/sysctl.d/99-zzz.conf')

    def test_glob_with_a_later_name_and_masked_file(self):
        self.write('/etc/sysctl.d/99-zzz.conf', 'net.core.* = 1\n')
        self.refused('over the glob in /etc/sysctl.d/99-zzz.conf', settings={SOMAXCONN: '4096'}, file='/etc/other.conf')
        self.settle(somaxconn='4096')
        self.link('/etc/sysctl.d/99-masked.conf', '/dev/null')
        self.refused('99-masked.conf', settings={RECYCLE: '0'}, file='/etc/sysctl.d/99-masked.conf')

    def test_line_that_already_says_so_is_enough(self):
        self.write('/etc/sysctl.conf', SOMAXCONN + ' = 0x80 # as it is\n')
        self.link('/etc/sysctl.d/99-sysctl.conf', '../sysctl.conf')
        before = self.everything()
        self.assertFalse(self.apply(settings={SOMAXCONN: '128'})['changed'])
        self.assertEqual(self.everything(), before)
        self.assertFalse(os.path.exists(self.root + STATE))

    def test_own_line_is_changed_in_place(self):
        self.settle(somaxconn='1000')
        self.settle(somaxconn='2000')
        self.assertEqual(self.text(OURS).count(SOMAXCONN), 1)

    def test_of_several_own_lines_the_one_that_wins_is_changed(self):
        self.write(OURS, 'a.b = 1\n%s = 1\n%s = 2\n' % (SOMAXCONN, SOMAXCONN))
        (change,) = [change for change in self.settle(somaxconn='4096')['changes'] if change['what'] == 'persisted']
        self.assertEqual((change['line'], change['before'], change['after']),
                         (3, SOMAXCONN + ' = 2', SOMAXCONN + ' = 4096'))
        self.assertEqual(self.text(OURS), 'a.b = 1\n%s = 1\n%s = 4096\n' % (SOMAXCONN, SOMAXCONN))

    def test_mode_owner_and_attributes_stay(self):
        self.write('/etc/sysctl.conf', RECYCLE + '=1\n')
        path = self.root + '/etc/sysctl.conf'
        os.chown(path, 7, 8)
        os.chmod(path, 0o4640)
        marked = hasattr(os, 'setxattr') and self.mark(path)
        self.settle(recycle='0')
        seen = os.stat(path)
        self.assertEqual((seen.st_uid, seen.st_gid, stat.S_IMODE(seen.st_mode)), (7, 8, 0o4640))
        if marked:
            self.assertEqual(os.getxattr(path, 'user.note'), b'kept')

    @staticmethod
    def mark(path):
        try:
            os.setxattr(path, 'user.note', b'kept')
        except OSError:
            return False
        return True

    def test_initramfs_copy_is_named_with_its_command(self):
        self.write('/etc/sysctl.conf', RECYCLE + '=1\n')
        self.write('/boot/initramfs-%s.img' % EL7, 'x')
        self.write('/usr/lib/dracut/modules.d/00systemd/module-setup.sh', 'x')
        self.assertIn('dracut -f', self.settle(recycle='0')['notes'][0])

    def test_file_must_be_read_by_both(self):
        self.refused('no line is read', settings={RECYCLE: '0'}, file='/etc/other.conf')
        self.refused('/etc', settings={RECYCLE: '0'}, file='/usr/lib/sysctl.d/x.conf')

    def test_directory_in_place_of_a_file(self):
        os.makedirs(self.root + OURS)
        self.refused(OURS, settings={RECYCLE: '0'})


class TestLostKey(Case):
    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({TIMESTAMPS: '1', SOMAXCONN: '128'}, EL9)

    def test_lines_go_and_none_is_written(self):
        self.write('/etc/sysctl.conf', 'a.b=1\n' + RECYCLE + '=0\n-net/ipv4/tcp_tw_recycle=1\nc.d=1\n')
        self.write('/etc/sysctl.d/50-a.conf', RECYCLE + '=0')
        for arguments in ({'settings': {RECYCLE: '0'}}, {'absent': [RECYCLE]}):
            before = self.everything()
            result = self.apply(**arguments)
            self.assertEqual(([change['what'] for change in result['changes']], result['notes']), (['removed'] * 3, []))
            self.assertEqual(self.text('/etc/sysctl.conf'), 'a.b=1\nc.d=1\n')
            self.assertEqual(self.text('/etc/sysctl.d/50-a.conf'), '')
            self.assertFalse(os.path.exists(self.root + OURS))
            self.rollback()
            self.assertEqual(self.everything(), before)

    def test_package_file_is_replaced(self):
        self.write('/usr/lib/sysctl.d/a.conf', RECYCLE + '=1\na.b=1\n')
        self.apply(absent=[RECYCLE])
        self.assertEqual(self.text('/etc/sysctl.d/a.conf'), 'a.b=1\n')

    def test_unknown_key_is_left_alone(self):
        self.write('/etc/sysctl.conf', 'net.ipv4.tcp_no_such_thing = 5\n')
        result = self.apply(settings={'net.ipv4.tcp_no_such_thing': '9'})
        self.assertFalse(result['changed'])
        self.assertIn('net.ipv4.tcp_no_such_thing', result['notes'][0])


class TestRequests(Case):
    def test_check_mode_changes_nothing_and_shows_what_then_happens(self):
        self.write('/etc/sysctl.conf', RECYCLE + '=1\n')
        before = self.everything()
        arguments = {'settings': {RECYCLE: '0', TIMESTAMPS: '1'}, 'reasons': {RECYCLE: u'drops \xfc'}}
        preview = self.apply(check_mode=True, **arguments)
        self.assertEqual(self.everything(), before)
        self.assertFalse(os.path.exists(self.root + STATE))
        real = self.apply(**arguments)
        for part in ('changed', 'changes', 'diff', 'notes'):
            self.assertEqual(preview[part], real[part], part)
        self.assertEqual((real['changed'], preview['change_set']), (True, None))
        self.assertIn(u'# nodetcp.paws: drops \xfc\n%s = 0\n' % RECYCLE, self.text(OURS))

    def test_running_values_alone_have_a_diff(self):
        self.settle(somaxconn='4096')
        self.write('/proc/sys/net/core/somaxconn', '128\n')
        for check_mode in (True, False):
            result = self.apply('B', settings={SOMAXCONN: '4096'}, check_mode=check_mode)
            self.assertEqual([(part['before_header'], part['before'], part['after']) for part in result['diff']],
                             [('running values', SOMAXCONN + ' = 128\n', SOMAXCONN + ' = 4096\n')])
        self.assertEqual(self.apply('C', settings={SOMAXCONN: '4096'})['diff'], [])

    def test_check_mode_sees_through_unfinished_sets_that_made_and_took_away_files(self):
        """What is made in several places is seen as if it were gone, in its own directory and in no other."""
        self.write('/etc/sysctl.d/10-a.conf', 'a.b = 1\n')
        self.write('/usr/lib/sysctl.d/99-zzz.conf', SOMAXCONN + '=1\n')
        self.write('/usr/lib/sysctl.d/50-a.conf', 'c.d = 1\n')
        for name in ('first', 'measured'):  # the store is there the second time
            steps = []
            self.apply(name, step=steps.append, settings={SOMAXCONN: '5000'})
            self.rollback(name)
        last = steps.index('state applied')
        self.assertTrue(changing.killed_after(last, lambda step: self.apply(step=step, settings={SOMAXCONN: '5000'})))
        self.assertTrue(os.path.exists(self.root + '/etc/sysctl.d/99-zzz.conf'))
        preview = self.apply('B', check_mode=True, settings={SOMAXCONN: '6000'})
        real = self.apply('B', settings={SOMAXCONN: '6000'})
        self.assertEqual(preview['diff'], real['diff'])
        self.assertEqual(preview['changes'], real['changes'])
        self.assertIn('overrides', real['changes'][-1])

    def test_check_mode_sees_through_an_unfinished_set(self):
        self.write('/etc/sysctl.conf', SOMAXCONN + '=1\n')
        changing.killed_after(14, lambda step: self.apply(step=step, settings={SOMAXCONN: '5000', RECYCLE: '0'}))
        preview = self.apply(check_mode=True, settings={SOMAXCONN: '6000'})
        real = self.apply('B', settings={SOMAXCONN: '6000'})
        self.assertEqual(preview['diff'], real['diff'])
        self.assertEqual(real['changes'][0]['before'], '128')

    def test_bad_requests(self):
        for words, arguments in (
                ('boolean number text', {'settings': {RECYCLE: True}}),
                ('name of a sysctl', {'settings': {'nonsense': '1'}}),
                ('one line', {'settings': {RECYCLE: '1\nkernel.panic = 1'}}),
                ('both', {'settings': {RECYCLE: '0'}, 'absent': ['net/ipv4/tcp_tw_recycle']}),
                ('no id', {'settings': {RECYCLE: '0'}, 'identifier': '../../x'}),
                ('no network namespace', {'settings': {RECYCLE: '0'}, 'namespaces': ['net:[1]@4/x']}),
                ('absolute', {'settings': {RECYCLE: '0'}, 'state_dir': 'x'})):
            self.refused(words.split()[-1], **arguments)

    def test_timestamps_are_not_switched_off_beside_recycle(self):
        self.write('/proc/sys/net/ipv4/tcp_timestamps', '1\n')
        self.refused('tcp_tw_recycle', settings={TIMESTAMPS: '0'})
        self.refused('tcp_tw_recycle', settings={TIMESTAMPS: '0', RECYCLE: '1'})
        self.apply(settings={TIMESTAMPS: '0', RECYCLE: '0'})
        self.assertEqual(self.value(TIMESTAMPS), '0')

    def test_store_that_others_could_write_is_not_obeyed(self):
        self.apply(settings={SOMAXCONN: '4096'})
        for path, mode in ((STATE, 0o777), (STATE, 0o720), (STATE, 0o702), ('/var/lib', 0o702),
                           (STATE + '/change-sets/A', 0o702), (STATE + '/change-sets/A', 0o720)):
            os.chmod(self.root + path, mode)
            for attempt in (lambda: self.apply('B', settings={SOMAXCONN: '1'}), self.rollback,
                            lambda: change_set_info.run({'root': self.root})):
                with self.assertRaises(errors.Refused) as caught:
                    attempt()
                self.assertIn('obeyed', str(caught.exception))
            os.chmod(self.root + path, 0o700)
        os.chown(self.root + STATE, 1, 1)
        with self.assertRaises(errors.Refused):
            self.rollback()
        os.chown(self.root + STATE, 0, 0)
        for group, mode, obeyed in ((7, 0o775, False), (7, 0o1775, True), (0, 0o775, True), (0, 0o757, False)):
            os.chown(self.root + '/var/lib', 0, group)
            os.chmod(self.root + '/var/lib', mode)
            if obeyed:
                self.assertIs(self.rollback('nothing')['changed'], False)
            else:
                with self.assertRaises(errors.Refused):
                    self.rollback('nothing')
        self.assertEqual(self.value(SOMAXCONN), '4096')

    def test_one_id_twice_is_one_change_set(self):
        before = self.everything()
        self.apply('0', settings={'net.ipv4.tcp_sack': '0'})  # without the key: nothing
        self.apply(settings={RECYCLE: '0'})
        self.apply(settings={TIMESTAMPS: '1'})
        self.apply(settings={SOMAXCONN: '4096'})
        found = change_set_info.run({'root': self.root})['change_sets']
        self.assertEqual([(one['id'], one['state'], len(one['changes'])) for one in found], [('A', 'applied', 6)])
        self.rollback('A', restore_unsafe=True)
        self.assertEqual(self.everything(), before)

    def test_keep(self):
        for number in range(6):
            self.apply('S%d' % number, keep=3, settings={SOMAXCONN: '%d' % (1000 + number)})
        found = change_set_info.run({'root': self.root})['change_sets']
        self.assertEqual([one['id'] for one in found], ['S5', 'S4', 'S3'])
        self.write('/etc/cron.d/placeholder', '')
        self.apply('waits', settings={SOMAXCONN: '2000'}, confirm_timeout=600)
        with self.assertRaises(errors.Refused):
            self.apply('S6', keep=1, settings={SOMAXCONN: '1006'})
        confirm.run({'root': self.root, 'change_set': 'waits'})
        self.apply('S6', keep=1, settings={SOMAXCONN: '1006'})
        found = change_set_info.run({'root': self.root})['change_sets']
        self.assertEqual([one['id'] for one in found], ['S6'])

    def test_image(self):
        os.makedirs(self.root + '/lib/modules/%s' % EL7)
        self.write('/etc/sysctl.conf', RECYCLE + '=1\n')
        before = self.everything()
        from _node.operations import apply, rollback
        result = apply.run({'root': self.root, 'settings': {RECYCLE: '0'}, 'change_set': 'I'})
        self.assertEqual([change['what'] for change in result['changes']], ['persisted', 'disabled'])
        self.assertEqual(self.value(RECYCLE), '1')
        rollback.run({'root': self.root, 'restore_unsafe': True})
        self.assertEqual(self.everything(), before)
        os.rename(self.root + '/lib/modules/' + EL7, self.root + '/lib/modules/' + EL9)
        apply.run({'root': self.root, 'settings': {RECYCLE: '0'}, 'change_set': 'J'})
        self.assertEqual(self.text('/etc/sysctl.conf'), '')

    def test_info_of_a_node_without_a_store(self):
        self.assertEqual(change_set_info.run({'root': self.root}), {'change_sets': []})


class TestPurge(Case):
    def test_every_trace_goes(self):
        before = everything(self.root, without='')
        self.apply(settings={SOMAXCONN: '4096'})
        with self.assertRaises(errors.Refused) as caught:
            forget.run({'root': self.root})
        self.assertIn('in force: A', str(caught.exception))
        self.rollback()
        self.assertTrue(forget.run({'root': self.root, 'check_mode': True})['changed'])
        self.assertEqual(forget.run({'root': self.root}), {'changed': True, 'removed': ['A']})
        self.assertEqual(everything(self.root, without=''), before)
        self.assertEqual(forget.run({'root': self.root}), {'changed': False, 'removed': []})

    def test_settings_may_be_kept(self):
        self.apply(settings={SOMAXCONN: '4096'})
        with_settings = self.everything()
        self.refuses('keep_settings (forget_keep_settings of the playbook)', lambda: forget.run({'root': self.root}))
        forget.run({'root': self.root, 'keep_settings': True})
        self.assertEqual(self.everything(), with_settings)
        self.assertFalse(os.path.exists(self.root + STATE))

    def test_killed_after_any_step(self):
        before = everything(self.root, without='')
        number, killed = 0, True
        while killed:
            number += 1
            for name in ('A', 'B'):
                self.apply(name, settings={SOMAXCONN: '4096'})
                self.rollback(name)
            killed = killed_after(number, lambda step: forget.run({'root': self.root}, step))
            forget.run({'root': self.root})
            self.assertEqual(everything(self.root, without=''), before)
        self.assertGreater(number, 4)


if __name__ == '__main__':
    unittest.main()
