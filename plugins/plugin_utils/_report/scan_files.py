# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a scan, and how it ends: scan.json always, other formats as they are asked for."""

import json
import os
from collections.abc import Callable
from typing import cast

from .._messages.message import Message, MessageError, message
from .._shapes.scan import ScanDocument, ScanFinding
from .._text import whole_file
from . import json_file
from .formats import scan_junit, scan_sarif, scan_text

FILE = 'scan.json'
FORMATS: dict[str, tuple[str, Callable[[ScanDocument, str], str]]] = {
    'sarif': ('scan.sarif', scan_sarif.render),
    'junit': ('scan.junit.xml', scan_junit.render),
    'markdown': ('scan.md', scan_text.page),
}
FAIL_ON = ('error', 'warning', 'note', 'none')
_MAX_BYTES = 64 * 1024 * 1024
_NAMED = 10


class ScanError(MessageError):
    """What a scan was given cannot be used, or its report cannot be written."""


def write(document: ScanDocument, directory: str, formats: list[str], language: str) -> list[str]:
    """Write the files of a scan; their paths. Raises ScanError."""
    texts = {FILE: json.dumps(document, indent=1) + '\n'}
    texts.update((FORMATS[name][0], FORMATS[name][1](document, language)) for name in formats if name in FORMATS)
    try:
        os.makedirs(directory, exist_ok=True)
        return [whole_file.replace(os.path.join(directory, name), text) for name, text in texts.items()]
    except OSError as exc:
        raise ScanError(message('scan/not-written', directory=directory, reason=exc.strerror or str(exc))) from exc


def baseline(path: str) -> list[ScanFinding]:
    """The findings of an earlier scan.json, also those that its own baseline had. Raises ScanError."""
    try:
        found = json_file.read_object(os.path.join(path, FILE) if os.path.isdir(path) else path, _MAX_BYTES)
    except json_file.UnusableFile as exc:
        raise ScanError(message('scan/bad-baseline', path=path, reason=str(exc))) from exc
    lists = [found.get(name) for name in ('findings', 'known')]
    known = [each for part in lists if isinstance(part, list) for each in part if isinstance(each, dict)]
    return cast(list[ScanFinding], known)


def failure(document: ScanDocument, fail_on: str) -> Message | None:
    """Why the run should end as failed: findings of that level or a worse one; None where it should not."""
    levels = FAIL_ON[: FAIL_ON.index(fail_on) + 1] if fail_on != 'none' else ()
    bad = [finding for finding in document['findings'] if finding['level'] in levels]
    if not bad:
        return None
    places = [message('scan/place', path=finding['path'], line=finding['line']) for finding in bad[:_NAMED]]
    return message('scan/fails', number=len(bad), level=fail_on, places=places, more=max(len(bad) - _NAMED, 0))
