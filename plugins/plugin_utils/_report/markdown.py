# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""audit.md: what matters on one screen, for a pull request or a chat (GitHub Flavored Markdown)."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.words import CLASSES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import compare, diagnosis, escape
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import Json, rank
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.places import places

#: A comment on GitHub holds 65536 characters.
_HOSTS, _RULES, _PLACES, _DIAGNOSES, _LIMIT = 50, 30, 3, 3, 240
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&$:=^])")
#: Sites make links of these wherever they stand: an invisible joiner, which Markdown has as an entity, keeps them text.
_LIVELY = re.compile(r"(@|#|:(?=//)|\bwww(?=\.))", re.IGNORECASE)
_JOINER = "&#8288;"


def render(document: Json) -> str:
    """The page for a document of document.build: numbers, the worst hosts, the rules with their fixes."""
    run, summary = document["run"], document["summary"]
    counts = ["%s %d" % (name, summary["verdicts"][name]) for name in CLASSES if summary["verdicts"][name]]
    others = ["%s %d" % (name, number) for name, number in summary["statuses"].items() if number and name != "ok"]
    worst = [host for host in document["hosts"] if host["verdict"] != "clean"]
    parts = [
        "## TCP audit: %s" % (summary["worst"] or "no hosts"),
        "%d hosts: %s" % (summary["hosts"], ", ".join(counts + others) or "none audited"),
        *(text(line) for line in compare.lines(document)),
        *_hosts(worst),
        *_rules(document["hosts"]),
        *_diagnoses(document.get("diagnoses") or []),
        "Run %s, nodetcp.paws %s" % (text(run["id"]), text(run["collection_version"])),
    ]
    return "\n\n".join(parts) + "\n"


def _hosts(hosts: list[Json]) -> list[str]:
    if not hosts:
        return []
    lines = ["| host | verdict | what matters |", "|---|---|---|"]
    for host in hosts[:_HOSTS]:
        verdict = host["verdict"] if host["status"] == "ok" else host["status"]
        lines.append("| %s | **%s** | %s |" % (text(host["name"]), verdict, text(host["reason"] or host["summary"])))
    more = ["and %d more hosts" % (len(hosts) - _HOSTS)] if len(hosts) > _HOSTS else []
    return ["\n".join(lines), *more]


def _diagnoses(diagnoses: list[Json]) -> list[str]:
    """Each diagnosis: what it concluded, why, and what to do next."""
    if not diagnoses:
        return []
    parts = ["### Diagnosis"]
    for each in diagnoses[:_DIAGNOSES]:
        goal = each["destination"]
        about = "%s:%d, %s; %s" % (goal["address"], goal["port"], goal["place"], each["finished"])
        steps = ["- %s%s" % (text(step["text"]), _code(step["command"])) for step in each["next"]]
        why = ["- %s" % text(reason) for reason in each["conclusion"]["why"]]
        parts += ["**%s**" % text(diagnosis.concluded(each)), text(about), "\n".join(why), "\n".join(steps)]
    return [part for part in parts if part]


def _code(command: str | None) -> str:
    """A command after a colon, between more backticks than it has in a row."""
    if not command:
        return ""
    ticks = "`" * (1 + max(map(len, re.findall("`*", command))))
    return ": %s %s %s" % (ticks, escape.terminal(command, 1000), ticks)


def _rules(hosts: list[Json]) -> list[str]:
    """Each rule once, worst first: on how many hosts, where it is set, and its fix."""
    found: dict[str, list[tuple[Json, Json]]] = {}
    for host in hosts:
        for finding in host["findings"]:
            if not finding["waived"] and finding["class"] != "clean":
                found.setdefault(finding["rule"], []).append((host, finding))
    if not found:
        return []
    worst = sorted(found.items(), key=lambda item: (min(rank(each["class"]) for _host, each in item[1]), item[0]))
    more = ["and %d more rules" % (len(worst) - _RULES)] if len(worst) > _RULES else []
    return ["### Findings", "\n".join(_rule(rule, each) for rule, each in worst[:_RULES]), *more]


def _rule(rule: str, each: list[tuple[Json, Json]]) -> str:
    first = each[0][1]
    number = len({host["name"] for host, _finding in each})
    where = list(dict.fromkeys("%s:%s" % (place.file, place.line or "?") for _h, one in each for place in places(one)))
    set_by = " Set by %s." % ", ".join(text(place) for place in where[:_PLACES]) if where else ""
    head = "- **%s** (`%s`, %d host%s)." % (text(first["title"]), rule.replace("`", "'"), number, "s" * (number != 1))
    return "%s%s %s" % (head, set_by, text((first["fix"] or {}).get("text") or ""))


def text(value: str) -> str:
    """Text that Markdown shows as it is, on one line, without links and mentions."""
    shown = _SPECIAL.sub(r"\\\1", escape.terminal(value, _LIMIT))
    return _LIVELY.sub(lambda found: found[1] + _JOINER, shown.replace("\\:", ":"))
