# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the offline collectors made: files on the controller, judged here, reported beside the live hosts.

*.json are records that node.pyz printed, *.capture what collect.sh printed, which is looked at here.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
from collections.abc import Callable, Collection, Mapping

from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture.look import look
from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture.stream import STREAM_MAX, CaptureError
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import entries
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import Json
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.json_file import UnusableFile, read, read_object

# A node without containers gives 16 KiB, each further namespace 1 KiB: this is a node with thousands of them.
MAX_BYTES = 16 * 1024 * 1024
Judge = Callable[[str, Json], Json]


def read_directory(directory: str, live: Collection[str], judge: Judge) -> list[Json]:
    """One host entry per file of these two kinds, by name; one that cannot be judged is an entry with status failed.

    judge(stem, record) gives what entries.observed wants, and raises UnusableFile for a record it refuses.
    A name that a live host has already gets the file name after it. Raises OSError when the directory cannot be listed.
    """
    return [
        _entry(directory, file, live, judge)
        for file in sorted(os.listdir(directory))
        if os.path.splitext(file)[1] in READERS or file in READERS
    ]


def _record(path: str) -> Json:
    return read_object(path, MAX_BYTES)


def _captured(path: str) -> Json:
    try:
        found: Json = look(read(path, STREAM_MAX), {})['record']
    except CaptureError as exc:
        raise UnusableFile(message('file/no-capture', why=str(exc))) from exc
    return found


READERS: Mapping[str, Callable[[str], Json]] = {'.json': _record, '.capture': _captured}


def _entry(directory: str, file: str, live: Collection[str], judge: Judge) -> Json:
    stem, kind = os.path.splitext(file)
    name = '%s (%s)' % (stem, file) if stem in live else stem
    path = os.path.join(directory, file)
    try:
        entry = entries.observed(name, [], judge(stem, READERS[kind or file](path)))
    except UnusableFile as exc:
        return entries.unobserved(name, [], 'failed', message('entry/record-file', path=path, why=exc.message))
    entry['source'] = dict(entry['source'] or {}, file=path)
    return entry
