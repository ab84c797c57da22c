# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_kubernetes
short_description: Take captures of the nodes of a Kubernetes cluster without ssh
version_added: 0.3.0
description:
  - Starts a pod on each node by C(kubectl). Its log is a capture of what an audit looks at. Fetches the captures, and
    removes what it made.
  - Everything it makes lies in a namespace of its own, C(nodetcp-paws-) with a random end. It removes this namespace
    alone, also where the run is stopped by Ctrl-C or killed. The Jobs in it end by themselves, an hour later they are
    gone.
  - Nodes that are not ready, or do not run Linux, get no pod and are in RV(nodes) with the reason.
  - Nothing is changed on the nodes. The playbook C(nodetcp.paws.kubernetes) judges the captures and reports.
extends_documentation_fragment:
  - nodetcp.paws.verbs.controller
  - nodetcp.paws.verbs.read_only
options:
  kubectl:
    description: The program, by name or path.
    type: str
    default: kubectl
  kubeconfig:
    description: The file that says how the cluster is reached. C(kubectl) chooses if it is not given.
    type: path
  context:
    description: The context of the kubeconfig. If it is not given, the current one.
    type: str
  selector:
    description: Labels of the nodes to look at, as C(kubectl get nodes -l) takes them. All nodes if it is empty.
    type: str
    default: ''
  image:
    description: The image of the pods. It needs a busybox that is linked statically at C(/bin).
    type: str
    default: busybox:stable
  window:
    description: Seconds between two looks at counters. V(0) takes one look only.
    type: float
    default: 10.0
  timeout:
    description: Seconds after which a pod that has not ended is given up, and ended.
    type: int
    default: 300
  captures:
    description:
      - Directory on the controller in which the captures stay, as C(NODE.capture). Made if missing. It must hold no
        capture yet.
      - If it is not given, they go at the end of the run.
    type: path
  rules:
    description:
      - Rules that are added or changed, as with M(nodetcp.paws.paws_audit). Captures then have the sysctls that these
        ask for.
    type: list
    elements: dict
    default: []
notes:
  - A capture holds text of files that only root can read. It stands in the log of a pod until the pod is removed.
seealso:
  - module: nodetcp.paws.paws_report
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Take captures of the workers
  nodetcp.paws.paws_kubernetes:
    selector: node-role.kubernetes.io/worker
    captures: captures
  delegate_to: localhost
  run_once: true
  register: taken
"""

RETURN = r"""
directory:
  description: Where the captures are.
  returned: success
  type: str
  sample: /home/me/captures
nodes:
  description: The nodes, by name.
  returned: success
  type: dict
  sample: {worker-1: {groups: [kubelet_v1_34_1, os_talos_v1_11_2, pool_worker], reason: null}}
  contains:
    groups:
      description: Pool, version and system of the node, as names that a group of an inventory could have.
      type: list
      elements: str
    reason:
      description: The reason why the node has no capture; null where it has one.
      type: str
"""
