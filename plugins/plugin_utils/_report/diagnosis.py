# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diagnoses in the report: read from where diagnose.yml left them, checked, told in a line."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import re
import typing as t
from collections.abc import Iterable

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.json_file import UnusableFile, read_object
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text import escape

Json = dict[str, t.Any]

FILE = "diagnose.json"
#: More than anybody reads; the newest are kept.
KEPT = 20
_MAX_BYTES = 64 * 1024 * 1024
_MANY = 10000
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_SUMMARY = dict.fromkeys(
    ("attempts", "ok", "refused", "timeout", "reset", "unreachable", "error", "syn_retransmits"), int
)
_TEXT_OR_NONE = (str, type(None))
#: What the formats rely on: a type, types, [shape of each], or {name: shape}. None of them is told as such.
_SHAPE: Json = {
    "finished": str,
    "question": dict,
    "destination": {"host": str, "address": str, "port": int, "place": str},
    "sources": [{"source": str, "role": str, "reason": _TEXT_OR_NONE, "seen_as": [str]}],
    "conclusion": {"cause": str, "title": str, "confidence": _TEXT_OR_NONE, "why": [str]},
    "steps": [str],
    "causes": [{"id": str, "title": str, "state": str, "confidence": _TEXT_OR_NONE, "why": [str]}],
    "next": [{"text": str, "command": _TEXT_OR_NONE}],
}


def check(found: t.Any) -> None:
    """Raises UnusableFile for what is no diagnosis of this collection, with the place."""
    _fit(found, {**_SHAPE, "schema": int}, "diagnosis")
    if found["schema"] != 1 or not _TIME.fullmatch(found["finished"]):
        raise UnusableFile("is no diagnosis of this collection: its schema is not 1, or its time is none")
    for number, source in enumerate(found["sources"]):
        place = "diagnosis/sources/%d" % number
        _fit(source.get("arrived"), (int, type(None)), place + "/arrived")
        if source.get("summary") is not None:
            _fit(source["summary"], _SUMMARY, place + "/summary")


def beside(directory: str) -> list[Json]:
    """The diagnosis that lies in a report directory, if one does. Raises UnusableFile with the path."""
    path = os.path.join(directory, FILE)
    if not os.path.lexists(path):
        return []
    try:
        found = read_object(path, _MAX_BYTES)
        check(found)
    except UnusableFile as exc:
        raise UnusableFile("%s %s" % (path, exc)) from exc
    return [found]


def newest(found: Iterable[Json]) -> list[Json]:
    """The newest answer to each question, the newest first."""
    answers: dict[str, Json] = {}
    for each in sorted(found, key=lambda diagnosis: str(diagnosis["finished"])):
        asked = json.dumps([each["question"], each["destination"]["host"]], sort_keys=True)
        answers.pop(asked, None)
        answers[asked] = each
    return list(answers.values())[: -KEPT - 1 : -1]


def added(document: Json, found: Iterable[Json]) -> Json:
    """The document with these diagnoses beside those that it has."""
    diagnoses = newest([*document.get("diagnoses", ()), *found])
    return {**document, "diagnoses": diagnoses} if diagnoses else document


def lines(document: Json) -> list[str]:
    """Each diagnosis in a line."""
    return [
        "diagnosis of %s, %s:%d: %s"
        % (
            each["finished"],
            escape.terminal(each["destination"]["address"], 80),
            each["destination"]["port"],
            escape.terminal(concluded(each), 240),
        )
        for each in document.get("diagnoses", ())
    ]


def concluded(diagnosis: Json) -> str:
    """The conclusion and how sure it is."""
    found = diagnosis["conclusion"]
    sure = " (confidence: %s)" % found["confidence"] if found["confidence"] else ""
    return "%s%s" % (found["title"], sure)


def _fit(value: t.Any, shape: t.Any, place: str) -> None:
    kind: t.Any = type(shape) if isinstance(shape, (dict, list)) else shape
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        raise UnusableFile("is no diagnosis of this collection: %s is missing or of another type" % place)
    if isinstance(shape, dict):
        for name, inner in shape.items():
            _fit(value.get(name), inner, "%s/%s" % (place, name))
    if isinstance(shape, list):
        if len(value) > _MANY:
            raise UnusableFile("is no diagnosis of this collection: %s has too many entries" % place)
        for number, item in enumerate(value):
            _fit(item, shape[0], "%s/%d" % (place, number))
