# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A capture file as a reading: what became of each attempt, and whether the per-host rule explains the silence."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.nodetcp.paws.plugins.plugin_utils._explain.dump import hinted_side
from ansible_collections.nodetcp.paws.plugins.plugin_utils._explain.reading import Reading
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import kernels, pcap
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.deduplicate import once
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.handshakes import Capture, attempts_of, side_of
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.replay import replay
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import Event, survey

MAGIC = (b'\xa1\xb2\xc3\xd4', b'\xd4\xc3\xb2\xa1', b'\xa1\xb2\x3c\x4d', b'\x4d\x3c\xb2\xa1', pcap.NEXT_GENERATION)


def is_capture(data: bytes) -> bool:
    """Whether a file begins like pcap or pcapng."""
    return data.startswith(MAGIC)


def read(path: str, source: str) -> Reading:
    """The attempts of a capture file; one that cannot be read is a reading with a problem."""
    found = Reading(source)
    found.is_form('pcap')
    try:
        capture = pcap.read(path)
    except pcap.CaptureError as error:
        found.problem = str(error).replace(path, source)
        return found
    events = once(capture.events)
    found.capture = attempts_of(side_of(capture.events, events), capture.rejections)
    found.capture.side = found.capture.side or hinted_side(source, '')
    found.capture.older_closed = _older_closed(events, found.capture)
    return found


def _older_closed(events: list[Event], capture: Capture) -> int:
    """Unanswered attempts with a timestamp that the per-host rule drops after a connection which the server closed."""
    unanswered = {(each.ends, each.isn) for each in capture.attempts if each.unanswered and each.timestamp is not None}
    if not unanswered:
        return 0
    drops = replay(events, survey(events), kernels.rule_of(kernels.STRICTEST)).drops
    return len({((drop[1], drop[2], drop[3], drop[4]), drop[6]) for drop in drops} & unanswered)
