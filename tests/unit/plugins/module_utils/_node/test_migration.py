# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users of other modules for sysctls bring along: files alone, /etc/sysctl.conf, modules, refused values."""

from __future__ import absolute_import, division, print_function

import os
import unittest

import changing
from _node.operations import change_set_info, rollback
from changing import OURS, RECYCLE
from private_node import Case, ask, etc, values

__metaclass__ = type

SOMAXCONN, CONNTRACK = 'net.core.somaxconn', 'net.netfilter.nf_conntrack_max'
KEEPALIVE, CONGESTION = 'net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_congestion_control'
LAST = '/etc/sysctl.conf'


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class NodeCase(changing.NodeCase):
    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({SOMAXCONN: '128'}, release='5.14.0-427.el9.x86_64')
        self.write('/run/systemd/system/.keep', '')

    def there_and_back(self, **arguments):
        """The result of a change that check mode foretells, that is not repeated, and that an undo takes back whole."""
        before = self.everything()
        foretold = self.apply(check_mode=True, **arguments)
        result = self.apply(**arguments)
        self.assertEqual((foretold['changes'], foretold['notes']), (result['changes'], result['notes']))
        self.assertTrue(result['changed'])
        after = self.everything()
        again = self.apply('B', **arguments)
        self.assertEqual((again['changed'], again['notes']), (False, result['notes']))
        self.assertEqual(self.everything(), after)
        self.rollback('A')
        self.assertEqual(self.everything(), before)
        self.apply('C', **arguments)
        return result


class TestFilesAlone(NodeCase):
    def test_running_values_stay_until_the_boot(self):
        result = self.there_and_back(settings={SOMAXCONN: '4096'}, reload=False)
        self.assertEqual([change['what'] for change in result['changes']], ['persisted'])
        self.assertEqual(self.value(SOMAXCONN), '128')
        self.assertIn(SOMAXCONN + ' = 4096\n', self.text(OURS))

    def test_without_files_nothing_is_left_to_do(self):
        self.refuses('reload: without running values there is nothing to do in pod1', self.apply,
                     settings={SOMAXCONN: '4096'}, reload=False, namespaces=['pod1'])


class TestSysctlConf(NodeCase):
    def test_where_systemd_does_not_read_it(self):
        self.write('/etc/sysctl.d/50-a.conf', SOMAXCONN + ' = 1\n')
        result = self.there_and_back(settings={SOMAXCONN: '4096'}, file=LAST)
        self.assertTrue(self.text(LAST).endswith(SOMAXCONN + ' = 4096\n'))
        self.assertIn('# disabled', self.text('/etc/sysctl.d/50-a.conf'))  # which systemd reads
        self.assertEqual(result['notes'], [
            'systemd does not read /etc/sysctl.conf here: at a boot these settings come into force only where '
            'something runs sysctl --system or sysctl -p'])
        self.assertEqual(self.value(SOMAXCONN), '4096')

    def test_where_a_link_leads_systemd_to_it(self):
        self.write(LAST, '# mine\n' + SOMAXCONN + ' = 1\n')
        self.link('/etc/sysctl.d/99-sysctl.conf', '../sysctl.conf')
        result = self.there_and_back(settings={SOMAXCONN: '4096'}, file=LAST)
        self.assertEqual(self.text(LAST), '# mine\n' + SOMAXCONN + ' = 4096\n')
        self.assertEqual(result['notes'], [])

    def test_a_line_that_hides_it_from_systemd_goes_all_the_same(self):
        self.write(LAST, '')
        self.link('/etc/sysctl.d/99-sysctl.conf', '../sysctl.conf')
        self.write('/etc/sysctl.d/99-zzz.conf', SOMAXCONN + ' = many\n')
        self.there_and_back(settings={SOMAXCONN: '4096'}, file=LAST)
        self.assertIn('# disabled', self.text('/etc/sysctl.d/99-zzz.conf'))

    def test_other_files_must_be_read_by_both(self):
        self.refuses('no line is read', self.apply, settings={SOMAXCONN: '4096'}, file='/etc/other.conf')


