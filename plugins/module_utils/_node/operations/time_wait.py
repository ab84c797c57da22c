# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation `time_wait`: TIME_WAIT sockets of each network namespace, what counters say of them, what they cost.

From the kernel by netlink; from /proc/net/tcp and tcp6 where netlink is refused; in a captured tree from these files
or, without them, from what `ss` printed there.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time

from .. import keys
from ..errors import Unreadable, shown
from ..parsers.natural import natural
from ..parsers.time_wait_count import TimeWaitCount, ports_of
from ..readers import counters, entries, observation, procfs, slab, sysctls, tw_flow
from ..readers.capture import open_capture

PARTS = ('namespaces', 'sysctls', 'counters', 'sockets', 'conntrack')
PORT_RANGE = 'net.ipv4.ip_local_port_range'
SYSCTLS = (
    keys.RECYCLE, keys.TIMESTAMPS, PORT_RANGE, 'net.ipv4.ip_local_reserved_ports', 'net.ipv4.tcp_tw_reuse',
    'net.ipv4.tcp_tw_reuse_delay', 'net.ipv4.tcp_tw_timeout', 'net.ipv4.tcp_max_tw_buckets', 'net.ipv4.ip_forward',
    'net.netfilter.nf_conntrack_tcp_timeout_time_wait',
)
COUNTERS = {'TcpExt': ('TW', 'TWKilled', 'TWRecycled', 'TCPTimeWaitOverflow', 'EmbryonicRsts'),
            'Tcp': ('ActiveOpens', 'PassiveOpens', 'AttemptFails')}
LISTENING_MAX = 256
TW_PER_NAMESPACE_FROM = [4, 11]  # sockstat counts the whole node's before (net/ipv4/proc.c:66)


def run(arguments, now=time.time, sleep=time.sleep):
    """{'record', 'earlier', 'sample', 'slab', 'idle'}: a record of the namespaces in which there is something to say.

    arguments: root, namespaces ('all' or 'host'), top, window, since, collection_version. An entry's 'time_wait' is
    {'source', 'listening', 'sockets', 'outgoing', 'incoming', 'flow'}: 'sockets' and both ways of
    TimeWaitCount.shown(), 'flow' of readers.tw_flow or None; or it is None with the reason in `unavailable`. idle: how
    many namespaces never had a TIME_WAIT socket; slab: of readers.slab, or None.
    """
    tree, unavailable = open_capture(arguments.get('root') or '/'), {}
    request = observation.Request(dict(arguments, gather=PARTS), live=tree.root == '/')
    request.node_keys = request.namespace_keys = SYSCTLS
    request.counters = COUNTERS
    asked = dict(arguments, counters=COUNTERS)
    looks = _looks(tree, now, sleep) if request.live and arguments.get('window') else None
    clock = (now, looks.sleep if looks else sleep)
    record, looked, earlier = observation.take(tree, request, asked, unavailable, clock)
    counting = _Counting(tree, record, earlier, max(1, int(arguments.get('top') or 10)))
    for entry, found in zip(looked, _time_wait(counting, looked, unavailable)):
        entry['time_wait'] = found
    if looks and looked[0]['time_wait']:
        looked[0]['time_wait']['flow'] = looks.flow(counting.top) or looked[0]['time_wait']['flow']
    sample = counters.sample_of(looked, record['source'], COUNTERS)
    for entry in looked:
        entry['counters'] = counters.narrowed(entry['counters'], COUNTERS)
    kept = [entry for entry in looked if entry['kind'] == 'host' or _matters(entry)]
    record['namespaces'] = [entries.recorded(entry) for entry in kept]
    memory = slab.read(tree, unavailable)
    record['unavailable'] = observation.bounded(unavailable)
    return {'record': record, 'earlier': earlier, 'sample': sample, 'slab': memory, 'idle': len(looked) - len(kept)}


def _looks(tree, now, sleep):
    """Looks at the node's own namespace where its sockets may leave TIME_WAIT between two looks, or None."""
    version = procfs.read_kernel(tree, {})['version']
    own = sysctls.read_own(sysctls.source_of(tree, True, {}), (keys.RECYCLE, PORT_RANGE), version, {})
    if not tw_flow.varies(own, version):
        return None
    from ..readers import sock_diag, tw_looks  # few nodes recycle
    try:
        listening = ports_of(sock_diag.listening())
    except Unreadable:
        return None
    return tw_looks.Looks(TimeWaitCount(listening, _bounds(own)), now, sleep)


