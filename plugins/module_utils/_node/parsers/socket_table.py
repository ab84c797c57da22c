# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TIME_WAIT sockets as text: /proc/net/tcp, tcp6 (net/ipv4/tcp_ipv4.c tcp4_seq_show()) and what `ss` prints."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import _socket as socket  # as in netlink.py
import binascii
import struct
import sys

from ..errors import Malformed
from .inet_diag import Part
from .natural import natural

TIME_WAIT, LISTEN = '06', '0A'  # include/net/tcp_states.h
ORDER = '<' if sys.byteorder == 'little' else '>'
PORT = struct.Struct('>H')
PADDING = b'\0' * 12


def part_of(rows):
    """The inet_diag.Part of rows; its rests are None where rows have none."""
    part = Part()
    if rows:
        families, ports, part.keys, rests = zip(*rows)
        part.families, part.ports = bytearray(families), bytearray().join(ports)
        part.rests = None if None in rests else bytearray(rests)
    return part


def proc_row(line):
    """(family, local port as two bytes, key, rest) of a line of /proc/net/tcp or tcp6 in TIME_WAIT, None of others.

    Raises Malformed. Key and rest are as in inet_diag.py; rest is None where the line ends before the timer. The first
    column widens with the number of sockets: fields are told by spaces.
    """
    words = line.split(None, 6)
    if len(words) < 4:
        raise Malformed('%.60r is not a line of a socket table' % line)
    if words[3] != TIME_WAIT:
        return None
    local, port = _proc_end(words[1])
    remote, remote_port = _proc_end(words[2])
    if len(local) != len(remote):
        raise Malformed('%.60r has ends of two families' % line)
    return _row(local, port, remote, remote_port) + (_proc_rest(words[5]) if len(words) > 5 else None,)


def _proc_end(text):
    """'0100007F:0016', words of the machine's byte order, as (address in network order, port)."""
    address, _colon, port = text.partition(':')
    try:
        raw, number = binascii.unhexlify(address.encode('ascii')), int(port, 16)
        count = len(raw) // 4
        return struct.pack('>%dI' % count, *struct.unpack('%s%dI' % (ORDER, count), raw)), _checked(number)
    except (TypeError, ValueError, struct.error):  # binascii.Error and UnicodeError are ValueErrors
        raise Malformed('%.60r is not a socket address' % text)


def _proc_rest(text):
    """'03:00000C89', a timer and the hundredths of a second until it expires (USER_HZ)."""
    try:
        return int(text.partition(':')[2], 16) * 10 // 256 % 256
    except ValueError:
        raise Malformed('%.60r is not a timer' % text)


def ss_rows(text):
    """[(family, local port as two bytes, key, None), ...] of TIME_WAIT sockets, from `ss` with -a or -t, and -n.

    Columns are Netid (only without -t), State, Recv-Q, Send-Q, local end, remote end. Raises Malformed.
    """
    rows = []
    for words in _ss_lines(text, 'TIME-WAIT'):
        local, port = _ss_end(words[3])
        remote, remote_port = _ss_end(words[4])
        if len(local) != len(remote):
            raise Malformed('a TIME-WAIT line with ends of two families')
        rows.append(_row(local, port, remote, remote_port) + (None,))
    return rows


def ss_listening(text):
    """The local ports of the TCP sockets that listen in the output of `ss`. Raises Malformed."""
    return sorted(set(_ss_end(words[3])[1] for words in _ss_lines(text, 'LISTEN')))


def _ss_lines(text, state):
    """The columns from State on of the lines of TCP sockets in that state."""
    for line in text.split('\n'):
        words = line.split(None, 6)
        if words[:1] == ['tcp']:
            del words[0]
        if words[:1] == [state]:
            if len(words) < 5:
                raise Malformed('a %s line without ends' % state)
            yield words


def _ss_end(text):
    """'10.0.0.1%eth0:80', '[::1]:80', or '*:80' as (address, port). Names, from ss without -n, are Malformed."""
    address, colon, port = text.rpartition(':')
    address = address.strip('[]').partition('%')[0]
    if not colon or natural(port) is None:
        raise Malformed('%.60r is not an address with a number as port: use ss -n' % text)
    if address == '*':
        return PADDING + b'\0' * 4, _checked(natural(port))
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    try:
        packed = socket.inet_pton(family, address)
    except (IOError, OSError, ValueError, UnicodeError):  # socket.error among them
        raise Malformed('%.60r is not an address' % text)
    return packed, _checked(natural(port))


def _checked(port):
    if not 0 <= port <= 65535:
        raise Malformed('%d is not a port' % port)
    return port


def _row(local, port, remote, remote_port):
    family = {4: socket.AF_INET, 16: socket.AF_INET6}.get(len(local))
    if family is None:
        raise Malformed('an address of %d bytes' % len(local))
    pad = PADDING if family == socket.AF_INET else b''
    return family, PORT.pack(port), PORT.pack(remote_port) + local + pad + remote + pad
