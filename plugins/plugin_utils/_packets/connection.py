# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server's side of one TCP connection, as far as it decides when the kernel remembers the client's timestamp.

Read in 4.4.178 and 3.10.0-1160.el7, which agree: net/ipv4/tcp_input.c (tcp_rcv_state_process(), tcp_fin(),
tcp_replace_ts_recent()), net/ipv4/tcp_minisocks.c (tcp_time_wait(), tcp_timewait_state_process()).

What decides is on the wire. The acknowledgement number of the server's first FIN says whether the server had processed
the client's FIN when it closed. If it had, the server goes to LAST_ACK and remembers nothing. If it had not, the server
closed first or both did at once, and it remembers on entering FIN_WAIT2 or TIME_WAIT.
"""

ASKED, ANSWERED, OPEN, FIN_WAIT1, FIN_WAIT2, TIME_WAIT, LAST_ACK, GONE = range(8)
HALF = 1 << 31
WORD = (1 << 32) - 1
RTO_MIN = 0.2  # TCP_RTO_MIN
LIVES_OF_RTO = 3.5  # how long TIME_WAIT lasts with recycle on: (icsk_rto << 2) - (icsk_rto >> 1)
TIME_WAIT_LEN = 60.0  # TCP_TIMEWAIT_LEN: what a stray segment extends it to
REQUEST_LIFE = 63.0  # a request that nobody acknowledges: five retransmissions of the SYN-ACK


def after(one: int, other: int) -> bool:
    """Whether a sequence number or a timestamp is later than another, on a circle of 32 bits."""
    return 0 < (one - other) & WORD < HALF


class Connection:
    """A connection whose SYN the server did not drop.

    `heard` and `said` take what the client and the server sent, in the order of the capture; they return True whenever
    the server now remembers `timestamp`, last renewed at second `renewed`. `whole`: the capture holds all segments and
    not SYN, FIN and RST alone.
    """

    __slots__ = (
        'begun',
        'client_fin',
        'expected',
        'isn',
        'promised',
        'recycled',
        'renewed',
        'round_trip',
        'server_fin',
        'since',
        'state',
        'timestamp',
        'until',
    )

    def __init__(self, now: float, isn: int, timestamp: int | None, begun: bool = True, recycled: bool = True) -> None:
        """begun: by a SYN in the capture; otherwise `isn` is that before the first segment which the capture holds.
        recycled: TIME_WAIT is shortened, as with tcp_tw_recycle."""
        self.isn = isn
        self.recycled = recycled
        self.begun = begun
        self.state = ASKED if begun else OPEN
        self.since = now
        self.timestamp = timestamp
        self.renewed = int(now // 1)
        self.expected = self.promised = (isn + 1) & WORD  # rcv_nxt, rcv_wup
        self.client_fin: int | None = None  # what acknowledges it
        self.server_fin: int | None = None
        self.round_trip = 0.0
        self.until = 0.0  # end of TIME_WAIT

    def meets(self, now: float) -> bool:
        """Whether a SYN of the same two ends meets this connection, so that the rule is not asked."""
        if self.state == ANSWERED:
            return now - self.since < REQUEST_LIFE
        if self.state in (FIN_WAIT2, TIME_WAIT):
            return now < self.until
        return self.state not in (ASKED, GONE)

    def reopens(self, seq: int, timestamp: int | None) -> bool:
        """Whether a SYN that meets TIME_WAIT begins a new connection; otherwise it is only acknowledged."""
        if self.state != TIME_WAIT:
            return False
        if timestamp is None or self.timestamp is None:
            return after(seq, self.expected)
        newer = not after(self.timestamp, timestamp)
        return newer and (after(seq, self.expected) or timestamp != self.timestamp)

    def turns_away(self, now: float, timestamp: int | None) -> bool:
        """Whether a SYN that meets TIME_WAIT is rejected by its timestamp, which TIME_WAIT then outlasts by its whole
        length (Linux 6.18 net/ipv4/tcp_minisocks.c tcp_timewait_state_process())."""
        if self.state not in (FIN_WAIT2, TIME_WAIT) or timestamp is None or self.timestamp is None:
            return False
        if not after(self.timestamp, timestamp):
            return False
        self.until = now + TIME_WAIT_LEN
        return True

    def said(
        self, now: float, fin: bool, rst: bool, seq: int, ack: int, echo: int | None, length: int, whole: bool
    ) -> bool:
        """The server sent a segment after the SYN-ACK. `echo`, its TSecr, is the timestamp that it holds."""
        if rst:
            self.state = GONE
            return False
        if after(ack, self.promised):
            self.promised = ack
        if after(ack, self.expected):  # it received what the capture does not hold, or holds out of order
            self.expected = ack
        if not fin or self.server_fin is not None:
            return False  # a FIN that is sent again may acknowledge more than it did when the server closed
        self.server_fin = (seq + length + 1) & WORD
        if self.client_fin is not None and not after(self.client_fin, ack):
            self.state = LAST_ACK if whole else GONE
            return False
        self.state = FIN_WAIT1
        if whole or not self.begun:
            return False
        if echo is not None and self.timestamp is not None and after(echo, self.timestamp):
            self.timestamp, self.renewed = echo, int(now // 1)
        return self._closes(now, self.server_fin)  # the acknowledgement, which this capture leaves out, is near

    def answered(self, now: float, timestamps: bool) -> None:
        """The server sent a SYN-ACK, with timestamps or without."""
        if self.state == ASKED:
            self.state, self.since = ANSWERED, now
            if not timestamps:
                self.timestamp = None

    def heard(
        self, now: float, fin: bool, rst: bool, seq: int, ack: int, timestamp: int | None, length: int, whole: bool
    ) -> bool:
        """The client sent a segment after the SYN."""
        if rst:
            if self.state not in (TIME_WAIT, FIN_WAIT2) or seq == self.expected:
                self.state = GONE
            return False
        if self.state == TIME_WAIT:
            self.until = now + TIME_WAIT_LEN
            return False
        if self.state == GONE:
            return False
        if self.state in (ASKED, ANSWERED):
            self.round_trip = now - self.since if self.state == ANSWERED else 0.0
            self.state = OPEN
        if self.state == FIN_WAIT2:
            return fin and now < self.until and self._late_fin(now, seq, timestamp, length)
        self._renew(now, seq, timestamp)
        self._receive(fin, seq, length, whole)
        return self._closes(now, ack)

    def _renew(self, now: float, seq: int, timestamp: int | None) -> None:
        """tcp_replace_ts_recent(): only what begins at or before the last acknowledgement that was sent counts."""
        if timestamp is None or self.timestamp is None or after(seq, self.promised):
            return
        if not after(self.timestamp, timestamp):
            self.timestamp, self.renewed = timestamp, int(now // 1)

    def _receive(self, fin: bool, seq: int, length: int, whole: bool) -> None:
        end = (seq + length) & WORD
        if whole and after(seq, self.expected):
            return  # a hole before it; the server's acknowledgement will tell when it is filled
        if after(end, self.expected):
            self.expected = end
        if fin:
            self.client_fin = (end + 1) & WORD
            if self.expected == end:
                self.expected = self.client_fin

    def _closes(self, now: float, ack: int) -> bool:
        """Whether this acknowledgement takes the server out of FIN_WAIT1 or CLOSING; ends LAST_ACK."""
        if self.server_fin is None or after(self.server_fin, ack):
            return False
        if self.state == LAST_ACK:
            self.state = GONE
        if self.state != FIN_WAIT1:
            return False
        received = self.client_fin is not None and not after(self.client_fin, self.expected)
        self.state = TIME_WAIT if received else FIN_WAIT2
        self.until = now + (self._time_wait() if received else TIME_WAIT_LEN)
        # Of a connection whose beginning is not in the capture the client may have closed first, before it.
        return self.timestamp is not None and (received or self.begun)

    def _late_fin(self, now: float, seq: int, timestamp: int | None, length: int) -> bool:
        """The client's FIN in FIN_WAIT2: its timestamp counts whatever was acknowledged before."""
        self.state = TIME_WAIT
        self.expected = (seq + length + 1) & WORD
        self.until = now + self._time_wait()
        if self.timestamp is None or timestamp is None or after(self.timestamp, timestamp):
            return False
        self.timestamp, self.renewed = timestamp, int(now // 1)
        return True

    def _time_wait(self) -> float:
        """Seconds that TIME_WAIT lasts."""
        return LIVES_OF_RTO * (RTO_MIN + self.round_trip) if self.recycled else TIME_WAIT_LEN
