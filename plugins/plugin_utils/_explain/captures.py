# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A capture file as a reading, and what follows from packets alone, whichever side they were captured on."""

from collections.abc import Iterator, Sequence

from .._messages.message import Message, message
from .._packets import kernels, pcap
from .._packets.handshakes import CLIENT, SERVER, SLOW, Attempt, Capture, attempts_of, side_of
from .._packets.replay import replay
from .._packets.segment import Event, once, survey
from .dump import hinted_side
from .reading import Reading

LEAST = 2  # so many on each side before a difference is called one


MAGIC = (b'\xa1\xb2\xc3\xd4', b'\xd4\xc3\xb2\xa1', b'\xa1\xb2\x3c\x4d', b'\x4d\x3c\xb2\xa1', pcap.NEXT_GENERATION)


def statements(found: Capture) -> Iterator[Message]:
    """The statements that a capture allows."""
    attempts = found.attempts
    unanswered = [each for each in attempts if each.unanswered]
    if unanswered and found.side == SERVER:
        yield message('explain/syn_unanswered_at_server', count=len(unanswered), of=len(attempts))
    if unanswered and found.side == CLIENT:
        yield message('explain/syn_unanswered_at_client', count=len(unanswered), of=len(attempts))
    if found.older_closed:
        yield message('explain/tsval_older_than_closed', count=found.older_closed)
    if found.older_seen:
        yield message('explain/tsval_older_than_seen', count=found.older_seen)
    yield from _selective(attempts)
    yield from _answered(attempts, found.side, bool(unanswered))
    yield from _refused(attempts)


def _selective(attempts: Sequence[Attempt]) -> Iterator[Message]:
    """Whether the option alone decides: all with it are unanswered and all without answered, or the other way."""
    groups = {
        (option, answered): sum(
            (each.timestamp is not None, not each.unanswered) == (option, answered) for each in attempts
        )
        for option in (True, False)
        for answered in (True, False)
    }
    for option in (True, False):
        clean = not groups[option, True] and not groups[not option, False]
        if clean and groups[option, False] >= LEAST and groups[not option, True] >= LEAST:
            yield message('explain/selective_by_timestamp_option', count=groups[option, False])


def _answered(attempts: Sequence[Attempt], side: str, others_unanswered: bool) -> Iterator[Message]:
    lost = [each for each in attempts if len(each.answers) > 1 and each.acknowledged is None and len(each.syns) > 1]
    if lost and side == SERVER:
        yield message('explain/synack_lost', count=len(lost))
    queue = [each for each in attempts if each.again_after]
    if queue:
        yield message('explain/accept_queue_likely', count=len(queue))
    met = [each for each in attempts if each.stray and not each.refused]
    if met:
        yield message('explain/timewait_reuse', count=len(met))
    late = [each for each in attempts if len(each.syns) > 1 and len(each.answers) == 1 and not each.stray]
    late = [each for each in late if each.answers[0] > each.syns[-1] and each.acknowledged is not None]
    if late and side == CLIENT and not others_unanswered:
        yield message('explain/syn_lost_once', count=len(late))
    slow = [each.replied - each.asked for each in attempts if each.asked is not None and each.replied is not None]
    if slow and max(slow) >= SLOW:
        yield message('explain/slow_application', seconds=round(max(slow), 1))


def _refused(attempts: Sequence[Attempt]) -> Iterator[Message]:
    refused = [each for each in attempts if each.refused and not each.rejected]
    if refused:
        yield message('explain/refused', count=len(refused))
    if any(each.rejected for each in attempts):
        yield message('explain/icmp_reject')
    elsewhere = [each for each in attempts if each.elsewhere and not each.answers]
    if elsewhere:
        yield message('explain/dnat_reply_not_translated', count=len(elsewhere))


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
