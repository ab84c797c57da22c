# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of what this side closed first are connections that it made, and how much are those that it took. Pure.

TW, TWKilled and TWRecycled tell how many there were, not of which kind. The sockets that are seen at once do not tell
it either: each is seen in proportion to its lifetime, and with tcp_tw_recycle lifetimes differ by a factor of 85 (0.7 s
to a near peer, 60 s after a late segment). In the order in which they are believed:

1. `sockets`: those that entered TIME_WAIT within the window, one by one (the `flow` by 'age' or by 'looks' of the node,
   readers/tw_flow.py). What tcp_tw_reuse took over meanwhile, and so is missing there, was made here.
2. `counters`: in steady traffic as many connections end as begin, so this side closed first no more of its own than it
   made, ActiveOpens without the attempts that failed, and no more of others' than it took, PassiveOpens. That leaves a
   range, or one value where this side closes all of either kind first. AttemptFails has refused SYN_RECV as well, which
   EmbryonicRsts counts (net/ipv4/tcp.c tcp_done(), tcp_minisocks.c tcp_check_req()). Where counters contradict each
   other the traffic was not steady, and they are left out.
3. `population`: the sockets that are seen, or those that leave soon (the `flow` by 'end'), as near as that range
   allows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .._shapes.record import Ends, Flow, TimeWait

#: Of the window, and of what counters saw in it, so much makes sockets that were told one by one all of them.
COMPLETE = 0.8
#: So many standard deviations of a count may be chance (its square root, as of events that come independently).
CHANCE = 3
#: A range of counters that is so narrow, by its upper end, leaves nothing to ask the sockets for.
NARROW = 0.1


@dataclass(frozen=True)
class Rates:
    """Per second over a window of `seconds`; None is not known.

    closed: connections that this side closed first; reused: those of them whose socket tcp_tw_reuse took over; made,
    taken: connections that began on this side and on the other.
    """

    closed: float | None
    reused: float = 0.0
    made: float | None = None
    taken: float | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Split:
    """outgoing: the share, 0 to 1, that this side made; source: sockets, counters or population; destinations: [local,
    remote, remote port, number] of the most frequent ones, of so many outgoing ones in all."""

    outgoing: float
    source: str
    destinations: Sequence[Ends]
    of: int


def split(counted: TimeWait, rates: Rates) -> Split | None:
    """The split of a namespace whose 'time_wait' the node counted; None where there is nothing to tell it from."""
    flow = counted.get('flow')
    outgoing, source = _share(counted, flow, rates)
    if outgoing is None:
        return None
    if flow and flow.get('top'):
        return Split(outgoing, source, flow['top'], flow['outgoing'])
    return Split(outgoing, source, counted['outgoing']['top'], counted['outgoing']['sockets'])


def _share(counted: TimeWait, flow: Flow | None, rates: Rates) -> tuple[float | None, str]:
    reused = min(1.0, rates.reused / rates.closed) if rates.closed else 0.0
    low, high = _range(rates, reused)
    entered = _entered(flow, rates)
    share = _of_ways(*entered)
    if share is not None and flow and _is_census(flow, rates, sum(entered)):
        return min(max(share, low), high) if reused else share, 'sockets'
    if high - low <= NARROW * high:
        return (low + high) / 2, 'counters'
    if share is not None:
        return min(max(share, low), high), 'sockets'
    share = _of_ways(flow['outgoing'], flow['incoming']) if flow else None
    if share is None:
        share = _of_ways(counted['outgoing']['sockets'], counted['incoming']['sockets'])
    return None if share is None else min(max(reused + (1 - reused) * share, low), high), 'population'


def _of_ways(outgoing: float, incoming: float) -> float | None:
    return outgoing / (outgoing + incoming) if outgoing or incoming else None


def _entered(flow: Flow | None, rates: Rates) -> tuple[float, float]:
    """(outgoing, incoming) that entered TIME_WAIT in the time of the flow, with those that were taken over since."""
    if flow is None or flow['by'] not in ('age', 'looks'):
        return 0.0, 0.0
    seen = flow['outgoing'] + flow['incoming']
    gone = max(0.0, (rates.closed or 0.0) * flow['seconds'] - seen)
    return flow['outgoing'] + min(gone, rates.reused * flow['seconds']), flow['incoming']


def _is_census(flow: Flow, rates: Rates, entered: float) -> bool:
    """Whether the flow has nearly all of the window; of looks also whether nothing came and went between them."""
    if rates.closed is None or rates.seconds is None or flow['seconds'] < COMPLETE * rates.seconds:
        return False
    return bool(flow['by'] == 'age' or entered >= COMPLETE * rates.closed * flow['seconds'])


def _range(rates: Rates, reused: float) -> tuple[float, float]:
    """(lowest, highest) share that counters allow in steady traffic; everything where they were not steady.

    What is missing at the lower end by chance is so in the largest numbers, those of all connections together.
    """
    if not rates.closed or rates.made is None or rates.taken is None or rates.seconds is None:
        return reused, 1.0
    missing = rates.closed - rates.made - rates.taken
    if missing > CHANCE * math.sqrt((rates.closed + rates.made + rates.taken) / rates.seconds):
        return reused, 1.0
    high = min(1.0, rates.made / rates.closed)
    return min(high, max(reused, (rates.closed - rates.taken) / rates.closed)), high
