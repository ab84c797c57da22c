# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: syn_info
short_description: Look at SYNs and tell which of them a server with tcp_tw_recycle drops
version_added: 0.2.0
description:
  - Looks for a bounded time at the segments that begin and end TCP connections, or reads a capture file, and tells
    for each source address how many SYNs were answered, how many hosts are behind it and whether their timestamps go
    back.
  - Replays the kernel's own rule, in the form that a kernel release has it, over these SYNs and names those that it
    drops when C(tcp_tw_recycle) is on. Whether they were answered plays no part, so that it also says what would
    happen on a healthy server before somebody turns recycling on or a balancer begins to translate source addresses.
  - The rule drops a SYN, in silence, if its source address ended a connection less than 60 seconds ago that the
    server closed first, or both at once, with a timestamp newer than the SYN's. From RHEL 7.7 and Linux 4.1 on it
    drops SYNs without a timestamp as well. No kernel from 4.12 on has it.
  - Changes nothing and sends nothing.
extends_documentation_fragment:
  - nodetcp.paws.verbs
  - nodetcp.paws.verbs.read_only
requirements:
  - Linux 3.2 or newer and root to look at packets.
  - The Python library C(dpkt) on the controller for O(pcap).
notes:
  - For the time of the look the program raises its own priority by 10 steps, so that a busy node loses nothing. The
    kernel filters before anything is queued, and 12 MiB hold what waits to be read. What was lost is in
    RV(look.lost).
  - A look at a node sees SYN, FIN and reset segments alone. A FIN of the server is then taken as acknowledged when it
    is sent; a capture file with all segments is followed exactly.
  - On all interfaces together, what came in to the node and what went out from it counts, each segment once.
  - Clocks are told apart by the lines on which timestamps lie. A line needs four connections. Two lines are two clocks
    where they stand at different values at the same moment, further apart than the jitter that the capture itself
    shows, 0.4 to 2 seconds. So RV(sources[].hosts) is never too high. It is too low where clocks are near each other,
    or where clients connect seldom.
  - A client of Linux 4.10, or of a stable kernel since 2026, begins each connection at another timestamp. It cannot
    be told from as many hosts that connected once, so RV(sources[].per_connection_offsets) is true and it is not
    counted as hosts.
  - From Linux 4.11 on each address of a client has a timestamp of its own. A node with pods behind one address counts
    as often as it has pods that connect.
options:
  interface:
    description: Look at this interface, in both directions. All interfaces if it is not set.
    type: str
  namespace:
    description:
      - The network namespace of the node to look in. The node's own, if it is not set.
      - An id as in C(net:[4026532281]), the id of a container or at least four characters of its beginning, the uid
        of a pod, the name of a network namespace or container, or an address that is local in it.
    type: str
  port:
    description: Look at connections to and from this TCP port alone.
    type: int
  duration:
    description: Seconds to look, at most 600.
    type: float
    default: 10
  max_packets:
    description: End the look after so many packets, at most 2000000.
    type: int
    default: 100000
  pcap:
    description:
      - Read this capture file on the controller and do not look at the node. A relative path is searched where
        Ansible searches the files of a play.
      - C(pcap) and C(pcapng), over Ethernet, raw IP or the cooked form of C(tcpdump -i any). C(tcpdump -s 128 -w FILE
        tcp) on the server makes one.
    type: path
  peer_pcap:
    description:
      - The capture of the server, where O(pcap) is that of a client of the same time. Attempts are followed from one to
        the other, through translation of addresses too, and RV(summary) says where most of the unanswered ones ended.
      - The clocks of the two need not agree.
    type: path
    version_added: 0.3.0
  kernel:
    description:
      - Replay the rule of this kernel release, as C(uname -r) prints it.
      - If it is not set, that of the node, for O(pcap) that of RHEL 7.9, which is also that of Linux 4.1 to 4.11.
    type: str
  max_drops:
    description: List at most so many dropped SYNs; V(0) lists all. They are always all counted.
    type: int
    default: 100
seealso:
  - module: nodetcp.paws.paws_info
    description: The counters of what the kernel did drop.
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: See who connects to the web server for half a minute
  nodetcp.paws.syn_info:
    port: 443
    duration: 30

- name: Ask what recycling would do to these clients before anybody turns it on
  nodetcp.paws.syn_info:
    port: 443
    kernel: 3.10.0-1160.el7.x86_64

- name: Look inside a container
  nodetcp.paws.syn_info:
    namespace: 3f2a9c1b77de

- name: Name every SYN that the kernel of the server dropped during this capture
  nodetcp.paws.syn_info:
    pcap: web1.pcap
    kernel: 4.4.178
    max_drops: 0
  delegate_to: localhost
"""

RETURN = r"""
look:
  description: How the segments were had.
  returned: success
  type: dict
  contains:
    from:
      description: Where from, V(node) or V(pcap).
      type: str
    packets:
      description: Packets that were looked at.
      type: int
    lost:
      description: Packets that came faster than they were read.
      type: int
    seconds:
      description: How long the look took; null for a file.
      type: float
    stopped:
      description: What ended the look, V(duration), V(max_packets), V(memory) or V(addresses); null for a file.
      type: str
