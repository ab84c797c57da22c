# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why connections fail: each cause by itself, held against the facts. Pure.

Each cause is found (with a confidence), ruled out, or open, and says by what. They do not know of each other; which of
those found is the conclusion is conclusion.py's.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose.facts import RECYCLE, RFC1337, Facts

Json = dict[str, Any]

FOUND, RULED_OUT, OPEN = "found", "ruled out", "open"
HIGH, MEDIUM, LOW = "high", "medium", "low"


@dataclass(frozen=True)
class Cause:
    """What the facts say of one cause: state, confidence (of what is found) and the sentences that say why."""

    id: str
    title: str
    state: str
    confidence: str | None
    why: tuple[str, ...]


Finding = tuple[str, str | None, list[str]]


def per_host_paws(facts: Facts) -> Finding:
    """tcp_tw_recycle drops the SYN: PAWSPassive, up to 4.11 (KERNEL: 4.4 tcp_input.c:6348)."""
    dropped, hung = facts.rise("PAWSPassive"), facts.ended("timeout")
    if dropped:
        why = ["PAWSPassive rose by %d in the destination's namespace: it counts nothing else" % dropped]
        if facts.sysctls.get(RECYCLE) not in (None, "0"):
            why.append("%s=%s counts there" % (RECYCLE, facts.sysctls[RECYCLE]))
        why += _ping_works(facts)
        return FOUND, HIGH if hung else MEDIUM, why if hung else [*why, "none of these attempts was hit, others were"]
    if hung:
        for other in facts.elsewhere:
            moved = (other.get("deltas") or {}).get("TcpExt.PAWSPassive")
            if moved:
                where = "PAWSPassive rose by %d in %s of the same host" % (moved, _called(other))
                return FOUND, MEDIUM, [where, "connections to the address are passed on there"]
    if facts.recycle_possible is False:
        return RULED_OUT, None, ["kernels from 4.12 on do not have the rule"]
    if dropped == 0:
        return RULED_OUT, None, ["PAWSPassive stood still"]
    return OPEN, None, ["PAWSPassive was not measured%s" % _unmeasured(facts)]


def time_wait_collision(facts: Facts) -> Finding:
    """The SYN meets TIME_WAIT with an older timestamp (KERNEL: 6.18 tcp_minisocks.c:269)."""
    collisions = facts.entry.get("collisions")
    if collisions is None:
        if facts.measured and facts.recycle_possible:
            return RULED_OUT, None, ["up to 4.11 the client gets over it, see per-host PAWS"]
        return OPEN, None, ["collisions with TIME_WAIT were not measured%s" % _unmeasured(facts)]
    names = " and ".join(collisions["counters"])
    if not collisions["count"]:
        return RULED_OUT, None, ["%s stood still" % names]
    why = ["%s rose by %d in the destination's namespace" % (names, collisions["count"])]
    strict = facts.sysctls.get(RFC1337) not in (None, "0")
    hung = facts.ended("timeout")
    if strict:
        why.append(
            "%s=%s there: the client's reset does not end TIME_WAIT, each SYN renews it"
            % (RFC1337, facts.sysctls[RFC1337])
        )
    if hung and strict:
        return FOUND, HIGH if collisions["exact"] else MEDIUM, why + _ping_works(facts)
    if hung or facts.slow:
        return (
            FOUND,
            MEDIUM if facts.slow else LOW,
            [*why, "with %s=0 a client gets over it by itself" % RFC1337] if not strict else why,
        )
    return RULED_OUT, None, [*why, "and yet every attempt came up at once"]


def accept_queue(facts: Facts) -> Finding:
    """The application does not accept: ListenOverflows."""
    return _queue(facts, "ListenOverflows", "the accept queue of a socket was full")


def syn_queue(facts: Facts) -> Finding:
    """Too many half-open connections: TCPReqQFullDrop."""
    return _queue(facts, "TCPReqQFullDrop", "the SYN queue of a socket was full")


