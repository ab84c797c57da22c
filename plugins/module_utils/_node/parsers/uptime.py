# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The output of `uptime`: " 09:21:37 up 3 days,  4:05,  2 users,  load average: ..." (procps, busybox)."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Malformed
from .natural import SECONDS_MAX, natural

UNITS = {'day': 86400, 'days': 86400, 'hour': 3600, 'hours': 3600, 'min': 60, 'mins': 60, 'sec': 1, 'secs': 1}


def parse_uptime(text):
    """Seconds since boot, to the minute. Raises Malformed."""
    total = None
    for part in text.partition(' up ')[2].split(','):
        words = part.split()
        clock = words[0].split(':') if len(words) == 1 else []
        if len(words) == 2 and words[1] in UNITS and natural(words[0]) is not None:
            total = (total or 0) + natural(words[0]) * UNITS[words[1]]
        elif len(clock) == 2 and None not in map(natural, clock):
            total = (total or 0) + natural(clock[0]) * 3600 + natural(clock[1]) * 60
        else:
            break
    if total is None or total > SECONDS_MAX:
        raise Malformed('not the output of uptime')
    return float(total)
