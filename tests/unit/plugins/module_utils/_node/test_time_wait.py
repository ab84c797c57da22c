# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function

import io
import os
import random
import socket
import struct
import unittest

import nodepath
from _node.errors import Malformed, Unreadable
from _node.operations import time_wait
from _node.parsers import socket_table, time_wait_count
from _node.readers import slab, sock_dump, tw_files, tw_flow, tw_looks
from _node.readers.tree import Tree
from time_wait_answers import DONE, LAB, RANGE, message, read_or_refused, shown

__metaclass__ = type


class TestWhoClosedFirst(unittest.TestCase):
    def both(self, listening, bounds=RANGE):
        ports = (80, 32767, 32768, 45000, 60928, 60999, 61000)
        datagram = b''.join([message('10.0.0.1', port, '10.0.0.2', 50000 + port % 7) for port in ports])
        found = shown([datagram, DONE], listening, bounds)
        self.assertEqual(found['sockets'], len(ports))
        return found['outgoing']['sockets'], [port for port, _count in found['incoming']['top']]

    def test_outside_the_range_it_came_in(self):
        self.assertEqual(self.both([]), (4, [80, 32767, 61000]))

    def test_a_port_that_listens_in_the_range_came_in_too(self):
        self.assertEqual(self.both([80, 45000]), (3, [80, 32767, 45000, 61000]))

    def test_another_range(self):
        self.assertEqual(self.both([], (1024, 65535)), (6, [80]))

    def test_every_port_is_told_as_by_its_number(self):
        cases = ((RANGE, (33000, 8080)), ((1024, 65535), ()), ((20000, 20199), (20100,)), ((1, 1), ()))
        for bounds, listening in cases:
            found = time_wait_count.TimeWaitCount(listening, bounds)
            for port in range(0, 65536, 25):
                row = (socket.AF_INET, struct.pack('>H', port), struct.pack('>H', 80) + b'\1' * 32, 0)
                before = found.outgoing
                found.add(socket_table.part_of([row]))
                outgoing = bounds[0] <= port <= bounds[1] and port not in listening
                self.assertEqual(found.outgoing > before, outgoing, port)


