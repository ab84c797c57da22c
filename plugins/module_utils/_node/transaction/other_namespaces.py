# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network namespaces besides the node's own, known again from what a change set keeps of them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from ..errors import Failed, Refused
from ..readers import enter, namespaces, procfs
from .namespace_identity import Gone, boot_id

PIDS_MAX, ASKED_MAX = 8, 256


class OtherNamespaces(object):
    """Those that are there now besides the node's own, by the identity that a change set keeps."""

    def __init__(self, tree):
        self.tree, self.boot_id, self._containers = tree, boot_id(tree), namespaces.Containers()
        self._found = None

    def found(self):
        """[(description as in a record, Namespace)]."""
        if self._found is None:
            known = namespaces.discover(self.tree, True, {})[1:]
            self._containers = namespaces.Containers()
            self._found = [(namespaces.describe(self.tree, one, self._containers, {}), one) for one in known]
        return self._found

    def identify(self, name):
        """The identity of the namespace with this key or id, None for the node's own. Raises Refused."""
        own = namespaces.discover(self.tree, True, {})[0]
        own = namespaces.describe(self.tree, own, namespaces.Containers(), {})
        if name in (own['key'], own['id']):
            return None
        found = [pair for pair in self.found() if name in (pair[0]['key'], pair[0]['id'])]
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
        for _entry, namespace in self.found():
            if (namespace.inode, namespace.device) == (identity['inode'], identity['device']) and namespace.pids:
                return namespace.ns_path if self._same_owner(identity, namespace.pids) else None
        return None

    def closed(self, identity):
        """Whether the namespace is gone, looked at anew."""
        self._found = None
        return self.ns_path(identity) is None

    def inside(self, identity, act, what=None):
        """What act() returns in one of them. what: for messages, of what is done there. Raises Failed, Gone."""
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

    def _oldest(self, pids):
        """The pids of the processes that started first: a container lives as long as its first one."""
        starts = [(procfs.start_time(self.tree, pid), pid) for pid in pids[:ASKED_MAX]]
        return [pid for start, pid in sorted(starts, key=lambda one: one[0] or 0) if start][:PIDS_MAX] or pids[:1]

    def _process(self, pid):
        """{'pid', 'start', 'container': its id or None} of a process, as it is now."""
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
