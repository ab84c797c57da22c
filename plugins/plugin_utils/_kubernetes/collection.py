# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures of the nodes of a cluster: made by pods, fetched from their logs, and the pods removed."""

import concurrent.futures
import contextlib
import json
import os
import time
import uuid
from collections.abc import Callable, Sequence
from typing import NamedTuple

from .._messages.message import Message, message
from . import kubectl, manifest, objects, pods
from .objects import KubernetesError, Pod

#: A part of a run has the logs of so many pods, which one kubectl fetches one after the other. It asks ten things at
#: once, the list of pods among them, and five a second from then on (client-go rest.DefaultBurst, DefaultQPS).
PART, PARALLEL = 9, 8
_POLL_S = 1.0
_MAGIC = b'nodetcp-paws-capture '


class Wanted(NamedTuple):
    """What is asked for: kubectl with its general options, a selector of nodes, the image of the pods, arguments of
    collect.sh, how long pods may take."""

    command: list[str]
    selector: str
    image: str
    words: list[str]
    timeout_s: int


class Taken(NamedTuple):
    """A node: its name, its groups, and the reason why it has no capture; None where DIRECTORY/NAME.capture is one.

    Where the API server tells the names of its pods, they are in DIRECTORY/NAME.pods.
    """

    name: str
    groups: list[str]
    reason: Message | None


def take(wanted: Wanted, directory: str, going_on: Callable[[], bool]) -> list[Taken]:
    """Every node that the selector means, by name. Whatever it makes lies in one namespace, which it removes again.

    going_on: whether anybody waits for it any more: where not, it ends early.
    Raises KubernetesError, OSError.
    """
    selecting = ['-l', wanted.selector] if wanted.selector else []
    found = objects.nodes(kubectl.call(wanted.command, 'get', 'nodes', '-o', 'json', *selecting))
    if not found:
        raise KubernetesError(message('kubernetes/no-node', selector=wanted.selector))
    fit = [node.name for node in found if node.unfit is None]
    reasons = _captured(wanted, fit, directory, going_on) if fit else {}
    return [Taken(node.name, node.groups, node.unfit or reasons.get(node.name)) for node in found]


def _captured(wanted: Wanted, nodes: Sequence[str], directory: str, going_on: Callable[[], bool]) -> dict[str, Message]:
    """By node, the reason why it has no capture; nodes with a capture are not in it."""
    run = uuid.uuid4().hex[:12]
    space = 'nodetcp-paws-%s' % run
    removal = ('delete', 'namespace', space, '--ignore-not-found')
    with kubectl.ClearingUp(wanted.command, *removal) as clearing_up:
        given = json.dumps(_list(wanted, nodes, space, run)).encode()
        kubectl.call(wanted.command, 'create', '--validate=false', '-f', '-', given=given, held=clearing_up.held)
        with concurrent.futures.ThreadPoolExecutor(1) as beside:
            naming = beside.submit(_name_pods, wanted, nodes, directory)
            ours = _ended(wanted, space, len(nodes), going_on)
        done = {pod.name: '%s.capture' % pod.node for pod in ours if pod.done and pod.node in nodes}
        _fetch(wanted, space, run, len(nodes), directory, done)
        naming.result()
    reasons = dict.fromkeys(nodes, message('kubernetes/no-pod', seconds=wanted.timeout_s))
    reasons.update({pod.node: pod.failed or message('kubernetes/no-end', seconds=wanted.timeout_s) for pod in ours})
    return {
        node: why for node, why in reasons.items() if not os.path.exists(os.path.join(directory, node + '.capture'))
    }


def _list(wanted: Wanted, nodes: Sequence[str], space: str, run: str) -> manifest.Object:
    jobs = [
        manifest.job(space, run, 'collect-%d' % at, node, wanted.image, wanted.words, wanted.timeout_s, at // PART)
        for at, node in enumerate(nodes)
    ]
    items = [manifest.namespace(space, run), manifest.scripts(space, run), *jobs]
    return {'apiVersion': 'v1', 'kind': 'List', 'items': items}


def _ended(wanted: Wanted, space: str, number: int, going_on: Callable[[], bool]) -> list[Pod]:
    """The pods, when each has ended or cannot, or the time is over. Asking takes at most a fifth of the time."""
    deadline = time.monotonic() + wanted.timeout_s
    while True:
        asked = time.monotonic()
        found = objects.pods(kubectl.call(wanted.command, 'get', 'pods', '-n', space, '-o', 'json'))
        now = time.monotonic()
        if not going_on() or now >= deadline or len([pod for pod in found if pod.done or pod.failed]) >= number:
            return found
        time.sleep(min(max(_POLL_S, 4 * (now - asked)), deadline - now))


def _name_pods(wanted: Wanted, nodes: Sequence[str], directory: str) -> None:
    """Writes what the API server calls the pods of each node; without the right to list them, none."""
    try:
        listed = kubectl.call(wanted.command, 'get', 'pods', '--all-namespaces', '-o', pods.OUTPUT)
    except KubernetesError:
        return
    found = pods.by_node(listed)
    for node in found.keys() & set(nodes):
        with open(os.path.join(directory, node + pods.ENDING), 'w', encoding='utf-8', opener=kubectl.private) as handle:
            json.dump(found[node], handle)


def _fetch(wanted: Wanted, space: str, run: str, number: int, directory: str, files: dict[str, str]) -> None:
    def fetch(words: Sequence[str]) -> None:
        kubectl.logs(wanted.command, ['-n', space, '-c', manifest.CONTAINER, *words], directory, files)

    with concurrent.futures.ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(fetch, [_of_part(run, part) for part in range((number + PART - 1) // PART)]))
        # A log whose last line has no end swallows the first line of the next log: that pod is asked alone.
        broken = [pod for pod, name in files.items() if not _begins(os.path.join(directory, name))]
        for pod in broken:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(directory, files[pod]))
        list(pool.map(fetch, [[pod] for pod in broken]))


def _begins(path: str) -> bool:
    try:
        with open(path, 'rb') as handle:
            return handle.read(len(_MAGIC)) == _MAGIC
    except FileNotFoundError:
        return False


def _of_part(run: str, part: int) -> list[str]:
    of_run = '%s=%s,%s=%d' % (manifest.RUN_LABEL, run, manifest.PART_LABEL, part)
    return ['-l', of_run, '--tail=-1', '--ignore-errors']
