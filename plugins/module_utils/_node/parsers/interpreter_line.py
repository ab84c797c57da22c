# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first line of a script: #!INTERPRETER (execve(2))."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

SHELLS = ('sh', 'bash', 'dash', 'ash', 'ksh', 'zsh', 'busybox', 'openrc-run', 'runscript')


def foreign(text):
    """Whether a script is written for another interpreter than a shell."""
    if not text.startswith('#!'):
        return False
    words = text[2:256].partition('\n')[0].split() or ['sh']
    name = words[0].rpartition('/')[2]
    if name == 'env':
        name = ([word for word in words[1:] if word[0] != '-' and '=' not in word] or ['sh'])[0]
    return name not in SHELLS
