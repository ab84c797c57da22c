# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings in pasted text: running values that sysctl or /proc printed, lines of sysctl files, and bad advice."""

import re

from ...module_utils._node.keys import RECYCLE, TIMESTAMPS
from ...module_utils._node.parsers import sysctl_conf
from ...module_utils._node.parsers.sysctl_listing import parse_listing
from .reading import Reading
from .shell import Context

#: The first part of each key that a Linux kernel has.
_KEY = r'-?(?:net(?!.inet)|kernel|fs|vm|dev|user|abi|debug|sunrpc|crypto)[./][\w./@:*-]+'
_LINE = re.compile(r'^(%s)(\s*[=:]\s*)(.*)$' % _KEY)
_PATH = re.compile(r'^/proc/sys/([\w./@-]+):(.*)$')
_NO_PATH = re.compile(r"/proc/sys/([\w./-]+)['\"]?: No such file")
_READ = re.compile(r'/proc/sys/([\w./-]+)')
_READ_KEYS = re.compile(r'\bsysctl\s+(?:-\w+\s+)*-n\s+([\w./ -]+)')
_FILE_COMMAND = re.compile(r'\b(?:cat|grep|egrep|less|more|tail|head|vi|vim)\b.*?/etc/|sysctl\.conf|sysctl\.d\b')
_APPLY = re.compile(r'\bsysctl\s+.*-(?:p|w|-system|-load)\b')
_SET = re.compile(
    r'\becho\s+["\']?(\d+)["\']?\s*>+\s*/proc/sys/net/ipv4/(tcp_tw_recycle|tcp_timestamps)'
    r'|\bsysctl\s+(?:-\w+\s+)*["\']?net[./]ipv4[./](tcp_tw_recycle|tcp_timestamps)\s*=\s*["\']?(\d+)'
    r'|\becho\s+["\']?net[./]ipv4[./](tcp_tw_recycle|tcp_timestamps)\s*=\s*(\d+)'
)
#: Somebody is told to: an imperative, or what is recommended. Who asks, or tells what happened, advises nothing.
_PROSE = re.compile(
    r'(?:^[\W\d]*|\b(?:just|please|simply|then|you can|should|must|try|and|recommend to|fix is to|fix:|solution:) +)'
    r'(?:enable|turn on|switch on|set|add|use)\b\W+(?:the\W+|net\.ipv4\.|`)*'
    r'(tcp_tw_recycle|tcp_timestamps)(?:`?\s*(?:=|to)\s*(\d))?'
    r'|(?:建议|可以|请|需要|只要)(?:开启|启用|打开|设置)\W*(?:net\.ipv4\.)?(tcp_tw_recycle|tcp_timestamps)'
    r'(?:\s*(?:=|为)\s*(\d))?',
    re.I,
)
_NOT = re.compile(
    r"\b(?:not|never|don't|dont|avoid|disable|off|without|removed|instead|if)\b|[?？]|不要|不|关闭|禁用|勿", re.I
)
_COMPLAINT = ('sysctl: ', 'error: ')


def settings(line: str, at: Context, found: Reading) -> bool:
    """Take a line that has a setting, or says that there is none."""
    text = line.strip()
    note_advice(text, found)
    return _torn(text, at, found) or _path(text, at, found) or _assignment(text, at, found) or _alone(text, at, found)


def of_file(text: str, found: Reading) -> None:
    """A whole sysctl file, read as procps and systemd read it: the last line of a key wins."""
    for entry in sysctl_conf.parse(text.encode('utf-8', 'replace')):
        if entry['value'] is not None:
            found.files[entry['key']] = entry['value'].decode('utf-8', 'replace')
    found.is_form('sysctl_conf')


def _torn(text: str, at: Context, found: Reading) -> bool:
    """Messages of sysctl; procps 3.2 may print one in the middle of a line, which goes on after it."""
    starts = [text.find(word) for word in _COMPLAINT if word in text]
    if at.torn:
        whole, at.torn = at.torn + text, ''
        return _assignment(whole, at, found)
    if not starts:
        return False
    listing = parse_listing(text + '\n')
    named = {key: value for key, value in listing['values'].items() if key.partition('.')[0] in ('net', 'kernel')}
    if min(starts) and not any(value is not None for value in named.values()):
        at.torn = text[: min(starts)]
    if not named and not listing['refused'] and not at.torn:
        return False
    found.is_form('sysctl')
    for key, value in named.items():
        found.setting(at.scope, key, value)
    return True


def _path(text: str, at: Context, found: Reading) -> bool:
    missing = _NO_PATH.search(text)
    if missing:
        found.is_form('sysctl')
        found.setting(at.scope, sysctl_conf.canonical(missing[1]), None)
        return True
    printed = _PATH.match(text)
    if printed:
        found.is_form('sysctl')
        found.setting(at.scope, sysctl_conf.canonical(printed[1]), ' '.join(printed[2].split()))
    return bool(printed)


def _assignment(text: str, at: Context, found: Reading) -> bool:
    parts = _LINE.match(text.removeprefix('/etc/sysctl.conf:'))
    if not parts:
        return False
    key, value = sysctl_conf.canonical(parts[1].lstrip('-')), ' '.join(parts[3].split())
    if _is_file(text, parts[2], at, found):
        found.is_form('sysctl_conf')
        found.files[key] = value
    else:
        found.is_form('sysctl')
        found.setting(at.scope, key, value)
    return True


def _is_file(text: str, separator: str, at: Context, found: Reading) -> bool:
    """sysctl prints `key = value`; other spacing, a file that is shown, or comments around it mean a file."""
    if _APPLY.search(at.command):
        return False
    if _FILE_COMMAND.search(at.command) or at.section == 'file' or text.startswith(('-', '/etc/')):
        return True
    return not separator.startswith((' = ', ':')) and separator != ' ='


def _alone(text: str, at: Context, found: Reading) -> bool:
    """A value under the command that reads it: cat /proc/sys/..., sysctl -n KEY; of several in their order."""
    keys = _READ.findall(at.command) if at.command.startswith(('cat ', 'sudo cat ', 'head ', 'more ')) else []
    named = _READ_KEYS.search(at.command)
    keys += named[1].split() if named else []
    if at.answers >= len(keys) or '|' in at.command or not re.fullmatch(r'-?\d{1,20}(?:\s+\d{1,20}){0,8}', text):
        return False
    found.is_form('sysctl')
    found.setting(at.scope, sysctl_conf.canonical(keys[at.answers]), ' '.join(text.split()))
    at.answers += 1
    return True


def note_advice(text: str, found: Reading) -> None:
    """A line, or a command itself, may set the value that nobody should set."""
    if 'tcp_tw_recycle' not in text and 'tcp_timestamps' not in text:
        return
    for one in _SET.finditer(text[:500]):
        key = one[2] or one[3] or one[5]
        _note_value(key, one[1] or one[4] or one[6], found)
    prose = _PROSE.search(text[:500])
    if prose and not _NOT.search(text[:500]) and not _SET.search(text[:500]):
        key = (prose[1] or prose[3]).lower()
        _note_value(key, prose[2] or prose[4] or ('1' if key == 'tcp_tw_recycle' else ''), found)


def _note_value(key: str, value: str, found: Reading) -> None:
    if key == 'tcp_tw_recycle' and value.strip('0'):
        found.advice.add(RECYCLE)
    if key == 'tcp_timestamps' and value == '0':
        found.advice.add(TIMESTAMPS)
