# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node record, schema 1, and the sample of its counters: what `observe` returns (docs/report.md tells of both).

Absent is not zero is not unreadable: null is what the kernel lacks or nobody could read, `unavailable` has the reasons.
"""

from typing import Annotated, Literal, TypedDict

from .clients import CLIENTS_MAX, Address, Forecast, SeenClient, Translated
from .marks import Length, Natural, NotRequired, Positive, Seconds

NAMESPACES_MAX = 20_000
PEERS_MAX = 64
#: Writers, and lines that set one key: rules look through all of them for each namespace. The node sends 48 and 24.
PLACES_MAX = 64
ENDS_MAX = 1000

Kind = Literal['host', 'container', 'named', 'process']
#: Where a setting is one value for all: of the namespace, of the node; nowhere; or it could not be read.
Scope = Literal['namespace', 'host', 'absent', 'unreadable']
Cause = Literal['offset_per_connection', 'different_clocks', 'port_reuse', 'unknown']
#: Systems whose nodes a configuration from outside makes.
ImageSystem = Literal['flatcar', 'fedora-coreos', 'rhel-coreos', 'talos', 'bottlerocket', 'cos']
Counters = dict[str, int]


class Source(TypedDict, total=False):
    """Where a record comes from. uptime_s, collected_at: seconds, since the boot and since 1970."""

    root: str | None
    collected_at: Seconds | None
    uptime_s: Seconds | None
    boot_id: str | None
    python: str | None
    euid: Natural | None
    collection_version: str | None
    hostname: str | None
    file: str | None
    system: Annotated[ImageSystem, 'Of a node without Python: the image-based system that it is.']


class SourceOfRecord(Source):
    collector: Literal['live', 'capture', 'shell']


class Kernel(TypedDict, total=False):
    release: str | None
    version: Annotated[list[Natural], Length(4)] | None
    vendor: str | None


class Pod(TypedDict):
    """What Kubernetes calls a pod, as the names of its log directories or the API server say it."""

    namespace: str
    name: str
    containers: Annotated[list[str], Length(PLACES_MAX)]
    owner: Annotated[NotRequired[str | None], 'What made it, KIND/NAME such as Deployment/web: the API server told it.']


class ContainerTraits(TypedDict, total=False):
    runtime: str | None
    pod_uid: str | None
    pod: Pod | None


class Container(ContainerTraits):
    id: str


class NamedSpace(TypedDict):
    """A network namespace by what it is called."""

    id: str | None
    key: str
    kind: Kind
    name: str | None
    container: Container | None


class Sysctl(TypedDict):
    value: str | None
    scope: Scope


class CounterGroups(TypedDict, total=False):
    TcpExt: Counters | None
    Tcp: Counters | None


class Conntrack(TypedDict, total=False):
    count: Natural | None
    max: Natural | None
    drop: Natural | None
    early_drop: Natural | None
    insert_failed: Natural | None


class Line(TypedDict):
    """A line of a file that sets a key."""

    value: str | None
    file: str
    line: Natural | None


class Definition(TypedDict):
    form: NotRequired[str]
    file: str
    line: Natural | None
    value: str | None
    status: Literal['effective', 'shadowed', 'replaced', 'ignored', 'refused', 'transient']


class Effective(TypedDict, total=False):
    """The line that wins, by reader of sysctl files."""

    systemd: Line | None
    procps: Line | None
    initscripts: Line | None


class Persisted(TypedDict):
    """late: the module that brings the key, where nothing is known to load it before a boot reads the files."""

    late: NotRequired[str]
    effective: Effective
    definitions: Annotated[list[Definition], Length(PLACES_MAX)]


class Via(TypedDict, total=False):
    """What loads or runs the file of a writer."""

    file: str
    line: Natural | None


class Writer(TypedDict):
    """What sets a key besides sysctl files, in the order in which they run."""

    line: NotRequired[Natural | None]
    when: NotRequired[str]
    moment: NotRequired[str]
    via: NotRequired[Via]
    kind: str
    file: str
    key: str
    value: str | None


class Peer(TypedDict):
    """An address whose timestamps the kernel remembers, and for how long yet."""

    tsval: NotRequired[Natural | None]
    age_s: NotRequired[Natural | None]
    address: Address
    remaining_s: Natural


#: Local address, remote address, remote port, sockets.
Ends = tuple[Address, Address, Natural, Natural]
Destinations = Annotated[list[Ends], Length(ENDS_MAX)]


class Flow(TypedDict):
    """Sockets that came to TIME_WAIT within so many seconds, and how that is known."""

    top: NotRequired[Destinations]
    by: Literal['age', 'looks', 'end']
    seconds: float
    outgoing: Natural
    incoming: Natural


class Outgoing(TypedDict):
    sockets: Natural
    destinations: Natural
    exact: bool
    top: Destinations


class Incoming(TypedDict):
    """top: local port and sockets; clients: remote address and sockets."""

    sockets: Natural
    ports: Natural
    top: Annotated[list[tuple[Natural, Natural]], Length(ENDS_MAX)]
    clients: Annotated[list[tuple[Address, Natural]], Length(ENDS_MAX)]


class TimeWait(TypedDict):
    """The TIME_WAIT sockets of a namespace, by which side closed first."""

    flow: NotRequired[Flow | None]
    source: str
    sockets: Natural
    listening: Annotated[list[Natural], Length(ENDS_MAX)]
    outgoing: Outgoing
    incoming: Incoming


class Collided(TypedDict):
    """What a look at SYNs says of those that met a TIME_WAIT socket with a younger timestamp."""

    clients: Annotated[NotRequired[list[SeenClient]], Length(CLIENTS_MAX)]
    forecast: NotRequired[Forecast | None]
    address: Address
    cause: Cause
    connections: Natural
    ports: tuple[Natural, Natural]


class Pid(TypedDict):
    start: NotRequired[Natural | None]
    pid: Natural


class Addresses(TypedDict, total=False):
    local: list[str]
    listening: list[str]
    truncated: bool


class Namespace(TypedDict):
    """A network namespace, or `count` of them that are alike in all that matters; the node's own comes first."""

    id: NotRequired[str | None]
    name: NotRequired[str | None]
    device: NotRequired[int | None]
    members: NotRequired[list[str] | None]
    pids: NotRequired[list[Pid]]
    container: NotRequired[Container | None]
    also: NotRequired[list[Container] | None]
    addresses: NotRequired[Addresses | None]
    sockets: NotRequired[dict[str, int | None] | None]
    peers: NotRequired[Annotated[list[Peer], Length(PEERS_MAX)] | None]
    peers_total: NotRequired[Natural | None]
    time_wait: NotRequired[TimeWait | None]
    collided: NotRequired[Collided | None]
    key: str
    kind: Kind
    count: Positive
    sysctls: dict[str, Sysctl]
    counters: CounterGroups
    conntrack: Conntrack | None


