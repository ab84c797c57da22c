# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is looked at when nobody names more: the sysctls and counters that the rules of the collection use.

The catalogue of rules lives on the controller and hands user rules' further keys over; the offline collector has this
list alone. A test holds both against each other.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

RECYCLE = 'net.ipv4.tcp_tw_recycle'
TIMESTAMPS = 'net.ipv4.tcp_timestamps'

_SWAP = {'.': '/', '/': '.'}


def path_of(key):
    """The path under proc/sys of a key, and back: dots and slashes change places (sysctl.d(5), for eth0.100)."""
    return ''.join(_SWAP.get(char, char) for char in key) if '/' in key else key.replace('.', '/')


def of_interfaces(key):
    """Whether writing the key may change others too, which is what transaction/cascade.py is for: much to compile."""
    return '.conf.' in key or key == 'net.ipv4.ip_forward'


# What a key begins with, and the module that registers it (Linux 6.18: net/netfilter/nf_conntrack_standalone.c,
# net/bridge/br_netfilter_hooks.c, net/netfilter/ipvs/ip_vs_ctl.c, net/sctp/sysctl.c, net/ipv6/sysctl_net_ipv6.c,
# net/mpls/af_mpls.c).
OWNERS = (
    ('net.netfilter.nf_conntrack_', 'nf_conntrack'), ('net.nf_conntrack_max', 'nf_conntrack'),
    ('net.bridge.bridge-nf-', 'br_netfilter'), ('net.ipv4.vs.', 'ip_vs'), ('net.sctp.', 'sctp'), ('net.ipv6.', 'ipv6'),
    ('net.mpls.', 'mpls_router'))


def module_of(key):
    """(what the key begins with, the module that registers it), (None, None) of other keys."""
    return next((entry for entry in OWNERS if key.startswith(entry[0])), (None, None))


# Keys whose value is one namespace's own on some kernel and matters there.
NAMESPACE_SYSCTLS = (
    RECYCLE,
    TIMESTAMPS,
    'net.ipv4.tcp_tw_reuse',
    'net.ipv4.tcp_rfc1337',
    'net.ipv4.tcp_syncookies',
    'net.ipv4.tcp_abort_on_overflow',
    'net.ipv4.ip_local_port_range',
    'net.core.somaxconn',
)

NODE_SYSCTLS = NAMESPACE_SYSCTLS + (
    'net.ipv4.tcp_max_tw_buckets',
    'net.ipv4.ip_local_reserved_ports',
    'net.ipv4.tcp_tw_reuse_delay',
    'net.ipv4.tcp_tw_timeout',
    'net.ipv4.tcp_fin_timeout',
    'net.ipv4.tcp_max_orphans',
    'net.ipv4.tcp_max_syn_backlog',
    'net.ipv4.ip_forward',
    'net.ipv4.conf.all.rp_filter',
    'net.ipv4.vs.conntrack',
    'net.ipv4.vs.conn_reuse_mode',
    'net.ipv4.vs.conn_reuse_old_conntrack',
    'net.ipv4.vs.expire_nodest_conn',
    'net.netfilter.nf_conntrack_max',
    'net.netfilter.nf_conntrack_tcp_timeout_time_wait',
)

# The last kernel (major, minor) on which the key is one value for the whole node, whatever namespace one asks in.
# tcp_tw_recycle: 4.11 made it per namespace (1946e672c173); tcp_timestamps: 4.12 trees still have it global.
GLOBAL_UNTIL = {RECYCLE: [4, 10], TIMESTAMPS: [4, 12]}

# The first kernel (major, minor) without the key: 4396e46187ca took tcp_tw_recycle out.
REMOVED_FROM = {RECYCLE: [4, 12]}


def without_recycle(version):
    """Whether kernels of this version (major, minor, ...) have no tcp_tw_recycle any more."""
    return list(version[:2]) >= REMOVED_FROM[RECYCLE]


# Counters that a container's entry carries and a sample compares; the node's own entry has all names.
COUNTERS = {
    'TcpExt': (
        'PAWSPassive', 'PAWSEstab', 'PAWSTimewait', 'TWKilled', 'ListenDrops', 'ListenOverflows',
        'TCPReqQFullDrop', 'TCPReqQFullDoCookies', 'TCPTimeWaitOverflow', 'TCPACKSkippedTimeWait',
        'IPReversePathFilter',
    ),
    'Tcp': ('PassiveOpens',),
}
