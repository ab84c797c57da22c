# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which form of the per-host PAWS rule a kernel has, by its release (`uname -r`).

The rule drops a SYN, in silence, if the peer's address left a timestamp less than TCP_PAWS_MSL seconds ago that is more
than TCP_PAWS_WINDOW ahead of the SYN's (include/net/tcp.h). Later forms drop a SYN without a timestamp as well.
"""

from dataclasses import dataclass

from ...module_utils._node.keys import without_recycle
from ...module_utils._node.parsers import release as releases
from .._messages.message import MessageError, message

PAWS_WINDOW = 1  # ticks of the client's timestamp clock
STRICTEST = '3.10.0-1160.el7'  # RHEL 7.9; the rule of 4.1 to 4.11 is the same


@dataclass(frozen=True)
class Rule:
    """What the rule of one kernel asks.

    - release: of the kernel, as given
    - possible: the kernel has the rule at all
    - without_timestamp: it drops SYNs without a timestamp too (tcp_peer_is_proven(), commit a26552afe894)
    - ipv6: it looks at IPv6 connections
    - by_local_address: it remembers a peer for each local address, not for the host (tcp_metrics_block.tcpm_saddr)
    - verified: somebody read or measured this kernel; otherwise its neighbours' form is assumed
    """

    release: str
    possible: bool = True
    without_timestamp: bool = True
    ipv6: bool = True
    by_local_address: bool = True
    verified: bool = True


def rule_of(release: str) -> Rule:
    """The rule of a kernel. MessageError where the text does not begin with a version."""
    parsed = releases.parse_release(release)
    if not parsed['version']:
        raise MessageError(message('packets/kernel', text='%.80r' % release, example=STRICTEST))
    version, vendor = tuple(parsed['version']), parsed['vendor']
    if without_recycle(version):
        return Rule(release, possible=False)
    if vendor == 'el7':
        return Rule(release, verified=_el7_build(release) >= 1062)
    if version < (3, 0):
        # tcp_v4_conn_request() alone, with the peer's entry in inetpeer
        return Rule(release, without_timestamp=False, ipv6=False, by_local_address=False, verified=vendor == 'el6')
    if version < (3, 17):
        verified = version[:2] in ((3, 10), (3, 13))
        return Rule(release, without_timestamp=False, by_local_address=version >= (3, 14), verified=verified)
    return Rule(release, verified=version >= (4, 1))


def _el7_build(release: str) -> int:
    """1160 of 3.10.0-1160.el7: 7.7 began with 1062."""
    build = release.partition('-')[2].split('.')[0]
    return int(build) if build.isdecimal() else 0
