# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing reports: whole or not at all, and never a poorer one over a richer one of the same run."""

import contextlib
import fcntl
import json
import os
import time
import typing as t
from collections.abc import Callable, Iterable, Iterator

from .._shapes.diagnosis import Diagnosis
from .._shapes.report import Report
from .._text.whole_file import replace, replace_all
from . import diagnosis, stored
from .formats import csv, html, junit, markdown, prometheus, sarif

# Formats beside audit.json, which is always written: name -> (file name, renderer).
FORMATS: dict[str, tuple[str, Callable[[Report], str]]] = {
    'html': ('audit.html', html.render),
    'junit': ('audit.junit.xml', junit.render),
    'sarif': ('audit.sarif', sarif.render),
    'csv': ('audit.csv', csv.render),
    'markdown': ('audit.md', markdown.render),
    'prometheus': ('audit.prom', prometheus.render),
}
JSON_FILE = 'audit.json'
#: Seconds to wait for another run that writes to the same directory: several times what the largest report takes.
_PATIENCE = 120.0


def write_all(document: Report, directory: str, formats: list[str], lock: str) -> list[str]:
    """Write the document in every format; paths of the files, none when a fuller document of this run is there already.

    Several processes of one run may do this at once (every host by itself under the free strategy): the lock, a file on
    a local file system, makes comparing and replacing one step. The directory is locked, too: the files of several runs
    do not mix. Raises OSError (the directory cannot be made or written).
    """
    os.makedirs(directory, exist_ok=True)
    with _locked(lock), _alone_in(directory):
        if _audited(_present(directory), document['run']['id']) > _audited(document, document['run']['id']):
            return []
        return replace_all((os.path.join(directory, name), parts) for name, parts in _texts(document, formats))


def show_diagnosis(found: Diagnosis, directory: str, tongue: str, text: str) -> list[str]:
    """Write a diagnosis as JSON, as this text, as a page, and into the page of an audit that lies there.

    Raises OSError, and stored.StoredError where audit.json is none, both after the diagnosis itself was written.
    """
    os.makedirs(directory, exist_ok=True)
    stem = os.path.join(directory, os.path.splitext(diagnosis.FILE)[0])
    texts = {'.json': json.dumps(found, indent=1) + '\n', '.txt': text, '.html': html.render_diagnosis(found, tongue)}
    with _alone_in(directory):
        written = [replace(stem + kind, body) for kind, body in texts.items()]
        return written + _into_page(found, directory)


def _into_page(found: Diagnosis, directory: str) -> list[str]:
    """Write the diagnosis into the page of an audit, where both the page and its audit.json lie there."""
    page, source = (os.path.join(directory, name) for name in (FORMATS['html'][0], JSON_FILE))
    if not (os.path.exists(page) and os.path.exists(source)):
        return []
    return [replace(page, html.render(diagnosis.added(stored.read(source), [found])))]


def _texts(document: Report, formats: list[str]) -> Iterator[tuple[str, Iterable[str]]]:
    """The files by name and the parts of each, made as they are asked for: no two texts are held in memory at once."""
    yield JSON_FILE, _json(document)
    for file, render in (FORMATS[name] for name in formats if name in FORMATS):
        yield file, map(render, [document])


def _json(document: Report) -> Iterator[str]:
    """JSON in ASCII, one line for each host: to be searched and compared by lines, and made by the fast encoder."""
    head = ['%s: %s' % (json.dumps(key), json.dumps(value)) for key, value in document.items() if key != 'hosts']
    yield '{%s,\n"hosts": [\n' % ',\n'.join(head)
    for number, host in enumerate(document['hosts']):
        yield '%s%s' % (',\n' if number else '', json.dumps(host))
    yield '\n]}\n'


@contextlib.contextmanager
def _locked(path: str) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def _alone_in(directory: str) -> Iterator[None]:
    """No other process of this machine writes a report there meanwhile; a lock on the directory leaves no file behind.

    A file system without such locks, a directory that may not be read, or somebody who keeps the lock (whoever may read
    the directory can), costs no report: each file is whole all the same.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            stack.callback(os.close, handle)
            _patiently(handle)
        yield


def _patiently(handle: int) -> None:
    """Lock it as soon as it is free. Raises OSError where that cannot be, or not in time."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.05)


def _present(directory: str) -> t.Any:
    """The document that lies there; None when there is none or it is not ours to understand."""
    try:
        with open(os.path.join(directory, JSON_FILE), encoding='utf-8') as handle:
            return json.load(handle)
    except (OSError, ValueError, RecursionError):
        return None


def _audited(document: t.Any, run_id: str) -> int:
    """Hosts that this run has dealt with in the document; -1 for one of another run."""
    try:
        if document['run']['id'] != run_id:
            return -1
        return int(document['summary']['hosts']) - int(document['run']['pending'])
    except (KeyError, TypeError, ValueError):
        return -1
