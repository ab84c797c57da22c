# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Kubernetes calls the pods of a node, from the names of the directories that kubelet makes for their logs.

NAMESPACE_NAME_UID/CONTAINER, with any runtime (kubernetes pkg/kubelet/kuberuntime/helpers.go BuildPodLogsDirectory). No
API server and no runtime is asked; who owns a pod is not known there.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from ..errors import Unreadable

LOGS = '/var/log/pods'
POD = re.compile(r'([a-z0-9-]{1,63})_([a-z0-9.-]{1,253})_([0-9a-f-]{32,36})\Z')
CONTAINER = re.compile(r'[a-z0-9-]{1,63}\Z')
CONTAINERS_MAX = 8


def names(tree, unavailable):
    """{uid: (directory, namespace, name)}; what keeps from it is in `unavailable`."""
    found = {}
    for directory in _listed(tree, LOGS, unavailable):
        pod = POD.match(directory)
        if pod:
            found[pod.group(3)] = directory, pod.group(1), pod.group(2)
    return found


def described(tree, known, uid, unavailable):
    """{'namespace', 'name', 'containers'} of a pod among the names(), or None."""
    if uid not in known:
        return None
    directory, namespace, name = known[uid]
    inside = [each for each in _listed(tree, '%s/%s' % (LOGS, directory), unavailable) if CONTAINER.match(each)]
    return {'namespace': namespace, 'name': name, 'containers': inside[:CONTAINERS_MAX]}


def _listed(tree, directory, unavailable):
    try:
        return tree.listdir(directory)
    except Unreadable as exc:
        unavailable[exc.path] = exc.reason
        return []
