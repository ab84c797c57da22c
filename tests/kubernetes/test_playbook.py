# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook for clusters, by a real kubectl against a server of the tests: captures, verdicts, what stays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.fleet import trees
from tests.gates.gates import CHECKOUT
from tests.kubernetes.server import Cluster, Machine, serving

COLLECTOR = CHECKOUT / 'plugins' / 'plugin_utils' / '_capture' / 'collect.sh'
RECYCLE, TIMESTAMPS = 'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_timestamps'
UID = '0a1b2c3d-0000-4111-8222-333344445555'
CGROUP = '0::/kubepods.slice/kubepods-pod%s.slice/cri-containerd-%s.scope\n' % (UID.replace('-', '_'), 'a' * 64)
Json = dict[str, Any]
Captured = Callable[[str], bytes]


@pytest.fixture(scope='module')
def captured(tmp_path_factory: pytest.TempPathFactory) -> Captured:
    """The capture of a node with an old kernel, by what its recycling is set to."""
    made = {}

    def capture(recycle: str) -> bytes:
        if recycle not in made:
            root = tmp_path_factory.mktemp('node')
            tree = trees.node('3.10.0-1160.el7.x86_64', {RECYCLE: recycle, TIMESTAMPS: '1'}, {})
            tree.update(trees.container(77, 4026532077, CGROUP, {'net.core.somaxconn': '128'}, {}))
            tree.update({'proc/9/comm': 'kube-proxy\n', 'proc/9/cmdline': 'kube-proxy\0--proxy-mode=ipvs\0'})
            tree['var/log/pods/shop_web-5d9f-x2k4z_%s/app/0.log' % UID] = ''
            for path, text in tree.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            data = subprocess.run(['sh', str(COLLECTOR), str(root)], stdout=subprocess.PIPE, check=True).stdout
            made[recycle] = data.replace(str(root).encode(), b'')
        return made[recycle]

    return capture


