# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation `probe`: a bounded number of TCP connects from this node, or one of its namespaces, to one address.

A connection that comes up is closed at once from this side, with a FIN: the server is then not the one that closes
first, so the probe leaves no TIME_WAIT and no stamp behind there (KERNEL: 4.4 tcp_minisocks.c:275).
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import select
import socket
import struct
import time

from ..errors import Refused, Unreadable

COUNT_MAX, RATE_MAX, TIMEOUT_MAX, SECONDS_MAX, DELAY_MAX = 1000, 20.0, 60.0, 600.0, 60.0
TCP_INFO, TCP_TIMESTAMP = 11, 24  # include/uapi/linux/tcp.h
RETRANSMITS, TOTAL_RETRANS = 2, 100  # offsets in struct tcp_info
RESULTS = {
    0: 'ok', errno.ECONNREFUSED: 'refused', errno.ETIMEDOUT: 'timeout', errno.ECONNRESET: 'reset',
    errno.EHOSTUNREACH: 'unreachable', errno.ENETUNREACH: 'unreachable', errno.EHOSTDOWN: 'unreachable',
    errno.ENETDOWN: 'unreachable',
}
FAMILIES = {'any': socket.AF_UNSPEC, 'ipv4': socket.AF_INET, 'ipv6': socket.AF_INET6}
clock = getattr(time, 'monotonic', time.time)  # Python 2 has no monotonic clock


def run(arguments):
    """{'address', 'attempts', 'icmp', 'elapsed_s', 'cut'}: attempts to `port`, and to `other_port` if there is one.

    arguments: host, port, other_port, count (of each port), rate (attempts per second), timeout (s), icmp, family (any,
    ipv4, ipv6), namespace (whereabouts.py), delay (s before the first). attempts: {'port', 'at_s', 'result', 'ms',
    'syn_retransmits', 'from', 'tsval', 'error', 'icmp_ms'}. cut: why fewer than asked for, or None. Raises Refused.
    """
    request = Request(arguments)
    if not arguments.get('namespace'):
        return request.carry_out()
    from ..readers import namespace_lookup
    return namespace_lookup.visit(arguments['namespace'], request.carry_out)


class Request(object):
    """What to try, within the bounds. Names are resolved here, before a namespace is entered. Raises Refused."""

    def __init__(self, arguments):
        self.ports = [port for port in (arguments['port'], arguments.get('other_port')) if port is not None]
        self.count = _bounded('count', arguments.get('count', 5), 1, COUNT_MAX)
        self.rate = _bounded('rate', arguments.get('rate', 5.0), 0.01, RATE_MAX)
        self.timeout = _bounded('timeout', arguments.get('timeout', 3.0), 0.05, TIMEOUT_MAX)
        self.delay = _bounded('delay', arguments.get('delay') or 0.0, 0.0, DELAY_MAX)
        self.icmp = arguments.get('icmp', True)
        for port in self.ports:
            _bounded('port', port, 1, 65535)
        self.family, self.address = _resolved(arguments['host'], FAMILIES[arguments.get('family') or 'any'])

    def carry_out(self):
        """The answer of run(), from the caller's network namespace."""
        time.sleep(self.delay)
        attempts = [Attempt(self.family, self.address, port) for _number in range(self.count) for port in self.ports]
        echo, why = self._echo()
        started = clock()
        Round(attempts, echo, self.rate, self.timeout, len(self.ports)).run(started)
        made = [attempt for attempt in attempts if attempt.result]
        cut = None if len(made) == len(attempts) else '%d of %d attempts fitted into %g s' % (
            len(made), len(attempts), SECONDS_MAX)
        return {'address': self.address[0], 'attempts': [attempt.told(started) for attempt in made],
                'icmp': {'available': why is None, 'reason': why}, 'elapsed_s': round(clock() - started, 3), 'cut': cut}

    def _echo(self):
        if not self.icmp:
            return None, 'not asked for'
        from ..readers.echo import Echo
        try:
            return Echo(self.family, self.address), None
        except Unreadable as exc:
            return None, exc.reason


def _bounded(name, value, least, most):
    if not least <= value <= most:
        raise Refused('%s: %g is not between %g and %g' % (name, value, least, most))
    return value


def _resolved(host, family):
    """(family, address as connect(2) takes it, port 0) of the first address. Raises Refused."""
    try:
        found = socket.getaddrinfo(host, 0, family, socket.SOCK_STREAM)[0]
    except (socket.error, UnicodeError, IndexError) as exc:
        raise Refused('host: %s does not resolve on the node: %s' % (host, getattr(exc, 'strerror', None) or exc))
    return found[0], found[4]