class TestFlow(unittest.TestCase):
    """What goes through TIME_WAIT within a time."""

    RECYCLES = {'net.ipv4.tcp_tw_recycle': {'value': '1'}}

    def within(self, rests_ms, low, end, strides=(96,)):
        """Of sockets that stay for so long, half of them incoming ones, those whose rest is from low to below end."""
        found = time_wait_count.TimeWaitCount([8080], RANGE, (low, end))
        sockets = [message('10.0.0.1', 40000 if number % 2 else 8080, '10.0.0.2', 80, strides[number % len(strides)],
                           rest_ms=rest_ms) for number, rest_ms in enumerate(rests_ms)]
        sock_dump.counted(iter([b''.join(sockets), DONE]), found)
        return found.within

    def test_the_sockets_that_entered_within_the_window(self):
        ages = (0, 1000, 9000, 9900, 10500, 11000, 30000, 59900)
        rests_ms = [60000 - age for age in ages for _way in range(2)]
        for strides in ((96,), (88, 96)):
            _by, seconds, low, end = tw_flow.rests({}, [6, 18], 10.0)
            self.assertEqual(self.within(rests_ms, low, end, strides), {'outgoing': 4, 'incoming': 4})
            self.assertTrue(10 <= seconds < 10.3)

    def test_with_recycling_the_sockets_that_leave_soon(self):
        by, seconds, low, end = tw_flow.rests(self.RECYCLES, [3, 10], 10.0)
        self.assertEqual((by, seconds), ('end', 0.512))
        rests_ms = [rest_ms for rest_ms in (0, 100, 300, 700, 800, 60000, 65536 + 300) for _way in range(2)]
        self.assertEqual(self.within(rests_ms, low, end), {'outgoing': 3, 'incoming': 3})  # the last is 65.5 s off

    def test_without_a_window_nothing_says_for_how_long(self):
        self.assertIsNone(tw_flow.rests({}, [6, 18], None))
        self.assertEqual(tw_flow.rests(self.RECYCLES, [3, 10], None)[0], 'end')

    def test_a_window_longer_than_time_wait_is_as_long_as_that(self):
        self.assertEqual(tw_flow.rests({}, [6, 18], 3600), ('age', 60, 0, 256))

    def test_the_timeout_of_a_vendor(self):
        for value, found in (('15', ('age', 5.016, 39, 256)), ('600', None), ('x', ('age', 5.216, 214, 256))):
            got = tw_flow.rests({'net.ipv4.tcp_tw_timeout': {'value': value}}, [4, 19], 5)
            self.assertEqual(got and (got[0], round(got[1], 3)) + got[2:], found)

    def test_where_time_wait_may_be_cut_short(self):
        def varies(value, version):
            return tw_flow.varies({'net.ipv4.tcp_tw_recycle': {'value': value}}, version)
        self.assertTrue(varies('1', [3, 10, 0]))
        self.assertFalse(varies('0', [3, 10, 0]))
        self.assertFalse(varies(None, [4, 12, 0]))
        self.assertTrue(varies(None, [4, 10, 0]))  # in a container: it is the node's
        self.assertTrue(varies(None, None))

    def test_tables_say_it_too_and_ss_does_not(self):
        line = u'2: 0A6433C6:9F90 016433C6:A03C 06 00000000:00000000 03:%08X 00000000 0 0 0 3 x\n'
        rows = [socket_table.proc_row(line % hundredths) for hundredths in (6000, 5000, 100)]
        found = time_wait_count.TimeWaitCount((), RANGE, (200, 256))
        found.add(socket_table.part_of(rows))
        self.assertEqual(found.within, {'outgoing': 1, 'incoming': 0})
        lines = (u'TIME-WAIT 0 0 10.0.0.1:40000 10.0.0.2:80\n'
                 u'TIME-WAIT 0 0 10.0.0.1:80 10.0.0.2:81\n')
        found.add(socket_table.part_of(socket_table.ss_rows(lines)))
        self.assertIsNone(found.within)
        self.assertEqual((found.outgoing, found.incoming), (4, 1))

    def test_looks_find_what_comes_and_goes_while_they_sleep(self):
        """Each socket stays for 0.7 s: none is in the first and the last look."""
        lives = [(number * 0.1, number * 0.1 + 0.7, message('10.0.0.1', 40000 + number % 3, '10.0.0.2', 50000 + number))
                 for number in range(60)]
        node = SleepingNode(lives + [(0.0, 99.0, message('10.0.0.1', 80, '10.0.0.2', 1)),
                                     (2.0, 99.0, message('10.0.0.1', 80, '10.0.0.2', 2))])
        looks = tw_looks.Looks(time_wait_count.TimeWaitCount((), RANGE), lambda: node.now, node.sleep)
        flow = node.during(looks, 5.2)
        self.assertEqual((flow['by'], flow['seconds'], node.looks, node.now), ('looks', 5.0, 11, 5.2))
        self.assertEqual((flow['outgoing'], flow['incoming']), (50, 1))
        self.assertEqual(flow['top'][0], ['10.0.0.1', '10.0.0.2', 50003, 1])

    def test_a_long_window_is_looked_at_in_its_end_alone(self):
        node = SleepingNode([(at, at + 0.7, message('10.0.0.1', 40000, '10.0.0.2', at)) for at in range(1, 100)])
        flow = node.during(tw_looks.Looks(time_wait_count.TimeWaitCount((), RANGE), lambda: node.now, node.sleep), 90)
        self.assertEqual((flow['seconds'], flow['outgoing'], node.now), (20.0, 20, 90))

    def test_looks_end_where_there_are_too_many_sockets(self):
        self.addCleanup(setattr, tw_looks, 'SOCKETS_MAX', tw_looks.SOCKETS_MAX)
        tw_looks.SOCKETS_MAX = 12
        node = SleepingNode([(0, 99, message('10.0.0.1', 40000, '10.0.0.2', port)) for port in range(1, 6)])
        flow = node.during(tw_looks.Looks(time_wait_count.TimeWaitCount((), RANGE), lambda: node.now, node.sleep), 5)
        self.assertEqual((node.looks, flow['seconds'], node.now), (3, 1.0, 5))

    def test_where_netlink_is_refused_it_sleeps(self):
        node = SleepingNode(None)
        looks = tw_looks.Looks(time_wait_count.TimeWaitCount((), RANGE), lambda: node.now, node.sleep)
        self.assertIsNone(node.during(looks, 5))
        self.assertEqual((node.looks, node.now), (1, 5))


