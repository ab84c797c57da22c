# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a node: its words, each list worst first since the order is the meaning, and its findings."""

from typing import Annotated, Literal, TypedDict

from .._messages.message import Said
from .marks import ADDED, OPEN, Natural, NotRequired, Positive, Range
from .record import Container, Kind, KubeProxy, Line, Via
from .said import Spoken

Class = Literal['dropping', 'exposed', 'impaired', 'latent', 'unknown', 'stale', 'advisory', 'clean']
Severity = Literal['critical', 'high', 'medium', 'low', 'info']
Exposure = Literal['exposed', 'masked', 'latent', 'unknown', 'none']
Evidence = Literal['active', 'past', 'unknown', 'none', 'impossible']
Profile = Literal['server', 'client', 'proxy', 'k8s_node']
Reader = Literal['systemd', 'procps', 'initscripts']
#: What was not seen, in the order in which reports name it. loading: how sysctl files are loaded is not modelled. The
#: second look is known to the report alone (_report/entries.py).
Part = Literal[
    'processes',
    'namespaces',
    'settings',
    'sysctl_files',
    'loading',
    'writers',
    'counters',
    'conntrack',
    'peers',
    'second_look',
    'other',
]
#: Run as root; audit the machine whose part this node is; take more into the capture.
Cure = Literal['root', 'host', 'capture']
#: What a setting is: a number where the kernel takes one.
Value = int | str | None


class TakeOut(TypedDict):
    """A place that sets another value after the sysctl files, or on an event."""

    kind: str
    file: str
    line: int | None


class Fix(Spoken, total=False):
    """What to do: text is all of it in one line, in English; messages says the same as data. Without sysctl there is
    only the text."""

    text: Said | None
    sysctl: str | None
    value: Value
    minimum: Value
    absent: bool
    report_only: bool
    where: Literal['node', 'host', 'namespace'] | None
    running: str | None
    take_out_of: list[TakeOut]


class WaivedUntil(TypedDict):
    reason: str
    expires: Annotated[str | None, ADDED]


#: The name of the class is a word of Python.
Classed = TypedDict('Classed', {'class': Class})


class Finding(Classed):  # pylint: disable=inherit-non-class
    """What a rule found in a network namespace, or on the node."""

    rule: Annotated[str, 'Id in the catalogue.']
    title: Said
    severity: Severity
    active: bool
    namespace: str | None
    evidence: Annotated[
        dict[str, object],
        'The values the rule saw; more_findings is the number of findings like this one, in other namespaces, that are '
        'not listed. Sentences among them have their messages beside them, also inside.',
    ]
    why: Said
    fix: Annotated[Fix | None, OPEN]
    references: list[str]
    waived: Annotated[WaivedUntil | None, 'A waived finding does not count for the verdict.']


class Window(TypedDict):
    """What the counters did between two looks."""

    seconds: Annotated[float, Range(above=0)]
    rises: Annotated[dict[str, Positive], 'Counters that rose, by Group.Name.']


class JudgedNamespace(TypedDict):
    """A network namespace as the verdict sees it."""

    window: Annotated[
        NotRequired[Window | None], 'What the counters did between two looks; null without a second look.'
    ]
    id: str | None
    key: str | None
    kind: Kind
    container: Annotated[Container | None, OPEN]
    count: Annotated[Positive, 'Namespaces alike in everything that matters that this entry stands for.']
    exposure: Exposure
    evidence: Evidence


class Setter(TypedDict):
    """What sets a sysctl. module: of a line that a boot reads before that is known to load, which brings the key."""

    module: NotRequired[str]
    by: Annotated[str, 'sysctl for a line of a sysctl file, else the kind of the program.']
    file: str
    line: int | None
    value: Annotated[Value, 'null where it is computed when the program runs, or where nobody knows whether it is set.']


class SettingPlace(TypedDict, total=False):
    """A place that the evidence of a finding names. Rules of users name theirs as they like: only `file` is a text."""

    file: str
    line: object
    by: object
    kind: object
    key: object
    value: object
    when: object
    moment: object
    via: object


class NextBoot(TypedDict):
    """Evidence of a finding on the next boot: the values that this reader, or an event, brings."""

    reader: str
    lines: dict[str, Setter]


class Answer(Setter):
    """Who decides a sysctl at the next boot."""

    readers: list[Reader]
    losers: Annotated[list[Setter], 'What ran before and lost.']


class LateLine(Line):
    """Evidence of a finding: the line that sets the key may be read before the module is loaded."""

    key: str
    module: str


class DecidingWriter(TypedDict):
    """A writer of a record with the value as a number where it is one."""

    line: NotRequired[int | None]
    when: NotRequired[str]
    moment: NotRequired[str]
    via: NotRequired[Via]
    kind: str
    file: str
    key: str
    value: Value


class Impact(TypedDict):
    """Who is hit: namespaces, their containers and listeners, and the peers that are armed in them."""

    namespaces: list[str]
    containers: Annotated[list[Container], OPEN]
    listeners: list[str]
    peers: list[str]


class Unseen(TypedDict):
    """A part that the verdict rests on and that was not seen."""

    part: Annotated[
        Part,
        'namespaces: those that could not be entered; settings: running values; loading: how sysctl files are loaded '
        'is not known; writers: other files that may set sysctls.',
    ]
    number: Annotated[Natural | None, 'How many were not seen; null where nobody counted.']
    of: Annotated[Natural | None, 'Of how many.']
    cure: Annotated[
        Cure | None,
        'What helps: to run as root, to audit the machine that this node is a part of, a larger capture; null where '
        'none of these.',
    ]


class BehindSnat(TypedDict):
    """Pods whose source address the node translates, a few of them by name, and the owners of the rules."""

    number: Natural
    names: list[str]
    by: list[str]


class Cluster(TypedDict):
    """What a node of Kubernetes does with addresses, as far as it could be told."""

    kube_proxy: KubeProxy | None
    behind_snat: BehindSnat | None


class Verdict(TypedDict):
    """What verdict.judge makes of a record; worst first everywhere. watch: whether a second look would tell more."""

    verdict: Class
    exposure: Exposure
    evidence: Evidence
    impact: Impact
    findings: list[Finding]
    namespaces: list[JudgedNamespace]
    next_boot: dict[str, list[Answer]]
    watch: bool
    summary: Said
    cluster: Cluster | None