def _queue(facts: Facts, counter: str, meaning: str) -> Finding:
    rose, failed = facts.rise(counter), facts.ended("timeout", "reset")
    if rose is None:
        return OPEN, None, ["%s was not measured%s" % (counter, _unmeasured(facts))]
    if not rose:
        return RULED_OUT, None, ["%s stood still" % counter]
    why = ["%s rose by %d in the destination's namespace: %s" % (counter, rose, meaning)]
    if failed or facts.slow:
        return FOUND, HIGH if failed else MEDIUM, why
    return FOUND, LOW, [*why, "none of these attempts was hit, others were"]


def service_down(facts: Facts) -> Finding:
    """Nothing listens: the kernel answers with RST."""
    refused = facts.ended("refused")
    if not refused:
        return RULED_OUT, None, ["no attempt was answered by a reset%s" % _listens(facts)]
    why = ["%d of %d attempts were refused by a reset" % (len(refused), len(facts.attempts))]
    there = sum(attempt["arrival"] is not None for attempt in refused)
    if facts.listening is False:
        why.append("nothing listens on the port in the destination's namespace")
        return FOUND, HIGH if there or not facts.watched else MEDIUM, why
    if facts.watched and not there:
        return RULED_OUT, None, [*why, "their SYNs never came to the destination: something before it refuses"]
    if facts.listening:
        return RULED_OUT, None, [*why, "although something listens there: a firewall refuses, or tcp_abort_on_overflow"]
    return FOUND, MEDIUM, why


def lost_before(facts: Facts) -> Finding:
    """The SYN does not come to the destination's namespace."""
    silent = facts.ended("timeout", "unreachable")
    if not silent:
        refused = facts.ended("refused")
        if facts.watched and refused and not any(attempt["arrival"] for attempt in refused):
            return FOUND, MEDIUM, ["attempts were refused by a reset, and their SYNs never came to the destination"]
        return RULED_OUT, None, ["every SYN of these attempts was answered"]
    unreachable = facts.ended("unreachable")
    if not facts.watched:
        if unreachable:
            return FOUND, MEDIUM, [_share(unreachable, facts, "was told that the destination cannot be reached")]
        return OPEN, None, ["SYNs were not watched at the destination: %s" % facts.unwatched]
    there = [attempt for attempt in silent if attempt["arrival"] is not None]
    if len(there) * 2 > len(silent):
        return (
            RULED_OUT,
            None,
            ["%d of %d SYNs without success were seen at the destination" % (len(there), len(silent))],
        )
    why = ["%d of %d SYNs without success were seen at the destination" % (len(there), len(silent))]
    if unreachable:
        why.append(_share(unreachable, facts, "was told that the destination cannot be reached"))
    works = any(attempt["arrival"] is not None for attempt in (*facts.neutral, *facts.attempts))
    if works:
        why.append("the watch works: it saw other SYNs of this diagnosis")
    sure = HIGH if not there and (works or unreachable or not facts.neutral) else MEDIUM
    return FOUND, sure, why


def dropped_unseen(facts: Facts) -> Finding:
    """The SYN arrives, no answer leaves, no counter of TCP moves: netfilter, conntrack, reverse path filter."""
    hung = facts.ended("timeout")
    if not hung:
        return RULED_OUT, None, ["no attempt went without an answer"]
    if not facts.watched:
        return OPEN, None, ["SYNs were not watched at the destination: %s" % facts.unwatched]
    there = [attempt["arrival"] for attempt in hung if attempt["arrival"] is not None]
    silent = [arrival for arrival in there if not arrival["answered"]]
    if len(there) * 2 <= len(hung):
        return RULED_OUT, None, ["the SYNs did not even come to the destination"]
    if not silent:
        return RULED_OUT, None, ["the destination answered each of these SYNs"]
    if facts.entry.get("says"):
        return RULED_OUT, None, ["counters of TCP moved: %s" % "; ".join(facts.entry["says"])]
    why = [
        "%d SYNs without success were seen at the destination, %d of them were not answered" % (len(hung), len(silent))
    ]
    if not facts.measured:
        return FOUND, LOW, [*why, "counters were not measured%s" % _unmeasured(facts)]
    why.append("no counter of TCP that explains it moved there")
    why += ["%s rose by %d" % (name, rise) for name, rise in _suspects(facts)]
    return FOUND, HIGH if _suspects(facts) else MEDIUM, why


