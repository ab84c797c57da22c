# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of a live node's network namespaces a person means: by id, key, container, pod, name, or address.

The kernel knows no name of a container. What runtimes leave to be read is: the host name that they give it (a pod's
name, a docker container's short id or chosen name), and docker's own file about it. Nothing inside a container is
opened: its root user could have put a link there that leads out, or a device that acts when it is opened.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from ..errors import Refused, Unreadable
from ..jsontext import loads
from . import namespaces, procfs
from .tree import Tree

HOST = 'host'
DOCKER = '/var/lib/docker/containers/%s/config.v2.json'
HEX_PREFIX = re.compile(r'^[0-9a-f]{4,64}$')
HOST_NAME = re.compile(r'[A-Za-z0-9._-]+\Z')  # sethostname(2) takes any bytes, at most 64


class Place(object):
    """One namespace: entry (of namespaces.describe()), names ([text]), ns_path (None: the caller's own)."""

    def __init__(self, tree, namespace, containers, unavailable):
        self.entry = namespaces.describe(tree, namespace, containers, unavailable)
        self.net = namespace.net
        self.ns_path = None if namespace.own else namespace.ns_path
        self.names = [] if namespace.own else _names(tree, namespace, self.entry['container'])

    def answers_to(self, word):
        """Whether a word other than an address means this namespace."""
        container = self.entry['container'] or {}
        if word in (self.entry['id'], self.entry['key'], container.get('id'), container.get('pod_uid')):
            return True
        if HEX_PREFIX.match(word) and (container.get('id') or '').startswith(word):
            return True
        return word in self.names or (word == HOST and self.entry['kind'] == 'host')


def find(tree, word, unavailable):
    """The Places that `word` means, the node's own first; an address means where it is local. Perhaps none."""
    from ..parsers.addresses import is_address
    containers = namespaces.Containers()
    found = [Place(tree, namespace, containers, unavailable)
             for namespace in namespaces.discover(tree, True, unavailable)]
    _add_host_names(tree, [place for place in found if place.entry['container']])
    if not is_address(word):
        return [place for place in found if place.answers_to(word)]
    return [place for place in found
            if place.net is not None and word in (procfs.read_local(tree, place.net, unavailable) or [])]


def the_one(tree, word):
    """The one Place that `word` means. Raises Refused."""
    found = find(tree, word, {})
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused('namespace: %s is not a network namespace, container or address of this node (containers of '
                      'other users are seen as root alone)' % word)
    raise Refused('namespace: %s may mean %s' % (word, ', '.join(place.entry['key'] for place in found[:5])))


def visit(word, look):
    """look() in the namespace that `word` means; its answer is what JSON can carry. Raises Refused."""
    from . import enter  # the node's own needs no visit
    ns_path = the_one(Tree('/'), word).ns_path
    if ns_path is None:
        return look()
    answer, reason = enter.visit([ns_path], lambda _index: look())[0]
    if answer is None:
        raise Refused('namespace: %s could not be entered: %s' % (word, reason))
    return answer


def _names(tree, namespace, container):
    pod = (container or {}).get('pod')
    found = [namespace.name, _docker_name(tree, container) if container else None,
             pod and '%s/%s' % (pod['namespace'], pod['name'])]
    return sorted(set(name for name in found if name))


def _add_host_names(tree, places):
    """Adds the host name of each container to its names, asked of the kernel in the container's UTS namespace."""
    own = _uts(tree, 'self')
    ns_paths = [(place, _uts(tree, place.entry['pids'][0]['pid'])) for place in places]
    ns_paths = [(place, ns_path) for place, ns_path in ns_paths if own and ns_path and ns_path[1] != own[1]]
    if not ns_paths:
        return
    from . import enter  # as in entries.py
    answers = enter.visit([ns_path for _place, ns_path in ns_paths], _host_name, enter.CLONE_NEWUTS)
    for (place, _door), (name, _reason) in zip(ns_paths, answers):
        if name:
            place.names = sorted(set(place.names + [name]))


def _uts(tree, pid):
    """The ns_path of a live process's UTS namespace, None where it cannot be seen."""
    path = '/proc/%s/ns/uts' % pid
    try:
        seen = tree.stat(path) if tree.root == '/' else None
    except Unreadable:
        return None
    return seen and (path, seen.st_ino)


def _host_name(_index):
    name = os.uname()[1]
    return name if HOST_NAME.match(name) else None


def _docker_name(tree, container):
    if container['runtime'] != 'docker':
        return None
    try:
        name = loads(tree.read(DOCKER % container['id']) or '{}').get('Name')
    except (Unreadable, ValueError, AttributeError):
        return None
    return name.lstrip('/') if hasattr(name, 'lstrip') else None
