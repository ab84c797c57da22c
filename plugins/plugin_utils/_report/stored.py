# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stored reports: read again, checked, and several made into one (slices of an inventory, regions, days)."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import glob
import os
import re
import typing as t
from collections.abc import Iterable, Mapping

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.forecast import VERDICTS
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.words import CLASSES, SEVERITIES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import diagnosis, document, json_file
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import Json

MAX_BYTES = 1024 * 1024 * 1024
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_RUN = {"id": str, "started": str, "finished": str, "collection_version": str, "ansible_version": str}
_HOST: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("name", "status", "verdict", "summary", "exposure", "evidence"), str),
    **dict.fromkeys(("groups", "findings", "namespaces"), list),
    **dict.fromkeys(("impact", "unavailable"), dict),
    **dict.fromkeys(("reason", "profile"), (str, type(None))),
    **dict.fromkeys(("kernel", "source"), (dict, type(None))),
}
_FINDING: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("rule", "title", "severity", "class", "why"), str),
    **dict.fromkeys(("namespace",), (str, type(None))),
    **dict.fromkeys(("fix", "waived"), (dict, type(None))),
    "active": bool,
    "evidence": dict,
    "references": list,
}
_FORECAST: Mapping[str, type | tuple[type, ...]] = {
    "decision": str,
    "remedies": list,
    "never": list,
    "settings": dict,
    "planned": (dict, type(None)),
}
_OUTLOOK: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("verdict", "summary"), str),
    "capacity": (dict, type(None)),
    "loads": dict,
}
_LOAD: Mapping[str, type | tuple[type, ...]] = {"per_s": (int, float), "sockets": int, "destinations": list}
_DESTINATION: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("local", "remote"), str),
    **dict.fromkeys(("remote_port", "ports"), int),
    "per_s": (int, float),
    **dict.fromkeys(("share", "sustainable_per_s", "exhausted_after_s"), (int, float, type(None))),
}


class StoredError(Exception):
    """The reports cannot be used, and why, with the path."""


def paths(sources: Iterable[str]) -> list[str]:
    """The files that sources name: files, directories with an audit.json, or patterns of either, each once."""
    found: dict[str, None] = {}
    for source in sources:
        matches = sorted(glob.glob(os.path.expanduser(source)))
        if not matches:
            raise StoredError("%s: there is no such file" % source)
        for match in matches:
            found[os.path.abspath(os.path.join(match, "audit.json") if os.path.isdir(match) else match)] = None
    return list(found)


def read(path: str) -> Json:
    """A stored document; raises StoredError for a file that no version of this collection with this schema wrote."""
    try:
        found = json_file.read_object(path, MAX_BYTES)
        _check(found)
    except json_file.UnusableFile as exc:
        raise StoredError("%s %s" % (path, exc)) from exc
    return found


def merge(documents: list[Json]) -> Json:
    """One document of several; of one it is the same without what an earlier comparison added.

    A host that more than one of them names is taken from the newest run that came to it: skipped ones, which are yet
    to come or were left out, count for less than any other.
    """
    newest = sorted(documents, key=lambda each: (each["run"]["finished"], each["run"]["id"]))
    chosen: dict[str, Json] = {}
    for each in newest:
        for host in each["hosts"]:
            known = chosen.get(host["name"])
            if known is None or host["status"] != "skipped" or known["status"] == "skipped":
                chosen[host["name"]] = {key: value for key, value in host.items() if key != "change"}
    merged = document.build(_run(newest), list(chosen.values()))
    if len(documents) == 1 and "remediation" in newest[0]:
        merged["remediation"] = newest[0]["remediation"]
    return diagnosis.added(merged, [found for each in newest for found in each.get("diagnoses", ())])


def diagnoses(files: Iterable[str]) -> list[Json]:
    """The diagnoses that lie beside these stored documents."""
    try:
        places = dict.fromkeys(os.path.dirname(path) for path in files)
        return [found for place in places for found in diagnosis.beside(place)]
    except json_file.UnusableFile as exc:
        raise StoredError(str(exc)) from exc


