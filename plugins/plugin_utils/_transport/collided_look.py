# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A short look at the SYNs of the namespace in which most SYNs met TIME_WAIT, on a node where some did."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type


from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import attribution, window
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.view import View
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import live
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.collided import suspect
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.record import Record, Sample
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.values import Values
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport import payload
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport.answers import AnswerError
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport.node_action import NodeAction, VerbError

SECONDS, PACKETS = 3.0, 20000
#: Fewer collisions are no finding (rules.yml).
LEAST = 3

payload.payload('syn_look')  # as in _transport/observation.py


def add(action: NodeAction, record: Record, earlier: Sample | None, task_vars: Values) -> None:
    """Puts `collided` (collided.suspect) into the namespace's entry of a checked record; a look that fails changes
    nothing. Only root may look at packets."""
    source = record['source']
    if source['collector'] != 'live' or source.get('root') != '/' or source.get('euid') != 0:
        return
    index = _worst(record, earlier)
    if index is None:
        return
    namespace = record['namespaces'][index]
    asked = {'duration': SECONDS, 'max_packets': PACKETS, 'namespace': namespace.get('id') if index else None}
    try:
        namespace['collided'] = suspect(live.unpack(action.ask_node('syn_look', asked, task_vars)))
    except (VerbError, AnswerError, live.AnswerError):
        return


def _worst(record: Record, earlier: Sample | None) -> int | None:
    """The index of the namespace in which most SYNs met TIME_WAIT, None where hardly any did."""
    windows = window.measure(record, earlier)
    met = [attribution.collisions(View(record, index, each)) for index, each in enumerate(windows)]
    counts = [found['count'] if found else 0 for found in met]
    return counts.index(max(counts)) if max(counts) >= LEAST else None
