# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects that take captures of the nodes of a cluster. Pure; extensions/kubernetes is made from them too."""

import pathlib
from collections.abc import Sequence

from .._capture import remote

#: A Kubernetes object, as JSON has it.
Object = dict[str, object]

IMAGE = 'busybox:stable'
CONTAINER = 'collect'
RUN_LABEL, PART_LABEL = 'nodetcp.paws/run', 'nodetcp.paws/part'
#: An ended Job goes by itself, also where the one that made it is gone: so many seconds after its end.
KEPT_S = 3600
# Reading /proc/PID/root and /proc/PID/ns asks for SYS_PTRACE, entering a network namespace for SYS_ADMIN (setns(2)),
# files of other users for DAC_READ_SEARCH (capabilities(7)).
CAPABILITIES = ('DAC_READ_SEARCH', 'SYS_ADMIN', 'SYS_CHROOT', 'SYS_PTRACE')
ENTER = pathlib.Path(__file__).with_name('enter.sh')
# What confines containers forbids to look at the processes of the node. AppArmor is told by this annotation up to
# Kubernetes 1.29, and by a field from 1.30 on. What a capture holds is no line for an archive of logs: Fluent Bit,
# Filebeat and Datadog leave such pods out.
ANNOTATIONS = {
    'container.apparmor.security.beta.kubernetes.io/%s' % CONTAINER: 'unconfined',
    'fluentbit.io/exclude': 'true',
    'co.elastic.logs/enabled': 'false',
    'ad.datadoghq.com/logs_exclude': 'true',
}

# The collector goes without allowPrivilegeEscalation: no_new_privs can keep SELinux from giving it its type.
_BARE: Object = {
    'readOnlyRootFilesystem': True,
    'capabilities': {'drop': ['ALL']},
    'seccompProfile': {'type': 'RuntimeDefault'},
}
_RESOURCES: Object = {'requests': {'cpu': '10m', 'memory': '16Mi'}, 'limits': {'memory': '128Mi'}}


def namespace(name: str, run: str) -> Object:
    """The namespace that all the rest lies in. Its pods see the node, which Pod Security Standards call privileged."""
    labels = {RUN_LABEL: run, 'pod-security.kubernetes.io/enforce': 'privileged'}
    return {'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': name, 'labels': labels}}


def scripts(space: str, run: str) -> Object:
    """The collector and what runs it, as a ConfigMap."""
    data = {'enter.sh': ENTER.read_text(encoding='utf-8'), 'collect.sh': remote.SCRIPT.read_text(encoding='utf-8')}
    return {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': _named('collect', space, run), 'data': data}


def job(
    space: str, run: str, name: str, node: str, image: str, words: Sequence[str], limit_s: int, part: int
) -> Object:
    """A Job that takes one node's capture. words: arguments of collect.sh; limit_s: it is ended after so many seconds.

    part: of the run, so that logs can be fetched part by part.
    """
    meta = _named(name, space, run, {PART_LABEL: '%d' % part})
    pod = {**_pod([_collector(image, words)]), 'nodeName': node, 'restartPolicy': 'Never'}
    spec = {
        'activeDeadlineSeconds': limit_s,
        'ttlSecondsAfterFinished': KEPT_S,
        'backoffLimit': 0,
        'template': {'metadata': {'labels': meta['labels'], 'annotations': ANNOTATIONS}, 'spec': pod},
    }
    return {'apiVersion': 'batch/v1', 'kind': 'Job', 'metadata': meta, 'spec': spec}


def daemon_set(space: str, run: str, image: str, words: Sequence[str]) -> Object:
    """A capture of every node, for people with kubectl alone. Pods of a DaemonSet cannot end, so the collector is an
    init container, which does; what stays has no rights and sleeps."""
    meta = _named('collect', space, run)
    waiting: Object = {
        'name': 'wait',
        'image': image,
        'command': ['sh', '-c', 'trap exit TERM; sleep 86400 & wait'],
        'securityContext': {**_BARE, 'allowPrivilegeEscalation': False, 'runAsNonRoot': True, 'runAsUser': 65534},
        'resources': _RESOURCES,
    }
    pod = {**_pod([waiting]), 'initContainers': [_collector(image, words)]}
    template = {'metadata': {'labels': meta['labels'], 'annotations': ANNOTATIONS}, 'spec': pod}
    spec = {'selector': {'matchLabels': meta['labels']}, 'template': template}
    return {'apiVersion': 'apps/v1', 'kind': 'DaemonSet', 'metadata': meta, 'spec': spec}


def _named(name: str, space: str, run: str, labels: dict[str, str] | None = None) -> dict[str, object]:
    return {'name': name, 'namespace': space, 'labels': {RUN_LABEL: run, **(labels or {})}}


def _pod(containers: list[Object]) -> Object:
    return {
        'hostPID': True,
        'hostNetwork': True,
        'dnsPolicy': 'Default',
        'automountServiceAccountToken': False,
        'enableServiceLinks': False,
        'terminationGracePeriodSeconds': 1,
        'nodeSelector': {'kubernetes.io/os': 'linux'},
        'tolerations': [{'operator': 'Exists'}],
        'containers': containers,
        'volumes': [{'name': 'collect', 'configMap': {'name': 'collect'}}],
    }


def _collector(image: str, words: Sequence[str]) -> Object:
    context = {
        **_BARE,
        'runAsUser': 0,
        'capabilities': {'drop': ['ALL'], 'add': list(CAPABILITIES)},
        'appArmorProfile': {'type': 'Unconfined'},
        'seLinuxOptions': {'type': 'spc_t'},
    }
    return {
        'name': CONTAINER,
        'image': image,
        'command': ['/bin/sh', '/collect/enter.sh', *words],
        'securityContext': context,
        'resources': _RESOURCES,
        'volumeMounts': [{'name': 'collect', 'mountPath': '/collect', 'readOnly': True}],
    }
