# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts inside other files: here documents, block scalars, strings, user data, base64."""

import base64
import binascii
import re
import urllib.parse
from collections.abc import Callable

from ...module_utils._node.parsers import user_data
from ...module_utils._node.parsers.shell_syntax import foreign
from . import lines, shell, sysctl_lines, templates
from .setting import Names, Setting

Parser = Callable[[str, Names, int], list[Setting]]
#: What follows a value in prose: `net.ipv4.x = 1 is gone`. Comments begin with a sign.
_SENTENCE = re.compile(r'\S+\s+[A-Za-z]')
_UNIT = re.compile(r'^[ \t]*\[(?:Service|Unit|sysctl)\]\s*$', re.MULTILINE)
_URL = re.compile(r'data:[\w/;=+.-]*?(?P<base64>;base64)?,(?P<data>\S+)')
_ENCODED = re.compile(r'[A-Za-z0-9+/\s]{24,}={0,2}')
_SHELL = re.compile(r'\bsysctl\s+-|\bsysctl\s+[\w.]+=|/proc/sys/|<<|\becho\s|\bprintf\s|\bsed\s|\btee\s|--sysctl')
#: A change that Augeas makes: `set KEY VALUE`, `set /files/etc/sysctl.conf/KEY VALUE`.
_AUGEAS = re.compile(r"""^[ \t]*set[ \t]+["']?(?:\S*/)?([\w.]+)["']?[ \t]+["']?([^"'\s]+)["']?[ \t]*$""", re.MULTILINE)


def parse(text: str, names: Names, line: int, config: Parser) -> list[Setting]:
    """The settings of a text, by its form; `line` is the number of its first line, `config` reads cloud-config."""
    if text.startswith(('#cloud-config', 'Content-Type:', 'MIME-Version:', '## template')):
        return _user_data(text.encode('utf-8', 'replace'), names, line, config)
    decoded = _decoded(text)
    if decoded is not None:
        return [each._replace(line=line) for each in _bytes(decoded, names, config)]
    text = templates.printed(text)
    if _UNIT.search(text):
        return lines.sections(text, names, line)
    if _SHELL.search(text) or text.startswith('#!'):
        return [] if foreign(text) else shell.parse(text, names, line)
    found = sysctl_lines.parse(text, names, line) or _augeas(text, names, line)
    return [each for each in found if not _SENTENCE.match(each.value or '')]


def _user_data(data: bytes, names: Names, line: int, config: Parser) -> list[Setting]:
    found: list[Setting] = []
    for kind, number, text in user_data.parts(data):
        first = line + number - 1
        if kind == 'archive':
            for inner, at, part in user_data.archive(text, first):
                found += config(part, names, at) if inner == 'config' else shell.parse(part, names, at)
        elif kind == 'config':
            found += config(text, names, first)
        elif kind != 'handler' and not foreign(text):
            found += shell.parse(text, names, first)
    return found


def _decoded(text: str) -> bytes | None:
    """The bytes that base64, or a data URL as Ignition has it, stands for; None where the text is neither."""
    url = _URL.fullmatch(text.strip()) if text.startswith('data:') else None
    if url and not url['base64']:
        return urllib.parse.unquote_to_bytes(url['data'])
    text = url['data'] if url else text
    if ' ' in text.strip() or not _ENCODED.fullmatch(text.strip()):
        return None
    try:
        return base64.b64decode(''.join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _bytes(data: bytes, names: Names, config: Parser) -> list[Setting]:
    text = user_data.unpacked(data).decode('utf-8', 'replace')
    return parse(text, names, 1, config) if '\0' not in text else []


def _augeas(text: str, names: Names, line: int) -> list[Setting]:
    found = []
    for number, change in templates.numbered(_AUGEAS, text):
        key = names.key(change[1])
        if key:
            found.append(Setting(key, templates.known(change[2]), line + number - 1))
    return found