class Translation(TypedDict):
    """A rule of the node that changes the source of what it forwards."""

    tool: Literal['nft', 'iptables', 'ip6tables']
    chain: str
    kind: Literal['masquerade', 'snat']
    flags: Annotated[list[Literal['random', 'fully-random', 'persistent']], Length(3)] | None
    ports: str | None
    to: str | None
    owner: str | None
    line: str
    count: Positive


class KubeProxy(TypedDict):
    """How Services work on a node: none where something else does it, and what tells that."""

    mode: Literal['iptables', 'nftables', 'ipvs', 'userspace', 'none']
    by: Literal['process', 'kernel']


class RecordedSet(TypedDict):
    """A change set of the node, in short; the newest comes first."""

    time: NotRequired[float | None]
    state: NotRequired[str | None]
    changes: NotRequired[Natural | None]
    id: str


class Hidden(TypedDict, total=False):
    """How many could not be seen, of how many."""

    processes: tuple[Natural, Natural]
    namespaces: tuple[Natural, Natural]


class Record(TypedDict):
    """What a node says of itself: the same from a live node, a captured tree, and the offline collector."""

    change_sets: NotRequired[list[RecordedSet]]
    translation: NotRequired[Annotated[list[Translation], Length(PLACES_MAX)] | None]
    translated: NotRequired[Translated | None]
    kube_proxy: NotRequired[KubeProxy | None]
    hidden: NotRequired[Hidden]
    schema: int
    source: SourceOfRecord
    kernel: Kernel
    namespaces: Annotated[list[Namespace], Length(NAMESPACES_MAX)]
    persisted: dict[str, Persisted]
    writers: Annotated[list[Writer], Length(PLACES_MAX)]
    unavailable: dict[str, str]


class Group(TypedDict):
    """The counters of namespaces that were alike, by their keys."""

    counters: NotRequired[CounterGroups]
    conntrack: NotRequired[Conntrack | None]
    members: list[str]


class Sample(TypedDict):
    """An earlier look at the counters, against which a record is held."""

    boot_id: NotRequired[str | None]
    uptime_s: NotRequired[Seconds | None]
    collected_at: NotRequired[Seconds | None]
    groups: Annotated[list[Group], Length(NAMESPACES_MAX)]
