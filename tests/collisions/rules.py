# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of router and firewall, for nft and iptables."""

from __future__ import annotations

from .scenario import Scenario

#: Further addresses of the router, towards the server.
FURTHER = ['10.9.2.%d' % number for number in range(101, 141)]
#: Clocks of up to four clients: bits of the timestamp that are flipped on the way, 2^28 ms or 3 days apart.
CLOCK_SHIFT = 28


def nft(scenario: Scenario) -> str:
    """The router's rules."""
    flags = '' if scenario.choice == 'plain' else scenario.choice
    span = ':%d-%d' % scenario.ports if scenario.ports else ''
    some = FURTHER[: scenario.addresses]
    if len(some) == 1:
        verbs = ['masquerade' + (' to ' + span if span else '')]
    elif scenario.spread:
        left = range(len(some), 0, -1)
        verbs = [
            'numgen random mod %d < 1 snat to %s%s' % (many, own, span) for many, own in zip(left, some, strict=True)
        ]
    else:
        verbs = ['snat to %s-%s%s' % (some[0], some[-1], span)]
    rules = '\n'.join('oifname "out" ip protocol tcp %s %s' % (verb, flags) for verb in verbs)
    return 'table ip lab {\nchain post {\ntype nat hook postrouting priority 100;\n%s\n}\n}\n' % rules


def iptables(scenario: Scenario) -> list[str]:
    """The router's rule, as arguments."""
    flags = {'plain': [], 'random': ['--random'], 'fully-random': ['--random-fully']}[scenario.choice]
    span = ['--to-ports', '%d-%d' % scenario.ports] if scenario.ports else []
    return ['-t', 'nat', '-A', 'POSTROUTING', '-o', 'out', '-p', 'tcp', '-j', 'MASQUERADE', *span, *flags]


def clocks(clients: int, different: int) -> str:
    """Clients that booted at other times: their timestamps are shifted on the way out, and back on the way in."""
    lines = ['table ip clocks {']
    for hook, interface, field in (('prerouting', 'iifname', 'tsval'), ('postrouting', 'oifname', 'tsecr')):
        lines += ['chain %s {' % hook, 'type filter hook %s priority -300;' % hook]
        for number in range(clients):
            flipped = (number % different) << CLOCK_SHIFT
            if flipped:
                option = 'tcp option timestamp ' + field
                lines.append('%s "client%d" %s set %s ^ 0x%x' % (interface, number, option, option, flipped))
        lines.append('}')
    return '\n'.join([*lines, '}', ''])


def firewall(drops: str) -> str:
    """Handshakes that wait for their SYN-ACK are remembered; a bare ACK, or an RST, in between is dropped."""
    rule = {
        'nothing': '',
        'ack': 'iifname "far" tcp flags & (syn | ack | rst | fin) == ack ip daddr . tcp dport @asked drop',
        'rst': 'iifname "near" tcp flags & rst == rst ip saddr . tcp sport @asked drop',
    }[drops]
    return '\n'.join(
        [
            'table ip guard {',
            'set asked { type ipv4_addr . inet_service; flags dynamic,timeout; timeout 60s; size 65535; }',
            'chain forward {',
            'type filter hook forward priority 0;',
            'iifname "near" tcp flags & (syn | ack) == syn update @asked { ip saddr . tcp sport }',
            'iifname "far" tcp flags & (syn | ack) == syn | ack delete @asked { ip daddr . tcp dport }',
            rule,
            '}',
            '}',
            '',
        ]
    )
