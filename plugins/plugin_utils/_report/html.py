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
