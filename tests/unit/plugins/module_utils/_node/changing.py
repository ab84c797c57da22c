# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes to change: directories that pass for a running node, and a private one with the real kernel behind it."""

from __future__ import absolute_import, division, print_function

import ctypes
import json
import os
import signal
import sys
import time
import traceback

import nodepath
from _node import errors
from _node.operations import apply, change_set_info, rollback
from _node.transaction import files

__metaclass__ = type

RECYCLE, TIMESTAMPS = 'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_timestamps'
u''.encode('ascii')  # Python 2.7 looks for the codec at its first use, which chroot(2) would come before
OURS = '/etc/sysctl.d/99-zz-nodetcp-paws.conf'
STATE = '/var/lib/nodetcp-paws'
CLONE_NEWNS, CLONE_NEWNET, CLONE_NEWPID, CLONE_NEWUTS = 0x00020000, 0x40000000, 0x20000000, 0x04000000
MS_BIND, MS_REC, MS_PRIVATE, MS_MOVE = 0x1000, 0x4000, 0x40000, 0x2000
MS_RDONLY, MS_REMOUNT = 1, 32


class NodeCase(nodepath.TreeCase):
    """A test with a directory that passes for a running node: what is written to its proc/sys stays there."""

    def setUp(self):
        super(NodeCase, self).setUp()
        self.addCleanup(end_programs_of, self.root)  # before the directory goes

    def node(self, values, release='3.10.0-1160.el7.x86_64', **files_of):
        for key, value in values.items():
            self.write('/proc/sys/' + key.replace('.', '/'), value + '\n')
        self.write('/proc/sys/kernel/osrelease', release + '\n')
        self.write('/proc/sys/kernel/random/boot_id', '11111111-2222\n')
        self.write('/proc/uptime', '1000.00 2000.00\n')
        for directory in ('/var/lib', '/etc'):
            if not os.path.isdir(self.root + directory):
                os.makedirs(self.root + directory)
        assert not files_of

    def apply(self, identifier='A', step=lambda name: None, **arguments):
        return apply.run(dict(arguments, change_set=identifier, root=self.root), step, True)

    def rollback(self, identifier='latest', step=lambda name: None, **arguments):
        return rollback.run(dict(arguments, change_set=identifier, root=self.root), step, True)

    def refuses(self, words, attempt, **arguments):
        """attempt(**arguments) raises Refused, with `words` in it."""
        with self.assertRaises(errors.Refused) as caught:
            attempt(**arguments)
        self.assertIn(words, str(caught.exception))

    def states(self):
        """Of all parts in the store, the newest first."""
        return [one['state'] for one in change_set_info.run({'root': self.root})['change_sets']]

    def text(self, path):
        with open(self.root + path, 'rb') as handle:
            return handle.read().decode('utf-8')

    def value(self, key):
        return self.text('/proc/sys/' + key.replace('.', '/')).strip()

    def everything(self):
        return everything(self.root)


def wait_until(found, patience_s=60):
    """Looks again and again whether found() is true, at last without mercy."""
    limit = time.time() + patience_s
    while not found() and time.time() < limit:
        time.sleep(0.05)
    assert found()


def end_programs_of(root):
    """Ends what a test left to wait for a confirmation: its program lies below the test's own directory."""
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open('/proc/%s/cmdline' % pid, 'rb') as words:
                ours = any(word.startswith((root + '/').encode('ascii')) for word in words.read().split(b'\0'))
            if ours:
                os.kill(int(pid), signal.SIGTERM)
        except EnvironmentError:
            pass  # it ended by itself


def everything(root, without=STATE):
    """{path: what is there} below root with contents, modes, owners and attributes, but for the store."""
    found = {}
    for place, directories, names in os.walk(root):
        directories[:] = [name for name in directories if os.path.join(place, name) != root.rstrip('/') + without]
        for name in directories + names:
            path = os.path.join(place, name)
            seen = os.lstat(path)
            if os.path.islink(path):
                found[path] = os.readlink(path)
            elif os.path.isdir(path):
                found[path] = (seen.st_mode, seen.st_uid, seen.st_gid)
            elif not os.path.isfile(path):  # a pipe
                found[path] = seen.st_mode
            else:
                found[path] = files.snapshot(path.encode('utf-8'), path)
    return found


def killed_after(number, operation):
    """Runs operation(step) in a child that is killed after its step `number`. Whether it got that far."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            seen = [0]

            def step(_name):
                seen[0] += 1
                if seen[0] == number:
                    os.kill(os.getpid(), signal.SIGKILL)
            operation(step)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, 'the operation failed after %d steps' % number
    return os.WIFSIGNALED(status)


def in_private_node(root, prepare, act):
    """act() of a child that has `root` as its root directory, with network and processes of its own.

    prepare() runs in it before root becomes /. What act returns as JSON; its failure is the caller's.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            libc = ctypes.CDLL(None, use_errno=True)
            check(libc.unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID))
            inner = os.fork()
            if inner:
                code = 1 if os.waitpid(inner, 0)[1] else 0
                os._exit(code)
            mount(None, '/', MS_REC | MS_PRIVATE)
            for name in ('proc', 'dev', 'var/lib', 'etc', 'tmp'):
                if not os.path.isdir(os.path.join(root, name)):
                    os.makedirs(os.path.join(root, name))
            mount('proc', root + '/proc', 0, 'proc')
            mount('/dev', root + '/dev', MS_BIND)
            prepare()
            os.chroot(root)
            os.chdir('/')
            os.write(writing, json.dumps(act()).encode('utf-8'))
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, 'rb') as answer:
        text = answer.read().decode('utf-8')
    status = os.waitpid(child, 0)[1]
    assert status == 0, 'the private node ended with status %d' % status
    return json.loads(text)


def check(result):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def mount(source, target, flags=0, kind=None, options=None):
    def raw(text):
        return text if text is None or isinstance(text, bytes) else text.encode('utf-8')
    check(ctypes.CDLL(None, use_errno=True).mount(raw(source), raw(target), raw(kind), ctypes.c_ulong(flags),
                                                  raw(options)))


def imitate_old_kernel(root, scratch, release, recycle):
    """Covers net.ipv4 and the release below root's proc, so that there is a tcp_tw_recycle, which keeps any text."""
    real, copy = root + '/proc/sys/net/ipv4', scratch + '/ipv4'
    os.mkdir(copy)
    mount(copy, copy, MS_BIND)
    for name in os.listdir(real):
        target = copy + '/' + name
        if os.path.isdir(real + '/' + name):
            os.mkdir(target)
        else:
            open(target, 'w').close()
        mount(real + '/' + name, target, MS_BIND)
    with open(copy + '/tcp_tw_recycle', 'w') as handle:
        handle.write(recycle + '\n')
    mount(copy, real, MS_MOVE)
    with open(scratch + '/osrelease', 'w') as handle:
        handle.write(release + '\n')
    mount(scratch + '/osrelease', root + '/proc/sys/kernel/osrelease', MS_BIND)