def answer_lost(facts: Facts) -> Finding:
    """The SYN-ACK leaves the destination and does not come to the client."""
    hung = facts.ended("timeout")
    answered = [attempt for attempt in hung if attempt["arrival"] and attempt["arrival"]["answered"]]
    if not hung:
        return RULED_OUT, None, ["every SYN of these attempts was answered"]
    if not facts.watched:
        return OPEN, None, ["SYNs were not watched at the destination: %s" % facts.unwatched]
    if len(answered) * 2 <= len(hung):
        return RULED_OUT, None, ["%d of %d SYNs without success were answered there" % (len(answered), len(hung))]
    return (
        FOUND,
        HIGH,
        ["%d of %d SYNs without success were answered at the destination by a SYN-ACK" % (len(answered), len(hung))],
    )


def client_side(facts: Facts) -> Finding:
    """The client cannot even send a SYN: no free port, a local firewall, no route."""
    failed = facts.ended("error")
    if not failed:
        return RULED_OUT, None, ["every attempt sent its SYN"]
    names = sorted({attempt["error"] for attempt in failed if attempt["error"]})
    why = [_share(failed, facts, "got %s" % ", ".join(names))]
    if "EADDRNOTAVAIL" in names:
        why.append("its local ports to this destination are used up")
    return FOUND, HIGH, why


#: In the order in which one of several found causes is the conclusion: the specific ones first.
CAUSES: tuple[tuple[str, str, Callable[[Facts], Finding]], ...] = (
    ("per_host_paws", "tcp_tw_recycle drops SYNs of clients behind one address (per-host PAWS)", per_host_paws),
    ("time_wait_collision", "SYNs meet a TIME_WAIT socket with an older timestamp", time_wait_collision),
    ("accept_queue", "the accept queue is full: the application accepts too slowly", accept_queue),
    ("syn_queue", "the SYN queue is full", syn_queue),
    ("service_down", "nothing listens on the port", service_down),
    ("answer_lost", "the answer is lost on its way back", answer_lost),
    (
        "dropped_unseen",
        "a firewall, connection tracking or the reverse path filter of the destination drops SYNs",
        dropped_unseen,
    ),
    ("client_side", "the client cannot send: ports used up, or forbidden on the client itself", client_side),
    ("lost_before", "SYNs are lost before they come to the destination", lost_before),
)


def examine(facts: Facts) -> list[Cause]:
    """Every cause held against the facts, in the order of CAUSES."""
    found = []
    for name, title, check in CAUSES:
        state, confidence, why = check(facts)
        found.append(Cause(name, title, state, confidence, tuple(why)))
    return found


def _suspects(facts: Facts) -> list[tuple[str, int]]:
    """Counters outside TCP's accept path that rose in the destination's namespace."""
    deltas = facts.entry.get("deltas") or {}
    names = ("TcpExt.IPReversePathFilter", "conntrack.drop", "conntrack.early_drop", "conntrack.insert_failed")
    return [
        (name.partition(".")[2] if name.startswith("TcpExt") else name, deltas[name])
        for name in names
        if deltas.get(name)
    ]


def _ping_works(facts: Facts) -> list[str]:
    hung = facts.ended("timeout")
    replied = sum(attempt["icmp_ms"] is not None for attempt in hung)
    return ["ping was answered beside %d of the %d attempts that hang" % (replied, len(hung))] if replied else []


def _listens(facts: Facts) -> str:
    return ", and something listens on the port" if facts.listening else ""


def _share(some: Sequence[Json], facts: Facts, what: str) -> str:
    return "%d of %d attempts: the client %s" % (len(some), len(facts.attempts), what)


def _unmeasured(facts: Facts) -> str:
    reason = facts.entry.get("reason")
    return ": %s" % reason if reason else ""


def _called(entry: Json) -> str:
    container = entry.get("container")
    return "container %s" % container["id"][:12] if container else "network namespace %s" % entry["id"]
