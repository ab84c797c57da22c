# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which container a process belongs to, from the paths in /proc/PID/cgroup (cgroups(7))."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

# The last path component of each runtime, under the systemd and the cgroupfs driver, in cgroup v1 and v2.
SCOPE = re.compile(r'^(?:(docker|cri-containerd|crio|libpod|nerdctl)-)?(?:conmon-)?([0-9a-f]{64})(?:\.scope)?$')
RUNTIMES = {'docker': 'docker', 'cri-containerd': 'containerd', 'crio': 'crio', 'libpod': 'podman',
            'nerdctl': 'containerd'}
PARENTS = {'docker': 'docker', 'libpod_parent': 'podman', 'crio': 'crio', 'containerd': 'containerd'}
POD = re.compile(r'pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?$')
LXC = re.compile(r'^lxc(?:\.payload)?[./](.+)$')
NSPAWN = re.compile(r'^(?:machine|systemd-nspawn)[-@](.+?)\.(?:scope|service)$')


def parse_cgroup(text):
    """{'id', 'runtime', 'pod_uid'} of the container named in the text of /proc/PID/cgroup, or None on the node itself.

    Lines are "ID:CONTROLLERS:PATH"; v2 has one line "0::PATH". The first line that names a container counts: inside
    one process they name the same one.
    """
    for line in text.split('\n'):
        path = line.split(':', 2)[-1] if line.count(':') >= 2 else ''
        found = _container(path.strip())
        if found:
            return found
    return None


def _container(path):
    parts = [part for part in path.split('/') if part]
    pod_uid = None
    for position, part in enumerate(parts):
        pod = POD.search(part)
        if pod:
            pod_uid = pod.group(1).replace('_', '-')
        scope = SCOPE.match(part)
        if scope:
            return {'id': scope.group(2), 'pod_uid': pod_uid, 'runtime': _runtime(scope.group(1), parts[:position])}
        named = LXC.match('/'.join(parts[position:position + 2])) or None
        if named and part.startswith('lxc') and not part.startswith('lxc.monitor'):
            return {'id': named.group(1).split('/')[0][:128], 'runtime': 'lxc', 'pod_uid': None}
        machine = NSPAWN.match(part)
        if machine and not part.startswith('machine-qemu'):
            return {'id': machine.group(1)[:128], 'runtime': 'systemd-nspawn', 'pod_uid': None}
    return None


def _runtime(prefix, parents):
    if prefix:
        return RUNTIMES[prefix]
    for parent in reversed(parents):
        if parent in PARENTS:
            return PARENTS[parent]
        if parent.startswith('kubepods'):
            return 'kubepods'
    return None
