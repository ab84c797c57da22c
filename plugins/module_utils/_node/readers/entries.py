# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The namespaces part of a record: one entry for each network namespace, those alike as one entry with their number."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Unreadable
from ..parsers.natural import natural
from . import namespaces, peers, procfs, sysctls
from .counters import Counters, read_conntrack, read_sockets

CONNTRACK = ('net.netfilter.nf_conntrack_count', 'net.netfilter.nf_conntrack_max')
# (local addresses, listening sockets) of the node's own entry and of a further one, which has to stay under 1 KiB.
NODE_ADDRESSES, OTHER_ADDRESSES = (12, 24), (2, 6)
ALSO_MAX = 8


def look(tree, request, version, containers, unavailable, hidden=None):
    """The entries, the node's own first, one per namespace; containers: namespaces.Containers.

    The node's own has all counters, others those of the request, which the rules use.
    Not recorded are entry['net'], where its counters are, entry['ns_path'], and entry['files'] of a capture.
    hidden: a dict that gets how many 'processes' and 'namespaces' could not be looked into, {part: [number, of]}; what
    is seen in full is left out.
    """
    found = namespaces.discover(tree, request.live, unavailable, hidden)
    source = sysctls.source_of(tree, request.live, unavailable)
    limits = _limits(source)
    question = peers.Question(request, version)
    own = _own(tree, found[0], request, version, (source, limits, question), unavailable)
    others = found[1:] if request.others and 'namespaces' in request.parts else []
    inside = _inside(tree, others, request, question, peers.recycle_of(own['sysctls']), unavailable, hidden)
    entries, counters = [own], Counters(tree, version, request.counters)
    for namespace, (values, listening, stamps) in zip(others, inside):
        entry = _entry(tree, namespace, request, containers, unavailable)
        if 'sysctls' in request.parts:
            entry['sysctls'] = sysctls.projected(values, request.namespace_keys, own['sysctls'], version)
        _count(tree, entry, request, counters, (None, limits[1]), unavailable)
        _locate(tree, entry, request, listening, OTHER_ADDRESSES, unavailable)
        entry.update(question.answer(stamps, host=False))
        if namespace.pids and request.live and not tree.exists('/proc/' + namespace.pids[0]):
            unavailable['namespace %s' % entry['id']] = 'process %s ended while it was looked at' % namespace.pids[0]
        entries.append(entry)
    return entries


def _own(tree, namespace, request, version, asking, unavailable):
    """The entry of the node's own namespace; asking = (where its sysctls are, its limits, the question for peers)."""
    source, limits, question = asking
    own = _entry(tree, namespace, request, None, unavailable)
    if 'sysctls' in request.parts:
        own['sysctls'] = sysctls.read_own(source, request.node_keys, version, unavailable)
    _count(tree, own, request, Counters(tree, version), limits, unavailable)
    listening = _listening_here() if request.live and 'addresses' in request.parts else None
    _locate(tree, own, request, listening, NODE_ADDRESSES, unavailable)
    if question.wanted(peers.recycle_of(own['sysctls'])):
        stamps = peers.here(unavailable) if request.live else peers.captured(tree, '', unavailable)
        own.update(question.answer(stamps, host=True))
    return own


def _entry(tree, namespace, request, containers, unavailable):
    entry = namespaces.describe(tree, namespace, containers, unavailable)
    entry.update(net=namespace.net, ns_path=namespace.ns_path, files=namespace.files, sysctls={},
                 counters={'TcpExt': None, 'Tcp': None}, addresses=None, sockets=None, conntrack=None)
    return entry


def _limits(source):
    """(count, max) of the node's connection tracking, None where it is not loaded."""
    values = sysctls.read_values(source, CONNTRACK)
    return tuple(natural(values.get(key) or '') for key in CONNTRACK)


def _count(tree, entry, request, counters, limits, unavailable):
    """Counters, sockets and connection tracking of the entry's namespace."""
    net = entry['net']
    if 'counters' in request.parts and (net or entry['files']):
        entry['counters'] = counters.read(net, unavailable, entry['files'])
    elif 'counters' in request.parts:
        unavailable['counters of %s' % entry['key']] = 'no process lives in this namespace'
    if net is None:
        return
    if 'sockets' in request.parts:
        entry['sockets'] = read_sockets(tree, net, unavailable)
    if 'conntrack' in request.parts:
        conntrack = read_conntrack(tree, net, limits, unavailable)
        entry['conntrack'] = conntrack if entry['kind'] == 'host' or (conntrack and conntrack['count']) else None


