# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TIME_WAIT sockets of a node as time_wait_info shows them: counts, rates and a forecast for each namespace. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from .._judge import window
from .._judge.view import View
from .._messages.message import message
from .._shapes.record import Incoming, Outgoing, TimeWait
from .._shapes.time_wait import PeakedSample, Rate, ShareOf, Slab, TimeWaitLooked, TimeWaitShaped
from . import capacity as capacities
from . import directions, forecast
from .capacity import Capacity

#: Where so many incoming connections come from one address, it is taken for a balancer.
BALANCER_SHARE, BALANCER_SOCKETS = 0.5, 20
#: Until Linux 5.17 TW and TWKilled count a socket when its time is over, and one that reuse took over is in TWRecycled
#: alone; from 5.18 on they count each when it enters (inet_timewait_sock.c __inet_twsk_schedule()).
ENTERED, ENDED = ('TW', 'TWKilled'), ('TW', 'TWKilled', 'TWRecycled')
OVERFLOW = 'TCPTimeWaitOverflow'


@dataclass(frozen=True)
class Seen:
    """One namespace of an answer: its capacity, its rates as shown, and the load that a forecast is made for."""

    view: View
    capacity: Capacity
    rate: Rate
    load: forecast.Load


def seen(looked: TimeWaitLooked, earlier: PeakedSample | None) -> list[Seen]:
    """The namespaces of an answer of the node operation time_wait, as shaped() takes it."""
    record, slab = looked['record'], looked['slab']
    before = _peaks(earlier)
    found = []
    for index, measured in enumerate(window.measure(record, earlier)):
        view = View(record, index, measured)
        counted, capacity = view.namespace.get('time_wait'), capacity_of(view, slab)
        rate, split = _rate(view, capacity, counted, before.get(view.namespace['key']))
        found.append(Seen(view, capacity, rate, _load(counted, rate, split)))
    return found


def capacity_of(view: View, slab: Slab | None) -> Capacity:
    """The capacity of a namespace of such an answer."""
    counted = view.namespace.get('time_wait')
    listening = counted['listening'] if counted else ()
    return capacities.of_view(view, listening, slab['object_bytes'] if slab else None)


def shaped(looked: TimeWaitLooked, earlier: PeakedSample | None, profile: str) -> TimeWaitShaped:
    """{'totals', 'namespaces', 'forecast', 'peaks'} of an answer of the node operation time_wait, its record checked.

    earlier: a sample to compare with, whose 'peaks' ({namespace key: closes per second}) are the highest loads seen
    before. forecast: that of the worst namespace with its 'namespace'.
    """
    found = seen(looked, earlier)
    ahead = [forecast.forecast(each.capacity, each.load, profile) for each in found]
    first = min(range(len(found)), key=lambda index: forecast.VERDICTS.index(ahead[index]['verdict']))
    return {
        'totals': _totals([each.view for each in found], looked['slab'], looked['idle']),
        'namespaces': [{**_namespace(each), 'forecast': of} for each, of in zip(found, ahead, strict=True)],
        'forecast': {**ahead[first], 'namespace': found[first].view.namespace.get('id')},
        'peaks': {each.view.namespace['key']: peak for each in found if (peak := each.rate['highest_per_s'])},
    }


def _peaks(earlier: PeakedSample | None) -> Mapping[str, float]:
    """Those of a sample that a user hands over: what is no number is no peak."""
    peaks = earlier.get('peaks') if earlier else None
    if not isinstance(peaks, dict):
        return {}
    return {key: float(value) for key, value in peaks.items() if isinstance(value, (int, float)) and value > 0}


def _namespace(each: Seen) -> dict[str, object]:
    namespace, capacity, view = each.view.namespace, each.capacity, each.view
    counted = namespace.get('time_wait')
    return {
        'id': namespace.get('id'),
        'key': namespace['key'],
        'kind': namespace['kind'],
        'name': namespace.get('name'),
        'container': namespace.get('container'),
        'sockets': counted['sockets'] if counted else None,
        'source': counted['source'] if counted else None,
        'outgoing': _outgoing(counted['outgoing'], capacity) if counted else None,
        'incoming': _incoming(counted['incoming'], capacity) if counted else None,
        'usable_ports': capacity.usable,
        'buckets': {
            'max': capacity.buckets,
            'share': round(counted['sockets'] / capacity.buckets, 4) if counted and capacity.buckets else None,
            'overflowed': view.counter(OVERFLOW),
            'overflowed_delta': view.delta(OVERFLOW),
        },
        'rate': each.rate,
    }


def _outgoing(found: Outgoing, capacity: Capacity) -> dict[str, object]:
    """Where this node closed first as client."""
    usable = capacity.usable
    rows = [
        {
            'local': local,
            'remote': remote,
            'remote_port': port,
            'sockets': sockets,
            'share': round(sockets / usable, 4) if usable else None,
        }
        for local, remote, port, sockets in found['top']
    ]
    sockets, destinations = found['sockets'], found['destinations']
    return {'sockets': sockets, 'destinations': destinations, 'exact': found['exact'], 'top': rows}


def _incoming(found: Incoming, capacity: Capacity) -> dict[str, object]:
    """Where it closed first as server."""
    rows = [{'port': port, 'sockets': count, 'listens': port in capacity.listening} for port, count in found['top']]
    clients = [{'address': address, 'sockets': sockets} for address, sockets in found['clients']]
    return {'sockets': found['sockets'], 'ports': found['ports'], 'top': rows, 'clients': clients}


