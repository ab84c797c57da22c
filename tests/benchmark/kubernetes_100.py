# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook `kubernetes` on 100 nodes against what people do instead: `kubectl exec` into a pod of each, in a loop.

Both use the same kubectl and the same server of the tests, and both run the same collector for each node, as a process
of this machine, on the captured tree of a node with ten pods. Such a tree takes it 10 ms, a live root much longer, in
the time of that node: each process sleeps besides as long as the collector takes for this machine's own root, measured
first. Without that time the playbook takes 0.76 of the loop. The loop only keeps the captures:
it starts no pods and judges nothing. Neither looks twice: a window would cost the loop so many seconds for each node.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
from pathlib import Path

from tests.fleet import hosts, trees
from tests.kubernetes.server import Cluster, Machine, serving

from .results import Benchmark, BenchmarkError, Row, Samples, ratios
from .running import CHECKOUT, program, run

NODES, PODS, PAIRS = 100, 10, 2
COLLECTOR = CHECKOUT / 'plugins' / 'plugin_utils' / '_capture' / 'collect.sh'
PLAYBOOK = CHECKOUT / 'playbooks' / 'kubernetes.yml'
SPACE = 'tools'


def missing() -> str:
    """What keeps this machine from it."""
    return '' if shutil.which('kubectl') else 'needs kubectl (Debian: kubernetes-client)'


def _machine(place: Path, number: int, node_s: float) -> Machine:
    """A node whose command is the collector on its tree, which says of the files that they lie below the root."""
    name = 'worker-%d' % number
    root, values = place / name, {'net.ipv4.tcp_tw_recycle': '%d' % (number % 2), 'net.ipv4.tcp_timestamps': '1'}
    tree = trees.node('3.10.0-1160.el7.x86_64', values, {'TW': number})
    for pod in range(PODS):
        own = hosts.pod('%s-%d' % (name, pod))
        tree.update(trees.container(4000 + pod, 4026540000 + pod, own, {'net.core.somaxconn': '4096'}, {'TW': pod}))
    for path, text in tree.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    command = 'sleep %g; sh "$1" "$2" | sed "s,$2,,g"' % node_s
    return Machine(name, command=('sh', '-c', command, 'sh', str(COLLECTOR), str(root)))


def _node_s() -> float:
    """Seconds that the collector takes on a live node: this machine."""
    return statistics.median(run(['sh', str(COLLECTOR)]).wall for _time in range(5))


def _standing(cluster: Cluster) -> None:
    """A pod on each node that people have for looking around."""
    cluster.create('namespaces', '', {'kind': 'Namespace', 'metadata': {'name': SPACE}})
    for name in cluster.machines:
        spec = {'nodeName': name, 'containers': [{'name': 'shell'}]}
        meta = {'name': name, 'namespace': SPACE}
        cluster.create('pods', SPACE, {'kind': 'Pod', 'apiVersion': 'v1', 'metadata': meta, 'spec': spec})


def _loop(cluster: Cluster, kubeconfig: Path) -> float:
    """Seconds of the loop; each answer is a whole capture."""
    wall = 0.0
    for machine in cluster.machines.values():
        kubectl = ['kubectl', '--kubeconfig=%s' % kubeconfig, 'exec', '-n', SPACE, machine.name, '--']
        cost = run([*kubectl, *machine.command])
        wall += cost.wall
        if not cost.output.startswith(b'nodetcp-paws-capture ') or not cost.output.rstrip().endswith(b' end'):
            raise BenchmarkError('kubectl exec gave no capture of %s: %s' % (machine.name, cost.output[-200:]))
    return wall


def _playbook(kubeconfig: Path, report: Path) -> float:
    """Seconds of the playbook, from its start to the report."""
    variables = {'kubernetes_kubeconfig': str(kubeconfig), 'audit_window': 0, 'audit_report_dir': str(report)}
    wall = run([program('ansible-playbook'), str(PLAYBOOK), '-e', json.dumps(variables)]).wall
    found = json.loads((report / 'audit.json').read_text(encoding='utf-8'))['hosts']
    verdicts = [host['verdict'] for host in found]
    if [verdicts.count('exposed'), verdicts.count('clean')] != [NODES // 2, NODES - NODES // 2]:
        raise BenchmarkError('the report has the verdicts %s' % verdicts)
    return wall


def measure() -> list[Row]:
    loops, playbooks, node_s = [], [], _node_s()
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        cluster = Cluster([_machine(place / 'nodes', number, node_s) for number in range(NODES)])
        _standing(cluster)
        with serving(cluster, place) as kubeconfig:
            for _pair in range(PAIRS):
                loops.append(_loop(cluster, kubeconfig))
                playbooks.append(_playbook(kubeconfig, place / 'report'))
    ours, peers = tuple(playbooks), tuple(loops)
    ratio = ratios('playbook by loop, wall', ours, peers)
    samples = (Samples('playbook, wall s', ours), Samples('kubectl exec, wall s', peers), ratio)
    against = 'kubectl exec of collect.sh into %d nodes of %g s, in turn, median of %d pairs' % (NODES, node_s, PAIRS)
    return [Row('kubernetes_100_wall_vs_exec', ratio.median, 'ratio', 0.6, against, samples)]


BENCHMARK = Benchmark(('kubernetes_100_wall_vs_exec',), measure, missing)
