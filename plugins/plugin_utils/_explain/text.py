# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pasted text, line by line: each line is what its content says, whatever stands around it."""

import re

from .._messages.message import message
from .._packets.handshakes import attempts_of
from . import counters, kernel_log, settings
from .dump import Dump, hinted_side
from .reading import Reading
from .shell import Context, surroundings
from .sockets import Sockets

#: What is looked at of one text, of one line, and so many lines at its beginning and as many at its end.
TEXT_MAX, LINE_MAX, USUAL_MAX, ENDS = 16 << 20, 16384, 800, 10000
#: Lines that may be long: the kernel prints all names of a group in one.
TABLES = ('TcpExt:', 'Tcp:', 'Ip:', 'IpExt:', 'Icmp', 'Udp', 'MPTcp')
_QUOTE = re.compile(r'^(?:\s*>\s)+|^```\w*$')
_FILE_TITLE = re.compile(r'^\W*(?:\S+\s+){0,4}?(?:/etc/)?sysctl(?:\.conf|\.d/\S+)\W*$')
_COMMENT = re.compile(r'^\s*[#;]')
_ASSIGNMENT = re.compile(r'^\s*-?([a-z]\w*[./][\w./@*-]+)\s*=')
_DIFFERENT = re.compile(r'^([<>+-])(.*\w.*)$')
_TITLE = re.compile(r'^(?:diff |---|\+\+\+|@@|\d+(?:,\d+)?[acd]\d+)')


def read(text: str, source: str) -> Reading:
    """What is in a text. Never fails: what cannot be read is the reading's `problem`."""
    found, at = Reading(source), Context()
    dump, sockets = Dump(), Sockets()
    text = text[:TEXT_MAX].lstrip('\ufeff')
    if _is_sysctl_file(text, source.endswith('.conf')):
        settings.of_file(text, found)
        return found
    counters.json_counters(text, at, found)
    lines, found.left_lines = _ends(text)
    for line in _plain(lines):
        _take(line[: LINE_MAX if line.startswith(TABLES) else USUAL_MAX], at, found, dump, sockets)
        at.previous = line[:200] if line.strip() else at.previous
    sockets.finish(found)
    _finish_packets(found, dump, source)
    found.slept = at.slept
    for name in ('count', 'max'):
        value = found.value('net.netfilter.nf_conntrack_%s' % name)
        if value is not None and value.isdecimal() and len(value) < 20:
            found.conntrack[name] = int(value)
    _settle(text, found)
    return found


def _take(line: str, at: Context, found: Reading, dump: Dump, sockets: Sockets) -> bool:
    """Give a line to the first that knows it."""
    if not line.strip():
        return False
    command, number, scope = at.command, at.number, at.scope
    if surroundings(line, at):
        if at.number != number and at.silent:
            counters.note_silence(command, number, scope, found)
        at.silent = at.number != number
        settings.note_advice(at.command, found)
        return True
    at.silent = False
    if 'sysctl' in line and _FILE_TITLE.match(line[:200]):
        at.begin('', '')
        at.section = 'file'
        return True
    if dump.take(line, at, found) or sockets.take(line, at, found):
        return True
    takers = (counters.counters, settings.settings, kernel_log.log_lines, kernel_log.tables, kernel_log.bare_release)
    return any(taker(line, at, found) for taker in takers)


def _ends(text: str) -> tuple[list[str], int]:
    """The lines of a text, of a long one those at both ends; how many are left out."""
    lines = text.split('\n', ENDS)
    if len(lines) <= ENDS:
        return lines, 0
    last = lines.pop().rsplit('\n', ENDS)
    left = last.pop(0).count('\n') + 1 if len(last) > ENDS else 0
    return lines + last, left


def _plain(lines: list[str]) -> list[str]:
    """Lines without marks of quoting; of a comparison first what is the same, then what was before, then after."""
    lines = [line.rstrip('\r') for line in lines]
    changed = [found for line in lines if (found := _DIFFERENT.match(line)) and not _TITLE.match(line)]
    marks = {each[1] for each in changed}
    for old, new in (('<', '>'), ('-', '+')):
        counted = [each for each in changed if each[1] in (old, new) and re.match(r'\s*(?:\d|\w+:? +\d)', each[2])]
        if {old, new} <= marks and len(counted) > 1 and {each[1] for each in counted} == {old, new}:
            before, after = ([each[2].lstrip() for each in changed if each[1] == mark] for mark in (old, new))
            same = [line for line in lines if not _DIFFERENT.match(line) and not _TITLE.match(line)]
            return [*same, *before, *after]
    return [_QUOTE.sub('', line).strip('`') if line[:1] in ' >`' else line for line in lines]


def _is_sysctl_file(text: str, named: bool) -> bool:
    """Whether a text is a file of settings: keys alone, with comments, a key twice, or the name of such a file."""
    lines = [line for line in text[: 1 << 20].split('\n') if line.strip()]
    given = [line for line in lines if _ASSIGNMENT.match(line)]
    comments = [line for line in lines if _COMMENT.match(line)] if given else []
    if not given or len(given) + len(comments) < len(lines):
        return False
    keys = [each[1] for line in given if (each := _ASSIGNMENT.match(line))]
    if named or len(set(keys)) < len(keys):
        return True
    return bool(comments) and not any(surroundings(line, Context()) for line in comments)


def _finish_packets(found: Reading, dump: Dump, source: str) -> None:
    if dump.events:
        found.capture = attempts_of(dump.events, dump.rejections)
        found.capture.side = found.capture.side or hinted_side(source, dump.hint)
    elif dump.captured == 0 and hinted_side(source, dump.hint) == 'server':
        found.sign('syn_not_arriving')


def _settle(text: str, found: Reading) -> None:
    if counters.is_translated(found):
        found.samples, found.forms, found.problem = [], ['netstat_s_translated'], 'translated'
    elif not found.forms and not found.signs.get('not_linux') and not found.advice:
        found.problem = found.problem or (
            message('explain/unknown_form') if text.strip() else message('explain/empty_text')
        )
    if found.signs.get('not_linux') and not found.sysctls and 'proc_net' not in found.forms:
        found.forms = ['not_linux']
