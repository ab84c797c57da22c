# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of cron and anacron: text in, commands with the time when they run out, `boot` or `event`."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .ini import joined
from .shell_words import is_name

PERCENT = u'\0'


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
