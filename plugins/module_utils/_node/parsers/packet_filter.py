# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The classic BPF program that lets only SYN, FIN and RST of TCP pass (bpf(4), linux/filter.h).

It runs in the kernel on each packet of a packet socket, so it decides what a look at SYNs costs a busy server. The
packets begin with the network header (SOCK_DGRAM, packet(7)), or with the rest of a VLAN tag that nobody took off.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import struct

from .tcp_packet import EXTENSIONS, FIN, IPV4, IPV6, RST, SYN, TAG, TCP, VLANS

INSTRUCTION = struct.Struct('=HBBI')  # struct sock_filter
# include/uapi/linux/bpf_common.h
LOAD_X_IMM, LOAD_HALF_ABS, LOAD_BYTE_ABS, LOAD_HALF, LOAD_BYTE = 0x01, 0x28, 0x30, 0x48, 0x50
JUMP, JUMP_EQUAL, JUMP_ANY_BIT, RETURN = 0x05, 0x15, 0x45, 0x06
AND, SHIFT_LEFT, SHIFT_RIGHT, ADD_X, A_TO_X, X_TO_A, ADD = 0x54, 0x64, 0x74, 0x0C, 0x07, 0x87, 0x04
PROTOCOL = 0xFFFFF000  # SKF_AD_OFF + SKF_AD_PROTOCOL: the packet's EtherType
TAGS_MAX = 2


def program(port, length):
    """The program as bytes: `length` bytes of each SYN, FIN and RST of TCP over IPv4 or IPv6, of this port or of any.

    IPv6 packets with extension headers all pass, the program cannot look behind them.
    """
    lines = _Lines()
    lines.add(LOAD_HALF_ABS, PROTOCOL)
    for kind in (IPV4, IPV6) + VLANS:
        lines.jump(kind, 'tags 0')
    lines.go('drop')
    for tags in range(TAGS_MAX + 1):
        _link(lines, tags)
    _ipv4(lines)
    _ipv6(lines)
    _tcp(lines, port)
    lines.label('drop')
    lines.add(RETURN, 0)
    lines.label('pass')
    lines.add(RETURN, length)
    return lines.assembled()


def _link(lines, tags):
    """Behind `tags` VLAN tags: an IP header, or one more tag. See tcp_packet.parse_cooked()."""
    base = tags * TAG.size
    lines.label('tags %d' % tags)
    if tags < TAGS_MAX:
        lines.add(LOAD_HALF_ABS, base + 2)
        for kind in VLANS:
            lines.jump(kind, 'tags %d' % (tags + 1))
        lines.jump(IPV4, 'perhaps ipv4 %d' % tags)
        lines.jump(IPV6, 'perhaps ipv6 %d' % tags)
    _version(lines, base)
    lines.jump(4, 'ipv4 at %d' % tags)
    lines.unless(6, 'drop')
    _at(lines, 'ipv6', base)
    lines.label('ipv4 at %d' % tags)
    _at(lines, 'ipv4', base)
    if tags < TAGS_MAX:
        for name, version in (('ipv4', 4), ('ipv6', 6)):
            lines.label('perhaps %s %d' % (name, tags))
            _version(lines, base + TAG.size)
            lines.jump(version, 'tags %d' % (tags + 1))
            _version(lines, base)
            lines.jump(4, 'late ipv4 %s %d' % (name, tags))
            lines.unless(6, 'drop')
            _at(lines, 'ipv6', base)
            lines.label('late ipv4 %s %d' % (name, tags))
            _at(lines, 'ipv4', base)


def _version(lines, base):
    lines.add(LOAD_BYTE_ABS, base)
    lines.add(SHIFT_RIGHT, 4)


def _at(lines, name, base):
    lines.add(LOAD_X_IMM, base)
    lines.go(name)


def _ipv4(lines):
    lines.label('ipv4')
    lines.add(LOAD_BYTE, 9)
    lines.unless(TCP, 'drop')
    lines.add(LOAD_HALF, 6)
    lines.add(JUMP_ANY_BIT, 0x1FFF, 'drop')  # a later fragment has no TCP header
    lines.add(LOAD_BYTE, 0)
    lines.add(AND, 15)
    lines.add(SHIFT_LEFT, 2)
    lines.add(ADD_X, 0)
    lines.add(A_TO_X, 0)
    lines.go('tcp')


def _ipv6(lines):
    lines.label('ipv6')
    lines.add(LOAD_BYTE, 6)
    for extension in EXTENSIONS:
        lines.jump(extension, 'pass')
    lines.unless(TCP, 'drop')
    lines.add(X_TO_A, 0)
    lines.add(ADD, 40)
    lines.add(A_TO_X, 0)


def _tcp(lines, port):
    """X is where the TCP header begins."""
    lines.label('tcp')
    if port is not None:
        lines.add(LOAD_HALF, 0)
        lines.jump(port, 'flags')
        lines.add(LOAD_HALF, 2)
        lines.unless(port, 'drop')
    lines.label('flags')
    lines.add(LOAD_BYTE, 13)
    lines.add(JUMP_ANY_BIT, SYN | FIN | RST, 'pass')


class _Lines(object):
    """Instructions whose jumps name labels; jumps only go forward."""

    def __init__(self):
        self.lines, self.labels = [], {}

    def label(self, name):
        self.labels[name] = len(self.lines)

    def add(self, code, value, then=None, otherwise=None):
        self.lines.append((code, value, then, otherwise))

    def jump(self, value, then):
        self.add(JUMP_EQUAL, value, then)

    def unless(self, value, otherwise):
        self.add(JUMP_EQUAL, value, None, otherwise)

    def go(self, target):
        self.add(JUMP, 0, target)

    def assembled(self):
        packed = []
        for number, (code, value, then, otherwise) in enumerate(self.lines):
            true, false = (0 if name is None else self.labels[name] - number - 1 for name in (then, otherwise))
            if code == JUMP:  # its distance stands where other instructions have a value
                packed.append(INSTRUCTION.pack(code, 0, 0, true))
            else:
                packed.append(INSTRUCTION.pack(code, true, false, value))
        return b''.join(packed)
