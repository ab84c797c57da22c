# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records made by the offline collector: files on the controller, judged here, reported beside the live hosts."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import stat
import typing as t
from collections.abc import Callable, Collection

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import entries
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import Json

# A node without containers gives 16 KiB, each further namespace 1 KiB: this is a node with thousands of them.
MAX_BYTES = 16 * 1024 * 1024
Judge = Callable[[str, Json], Json]


class UnusableFile(Exception):
    """This file is no record, and why."""


def read_directory(directory: str, live: Collection[str], judge: Judge) -> list[Json]:
    """One host entry per *.json file, by file name; a file that cannot be judged is an entry with status failed.

    judge(stem, record) gives what entries.observed wants, and raises UnusableFile for a record it refuses.
    A name that a live host has already gets the file name after it. Raises OSError when the directory cannot be listed.
    """
    return [_entry(directory, file, live, judge) for file in sorted(os.listdir(directory)) if file.endswith(".json")]


def _entry(directory: str, file: str, live: Collection[str], judge: Judge) -> Json:
    stem = file[: -len(".json")] or file
    name = "%s (%s)" % (stem, file) if stem in live else stem
    path = os.path.join(directory, file)
    try:
        entry = entries.observed(name, [], judge(stem, _parse(_read(path))))
    except UnusableFile as exc:
        return entries.unobserved(name, [], "failed", "record file %s: %s" % (path, exc))
    entry["source"] = dict(entry["source"] or {}, file=path)
    return entry


def _read(path: str) -> bytes:
    """The bytes of a regular file; the size is looked at before anything is read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as handle:
            status = os.fstat(handle.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UnusableFile("is not a regular file")
            if status.st_size > MAX_BYTES:
                raise UnusableFile("%d bytes are more than the %d allowed" % (status.st_size, MAX_BYTES))
            return handle.read(MAX_BYTES + 1)
    except OSError as exc:
        raise UnusableFile("cannot be read: %s" % (exc.strerror or exc)) from exc


def _parse(data: bytes) -> Json:
    if not data.strip():
        raise UnusableFile("is empty")
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except RecursionError as exc:
        raise UnusableFile("is nested too deeply") from exc
    except ValueError as exc:  # UnicodeDecodeError and JSONDecodeError are both of this kind
        raise UnusableFile("is not JSON in UTF-8: %s" % exc) from exc
    if not isinstance(value, dict):
        raise UnusableFile("holds no JSON object")
    return value


def _no_constant(name: str) -> t.NoReturn:
    raise ValueError("%s is not a JSON number" % name)
