# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a remediation plans and does on a host: changes, plan, proposal, outcome."""

from typing import Annotated, Literal, TypedDict

from .._messages.message import Said
from .forecast import DecidedForecast
from .marks import ADDED, Length, Natural, NotRequired, Pattern
from .record import ImageSystem
from .said import Spoken
from .verdict import Severity

State = Literal['changed', 'rolled back', 'state unknown', 'planned', 'untouched']
#: Why nothing is planned whatever was found: not audited, no live machine, a record from elsewhere, a node without
#: Python, a forecast.
WhyNot = Literal['lost', 'image', 'capture', 'offline', 'python', 'forecast']
ByHandKind = Literal['writer', 'container', 'other', 'wish']
BY_HAND_MAX = 32


class Change(Spoken):
    """A single change, made, undone or planned: what, before, after, why, and where it came from."""

    namespace: Annotated[NotRequired[str | None], 'host or the key of a namespace, for a running value.']
    overrides: Annotated[NotRequired[str], 'File of a package that this one replaces from now on.']
    what: Literal['running', 'persisted', 'disabled', 'removed']
    key: str
    file: str | None
    line: int | None
    before: str | None
    after: str | None
    reason: Said


class Left(Spoken):
    """A finding in scope that no setting of the node ends, and why."""

    rule: str
    reason: Said


class Plan(Spoken):
    """What a host needs, and every single change that this means there, as its node rehearsed it."""

    confirm_timeout: NotRequired[int]
    fixes: NotRequired[list[list[str | None]]]
    watch: NotRequired[bool]
    forecast: NotRequired[DecidedForecast | None]
    remedies: NotRequired[dict[str, dict[str, str]]]
    system: NotRequired[ImageSystem]
    settings: dict[str, str]
    absent: list[str]
    reasons: dict[str, str]
    refused: Said | None
    changes: list[Change]
    notes: list[Said]
    change_set: str
    kind: str
    left: list[Left]


class KeptPlan(TypedDict):
    """The plan of a host as a plan file keeps it."""

    remedies: NotRequired[dict[str, dict[str, str]]]
    kind: str
    settings: dict[str, str]
    absent: list[str]
    changes: list[Change]


class PlanFile(TypedDict):
    """The plan that a person approves."""

    schema: int
    hosts: dict[str, KeptPlan]


class FleetDecision(TypedDict):
    """What decisions.decide makes of the plans of all hosts."""

    change_set: str
    check_mode: bool
    planned: list[str]
    batches: list[list[str]]
    hosts: list[str]
    patterns: list[str]
    serial: list[int]
    stopped: dict[str, Said]
    refused: Said
    notes: list[Said]


class Conclusion(TypedDict):
    """What follows from a batch: whether the run stops, what failed, what is undone."""

    stop: bool
    failures: dict[str, Said]
    undo: list[str]


class StateOf(TypedDict):
    """How a host came out of a remediation."""

    state: Annotated[State, 'state unknown: it could not be reached since its change began.']
    reason: Annotated[Said | None, 'Why it is in that state; what went wrong.']


class Done(StateOf, Spoken):
    """What a remediation did on this host. Verdict and findings are those after it."""

    failed: Annotated[bool, 'Whether this host is a reason for the run to fail.']
    changes: list[Change]
    left: Annotated[list[Left], 'Findings in scope that no setting of the node ends.']
    undo: Annotated[str | None, 'The command that undoes it on this host.']


class RemediationPart(Spoken):
    """What a remediation did as a whole. Only in the report of a remediation."""

    change_set: Annotated[
        str,
        Pattern(r'[A-Za-z0-9][A-Za-z0-9._-]{0,63}', '20261130T050000Z-0123abcd'),
        'Id under which every host recorded its changes.',
    ]
    check_mode: Annotated[bool, ADDED]
    refused: Annotated[Said | None, 'Why the plan was not carried out.']
    states: Annotated[dict[str, Natural], 'Number of hosts by state.']
    undo: Annotated[str | None, 'The command that undoes the run.']


class ByHand(TypedDict):
    """Something that no plan ends, and what to do there."""

    by: Annotated[NotRequired[str | None], 'The kind of the writer.']
    file: NotRequired[str | None]
    line: NotRequired[int | None]
    key: NotRequired[str | None]
    value: Annotated[
        NotRequired[str | None], 'Of a writer what it sets, null where it computes that; of a container what to set.'
    ]
    when: NotRequired[str | None]
    via: Annotated[NotRequired[str | None], 'File and line of what loads the file.']
    minimum: Annotated[NotRequired[bool], 'Whether the value is the least that is wanted.']
    where: Annotated[NotRequired[list[str]], Length(3), 'Containers or network namespaces, some of them.']
    number: Annotated[NotRequired[Natural], 'How many network namespaces need it.']
    rule: NotRequired[str | None]
    kind: Annotated[
        ByHandKind,
        'writer: take a setting out of a place; container: set it inside; other: no setting ends the finding; wish: '
        'safe_sysctl_settings asks for another value.',
    ]


class Proposal(TypedDict):
    """What remediate.yml would do on the host."""

    why_not: Annotated[
        WhyNot | None,
        'Why it would change nothing, whatever was found: the host was not audited, it is an image, a captured tree or '
        'a record of the offline collector, it has no Python, or the forecast of the last remediation stopped it.',
    ]
    changes: Annotated[bool, 'Whether its plan would have changes.']
    ends: Annotated[list[str], 'The rules of which its plan would end a finding.', ADDED]
    severity: Annotated[
        Severity | None,
        'The remediate_min_severity with which the plan would have changes, or more of them; null where a lower one '
        'brings none.',
    ]
    by_hand: Annotated[list[ByHand], Length(BY_HAND_MAX), 'What no plan ends, and what to do there.']


class Held(TypedDict):
    """What a rollback holds back: where, and the value that it would have restored."""

    what: Literal['running', 'file']
    key: str | None
    namespace: str | None
    file: str | None
    line: int | None
    value: str | None


class Undone(Spoken, total=False):
    """The result of a task that undoes a change set, as far as it is told of."""

    changed: bool
    failed: bool
    unreachable: bool
    change_set: str | None
    restored: list[object]
    held: list[Held]
    notes: list[Said]
    msg: Said
