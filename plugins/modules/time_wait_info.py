# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: time_wait_info
short_description: Count TIME_WAIT sockets and forecast what they cost without tcp_tw_recycle
version_added: 0.2.0
description:
  - Counts the TIME_WAIT sockets of each network namespace by destination, for connections that this node made and
    closed first, and by local port, for connections that it took and closed first.
  - Forecasts how many local ports, buckets and how much memory they take with C(tcp_tw_recycle) off, when connections
    begin to fail with C(EADDRNOTAVAIL), and names what helps on this kernel.
extends_documentation_fragment:
  - nodetcp.paws.verbs
  - nodetcp.paws.verbs.read_only
options:
  root:
    description:
      - Look at the captured tree in this directory on the node instead of the live node.
      - The sockets are read from C(proc/net/tcp) and C(tcp6) in it or, without these, from the first file whose name
        is that of an C(ss) command with C(-a), such as C(ss_-tano). Names in the place of ports cannot be used.
    type: str
    default: /
  namespaces:
    description:
      - V(all) looks into every network namespace of the node, so into containers too; V(host) only into the node's own.
    type: str
    choices: [all, host]
    default: all
  top:
    description: How many destinations, ports and clients to list of each namespace, at most 1000.
    type: int
    default: 10
  window:
    description:
      - Seconds between two looks at the counters that the rate is told from, at most an hour. The node waits for them.
      - With V(0) the rate is that of the last minute, told from the number of sockets, unless C(tcp_tw_recycle) or
        C(tcp_tw_reuse) take them away early.
    type: float
    default: 10
  since:
    description:
      - The RV(sample) of an earlier look by this verb. Only the rest of the O(window) is then waited for, or nothing
        if it has passed, and the highest rate of earlier looks is not forgotten.
    type: dict
  profile:
    description: What the node is for. It decides which remedies a play may apply, RV(forecast).
    type: str
    choices: [server, client, proxy, k8s_node]
    default: server
notes:
  - The sockets come from the kernel's C(sock_diag) interface, which may load the kernel's C(inet_diag) module, as
    C(ss) does; from C(/proc/net/tcp) where that is refused.
  - Without root the processes of other users, and so their network namespaces, cannot be seen; RV(unavailable) says so.
  - A connection counts as taken where its local port listens or lies outside C(ip_local_port_range).
  - Where C(tcp_tw_recycle) is on, sockets leave TIME_WAIT after 0.7 seconds or more, which differs by peer. In the
    node's own namespace the sockets are therefore listed twice a second during the last 20 seconds of the O(window),
    which takes less than a millisecond each time where they are few.
seealso:
  - module: nodetcp.paws.paws_info
  - module: nodetcp.paws.sysctl_policy
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: What would switching tcp_tw_recycle off cost
  nodetcp.paws.time_wait_info:
    profile: client
  register: time_wait

- name: Show it
  ansible.builtin.debug:
    msg: "{{ time_wait.forecast.verdict }}: {{ time_wait.forecast.summary }}"

- name: Stop where local ports would run out
  ansible.builtin.assert:
    that: time_wait.forecast.verdict != 'exhausted'
    fail_msg: "{{ time_wait.forecast.remedies | map(attribute='text') | join(' ') }}"

- name: Look again later; the highest load seen stays known
  nodetcp.paws.time_wait_info:
    since: "{{ time_wait.sample }}"
"""

RETURN = r"""
totals:
  description: All network namespaces together.
  returned: success
  type: dict
  contains:
    sockets:
      description: TIME_WAIT sockets.
      type: int
      sample: 20123
    outgoing:
      description: Of them, connections that the node made and closed first.
      type: int
    incoming:
      description: Of them, connections that the node took and closed first.
      type: int
    namespaces:
      description: How many network namespaces there are.
      type: int
    idle_namespaces:
      description: How many of them never had such a socket; they are not listed.
      type: int
    not_counted:
      description: In how many the sockets could not be listed; RV(unavailable) has the reasons.
      type: int
    memory_bytes:
      description: Kernel memory that they take.
      type: int
    memory_from:
      description: V(slab) where the kernel told it (C(/sys/kernel/slab) or C(/proc/slabinfo)), else of what it is an
        estimate.
      type: str
      sample: slab
    overflowed:
      description: Connections that skipped TIME_WAIT because of C(tcp_max_tw_buckets), since boot
        (C(TCPTimeWaitOverflow)).
      type: int
