# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do next, by cause: a sentence, and a command where there is one. Pure."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import shlex
from collections.abc import Sequence
from typing import Any

from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose.facts import RECYCLE, RFC1337

Json = dict[str, Any]


def following(cause: str, goal: Json, port: int, inventory: Sequence[str] = ()) -> list[Json]:
    """[{'text', 'command' or None}] for a destination as plan.destination() found it; the first one first.

    inventory: the words that name it to the programs of Ansible, none where they find it themselves.
    """
    given = ''.join(' %s' % shlex.quote(word) for word in inventory)
    if cause == 'time_wait_collision':
        steps = _collision(goal, given)
    else:
        known = PER_NAMESPACE if cause == 'per_host_paws' and _per_namespace(goal) else STEPS.get(cause, ())
        steps = [(text, _filled(command, goal, port, given)) for text, command in known]
    return [{'text': text, 'command': command} for text, command in steps]


_REMEDIATE = 'playbook nodetcp.paws.remediate'
_NO_SNAT = 'let clients keep their own addresses: no SNAT at the balancer, routing by policy back through it'

#: (what to do, command or None): "playbook NAME", "verb NAME" or "run COMMAND", which is run inside.
Steps = tuple[tuple[str, str | None], ...]

#: What ends per_host_paws on 4.11, where each namespace has a tcp_tw_recycle of its own (KERNEL: 4.11
#: sysctl_net_ipv4.c:1084).
PER_NAMESPACE: Steps = (
    (
        'switch tcp_tw_recycle off where PAWSPassive rose: on Linux 4.11 each namespace has its own, and remediate '
        'switches all of them off',
        _REMEDIATE,
    ),
    (_NO_SNAT, None),
)

#: By cause.
STEPS: dict[str, Steps] = {
    'per_host_paws': (
        (
            'switch tcp_tw_recycle off on the host: it acts at once, on its containers too (up to Linux 4.10)',
            _REMEDIATE,
        ),
        (_NO_SNAT, None),
    ),
    'accept_queue': (
        (
            'let the application accept faster, or raise its backlog and net.core.somaxconn; see which socket it is',
            'run ss -ltn sport = :%(port)d',
        ),
    ),
    'syn_queue': (('see who sends so many SYNs', 'verb syn_info'),),
    'service_down': (('start the service, or see where it listens', 'run ss -ltnp'),),
    'answer_lost': (
        ("look at the way back: the destination's route to the client, firewalls that did not see the SYN", None),
    ),
    'dropped_unseen': (
        ('see the rules of the packet filter there', 'run nft list ruleset'),
        ('where there is no nft', 'run iptables-save -c'),
    ),
    'client_side': (
        ("see what fills the client's ports: TIME_WAIT, ip_local_port_range; tcp_tw_reuse=1 helps there", None),
    ),
    'lost_before': (
        ('see whether SYNs come to the host itself', 'outer syn_info'),
        ('look at the firewalls, routes and balancers between', None),
    ),
    'unknown': (('try for longer: more attempts make more evidence (diagnose_count)', None),),
}


def _per_namespace(goal: Json) -> bool:
    """Whether tcp_tw_recycle is each namespace's own there; without a release, whether a container sees one."""
    version, match = goal['kernel'].get('version'), goal['match']
    if version:
        return bool(list(version[:2]) == [4, 11])
    scope: str | None = match['sysctls'].get(RECYCLE, {}).get('scope')
    return match['kind'] != 'host' and scope == 'namespace'


def _filled(command: str | None, goal: Json, port: int, given: str) -> str | None:
    if command is None:
        return None
    kind, _space, words = command.partition(' ')
    host = shlex.quote(goal['host'])
    if kind == 'playbook':
        return 'ansible-playbook %s --limit %s -b%s' % (words, host, given)
    if kind == 'run':
        return _adhoc(
            given, host, 'ansible.builtin.command', _inside(goal, words % {'port': port} if '%' in words else words)
        )
    look: Json = {'port': port, 'duration': 10}
    if kind == 'verb' and goal['match']['kind'] != 'host':
        look['namespace'] = goal['match']['key']
    return _verb(given, host, words, look)


def _collision(goal: Json, given: str) -> list[tuple[str, str | None]]:
    steps: list[tuple[str, str | None]] = []
    if goal['match']['sysctls'].get(RFC1337, {}).get('value') not in (None, '0'):
        arguments: Json = {'settings': {RFC1337: '0'}}
        if goal['match']['kind'] != 'host':
            arguments['namespaces'] = [goal['match']['key']]
        text = 'let a reset end TIME_WAIT again; for a container also where its sysctls are declared'
        steps.append((text, _verb(given, shlex.quote(goal['host']), 'sysctl_policy', arguments)))
    text = 'on the box that does SNAT: nf_conntrack_tcp_timeout_time_wait of at least 60, more ports or addresses'
    steps.append((text, None))
    steps.append(('no SNAT at all: routing by policy back through the balancer', None))
    return steps


def _verb(given: str, host: str, verb: str, arguments: Json) -> str:
    return _adhoc(given, host, 'nodetcp.paws.%s' % verb, json.dumps(arguments))


def _adhoc(given: str, host: str, module: str, arguments: str) -> str:
    return 'ansible %s -b -m %s -a %s%s' % (host, module, shlex.quote(arguments), given)


def _inside(goal: Json, command: str) -> str:
    """The command in the destination's namespace."""
    pid = goal['match'].get('pid')
    return 'nsenter -t %d -n %s' % (pid, command) if pid else command
