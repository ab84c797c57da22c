# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entries of /proc/net/nf_conntrack whose source was translated and which are over, by destination. Pure.

    ipv4 2 tcp 6 118 TIME_WAIT src=10.9.1.2 dst=10.9.2.2 sport=394 dport=80 src=10.9.2.2 dst=10.9.2.1 sport=80 dport=305

The number before the state is the seconds left. The first four fields are the client's packets, the other four those
that answer them: these go to the translated address and port (net/netfilter/nf_conntrack_standalone.c ct_seq_show()).
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

ENTRY = re.compile(r' tcp +6 (\d+) TIME_WAIT src=(\S+) dst=\S+ sport=(\d+) dport=\d+ '
                   r'(?:packets=\d+ bytes=\d+ )?src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)')
RECENT_S = 10
DESTINATIONS_MAX, CLIENTS_MAX = 4096, 1024


class Destination(object):
    """What was translated on the way to one address and port."""

    def __init__(self):
        self.time_wait = self.recent = self.kept = 0
        self.clients, self.addresses = set(), set()

    def add(self, client, outside, kept, recent):
        """One entry. kept: the client's own port; recent: it entered TIME_WAIT in the last seconds."""
        self.time_wait += 1
        self.kept += kept
        self.recent += recent
        for known, one in ((self.clients, client), (self.addresses, outside)):
            if len(known) < CLIENTS_MAX:
                known.add(one)


def parse(text, timeout, top):
    """The `top` destinations with most entries in TIME_WAIT: [{'address', 'port', 'time_wait', 'per_s', 'clients',
    'addresses', 'kept'}].

    timeout: seconds that an entry stays in TIME_WAIT; per_s: connections that ended, a second, in the last RECENT_S;
    clients, addresses: different ones before and after translation; kept: entries with the client's own port.
    """
    found, recent_s = {}, max(1, min(RECENT_S, timeout))
    for left, client, own, server, outside, port, given in ENTRY.findall(text):
        end = server, port
        if client == outside or (end not in found and len(found) == DESTINATIONS_MAX):
            continue
        if end not in found:
            found[end] = Destination()
        found[end].add(client, outside, own == given, timeout - int(left[:9]) < recent_s)
    largest = sorted(found.items(), key=lambda each: (-each[1].time_wait, each[0]))[:top]
    return [{'address': end[0][:64], 'port': int(end[1][:5]), 'time_wait': each.time_wait,
             'per_s': round(each.recent / float(recent_s), 2), 'clients': len(each.clients),
             'addresses': len(each.addresses), 'kept': each.kept} for end, each in largest]
