# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_locate
short_description: Find the network namespace of a node that a name, an id or an address means
version_added: 0.2.0
description:
  - Internal to the playbook C(nodetcp.paws.diagnose).
  - Finds the network namespaces of a node, so the containers, that a word means, and tells their addresses, what
    listens on a port in them, and the sysctls that decide about SYNs there.
extends_documentation_fragment:
  - nodetcp.paws.verbs
  - nodetcp.paws.verbs.read_only
options:
  what:
    description:
      - An address that is local there, an id as in C(net:[4026532281]), the id of a container or at least four
        characters of its beginning, the uid of a pod, the name of a network namespace, the name of a docker container
        or the host name that a container was given. V(host) is the node's own network namespace.
    type: str
    required: true
  port:
    description: Tell what listens on this TCP port alone.
    type: int
notes:
  - Without root the containers of other users cannot be seen; RV(unavailable) says so.
seealso:
  - module: nodetcp.paws.tcp_probe
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Which container has this address
  nodetcp.paws.paws_locate:
    what: 172.17.0.2
    port: 5672
"""

RETURN = r"""
matches:
  description:
    - The network namespaces that match, at most 16. An empty list is no error. C(id), C(key), C(kind), C(name),
      C(container) and C(sysctls) are those of the record of M(nodetcp.paws.tcp_facts).
    - C(names) are those that people may call it by, C(pid) is a process that lives in it, and C(addresses) are its own
      without loopback and link-local ones.
    - C(listening) is what listens there on the port, as C(ADDRESS:PORT); none where it could not be seen.
  returned: success
  type: list
  elements: dict
hostname:
  description: The node's own name.
  returned: success
  type: str
kernel:
  description: The kernel's release and version.
  returned: success
  type: dict
tracking:
  description:
    - C(drop) and C(insert_failed) of connection tracking in the node's own network namespace, of all CPUs together.
    - Null where there is none.
  returned: success
  type: dict
seconds:
  description: How long it took to ask the node, as the controller saw it.
  returned: success
  type: float
unavailable:
  description: What could not be looked at, each with the reason.
  returned: success
  type: dict
"""
