# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses of a network namespace: its own, and the sockets that listen, as /proc/net prints them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import _socket as socket  # as in netlink.py
import binascii
import struct
import sys

from ..errors import Malformed

LISTEN = '0A'  # include/net/tcp_states.h TCP_LISTEN
DIGITS_AND_DOTS = '0123456789.'
ORDER = '<' if sys.byteorder == 'little' else '>'


def parse_listening(text):
    """Local ends that listen, "ADDRESS:PORT", of /proc/net/tcp or tcp6, in the order of the file, each once.

    The kernel prints listening sockets before all others (net/ipv4/tcp_ipv4.c tcp_get_idx()), so reading stops at
    the first line that is not one: a busy server's file has 100,000 lines more. Raises Malformed.
    """
    found = []
    for line in text.split('\n')[1:]:
        words = line.split(None, 4)
        if len(words) < 4:
            break
        if words[3] != LISTEN:
            break
        end = _address(words[1])
        if end not in found:
            found.append(end)
    return found


def _address(text):
    """'0100007F:0016' (the address as words of the machine's byte order) -> '127.0.0.1:22'."""
    address, colon, port = text.partition(':')
    try:
        raw = binascii.unhexlify(address)
        number = int(port, 16)
    except (TypeError, ValueError):
        raise Malformed('%.60r is not a socket address' % text)
    if len(raw) not in (4, 16) or not 0 <= number <= 65535:
        raise Malformed('%.60r is not a socket address' % text)
    words = len(raw) // 4
    packed = struct.pack('>%dI' % words, *struct.unpack('%s%dI' % (ORDER, words), raw))
    if words == 1:
        return '%s:%d' % (socket.inet_ntoa(packed), number)
    return '[%s]:%d' % (socket.inet_ntop(socket.AF_INET6, packed), number)


def parse_fib_trie(text):
    """Local IPv4 addresses, sorted, each once, of /proc/net/fib_trie (net/ipv4/fib_trie.c); loopback left out."""
    found, above = set(), ''
    for line in text.split('\n'):
        if line.lstrip().startswith('/32 host LOCAL'):
            address = above.partition('|-- ')[2]
            if address.count('.') == 3 and not address.strip(DIGITS_AND_DOTS) and not address.startswith('127.'):
                found.add(address)
        above = line
    return sorted(found)


def parse_if_inet6(text):
    """IPv6 addresses of global scope, sorted, of /proc/net/if_inet6 (net/ipv6/addrconf.c if6_seq_show())."""
    found = set()
    for line in text.split('\n'):
        words = line.split()
        if len(words) == 6 and len(words[0]) == 32 and words[3] == '00':  # scope 00: global
            try:
                found.add(socket.inet_ntop(socket.AF_INET6, binascii.unhexlify(words[0])))
            except (TypeError, ValueError):
                raise Malformed('%.40r is no IPv6 address' % words[0])
    return sorted(found)


def is_address(text):
    """Whether it is an IPv4 or IPv6 address."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, text)
            return True
        except (socket.error, ValueError, UnicodeError):
            pass
    return False
