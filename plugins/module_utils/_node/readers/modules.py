# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel modules that bring sysctls with them, and what loads them at a boot."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Unreadable

# What a key begins with, and the module that registers it (Linux 6.18: net/netfilter/nf_conntrack_standalone.c,
# net/bridge/br_netfilter_hooks.c, net/netfilter/ipvs/ip_vs_ctl.c, net/sctp/sysctl.c, net/ipv6/sysctl_net_ipv6.c,
# net/mpls/af_mpls.c).
OWNERS = (
    ('net.netfilter.nf_conntrack_', 'nf_conntrack'), ('net.nf_conntrack_max', 'nf_conntrack'),
    ('net.bridge.bridge-nf-', 'br_netfilter'), ('net.ipv4.vs.', 'ip_vs'), ('net.sctp.', 'sctp'), ('net.ipv6.', 'ipv6'),
    ('net.mpls.', 'mpls_router'))
# modules-load.d(5); Debian's list, to which a name in the first one leads with systemd.
LISTS = ('/etc/modules-load.d', '/run/modules-load.d', '/usr/local/lib/modules-load.d', '/usr/lib/modules-load.d',
         '/lib/modules-load.d')
OF_DEBIAN = '/etc/modules'


def _bringer(key):
    """(what the key begins with, the module that registers it), (None, None) of other keys."""
    return next((entry for entry in OWNERS if key.startswith(entry[0])), (None, None))


def owner(tree, key):
    """The module without which the running kernel has no such sysctl, None where that is not known to be the reason."""
    module = _bringer(key)[1]
    return None if module and tree.exists('/sys/module/' + module) else module


def loadable(tree, key):
    """(the module that brings the key, the place below /proc/sys of its keys), (None, None) where a boot has no need
    to load one: what is built into the kernel has no initstate in sysfs."""
    beginning, module = _bringer(key)
    home = '/sys/module/%s' % module
    if not module or (tree.exists(home) and not tree.exists(home + '/initstate')):
        return None, None
    directory, _dot, last = beginning.rpartition('.')
    # All of /proc/sys/net is more than a module's.
    return module, (directory if '.' in directory else '%s.%s' % (directory, last)).replace('.', '/')


def loaded_by(tree, module):
    """The path of a list that loads the module at a boot, None where none that can be read does."""
    for directory in LISTS:
        for name in _quietly(tree.listdir, directory, []):
            path = '%s/%s' % (directory, name)
            if name.endswith('.conf') and _lists(tree, path, module):
                return path
    return OF_DEBIAN if _lists(tree, OF_DEBIAN, module) else None


def _lists(tree, path, module):
    text = _quietly(tree.read, path, None) or u''
    return any(line.split()[:1] == [module] for line in text.replace('-', '_').splitlines())


def _quietly(read, path, otherwise):
    try:
        return read(path)
    except Unreadable:
        return otherwise
