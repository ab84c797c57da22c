# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands around the output in a pasted text: prompts, commands, and whether they look into a container."""

import re
from dataclasses import dataclass, field

from .reading import CONTAINER, HOST, Scope

#: Programs whose output is read, or that say where or when; with what must follow the words that prose uses too.
_COMMAND = re.compile(
    r'(?:sudo +(?:-\S+ +)*)?(?:LC_ALL=\S+ |LANG=\S+ )?(?:/\S+/)?'
    r'(?:(?:netstat|nstat|ss|dmesg|conntrack|tcpdump|tshark|journalctl|uname|busybox|nsenter|rtacct)(?: +[-|>]|$)'
    r'|sysctl +(?:-|net\b|--)|cat +/|(?:e|f)?grep +|docker +\w+|podman +\w+|crictl +\w+|kubectl +\w+|ip +netns +exec'
    r'|date$|date +[-+]|sleep +\d|watch +|for +\w+ +in|while +|iptables +-|nft +list|awk +|echo +|ssh +\w+|exit$|'
    r'uname$|netstat$|nstat$|ss$|dmesg$)'
)
_PROMPT = re.compile(r'^\s*(\[?[\w.@:~ /\-]*\]?)\s*([#$%>])\s+(\S.*)$')
_WAITING = re.compile(r'^\s*\[?[\w.-]+@[\w.:~ /-]+\]?[#$%]\s*$')
_BARE = re.compile(r'^\s*(?:\$ )?(\S.*)$')
_INTO = re.compile(r'\b(?:(?:docker|podman|crictl|kubectl|nerdctl)\s+(?:\S+\s+)*?exec|nsenter|ip\s+netns\s+exec)\b')
_SHELL = re.compile(r'(?:\s|/)(?:ba|da|a)?sh$')
_CONTAINER_HOST = re.compile(r'@[0-9a-f]{12}[:\s]|@\w[\w.\-]*-[0-9a-f]{8,10}-\w{5}[:\s]|^/\s*$')
_HEADING = re.compile(
    r'^[\s#=*\->]*(?:(?:in|inside|on|from|of)\s+)?(?:the\s+|a\s+|my\s+)?(?:(host|node)|(container|pod))\b[^.]{0,40}:[\s=*#]*$',
    re.I,
)
_HEADING_ZH = re.compile(r'^[\s#=*\-]*(?:在)?(?:(宿主机|主机|节点)|(容器))[^。]{0,20}[:：]\s*$')
#: Another system: `web1:`, `On server 2:`, what `tail` and Ansible print before the output of each.
_OTHER = re.compile(
    r'^[\s#=*-]*((?:on\s+)?(?:server|machine|vm|box)?\s?[\w.-]+)\s*[:：][\s=*#]*$|^==> (\S+) <==$'
    r'|^(\S+) \| (?:CHANGED|SUCCESS|FAILED)',
    re.I,
)
_MOMENT = re.compile(r'before|after|later|first|second|then|now|again|sample|output|result|之前|之后', re.I)
_SECTIONS = re.compile(r'^\s*(?:Ip|Icmp|Tcp|Udp|IpExt|\w+Ext|\w+Msg|UdpLite|Sctp|tcp|udp|ip|icmp)\d?:\s*$')
_CLOCK = re.compile(
    r'^(?:\w{3},? +)?(?:\w{3} +\d+ +|\d+ +\w{3} +(?:\d{4} +)?)?(\d\d):(\d\d):(\d\d)'
    r'(?:\.\d+)?(?: +[AP]M)?(?: +\w+)?(?: +\d{4})?$'
)
_ISO = re.compile(r'^\d{4}-\d\d-\d\d[T ](\d\d):(\d\d):(\d\d)')
_EPOCH = re.compile(r'^(1[0-9]{9})(?:\.\d+)?$')
_SLEEP = re.compile(r'\bsleep\s+(\d+(?:\.\d+)?)(m?)')
_WATCH = re.compile(r'\bwatch\s+(?:-\S+\s+)*?-n\s*(\d+(?:\.\d+)?)')
_LATER = re.compile(
    r'\b(\d+)\s*(s|secs?|seconds?|m|mins?|minutes?)\s+later\b|\bafter\s+(\d+)\s*(s|secs?|seconds?|mins?|minutes?)\b',
    re.I,
)
_LATER_ZH = re.compile(r'(\d+)\s*(秒|分钟)(?:之?后|以后)')