def _locate(tree, entry, request, listening, most, unavailable):
    """Addresses of the entry's namespace; listening = what listens there where that is known from inside."""
    if 'addresses' not in request.parts or entry['net'] is None:
        return
    local = procfs.read_local(tree, entry['net'], unavailable)
    # The socket tables of a live node cost milliseconds each: only for the node itself, or where netlink is refused.
    if listening is None and (entry['kind'] == 'host' or not request.live):
        listening = procfs.read_listening(tree, entry['net'], unavailable)
    if local is None and listening is None:
        return
    local, listening = local or [], listening or []
    entry['addresses'] = {'local': local[:most[0]], 'listening': listening[:most[1]],
                          'truncated': len(local) > most[0] or len(listening) > most[1]}


def _listening_here():
    """What listens in the caller's namespace, None where netlink does not tell."""
    from . import sock_diag  # the socket module: not for captures
    try:
        return sock_diag.listening()
    except Unreadable:
        return None


def _inside(tree, others, request, question, recycle, unavailable, hidden):
    """(sysctls, listening, stamps) of each namespace as seen from inside; None for what could not be asked.

    recycle = the node's own tcp_tw_recycle, which counts where a namespace has none.
    """
    if not request.live:
        return [_captured(tree, namespace, request, question, recycle, unavailable) for namespace in others]
    if not others or not (request.parts.intersection(('sysctls', 'addresses')) or question.wanted(None)):
        return [(None, None, None)] * len(others)
    from . import enter  # ctypes, a fork: only where there is a namespace to visit
    source = sysctls.Directory(tree)

    def ask(_index):
        values = sysctls.read_values(source, request.namespace_keys) if 'sysctls' in request.parts else None
        listening = _listening_here() if 'addresses' in request.parts else None
        wanted = question.wanted((values or {}).get(peers.RECYCLE) or recycle)
        return values, listening, peers.here({}) if wanted else None
    answers = enter.visit([namespace.ns_path for namespace in others], ask)
    refused = [(namespace, reason) for namespace, (seen, reason) in zip(others, answers) if seen is None]
    if refused:
        unavailable['sysctls of namespaces'] = '%d of %d network namespaces could not be entered; net:[%s]: %s' % (
            len(refused), len(others), refused[0][0].inode, refused[0][1])
        if hidden is not None:
            hidden['namespaces'] = [len(refused), len(others)]
    return [seen or (None, None, None) for seen, _reason in answers]


def _captured(tree, namespace, request, question, recycle, unavailable):
    """The same of a captured namespace, from its files; what listens there is not known."""
    source = sysctls.captured(tree, namespace.files, unavailable)
    values = sysctls.read_values(source, request.namespace_keys) if source else None
    wanted = question.wanted((values or {}).get(peers.RECYCLE) or recycle)
    return values, None, peers.captured(tree, namespace.files, unavailable) if wanted else None


def recorded(entry):
    """The entry without what is of use on the node alone."""
    return dict((name, value) for name, value in entry.items() if name not in ('net', 'ns_path', 'files'))


def grouped(entries):
    """The entries as the record carries them: further namespaces alike in all that matters are one, with `count`.

    Addresses, sockets and pids differ between pods of one kind; the first one's are kept.
    """
    result, seen = [], {}
    for entry in entries:
        # The same code made all of them in the same order, so those that are equal print alike.
        alike = None if entry['kind'] == 'host' else repr(
            [entry[part] for part in ('kind', 'sysctls', 'counters', 'conntrack')]
            + [(entry['addresses'] or {}).get('listening'), entry.get('peers')])
        first = seen.get(alike)
        if first is None:
            first = recorded(entry)
            first['also'], first['members'] = [], []
            seen[alike or entry['key']] = first
            result.append(first)
        else:
            first['count'] += 1
            if entry['container'] and len(first['also']) < ALSO_MAX:
                first['also'].append(entry['container'])
        first['members'].append(entry['key'])
    for entry in result:
        if entry['count'] == 1:
            del entry['members']
    return result
