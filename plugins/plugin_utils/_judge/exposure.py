# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exposure and evidence of one namespace: the two tables of the per-host PAWS rule, first match wins.

The rule (EL7.9 tcp_input.c:6183, 4.4 :6348, 4.11 :6348): with tcp_tw_recycle on, a SYN whose timestamp is older than
the last one remembered for its address, or missing, is dropped without an answer. Linux 4.12 removed it (4396e46187ca).
"""

from .._messages.message import Message, message
from .._shapes.verdict import Class, Evidence, Exposure
from . import next_boot
from .view import View
from .vocabulary import FIN_TIMEOUT, RECYCLE, TIMESTAMPS

#: Sysctls and counters that the tables need, whatever the rules use.
SYSCTLS = (RECYCLE, TIMESTAMPS, FIN_TIMEOUT)
COUNTERS = ('TcpExt.PAWSPassive', 'TcpExt.TWKilled')
CLASS_OF: dict[Exposure, Class] = {
    'exposed': 'exposed',
    'masked': 'latent',
    'latent': 'latent',
    'unknown': 'unknown',
    'none': 'clean',
}


def exposure(view: View) -> tuple[Exposure, Message | None]:
    """(exposed|masked|latent|unknown|none, why it is unknown or None)."""
    if view.without_recycle and not view.exists(RECYCLE):
        return 'none', None
    if view.node_scope(RECYCLE) in (None, 'absent') and not view.without_recycle:
        return 'unknown', _no_file(view)
    recycle, timestamps = view.sysctl(RECYCLE), view.sysctl(TIMESTAMPS)
    for key, value in ((RECYCLE, recycle), (TIMESTAMPS, timestamps)):
        if not isinstance(value, int):
            return 'unknown', message('exposure/unread', key=key, why=_because(view, key))
    if recycle != 0:
        return ('exposed' if timestamps != 0 else 'masked'), None
    return ('latent' if sets_recycle(view) else 'none'), None


def evidence(view: View) -> Evidence:
    """active|past|unknown|none|impossible, from this namespace's own counters and window."""
    passive, killed = view.counter('TcpExt.PAWSPassive'), view.counter('TcpExt.TWKilled')
    if view.without_recycle and passive is None:
        return 'unknown' if view.namespace['counters'].get('TcpExt') is None else 'impossible'
    if view.rises('TcpExt.PAWSPassive'):
        return 'active'
    if passive or (killed and _killed_by_recycling(view)):
        return 'past'
    return 'unknown' if passive is None else 'none'


def namespace_class(exposed: Exposure, seen: Evidence) -> Class:
    """The class that a namespace gives its host by itself, whatever rules say.

    Timestamps off mask the rule for peers that nothing is remembered of; a remembered one is refused (4.4, EL7.9).
    """
    if seen == 'active' and exposed in ('exposed', 'masked'):
        return 'dropping'
    return CLASS_OF[exposed]


def sets_recycle(view: View) -> bool:
    """A line that wins under a reader, or what has the last word at the next boot or on an event, turns it on here.

    A line counts also where a later writer turns it off again: a reload of the files is enough. From 4.11 each
    namespace has its own value and starts with 0: files and scripts of the node reach its own alone.
    """
    if not view.own and view.at_least('4.11'):
        return False
    lines = any(isinstance(value, int) and value != 0 for value in view.winners(RECYCLE))
    return lines or any(writer['value'] != 0 for writer in next_boot.deciding_writers(view.record, RECYCLE))


def _killed_by_recycling(view: View) -> bool:
    """TWKilled counts timers of 4 s or less (4.11 inet_timewait_sock.c:150): recycling, or a tiny fin_timeout."""
    fin_timeout = view.sysctl(FIN_TIMEOUT)
    return not (isinstance(fin_timeout, int) and fin_timeout <= 4)


def _no_file(view: View) -> Message:
    kernel = view.record['kernel'].get('release') or message('exposure/unknown-release')
    if view.node_scope(RECYCLE) is None:
        return message('exposure/not-asked', key=RECYCLE, why=_because(view, RECYCLE), kernel=kernel)
    if view.is_version('4.11'):
        return message('exposure/no-file-in-4.11', key=RECYCLE, kernel=kernel)
    return message('exposure/no-file', key=RECYCLE, kernel=kernel)


def _because(view: View, key: str) -> str | None:
    """What the node said of why it could not be read."""
    reasons = view.record['unavailable']
    for part in (key, '/proc/sys/%s' % key.replace('.', '/'), '/sysctl_-a', '/proc/sys', 'sysctls'):
        if part in reasons:
            return str(reasons[part])
    return None
