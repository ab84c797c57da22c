# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A short look at the namespace in which most SYNs met TIME_WAIT, on a node where some did: SYNs and clients."""

from .._forecast.collided import told
from .._judge import attribution, window
from .._judge.view import View
from .._packets import live
from .._packets.collided import asking, suspect
from .._shapes.check import ShapeError, bounded, fits
from .._shapes.clients import Client, Clients
from .._shapes.record import Collided, Record, Sample
from .._text.values import Values
from . import payload
from .answers import AnswerError
from .node_action import NodeAction, VerbError

#: A second, longer look is for where the first one saw no more connections, and they tell no cause: a few may stand
#: side by side by chance.
SECONDS, LONGER, FEW, PACKETS = 3.0, 10.0, 1000, 20000
#: Fewer collisions are no finding (rules.yml).
LEAST = 3

for operation in ('syn_look', 'time_wait_clients'):
    payload.payload(operation)  # as in _transport/observation.py


def add(action: NodeAction, record: Record, earlier: Sample | None, task_vars: Values) -> None:
    """Puts `collided` into the namespace's entry of a checked record: _packets.collided.suspect() and, where the node's
    sockets could be read too, _forecast.collided.told(). A look that fails changes nothing. Only root may look."""
    source = record['source']
    if source['collector'] != 'live' or source.get('root') != '/' or source.get('euid') != 0:
        return
    index = _worst(record, earlier)
    if index is None:
        return
    namespace = record['namespaces'][index]
    where = {'namespace': namespace.get('id') if index else None}
    try:
        found = _looked(action, where, SECONDS, task_vars)
        if found is None or (found['cause'] == 'unknown' and found['connections'] < FEW):
            found = _looked(action, where, LONGER, task_vars)
    except (VerbError, AnswerError, live.AnswerError):
        return
    namespace['collided'] = found


def _looked(action: NodeAction, where: Values, duration: float, task_vars: Values) -> Collided | None:
    answer = action.ask_node('syn_look', {'duration': duration, 'max_packets': PACKETS, **where}, task_vars)
    events, seconds = live.unpack(answer), live.number(answer, 'seconds')
    found = suspect(events)
    if found and seconds > 0:
        clients = _clients(action, where, task_vars)
        return {**found, **told(clients, asking(events), seconds, found['address'])}
    return found


def _clients(action: NodeAction, where: Values, task_vars: Values) -> list[Client]:
    """Whose sockets are in TIME_WAIT there, checked; none where the node does not say."""
    try:
        answer = action.ask_node('time_wait_clients', where, task_vars)
        bounded(answer, 'clients')
        return fits(answer, Clients, 'clients')['clients']
    except (VerbError, AnswerError, ShapeError):
        return []


def _worst(record: Record, earlier: Sample | None) -> int | None:
    """The index of the namespace in which most SYNs met TIME_WAIT, None where hardly any did."""
    windows = window.measure(record, earlier)
    met = [attribution.collisions(View(record, index, each)) for index, each in enumerate(windows)]
    counts = [found['count'] if found else 0 for found in met]
    return counts.index(max(counts)) if max(counts) >= LEAST else None