@dataclass
class Context:
    """Where in a text the reader is. number: which command; inside: a shell in a container was started."""

    command: str = ''
    number: int = 0
    scope: Scope = field(default_factory=Scope)
    base: Scope = field(default_factory=Scope)
    section: str = ''
    clock: float | None = None
    slept: float | None = None
    torn: str = ''
    pending: str = ''
    previous: str = ''
    silent: bool = False  # the command has printed nothing so far
    answers: int = 0  # how many values the command has printed

    def begin(self, command: str, prompt: str) -> None:
        """A new command."""
        self.command, self.number, self.section, self.pending = command, self.number + 1, '', ''
        self.answers = 0
        self._note_sleep(command)
        if command.strip() == 'exit':
            self.base = Scope(HOST if self.base.kind == CONTAINER else self.base.kind)
        host = prompt.strip('[] ').rpartition('@')[2].split(':')[0].split()
        name = host[0] if host and host[0][0].isalpha() else self.base.name
        kind = CONTAINER if _CONTAINER_HOST.search(prompt + ' ') or prompt.strip() == '/' else self.base.kind
        into = bool(_INTO.search(command))
        if into and _SHELL.search(command.split('|')[0].strip()):
            self.base = Scope(CONTAINER, name)
        self.scope = Scope(CONTAINER if into else kind, name)

    def heading(self, kind: str, name: str = '') -> None:
        """From here on the text is about the host, about a container, or about what has that name."""
        self.base = self.scope = Scope(kind, name)
        self.command, self.section = '', ''
        self.number += 1

    def time(self, seconds: float) -> None:
        """A clock was printed; past midnight it begins again."""
        if self.clock is not None and seconds < self.clock and seconds < 86400:
            seconds += 86400
        self.clock = seconds

    def _note_sleep(self, command: str) -> None:
        found = _SLEEP.search(command)
        if found:
            self.slept = float(found[1]) * (60 if found[2] else 1)
        watched = _WATCH.search(command)
        if watched:
            self.slept = float(watched[1])


def surroundings(line: str, at: Context) -> bool:
    """Take a line that is a command, a heading or a clock; False where it is neither."""
    if len(line) < 100 and _WAITING.match(line):
        at.begin('', line.rstrip('#$% '))
        return True
    command = _command(line)
    if command:
        at.begin(command[1], command[0])
        return True
    heading = len(line) < 100 and (':' in line or '：' in line) and (_HEADING.match(line) or _HEADING_ZH.match(line))
    if heading:
        at.heading(HOST if heading[1] else CONTAINER)
        return True
    other = _OTHER.match(line) if len(line) < 100 else None
    if other and not _MOMENT.search(line) and not _SECTIONS.match(line):
        at.heading(at.base.kind, (other[1] or other[2] or other[3])[:60])
        return True
    return _clock(line.strip(), at) or _later(line, at)


def _command(line: str) -> tuple[str, str] | None:
    if len(line) > 500:
        return None
    prompt = _PROMPT.match(line)
    if prompt and _COMMAND.match(prompt[3]):
        return prompt[1], prompt[3].strip()
    bare = _BARE.match(line)
    return ('', bare[1].strip()) if bare and _COMMAND.match(bare[1]) else None


def _clock(line: str, at: Context) -> bool:
    if len(line) > 60 or not line[:1].isalnum():
        return False
    found = _CLOCK.match(line) or (_ISO.match(line) if len(line) < 40 else None)
    if found:
        at.time(int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3]))
        return True
    epoch = _EPOCH.match(line) if 'date' in at.command else None
    if epoch:
        at.time(float(line))
    return bool(epoch)


def _later(line: str, at: Context) -> bool:
    if line[:1].isspace() or not any(word in line for word in ('later', 'after', '后')):
        return False
    found = _LATER.search(line[:120]) or _LATER_ZH.search(line[:120])
    if not found:
        return False
    groups = [group for group in found.groups() if group]
    at.slept = float(groups[0]) * (60 if groups[1][0] in 'mM分' else 1)
    return True


def shows(command: str, text: str) -> bool | None:
    """Whether what `command` lets through would hold this text; None where that cannot be told.

    Only grep with words is understood: a pattern of a stranger is never run.
    """
    stages = [stage.strip() for stage in re.split(r'\|(?![^\'"]*[\'"](?:\s|$))', command)][1:]
    for stage in stages:
        words = stage.split()
        if not words or words[0] in ('cat', 'sort', 'less', 'more', 'tee', 'column'):
            continue
        if words[0] not in ('grep', 'egrep', 'fgrep', 'zgrep'):
            return None
        seen = _grep(stage, text)
        if not seen:
            return seen
    return True


def _grep(stage: str, text: str) -> bool | None:
    options = ' '.join(word for word in stage.split()[1:] if word.startswith('-'))
    quoted = re.findall(r'"([^"]*)"|\'([^\']*)\'', stage)
    patterns = [one or other for one, other in quoted] or [
        word for word in stage.split()[1:] if not word.startswith('-') and not word.isdigit()
    ][:1]
    letters = ''.join(option[1:] for option in options.split() if not option.startswith('--'))
    if not patterns or 'v' in letters:
        return None
    fold = 'i' in letters
    answers = [_matches(each, text, fold) for pattern in patterns for each in re.split(r'\\?\|', pattern)]
    if any(answers):
        return True
    return None if None in answers or 'A' in letters or 'B' in letters or 'C' in letters else False


def _matches(pattern: str, text: str, fold: bool) -> bool | None:
    if fold:
        pattern, text = pattern.lower(), text.lower()
    start = pattern.startswith('^')
    parts = pattern.lstrip('^').replace('\\ ', ' ').split('.*')
    if any(re.search(r'[\\\[\](){}*+?$^]', part) for part in parts):
        return None
    place = 0
    for part in parts:
        found = text.find(part, place)
        if found < 0 or (start and place == 0 and found and part is parts[0]):
            return False
        place = found + len(part)
    return True
