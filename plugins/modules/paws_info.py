# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_info
short_description: Tell who drops SYNs in each network namespace of a node, from counters over a window
version_added: 0.2.0
description:
  - Compares two looks at the TCP counters of each network namespace, so of each container too, and shares the rise of
    C(ListenDrops) out among its causes, by what the node's kernel counts there.
  - On kernels from 3.6 to 4.11 it lists the peers whose SYNs are at risk now, from the kernel's cache of timestamps.
  - Nothing is judged; M(nodetcp.paws.paws_audit) does that.
extends_documentation_fragment:
  - nodetcp.paws.verbs
  - nodetcp.paws.verbs.read_only
options:
  root:
    description:
      - Look at the captured tree in this directory on the node instead of the live node.
      - Its second look is the one under C(sample2) in it; a capture never waits. Armed peers are read from
        C(ip_tcp_metrics_show), the output of C(ip tcp_metrics show), in it and in C(namespaces/INODE) below it.
    type: str
    default: /
  namespaces:
    description:
      - V(all) looks into every network namespace of the node, so into containers too; V(host) only into the node's own.
    type: str
    choices: [all, host]
    default: all
  window:
    description:
      - Seconds between the two looks, at most an hour. The node waits for them.
      - With V(0) there is one look, compared with O(since) if that is given.
    type: float
    default: 10
  since:
    description:
      - The RV(sample) of an earlier look, by this verb or by M(nodetcp.paws.paws_audit). Only the rest of the O(window)
        is then waited for, or nothing if it has passed.
    type: dict
notes:
  - Without root the processes of other users, and so their network namespaces, cannot be seen; RV(unavailable) says so.
seealso:
  - module: nodetcp.paws.paws_audit
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Who dropped SYNs in the last ten seconds
  nodetcp.paws.paws_info:
  register: counters

- name: Show it for each network namespace
  ansible.builtin.debug:
    msg: "{{ item.id }}: {{ item.says | join('; ') | default('nothing rose', true) }}"
  loop: "{{ counters.namespaces }}"
  loop_control:
    label: "{{ item.key }}"

- name: Measure around a task without waiting
  nodetcp.paws.paws_info:
    window: 0
    since: "{{ counters.sample }}"
"""

RETURN = r"""
namespaces:
  description:
    - The network namespaces, the node's own first.
    - Those alike share one entry, whose numbers are of all of them together.
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
    count:
      description: How many namespaces this entry stands for.
      type: int
    members:
      description: Their keys, where there is more than one.
      type: list
      elements: str
    also:
      description: Containers of the others that the entry stands for, at most eight.
      type: list
      elements: dict
    seconds:
      description: Seconds between the two looks; none where they cannot be compared.
      type: float
      sample: 10.01
    reason:
      description:
        - Why the two looks cannot be compared, for instance that the node was booted or counters were reset in between.
      type: str
    deltas:
      description: The rise of each counter that causes are told from and of all others that rose.
      type: dict
      sample: {TcpExt.ListenDrops: 12, TcpExt.PAWSPassive: 12}
    rates:
      description: The same per second.
      type: dict
    evidence:
      description: What the counters say of the per-host PAWS rule, as in M(nodetcp.paws.paws_audit).
      type: str
      sample: active
    listen_drops:
      description: Who the drops were made by. A cause that this kernel cannot have, or does not count, is none.
      type: dict
      contains:
        total:
          description: The rise of C(ListenDrops).
          type: int
        per_host_paws:
          description: Of the total, SYNs that C(tcp_tw_recycle) dropped (EL7 and newer, up to 4.11).
          type: int
        accept_queue:
          description: Of the total, because an accept queue was full.
          type: int
        syn_queue:
          description: Of the total, because a SYN queue was full.
          type: int
        other:
          description: The rest.
          type: int
        shares:
          description: The parts as shares of the total, 0 to 1.
          type: dict
        paws_outside:
          description: SYNs that C(tcp_tw_recycle) dropped on a kernel (2.6.32) that counts them elsewhere alone.
          type: int
        reason:
          description: Why it cannot be told.
          type: str
    collisions:
      description:
        - Segments that met a TIME_WAIT socket with an older timestamp, and the counters that say so. Null where no
          counter tells.
        - The C(certainty) is V(exact) where the kernel counts them by themselves, from 6.14 on; V(likely) where a
          counter that holds others too rose together with the limit on answers to TIME_WAIT; V(possible) where it rose
          alone. C(exact) says the first of these.
        - The C(share) is that of all SYNs, 0 to 1, counted as C(count) and C(Tcp.PassiveOpens). Null where no
          connections were counted.
      type: dict
      sample: {count: 10, counters: [PAWSTimewait], exact: true, certainty: exact, share: 0.12}
    collided:
      description:
        - What a look of three seconds says of where these SYNs come from, or one of ten more where few came; the node
          waits for it. Null except as root, with an O(window), in the namespace where most SYNs collided, at least
          three in the window.
        - C(address) is the one that most of them came from, C(cause) and C(ports) are its own, and C(connections) are
          those that it asked for in the look.
        - Each of the C(clients), at most eight, has its C(address), the C(server) and C(port) that it connected to, its
          sockets in C(time_wait), its C(ports) (lowest and highest), C(ports_in_use), C(ports_estimate) (how many it
          has to choose from), their C(density), C(ports_kept) (they are the clients' own), C(behind_snat) (ports
          without order, or several clocks), C(timestamps) (V(one_clock), V(several_clocks), V(offset_per_connection)
          for no clock, or V(unknown)), C(hosts) (clocks behind it, at least), C(connections_per_s), and the forecast of
          C(collisions_per_s) and C(share).
        - The C(forecast) is that of all clients together, and in C(address) that of the address.
      type: dict
      returned: success
      sample:
        address: 10.9.2.1
        cause: offset_per_connection
        connections: 208
        ports: [40002, 41999]
        clients:
          - address: 10.9.2.1
            server: 10.9.2.2
            port: 80
            time_wait: 1242
            ports: [40002, 41999]
            ports_in_use: 1242
            ports_estimate: 2000
            density: 0.622
            ports_kept: false
            behind_snat: true
            timestamps: offset_per_connection
            hosts: 1
            connections_per_s: 49.6
            collisions_per_s: 22.46
            share: 0.3117
        forecast:
          connections_per_s: 49.6
          collisions_per_s: 22.46
          share: 0.3117
          address: {connections_per_s: 49.6, collisions_per_s: 22.46, share: 0.3117}
    recycling:
      description:
        - Whether C(tcp_tw_recycle) has run since boot, told up to 4.11 from C(TWKilled). A C(tcp_fin_timeout) of at
          most 4 seconds leaves the same trace.
      type: dict
      sample: {ran: true, killed: 110, killed_delta: 33}
    messages:
      description: The id and the arguments of each sentence beside it, for programs and other languages.
      type: dict
      sample: {says: [{id: attribution/accept-queue, arguments: {number: 3}}]}
    says:
      description: What rose, in words.
      type: list
      elements: str
    peers:
      description:
        - Peers whose SYNs are dropped for C(remaining_s) more seconds if C(tcp_tw_recycle) is on and they are older
          than C(tsval), the longest remaining first, at most 64. None where the kernel keeps no such cache.
      type: list
      elements: dict
      sample: [{address: 198.51.100.1, tsval: 1252268077, age_s: 4, remaining_s: 56}]
    peers_total:
      description: How many peers are armed.
      type: int
sample:
  description: The counters of the later look, for O(since) of another one.
  returned: success
  type: dict
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
