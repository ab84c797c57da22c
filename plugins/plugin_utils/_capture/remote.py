# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collector of nodes without Python as it travels, and what it is called with."""

import functools
import math
import pathlib
import shlex

from ...module_utils._node.keys import NODE_SYSCTLS, path_of
from .._text.values import Values

SCRIPT = pathlib.Path(__file__).with_name('collect.sh')


@functools.cache
def bare() -> str:
    """The script without comments and empty lines: one argument has at most 128 KiB (execve(2))."""
    lines = SCRIPT.read_text(encoding='utf-8').split('\n')
    return '\n'.join(line.lstrip() for line in lines if line.strip() and line.lstrip()[:1] != '#')


def command(arguments: Values) -> str:
    """The command that prints a capture; arguments as those of `observe`: root, window, since, sysctls."""
    return shlex.join(['sh', '-c', bare(), 'collect.sh', *words(arguments)])


def words(arguments: Values) -> list[str]:
    """The arguments of the script for those of `observe`."""
    since = arguments.get('since') or {}
    window = max(0, math.ceil(float(arguments.get('window') or 0)))
    earlier = ['%d' % (since.get('uptime_s') or 0), since.get('boot_id') or ''] if since else ['', '']
    more = [path_of(key) for key in arguments.get('sysctls') or () if key not in NODE_SYSCTLS]
    return [str(arguments.get('root') or '/'), '%d' % window, *earlier, *more]
