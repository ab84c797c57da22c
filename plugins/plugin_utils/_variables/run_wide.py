# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that hold for the whole run: if hosts differed, the first host of the play would decide for all."""

from collections.abc import Collection, Iterator

from .._messages.message import Message, message
from .._text.escape import terminal
from .._text.values import Given
from . import names, specification
from .settings import Setting

ONE_FOR_ALL = (
    *('audit_report_dir', 'audit_formats', 'audit_records', 'audit_language', 'audit_fail_on', 'audit_skip'),
    *('audit_ignore_unreachable', 'audit_resume', 'remediate_batches', 'remediate_canary', 'remediate_max_hosts'),
    *('remediate_on_failure', 'remediate_plan_file', names.OWN),
)
#: Ansible evaluates `hosts:` of a play before it knows the variables of any host.
PATTERNS = ('audit_hosts', 'remediate_hosts', 'rollback_hosts', 'forget_hosts')
_ROLES = ('audit', 'safe_sysctl')
_UNSET = object()


def problems(
    settings: Collection[Setting], own: Collection[Setting], first: str, hosts: Collection[str], given: Collection[str]
) -> list[Message]:
    """One sentence for each variable that the inventory cannot set so.

    settings: what the inventory says (settings.distinct()); own: what the task sees, that is the host `first` with the
    defaults of the role and the variables of the play; hosts: all of the play; given: names of variables given with -e.
    """
    inventory: dict[str, list[Setting]] = {}
    for setting in settings:
        inventory.setdefault(setting.name, []).append(setting)
    seen = {setting.name: setting.value for setting in own}
    found = [_pattern(inventory[name]) for name in PATTERNS if name in inventory and name not in given]
    for name in ONE_FOR_ALL:
        if name in inventory:
            found += _disagreement(name, inventory[name], seen.get(name, _UNSET), first, len(hosts))
    return found


def _pattern(said: list[Setting]) -> Message:
    return message('variables/not-in-inventory', name=said[0].name, where=said[0].where)


def _disagreement(name: str, said: list[Setting], seen: Given, first: str, number: int) -> Iterator[Message]:
    try:
        values = [specification.check(name, setting.value, _ROLES) for setting in said]
        effective = _UNSET if seen is _UNSET else specification.check(name, seen, _ROLES)
    except ValueError:
        return  # is told as such
    of_first = [value for setting, value in zip(said, values, strict=True) if first in setting.hosts]
    if of_first and of_first[0] != effective:
        return  # the play itself sets it, for all hosts
    without = number - sum(len(setting.hosts) for setting in said)
    if all(value == effective for value in values) and not (without and of_first):
        return
    told = [
        message('variables/value-on', value=terminal(repr(value), 80), where=setting.where)
        for setting, value in zip(said, values, strict=True)
    ]
    if without:
        told.append(message('variables/none-on', number=without))
    yield message('variables/hosts-differ', name=name, values=told[:4])
