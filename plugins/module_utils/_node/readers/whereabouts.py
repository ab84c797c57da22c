# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of a live node's network namespaces a person means: by id, key, container, pod, name, or address.

The kernel knows no name of a container. What runtimes leave to be read is: the host name that they give it (a pod's
name, a docker container's short id or chosen name), and docker's own file about it.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import _socket as socket  # as in netlink.py
import re

from ..errors import Refused, Unreadable
from ..jsontext import loads
from . import namespaces, procfs

HOST = 'host'
DOCKER = '/var/lib/docker/containers/%s/config.v2.json'
HEX_PREFIX = re.compile(r'^[0-9a-f]{4,64}$')


class Place(object):
    """One namespace: entry (of namespaces.describe()), names ([text]), door (of Namespace; None: the caller's own)."""

    def __init__(self, tree, namespace, unavailable):
        self.entry = namespaces.describe(tree, namespace, namespaces.Containers(), unavailable)
        self.net = namespace.net
        self.door = None if namespace.own else namespace.door
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
    found = [Place(tree, namespace, unavailable) for namespace in namespaces.discover(tree, True, unavailable)]
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
        raise Refused('namespace: %s is no network namespace, container or address of this node (containers of other '
                      'users are seen as root alone)' % word)
    raise Refused('namespace: %s may mean %s' % (word, ', '.join(place.entry['key'] for place in found[:5])))


def is_address(word):
    """Whether it is an IPv4 or IPv6 address."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, word)
            return True
        except (socket.error, ValueError, UnicodeError):
            pass
    return False


def _names(tree, namespace, container):
    found = [namespace.name]
    if container:
        found += [_docker_name(tree, container), _host_name(tree, namespace)]
    return sorted(set(name for name in found if name))


def _host_name(tree, namespace):
    """What the container's own /etc/hostname says, read through the root of one of its processes."""
    try:
        head = tree.read_head('/proc/%s/root/etc/hostname' % namespace.pids[0], 256)
    except (Unreadable, IndexError):
        return None
    return (head or '').strip() or None


def _docker_name(tree, container):
    if container['runtime'] != 'docker':
        return None
    try:
        name = loads(tree.read(DOCKER % container['id']) or '{}').get('Name')
    except (Unreadable, ValueError, AttributeError):
        return None
    return name.lstrip('/') if hasattr(name, 'lstrip') else None
