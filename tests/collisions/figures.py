# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scenario came to: what clients saw, what the server counted, and tables of it."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence

from .lab import Lab, Offered, gathered
from .load import SLOW_S
from .scenario import Scenario

SECOND_S = 0.9


@dataclasses.dataclass(frozen=True)
class Counted:
    """Counters of server and clients at one moment."""

    turned_away: int
    accepted: int
    time_wait: int
    repeated: int


@dataclasses.dataclass(frozen=True)
class Figures:
    """made, failed, slow (over 5 ms), waited (about a second and longer): connections.

    per_s: made per second; peak_per_s: in the best of these seconds, for others use this machine too. turned_away: rise
    of PAWSTimewait; repeated: SYNs that the clients sent again; share: of the SYNs at the server, those turned away;
    time_wait: the server's sockets afterwards.
    """

    made: int
    failed: int
    slow: int
    waited: int
    per_s: float
    peak_per_s: int
    median_ms: float
    p99_ms: float
    longest_ms: float
    turned_away: int
    repeated: int
    share: float
    time_wait: int


def counted(lab: Lab) -> Counted:
    server = lab.server.counted()
    repeated = sum(client.counted()['TCPSynRetrans'] for client in lab.clients)
    # Before 6.18 PAWSEstab counts it, which nothing else moves here.
    return Counted(
        server.get('PAWSTimewait', server['PAWSEstab']), server['PassiveOpens'], server['time_wait'], repeated
    )


def run(scenario: Scenario, warm_s: float = 0.0) -> Figures:
    return run_together([scenario], warm_s)[0]


def run_together(scenarios: Sequence[Scenario], warm_s: float = 0.0) -> list[Figures]:
    """Build them, offer their loads, all at once, and measure; connections of the first warm_s seconds do not count."""
    with contextlib.ExitStack() as stack:
        labs = [stack.enter_context(Lab(scenario)) for scenario in scenarios]
        if warm_s:
            for tasks in [lab.start(warm_s) for lab in labs]:
                gathered(tasks)
        before = [counted(lab) for lab in labs]
        started = [lab.start() for lab in labs]
        return [_figures(lab, first, gathered(tasks)) for lab, first, tasks in zip(labs, before, started, strict=True)]


def _figures(lab: Lab, before: Counted, offered: Offered) -> Figures:
    after, latencies = counted(lab), offered.latencies
    turned_away, accepted = after.turned_away - before.turned_away, after.accepted - before.accepted
    return Figures(
        made=len(latencies),
        failed=offered.failed,
        slow=sum(latency > SLOW_S for latency in latencies),
        waited=sum(latency > SECOND_S for latency in latencies),
        per_s=len(latencies) / offered.took_s,
        peak_per_s=offered.peak_per_s,
        median_ms=_quantile(latencies, 0.5),
        p99_ms=_quantile(latencies, 0.99),
        longest_ms=_quantile(latencies, 1.0),
        turned_away=turned_away,
        repeated=after.repeated - before.repeated,
        share=turned_away / max(1, turned_away + accepted),
        time_wait=after.time_wait,
    )


def _quantile(latencies: Sequence[float], share: float) -> float:
    """Milliseconds below which that share of the sorted values lies."""
    return 1000 * latencies[min(len(latencies) - 1, int(share * len(latencies)))] if latencies else float('nan')


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of a Markdown table, the first is its head."""
    rule = ['---'] * len(rows[0])
    return '\n'.join('| %s |' % ' | '.join(row) for row in (rows[0], rule, *rows[1:]))
