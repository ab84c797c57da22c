# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which network namespaces a node has, and who lives in them (network_namespaces(7)).

Namespaces are found through /proc/PID/ns/net, so unnamed ones of containers too, and through the bind mounts that
`ip netns` and container runtimes leave. An inode number is used again at once after a namespace is gone: only together
with a container id, or a pid and its start time, does it say which namespace was meant.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from ..errors import Unreadable, shown
from ..parsers.natural import natural
from . import procfs

NAMED_IN = ('/run/netns', '/var/run/netns', '/run/docker/netns')
CAPTURED_IN = '/namespaces'  # of a capture: a directory for each, named by inode or as `ip netns` names it
LINK = ('net:[', ']')  # what stands around the inode in the link of a namespace
PIDS_MAX = 2
ASKED_MAX = 8  # processes of a namespace that are asked for their container


class Namespace(object):
    """One network namespace: inode and device (int or None), pids (text, ascending), name and path of a bind mount."""

    def __init__(self, inode, device):
        self.inode, self.device = inode, device
        self.pids, self.name, self.mount = [], None, None
        self.own = False
        self.net = None  # the /proc directory with its counters; None where no process lives in it
        self.files = None  # in a capture: the directory with what commands said in it, and its own proc/sys

    @property
    def ns_path(self):
        """(file that setns(2) takes, the inode that is meant): the process may end and its pid go to another."""
        return '/proc/%s/ns/net' % self.pids[0] if self.pids else self.mount, self.inode


def discover(tree, live, unavailable, hidden=None):
    """The namespaces of the node, its own first, then by inode: a list of Namespace, never empty.

    What could not be seen (processes of others, hidepid) is said in unavailable['namespaces']. hidden: a dict that gets
    'processes': [how many could not be asked, of how many]; with hidepid nobody can count them.
    """
    found, unseen = {}, 0
    own = _own_inode(tree, live)
    pids = sorted((name for name in tree.listdir('/proc') if natural(name) is not None), key=int)
    for pid in pids:
        try:
            inode = _inode(tree, pid)
        except Unreadable:
            unseen += 1
            continue
        if inode is not None:
            found.setdefault(inode, Namespace(inode, None)).pids.append(pid)
    _add_named(tree, found)
    first = found.pop(own, None) or Namespace(own, None)
    first.own = True
    # In a capture the link self/net may dangle.
    first.net = '/proc/1/net' if tree.exists('/proc/1/net') and not tree.exists('/proc/net') else '/proc/net'
    others = [found[inode] for inode in sorted(found)]
    for namespace in others:
        namespace.net = '/proc/%s/net' % namespace.pids[0] if namespace.pids else None
    if not live:
        others += _captured(tree, others, unavailable)
        first.files = ''
    else:
        # The links of one procfs all lead to one file system, nsfs since 3.19 (fs/nsfs.c).
        first.device = _device(tree, '/proc/self/ns/net')
        for namespace in others:
            namespace.device = first.device if namespace.pids else _device(tree, namespace.mount)
        if hidden is not None and unseen:
            hidden['processes'] = [unseen, len(pids)]
        _say_hidden(tree, unseen, len(pids), unavailable)
    return [first] + others


def _captured(tree, others, unavailable):
    """Gives the namespaces of a capture their files, and finds those that are known by a name: namespaces/NAME, or
    namespaces/INODE with the name in a file."""
    known = dict((str(namespace.inode), namespace) for namespace in others)
    for namespace in others:
        namespace.files = '%s/%d' % (CAPTURED_IN, namespace.inode)
    named = []
    try:
        for directory in tree.listdir(CAPTURED_IN):
            files = '%s/%s' % (CAPTURED_IN, directory)
            inode = natural(directory)
            name = tree.read(files + '/name', 256) if inode is not None else shown(directory)
            namespace = known.get(directory) or Namespace(inode, None)
            namespace.name = name and name.strip()
            if namespace.files is None and namespace.name:
                namespace.files = files
                namespace.net = files + '/proc/net' if tree.exists(files + '/proc/net') else None
                named.append(namespace)
    except Unreadable as exc:
        unavailable[exc.path] = exc.reason
    return named


def _inode(tree, pid):
    """The inode of a process's network namespace; a capture may hold the link's text in a plain file."""
    path = '/proc/%s/ns/net' % pid
    text = tree.readlink(path) or ''
    if not text and tree.root != '/':
        text = (tree.read(path, 256) or '').strip()
    head, inode, tail = text[:5], text[5:-1], text[-1:]
    return natural(inode) if (head, tail) == LINK else None


def _own_inode(tree, live):
    """Live: the namespace of this very process. In a capture that of pid 1; without it no process is the node's."""
    try:
        return _inode(tree, 'self' if live else '1')
    except Unreadable:
        return None


def _device(tree, ns_path):
    try:
        seen = tree.stat(ns_path)
        return None if seen is None else seen.st_dev
    except Unreadable:
        return None