class TestModules(NodeCase):
    def test_a_key_of_a_module_is_persisted_and_in_force_when_it_appears(self):
        result = self.there_and_back(settings={CONNTRACK: '65536', SOMAXCONN: '4096'})
        self.assertIn(CONNTRACK + ' = 65536\n', self.text(OURS))
        self.assertEqual(result['notes'], [
            CONNTRACK + ': comes with the module nf_conntrack, which is not loaded: only persisted; no list of '
            'modules-load.d(5) loads it: name it in one, run this again once it is loaded, or ask for module_rules'])
        self.node({CONNTRACK: '1000'})
        self.write('/sys/module/nf_conntrack/refcnt', '0\n')
        later = self.apply('D', settings={CONNTRACK: '65536', SOMAXCONN: '4096'})
        self.assertEqual([(change['what'], change['key']) for change in later['changes']], [('running', CONNTRACK)])
        self.assertEqual((self.value(CONNTRACK), later['notes']), ('65536', []))

    def test_what_loads_the_module_is_named(self):
        for path in ('/etc/modules', '/usr/lib/modules-load.d/k8s.conf'):
            self.write(path, '# for pods\nbr-netfilter\n')
            notes = self.apply(settings={'net.bridge.bridge-nf-call-iptables': '1'}, check_mode=True)['notes']
            self.assertIn('%s has it loaded before the next boot sets values' % path, notes[0])

    def test_a_module_that_is_loaded_now_may_be_late_at_the_next_boot(self):
        self.node({CONNTRACK: '1000'})
        self.write('/sys/module/nf_conntrack/initstate', 'live\n')
        for identifier in 'AB':  # also where nothing is left to be done
            self.assertEqual(self.apply(identifier, settings={CONNTRACK: '65536'})['notes'], [
                CONNTRACK + ': comes with the module nf_conntrack: the next boot sets it only if the module is loaded '
                'before the files are read; no list of modules-load.d(5) loads it: name it in one, or ask for '
                'module_rules'])
        self.write('/lib/systemd/systemd-sysctl', '')
        self.assertEqual(self.apply('C', settings={CONNTRACK: '65536'}, module_rules=True)['notes'], [])
        self.assertEqual(self.apply('D', settings={CONNTRACK: '65536'})['notes'], [])  # the rule is there
        self.write('/etc/modules', 'nf_conntrack\n')
        self.assertEqual(self.apply('E', settings={CONNTRACK: '65537'})['notes'], [])

    def test_a_glob_that_will_reach_it_then_does_not_win(self):
        self.write('/etc/sysctl.d/50-a.conf', 'net.netfilter.* = 1\n')
        self.there_and_back(settings={CONNTRACK: '65536'})
        self.assertIn(CONNTRACK, self.text(OURS))

    def test_a_key_that_the_loaded_module_does_not_have_is_left_alone(self):
        self.write('/sys/module/nf_conntrack/refcnt', '0\n')
        for key in (CONNTRACK, 'net.ipv4.tcp_no_such_thing'):
            result = self.apply(settings={key: '1'})
            self.assertEqual((result['changed'], result['notes']), (
                False, [key + ': this kernel has no such sysctl now: neither written nor persisted']))


class TestModuleRules(NodeCase):
    RULES, PROGRAM = '/etc/udev/rules.d/99-zz-nodetcp-paws.rules', '/lib/systemd/systemd-sysctl'
    BRIDGE, SIZE = 'net.bridge.bridge-nf-call-iptables', 'net.nf_conntrack_max'

    def rule(self, module, prefix):
        return ('ACTION=="add", SUBSYSTEM=="module", KERNEL=="%s", RUN+="%s --prefix=/%s"' % (
            module, self.PROGRAM, prefix))

    def test_a_rule_for_each_module_gives_it_its_settings_whenever_it_loads(self):
        self.write(self.PROGRAM, '')
        self.write('/sys/module/br_netfilter/initstate', 'live\n')  # loaded now, and perhaps late at the next boot
        self.node({self.BRIDGE: '1'})
        settings = {CONNTRACK: '65536', self.BRIDGE: '0', SOMAXCONN: '4096', self.SIZE: '65536'}
        result = self.there_and_back(settings=settings, module_rules=True)
        rules = [self.rule('br_netfilter', 'net/bridge'), self.rule('nf_conntrack', 'net/netfilter'),
                 self.rule('nf_conntrack', 'net/nf_conntrack_max')]
        self.assertEqual(self.text(self.RULES).splitlines()[-3:], rules)
        self.assertEqual([change['after'] for change in result['changes'] if change['file'] == self.RULES], rules)
        self.assertIn(CONNTRACK + ': comes with the module nf_conntrack, which is not loaded: only persisted; a udev '
                      'rule has it set when the module loads', result['notes'])

    def test_what_the_file_has_stays_and_what_it_lacks_is_added(self):
        self.write(self.PROGRAM, '')
        self.write(self.RULES, '# mine\n' + self.rule('nf_conntrack', 'net/netfilter'))
        self.assertEqual(self.apply('O', settings={CONNTRACK: '65536'}, module_rules=True)['changes'][-1]['file'], OURS)
        self.there_and_back(settings={CONNTRACK: '65536', 'net.sctp.rto_max': '2000'}, module_rules=True)
        self.assertEqual(self.text(self.RULES).splitlines(), [
            '# mine', self.rule('nf_conntrack', 'net/netfilter'), self.rule('sctp', 'net/sctp')])

    def test_a_rule_that_was_taken_away_comes_again(self):
        self.write(self.PROGRAM, '')
        self.apply(settings={CONNTRACK: '65536'}, module_rules=True)
        os.unlink(self.root + self.RULES)
        again = self.apply('B', settings={CONNTRACK: '65536'}, module_rules=True)
        self.assertEqual([change['file'] for change in again['changes']], [self.RULES])

    def test_none_where_nothing_needs_it(self):
        self.write(self.PROGRAM, '')
        self.node({'net.ipv6.bindv6only': '0'})
        self.write('/sys/module/ipv6/parameters/disable', '0\n')  # built in: it has no initstate
        self.apply(settings={'net.ipv6.bindv6only': '1', SOMAXCONN: '4096'}, module_rules=True)
        self.assertFalse(os.path.exists(self.root + '/etc/udev'))

    def test_without_systemd_it_is_said(self):
        result = self.apply(settings={CONNTRACK: '65536'}, module_rules=True)
        self.assertIn('module_rules: no udev rule: this system has no systemd-sysctl, which it would run',
                      result['notes'])
        self.assertFalse(os.path.exists(self.root + '/etc/udev'))

    def test_a_link_out_of_etc_is_not_followed(self):
        self.write(self.PROGRAM, '')
        self.write('/usr/lib/udev/rules.d/some.rules', '')
        self.link(self.RULES, '/usr/lib/udev/rules.d/some.rules')
        self.refuses('is not written', self.apply, settings={CONNTRACK: '65536'}, module_rules=True)


