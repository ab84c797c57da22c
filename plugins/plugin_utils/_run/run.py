# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The identity of a run of ansible-playbook: the same for all its tasks, whichever process or host they run for."""

import contextlib
import json
import os
import secrets
import time
import typing as t
from collections.abc import Callable

from .._text.values import Values


class Run(t.NamedTuple):
    """id: UTC time and random hex; started: Unix seconds of the first task that asked."""

    id: str
    started: float


def identify(directory: str) -> Run:
    """The run that the directory belongs to, made at the first call.

    directory is ansible-core's private temporary directory (DEFAULT_LOCAL_TMP): one per run of ansible-playbook, shared
    by its worker processes, removed at the end.
    """
    return Run(**once(directory, 'run', _begin))


def go_on(directory: str, this: Run) -> Run:
    """Let this run be an earlier one that it goes on with; before anything has asked for its identity."""
    return Run(**once(directory, 'run', this._asdict))


def _begin() -> Values:
    now = time.time()
    return {'id': '%s-%s' % (utc(now, compact=True), secrets.token_hex(4)), 'started': now}


def once(directory: str, key: str, work: Callable[[], Values]) -> Values:
    """What the work gave (JSON types) when this run first did it under this key.

    Processes that start together may each do the work; all return the result of the one that finished first.
    """
    path = _path(directory, key)
    with contextlib.suppress(FileNotFoundError):
        return _read(path)
    own = _beside(path, work())
    with contextlib.suppress(FileExistsError):
        os.link(own, path)
    os.unlink(own)
    return _read(path)


def first(directory: str, key: str) -> bool:
    """Whether this run comes here for the first time under the key: of processes that come together, one does."""
    try:
        os.close(os.open(_path(directory, key), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    return True


def keep(directory: str, key: str, value: Values) -> None:
    """Leave a value (JSON types) to what comes later in this run; it takes the place of the one before."""
    path = _path(directory, key)
    os.rename(_beside(path, value), path)


def kept(directory: str, key: str) -> Values:
    """What this run has kept under the key; empty where it has kept nothing."""
    try:
        return _read(_path(directory, key))
    except FileNotFoundError:
        return {}


def drop(directory: str, key: str) -> None:
    """Forget what was kept under the key."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(_path(directory, key))


def utc(seconds: float, compact: bool = False) -> str:
    """A moment as ISO 8601 in UTC, to the second; compact without separators, as in file names."""
    return time.strftime('%Y%m%dT%H%M%SZ' if compact else '%Y-%m-%dT%H:%M:%SZ', time.gmtime(seconds))


def _path(directory: str, key: str) -> str:
    return os.path.join(directory, 'nodetcp_paws_%s.json' % key)


def _beside(path: str, value: Values) -> str:
    """A file with the value, whole, next to where it is to be; its path."""
    own = '%s.%s' % (path, secrets.token_hex(8))
    with open(own, 'w', encoding='utf-8') as handle:
        handle.write(json.dumps(value))
    return own


def _read(path: str) -> Values:
    with open(path, encoding='utf-8') as handle:
        return dict(json.load(handle))
