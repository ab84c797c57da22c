# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was given: files, directories, archives, captures of packets or standard input, each as a reading."""

import datetime
import gzip
import os
import tempfile
import zlib
from collections.abc import Iterator

from .._messages.message import Message, message
from . import archives, captures, text, trees
from .reading import Reading

#: Files of a directory that are looked at, and how many of those without anything known are told one by one.
FILES_MAX, TOLD_MAX = 20000, 50
GZIP = b'\x1f\x8b'
UTF16 = {b'\xff\xfe': 'utf-16-le', b'\xfe\xff': 'utf-16-be'}


class Inputs:
    """Readings, and messages on what was left out. scratch: an empty private directory for archives."""

    def __init__(self, scratch: str, today: datetime.date) -> None:
        self.scratch, self.today = scratch, today
        self.readings: list[Reading] = []
        self.left_out: list[Message] = []

    def take(self, path: str) -> None:
        """A file or a directory."""
        if os.path.isdir(path):
            self._directory(path, path)
        else:
            self.readings.append(self._file(path, path) or Reading(path))
            if not self.readings[-1].forms and not self.readings[-1].problem:
                self.readings.pop()

    def take_bytes(self, data: bytes, source: str) -> None:
        """What came by standard input: a file like others once it is one."""
        with tempfile.NamedTemporaryFile(dir=self.scratch) as handle:
            handle.write(data)
            handle.flush()
            found = self._file(handle.name, source)
            if found is not None:
                self.readings.append(found)

    def _directory(self, top: str, source: str) -> None:
        """Every file below a directory; whole trees as one."""
        if trees.is_tree(top):
            self.readings.append(trees.read(os.path.abspath(top), source, self.today))
            return
        given: list[Reading] = []
        before = len(self.readings)
        for path in self._files(top, source):
            found = self._file(path, os.path.join(source, os.path.relpath(path, top)))
            if found is not None:
                given.append(found)
        known = [each for each in given if not each.problem or each.problem in ('translated', 'table', 'json')]
        rest = [each for each in given if each not in known] if len(given) > TOLD_MAX else []
        self.readings += [each for each in given if each not in rest] if rest else given
        if rest:
            self.left_out.append(message('explain/left_files', count=len(rest)))
        if len(self.readings) == before and not rest:
            self.readings.append(_unread(source, message('explain/empty_directory')))

    def _files(self, top: str, source: str) -> Iterator[str]:
        seen = 0
        for directory, names, files in os.walk(top):
            names.sort()
            inside = [name for name in names if trees.is_tree(os.path.join(directory, name))]
            for name in inside:
                names.remove(name)
                place = os.path.join(directory, name)
                self.readings.append(
                    trees.read(os.path.abspath(place), os.path.join(source, os.path.relpath(place, top)), self.today)
                )
            for name in sorted(files):
                path = os.path.join(directory, name)
                if os.path.islink(path) or not os.path.isfile(path):
                    continue
                seen += 1
                if seen > FILES_MAX:
                    self.left_out.append(message('explain/left_many', count=FILES_MAX))
                    return
                yield path

    def _file(self, path: str, source: str) -> Reading | None:
        """A reading of one file; None for an archive, whose own readings are taken."""
        try:
            if not os.path.isfile(path):
                raise OSError(0, 'not a file')
            with open(path, 'rb') as handle:
                data = handle.read(text.TEXT_MAX + 1)
        except OSError as error:
            return _unread(source, message('explain/file_error', error=error.strerror))
        if captures.is_capture(data):
            return captures.read(path, source)
        if archives.is_archive(path):
            self._archive(path, source)
            return None
        if data.startswith(GZIP):
            data = _unzipped(data)
        return _text(data, source)

    def _archive(self, path: str, source: str) -> None:
        directory = tempfile.mkdtemp(dir=self.scratch)
        try:
            archives.unpack(path, directory)
        except archives.ArchiveError as error:
            self.readings.append(_unread(source, message('explain/bad_archive', why=str(error))))
        before = len(self.readings)
        if os.listdir(directory):
            self._directory(directory, source)
        if len(self.readings) == before and not self.left_out:
            self.readings.append(_unread(source, message('explain/unknown_form')))


def _text(data: bytes, source: str) -> Reading:
    if len(data) > text.TEXT_MAX:
        data = data[: text.TEXT_MAX]
    encoding = UTF16.get(data[:2], 'utf-8')
    if encoding == 'utf-8' and b'\0' in data[:65536]:
        return _unread(source, message('explain/binary_text'))
    return text.read(data.decode(encoding, 'replace'), source)


def _unzipped(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(data, text.TEXT_MAX)
    except (zlib.error, gzip.BadGzipFile):
        return data


def _unread(source: str, why: Message) -> Reading:
    return Reading(source, problem=why)