namespaces:
  description: The network namespaces, the node's own first.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The namespace as the kernel names it.
      type: str
      sample: net:[4026531840]
    key:
      description: The namespace with what tells it from a later one of the same number.
      type: str
    kind:
      description: One of V(host), V(container), V(named) and V(process).
      type: str
    name:
      description: The name of a named network namespace.
      type: str
    container:
      description: The container's id, runtime and pod, if it is one.
      type: dict
    sockets:
      description: TIME_WAIT sockets; none where they could not be listed.
      type: int
    source:
      description: Where they were listed, V(netlink), V(proc), V(sockstat) (which says there are
        none) or the name of a captured file.
      type: str
    outgoing:
      description:
        - Connections that were made here and closed here first. Each of the C(top) destinations has C(local),
          C(remote), C(remote_port), C(sockets) and C(share), the part of the usable local ports.
        - C(destinations) is their number; C(exact) is false where there were more than are told apart.
      type: dict
    incoming:
      description:
        - Connections that were taken here and closed here first. Each of the C(top) local ports has C(port),
          C(sockets) and C(listens); C(clients) are the addresses with the most.
      type: dict
    usable_ports:
      description: Local ports for outgoing connections, without reserved ports and those that listen.
      type: int
      sample: 28232
    buckets:
      description: C(max) is C(tcp_max_tw_buckets), C(share) what is taken, C(overflowed) what was refused since boot
        and C(overflowed_delta) within the window.
      type: dict
    rate:
      description:
        - Connections closed here first, per second. C(per_s) is told C(from) counters over C(seconds) (C(TW),
          C(TWKilled) and, up to Linux 5.17, where these leave it out, C(TWRecycled)) or from the population;
          C(reused_per_s) of them were taken over by C(tcp_tw_reuse).
        - C(outgoing_per_s) and C(incoming_per_s) split them by who made the connection. C(split_from) is V(sockets)
          where those were counted that entered TIME_WAIT within the window, V(counters) where C(ActiveOpens) and
          C(PassiveOpens) leave one answer, else V(population), the sockets that are seen at once. The latter tell too
          little of what C(tcp_tw_recycle) takes away early.
        - C(highest_per_s) is the highest of this look, of the average since boot and of earlier looks in O(since).
      type: dict
    forecast:
      description: As RV(forecast), for this namespace.
      type: dict
forecast:
  description: What happens with C(tcp_tw_recycle) off, in the namespace where it is worst.
  returned: success
  type: dict
  contains:
    verdict:
      description:
        - V(exhausted) where a destination needs 0.8 or more of the usable local ports, or any where there are none,
          V(tight) from 0.5 on, or where half of the buckets is needed, V(safe), or V(unknown).
        - Without a window, or without the counters, the sockets of a node that recycles or reuses them are only the
          least that was; then it is V(unknown) and never V(safe).
      type: str
      sample: exhausted
    messages:
      description:
        - The id and the arguments of each sentence beside it, for programs and other languages.
        - They stand in other objects with sentences, too.
      type: dict
      sample: {summary: {id: forecast/none, arguments: {reason: {id: forecast/not-listed, arguments: {}}}}}
    summary:
      description: The forecast in one line.
      type: str
    namespace:
      description: The namespace that it is for.
      type: str
    capacity:
      description: Usable ports, seconds that TIME_WAIT lasts, whether recycling is on, whether C(tcp_tw_reuse) works
        here (V(off), V(on), V(loopback) or V(inert)), and connections per second that one
        destination can take.
      type: dict
      sample: {usable_ports: 28232, time_wait_s: 60, recycle: true, reuse: 'off', held_s: 60, sustainable_per_s: 470.53}
    loads:
      description: The forecast for the C(present) load and for the C(highest) one seen, with the largest destinations.
      type: dict
    nat:
      description: Where the node forwards and tracks connections, what one address of source NAT and the table can
        take.
      type: dict
    remedies:
      description:
        - What helps, in the order to try it. Each has C(id), C(text), C(settings) to write, C(allowed) for this
          profile or C(why_not), and C(sustainable_per_s), what one destination can take afterwards.
      type: list
      elements: dict
    settings:
      description: The settings of the remedies that are allowed, together.
      type: dict
      sample: {net.ipv4.tcp_tw_reuse: 1}
    never:
      description: What is often proposed and does harm, each with C(what) and C(why).
      type: list
      elements: dict
sample:
  description: The counters of this look and the highest rates, for O(since) of a later one.
  returned: success
  type: dict
profile:
  description: The profile that remedies were chosen for.
  returned: success
  type: str
kernel:
  description: The kernel's release, version and vendor.
  returned: success
  type: dict
source:
  description: How, when and with what the node was looked at.
  returned: success
  type: dict
unavailable:
  description: What could not be looked at, each with the reason.
  returned: success
  type: dict
"""