attempts:
  description:
    - What became of each attempt to connect, as the capture shows it, whichever side it was made on. SYNs with the same
      addresses, ports and sequence number are one attempt.
  returned: success
  type: dict
  contains:
    total:
      description: Attempts.
      type: int
    syns:
      description: SYNs, with those that were sent again.
      type: int
    answered:
      description: Attempts that got a SYN-ACK.
      type: int
    sent_again:
      description: SYNs that repeat an earlier one.
      type: int
    sent_again_after_s:
      description: After how many seconds SYNs were sent again, at most 20 values.
      type: list
      elements: float
    unanswered:
      description: Attempts that nothing came back for.
      type: int
    refused:
      description: Attempts that a reset ended.
      type: int
    icmp:
      description: Attempts that an ICMP error answered; only a file has these.
      type: int
    side:
      description: V(client) or V(server), where the capture says which way its SYNs went; else null.
      type: str
both_sides:
  description: What the two captures say together.
  returned: with O(peer_pcap)
  type: dict
  contains:
    offset_s:
      description: Seconds that the clock of the server is ahead; null where no attempt is in both.
      type: float
    drift_ppm:
      description: How much faster it runs, in parts in a million; null where there are too few attempts to tell.
      type: float
    fates:
      description:
        - Attempts of the client by where they ended. Attempts to other servers do not count.
        - V(answered), V(refused) by the server, or V(refused_before) it, by something on the way.
        - V(not_arrived) at the server, V(answer_lost) on its way back.
        - Dropped at the server by the V(rule) of C(tcp_tw_recycle), or left without an answer otherwise (V(server)).
          The rule is in force only if the server answered hardly any SYN that it drops.
        - Those that met an older connection in TIME_WAIT and did not come up, as its ACK was lost (V(ack_lost)), or the
          client's reset (V(reset_lost)), or the reset did not end it (V(reset_ignored)), or they met others on each
          port that SNAT gave them (V(met_again)).
        - V(outside) the time of both captures.
      type: dict
    slow:
      description:
        - Attempts that came up after their SYN had been sent again, by what held them up. V(met_time_wait),
          V(answer_lost), V(server) (no answer at first) and V(not_arrived).
      type: dict
sources:
  description: The addresses that SYNs came from, at most 200, those that the rule hits first, then the busiest.
  returned: success
  type: list
  elements: dict
  contains:
    source:
      description: The address.
      type: str
    syns:
      description: SYNs, with those that were sent again.
      type: int
    connections:
      description: Connections that these SYNs asked for.
      type: int
    answered:
      description: Connections that got a SYN-ACK.
      type: int
    unanswered:
      description: Connections that got none during the capture.
      type: int
    without_timestamp:
      description: Connections asked for without a timestamp.
      type: int
    regressions:
      description: Connections whose timestamp is older than that of the connection before it.
      type: int
    dropped:
      description: SYNs that the rule drops.
      type: int
    hosts:
      description: Clocks behind the address, at least; 1 where they cannot be told apart.
      type: int
    timestamps:
      description: What the timestamps tell, in words.
      type: str
      sample: at least 2 clocks
    clock:
      description:
        - The same as one of V(one_clock), V(several_clocks), V(offset_per_connection) and V(unknown), by what most of
          the connections show.
      type: str
    clocks:
      description: Ticks a second of each clock that was told apart.
      type: list
      elements: int
    per_connection_offsets:
      description: Whether so many connections are on no common line that they must begin at timestamps of their own.
      type: bool
sources_total:
  description: How many addresses SYNs came from.
  returned: success
  type: int
replay:
  description: What the rule does to the SYNs with C(tcp_tw_recycle) on, beginning with a server that remembers nobody.
  returned: success
  type: dict
  contains:
    kernel:
      description: The release whose rule was replayed.
      type: str
    possible:
      description: Whether this kernel has the rule at all.
      type: bool
    syns:
      description: SYNs that asked for a connection.
      type: int
    dropped:
      description: How many of them the rule drops.
      type: int
    answered:
      description: How many of the dropped ones the server answered; all of them where the rule is not in force.
      type: int
    conclusive:
      description:
        - V(false) where the rule drops none of the SYNs, and the capture is not the server's own, so that it does not
          hold what the server remembers.
      type: bool
    drops:
      description: The dropped SYNs in their order, at most O(max_drops).
      type: list
      elements: dict
      sample: [{time: 1795314958.78355, source: 198.51.100.1, source_port: 59286}]
    met_time_wait:
      description:
        - How many of the SYNs met a socket of the server in TIME_WAIT, from their own address and port, with an older
          timestamp, by what the capture shows of who closed first and when. Such a SYN is answered by an old ACK. Told
          for kernels without the rule, from 4.12 on, whose counter C(PAWSTimewait) (from 6.14 on) rises by as much.
        - With C(tcp_rfc1337) on at the server there are more, since a reset does not end TIME_WAIT.
      type: int
      returned: success
    met:
      description: These SYNs in their order, at most O(max_drops).
      type: list
      elements: dict
      returned: success
      sample: [{time: 1795314958.78355, source: 198.51.100.1, source_port: 40078}]
summary:
  description: The result in one sentence.
  returned: success
  type: str
  sample: the rule of kernel 4.4.178 with tcp_tw_recycle on drops 54 of 120 SYNs; the server left 54 of them unanswered
problems:
  description: What limits the result, for instance a capture that is cut off.
  returned: success
  type: list
  elements: str
messages:
  description:
    - The id and the arguments of each sentence beside it, for programs and other languages. Those of RV(sources) stand
      in each of them.
  returned: success
  type: dict
  sample: {summary: {id: packets/drops-none, arguments: {kernel: 4.4.178, syns: 120}}}
"""
