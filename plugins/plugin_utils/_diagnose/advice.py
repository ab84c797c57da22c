# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do next, by cause: a message, and a command where there is one. Pure."""

import json
import shlex
from collections.abc import Sequence
from typing import Any

from ...module_utils._node.parsers.nat_rules import chooses_ports
from .._messages.message import Message, message
from .._shapes.attempts import Advice, CollisionTold, Goal, Held, Translator
from .facts import RECYCLE, RFC1337

Json = dict[str, Any]


def following(
    cause: str, goal: Goal, port: int, inventory: Sequence[str] = (), met: CollisionTold | None = None
) -> list[Advice]:
    """[{'text', 'command' or None}] for a destination as plan.destination() found it; the first one first.

    inventory: the words that name it to the programs of Ansible, none where they find it themselves; met: what became
    of attempts that met TIME_WAIT.
    """
    given = ''.join(' %s' % shlex.quote(word) for word in inventory)
    if cause == 'time_wait_collision':
        steps = [*_held(met['held_by'] if met else None, goal, given), *_collision(goal, given, met and met['snat'])]
    else:
        known = PER_NAMESPACE if cause == 'per_host_paws' and _per_namespace(goal) else STEPS.get(cause, ())
        steps = [(text, _filled(command, goal, port, given)) for text, command in known]
    return [{'text': text, 'command': command} for text, command in steps]


_REMEDIATE = ('playbook', 'nodetcp.paws.remediate')
_KEEP_ADDRESSES = message('advice/keep-addresses')

#: ('playbook', NAME), ('verb', NAME), ('outer', NAME) of a verb on the host itself, or ('run', COMMAND) inside.
Command = tuple[str, str]
#: (what to do, command or None).
Steps = tuple[tuple[Message, Command | None], ...]

#: What ends per_host_paws on 4.11, where each namespace has a tcp_tw_recycle of its own (KERNEL: 4.11
#: sysctl_net_ipv4.c:1084).
PER_NAMESPACE: Steps = ((message('advice/recycle-off-each'), _REMEDIATE), (_KEEP_ADDRESSES, None))

#: By cause.
STEPS: dict[str, Steps] = {
    'per_host_paws': ((message('advice/recycle-off'), _REMEDIATE), (_KEEP_ADDRESSES, None)),
    'accept_queue': ((message('advice/accept-faster'), ('run', 'ss -ltn sport = :%(port)d')),),
    'syn_queue': ((message('advice/who-sends'), ('verb', 'syn_info')),),
    'service_down': ((message('advice/start-service'), ('run', 'ss -ltnp')),),
    'answer_lost': ((message('advice/way-back'), None),),
    'dropped_unseen': (
        (message('advice/packet-filter'), ('run', 'nft list ruleset')),
        (message('advice/without-nft'), ('run', 'iptables-save -c')),
    ),
    'client_side': ((message('advice/client-ports'), None),),
    'tracking_drops': ((message('advice/more-tracking'), None),),
    'lost_before': ((message('advice/host-sees'), ('outer', 'syn_info')), (message('advice/between'), None)),
    'unknown': ((message('advice/try-longer'), None),),
}

KEEP_PORTS = message('advice/keep-ports')
#: What helps where SYNs meet TIME_WAIT, in the order of what was measured (docs/guides/collisions.md).
AGAINST_COLLISIONS = (
    KEEP_PORTS,
    message('advice/more-ports'),
    message('advice/client-closes'),
    message('advice/no-snat'),
    message('advice/one-clock'),
)


def _per_namespace(goal: Goal) -> bool:
    """Whether tcp_tw_recycle is each namespace's own there; without a release, whether a container sees one."""
    version, match = goal['kernel'].get('version'), goal['match']
    if version:
        return bool(list(version[:2]) == [4, 11])
    seen = match['sysctls'].get(RECYCLE)
    return match['kind'] != 'host' and seen is not None and seen['scope'] == 'namespace'


def _filled(command: Command | None, goal: Goal, port: int, given: str) -> str | None:
    if command is None:
        return None
    kind, words = command
    host = shlex.quote(goal['host'])
    if kind == 'playbook':
        return 'ansible-playbook %s --limit %s -b%s' % (words, host, given)
    if kind == 'run':
        # raw needs no Python, and that of the node may be too old for the modules of Ansible
        inside = _inside(goal, words % {'port': port} if '%' in words else words)
        return _adhoc(given, host, 'ansible.builtin.raw', inside)
    look: Json = {'port': port, 'duration': 10}
    if kind == 'verb' and goal['match']['kind'] != 'host':
        look['namespace'] = goal['match']['key']
    return _verb(given, host, words, look)


def _collision(goal: Goal, given: str, box: Translator | None) -> list[tuple[Message, str | None]]:
    others = [(said, _rules(box, given) if said is KEEP_PORTS else None) for said in AGAINST_COLLISIONS]
    strict = goal['match']['sysctls'].get(RFC1337)
    if strict is None or strict['value'] in (None, '0'):
        return list(others)
    arguments: Json = {'settings': {RFC1337: '0'}}
    if goal['match']['kind'] != 'host':
        arguments['namespaces'] = [goal['match']['key']]
    command = _verb(given, shlex.quote(goal['host']), 'sysctl_policy', arguments)
    return [(message('advice/reset-ends'), command), *others]


def _rules(box: Translator | None, given: str) -> str | None:
    """The command that shows the rules of the SNAT where they stand, if it is one of the hosts and has some."""
    if box is None or not box['rules']:
        return None
    tool = sorted(box['rules'], key=lambda rule: not chooses_ports(rule))[0]['tool']
    shown = 'nft list ruleset' if tool == 'nft' else '%s-save -t nat' % tool
    return _adhoc(given, shlex.quote(box['host']), 'ansible.builtin.raw', shown)


def _held(held: Held | None, goal: Goal, given: str) -> list[tuple[Message, str | None]]:
    """What drops the old ACK or the reset that answers it: where to look first."""
    if held == 'reset_dropped':
        rules = _adhoc(given, shlex.quote(goal['host']), 'ansible.builtin.raw', _inside(goal, 'nft list ruleset'))
        return [(message('advice/reset-passes-there'), rules)]
    if held == 'reset_lost':
        return [(message('advice/reset-passes'), None)]
    return [(message('advice/ack-passes'), None)] if held == 'ack_lost' else []


def _verb(given: str, host: str, verb: str, arguments: Json) -> str:
    return _adhoc(given, host, 'nodetcp.paws.%s' % verb, json.dumps(arguments))


def _adhoc(given: str, host: str, module: str, arguments: str) -> str:
    return 'ansible %s -b -m %s -a %s%s' % (host, module, shlex.quote(arguments), given)


def _inside(goal: Goal, command: str) -> str:
    """The command in the destination's namespace."""
    pid = goal['match'].get('pid')
    return 'nsenter -t %d -n %s' % (pid, command) if pid else command
