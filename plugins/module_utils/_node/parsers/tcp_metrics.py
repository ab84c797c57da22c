# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cache of timestamps per peer that the per-host PAWS rule asks (net/ipv4/tcp_metrics.c, 3.6 to 4.11).

From 4.12 the cache no longer holds stamps: entries then have neither `tsval` nor `age_s`.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import _socket as socket  # as in netlink.py
import re
import struct

from ..errors import Malformed
from .nlmsg import attributes

# include/uapi/linux/tcp_metrics.h
ATTR_ADDR_IPV4, ATTR_ADDR_IPV6, ATTR_TW_TSVAL, ATTR_TW_TS_STAMP = 1, 2, 4, 5
GENERIC_HEADER = 4  # struct genlmsghdr
PAWS_MSL = 60  # include/net/tcp.h TCP_PAWS_MSL: seconds for which a stamp counts
STAMP = re.compile(r' tw_ts ([0-9]{1,10})/([0-9]{1,10}) ?(?:sec )?ago')


def parse_message(payload):
    """{'address', 'tsval', 'age_s'} of one message of the generic netlink dump; tsval and age_s None without a stamp.

    age_s is in whole seconds, as the kernel counts. Raises Malformed.
    """
    try:
        found = attributes(payload, GENERIC_HEADER)
    except ValueError as exc:
        raise Malformed(str(exc))
    for kind, family, size in ((ATTR_ADDR_IPV4, socket.AF_INET, 4), (ATTR_ADDR_IPV6, socket.AF_INET6, 16)):
        if len(found.get(kind, b'')) == size:
            return {'address': socket.inet_ntop(family, found[kind]), 'tsval': _number('=I', found.get(ATTR_TW_TSVAL)),
                    'age_s': _number('=i', found.get(ATTR_TW_TS_STAMP))}
    raise Malformed('an entry without an address')


def _number(form, raw):
    return struct.unpack(form, raw)[0] if raw is not None and len(raw) == 4 else None


def parse_shown(text):
    """The same of the output of `ip tcp_metrics show`, a list. Lines that show no entry are passed over."""
    from .addresses import is_address  # a look at the live node asks netlink
    entries = []
    for line in text.split('\n'):
        address = line.split(' ', 1)[0]
        if not is_address(address):
            continue
        stamp = STAMP.search(line)
        entries.append({'address': address, 'tsval': int(stamp.group(1)) if stamp else None,
                        'age_s': int(stamp.group(2)) if stamp else None})
    return entries


def armed(entries):
    """Those whose SYNs are at risk: [{'address', 'tsval', 'age_s', 'remaining_s'}], the longest remaining first.

    A SYN of the address with a timestamp older than tsval is dropped for remaining_s more seconds.
    """
    found = [dict(entry, remaining_s=PAWS_MSL - entry['age_s']) for entry in entries
             if entry['age_s'] is not None and 0 <= entry['age_s'] < PAWS_MSL]
    return sorted(found, key=lambda entry: (-entry['remaining_s'], entry['address']))
