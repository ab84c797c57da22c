# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the API server calls the pods of a node, and who owns them: NODE.pods beside NODE.capture. Pure.

Such a file is {uid: a pod as in _shapes/record.py}.
"""

import re
from collections.abc import Mapping

from .._shapes.record import Pod, Record

ENDING = '.pods'
#: The output that kubectl is asked for, since whole pods are some KiB each: one line for a pod, its parts by tabs.
OUTPUT = 'jsonpath={range .items[*]}%s{"\\n"}{end}' % '{"\\t"}'.join(
    (
        '{.spec.nodeName}',
        '{.metadata.uid}',
        # Of a pod that a file on the node declares: kubelet names it by this there.
        r'{.metadata.annotations.kubernetes\.io/config\.hash}',
        '{.metadata.namespace}',
        '{.metadata.name}',
        '{.metadata.labels.pod-template-hash}',
        '{range .metadata.ownerReferences[*]}{.kind}/{.name} {end}',
        '{range .spec.containers[*]}{.name} {end}',
    )
)
CONTAINERS_MAX = 8
_NAME = re.compile(r'[a-z0-9][a-z0-9.-]{0,252}', re.ASCII)
_UID = re.compile(r'[0-9a-f-]{32,36}', re.ASCII)
_OWNER = re.compile(r'[A-Za-z0-9]{1,63}/[A-Za-z0-9.:-]{1,253}', re.ASCII)


def by_node(text: bytes) -> dict[str, dict[str, Pod]]:
    """{node: {uid: pod}} of what kubectl printed; a line of another form is left out."""
    found: dict[str, dict[str, Pod]] = {}
    for line in text.decode('utf-8', 'replace').split('\n'):
        parts = line.split('\t')
        if len(parts) != 8:
            continue
        node, uid, declared, space, name, template, owners, inside = parts
        if _UID.fullmatch(declared or uid) and all(map(_NAME.fullmatch, (space, name))):
            containers = [each for each in inside.split() if _NAME.fullmatch(each)][:CONTAINERS_MAX]
            pod: Pod = {'namespace': space, 'name': name, 'containers': containers, 'owner': _owner(owners, template)}
            found.setdefault(node, {})[declared or uid] = pod
    return found


def _owner(owners: str, template: str) -> str | None:
    """The first one; of a ReplicaSet that a Deployment made, as the hash in its name says, the Deployment."""
    first = next(iter(owners.split()), '')
    if not _OWNER.fullmatch(first):
        return None
    made = '-%s' % template
    if template and first.startswith('ReplicaSet/') and first.endswith(made):
        return 'Deployment/%s' % first.removeprefix('ReplicaSet/').removesuffix(made)
    return first


def name(record: Record, pods: Mapping[str, Pod]) -> None:
    """Gives the containers of a record the pods that they belong to; the API server knows more than the node."""
    for namespace in record['namespaces']:
        for container in [namespace.get('container'), *(namespace.get('also') or [])]:
            pod = pods.get((container and container.get('pod_uid')) or '')
            if container and pod:
                container['pod'] = pod
