# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a play must be like for the safety of a remediation to hold: variables and keywords that go together. Pure."""

from collections.abc import Collection

from .._messages.message import Message, message
from .._text.values import Given

#: What only the playbook does: limits and gates, and the order of the hosts.
_GATES = ('remediate_max_hosts', 'remediate_plan_file', 'remediate_on_failure')
_ORDER = ('remediate_batches', 'remediate_canary')


def problems(given: Collection[tuple[str, object]], strategy: str, own_play: bool) -> list[Message]:
    """Sentences, each of which must keep the play from contacting a host.

    given: names and values of variables; strategy: of the play; own_play: whether it is a user's play with the role.
    """
    found = _without_effect(given, _GATES) if own_play else []
    if not strategy.endswith('linear') and strategy.rpartition('.')[2] != 'debug':
        found.append(message('variables/strategy', strategy=strategy))
    if ('remediate_on_failure', 'stop') in given and any(_waits(name, value) for name, value in given):
        found.append(message('variables/stop-and-confirm'))
    return found


def idle(given: Collection[tuple[str, object]]) -> list[Message]:
    """Sentences on variables that order the hosts in the playbook, and do nothing in a play with the role."""
    return _without_effect(given, _ORDER)


def _without_effect(given: Collection[tuple[str, object]], names: Collection[str]) -> list[Message]:
    found = dict.fromkeys(name for name, value in given if name in names and _asks(name, value))
    return [message('variables/no-effect', name=name) for name in found]


def _asks(name: str, value: Given) -> bool:
    """Whether the value asks for something that the role does not do anyway: it undoes the hosts that failed."""
    return bool(value) and str(value) not in ('0', 'host')


def _waits(name: str, value: Given) -> bool:
    """Whether hosts undo by themselves what is not confirmed; what is no number, others refuse."""
    return name == 'remediate_confirm_timeout' and str(value).strip().isdecimal() and int(str(value)) > 0