def _add_named(tree, found):
    if tree.root != '/':
        return
    for directory in NAMED_IN:
        try:
            names = tree.listdir(directory)
        except Unreadable:
            continue
        for name in names:
            path = '%s/%s' % (directory, name)
            try:
                seen = tree.stat(path)
            except Unreadable:
                continue
            if seen is None or not _is_namespace(seen, found):
                continue
            namespace = found.setdefault(seen.st_ino, Namespace(seen.st_ino, seen.st_dev))
            if namespace.name is None:
                namespace.name, namespace.mount = shown(name), path


def _is_namespace(seen, found):
    """A name whose mount is gone is an empty file on a tmpfs; nsfs inodes start at 0xf0000000 (PROC_DYNAMIC_FIRST)."""
    return seen.st_ino in found or (seen.st_size == 0 and seen.st_ino >= 0xF0000000)


def _say_hidden(tree, hidden, seen, unavailable):
    reason = unseen_processes(hidden, seen, not os.geteuid()) if hidden else invisible(tree)
    if reason:
        unavailable['namespaces'] = reason


def invisible(tree):
    """The reason for `unavailable` where /proc is mounted so that nobody can count what it hides, or None."""
    options = ''
    try:
        for line in (tree.read('/proc/self/mounts') or '').split('\n'):
            words = line.split()
            if words[1:3] == ['/proc', 'proc']:
                options = words[3]
    except Unreadable:
        pass
    hidepid = [option for option in options.split(',') if option.startswith('hidepid=')]
    hiding = [option for option in hidepid if option not in ('hidepid=0', 'hidepid=off')]
    if not hiding or tree.exists('/proc/1/stat'):
        return None
    return ('/proc is mounted with %s: processes of other users, and so containers, are not visible (run as root)' %
            hiding[0])


def unseen_processes(number, of, root):
    """The reason for `unavailable` where so many processes could not be asked for their namespace; root: by root."""
    return 'no permission to see the network namespace of %d of %d processes: containers may be missing%s' % (
        number, of, '' if root else ' (run as root)')


def describe(tree, namespace, containers, unavailable):
    """The identity part of a namespace's entry in a record: id, key, kind, name, device, pids, container."""
    pids = [process(tree, pid) for pid in namespace.pids[:PIDS_MAX]]
    container = None if namespace.own else _container(tree, namespace, pids, containers, unavailable)
    kind = 'host' if namespace.own else 'container' if container else 'named' if namespace.name else 'process'
    inode = None if namespace.inode is None else 'net:[%d]' % namespace.inode
    return {'id': inode, 'key': _key(inode, namespace, kind, pids, container), 'kind': kind, 'name': namespace.name,
            'device': namespace.device, 'count': 1, 'pids': pids, 'container': container}


def process(tree, pid):
    """What tells a process from a later one with the same pid: {'pid', 'start'}."""
    return {'pid': int(pid), 'start': procfs.start_time(tree, pid)}


def _container(tree, namespace, pids, containers, unavailable):
    """The container of the first process that has one: a visitor from the node (nsenter) may have the lowest pid."""
    for index, pid in enumerate(namespace.pids[:ASKED_MAX]):
        found = containers.of(tree, pids[index] if index < len(pids) else process(tree, pid), unavailable)
        if found:
            return found
    return None


class Containers(object):
    """Which container a process lives in; each process is asked once, however often a window looks."""

    def __init__(self):
        self._known, self._pods = {}, None

    def of(self, tree, one, unavailable):
        """The container of {'pid', 'start'} as parsers/cgroup.py tells it, with its `pod` as readers/pods.py does (None
        where it is in none, or nobody says in which), or None."""
        known = (one['pid'], one['start'])
        if known not in self._known:
            self._known[known] = self._read(tree, '/proc/%d/cgroup' % one['pid'], unavailable)
        return self._known[known]

    def _read(self, tree, path, unavailable):
        from ..parsers.cgroup import parse_cgroup  # most nodes have no container
        try:
            found = parse_cgroup(tree.read(path) or '')
        except Unreadable as exc:
            unavailable[path] = exc.reason
            return None
        if found:
            found['pod'] = found['pod_uid'] and self._pod(tree, found['pod_uid'], unavailable)
        return found

    def _pod(self, tree, uid, unavailable):
        from . import pods  # as above
        if self._pods is None:
            self._pods = pods.names(tree, unavailable)
        return pods.described(tree, self._pods, uid, unavailable)


def _key(inode, namespace, kind, pids, container):
    """Which namespace was meant, as text: equal keys of one boot are the same namespace."""
    if kind == 'host':
        owner = 'host'
    elif container:
        owner = container['id']
    elif pids:
        owner = '%d.%s' % (pids[0]['pid'], pids[0]['start'])
    else:
        owner = 'named:%s' % namespace.name
    return '%s@%s/%s' % (inode, namespace.device, owner)
