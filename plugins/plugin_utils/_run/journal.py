# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a run: each host that was judged, as it comes, on the controller's disk.

So ansible-core's main process, which is copied for every task on every host, holds a few bytes of a host and not all
that was found; and a run that is killed has lost those hosts alone that were being asked.

The directory of a run (0700) holds `run.json`, the `journal` and a `lock`. An entry is one line of JSON with an empty
line before it: a line that was torn by a kill costs the host that it is of, and not the next one.
"""

import contextlib
import fcntl
import json
import os
import shutil
import time
import typing as t
from collections.abc import Iterator

from .._messages.message import MessageError, message
from .._shapes.check import fits
from .._shapes.journal import Entry, Head, Owner
from .._shapes.report import Host

#: A record has at most 16 MiB; what is judged of it is less.
LINE_MAX = 16 * 1024 * 1024
#: Journals of runs that nobody has gone on with are kept for a week.
KEPT_SECONDS = 7 * 86400
_HEAD, _LINES, _LOCK = 'run.json', 'journal', 'lock'
#: Where the journals of all runs are, below ANSIBLE_HOME.
_RUNS = os.path.join('nodetcp.paws', 'runs')


class JournalError(MessageError):
    """The journal cannot be written or gone on with, and why."""


def place(home: str, run: str) -> str:
    """The directory of a run; home: ANSIBLE_HOME."""
    return os.path.join(home, _RUNS, run)


def runs(home: str) -> list[str]:
    """The runs that left a journal, the newest first."""
    with contextlib.suppress(FileNotFoundError):
        return sorted(os.listdir(os.path.join(home, _RUNS)), reverse=True)
    return []


class Journal(t.NamedTuple):
    """The journal in a directory. Methods raise OSError for what the system refuses."""

    directory: str

    def begin(self, head: Head) -> None:
        """Make the directory where there is none yet, and clear away journals that are too old."""
        if os.path.exists(self._path(_HEAD)):
            return
        parent = os.path.dirname(self.directory)
        os.makedirs(parent, mode=0o700, exist_ok=True)
        _clear(parent, time.time() - KEPT_SECONDS)
        os.makedirs(self.directory, mode=0o700, exist_ok=True)
        self.own(head)

    def own(self, head: Head) -> None:
        """Write who writes from now on; whole or not at all."""
        own = '%s.%d' % (self._path(_HEAD), os.getpid())
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), 'wb') as handle:
            handle.write(json.dumps(head).encode())
            handle.flush()
            os.fsync(handle.fileno())
        os.rename(own, self._path(_HEAD))

    @contextlib.contextmanager
    def working(self, owner: int) -> Iterator[None]:
        """While a host is asked: nobody goes on with the run meanwhile. Raises JournalError if somebody has done so.

        owner: the process of ansible-playbook. Its workers outlive it by the host that they ask.
        """
        with self._locked(fcntl.LOCK_SH):
            with open(self._path(_HEAD), 'rb') as handle:
                if json.load(handle)['owner']['pid'] != owner:
                    raise JournalError(message('journal/not-ours'))
            yield

    @contextlib.contextmanager
    def alone(self, patience: float) -> Iterator[None]:
        """When no host is asked any more. Raises JournalError where that takes longer than `patience` seconds."""
        until = time.monotonic() + patience
        while True:
            with contextlib.ExitStack() as stack:
                try:
                    stack.enter_context(self._locked(fcntl.LOCK_EX | fcntl.LOCK_NB))
                except BlockingIOError:
                    if time.monotonic() >= until:
                        raise JournalError(message('journal/busy')) from None
                else:
                    yield
                    return
            time.sleep(0.05)

    def append(self, entry: Entry) -> None:
        """Add a host, and return when the disk has it. Raises JournalError for what is larger than any record."""
        line = b'\n%s\n' % json.dumps(entry).encode()
        if len(line) > LINE_MAX:
            raise JournalError(message('journal/too-large', bytes=len(line), most=LINE_MAX))
        handle = os.open(self._path(_LINES), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # One write: the system puts those of several processes one after the other.
            if os.write(handle, line) != len(line):
                raise JournalError(message('journal/torn'))
            os.fsync(handle)
        finally:
            os.close(handle)

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """(place, entry) in the order in which they came; of a host that has several, the last one counts.

        What is no entry is passed over, torn by a kill or written by somebody else.
        """
        with contextlib.suppress(FileNotFoundError, NotADirectoryError), open(self._path(_LINES), 'rb') as handle:
            while line := handle.readline(LINE_MAX):
                found = _entry(line)
                if found:
                    yield handle.tell() - len(line), found

    def hosts(self) -> dict[str, Host]:
        """By name, each host that was judged."""
        return {entry['host']['name']: entry['host'] for _place, entry in self.entries()}

    def at(self, where: int) -> Entry | None:
        """The entry that begins there."""
        with open(self._path(_LINES), 'rb') as handle:
            handle.seek(where)
            return _entry(handle.readline(LINE_MAX))

    def drop(self) -> None:
        """The run has told all that it found."""
        shutil.rmtree(self.directory, ignore_errors=True)

    def read_head(self) -> object:
        """run.json as it is, unchecked. Raises ValueError, too."""
        with open(self._path(_HEAD), 'rb') as handle:
            return json.loads(handle.read(LINE_MAX))

    def _path(self, name: str) -> str:
        return os.path.join(self.directory, name)

    @contextlib.contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        handle = os.open(self._path(_LOCK), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, how)
            yield
        finally:
            os.close(handle)


def owner(pid: int) -> Owner:
    """The process as a journal names it."""
    return {'pid': pid, 'began': _began(pid) or ''}


def is_alive(who: Owner) -> bool:
    """Whether the process still runs; one with its number that began at another time is another one."""
    return _began(who['pid']) == who['began']


def _began(pid: int) -> str | None:
    """When a process began (proc_pid_stat(5), field 22); '' where the system does not say; None where it has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return ''
    try:
        with open('/proc/%d/stat' % pid, 'rb') as handle:  # a worker would have to import the codec of ASCII
            fields = handle.read().rpartition(b')')[2].decode('utf-8', 'replace').split()
    except OSError:
        return ''
    return None if fields[0] in 'ZX' else fields[19]


def _entry(line: bytes) -> Entry | None:
    with contextlib.suppress(ValueError, RecursionError):  # a ShapeError is a ValueError
        return fits(json.loads(line), Entry, 'entry')
    return None


def _clear(parent: str, before: float) -> None:
    with os.scandir(parent) as found:
        for each in found:
            with contextlib.suppress(OSError):
                if each.stat(follow_symlinks=False).st_mtime < before:
                    shutil.rmtree(each.path, ignore_errors=True)
