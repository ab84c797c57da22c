# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node of a cluster does with addresses: how its Services work, and which pods are behind its SNAT. Pure."""

from .._shapes.record import Record
from .._shapes.verdict import BehindSnat, Cluster
from .view import pod_name

#: Owners of rules (parsers/nat_rules.py) for whatever a pod sends out of the pod network. kube-proxy's are for packets
#: that it has marked: those to a Service from outside, and from a pod to itself.
NETWORKS = frozenset(
    (
        *('antrea', 'aws-vpc-cni', 'calico', 'cilium', 'cni', 'flannel'),
        *('ip-masq-agent', 'kindnet', 'weave'),
    )
)
NAMES_MAX = 8


def cluster(record: Record) -> Cluster | None:
    """Both, or None where the node shows no sign of Kubernetes."""
    found: Cluster = {'kube_proxy': record.get('kube_proxy'), 'behind_snat': behind_snat(record)}
    return found if any(found.values()) else None


def behind_snat(record: Record) -> BehindSnat | None:
    """{number, names, by}: pods with a network namespace of their own on a node where the rules `by` translate, a few
    of them by name; None without any. One with hostNetwork has the node's namespace, and sends with its address."""
    owners = {rule['owner'] for rule in record.get('translation') or [] if rule['owner'] in NETWORKS}
    inside, names = [], []
    for namespace in record['namespaces']:
        container = namespace.get('container')
        if container and container.get('pod_uid'):
            inside.append(namespace)
            pods = [each.get('pod') for each in (container, *(namespace.get('also') or ()))]
            names += [pod_name(pod) for pod in pods if pod]
    if not owners or not inside:
        return None
    names = list(dict.fromkeys(names))[:NAMES_MAX]
    return {'number': sum(each['count'] for each in inside), 'names': names, 'by': sorted(map(str, owners))}
