# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a run: what audit.json holds. docs/audit.schema.json is made from these types (tools/audit_schema.py).

A field that is written from now on is ADDED, so that a report of an earlier version can still be read.
"""

from typing import Annotated, Literal, TypedDict, get_args

from .._messages.catalogue import LANGUAGES
from .._messages.message import Said
from .diagnosis import Diagnosis
from .forecast import DecidedForecast
from .marks import ADDED, OPEN, Length, Natural, NotRequired, Pattern, Positive, Time, Words
from .record import Kernel, RecordedSet, Source
from .remediation import Done, Proposal, RemediationPart, WhyNot
from .said import Messages, Spoken
from .verdict import (
    Answer,
    Class,
    Classed,
    Cluster,
    Evidence,
    Exposure,
    Finding,
    Impact,
    JudgedNamespace,
    Part,
    Profile,
    Unseen,
)

Status = Literal['ok', 'failed', 'unreachable', 'skipped']
#: Worse verdict; a finding, or a host with one, that was not there; audited then and not now; only better; the same.
ChangeWord = Literal['worse', 'new', 'unaudited', 'fixed', 'unchanged']

#: The form of the id of a run, and an example.
RUN_ID = (r'\d{8}T\d{6}Z-[0-9a-f]{8}', '20261130T050000Z-0123abcd')
#: The class from which on hosts end a run as failed, worst first.
FailOn = Literal['none', Class]
#: Changes that end a run as failed.
GateWord = Literal['none', 'worse', 'new']


class Gate(TypedDict):
    """What ended this run as failed: the variables as it was given them. audit_ignore_unreachable is that of an audit,
    report_gate and report_hosts those of report.yml."""

    audit_ignore_unreachable: NotRequired[bool]
    report_gate: NotRequired[GateWord]
    report_hosts: Annotated[
        NotRequired[Natural], 'How many hosts report_hosts asked for; missing where it was not set.'
    ]
    audit_fail_on: FailOn


class MergedRun(TypedDict):
    """One of the runs that a merged report is made of."""

    id: str
    started: Time
    finished: Time
    hosts: Natural


class Repeated(TypedDict):
    """Hosts that more than one of the merged runs has: each is taken from the newest run that came to it."""

    hosts: Natural
    named: Annotated[list[str], 'The first of them.']


class Run(TypedDict):
    """The run that the report is of."""

    language: Annotated[NotRequired[str], Words(LANGUAGES), 'Language of the page that was made with this document.']
    merged: Annotated[NotRequired[list[MergedRun]], 'The runs that a merged report is made of.']
    repeated: NotRequired[Repeated]
    commands: Annotated[
        NotRequired[dict[str, str]],
        'How to audit hosts, to change them and to undo that, the way this run was started, on a shell and without '
        '--limit; missing where merged runs were started in different ways.',
    ]
    gate: NotRequired[Gate]
    id: Annotated[
        str,
        Pattern(*RUN_ID),
        'UTC time and random hex; the same for all reports of one run.',
    ]
    started: Time
    finished: Time
    collection_version: str
    ansible_version: Annotated[str, 'Version of ansible-core on the controller.']
    playbook: Annotated[str | None, 'As given to ansible-playbook.', ADDED]
    hosts: Annotated[
        str | None,
        'The pattern of the play, as audit_hosts and remediate_hosts take it; null for all hosts of the inventory.',
        ADDED,
    ]
    limit: Annotated[str | None, 'The value of --limit.', ADDED]
    check_mode: Annotated[bool, ADDED]
    pending: Annotated[
        Natural,
        'Hosts that the play had yet to come to when this was written: 0 at the end of a run.',
        ADDED,
    ]


class Summary(TypedDict):
    """Numbers of hosts."""

    hosts: Annotated[Natural, 'Number of entries in hosts.']
    verdicts: Annotated[dict[Class, Natural], 'Hosts by class. Skipped ones do not count.']
    statuses: dict[Status, Natural]
    partly_seen: Annotated[
        Natural,
        'Hosts with an entry in unseen. Their class stands, and does not rest on all of the host.',
        ADDED,
    ]
    worst: Annotated[Class | None, 'The worst class; null when no host was audited.']


class Changed(TypedDict):
    """What changed on a host since the report compared with."""

    change: ChangeWord
    was: Annotated[
        str | None,
        'The verdict then, or the status of a host that was not audited; null for a host that was not there.',
    ]
    rules: Annotated[
        list[str],
        'Rules that found something now and did not then; for a fixed host those that no longer do.',
    ]


class Host(Spoken):
    """A host of the play, or an offline record."""

    second_look: Annotated[
        NotRequired[Literal['failed', 'unreachable']],
        "How the second look ended that gave no verdict, so that the first one's stands; missing otherwise.",
    ]
    next_boot: Annotated[
        NotRequired[dict[str, list[Answer]]],
        'Of each sysctl that something sets, who decides it at the next boot: one answer where all readers of sysctl '
        'files agree.',
    ]
    unreported: Annotated[
        NotRequired[Literal[True]], 'None of the merged reports has this host, for which report_hosts asked.'
    ]
    proposal: Annotated[NotRequired[Proposal], ADDED]
    forecast: NotRequired[DecidedForecast]
    remediation: NotRequired[Done]
    change: NotRequired[Changed]
    name: Annotated[str, Length(4096, 1), 'Name in the inventory, or the name of the record file without its suffix.']
    groups: list[str]
    status: Status
    reason: Annotated[Said | None, 'Why the host is not ok; for one that is ok, why its second look is missing.']
    verdict: Annotated[Class, 'Class of a host, worst first.']
    summary: Annotated[Said, 'The one line a person needs.']
    exposure: Annotated[Exposure, 'Worst of the namespaces.']
    evidence: Annotated[Evidence, 'Worst of the namespaces.']
    impact: Impact
    findings: list[Finding]
    namespaces: list[JudgedNamespace]
    kernel: Annotated[Kernel | None, OPEN, 'kernel of the node record; null without one.']
    source: Annotated[
        Source | None,
        OPEN,
        'source of the node record, with file (path on the controller) for an offline record; null without one.',
    ]
    unavailable: Annotated[dict[str, str], 'What could not be looked at, with the reason.']
    unseen: Annotated[
        list[Unseen],
        Length(len(get_args(Part))),
        'Of what is unavailable, the parts that the verdict rests on; empty for a host that was seen in full.',
        ADDED,
    ]
    profile: Profile | None
    cluster: NotRequired[Cluster]
    change_set: Annotated[
        str | None,
        'The newest change set of this collection that is in force on the host; null where there is none to undo.',
        ADDED,
    ]


class Observed(TypedDict, total=False):
    """What a look at a host gave, of which its entry is made: what paws_audit returns, or an offline record judged."""

    verdict: Class
    summary: Said
    exposure: Exposure
    evidence: Evidence
    impact: Impact
    findings: list[Finding]
    namespaces: list[JudgedNamespace]
    next_boot: dict[str, list[Answer]]
    kernel: Kernel
    source: Source
    unavailable: dict[str, str]
    unseen: list[Unseen]
    profile: Profile
    cluster: Cluster | None
    change_sets: list[RecordedSet]
    messages: Messages


class Baseline(TypedDict):
    """The run that this one is compared with."""

    id: str
    finished: Time


#: Entries of a report, and hosts that each of them names.
STEPS_MAX, NAMED = 50, 3
Way = Literal['fix', 'lower', 'hand', 'left', 'failed', 'unseen', WhyNot]


class Step(Classed, Spoken):  # pylint: disable=inherit-non-class
    """A group of hosts with one cause, and what ends it."""

    way: Annotated[
        Way,
        'fix: remediate.yml ends it; lower: it does with the remediate_min_severity that the commands have; hand: a '
        'person, since no plan ends it; left: the variables of the run leave it out; failed: a remediation failed; '
        'unseen: look again as root; else why there is no plan, see why_not of a proposal.',
    ]
    rule: Annotated[str | None, 'The rule that found it; null where no finding is the cause.']
    hosts: Positive
    named: Annotated[list[str], Length(NAMED, 1), 'The first of these hosts, the worst one at the beginning.']
    cause: Annotated[Said, 'One sentence; where the reason differs from host to host, that of the first named one.']
    action: Annotated[Said, 'What to do; where it differs from host to host, what to do on the first named one.']
    commands: Annotated[
        list[str], Length(2), 'Whole lines for a shell, in their order; none where a person has to do it.'
    ]


class Comparison(TypedDict):
    """How this report differs from an earlier one."""

    baseline: Baseline
    changes: Annotated[dict[ChangeWord, Natural], 'Hosts by change.']
    gone: Annotated[list[str], 'Hosts of the earlier report that this one does not have.']
    gone_audited: Annotated[
        list[str],
        'Those of gone that the earlier report had a verdict on: report_gate fails on them.',
        ADDED,
    ]


class Report(TypedDict):
    """The report of one run of the audit: every host of the play, worst first, then by name. Times are ISO 8601 in UTC
    unless said otherwise."""

    remediation: NotRequired[RemediationPart]
    comparison: NotRequired[Comparison]
    diagnoses: Annotated[NotRequired[list[Diagnosis]], Length(20), OPEN]
    schema: Literal[1]
    run: Run
    summary: Summary
    do_now: Annotated[
        list[Step],
        Length(STEPS_MAX),
        'What to do now, in the order of work: the worst class first, then what concerns more hosts. Hosts with the '
        'same cause that the same step ends are one entry.',
        ADDED,
    ]
    hosts: list[Host]
