# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an API server does for `kubectl exec`: a process whose output goes out in frames of a WebSocket.

Sources: RFC 6455 4.2.2 and 5.2; kubernetes staging/src/k8s.io/apimachinery/pkg/util/remotecommand/constants.go. The
protocol is v5.channel.k8s.io, which kubectl speaks from 1.29 and by itself from 1.31: the first byte of a message names
its channel. There is no standard input and no terminal.
"""

from __future__ import annotations

import base64
import hashlib
import json
import selectors
import struct
import subprocess
from collections.abc import Sequence
from typing import IO

PROTOCOL = 'v5.channel.k8s.io'
_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
_STDOUT, _STDERR, _STATUS = 1, 2, 3
_BINARY, _CLOSE = 0x82, 0x88  # the whole message in one frame
_NORMAL = struct.pack('!H', 1000)


def accepted(key: str) -> str:
    """The header Sec-WebSocket-Accept for the client's Sec-WebSocket-Key."""
    return base64.b64encode(hashlib.sha1((key + _GUID).encode()).digest()).decode()


def serve(command: Sequence[str], out: IO[bytes]) -> None:
    """Runs the command; what it prints, and how it ended, goes to `out` as frames."""
    with (
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running,
        selectors.DefaultSelector() as ready,
    ):
        assert running.stdout
        assert running.stderr
        ready.register(running.stdout, selectors.EVENT_READ, _STDOUT)
        ready.register(running.stderr, selectors.EVENT_READ, _STDERR)
        while ready.get_map():
            for key, _events in ready.select():
                assert not isinstance(key.fileobj, int)
                data = key.fileobj.read1(32768)  # type: ignore[attr-defined]
                if data:
                    out.write(_frame(_BINARY, bytes([key.data]) + data))
                else:
                    ready.unregister(key.fileobj)
    out.write(_frame(_BINARY, bytes([_STATUS]) + json.dumps(_ended(running.returncode)).encode()))
    out.write(_frame(_CLOSE, _NORMAL))


def _frame(kind: int, payload: bytes) -> bytes:
    """A server's frame has no mask."""
    length = len(payload)
    if length < 126:
        return bytes([kind, length]) + payload
    if length < 65536:
        return struct.pack('!BBH', kind, 126, length) + payload
    return struct.pack('!BBQ', kind, 127, length) + payload


def _ended(code: int) -> dict[str, object]:
    if not code:
        return {'metadata': {}, 'status': 'Success'}
    causes = [{'reason': 'ExitCode', 'message': '%d' % code}]
    return {'metadata': {}, 'status': 'Failure', 'reason': 'NonZeroExitCode', 'details': {'causes': causes}}
