# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What SysV init, upstart, ifupdown, modprobe and cron start, and what tmpfiles.d writes.

Commands are [(line, when, shell text)], when being `boot` or `event`.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .ini import joined
from .shell_words import is_name, unescaped

UP = ('up', 'pre-up', 'post-up')
DOWN = ('down', 'pre-down', 'post-down')
STANZAS = ('iface', 'auto', 'mapping', 'source', 'source-directory', 'no-auto-down', 'no-scripts', 'template', 'rename')
PERCENT = u'\0'  # a quoted one in a crontab
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


def crontab(text, with_user):
    """(variables, [(line, when, user, command)]) of crontab(5): `@reboot` is each boot. Without users it is root."""
    variables, found = {}, []
    for number, whole in enumerate(text.split('\n'), 1):
        line = whole.strip()
        name, equals, value = line.partition('=')
        if equals and name.strip() and is_name(name.strip()):
            variables[name.strip()] = value.strip().strip('"\'')
            continue
        if not line or line[0] == '#':
            continue
        times = 1 if line[0] == '@' else 5
        parts = line.split(None, times + bool(with_user))
        if len(parts) > times + bool(with_user):
            command = parts[-1].replace('\\%', PERCENT).partition('%')[0].replace(PERCENT, '%')
            when = 'boot' if parts[0] == '@reboot' else 'event'
            found.append((number, when, parts[times] if with_user else 'root', command))
    return variables, found


def anacrontab(text):
    """[(line, when, command)] of anacrontab(5): period, delay, name, command."""
    return [(number, 'event', line.split(None, 3)[3]) for number, line in joined(text)
            if len(line.split(None, 3)) == 4 and '=' not in line.split(None, 1)[0]]


def tmpfiles(text):
    """[(line, kind, path, value)] of the lines of tmpfiles.d(5) that write into a file, w, w+, f+, F, or that say
    something else of it, f, r, R, x, X: the first line for a path keeps others out. `!-=~^$` are put off the kind.
    """
    found = []
    for number, line in joined(text):
        words = line.split(None, 6) + [''] * 7
        kind = words[0].rstrip('!-=~^$')
        if kind in ('w', 'w+', 'f', 'f+', 'F', 'r', 'R', 'x', 'X'):
            found.append((number, kind, words[1].strip('"\''), unescaped(words[6]).replace('%%', '%')))
    return found
