# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sysctls of interfaces that the kernel changes when another one is written.

`all` of some names rewrites every interface (inet_forward_change() in net/ipv4/devinet.c, addrconf_sysctl_*() in
net/ipv6/addrconf.c); `default` of any IPv4 name those that nobody set by themselves (devinet_copy_dflt_conf()).
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..parsers.sysctl_value import same
from .namespace_identity import key_of

IP_FORWARD = 'net.ipv4.ip_forward'  # net.ipv4.conf.all.forwarding by another name
REDIRECTS = 'net.ipv4.conf.all.accept_redirects'  # becomes the opposite of it
REWRITTEN = (('ipv4', 'forwarding'), ('ipv6', 'forwarding'), ('ipv6', 'disable_ipv6'), ('ipv6', 'addr_gen_mode'),
             ('ipv6', 'ignore_routes_with_linkdown'), ('ipv6', 'force_forwarding'))


def rank(key):
    """Where a key stands in the order of writing: what changes others before what it changes."""
    return 0 if _rewritten(key) else 1 if '.conf.all.' in key else 2 if '.conf.default.' in key else 3


def dependants(places, identity, changes, kept, over):
    """[(key, value now, value after)] of what is to be written once more: after the changes, or after their undo.

    changes {key: (before, after)}; kept {key: value} that is to stay; over {(namespace key, key): the value as an undo
    that comes first leaves it}. Raises Failed.
    """
    found = {}
    for key in changes:
        family, name = _rewritten(key) or (key.split('.')[1], key.split('.')[-1])
        if rank(key) == 0:
            others = ['net.%s.conf.%s.%s' % (family, one, name) for one in places.interfaces(identity, family)]
            others += [REDIRECTS] if (family, name) == REWRITTEN[0] else []
            for other, found_now in places.read(identity, others).items():
                now = over.get((key_of(identity), other), found_now)
                before, after = [_opposite(one) if other == REDIRECTS else one for one in changes[key]]
                if now is not None and not same(now, before):
                    found[other] = (now, after)
        if rank(key) in (0, 2):
            found.update((other, (kept[other], kept[other])) for other in kept if other == REDIRECTS or (
                other.startswith('net.%s.conf.' % family) and other.endswith('.' + name)))
    return [(key,) + found[key] for key in sorted(found) if key not in changes]


def _rewritten(key):
    """(family, name) of the sysctl that writing `key` changes in every interface, or None."""
    parts = key.split('.')
    if key == IP_FORWARD:
        return REWRITTEN[0]
    return (parts[1], parts[-1]) if parts[2:4] == ['conf', 'all'] and (parts[1], parts[-1]) in REWRITTEN else None


def _opposite(value):
    return '1' if same(value, '0') else '0'
