# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What SysV init, upstart, ifupdown and modprobe start: [(line, when, shell text)], when being `boot` or `event`."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .ini import joined

UP = ('up', 'pre-up', 'post-up')
DOWN = ('down', 'pre-down', 'post-down')
STANZAS = ('iface', 'auto', 'mapping', 'source', 'source-directory', 'no-auto-down', 'no-scripts', 'template', 'rename')
NEVER_AT_BOOT = ('net-device-', 'control-alt-delete', 'power-status-changed', 'dbus', 'socket', 'file ')


def interfaces(text):
    """(names that are brought up at boot, [(line, name, word, command)], [(word, pattern) of sources]).

    interfaces(5) of ifupdown; `word` is one of UP and DOWN.
    """
    automatic, commands, sources, name = set(), [], [], ''
    for number, line in joined(text):
        word, _blank, rest = line.partition(' ' if ' ' in line.split('\t')[0] else '\t')
        rest = rest.strip()
        if word == 'auto' or word == 'allow-auto':
            automatic.update(rest.split())
        elif word in ('source', 'source-directory'):
            sources.append((word, rest))
        elif word in STANZAS or word.startswith('allow-'):
            name = rest.split()[0] if rest else ''
        elif word in UP + DOWN:
            commands.append((number, name, word, rest))
    return automatic, commands, sources


def upstart(text):
    """(variables, [(line, when, script)]) of an upstart job, init(5); none where nothing starts it."""
    starts, manual, variables = [], False, {}
    stanzas = _stanzas(text)
    for _number, words, _script in stanzas:
        if words[:2] == ['start', 'on']:
            starts.append(' '.join(words[2:]))
        elif starts and (words[0] in ('or', 'and') or words[0][0] == '('):
            starts.append(' '.join(words))
        elif words[0] == 'env' and '=' in ' '.join(words):
            name, _equals, value = ' '.join(words[1:]).partition('=')
            variables[name] = value.strip('"\'')
        manual = manual or words == ['manual']
    if manual or not starts:
        return variables, []
    rare = all(start.lstrip('( ').startswith(NEVER_AT_BOOT) for start in starts)
    jobs = []
    for number, words, script in stanzas:
        at_end = words[0] in ('pre-stop', 'post-stop')
        if script is not None:
            jobs.append((number, 'event' if at_end or rare else 'boot', script))
    return variables, jobs


def _stanzas(text):
    """[(line, words, script)]: script is what stands behind `exec` or up to `end script`, None for other stanzas."""
    found, script = [], None
    for number, whole in enumerate(text.split('\n'), 1):
        line = whole.strip()
        words = line.split()
        if script is not None:
            if words == ['end', 'script']:
                found[-1] = (found[-1][0], found[-1][1], '\n'.join(script))
                script = None
            else:
                script.append(whole)
        elif words and line[0] != '#':
            if words[-1] == 'script' and len(words) <= 2:
                script = []
                found.append((number + 1, words, None))
            else:
                runs = 'exec' in words[:2]
                found.append((number, words, line.partition('exec')[2].strip() if runs else None))
    return found


def inittab(text):
    """The processes of inittab(5)."""
    found = []
    for number, line in joined(text):
        parts = line.split(':', 3)
        if len(parts) == 4 and parts[2] in ('sysinit', 'boot', 'bootwait', 'wait', 'once', 'respawn', 'initdefault'):
            found.append((number, 'boot', parts[3].lstrip('+')))
    return found


def modprobe(text):
    """The `install` and `remove` commands of modprobe.d(5)."""
    found = []
    for number, line in joined(text):
        words = line.split(None, 2)
        if len(words) == 3 and words[0] in ('install', 'remove'):
            found.append((number, 'event', words[2]))
    return found