class SleepingNode(object):
    """Sockets that are there from a second until another; its time passes while somebody sleeps."""

    def __init__(self, sockets):
        self.now, self.looks, self._sockets = 0.0, 0, sockets

    def sleep(self, seconds):
        self.now = round(self.now + seconds, 6)

    def during(self, looks, seconds):
        """The flow of looks that slept for so long."""
        opened, sock_dump.opened = sock_dump.opened, lambda: self
        try:
            looks.sleep(seconds)
        finally:
            sock_dump.opened = opened
        return looks.flow(10)

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        pass

    def datagrams(self, _kind, _body):
        self.looks += 1
        if self._sockets is None:
            raise Unreadable(sock_dump.SOURCE, 'operation not permitted')
        there = [each for since, until, each in self._sockets if since <= self.now < until]
        return iter([b''.join(there)] * bool(there) + [DONE])


class TestBounds(unittest.TestCase):
    def test_destinations_beyond_the_bound_are_forgotten_and_that_is_said(self):
        most = time_wait_count.Most()
        for number in range(0, time_wait_count.DISTINCT_MAX * 2, 256):
            most.update(range(number, number + 256))
            most.update(['often'] * 3)
        self.assertTrue(most.lost)
        self.assertLessEqual(len(most.counts), time_wait_count.DISTINCT_MAX)
        self.assertEqual(max(most.counts, key=most.counts.get), 'often')

    def test_below_it_all_are_kept(self):
        most = time_wait_count.Most()
        most.update(range(time_wait_count.DISTINCT_MAX))
        self.assertFalse(most.lost)


class TestText(unittest.TestCase):
    HEAD = u'  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'

    def test_every_cut_of_a_line_is_read_or_malformed(self):
        line = u'   2: 0A6433C6:1F90 016433C6:A03C 06 00000000:00000000 03:00000C89 00000000     0        0 0 3 x\n'
        chance = random.Random(7)
        for _attempt in range(2000):
            letters = list(line[:chance.randrange(len(line) + 1)])
            for _change in range(chance.randrange(3)):
                if letters:
                    letters[chance.randrange(len(letters))] = chance.choice(u'0aZ: \u00e9\t')
            for read in (socket_table.proc_row, socket_table.ss_rows, socket_table.ss_listening):
                read_or_refused(read, u''.join(letters))

    def test_lines_of_ss(self):
        text = (u'Netid State     Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n'
                u'tcp   LISTEN    0      128    0.0.0.0:80   0.0.0.0:*\n'
                u'tcp   LISTEN    0      128    *:8080       *:*\n'
                u'tcp   TIME-WAIT 0      0      10.0.0.1%eth0:40000 10.0.0.2:80 timer:(timewait,31sec,0)\n'
                u'TIME-WAIT 0     0      [::ffff:10.0.0.1]:40001 [::ffff:10.0.0.2]:80\n'
                u'TIME-WAIT 0     0      [2001:db8::1]:40001 [2001:db8::2]:80\n')
        self.assertEqual(socket_table.ss_listening(text), [80, 8080])
        found = time_wait_count.TimeWaitCount((), RANGE)
        found.add(socket_table.part_of(socket_table.ss_rows(text)))
        self.assertEqual(found.shown(5)['outgoing']['top'],
                         [['10.0.0.1', '10.0.0.2', 80, 2], ['2001:db8::1', '2001:db8::2', 80, 1]])

    def test_names_for_ports_are_refused_with_the_way_out(self):
        with self.assertRaises(Malformed) as caught:
            socket_table.ss_rows(u'TIME-WAIT 0 0 10.0.0.1:40000 10.0.0.2:http\n')
        self.assertIn('ss -n', str(caught.exception))


