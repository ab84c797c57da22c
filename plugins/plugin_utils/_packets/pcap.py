# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP segments out of a capture file: pcap, and pcapng with any number of interfaces.

The library dpkt knows the formats. What is wrong with a file is said in `problems`, and the rest of it is used.
"""

import collections
import importlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from .._messages.message import Message, MessageError, message
from . import links
from .handshakes import Rejection
from .segment import Event, Span

NEXT_GENERATION = b'\n\r\r\n'
COMPRESSED = {b'\x1f\x8b': 'gzip', b'\x28\xb5': 'zstd', b'BZ': 'bzip2', b'\xfd7': 'xz'}
SECTION, INTERFACE, PACKET, ENHANCED = 0x0A0D0D0A, 1, 2, 6
RESOLUTION, OFFSET = 9, 14  # if_tsresol, if_tsoffset
BLOCK_MIN = 12
NEVER = Span(0.0, 0.0)


class CaptureError(MessageError):
    """The file holds nothing that can be used; the message names it and says why."""


@dataclass
class Capture:
    """TCP segments and ICMP errors of a file in its order, what was wrong with it, and of all its packets their number
    and the earliest and the latest time."""

    events: list[Event] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    packets: int = 0
    span: Span = NEVER
    problems: list[Message] = field(default_factory=list)


def read(path: str) -> Capture:
    """The segments of a capture file. Raises CaptureError."""
    try:
        with Path(path).open('rb') as handle:
            return _Reader(path, _Bounded(handle, Path(path).stat().st_size)).capture()
    except OSError as error:
        raise CaptureError(message('packets/unreadable', path=path, reason=error.strerror or str(error))) from error
    except ImportError as error:
        raise CaptureError(message('packets/no-dpkt')) from error


class _Bounded:
    """A file that never gives more than it has, and remembers that it was asked for more."""

    def __init__(self, handle: IO[bytes], size: int) -> None:
        self.name = 'capture'
        self.handle, self.left, self.short = handle, size, False

    def read(self, size: int) -> bytes:
        if size < 0 or (size > self.left and self.left):
            self.short = True
        got = self.handle.read(max(min(size, self.left), 0))
        self.left -= len(got)
        return got

    def begin(self) -> bytes:
        """The first four bytes, still to be read."""
        first = self.handle.read(4)
        self.handle.seek(0)
        return first


class _Reader:
    """One file on its way to a Capture."""

    def __init__(self, path: str, file: _Bounded) -> None:
        self.path, self.file = path, file
        self.result = Capture()
        self.strange: collections.Counter[int] = collections.Counter()  # packets of each link type that is not known
        self.damaged = 0

    def capture(self) -> Capture:
        first = self.file.begin()
        for mark, name in COMPRESSED.items():
            if first.startswith(mark):
                raise CaptureError(message('packets/compressed', path=self.path, kind=name))
        early, earliest, latest = 0, math.inf, -math.inf
        for link, time, frame in self._next_generation() if first == NEXT_GENERATION else self._classic():
            self.result.packets += 1
            early += time < 0
            earliest, latest = min(earliest, time), max(latest, time)
            if link not in links.KNOWN:
                self.strange[link] += 1
                continue
            event = links.segment(link, time, frame)
            if event is not None:
                self.result.events.append(event)
            else:
                self._add_rejection(link, time, frame)
        self._say(early)
        if self.result.packets:
            self.result.span = Span(earliest, latest)
        return self.result

    def _add_rejection(self, link: int, time: float, frame: bytes) -> None:
        error = links.rejection(link, time, frame)
        if error is not None:
            self.result.rejections.append(error)

    def _classic(self) -> Iterator[tuple[int, float, bytes]]:
        pcap = importlib.import_module('dpkt.pcap')
        try:
            reader = pcap.Reader(self.file)
        except ValueError as error:
            raise self._no_capture() from error
        except _dpkt_error() as error:
            raise self._no_capture() from error
        link = reader.datalink() & 0xFFFF  # above it may say how long the frame check sequence is
        try:
            for time, frame in reader:
                if not frame:
                    self.file.short = True
                    return
                seconds = float(time)  # a Decimal where the file counts nanoseconds
                yield link, seconds if seconds < 1 << 31 else seconds - (1 << 32), frame
        except _dpkt_error():
            self.file.short = True

    def _next_generation(self) -> Iterator[tuple[int, float, bytes]]:
        """Block after block, since dpkt's own reader knows only the first interface of a file."""
        pcapng = importlib.import_module('dpkt.pcapng')
        order, interfaces = 'little', list[tuple[int, float, int]]()
        while len(head := self.file.read(8)) == 8:
            kind = int.from_bytes(head[:4], 'little')
            if kind == SECTION:
                head += self.file.read(4)
                order, interfaces = 'little' if head[8:] == b'\x4d\x3c\x2b\x1a' else 'big', []
            kind = int.from_bytes(head[:4], order)  # type: ignore[arg-type]
            size = int.from_bytes(head[4:8], order)  # type: ignore[arg-type]
            block = head + self.file.read(size - len(head))
            if size < BLOCK_MIN or len(block) < size:
                self.file.short = True
                return
            try:
                if kind == INTERFACE:
                    interfaces.append(_interface(pcapng, block, order))
                elif kind in (PACKET, ENHANCED):
                    yield _packet(pcapng, kind, block, order, interfaces)
            except (_dpkt_error(), ValueError, IndexError, ArithmeticError):
                self.damaged += 1

    def _no_capture(self) -> CaptureError:
        empty = not self.file.left and not self.file.handle.tell()
        path = self.path
        return CaptureError(
            message('packets/empty', path=path) if empty else message('packets/not-a-capture', path=path)
        )

    def _say(self, early: int) -> None:
        path, packets, say = self.path, self.result.packets, self.result.problems.append
        if self.file.short:
            say(message('packets/cut-off', path=path, number=packets))
        if self.damaged:
            say(message('packets/damaged', path=path, number=self.damaged))
        for link, count in sorted(self.strange.items()):
            say(message('packets/link-type', path=path, number=count, link=link, known=list(links.NAMES.values())))
        if early:
            say(message('packets/early', path=path, number=early))
        if not packets:
            say(message('packets/no-packets', path=path))
        elif not self.result.events and not self.strange:
            say(message('packets/no-segments', path=path))


