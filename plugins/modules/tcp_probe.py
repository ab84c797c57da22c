# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: tcp_probe
short_description: Try a few TCP connections from a node or from one of its network namespaces
version_added: 0.2.0
description:
  - Connects to one address and port, with an ICMP echo beside each attempt, and tells for each attempt how it ended,
    how long it took and how many times the SYN was sent again.
  - An attempt that gets a connection closes it at once from this side and sends nothing.
  - It never floods. There are at most 1000 attempts of each port, at most 20 a second, for at most ten minutes.
extends_documentation_fragment:
  - nodetcp.paws.verbs
  - nodetcp.paws.verbs.read_only
options:
  host:
    description:
      - Address or name to connect to. A name is resolved on the node, as the node itself resolves it also where
        O(namespace) is set; its first address is taken.
    type: str
    required: true
  port:
    description: The port to connect to.
    type: int
    required: true
  other_port:
    description: A second port of the same host to try beside it, for comparison.
    type: int
  count:
    description: How many attempts, 1 to 1000.
    type: int
    default: 5
  rate:
    description: How many attempts are begun in a second, at most 20. They do not wait for each other.
    type: float
    default: 5
  timeout:
    description: Seconds after which an attempt counts as V(timeout), at most 60.
    type: float
    default: 3
  delay:
    description: Seconds to wait before the first attempt, at most 60, so that something else can be watching by then.
    type: float
    default: 0
  icmp:
    description: Whether to send an ICMP echo beside each attempt.
    type: bool
    default: true
  family:
    description: Which addresses of a name to take.
    type: str
    choices: [any, ipv4, ipv6]
    default: any
  namespace:
    description:
      - The network namespace of the node to connect from. The node's own, if it is not set.
      - An id as in C(net:[4026532281]), the id of a container or at least four characters of its beginning, the uid of
        a pod, the name of a network namespace or container, or an address that is local in it. Needs root.
    type: str
notes:
  - Echoes need a ping socket (C(net.ipv4.ping_group_range)) or C(CAP_NET_RAW); RV(icmp) says so where there is neither.
seealso:
  - module: nodetcp.paws.paws_info
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Can this node reach the broker
  nodetcp.paws.tcp_probe:
    host: 192.0.2.7
    port: 5672
    other_port: 15672
  register: probe

- name: Stop where some of the connections hang
  ansible.builtin.assert:
    that: probe.summary.timeout == 0
    fail_msg: "{{ probe.summary.timeout }} of {{ probe.summary.attempts }} hang"

- name: The same from inside a container of this node
  nodetcp.paws.tcp_probe:
    host: 192.0.2.7
    port: 5672
    namespace: 3f2a91
"""

RETURN = r"""
address:
  description: The address that was tried.
  returned: success
  type: str
  sample: 192.0.2.7
attempts:
  description: The attempts in the order of their beginning.
  returned: success
  type: list
  elements: dict
  contains:
    port:
      description: The port that was tried.
      type: int
    at_s:
      description: When it began, in seconds after the first one.
      type: float
    result:
      description:
        - V(ok), V(refused) (the host answered with RST), V(timeout) (no answer),
          V(reset), V(unreachable) (a router or the node itself says so) or V(error).
      type: str
    ms:
      description: Milliseconds until then.
      type: float
    syn_retransmits:
      description: How many times the SYN was sent again.
      type: int
    from:
      description: Address and port on this side, before any NAT.
      type: str
      sample: 198.51.100.7:47722
    tsval:
      description: The timestamp clock of the connection when it began, by which its SYN can be told behind a NAT.
      type: int
    error:
      description: The name of an error that is none of the other results, for instance V(EADDRNOTAVAIL).
      type: str
    icmp_ms:
      description: Milliseconds until the reply to the echo beside it; none without a reply.
      type: float
summary:
  description: The attempts to O(port) together.
  returned: success
  type: dict
  sample:
    {port: 5672, attempts: 5, ok: 3, refused: 0, timeout: 2, reset: 0, unreachable: 0, error: 0,
     milliseconds: {min: 0.3, p50: 0.4, p90: 0.6, p99: 0.6, max: 0.6}, syn_retransmits: 4, ok_after_retransmit: 0,
     errors: [], icmp: {sent: 5, received: 5, milliseconds: {min: 0.2, p50: 0.2, p90: 0.3, p99: 0.3, max: 0.3}}}
other:
  description: The attempts to O(other_port) together.
  returned: success
  type: dict
icmp:
  description: Whether echoes could be sent, and why not.
  returned: success
  type: dict
  sample: {available: true, reason: null}
elapsed_s:
  description: How long it all took on the node, in seconds.
  returned: success
  type: float
cut:
  description: Why there were fewer attempts than asked for; none if there were not.
  returned: success
  type: str
clock:
  description: Between which seconds of the controller's own clock (since its boot) the node worked.
  returned: success
  type: dict
  contains:
    asked:
      description: When the node was asked.
      type: float
    answered:
      description: When it had answered.
      type: float
"""