class TestMemory(nodepath.TreeCase):
    """What the kernel took for them, by its slab allocator."""

    INFO = (u'slabinfo - version: 2.1\n# name <active_objs> <num_objs> <objsize>\n'
            u'tw_sock_TCPv6 16 16 256 16 1 : tunables 0 0 0\ntw_sock_TCP 200 224 256 16 1 : tunables 0 0 0\n')

    def cache(self, name, objects):
        self.write('/sys/kernel/slab/%s/slab_size' % name, u'264\n')
        self.write('/sys/kernel/slab/%s/total_objects' % name, objects)

    def memory(self):
        unavailable = {}
        return slab.read(Tree(self.root), unavailable), unavailable

    def test_by_the_file_of_all_caches(self):
        self.write('/proc/slabinfo', self.INFO)
        self.assertEqual(self.memory(), ({'bytes': 61440, 'object_bytes': 256}, {}))

    def test_by_the_files_of_these_caches(self):
        self.write('/proc/slabinfo', self.INFO)
        self.cache('tw_sock_TCP', u'300 N0=200 N1=100\n')
        self.assertEqual(self.memory(), ({'bytes': 79200, 'object_bytes': 264}, {}))
        self.cache('tw_sock_TCPv6', u'10\n')
        self.assertEqual(self.memory(), ({'bytes': 81840, 'object_bytes': 264}, {}))

    def test_a_cache_that_is_merged_with_others_tells_nothing(self):
        self.cache(':0000264', u'9000\n')
        self.link('/sys/kernel/slab/tw_sock_TCP', ':0000264')
        self.assertEqual(self.memory(), (None, {}))

    def test_where_the_kernel_does_not_tell(self):
        self.write('/proc/slabinfo', u'kmalloc-256 1 1 256\n')
        self.assertEqual(self.memory(), (None, {}))

    def test_counts_that_cannot_be_read(self):
        self.cache('tw_sock_TCP', u'many\n')
        self.write('/proc/slabinfo', u'tw_sock_TCP 200\n')
        self.assertEqual(self.memory(), (None, {'/proc/slabinfo': 'tw_sock_TCP: no counts'}))
        self.write('/proc/slabinfo', self.INFO)
        self.assertEqual(self.memory(), ({'bytes': 61440, 'object_bytes': 256}, {}))