def _dpkt_error() -> type[Exception]:
    error: type[Exception] = importlib.import_module('dpkt.dpkt').Error
    return error


def _interface(pcapng: Any, block: bytes, order: str) -> tuple[int, float, int]:
    """(link type, ticks a second, seconds to add) of an interface description."""
    little = order == 'little'
    parsed = (pcapng.InterfaceDescriptionBlockLE if little else pcapng.InterfaceDescriptionBlock)(block)
    resolution, offset = 1e6, 0
    for option in parsed.opts:
        if option.code == RESOLUTION and option.data:
            power = option.data[0]
            resolution = float(2 ** (power & 127) if power & 128 else 10**power)
        elif option.code == OFFSET and len(option.data) == 8:
            offset = int.from_bytes(option.data, order, signed=True)  # type: ignore[arg-type]
    return parsed.linktype, resolution, offset


def _packet(
    pcapng: Any, kind: int, block: bytes, order: str, interfaces: list[tuple[int, float, int]]
) -> tuple[int, float, bytes]:
    name = ('EnhancedPacketBlock' if kind == ENHANCED else 'PacketBlock') + ('LE' if order == 'little' else '')
    parsed = getattr(pcapng, name)(block)
    link, resolution, offset = interfaces[parsed.iface_id]
    ticks = parsed.ts_high << 32 | parsed.ts_low
    return link, offset + ticks / resolution, parsed.pkt_data
