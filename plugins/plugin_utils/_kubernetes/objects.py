# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What kubectl says of nodes and pods, read as what anybody may have written. Pure."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .._messages.message import Message, MessageError, message
from .._text.escape import terminal

#: Names of objects: RFC 1123 subdomains, so each is the name of a file too.
_NAME = re.compile(r'[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?', re.ASCII)
#: The label that names a node's pool, by provider or installer; the first one that a node has counts.
POOLS = (
    'cloud.google.com/gke-nodepool',
    'eks.amazonaws.com/nodegroup',
    'alpha.eksctl.io/nodegroup-name',
    'kubernetes.azure.com/agentpool',
    'karpenter.sh/nodepool',
    'doks.digitalocean.com/node-pool',
    'k8s.scaleway.com/pool-name',
    'node.openshift.io/os_id',
)
_ROLE = 'node-role.kubernetes.io/'
#: Why a container waits, where waiting longer does not help.
_HOPELESS = frozenset(
    (
        *('ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'),
        *('CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'),
    )
)


class KubernetesError(MessageError):
    """What kubectl said cannot be used, or it failed; the message says what to do."""


class Node(NamedTuple):
    """A node: name, groups (names that an inventory could have), why no capture can be taken of it (or None)."""

    name: str
    groups: list[str]
    unfit: Message | None


class Pod(NamedTuple):
    """A pod: name, node, whether its capture is whole, why there will be none (or None: it is on its way)."""

    name: str
    node: str
    done: bool
    failed: Message | None


def nodes(text: bytes) -> list[Node]:
    """The nodes of `kubectl get nodes -o json`, by name. Raises KubernetesError."""
    return sorted(_node(name, item) for name, item in _items(text))


def pods(text: bytes) -> list[Pod]:
    """The pods of `kubectl get pods -o json`. Raises KubernetesError."""
    return [_pod(name, item) for name, item in _items(text)]


def _items(text: bytes) -> Iterator[tuple[str, Mapping[str, object]]]:
    try:
        items = json.loads(text)['items']
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise KubernetesError(message('kubernetes/no-list')) from error
    for item in items if isinstance(items, list) else ():
        name = _text(_at(item, 'metadata', 'name'))
        if _NAME.fullmatch(name):
            yield name, item


def _at(value: object, *path: str) -> object:
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ''


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _node(name: str, item: Mapping[str, object]) -> Node:
    labels, info = _at(item, 'metadata', 'labels'), ('status', 'nodeInfo')
    named = {
        'pool': _pool(labels if isinstance(labels, Mapping) else {}),
        'kubelet': _text(_at(item, *info, 'kubeletVersion')),
        'os': _text(_at(item, *info, 'osImage')),
    }
    groups = ['%s_%s' % (kind, _group(value)) for kind, value in named.items() if _group(value)]
    return Node(name, sorted(groups), _unfit(item))


def _pool(labels: Mapping[str, object]) -> str:
    """The pool; for installers that have none, the role."""
    for label in POOLS:
        if _text(labels.get(label)):
            return _text(labels[label])
    roles = sorted(label[len(_ROLE) :] for label in labels if label.startswith(_ROLE))
    return roles[0] if roles else ''


def _group(value: str) -> str:
    return re.sub('[^a-z0-9]+', '_', value[:80].lower()).strip('_')


def _unfit(item: Mapping[str, object]) -> Message | None:
    system = _text(_at(item, 'status', 'nodeInfo', 'operatingSystem'))
    if system not in ('', 'linux'):
        return message('kubernetes/no-linux', system=terminal(system, 40))
    for condition in _list(_at(item, 'status', 'conditions')):
        if _at(condition, 'type') == 'Ready' and _at(condition, 'status') != 'True':
            return message('kubernetes/not-ready', why=_why(condition))
    return None


def _pod(name: str, item: Mapping[str, object]) -> Pod:
    phase, node = _text(_at(item, 'status', 'phase')), _text(_at(item, 'spec', 'nodeName'))
    return Pod(name, node, phase == 'Succeeded', _failed(phase, item))


def _failed(phase: str, item: Mapping[str, object]) -> Message | None:
    states = [_at(status, 'state') for status in _list(_at(item, 'status', 'containerStatuses'))]
    if phase == 'Failed':
        ended = [_why(_at(state, 'terminated')) for state in states if _at(state, 'terminated')]
        return message('kubernetes/pod-failed', why=_why(_at(item, 'status')) or (ended[0] if ended else ''))
    for state in states:
        if _at(state, 'waiting', 'reason') in _HOPELESS:
            return message('kubernetes/pod-waits', why=_why(_at(state, 'waiting')))
    return None


def _why(said: object) -> str:
    """Reason and message of a state, safe to print."""
    words = [_text(_at(said, 'reason')), _text(_at(said, 'message'))]
    code = _at(said, 'exitCode')
    return terminal(': '.join([*filter(None, words), *(['%d' % code] if isinstance(code, int) else [])]), 300)
