# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""audit.html: one self-contained page without scripts; every text escaped, nothing loaded from anywhere."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import typing as t

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.words import CLASSES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import escape
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import Json
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.remediation import totals

_TEXT_LIMIT = 2000

_STYLE = """
:root { color-scheme: light dark; --line: #ccc; --dim: #666; --bad: #b00020; --warn: #8a5a00; --good: #1b6e2a; }
@media (prefers-color-scheme: dark) {
  :root { --line: #444; --dim: #aaa; --bad: #ff7b88; --warn: #f0b429; --good: #6fcf7f; }
}
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
td { overflow-wrap: anywhere; }
details { border-bottom: 1px solid var(--line); padding: .4rem 0; }
summary { cursor: pointer; }
code, pre { font: .9em ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.dim { color: var(--dim); }
.dropping, .exposed { color: var(--bad); font-weight: 700; }
.impaired, .latent, .unknown { color: var(--warn); font-weight: 700; }
.clean { color: var(--good); }
"""


def render(document: Json) -> str:
    """The page for a document of document.build."""
    run, summary = document["run"], document["summary"]
    body = [
        "<h1>TCP audit</h1>",
        '<p class="dim">Run %s, %s to %s, nodetcp.paws %s, ansible-core %s</p>'
        % tuple(_text(run[key]) for key in ("id", "started", "finished", "collection_version", "ansible_version")),
        _numbers(summary),
        *_remediation(document.get("remediation")),
        "<h2>Hosts, worst first</h2>",
        "<table><thead><tr><th>Host</th><th>Verdict</th><th>What matters</th></tr></thead><tbody>",
        *(_row(host, number) for number, host in enumerate(document["hosts"])),
        "</tbody></table>",
        "<h2>Findings</h2>",
        *(_details(host, number) for number, host in enumerate(document["hosts"])),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>TCP audit</title>\n<style>%s</style>\n</head>\n<body>\n%s\n</body>\n</html>\n"
        % (_STYLE, "\n".join(body))
    )


def _text(value: t.Any) -> str:
    """Any value as escaped text; containers as JSON."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return escape.html(escape.shorten(text, _TEXT_LIMIT))


def _numbers(summary: Json) -> str:
    verdicts = ["%d %s" % (summary["verdicts"][name], name) for name in CLASSES if summary["verdicts"][name]]
    others = ["%d %s" % (number, name) for name, number in summary["statuses"].items() if number and name != "ok"]
    return "<p>%s</p>" % _text("%d hosts: %s" % (summary["hosts"], ", ".join(verdicts + others) or "none audited"))


def _remediation(part: Json | None) -> list[str]:
    if not part:
        return []
    undo = "<p>To undo it: <code>%s</code></p>" % _text(part["undo"]) if part["undo"] else ""
    refused = "<p>Nothing was changed: %s</p>" % _text(part["refused"]) if part["refused"] else ""
    return ["<h2>Remediation</h2>", "<p>Change set %s: %s</p>" % (_text(part["change_set"]), _text(totals(part)))] + [
        text for text in (refused, undo) if text
    ]


def _done(done: Json | None) -> list[str]:
    """What was done on one host: each change with its values before and after, its place and reason."""
    if not done:
        return []
    head = "%s: %s" % (done["state"], done["reason"]) if done["reason"] else done["state"]
    rows = "".join(
        "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>"
        % (
            _text("%s %s" % (change["what"], change["key"])),
            _text("%s:%s" % (change["file"], change["line"]) if change["file"] else change.get("namespace")),
            _text("%s -> %s" % tuple("-" if change[when] is None else change[when] for when in ("before", "after"))),
            _text(change["reason"]),
        )
        for change in done["changes"]
    )
    columns = "<tr><th>Change</th><th>Where</th><th>Before -&gt; after</th><th>Why</th></tr>"
    left = ["<p>Left as it is: %s: %s</p>" % (_text(entry["rule"]), _text(entry["reason"])) for entry in done["left"]]
    undo = ["<p>To undo it: <code>%s</code></p>" % _text(done["undo"])] if done["undo"] else []
    return [
        "<h3>Remediation: %s</h3>" % _text(head),
        *(["<table>%s%s</table>" % (columns, rows)] if rows else []),
        *undo,
        *left,
    ]


def _verdict(host: Json) -> str:
    name = host["verdict"] if host["verdict"] in CLASSES else "unknown"
    return '<span class="%s">%s</span>' % (name, name if host["status"] == "ok" else _text(host["status"]))


def _row(host: Json, number: int) -> str:
    line = host["summary"] if host["status"] == "ok" else host["reason"]
    return '<tr><td><a href="#h%d">%s</a></td><td>%s</td><td>%s</td></tr>' % (
        number,
        _text(host["name"]),
        _verdict(host),
        _text(line),
    )


def _details(host: Json, number: int) -> str:
    kernel = (host["kernel"] or {}).get("release")
    parts = ['<details id="h%d"><summary>%s %s</summary>' % (number, _text(host["name"]), _verdict(host))]
    parts.append("<p>%s</p>" % _text(host["reason"] or host["summary"]))
    parts.append(
        '<p class="dim">exposure %s, evidence %s, profile %s%s</p>'
        % (
            _text(host["exposure"]),
            _text(host["evidence"]),
            _text(host["profile"]),
            _text(kernel and ", kernel " + kernel),
        )
    )
    impact = {key: value for key, value in host["impact"].items() if value}
    if impact:
        parts.append("<p>Impact: <code>%s</code></p>" % _text(impact))
    parts.extend(_done(host.get("remediation")))
    parts.extend(_finding(finding) for finding in host["findings"])
    if host["unavailable"]:
        parts.append("<p>Could not be read: <code>%s</code></p>" % _text(host["unavailable"]))
    parts.append("</details>")
    return "\n".join(parts)


def _finding(finding: Json) -> str:
    waived = finding.get("waived")
    rows = [
        ("Where", finding.get("namespace")),
        ("Evidence", finding.get("evidence")),
        ("Why", finding.get("why")),
        ("Fix", (finding.get("fix") or {}).get("text")),
        ("Waived", waived and "%s (until %s)" % (waived.get("reason"), waived.get("expires") or "removed")),
        ("References", finding.get("references")),
    ]
    cells = "".join("<tr><th>%s</th><td>%s</td></tr>" % (name, _text(value)) for name, value in rows if value)
    return "<h3>%s <span class=\"dim\">%s, %s</span></h3><table>%s</table>" % (
        _text(finding.get("title")),
        _text(finding.get("severity")),
        _text(finding.get("rule")),
        cells,
    )