class Attempt(object):
    """One connect(2): begin(), then settle() when poll(2) says that there is an answer, or give_up()."""

    def __init__(self, family, address, port):
        self.port, self._family = port, family
        self._target = (address[0], port) + address[2:]
        self.result = self._error = self._local = self._tsval = self.echo_ms = self._ms = None
        self.begun, self._retransmits, self.socket = None, 0, None

    def begin(self):
        """Starts to connect; an answer may be there at once."""
        self.begun = clock()
        try:
            self.socket = socket.socket(self._family, socket.SOCK_STREAM)
            self.socket.setblocking(False)
            number = self.socket.connect_ex(self._target)
        except (IOError, OSError) as exc:
            self._end(exc.errno)
            return
        self._local, self._tsval = self._name(), self._number(TCP_TIMESTAMP)
        if number != errno.EINPROGRESS:
            self._end(number)

    def settle(self):
        self._end(self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))

    def give_up(self):
        self._end(errno.ETIMEDOUT)

    def _end(self, number):
        self._ms = round((clock() - self.begun) * 1000, 3)
        self.result = RESULTS.get(number, 'error')
        if self.result == 'error':
            self._error = errno.errorcode.get(number, str(number))
        if self.socket is not None:
            self._retransmits = self._syn_retransmits()
            self.socket.close()
            self.socket = None

    def _name(self):
        try:
            name = self.socket.getsockname()
        except (IOError, OSError):
            return None
        return ('[%s]:%d' if self._family == socket.AF_INET6 else '%s:%d') % name[:2]

    def _number(self, option):
        """A socket option that is an unsigned number, None where the kernel does not have it (3.9 and before)."""
        try:
            return struct.unpack('=I', self.socket.getsockopt(socket.IPPROTO_TCP, option, 4))[0] or None
        except (IOError, OSError, struct.error):
            return None

    def _syn_retransmits(self):
        """Of struct tcp_info: those since the last answer, or all of them where the kernel counts these."""
        try:
            info = self.socket.getsockopt(socket.IPPROTO_TCP, TCP_INFO, 104)
        except (IOError, OSError):
            return 0
        total = struct.unpack_from('=I', info, TOTAL_RETRANS)[0] if len(info) >= TOTAL_RETRANS + 4 else 0
        return max(bytearray(info)[RETRANSMITS] if len(info) > RETRANSMITS else 0, total)

    def told(self, started):
        return {'port': self.port, 'at_s': round(self.begun - started, 3), 'result': self.result, 'ms': self._ms,
                'syn_retransmits': self._retransmits, 'from': self._local, 'tsval': self._tsval,
                'error': self._error, 'icmp_ms': self.echo_ms}


class Round(object):
    """All attempts of one run: begun at the rate, each ended by its answer or its timeout; none blocks another.

    The attempts to several ports of one number are begun together, and one echo with them.
    """

    def __init__(self, attempts, echo, rate, timeout, together):
        self._waiting = [attempts[first:first + together] for first in range(0, len(attempts), together)][::-1]
        self._numbers = dict((attempt, index // together) for index, attempt in enumerate(attempts))
        self._sent = {}
        self._open = {}
        self._echo, self._interval, self._timeout = echo, 1.0 / rate, timeout
        self._poll = select.poll()

    def run(self, started):
        if self._echo:
            self._poll.register(self._echo.socket, select.POLLIN)
        begin_at, until = started, started + SECONDS_MAX
        while self._open or (self._waiting and clock() < until):
            now = clock()
            if self._waiting and begin_at <= now < until:
                self._begin(self._waiting.pop())
                begin_at = max(begin_at + self._interval, now)
            self._expire(clock())
            self._answers(self._patience(begin_at))
        self._last_echoes()

    def _begin(self, attempts):
        number = self._numbers[attempts[0]]
        if self._echo:
            self._sent[number] = (clock(), attempts)
            self._echo.send(number)
        for attempt in attempts:
            attempt.begin()
            if attempt.socket is not None:
                self._open[attempt.socket.fileno()] = attempt
                self._poll.register(attempt.socket, select.POLLOUT)

    def _patience(self, begin_at):
        """Milliseconds until there is something to do whatever comes."""
        moments = [attempt.begun + self._timeout for attempt in self._open.values()]
        moments += [begin_at] if self._waiting else []
        return max(0, min(moments) - clock()) * 1000 + 1 if moments else 0

    def _expire(self, now):
        for descriptor, attempt in list(self._open.items()):
            if now - attempt.begun >= self._timeout:
                self._close(descriptor, attempt.give_up)

    def _answers(self, patience):
        for descriptor, _event in self._poll.poll(patience):
            if descriptor in self._open:
                self._close(descriptor, self._open[descriptor].settle)
            elif self._echo:
                self._echoed()

    def _close(self, descriptor, end):
        del self._open[descriptor]
        self._poll.unregister(descriptor)
        end()

    def _echoed(self):
        for number in self._echo.receive():
            begun, attempts = self._sent.pop(number, (None, ()))
            for attempt in attempts:
                attempt.echo_ms = round((clock() - begun) * 1000, 3)

    def _last_echoes(self):
        """What is still missing may come for another moment."""
        if self._echo:
            until = clock() + min(self._timeout, 1.0)
            while self._sent and clock() < until:
                if self._poll.poll((until - clock()) * 1000 + 1):
                    self._echoed()
            self._echo.close()
