# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading JSON from files that others may have made: regular files, of bounded size, with an object in them."""

import json
import os
import stat
import typing as t

from .._messages.message import MessageError, message


class UnusableFile(MessageError):
    """This file is not what was looked for, and why."""


def read_object(path: str, limit: int) -> dict[str, object]:
    """The JSON object in a file of at most limit bytes. Raises UnusableFile."""
    return _parse(read(path, limit))


def read(path: str, limit: int) -> bytes:
    """The bytes of a regular file; the size is looked at before anything is read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, 'rb') as handle:
            status = os.fstat(handle.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UnusableFile(message('file/not-regular'))
            if status.st_size > limit:
                raise UnusableFile(message('file/too-large', bytes=status.st_size, most=limit))
            return handle.read(limit + 1)
    except OSError as exc:
        raise UnusableFile(message('file/unreadable', why=exc.strerror or str(exc))) from exc


def _parse(data: bytes) -> dict[str, object]:
    if not data.strip():
        raise UnusableFile(message('file/empty'))
    try:
        value = json.loads(data.decode('utf-8'), parse_constant=_no_constant)
    except RecursionError as exc:
        raise UnusableFile(message('file/deep')) from exc
    except ValueError as exc:  # UnicodeDecodeError and JSONDecodeError are both of this kind
        raise UnusableFile(message('file/not-json', why=str(exc))) from exc
    if not isinstance(value, dict):
        raise UnusableFile(message('file/no-object'))
    return value


def _no_constant(name: str) -> t.NoReturn:
    raise ValueError('%s is not a JSON number' % name)