class _Counting(object):
    """What is asked of each namespace: top, and for how many seconds back (None where no look was taken before)."""

    def __init__(self, tree, record, earlier, top):
        self.tree, self.top, self.version = tree, top, record['kernel']['version']
        then, now = (earlier or {}).get('uptime_s'), record['source']['uptime_s']
        self.seconds = now - then if then is not None and now is not None and now > then else None

    def tally(self, entry, listening):
        """An empty one for the sockets of the entry."""
        counted = tw_flow.rests(entry['sysctls'], self.version, self.seconds)
        return TimeWaitCount(listening, _bounds(entry['sysctls']), counted[2:] if counted else None)

    def shown(self, entry, source, listening, tally):
        """The entry's 'time_wait'."""
        flow = None
        counted = tw_flow.rests(entry['sysctls'], self.version, self.seconds)
        if counted and tally.within:
            flow = dict(tally.within, by=counted[0], seconds=round(counted[1], 3))
        return dict(tally.shown(self.top), source=source, listening=listening[:LISTENING_MAX], flow=flow)


def _matters(entry):
    """False for a namespace of which is known that it has, and had, no TIME_WAIT socket."""
    counted = entry['counters']['TcpExt']
    found = entry['time_wait']
    return counted is None or found is None or bool(found['sockets'] or counted.get('TW') or counted.get('TWKilled'))


def _time_wait(counting, looked, unavailable):
    """The 'time_wait' of each entry, in their order."""
    live = counting.tree.root == '/'
    own_count = (looked[0]['sockets'] or {}).get('tw')
    empty = [_known_empty(entry, own_count, counting.version) if live else False for entry in looked]
    inside = _inside([entry for entry, none in zip(looked, empty) if not none], counting) if live else {}
    found = []
    for entry, none in zip(looked, empty):
        source, reasons = None, {}
        if none:
            source = counting.shown(entry, 'sockstat', [], TimeWaitCount((), None))
        elif live:
            source, reasons = inside[entry['key']]
        if source is None and entry['net'] is not None:
            source = _from_files(counting, entry, entry['net'], reasons)
        if source is None:
            unavailable['TIME_WAIT sockets of %s' % entry['key']] = '; '.join(sorted(
                '%s: %s' % reason for reason in reasons.items())) or 'no socket table'
        else:
            unavailable.update(reasons)
        found.append(source)
    return found


def _known_empty(entry, own_count, version):
    """Whether sockstat says that there is none: a scan costs as much as there are sockets of any kind."""
    if version is None or version[:2] < TW_PER_NAMESPACE_FROM:
        return own_count == 0
    return (entry['sockets'] or {}).get('tw') == 0


def _inside(wanted, counting):
    """{key: (shown or None, {what: reason})} as seen from inside each namespace of a live node."""
    answers = {}
    others = []
    for entry in wanted:
        if entry['kind'] == 'host':
            answers[entry['key']] = _here(counting, entry)
        else:
            others.append(entry)
    if others:
        from ..readers import enter  # as in entries.py
        visits = enter.visit([entry['ns_path'] for entry in others], lambda index: _here(counting, others[index]))
        for entry, (answer, reason) in zip(others, visits):
            answers[entry['key']] = answer or (None, {shown(entry['ns_path'][0]): reason})
    return answers


def _here(counting, entry):
    """(shown or None, {what: reason}) of the namespace that the caller is in."""
    from ..readers import sock_diag, sock_dump
    reasons = {}
    try:
        listening = ports_of(sock_diag.listening())
        tally, interrupted = sock_dump.time_wait(lambda: counting.tally(entry, listening))
    except Unreadable as exc:
        reasons[exc.path] = exc.reason
        return _from_files(counting, entry, '/proc/net', reasons), reasons
    if interrupted:
        reasons['TIME_WAIT sockets of %s' % entry['key']] = 'they changed while they were counted: numbers are near'
    return counting.shown(entry, 'netlink', listening, tally), reasons


def _from_files(counting, entry, net, reasons):
    from ..readers import tw_files  # a live node seldom needs it
    directory = '/' if entry['kind'] == 'host' else '/namespaces/%s' % (entry['id'] or '').strip('net:[]')
    found = tw_files.read(counting.tree, net, directory, lambda listening: counting.tally(entry, listening), reasons)
    return counting.shown(entry, *found) if found else None


def _bounds(sysctls_of):
    """(low, high) of ip_local_port_range in an entry's sysctls, None where it is not known."""
    ends = [natural(word) for word in ((sysctls_of.get(PORT_RANGE) or {}).get('value') or '').split()]
    return tuple(ends) if len(ends) == 2 and None not in ends else None
