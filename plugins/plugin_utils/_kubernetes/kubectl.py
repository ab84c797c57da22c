# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""kubectl: one call, and one process that clears up when nobody else does any more."""

import itertools
import operator
import os
import re
import subprocess
import types
import typing as t
from collections.abc import Iterator, Mapping, Sequence

from .._capture.stream import STREAM_MAX
from .._messages.message import message
from .._text.escape import terminal
from .objects import KubernetesError

#: Seconds for one call; a pass over the logs of a part may take longer.
CALL_S, LOGS_S, DELETE_S = 60, 600, 120
# The end of standard input without a word is the end of the one who held it: asked again, since the network may be
# what failed.
_CLEAR_UP = 'read -r done || for round in 1 2 3 4 5; do "$@" && break; sleep 5; done'
_PREFIX = re.compile(rb'\[pod/([^/\]]{1,253})/[^\]]{1,63}\] ')
_LINE_MAX = 1 << 20


def call(
    command: Sequence[str], *words: str, given: bytes = b'', seconds: int = CALL_S, held: int | None = None
) -> bytes:
    """What kubectl prints. command: kubectl with its general options; held: a file descriptor that it keeps open.

    Raises KubernetesError with what it said, in one line.
    """
    full, kept = [*command, *words], () if held is None else (held,)
    what = ' '.join(word for word in words[:2] if not word.startswith('-'))
    try:
        done = subprocess.run(full, input=given, capture_output=True, timeout=seconds, pass_fds=kept, check=False)
    except OSError as error:
        raise KubernetesError(message('kubernetes/no-kubectl', program=command[0], why=str(error.strerror))) from error
    except subprocess.TimeoutExpired as error:
        raise KubernetesError(message('kubernetes/too-slow', what=what, seconds=seconds)) from error
    if done.returncode:
        why = terminal(done.stderr.decode('utf-8', 'replace'), 600)
        raise KubernetesError(message('kubernetes/kubectl', what=what, why=why))
    return done.stdout


def logs(command: Sequence[str], words: Sequence[str], directory: str, files: Mapping[str, str]) -> None:
    """The logs of many pods in one call, each into a file of its own. files: the name of the file, by pod.

    kubectl begins each line by the name of its pod, so no log can pretend to be another pod's. A log of more than
    STREAM_MAX is cut, and what reads it says so. Raises KubernetesError, OSError.
    """
    with subprocess.Popen([*command, 'logs', '--prefix', *words], stdout=subprocess.PIPE) as running:
        stream = t.cast(t.IO[bytes], running.stdout)
        for pod, lines in itertools.groupby(_lines(stream), key=operator.itemgetter(0)):
            name = files.get(pod.decode('ascii', 'replace'))
            with open(os.path.join(directory, name) if name else os.devnull, 'ab', opener=private) as handle:
                for _pod, text in lines:
                    if handle.tell() <= STREAM_MAX:
                        handle.write(text)


def _lines(stream: t.IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """(pod, line or piece of a line) for what kubectl prints."""
    pod, begins = b'', True
    for piece in iter(lambda: stream.readline(_LINE_MAX), b''):
        prefix = _PREFIX.match(piece) if begins else None
        pod = prefix[1] if prefix else pod
        yield pod, piece[prefix.end() :] if prefix else piece
        begins = piece.endswith(b'\n')


def private(path: str, flags: int) -> int:
    """Opens a file that nobody else reads."""
    return os.open(path, flags, 0o600)


class ClearingUp:
    """Whatever ends the one who holds it, what it made is deleted: on leaving, or by a process that outlives it.

    That process waits for the end of a pipe. It has a session of its own, so no Ctrl-C and no lost terminal reaches it.
    """

    def __init__(self, command: Sequence[str], *words: str) -> None:
        self._command, self._words = list(command), words
        self._waiting = subprocess.Popen(
            ['/bin/sh', '-c', _CLEAR_UP, 'sh', *command, *words, '--wait=false'],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def held(self) -> int:
        """What a call has to hold that makes something: while it runs, nothing is cleared up behind its back."""
        return t.cast(t.IO[bytes], self._waiting.stdin).fileno()

    def __enter__(self) -> 'ClearingUp':
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        if kind is None or issubclass(kind, Exception):
            call(self._command, *self._words, '--timeout=%ds' % (DELETE_S - 20), seconds=DELETE_S)
            self._waiting.communicate(b'done\n')
