# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_watch
short_description: List the connections that are asked for at a port while it looks
version_added: 0.2.0
description:
  - Internal to the playbook C(nodetcp.paws.diagnose).
  - Looks at SYNs in a network namespace of a node, as M(nodetcp.paws.syn_info) does, and lists each connection with the
    timestamp of its first SYN, by which a client finds its own attempts again behind a NAT.
  - C(diagnose.yml) uses it to tell which attempts of M(nodetcp.paws.tcp_probe) arrived.
extends_documentation_fragment:
  - nodetcp.paws.verbs
  - nodetcp.paws.verbs.read_only
options:
  port:
    description: The port that is connected to.
    type: int
    required: true
  namespace:
    description: The network namespace to look in, as for M(nodetcp.paws.syn_info). The node's own, if it is not set.
    type: str
  duration:
    description: Seconds to look, at most 600.
    type: float
    default: 10
requirements:
  - Linux 3.2 or newer and root.
seealso:
  - module: nodetcp.paws.syn_info
  - module: nodetcp.paws.tcp_probe
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: See who asks for connections
  nodetcp.paws.paws_watch:
    port: 5672
    duration: 20
"""

RETURN = r"""
connections:
  description:
    - The connections that were asked for, at most 5000, each with the C(source) and C(source_port) of its first SYN and
      the C(tsval) of that, none without the option.
    - C(ports) says how many ports its SYNs came from, since a NAT may give another one to a SYN that is sent again,
      C(syns) how many SYNs were seen, C(answered) whether a SYN-ACK left, C(again_s) the seconds from its first SYN to
      its second one, none of one alone.
    - C(resets) are those of a client that waited for its SYN-ACK. It sends them to an ACK of an older connection.
  returned: success
  type: list
  elements: dict
packets:
  description: Packets that were looked at.
  returned: success
  type: int
lost:
  description: Packets that came faster than they were read.
  returned: success
  type: int
seconds:
  description: How long the look took.
  returned: success
  type: float
clock:
  description: Between which seconds of the controller's own clock (since its boot) the node was C(asked) and had
    C(answered).
  returned: success
  type: dict
"""
