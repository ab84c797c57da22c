# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a capture tells, as the result of a verb."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from typing import Any

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import sources
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.deduplicate import once
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.kernels import Rule
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.replay import replay
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import Event, address, survey


def study(events: list[Event], rule: Rule, port: int | None, max_drops: int) -> dict[str, Any]:
    """{'sources', 'sources_total', 'replay', 'summary', 'problems'} of segments in the order of their capture.

    port: look at connections to or from this port alone; max_drops: at most so many in replay.drops, 0 is all.
    """
    if port is not None:
        events = [event for event in events if port in (event[2], event[4])]
    events = once(events)
    seen = survey(events)
    replayed = replay(events, seen, rule)
    tallied = sources.tally(events, seen, replayed.drops)
    shown = replayed.drops[:max_drops] if max_drops else replayed.drops
    answered = sum(map(seen.answered, replayed.drops))
    problems = []
    if replayed.steps:
        times = 'once' if replayed.steps == 1 else '%s times' % replayed.steps
        problems.append(
            'the clock was set back %s during the capture: what was remembered before counts as old' % times
        )
    if not seen.whole and replayed.syns and rule.possible:
        problems.append(
            'the capture holds SYN, FIN and RST alone: a FIN of the server is taken as acknowledged when it is sent'
        )
    if rule.possible and not rule.verified:
        problems.append('the rule of %s was not verified: that of its neighbours is assumed' % rule.release)
    return {
        'sources': sources.described(tallied),
        'sources_total': len(tallied),
        'replay': {
            'kernel': rule.release,
            'possible': rule.possible,
            'syns': replayed.syns,
            'dropped': len(replayed.drops),
            'answered': answered,
            'drops': [{'time': drop[0], 'source': address(drop[1]), 'source_port': drop[2]} for drop in shown],
        },
        'summary': _summary(rule, replayed.syns, len(replayed.drops), answered),
        'problems': problems,
    }


def _summary(rule: Rule, syns: int, dropped: int, answered: int) -> str:
    if not syns:
        return 'no SYN was seen'
    if not rule.possible:
        return '%s SYNs; the kernel %s has no per-host PAWS rule: it drops none of them for it' % (syns, rule.release)
    if not dropped:
        return 'the rule of kernel %s with tcp_tw_recycle on drops none of %s SYNs' % (rule.release, syns)
    text = 'the rule of kernel %s with tcp_tw_recycle on drops %s of %s SYNs' % (rule.release, dropped, syns)
    if answered == dropped:
        return text + '; the server answered all of them: the rule is not in force there'
    return text + ('; the server left %s of them unanswered' % (dropped - answered))
