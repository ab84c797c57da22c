# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many sockets go through TIME_WAIT within a time, by who made the connection.

What one look sees is no measure of that where TIME_WAIT lasts longer for some sockets than for others. A flow is
{'by', 'seconds', 'outgoing', 'incoming'}, by one of:

- 'age': TIME_WAIT lasts as long for all, so what remains of it tells when a socket entered it.
- 'looks': with tcp_tw_recycle it lasts 3.5 RTO (net/ipv4/tcp_minisocks.c tcp_time_wait()), which differs by peer and is
  0.7 s at least (TCP_RTO_MIN), and 60 s again after a late segment (tcp_timewait_state_process()). Looks that are less
  than 0.7 s apart see each socket at least once, and what an earlier look did not see has entered since. In the node's
  own namespace, while the window passes (tw_looks.py); then the flow has 'top' too, as TimeWaitCount.shown() has it.
- 'end': with tcp_tw_recycle after one look, the sockets that leave soon after it. As many leave as enter, whatever
  their lifetimes are; but those are few.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..keys import RECYCLE, REMOVED_FROM
from ..parsers.natural import natural
from ..parsers.time_wait_count import REST_S

TIME_WAIT_S = 60  # TCP_TIMEWAIT_LEN, include/net/tcp.h
TIMEOUT = 'net.ipv4.tcp_tw_timeout'  # of Alibaba's kernels
# Rests of sockets that leave 0.256 to 0.768 s after a look: below, there are also those whose timer is late.
LEAVING = (1, 3)


def varies(sysctls, version):
    """Whether TIME_WAIT may last longer for some sockets of a namespace: it recycles, or it cannot be seen that not."""
    found = (sysctls.get(RECYCLE) or {}).get('value')
    return found != '0' if found is not None else version is None or version[:2] < REMOVED_FROM[RECYCLE]


def rests(sysctls, version, seconds):
    """(by, seconds, lowest rest, end of the rests) of the sockets that a flow counts, or None where none can be had.

    seconds: those of the window; None where there is none.
    """
    if varies(sysctls, version):
        low, end = LEAVING
        return 'end', (end - low) * REST_S, low, end
    timeout = (sysctls.get(TIMEOUT) or {}).get('value') or ''
    lasts = natural(timeout)
    lasts = TIME_WAIT_S if lasts is None else lasts
    if not seconds or lasts >= 256 * REST_S:
        return None
    low = int(max(0, lasts - seconds) / REST_S)
    return 'age', lasts - low * REST_S, low, 256
