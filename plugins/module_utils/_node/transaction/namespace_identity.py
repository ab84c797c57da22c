# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network namespaces as a change set knows them again, and the running values in them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import time

from ..errors import Failed, Refused, Unreadable, shown
from ..keys import path_of
from ..readers import procfs
from ..readers.sysctls import cleaned

HOST = 'host'
PIDS_MAX, ASKED_MAX = 8, 256
BOOT_ID = '/proc/sys/kernel/random/boot_id'


def key_of(identity):
    return identity['key'] if identity else HOST


def boot_id(tree):
    return procfs.read_text(tree, BOOT_ID, {})


def boot(tree):
    """Which boot this is: its id and the start of the first process; None where there is no id.

    A container that starts again keeps the boot id of its host; its first process is another one.
    """
    identifier = boot_id(tree)
    return identifier and u'%s %s' % (identifier, procfs.start_time(tree, 1))


def same_boot(tree, record):
    """Whether the values in the record of a part were read in this boot.

    Records of 0.2.0 have the id alone. Without an id the record's time counts; what nothing tells is another boot.
    """
    known, now = record['boot_id'], boot(tree)
    if known and now:
        return known in (now, now.split()[0])
    uptime = procfs.read_uptime(tree, {})
    return uptime is not None and record['time'] > time.time() - uptime


def read(tree, key):
    """The value as the kernel prints it, blanks as one space; None where there is no such key. Raises Failed."""
    path = '/proc/sys/' + path_of(key)
    try:
        text = tree.read(path, 65536)
    except Unreadable as exc:
        raise Failed(key, '%s: %s' % (path, exc.reason))
    return None if text is None else cleaned(text)


def write(tree, key, value):
    """Writes in the caller's own namespace and returns what the kernel then prints. Raises Failed."""
    try:
        descriptor = os.open(tree.real('/proc/sys/' + path_of(key)), os.O_WRONLY | os.O_TRUNC)
        try:
            os.write(descriptor, (value + '\n').encode('utf-8'))
        finally:
            os.close(descriptor)
    except OSError as exc:
        raise Failed('%s = %s' % (key, value), exc)
    return read(tree, key)


class Gone(Failed):
    """The namespace is there no longer."""


class Places(object):
    """The namespaces that are there now: HOST, and others by the identity that a change set keeps."""

    def __init__(self, tree):
        self.tree = tree
        self.boot_id = boot_id(tree)
        self._found = self._containers = None

    def others(self):
        """[(description as in a record, Namespace)] of the namespaces besides the node's own."""
        if self._found is None:
            from ..readers import namespaces  # much to compile, and most runs write in the node's own alone

            known = namespaces.discover(self.tree, True, {})[1:]
            self._containers = namespaces.Containers()
            self._found = [(namespaces.describe(self.tree, one, self._containers, {}), one) for one in known]
        return self._found

    def identify(self, name):
        """The identity of the namespace with this key or id, None for the node's own. Raises Refused."""
        if name == HOST:
            return None
        from ..readers import namespaces

        own = namespaces.discover(self.tree, True, {})[0]
        own = namespaces.describe(self.tree, own, namespaces.Containers(), {})
        if name in (own['key'], own['id']):
            return None
        found = [pair for pair in self.others() if name in (pair[0]['key'], pair[0]['id'])]
        if len(found) != 1:
            raise Refused('namespaces: %s is not a network namespace of this node now' % name)
        return self.identity(*found[0])

    def identity(self, entry, namespace):
        """What tells this namespace from one that gets its inode number later. Raises Refused."""
        if not namespace.pids:
            raise Refused('namespaces: no process lives in %s, so it could not be known again: it is not written'
                          % entry['key'])
        container = entry['container'] and entry['container']['id']
        return {'key': entry['key'], 'inode': namespace.inode, 'device': namespace.device, 'boot_id': self.boot_id,
                'container': container, 'pids': [self._process(pid) for pid in self._oldest(namespace.pids)]}

    def ns_path(self, identity):
        """The ns_path (as of Namespace) of a recorded namespace, or None where it is gone or cannot be known again."""
        if identity['boot_id'] is None or identity['boot_id'] != self.boot_id:
            return None
        for _entry, namespace in self.others():
            if (namespace.inode, namespace.device) == (identity['inode'], identity['device']) and namespace.pids:
                return namespace.ns_path if self._same_owner(identity, namespace.pids) else None
        return None

    def closed(self, identity):
        """Whether the namespace is gone, looked at anew."""
        self._found = None
        return self.ns_path(identity) is None

    def _oldest(self, pids):
        """The pids of the processes that started first: a container lives as long as its first one."""
        starts = [(procfs.start_time(self.tree, pid), pid) for pid in pids[:ASKED_MAX]]
        return [pid for start, pid in sorted(starts, key=lambda one: one[0] or 0) if start][:PIDS_MAX] or pids[:1]

    def _process(self, pid):
        """{'pid', 'start', 'container': its id or None} of a process, as it is now."""
        from ..readers import namespaces

        one = namespaces.process(self.tree, pid)
        container = self._containers.of(self.tree, one, {})
        return dict(one, container=container and container['id'])

    def _same_owner(self, identity, pids):
        """Whether one of these processes was there, and in the container that was there.

        Any of them: one from the node (nsenter) or a container of the pod that started again may have the lowest pid.
        A container that was started again has the same id, and none of its processes was there.
        """
        container = identity['container']
        for known in identity['pids']:
            if str(known['pid']) in pids and known['start'] is not None:
                now = self._process(known['pid'])
                if now['start'] == known['start'] and (not container or now['container'] == known.get('container')):
                    return True
        return False

    def read(self, identity, keys):
        """{key: value or None} in one namespace. Raises Failed."""
        if identity is None:
            return dict((key, read(self.tree, key)) for key in keys)
        return self._inside(identity, lambda: dict((key, read(self.tree, key)) for key in keys))

    def interfaces(self, identity, family):
        """The names in proc/sys/net/FAMILY/conf of one namespace as keys have them. Raises Failed."""
        def act():
            return [shown(name).replace('.', '/') for name in self.tree.listdir('/proc/sys/net/%s/conf' % family)]
        return act() if identity is None else self._inside(identity, act)

    def write(self, identity, key, value):
        """What the kernel prints after the value was written. Raises Failed."""
        if identity is None:
            return write(self.tree, key, value)
        return self._inside(identity, lambda: write(self.tree, key, value), key)

    def _inside(self, identity, act, what=None):
        from ..readers import enter  # ctypes and a fork: only for other namespaces
        ns_path = self.ns_path(identity)
        if ns_path is None:
            raise Gone(what or identity['key'], 'the namespace %s is gone' % identity['key'])

        def ask(_index):
            here = os.stat('/proc/self/ns/net')  # the process behind the ns_path may have ended since
            if (here.st_ino, here.st_dev) != (identity['inode'], identity['device']):
                return None
            try:
                return [act(), None]
            except Failed as exc:
                return [None, exc.reason]
        answer, reason = enter.visit([ns_path], ask)[0]
        if answer is None and self.closed(identity):
            raise Gone(what or identity['key'], 'the namespace %s is gone' % identity['key'])
        answer, reason = answer if answer else (None, reason or 'not the namespace that was meant')
        if reason:
            raise Failed('%s in %s' % (what, identity['key']) if what else identity['key'], reason)
        return answer