def _rate(
    view: View, capacity: Capacity, counted: TimeWait | None, before: float | None
) -> tuple[Rate, directions.Split | None]:
    """Connections per second that this side closed first, and their split.

    per_s is from counters over the window; without one, and without recycling, from the population, which is what
    came in one TIME_WAIT. The highest is the most of all that is known, also of a population that recycling or reuse
    cut short: no socket stays longer than TIME_WAIT, so it is the least that was.
    """
    seconds = view.window.seconds
    closed, recycled = view.delta('TW'), view.delta('TWRecycled')
    per_s: float | None = None
    source: str | None = None
    reason = view.window.reason or (message('forecast/no-counter') if closed is None else None)
    population = counted['sockets'] / capacity.hold_s if counted else None
    if seconds and closed is not None:
        per_s, source = sum(view.delta(name) or 0 for name in _closes(view)) / seconds, 'counters'
    elif population is not None and not capacity.recycle and capacity.reuse != 'on':
        per_s, source = population, 'population'
    reused = recycled / seconds if seconds and recycled is not None else None
    average = _since_boot(view)
    known = [value for value in (per_s, population, average, before) if value is not None]
    split = directions.split(counted, _rates(view, per_s, reused)) if counted else None
    rate: Rate = {
        'per_s': _rounded(per_s),
        'from': source,
        'seconds': seconds,
        'reason': reason,
        'outgoing_per_s': _rounded(None if per_s is None or split is None else per_s * split.outgoing),
        'incoming_per_s': _rounded(None if per_s is None or split is None else per_s * (1 - split.outgoing)),
        'split_from': split.source if split and per_s is not None else None,
        'reused_per_s': _rounded(reused),
        'highest_per_s': _rounded(max(known, default=None)),
    }
    return rate, split


def _rates(view: View, per_s: float | None, reused: float | None) -> directions.Rates:
    """What the counters of the window say of connections that began and ended."""
    seconds, made, taken = view.window.seconds, view.delta('ActiveOpens'), view.delta('PassiveOpens')
    if not seconds or made is None or taken is None:
        return directions.Rates(per_s, reused or 0.0)
    embryonic, failed = view.delta('EmbryonicRsts'), view.delta('AttemptFails')
    if embryonic is not None and failed is not None:
        made = max(0, made - max(0, failed - embryonic))
    return directions.Rates(per_s, reused or 0.0, made / seconds, taken / seconds, seconds)


def _since_boot(view: View) -> float | None:
    """The average of the node's own namespace, whose counters are as old as the node."""
    uptime = view.record['source'].get('uptime_s')
    closed = view.counter('TW')
    if not view.own or not uptime or uptime < 1 or closed is None:
        return None
    return sum(view.counter(name) or 0 for name in _closes(view)) / uptime


def _closes(view: View) -> tuple[str, ...]:
    """The counters that add up to the sockets that went through TIME_WAIT; the more where the kernel is not known."""
    return ENTERED if view.at_least('5.18') else ENDED


def _load(counted: TimeWait | None, rate: Rate, split: directions.Split | None) -> forecast.Load:
    if counted is None:
        return forecast.Load(reason=message('forecast/not-listed'))
    return forecast.Load(
        present=rate['per_s'],
        highest=rate['highest_per_s'],
        outgoing=split.outgoing if split else 0.0,
        destinations=_destinations(split) if split else (),
        balancer=_balancer(counted['incoming']),
        reason=rate['reason'],
    )


def _destinations(split: directions.Split) -> list[ShareOf]:
    return [
        {'local': local, 'remote': remote, 'remote_port': port, 'share': split.outgoing * number / (split.of or 1)}
        for local, remote, port, number in split.destinations
    ]


def _balancer(incoming: Incoming) -> str | None:
    if not incoming['clients']:
        return None
    address, sockets = incoming['clients'][0]
    found = sockets >= BALANCER_SOCKETS and sockets >= BALANCER_SHARE * incoming['sockets']
    return address if found and address != '::1' and not address.startswith('127.') else None


def _totals(views: list[View], slab: Slab | None, idle: int) -> dict[str, object]:
    counted = [found for view in views if (found := view.namespace.get('time_wait'))]
    sockets = sum(found['sockets'] for found in counted)
    return {
        'sockets': sockets,
        'outgoing': sum(found['outgoing']['sockets'] for found in counted),
        'incoming': sum(found['incoming']['sockets'] for found in counted),
        'namespaces': len(views) + idle,
        'idle_namespaces': idle,
        'not_counted': len(views) - len(counted),
        'memory_bytes': slab['bytes'] if slab else sockets * capacities.BUCKET,
        'memory_from': 'slab' if slab else message('forecast/estimate', bytes=capacities.BUCKET),
        'overflowed': sum(view.counter(OVERFLOW) or 0 for view in views),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def check_slab(slab: object) -> bool:
    """Whether the node's answer about slabs can be used."""
    return slab is None or (
        isinstance(slab, dict)
        and all(isinstance(slab.get(name), int) and 0 <= slab[name] < 2**63 for name in ('bytes', 'object_bytes'))
    )
