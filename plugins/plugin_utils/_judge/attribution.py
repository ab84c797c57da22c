# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who dropped the SYNs: the rise of ListenDrops in one namespace, shared out among its causes.

Which drops are inside ListenDrops depends on the kernel. From 3.10 on (EL7 tcp_input.c:6242, 4.4 :6433, 4.11 :6430)
each per-host PAWS drop is; on EL6's 2.6.32 (tcp_ipv4.c:1316-1362) neither those nor the drops of a full queue of the
SYN path are. From 4.12 there is no such drop. On every kernel SYNs can meet a TIME_WAIT socket.
"""

from collections.abc import Callable, Mapping

from .._messages.message import Message, message
from .._shapes.info import Certainty, Collisions, ListenDrops, Recycling
from .view import View

#: The counters that causes are told from, and those that a reader of causes wants beside them.
CAUSAL = (
    *('ListenDrops', 'ListenOverflows', 'TCPReqQFullDrop', 'TCPReqQFullDoCookies', 'PAWSPassive', 'PAWSEstab'),
    *('PAWSTimewait', 'TCPACKSkippedTimeWait', 'TWKilled', 'TCPTimeWaitOverflow'),
)
BESIDE = (
    *('TW', 'TWRecycled', 'PAWSActive', 'TCPSynRetrans', 'TCPChallengeACK', 'IPReversePathFilter'),
    *('PAWSOldAck', 'TSEcrRejected', 'BeyondWindow'),
)
COUNTERS = {
    'TcpExt': CAUSAL + BESIDE,
    'Tcp': ('ActiveOpens', 'PassiveOpens', 'AttemptFails', 'RetransSegs', 'OutRsts'),
}
#: The same as a window names them.
NAMED = frozenset('%s.%s' % (group, name) for group, names in COUNTERS.items() for name in names)
CAUSES = ('per_host_paws', 'accept_queue', 'syn_queue', 'other')


def listen_drops(view: View) -> ListenDrops:
    """{'total', 'per_host_paws', 'accept_queue', 'syn_queue', 'other', 'shares', 'paws_outside', 'reason'} of a window.

    Numbers of SYNs; a cause that this kernel does not count, or that it cannot have, is None. shares: of the total,
    0.0 to 1.0. paws_outside: PAWS drops that this kernel does not count in ListenDrops. reason: why nothing, or not
    all, can be told.
    """
    total = view.delta('ListenDrops')
    found: ListenDrops = {
        'total': total,
        'per_host_paws': None,
        'accept_queue': None,
        'syn_queue': None,
        'other': None,
        'shares': {},
        'paws_outside': None,
        'reason': None,
    }
    if total is None:
        found['reason'] = view.window.reason or message('attribution/no-listen-drops')
        return found
    passive = view.delta('PAWSPassive')
    found['accept_queue'] = view.delta('ListenOverflows')
    if view.version is None and passive:
        found['reason'] = message('attribution/unknown-kernel')
        return found
    if view.below('3.10'):
        found['paws_outside'] = passive
    else:
        found['per_host_paws'], found['syn_queue'] = passive, view.delta('TCPReqQFullDrop')
    # Counters are not read in one instant: parts may exceed the whole by a few.
    parts = sum(number for _cause, number in _parts(found))
    found['other'] = max(0, total - parts)
    whole = max(total, parts)
    found['shares'] = {cause: round(number / whole, 4) for cause, number in _parts(found) if whole and number}
    return found


def _parts(found: ListenDrops) -> list[tuple[str, int]]:
    drops: Mapping[str, object] = found
    return [(cause, number) for cause in CAUSES if isinstance(number := drops[cause], int)]


def collisions(view: View) -> Collisions | None:
    """SYNs that met a TIME_WAIT socket with an older timestamp in the window: {'count', 'counters', 'exact',
    'certainty', 'share'}, or None where no counter tells.

    6.18 counts them by themselves (tcp_minisocks.c:269): `exact`. Before, PAWSEstab holds them among others. That they
    are there is `likely` where the limit on answers to TIME_WAIT held one back (EL7.9 tcp_minisocks.c:258,272, 6.12
    :246); it does so only where a port is tried twice in half a second and the reset did not end TIME_WAIT, so without
    that sign they are `possible`. share: of all SYNs, counted as those turned away and the connections made; None where
    these are not known.
    """
    return _collisions(view, view.delta)


def collisions_since_boot(view: View) -> Collisions | None:
    """The same since the node, or the namespace, began."""
    return _collisions(view, view.counter)


def _collisions(view: View, read: Callable[[str], int | None]) -> Collisions | None:
    exact, estab = read('PAWSTimewait'), read('PAWSEstab')
    if exact is not None:
        return _collided(exact, ['PAWSTimewait'], 'exact', read)
    if estab is None or view.counter('PAWSTimewait') is not None:
        return None
    if read('TCPACKSkippedTimeWait'):
        return _collided(estab, ['PAWSEstab', 'TCPACKSkippedTimeWait'], 'likely', read)
    return _collided(estab, ['PAWSEstab'], 'possible', read)


def _collided(count: int, counters: list[str], certainty: Certainty, read: Callable[[str], int | None]) -> Collisions:
    made = read('PassiveOpens')
    share = round(count / (made + count), 4) if made is not None and made + count else None
    return {
        'count': count,
        'counters': counters,
        'exact': certainty == 'exact',
        'certainty': certainty,
        'share': share,
    }


def recycling(view: View) -> Recycling:
    """{'ran', 'killed', 'killed_delta'}: TWKilled, the trace that tcp_tw_recycle leaves up to 4.11 (rises since boot).

    TWKilled counts TIME_WAIT timers of at most 4 s (4.11 inet_timewait_sock.c:150), which recycling sets; so does a
    tcp_fin_timeout that small. ran is None where it cannot be told.
    """
    killed = view.counter('TWKilled')
    ran = False if view.without_recycle else None if killed is None or view.version is None else killed > 0
    return {'ran': ran, 'killed': killed, 'killed_delta': view.delta('TWKilled')}


def says(view: View) -> list[Message]:
    """What the window says, by rules R1 to R6 on counters that rose; empty where none of them did."""
    drops, hits = listen_drops(view), collisions(view)
    told = []
    passive = view.delta('PAWSPassive')
    if passive:
        told.append(message('attribution/per-host-paws', number=passive))
    if drops['accept_queue']:
        told.append(message('attribution/accept-queue', number=drops['accept_queue']))
    if drops['syn_queue']:
        told.append(message('attribution/syn-queue', number=drops['syn_queue']))
    if drops['other']:
        told.append(message('attribution/other', number=drops['other']))
    if hits and hits['count'] and hits['certainty'] != 'possible':
        told.append(message('attribution/collisions', number=hits['count'], at_most=not hits['exact']))
    return told
