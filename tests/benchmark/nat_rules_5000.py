# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The translation rules of a node with 5,000 rules: CPU of the reader and of the tools that it runs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator

from tests.collisions import lab

from . import node
from .results import Benchmark, BenchmarkError, Row, Samples
from .running import CHECKOUT, run

RULES, LOOKS = 5000, 5
# The reader alone, imports apart: on a node the program is there already.
PROGRAM = """
import json, resource, sys
sys.path.insert(0, sys.argv[1])
from _node.parsers import nat_rules
from _node.readers import translation, tree
def used():
    kinds = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return sum(each.ru_utime + each.ru_stime for each in map(resource.getrusage, kinds))
before, unavailable = used(), {}
found = translation.observe(tree.Tree('/'), unavailable)
print(json.dumps({'cpu_s': used() - before, 'rules': found, 'unavailable': unavailable}))
"""


def missing() -> str:
    """What keeps this machine from it."""
    return lab.missing('iptables') or (
        '' if shutil.which('iptables-restore') else 'needs iptables-restore, of iptables'
    )


def _services() -> Iterator[int]:
    """A service of kube-proxy with one end has five rules of iptables, four of nft."""
    return iter(range(RULES // 5))


def kube_proxy() -> str:
    """As kube-proxy writes them for iptables: one rule of all translates."""
    lines = ['*nat', ':KUBE-POSTROUTING - [0:0]', ':KUBE-SERVICES - [0:0]', ':KUBE-MARK-MASQ - [0:0]']
    for service in _services():
        lines += [':KUBE-SVC-%016X - [0:0]' % service, ':KUBE-SEP-%016X - [0:0]' % service]
    lines += ['-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN']
    lines += ['-A KUBE-POSTROUTING -m comment --comment "traffic requiring SNAT" -j MASQUERADE --random-fully']
    for service in _services():
        address, name = '10.96.%d.%d' % divmod(service, 256), '-m comment --comment "shop/service-%d:http"' % service
        lines += [
            '-A KUBE-SERVICES -d %s/32 -p tcp %s -m tcp --dport 80 -j KUBE-SVC-%016X' % (address, name, service),
            '-A KUBE-SVC-%016X ! -s 10.244.0.0/16 -d %s/32 -p tcp %s -j KUBE-MARK-MASQ' % (service, address, name),
            '-A KUBE-SVC-%016X %s -j KUBE-SEP-%016X' % (service, name, service),
            '-A KUBE-SEP-%016X -s 10.244.1.2/32 %s -j KUBE-MARK-MASQ' % (service, name),
            '-A KUBE-SEP-%016X -p tcp %s -m tcp -j DNAT --to-destination 10.244.1.2:80' % (service, name),
        ]
    return '\n'.join([*lines, 'COMMIT', ''])


def snat() -> str:
    """Each rule translates, to a few addresses."""
    rule = '-A POSTROUTING -s 10.%d.%d.0/24 -o eth0 -p tcp -j SNAT --to-source 192.0.2.%d:1024-65535 --random-fully'
    lines = [rule % (*divmod(number, 256), number % 10 + 1) for number in range(RULES)]
    return '\n'.join(['*nat', *lines, 'COMMIT', ''])


def kube_proxy_of_nft() -> str:
    """As kube-proxy writes them for nft."""
    lines = ['table ip kube-proxy {', 'chain mark-it { meta mark set meta mark or 0x4000; }']
    for service in range(RULES // 4):
        one, other = divmod(service, 256)
        lines += ['chain end-%d {' % service, 'ip saddr 10.1.%d.%d jump mark-it' % (one, other)]
        lines += ['meta l4proto tcp dnat to 10.244.%d.%d:80' % (one, other), '}', 'chain service-%d {' % service]
        lines += ['ip daddr 10.9.%d.%d ip saddr != 10.244.0.0/16 jump mark-it' % (one, other)]
        lines += ['numgen random mod 1 vmap { 0 : goto end-%d }' % service, '}']
    lines += ['chain masquerading { masquerade fully-random; }', 'chain nat-postrouting {']
    lines += ['type nat hook postrouting priority 100;', 'jump masquerading', '}', '}', '']
    return '\n'.join(lines)


SHAPES: tuple[tuple[str, Callable[[], str], tuple[str, ...]], ...] = (
    ('kube-proxy, iptables', kube_proxy, ('iptables-restore',)),
    ('SNAT, iptables', snat, ('iptables-restore',)),
    ('kube-proxy, nft', kube_proxy_of_nft, ('nft', '-f', '-')),
)


def measure() -> list[Row]:
    samples = [_shape(name, rules(), restore) for name, rules, restore in SHAPES]
    worst = max(samples, key=lambda each: each.median)
    against = 'CPU of reader and tools, median of %d: %s' % (LOOKS, worst.what)
    return [Row('nat_rules_5000_cpu_s', worst.median, 's', 0.3, against, tuple(samples))]


def _shape(name: str, rules: str, restore: tuple[str, ...]) -> Samples:
    with lab.Node() as inside:
        inside.run(*restore, stdin=rules)
        look = ['nsenter', '--target', str(inside.pid), '--net', node.python(), '-S', '-c', PROGRAM]
        answers = [
            json.loads(run([*look, str(CHECKOUT / 'plugins' / 'module_utils')]).output) for _look in range(LOOKS)
        ]
    for answer in answers:
        if answer['unavailable'] or answer['rules'][0]['flags'] != ['fully-random']:
            raise BenchmarkError('%s: %s' % (name, answer))
    return Samples('%s, CPU s' % name, tuple(answer['cpu_s'] for answer in answers))


BENCHMARK = Benchmark(('nat_rules_5000_cpu_s',), measure, missing)
