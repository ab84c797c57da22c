# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of changes in a private node share: twelve settings, and what the node has of them."""

from __future__ import absolute_import, division, print_function

import ctypes
import os
import signal
import unittest

import changing
import nodepath
from _node import errors
from _node.operations import apply, change_set_info
from changing import RECYCLE, TIMESTAMPS

__metaclass__ = type

nodepath.import_all()  # before the root directory no longer has them

TWELVE = {
    'net.core.somaxconn': '5001', 'net.ipv4.tcp_rfc1337': '1', 'net.ipv4.ip_local_port_range': '20000 61000',
    'net.ipv4.tcp_fin_timeout': '30', 'net.ipv4.tcp_syncookies': '0', 'net.ipv4.tcp_tw_reuse': '1',
    'net.ipv4.tcp_max_syn_backlog': '4097', 'net.ipv4.tcp_keepalive_time': '600', 'net.ipv4.tcp_sack': '0',
    'net.ipv4.tcp_retries2': '8', 'net.ipv4.ip_local_reserved_ports': '30000-32767', 'net.ipv4.tcp_orphan_retries': '3'}
CONF = 'net.core.somaxconn = 1\nnet.ipv4.tcp_rfc1337 = 0\r\n-net/ipv4/tcp_sack = 1'


def values():
    found = {}
    for key in list(TWELVE) + [TIMESTAMPS, RECYCLE]:
        path = '/proc/sys/' + key.replace('.', '/')
        if os.path.exists(path):
            with open(path) as handle:
                found[key] = ' '.join(handle.read().split())
    return found


def etc():
    return dict((path, repr(seen)) for path, seen in changing.everything('/etc').items())


def ask(settings, identifier='A', **arguments):
    """The result of a change, a refusal as its message."""
    try:
        return apply.run(dict(arguments, settings=settings, change_set=identifier))
    except errors.Refused as exc:
        return {'failed': True, 'msg': str(exc), 'refused': True}


@unittest.skipIf(os.geteuid(), 'needs root to make namespaces')
class Case(nodepath.TreeCase):
    def here(self, act, prepare=lambda: None):
        """act() in a private node whose root directory is self.root."""
        def lay_out():
            changing.mount('none', self.root + '/tmp', 0, 'tmpfs')
            prepare()
        return changing.in_private_node(self.root, lay_out, act)

    def failed(self, settings, words, prepare=lambda: None, obstruct=lambda: None, **arguments):
        """A change that fails with these words leaves values and files as they were."""
        def act():
            obstruct()
            before = (values(), etc())
            result = ask(settings, **arguments)
            states = [one['state'] for one in change_set_info.run({})['change_sets']]
            return [result, (values(), etc()) == before, states]
        result, as_before, states = self.here(act, prepare)
        self.assertTrue(result.get('failed'), result)
        for word in words:
            self.assertIn(word, result['msg'])
        self.assertTrue(as_before, result)
        self.assertNotIn('applying', states)
        return result, states


def inhabitant(furnish=lambda libc: None):
    """The pid of a process that has a network namespace of its own, did furnish(libc), and does nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it ends with the test
            ctypes.CDLL(None).unshare(changing.CLONE_NEWNET)
            furnish(ctypes.CDLL(None))
            os.write(writing, b'.')
            while True:
                signal.pause()
        finally:
            os._exit(0)
    os.read(reading, 1)
    os.close(reading)
    os.close(writing)
    return child


def visitor():
    """(pid, enter): a process in the namespace of its parent; enter(PID) takes it into that of another process."""
    told, telling = os.pipe()
    hearing, done = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # as in inhabitant()
            ns_path = os.open('/proc/%s/ns/net' % os.read(told, 16).decode('ascii'), os.O_RDONLY)
            ctypes.CDLL(None).setns(ns_path, changing.CLONE_NEWNET)
            os.write(done, b'.')
            while True:
                signal.pause()
        finally:
            os._exit(0)

    def enter(pid):
        os.write(telling, ('%d' % pid).encode('ascii'))
        os.read(hearing, 1)
    return child, enter


def end(child):
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def fill_up(path):
    """A file that takes all that is left of its file system."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    os.write(descriptor, b'x' * size)
            except OSError:
                pass
    finally:
        os.close(descriptor)
