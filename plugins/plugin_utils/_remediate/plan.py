# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a run: what is going to be changed on which host, to be kept, approved and compared."""

import json
import os
import typing as t
from collections.abc import Mapping

from .._messages.message import Message, MessageError, message, told_by
from .._shapes.remediation import KeptPlan, Plan, PlanFile
from .._text import whole_file
from .._variables import user_settings

SCHEMA = 1
MAX_BYTES = 256 * 1024 * 1024
_SHOWN = 10


class PlanFileError(MessageError):
    """The plan file cannot be read or written, or is none; the message says why."""


def document(hosts: Mapping[str, Plan]) -> PlanFile:
    """The plan as it is kept: of each host that changes, its settings and every single change."""
    return {'schema': SCHEMA, 'hosts': {name: _kept(plan) for name, plan in hosts.items()}}


def _kept(plan: Plan) -> KeptPlan:
    kept: KeptPlan = {
        'kind': plan['kind'],
        'settings': plan['settings'],
        'absent': plan['absent'],
        'changes': plan['changes'],
    }
    return {**kept, 'remedies': plan['remedies']} if plan.get('remedies') else kept


def remedies(path: str, host: str) -> dict[str, dict[str, str]]:
    """{id: {key: value}}: what the approved plan sets on the host besides, because of its forecast.

    Raises PlanFileError.
    """
    try:
        kept = read(path)['hosts'].get(host)
        found = {} if kept is None else kept.get('remedies', {})
        return {str(name): user_settings.checked('remedy %s' % name, values) for name, values in found.items()}
    except (AttributeError, ValueError) as exc:
        raise PlanFileError(message('plan/not-a-plan', path=path, reason=told_by(exc))) from exc


def differences(approved: PlanFile, fresh: PlanFile) -> list[Message]:
    """One message for each host whose plan is not the approved one; none when they are the same."""
    before, now = approved['hosts'], fresh['hosts']
    found = [message('plan/new-host', host=name) for name in now if name not in before]
    found += [message('plan/idle-host', host=name) for name in before if name not in now]
    found += [message('plan/other-plan', host=name) for name in now if name in before and now[name] != before[name]]
    more = len(found) - _SHOWN
    return found[:_SHOWN] + ([message('plan/more-hosts', number=more)] if more > 0 else [])


def write(path: str, plan: PlanFile) -> None:
    """Keep the plan: for the eyes of a person, and the same plan gives the same bytes. Raises PlanFileError."""
    text = json.dumps(plan, indent=1, sort_keys=True) + '\n'
    try:
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        whole_file.replace(path, text)
    except OSError as exc:
        raise PlanFileError(message('plan/unwritten', path=path, reason=exc.strerror or str(exc))) from exc


def read(path: str) -> PlanFile:
    """The approved plan. Raises PlanFileError."""
    try:
        with open(path, 'rb') as handle:
            found = json.loads(handle.read(MAX_BYTES).decode('utf-8'))
    except OSError as exc:
        reason = exc.strerror or str(exc)
        raise PlanFileError(message('plan/unread', path=path, reason=reason)) from exc
    except (ValueError, RecursionError) as exc:
        raise PlanFileError(message('plan/not-a-plan', path=path, reason=told_by(exc))) from exc
    if not isinstance(found, dict) or found.get('schema') != SCHEMA or not isinstance(found.get('hosts'), dict):
        raise PlanFileError(message('plan/schema', path=path, schema=SCHEMA))
    return t.cast(PlanFile, found)
