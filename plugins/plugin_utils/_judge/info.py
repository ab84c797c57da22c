# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What counters did in a window, namespace by namespace, without a verdict. Pure."""

from collections.abc import Mapping

from .._shapes.info import NamespaceInfo
from .._shapes.record import Record, Sample
from . import attribution, window
from .exposure import evidence
from .view import View


def measured(record: Record, earlier: Sample | None) -> list[NamespaceInfo]:
    """One entry for each namespace of a checked record, in its order: rises since `earlier` and their causes.

    An entry that stands for several namespaces alike has the rises of all of them together.
    """
    windows = window.measure(record, earlier)
    return [_entry(View(record, index, found)) for index, found in enumerate(windows)]


def _entry(view: View) -> NamespaceInfo:
    namespace, seconds = view.namespace, view.window.seconds
    deltas = _shown(view.window.deltas)
    return {
        'id': namespace.get('id'),
        'key': namespace['key'],
        'kind': namespace['kind'],
        'name': namespace.get('name'),
        'container': namespace.get('container'),
        'count': namespace['count'],
        'members': namespace.get('members'),
        'also': namespace.get('also'),
        'seconds': seconds,
        'reason': view.window.reason,
        'deltas': deltas,
        'rates': {name: round(rise / seconds, 3) for name, rise in deltas.items() if seconds},
        'evidence': evidence(view),
        'listen_drops': attribution.listen_drops(view),
        'collisions': attribution.collisions(view),
        'collided': namespace.get('collided'),
        'recycling': attribution.recycling(view),
        'says': attribution.says(view),
        'peers': namespace.get('peers'),
        'peers_total': namespace.get('peers_total'),
    }


def _shown(deltas: Mapping[str, int]) -> dict[str, int]:
    """The counters that causes are told from, also where they stood still; of all others those that rose."""
    return {name: deltas[name] for name in sorted(deltas) if deltas[name] or name in attribution.NAMED}