def _run(newest: list[Json]) -> Json:
    """The run of a merged document: the last one of them, over the time of all, with each named in `merged`."""
    last: Json = newest[-1]["run"]
    if len(newest) == 1:
        return last
    parts = [part for each in newest for part in each["run"].get("merged") or [_part(each)]]
    return {
        **{name: value for name, value in last.items() if name != "commands"},
        "started": min(each["run"]["started"] for each in newest),
        "limit": None,
        "pending": sum(each["run"].get("pending") or 0 for each in newest),
        "merged": parts,
        **_commands([each["run"].get("commands") for each in newest]),
    }


def _commands(found: list[t.Any]) -> Json:
    """The commands of the runs, if all were started alike."""
    return {"commands": found[0]} if found[0] and found.count(found[0]) == len(found) else {}


def _part(each: Json) -> Json:
    run = each["run"]
    return {"id": run["id"], "started": run["started"], "finished": run["finished"], "hosts": len(each["hosts"])}


def _check(found: Json) -> None:
    """Whatever the formats rely on; docs/audit.schema.json says more."""
    _need(found.get("schema") == document.SCHEMA, "is of schema %r, not %d" % (found.get("schema"), document.SCHEMA))
    _typed(found.get("run"), _RUN, "run")
    commands = found["run"].get("commands", {})
    _need(
        isinstance(commands, dict) and all(isinstance(text, str) for text in commands.values()),
        "run/commands are no texts",
    )
    for name in ("started", "finished"):
        _need(bool(_TIME.fullmatch(found["run"][name])), "run/%s is no time" % name)
    _need(isinstance(found.get("hosts"), list), "hosts is no list")
    _need(isinstance(found.get("diagnoses", []), list), "diagnoses is no list")
    for each in found.get("diagnoses", []):
        diagnosis.check(each)
    for number, host in enumerate(found["hosts"]):
        place = "hosts/%d" % number
        _typed(host, _HOST, place)
        _need(host["verdict"] in CLASSES and host["status"] in document.STATUSES, "%s has an unknown verdict" % place)
        _need(host["status"] == "ok" or host["reason"], "%s has no reason" % place)
        for finding in host["findings"]:
            _typed(finding, _FINDING, "%s/findings" % place)
            known = finding["class"] in CLASSES and finding["severity"] in SEVERITIES
            _need(known, "%s/findings has an unknown class or severity" % place)
        if "forecast" in host:
            _forecast(host["forecast"], "%s/forecast" % place)


def _forecast(found: t.Any, place: str) -> None:
    """What the page draws of a forecast, with this run's settings and without."""
    _typed(found, _FORECAST, place)
    for name, wanted in (("remedies", ("text",)), ("never", ("what", "why"))):
        for item in found[name]:
            _typed(item, dict.fromkeys(wanted, str), "%s/%s" % (place, name))
    parts = [(found, place)] + ([(found["planned"], "%s/planned" % place)] if found["planned"] else [])
    for part, where in parts:
        _typed(part, _OUTLOOK, where)
        _need(part["verdict"] in VERDICTS, "%s has an unknown verdict" % where)
        if part["capacity"] is not None:
            _typed(part["capacity"], {"usable_ports": (int, type(None))}, "%s/capacity" % where)
        _typed(part["loads"], dict.fromkeys(("present", "highest"), (dict, type(None))), "%s/loads" % where)
        for load in filter(None, part["loads"].values()):
            _typed(load, _LOAD, "%s/loads" % where)
            for destination in load["destinations"]:
                _typed(destination, _DESTINATION, "%s/loads/destinations" % where)


def _typed(value: t.Any, types: Mapping[str, type | tuple[type, ...]], place: str) -> None:
    _need(isinstance(value, dict), "%s is no object" % place)
    for name, wanted in types.items():
        _need(name in value and isinstance(value[name], wanted), "%s/%s is missing or of another type" % (place, name))


def _need(condition: t.Any, sentence: str) -> None:
    if not condition:
        raise json_file.UnusableFile("is no audit.json of this collection: %s" % sentence)