class TestRefusedValues(NodeCase):
    def test_one_that_is_known_to_be_refused_is_left_out_before_anything(self):
        wanted = {SOMAXCONN: '4k', RECYCLE: '0', KEEPALIVE: '600'}
        self.node({KEEPALIVE: '7200'})
        self.refuses('is not a number for the kernel', self.apply, settings=wanted)
        result = self.there_and_back(settings=wanted, on_refused='skip')
        self.assertIn('net.core.somaxconn: the value "4k" is not a number for the kernel: left out, neither in force '
                      'nor persisted', result['notes'])
        self.assertNotIn(SOMAXCONN, self.text(OURS))
        self.assertEqual((self.value(SOMAXCONN), self.value(KEEPALIVE)), ('128', '600'))


class TestRefusedByTheKernel(Case):
    WANTED = {KEEPALIVE: '600', CONGESTION: 'no_such_one', SOMAXCONN: '5001'}

    def test_it_fails_and_all_is_as_it_was(self):
        self.failed(self.WANTED, [CONGESTION, 'ENOENT'])

    def test_it_is_left_out_and_the_others_come_into_force(self):
        def act():
            before = (values(), etc())
            done = ask(self.WANTED, on_refused='skip')
            after, files = values(), etc()
            states = [one['state'] for one in change_set_info.run({})['change_sets']]
            again = ask(self.WANTED, 'B', on_refused='skip')
            same = (values(), etc()) == (after, files)
            undone = rollback.run({})
            return [done, after, repr(files), states, again, same, undone['changed'], (values(), etc()) == before]
        done, after, files, states, again, same, undone, as_before = self.here(act)
        self.assertTrue(done['changed'], done)
        self.assertFalse(done.get('failed'), done)
        self.assertEqual([change['key'] for change in done['changes'] if change['what'] == 'running'],
                         [SOMAXCONN, KEEPALIVE])
        self.assertEqual(len(done['notes']), 1)
        self.assertIn(CONGESTION, done['notes'][0])
        self.assertIn('left out, neither in force nor persisted', done['notes'][0])
        self.assertEqual((after[KEEPALIVE], after[SOMAXCONN]), ('600', '5001'))
        self.assertNotIn(CONGESTION, files)
        self.assertEqual(states, ['applied'])
        self.assertFalse(again['changed'], again)
        self.assertTrue(same)
        self.assertTrue(undone)
        self.assertTrue(as_before)

    def test_a_disk_that_is_read_only_is_no_refusal(self):
        def obstruct():
            changing.mount('/proc/sys', '/proc/sys', changing.MS_BIND)
            changing.mount(None, '/proc/sys', changing.MS_REMOUNT | changing.MS_BIND | changing.MS_RDONLY)
        self.failed({KEEPALIVE: '600', SOMAXCONN: '5001'}, ['EROFS'], obstruct=obstruct, on_refused='skip')


if __name__ == '__main__':
    unittest.main()