class TestCaptures(nodepath.TreeCase):
    def look(self, root, **arguments):
        return time_wait.run(dict(arguments, root=root))

    def test_proc_and_ss_of_one_look_agree(self):
        lab = os.path.join(LAB, '1-during')
        for name in ('sysctl_-a', 'ss_-tano'):
            with io.open(os.path.join(lab, name), 'rb') as handle:
                self.write('/' + name, handle.read())
        by_ss = self.look(self.root)['record']['namespaces'][0]['time_wait']
        by_proc = self.look(lab)['record']['namespaces'][0]['time_wait']
        self.assertEqual((by_proc['source'], by_ss['source']), ('proc', 'ss_-tano'))
        self.assertEqual(by_proc['incoming'], by_ss['incoming'])
        self.assertGreater(by_proc['incoming']['sockets'], 0)
        self.assertEqual(by_proc['listening'], [22, 8080])

    def test_columns_that_widen(self):
        lines = [u'%6d: 0100000A:%04X 0200000A:0050 06 0:0 0:0 0 0 0 0 3 x\n' % (number, 33000 + number)
                 for number in (1, 9999, 10000, 99999 - 80000, 20000)]
        self.write('/proc/net/tcp', TestText.HEAD + u''.join(lines))
        found = self.look(self.root)['record']['namespaces'][0]['time_wait']
        self.assertEqual(found['outgoing']['top'], [['10.0.0.1', '10.0.0.2', 80, 5]])

    def test_a_table_that_is_cut_off_is_not_counted_and_the_reason_is_said(self):
        self.write('/proc/net/tcp', TestText.HEAD + u'   1: 0100000A:8000 0200000A:0050 06 0:0 0:0')
        answer = self.look(self.root)
        self.assertIsNone(answer['record']['namespaces'][0]['time_wait'])
        self.assertIn('cut off', ' '.join(answer['record']['unavailable'].values()))

    def test_nothing_to_read(self):
        self.write('/etc/hostname', u'web1\n')
        answer = self.look(self.root)
        self.assertIsNone(answer['record']['namespaces'][0]['time_wait'])
        self.assertTrue([what for what in answer['record']['unavailable'] if what.startswith('TIME_WAIT sockets')])

    def test_a_container_has_its_own(self):
        self.write('/proc/1/ns/net', u'net:[1]')
        self.write('/proc/7/ns/net', u'net:[2]')
        self.write('/proc/net/tcp', TestText.HEAD)
        self.write('/proc/7/net/tcp', TestText.HEAD + u'   1: 0100000A:8000 0200000A:0050 06 0:0 0:0 x\n')
        answer = self.look(self.root)
        self.assertEqual([entry['time_wait']['sockets'] for entry in answer['record']['namespaces']], [0, 1])


class TestThisNode(unittest.TestCase):
    def test_a_connection_that_we_close_first_is_seen_and_tables_and_netlink_agree(self):
        server = socket.socket()
        self.addCleanup(server.close)
        server.bind(('127.0.0.1', 0))
        server.listen(1)
        client = socket.create_connection(server.getsockname())
        accepted = server.accept()[0]
        client.close()
        accepted.close()
        port = server.getsockname()[1]
        answer = time_wait.run({'namespaces': 'host', 'top': 1000})
        found = answer['record']['namespaces'][0]['time_wait']
        self.assertEqual(found['source'], 'netlink')
        self.assertIn(port, found['listening'])
        self.assertIn(['127.0.0.1', '127.0.0.1', port, 1], found['outgoing']['top'])
        reasons = {}
        source, listening, counts = tw_files.read(
            Tree('/'), '/proc/net', '/', lambda ports: time_wait_count.TimeWaitCount(ports, RANGE), reasons)
        self.assertEqual((source, reasons), ('proc', {}))
        self.assertIn(port, listening)
        self.assertIn(['127.0.0.1', '127.0.0.1', port, 1], counts.shown(1000)['outgoing']['top'])

    def test_what_entered_within_a_window_is_counted(self):
        found = time_wait.run({'namespaces': 'host', 'window': 0.3})['record']['namespaces'][0]['time_wait']['flow']
        self.assertEqual(found['by'], 'age' if not os.path.exists('/proc/sys/net/ipv4/tcp_tw_recycle') else 'looks')
        self.assertTrue(0.3 <= found['seconds'] < 2)

    def test_where_netlink_is_refused_the_tables_are_read(self):
        def refuse(_new_tally):
            raise Unreadable(sock_dump.SOURCE, 'operation not permitted')
        wanted, sock_dump.time_wait = sock_dump.time_wait, refuse
        try:
            answer = time_wait.run({'namespaces': 'host'})
        finally:
            sock_dump.time_wait = wanted
        found = answer['record']['namespaces'][0]['time_wait']
        if found['source'] != 'sockstat':  # nothing to count
            self.assertEqual(found['source'], 'proc')
            self.assertIn(sock_dump.SOURCE, answer['record']['unavailable'])


if __name__ == '__main__':
    unittest.main()
