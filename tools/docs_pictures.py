# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the pictures of the documentation, docs/images/*.svg.

python -m tools.docs_pictures            write
python -m tools.docs_pictures --check    fail when a picture is stale
"""

from __future__ import annotations

import sys
from pathlib import Path

from tools.docs_svg import Arrow, Box, Label, Message, Note, Picture, sequence

IMAGES = Path(__file__).resolve().parent.parent / 'docs' / 'images'


def dropped() -> Picture:
    """The two timestamps are those of a published incident, of 2009."""
    return sequence(
        'Two clients behind one address',
        'Client A connects through NAT and the server closes the connection first, so it remembers the timestamp '
        '773695118 of the address for 60 seconds. Client B, whose clock is older, comes from the same address with '
        'timestamp 470318331: its SYNs are dropped without an answer, while its ping is answered.',
        {
            'a': 'client A',
            'b': 'client B',
            'nat': 'NAT, balancer or overlay\n203.0.113.7',
            'server': 'server\nrecycle on',
        },
        [
            Message('a', 'server', 'SYN, TSval 773695118', 'good', beside='arrives as 203.0.113.7, TSval untouched'),
            Message('server', 'a', 'SYN-ACK, data, and the server closes first', 'good'),
            Note('server', 'remembers 203.0.113.7:\nTSval 773695118, 60 s'),
            Message(
                'b',
                'server',
                'SYN, TSval 470318331',
                'bad',
                lost=True,
                beside='same address, older timestamp: PAWSPassive +1',
            ),
            Message('b', 'server', 'the SYN again, 1 s later', 'bad', lost=True, beside='no SYN-ACK, no RST, no ICMP'),
            Message('b', 'server', 'ping', 'ping'),
            Message('server', 'b', 'pong: ICMP has no TCP timestamp', 'ping'),
        ],
    )


def stamps() -> Picture:
    rows = (
        ('source address', 'NAT', '203.0.113.7', 'the key of the memory', 'bad'),
        ('source port', 'NAT', '40112', 'not looked at', 'plain'),
        ('TSval', 'the client, from its own clock', '470318331', 'compared with the memory', 'bad'),
        ('TSecr', 'the client; 0 in a SYN', '0', 'not looked at', 'plain'),
    )
    shapes: list[Box | Arrow | Label] = [
        Label(x, 30, text, bold=True)
        for x, text in ((95, 'in the SYN'), (285, 'written by'), (465, 'example'), (650, 'the server with recycle on'))
    ]
    for number, (name, writer, value, use, kind) in enumerate(rows):
        y = 44 + 38 * number
        widths = ((20, 150), (180, 210), (400, 130), (540, 220))
        shapes += [
            Box(x, y, width, 30, text, kind)
            for (x, width), text in zip(widths, (name, writer, value, use), strict=True)
        ]
    return Picture(
        'Who wrote what into the SYN',
        'The source address is written by NAT, the timestamp by the client. The server compares the timestamp of one '
        'machine with what it remembers of another, because both have the same address.',
        780,
        210,
        tuple(shapes),
    )


def collision() -> Picture:
    return sequence(
        'What is left of it on newer kernels',
        'On kernels from 4.12 on a SYN with an older timestamp is refused only where it meets a TIME_WAIT socket of '
        'the same addresses and ports. The server answers with an ACK of the old connection, the client resets it, and '
        'the next SYN is answered. With tcp_rfc1337=1 the reset is ignored and the client hangs.',
        {
            'b': 'client B',
            'nat': 'NAT gives port 40112\nagain within 60 s',
            'server': 'server, 4.12 or newer\nTIME_WAIT of A on 40112',
        },
        [
            Message(
                'b',
                'server',
                'SYN from port 40112, older TSval',
                'bad',
                beside='PAWSTimewait +1, TIME_WAIT begins anew',
            ),
            Message('server', 'b', 'ACK of the old connection'),
            Message('b', 'server', 'RST', beside='ends TIME_WAIT, unless tcp_rfc1337=1'),
            Message('b', 'server', 'SYN again, some 10 ms later', 'good'),
            Message('server', 'b', 'SYN-ACK', 'good'),
        ],
        spacing=230,
    )


def container() -> Picture:
    return Picture(
        'One setting, many namespaces',
        'Up to Linux 4.10 a node has one value of tcp_tw_recycle for all its network namespaces, and its file is to be '
        'seen in that of the host alone. What is remembered, and the counters, belong to each container.',
        780,
        330,
        (
            Box(20, 20, 740, 290, 'node with a kernel up to 4.10', dashed=True),
            Box(200, 55, 380, 48, 'net.ipv4.tcp_tw_recycle = 1\none value, in force in every namespace', 'bad'),
            Box(40, 150, 210, 140, "host's namespace", dashed=True),
            Box(285, 150, 210, 140, 'container web', dashed=True),
            Box(530, 150, 210, 140, 'container queue', dashed=True),
            Arrow(330, 103, 160, 148, kind='bad'),
            Arrow(390, 103, 390, 148, kind='bad'),
            Arrow(450, 103, 620, 148, kind='bad'),
            Box(55, 180, 180, 44, 'file is there: 1\nPAWSPassive 0'),
            Box(300, 180, 180, 44, 'no such file\nPAWSPassive 0'),
            Box(545, 180, 180, 44, 'no such file\nPAWSPassive 351763', 'bad'),
            Box(55, 236, 180, 44, 'remembers its peers', 'memory'),
            Box(300, 236, 180, 44, 'remembers its peers', 'memory'),
            Box(545, 236, 180, 44, 'remembers its peers', 'memory'),
        ),
    )


def balancer() -> Picture:
    return Picture(
        'Two ways out behind a balancer',
        'With SNAT all clients reach the server from one address. Either the server stops remembering, with '
        'tcp_tw_recycle=0, or the balancer stops translating, and the answers are routed back through it.',
        780,
        340,
        (
            Label(390, 30, 'today: every client comes from 10.0.0.5', 'bad', bold=True),
            Box(30, 45, 150, 44, 'clients\nmany clocks'),
            Box(310, 45, 160, 44, 'balancer, SNAT\n10.0.0.5'),
            Box(600, 45, 150, 44, 'server\nrecycle = 1', 'bad'),
            Arrow(180, 67, 308, 67, 'SYNs'),
            Arrow(470, 67, 590, 67, 'one address', 'bad', lost=True),
            Label(390, 130, 'way 1: the server stops remembering', 'good', bold=True),
            Box(30, 145, 150, 44, 'clients\nmany clocks'),
            Box(310, 145, 160, 44, 'balancer, SNAT\n10.0.0.5'),
            Box(600, 145, 150, 44, 'server\nrecycle = 0', 'good'),
            Arrow(180, 167, 308, 167, 'SYNs'),
            Arrow(470, 167, 598, 167, 'one address', 'good'),
            Label(390, 208, 'TIME_WAIT lasts 60 s again: forecast it first'),
            Label(390, 245, 'way 2: the balancer stops translating', 'good', bold=True),
            Box(30, 260, 150, 44, 'clients\nmany clocks'),
            Box(310, 260, 160, 44, 'balancer\nno SNAT', 'good'),
            Box(600, 260, 150, 44, 'server routes back\nthrough it', 'good'),
            Arrow(180, 275, 308, 275, 'SYNs'),
            Arrow(470, 275, 598, 275, "clients' addresses", 'good'),
            Arrow(600, 295, 472, 295, kind='good'),
            Label(390, 325, 'ends it only where no client shares an address further out (office or carrier NAT)'),
        ),
    )


PICTURES = {
    'dropped': dropped,
    'stamps': stamps,
    'collision': collision,
    'container': container,
    'balancer': balancer,
}


def main(check: bool) -> int:
    stale = []
    for name, picture in PICTURES.items():
        place = IMAGES / (name + '.svg')
        text = picture().svg()
        if not place.exists() or place.read_text(encoding='utf-8') != text:
            stale.append(place.name)
            if not check:
                place.write_text(text, encoding='utf-8')
    if stale and check:
        sys.stdout.write('stale: %s (python -m tools.docs_pictures writes them)\n' % ', '.join(stale))
    return 1 if stale and check else 0


if __name__ == '__main__':
    sys.exit(main('--check' in sys.argv[1:]))
