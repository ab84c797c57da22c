# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of scripts, units, tuned profiles and kubelet options that set sysctls."""

from __future__ import absolute_import, division, print_function

import re

from .sysctl_conf import canonical

__metaclass__ = type

MAX_LINE = 4096  # what stands further right in a line is not looked at, and MAX_BEFORE how much before a key is:
MAX_BEFORE = 512  # they bound the work on hostile text
_NAME = re.compile(r'[\w./-]+')
_COMMENT = re.compile(r'^\s*;|(?:^|[\s"\';])#')
_LOOKS_ON = re.compile(r'(?:^|[\s;&|(!])(?:[ef]?grep|sed|awk)\s[^;&|]*$')  # a line looked for or edited away, not set
_VALUE = re.compile(r'\s*=\s*["\']?((?:[^\s"\'`;&|)\],#\\]|,(?=\S))+(?:[ \t]+\d+(?![\d>]))*)')
_ECHO = re.compile(r'(?:echo|printf)\s+(?:-[neE]+\s+)*(["\']?)([^"\'|>$`]*?)\1\s*'
                   r'(?:\|\s*(?:sudo\s+)?tee\s.*|1?>>?\|?\s*["\']?)$')
_REDIRECT = re.compile(r'(?:>\|?|\btee\b[^|;&]*?)\s*["\']?$')
_UNSAFE = re.compile(r'allowedUnsafeSysctls["\']?:([^\n]*(?:\n[ \t]*[-#][^\n]*)*)'
                     r'|--allowed-unsafe-sysctls[ =]["\']?([^\s"\']+)')


def assignments(text, keys):
    """[(line, key, value or None)] of the `keys` (canonical) that shell text sets; None where the value is computed.

    Seen are `key=value` whatever stands before it (sysctl -w, a here document) except a search for it, and a
    redirection or tee into /proc/sys. Comments are not.
    """
    found = []
    leaves = set(key.rpartition('.')[2].replace('/', '.') for key in keys)
    for number, whole in enumerate(text.split('\n'), 1):
        if not any(leaf in whole for leaf in leaves):
            continue
        line = whole[:MAX_LINE].replace('\\n', '\n')  # echo -e 'a=1\nb=2'
        comment = _COMMENT.search(line)
        for name in _NAME.finditer(line, 0, comment.start() if comment else MAX_LINE):
            before, after = line[max(0, name.start() - MAX_BEFORE):name.start()], line[name.end():]
            path = name.group().lstrip('-')
            in_proc = path.startswith('/proc/sys/')
            key = canonical(path[10:] if in_proc else path)
            hit = key in keys and (_written(before) if in_proc else _assigned(before, after))
            if hit:
                found.append((number, key, hit[0]))
    return found


def _assigned(before, after):
    """(value or None,) where `after` begins with an assignment, else None."""
    found = None if _LOOKS_ON.search(before) else _VALUE.match(after)
    return found and (None if '$' in found.group(1) or '{' in found.group(1) else found.group(1),)


def _written(before):
    """(value or None,) where `before` writes into the file whose name follows it, else None."""
    if not _REDIRECT.search(before):
        return None
    echo = _ECHO.search(before)
    return (echo.group(2).strip() or None if echo else None,)


def sections(text):
    """[(section, line, name, value)] of an INI file such as tuned.conf; never an error."""
    found, section = [], ''
    for number, whole in enumerate(text.split('\n'), 1):
        line = whole.strip()
        name, equals, value = line.partition('=')
        if line.startswith('[') and line.endswith(']'):
            section = line[1:-1].strip()
        elif equals and line[0] not in '#;':
            found.append((section, number, name.strip(), value.strip()))
    return found


def unsafe_sysctls(text):
    """[(line, pattern)] of the sysctls a kubelet lets pods set; a pattern may end in `*`."""
    found = []
    for option in _UNSAFE.finditer(text):
        for pattern in re.finditer(r'\w[\w./*-]*', option.group(option.lastindex)):
            start = option.start(option.lastindex) + pattern.start()
            if not text[text.rfind('\n', 0, start) + 1:start].lstrip().startswith('#'):
                found.append((text.count('\n', 0, start) + 1, canonical(pattern.group())))
    return found
