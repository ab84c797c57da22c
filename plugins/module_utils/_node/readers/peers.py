# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Armed peers: the addresses whose SYNs a namespace would drop now, from its tcp_metrics cache.

The cache holds stamps from 3.6 (81166dd6fa8e) to 4.11 (gone with tcp_tw_recycle, 4396e46187ca), each namespace its own.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Malformed, Unreadable
from ..keys import RECYCLE

STAMPS_FROM, STAMPS_UNTIL = [3, 6], [4, 11]
SHOWN = 'ip_tcp_metrics_show'  # the output of `ip tcp_metrics show` in a captured tree
ASKED_MAX = 64
# Armed peers carried by the node's own entry and by a further one of a look at everything.
NODE_PEERS, OTHER_PEERS = 32, 4


class Question(object):
    """Whether the namespaces of one node are asked, and how many peers at most an entry of its record carries."""

    def __init__(self, request, version):
        self._asked = 'peers' in request.asked
        self._possible = 'peers' in request.parts and (version is None or STAMPS_FROM <= version[:2] <= STAMPS_UNTIL)

    def wanted(self, recycle):
        """Whether to ask a namespace in which tcp_tw_recycle has this value (text or None)."""
        return self._possible and (self._asked or recycle not in (None, '0'))

    def answer(self, stamps, host):
        """The fields of a namespace's entry for its stamps: peers, perhaps fewer than the peers_total armed ones."""
        if stamps is None:
            return {}
        from ..parsers.tcp_metrics import armed as those_armed

        armed = those_armed(stamps)
        most = ASKED_MAX if self._asked else NODE_PEERS if host else OTHER_PEERS
        return {'peers': armed[:most], 'peers_total': len(armed)}


def here(unavailable):
    """The entries of the cache of the caller's namespace, None where it cannot be read."""
    from . import tcp_metrics  # netlink: only where there may be stamps

    try:
        return tcp_metrics.entries()
    except Unreadable as exc:
        unavailable[exc.path] = exc.reason
        return None


def captured(tree, directory, unavailable):
    """The entries of a capture's file in `directory` ('' for the node's own namespace), None where it has none."""
    from ..parsers.tcp_metrics import parse_shown

    path = '%s/%s' % (directory, SHOWN)
    try:
        text = tree.read(path)
        return None if text is None else parse_shown(text)
    except (Unreadable, Malformed) as exc:
        unavailable[path] = getattr(exc, 'reason', None) or str(exc)
        return None


def recycle_of(values):
    """The value of tcp_tw_recycle in sysctls of a record's entry, None where it has none."""
    return (values.get(RECYCLE) or {}).get('value')
