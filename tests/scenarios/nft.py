# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two rules of nf_tables by nfnetlink, for namespaces on machines without the nft program.

    nsenter -t PID -n python3 nft.py masquerade INTERFACE
    nsenter -t PID -n python3 nft.py drop HOOK PORT        (HOOK: input or forward)
    nsenter -t PID -n python3 nft.py clear

Numbers: include/uapi/linux/netfilter/nf_tables.h, nfnetlink.h.
"""

from __future__ import annotations

import os
import socket
import struct
import sys

NETLINK_NETFILTER, SUBSYSTEM = 12, 10
BATCH_BEGIN, BATCH_END = 0x10, 0x11
NEW_TABLE, DELETE_TABLE, NEW_CHAIN, NEW_RULE = 0, 2, 3, 6
REQUEST, ACK, CREATE = 0x1, 0x4, 0x400
IPV4 = 2
HOOKS = {'input': 1, 'forward': 2, 'postrouting': 4}
TABLE = 'scenario'
OIF_NAME, L4_PROTOCOL, TRANSPORT_HEADER = 7, 16, 2


def attribute(kind: int, data: bytes) -> bytes:
    return struct.pack('=HH', len(data) + 4, kind) + data + b'\0' * (-len(data) % 4)


def text(kind: int, value: str) -> bytes:
    return attribute(kind, value.encode() + b'\0')


def number(kind: int, value: int) -> bytes:
    return attribute(kind, struct.pack('>I', value & 0xFFFFFFFF))


def nested(kind: int, *inner: bytes) -> bytes:
    return attribute(kind | 0x8000, b''.join(inner))


def expression(name: str, *data: bytes) -> bytes:
    return nested(1, text(1, name), nested(2, *data))


def meta_is(key: int, value: bytes) -> list[bytes]:
    return [expression('meta', number(1, 1), number(2, key)), equals(value)]


def equals(value: bytes) -> bytes:
    return expression('cmp', number(1, 1), number(2, 0), nested(3, attribute(1, value)))


def masquerade(interface: str) -> list[bytes]:
    name = interface.encode().ljust(16, b'\0')
    rule = [*meta_is(OIF_NAME, name), expression('masq')]
    return chain_with('nat', 'postrouting', 100, rule)


def drop(hook: str, port: int) -> list[bytes]:
    load = expression('payload', number(1, 1), number(2, TRANSPORT_HEADER), number(3, 2), number(4, 2))
    verdict = expression('immediate', number(1, 0), nested(2, nested(2, number(1, 0))))
    rule = [*meta_is(L4_PROTOCOL, bytes([socket.IPPROTO_TCP])), load, equals(struct.pack('>H', port)), verdict]
    return chain_with('filter', hook, 0, rule)


def chain_with(kind: str, hook: str, priority: int, rule: list[bytes]) -> list[bytes]:
    where = nested(4, number(1, HOOKS[hook]), number(2, priority))
    chain = text(1, TABLE) + text(3, hook) + where + text(7, kind)
    return [
        message(NEW_TABLE, text(1, TABLE)),
        message(NEW_CHAIN, chain),
        message(NEW_RULE, text(1, TABLE) + text(2, hook) + nested(4, *rule)),
    ]


def message(kind: int, body: bytes) -> bytes:
    return framed(SUBSYSTEM << 8 | kind, IPV4, 0, body, REQUEST | ACK | CREATE)


def framed(kind: int, family: int, resource: int, body: bytes, flags: int) -> bytes:
    payload = struct.pack('>BBH', family, 0, resource) + body
    return struct.pack('=IHHII', len(payload) + 16, kind, flags, 1, 0) + payload


def send(messages: list[bytes]) -> None:
    """One transaction; OSError with the kernel's reason."""
    begin, end = (framed(kind, 0, SUBSYSTEM, b'', REQUEST) for kind in (BATCH_BEGIN, BATCH_END))
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER) as link:
        link.send(begin + b''.join(messages) + end)
        for _message in messages:
            answer = link.recv(65536)
            error = -struct.unpack_from('=i', answer, 16)[0]
            if error:
                raise OSError(error, os.strerror(error))


def main(words: list[str]) -> None:
    if words[0] == 'clear':
        send([framed(SUBSYSTEM << 8 | DELETE_TABLE, IPV4, 0, text(1, TABLE), REQUEST | ACK)])
    elif words[0] == 'masquerade':
        send(masquerade(words[1]))
    else:
        send(drop(words[1], int(words[2])))


if __name__ == '__main__':
    main(sys.argv[1:])