class Site:
    """A cluster behind kubectl, and a directory to start the playbook in."""

    def __init__(self, place: Path, kubeconfig: Path, cluster: Cluster) -> None:
        self.place, self.cluster, self._kubeconfig = place, cluster, kubeconfig

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        playbook = str(CHECKOUT / 'playbooks' / 'kubernetes.yml')
        options = ['-e', 'kubernetes_kubeconfig=%s' % self._kubeconfig, '-e', 'audit_window=0', *arguments]
        return subprocess.Popen(
            [str(Path(sys.executable).with_name('ansible-playbook')), playbook, *options],
            cwd=self.place,
            env={
                'PATH': os.environ['PATH'],
                'HOME': str(self.place),
                'LC_ALL': 'C.UTF-8',
                'ANSIBLE_CONFIG': str(CHECKOUT / 'ansible.cfg'),
                'ANSIBLE_NOCOLOR': '1',
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def play(self, *arguments: str) -> tuple[int, str]:
        with self.start(*arguments) as running:
            output = running.communicate(timeout=300)[0]
        return running.returncode, output

    def hosts(self) -> dict[str, Json]:
        document = json.loads((self.place / 'paws-report' / 'audit.json').read_text(encoding='utf-8'))
        return {host['name']: host for host in document['hosts']}


@pytest.fixture
def site(kubectl: str, tmp_path: Path) -> Iterator[Callable[..., Site]]:
    with ExitStack() as stack:

        def made(machines: list[Machine], delay_s: float = 0.0) -> Site:
            cluster = Cluster(machines, delay_s)
            return Site(tmp_path, stack.enter_context(serving(cluster, tmp_path)), cluster)

        yield made


def test_nodes_are_hosts_of_the_report(site: Callable[..., Site], captured: Captured) -> None:
    pool = {'cloud.google.com/gke-nodepool': 'Old pool'}
    image = {'phase': 'Pending', 'containerStatuses': [{'state': {'waiting': {'reason': 'ImagePullBackOff'}}}]}
    there = site(
        [
            Machine('bad', captured('1'), pool, info={'kubeletVersion': 'v1.19.3', 'osImage': 'CentOS Linux 7 (Core)'}),
            Machine('good', captured('0'), {'node-role.kubernetes.io/worker': ''}),
            Machine('without-image', state=image),
            Machine('gone', ready=False),
            Machine('windows', info={'operatingSystem': 'windows'}),
            Machine('cut', captured('1')[:2000]),
        ]
    )
    code, output = there.play()
    hosts = there.hosts()
    assert {name: (host['status'], host['verdict']) for name, host in hosts.items()} == {
        'bad': ('ok', 'exposed'),
        'good': ('ok', 'advisory'),
        'without-image': ('failed', 'unknown'),
        'gone': ('failed', 'unknown'),
        'windows': ('failed', 'unknown'),
        'cut': ('failed', 'unknown'),
    }, output
    assert hosts['bad']['groups'] == ['kubelet_v1_19_3', 'os_centos_linux_7_core', 'pool_old_pool']
    assert hosts['good']['groups'] == ['kubelet_v1_34_1', 'os_talos_v1_11_2', 'pool_worker']
    assert hosts['bad']['source']['collector'] == 'shell'
    assert 'pod shop/web-5d9f-x2k4z (app)' in hosts['good']['summary'], 'as the node names it'
    assert hosts['good']['cluster'] == {'kube_proxy': {'mode': 'ipvs', 'by': 'process'}, 'behind_snat': None}
    reasons = {name: host['reason'] for name, host in hosts.items()}
    assert reasons['without-image'] == 'the pod on the node cannot start: ImagePullBackOff'
    assert reasons['gone'] == 'the node is not ready, so no pod was started on it: NodeStatusUnknown'
    assert reasons['windows'] == 'the node runs windows, not Linux'
    assert 'cut off' in reasons['cut']
    assert there.cluster.left() == []
    assert {each['kind'] for each in there.cluster.made} == {'Namespace', 'ConfigMap', 'Job'}
    assert code == 2, output


def own_pod(cluster: Cluster) -> None:
    """The pod on the node `good` whose container is in its capture, with a sidecar of late."""
    cluster.create('namespaces', '', {'kind': 'Namespace', 'metadata': {'name': 'shop'}})
    owner = {'ownerReferences': [{'kind': 'ReplicaSet', 'name': 'web-5d9f'}], 'labels': {'pod-template-hash': '5d9f'}}
    meta = {'name': 'web-5d9f-x2k4z', 'namespace': 'shop', **owner}
    spec = {'nodeName': 'good', 'containers': [{'name': 'app'}, {'name': 'proxy'}]}
    cluster.create('pods', 'shop', {'kind': 'Pod', 'apiVersion': 'v1', 'metadata': meta, 'spec': spec}, UID)


def test_a_selector_and_the_gate_of_an_audit(site: Callable[..., Site], captured: Captured) -> None:
    there = site([Machine('bad', captured('1'), {'tier': 'db'}), Machine('good', captured('0'), {'tier': 'web'})])
    gate = ('-e', 'audit_fail_on=exposed')
    own_pod(there.cluster)
    code, output = there.play('-e', 'kubernetes_selector=tier=web', *gate)
    assert (code, list(there.hosts())) == (0, ['good']), output
    assert 'pod shop/web-5d9f-x2k4z of Deployment/web (app, proxy)' in there.hosts()['good']['summary']
    code, output = there.play('-e', 'kubernetes_selector=tier=db', '-e', 'kubernetes_captures=kept', *gate)
    assert code == 2, output
    kept = there.place / 'kept' / 'bad.capture'
    assert kept.read_bytes() == captured('1')
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    code, output = there.play('-e', 'kubernetes_selector=tier=no')
    assert code == 2
    assert 'the cluster shows no node with the labels tier=no' in output


def test_what_the_server_refuses_is_told_and_nothing_stays(site: Callable[..., Site], captured: Captured) -> None:
    there = site([Machine('bad', captured('1'))])
    there.cluster.refused['Job'] = 'jobs.batch is forbidden: User "eve" cannot create resource "jobs"'
    code, output = there.play()
    assert code == 2
    assert 'kubectl create failed: Error from server (Forbidden)' in output
    assert 'User "eve" cannot create resource "jobs"' in output.replace('\\"', '"')
    assert there.cluster.left() == []


def test_without_kubectl_it_says_what_to_install(site: Callable[..., Site]) -> None:
    code, output = site([]).play('-e', 'kubernetes_kubectl=no-such-kubectl')
    assert code == 2
    assert 'no-such-kubectl does not start (No such file or directory): install kubectl' in output


@pytest.mark.parametrize('sent', [signal.SIGINT, signal.SIGKILL], ids=['ctrl-c', 'killed'])
def test_nothing_stays_when_the_run_is_stopped(
    site: Callable[..., Site], captured: Captured, sent: signal.Signals
) -> None:
    there = site([Machine('bad', captured('1'))], delay_s=3600)
    with there.start() as running:
        until(lambda: any(left.startswith('pods/') for left in there.cluster.left()))
        os.killpg(running.pid, sent)
        running.communicate(timeout=60)
    until(lambda: not there.cluster.left())


def test_what_others_made_is_left_alone(site: Callable[..., Site], captured: Captured) -> None:
    there = site([Machine('good', captured('0'))])
    theirs = {'kind': 'Namespace', 'metadata': {'name': 'nodetcp-paws-of-others'}}
    there.cluster.create('namespaces', '', theirs)
    there.cluster.create('configmaps', 'nodetcp-paws-of-others', {'kind': 'ConfigMap', 'metadata': {'name': 'collect'}})
    before = there.cluster.left()
    assert there.play()[0] == 0
    assert there.cluster.left() == before


def until(holds: Callable[[], bool]) -> None:
    """Returns when it holds; a minute is more than any machine needs."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
