# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A diagnosis as one HTML file without scripts and without anything from elsewhere."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from typing import Any

from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose import text
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.escape import html

Json = dict[str, Any]

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>%(title)s</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code{background:#eee;padding:.1rem .3rem;overflow-wrap:anywhere}
table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3rem .6rem;text-align:left;vertical-align:top}
@media (prefers-color-scheme:dark){body{background:#111;color:#eee}code{background:#333}}</style></head>
<body><main><h1>%(title)s</h1><p>%(goal)s</p><ul>%(why)s</ul>
<h2>Evidence</h2><ol>%(steps)s</ol>
<h2>Causes</h2><table>
<thead><tr><th scope="col">Cause</th><th scope="col">State</th><th scope="col">By what</th></tr></thead><tbody>
%(causes)s</tbody></table>
<h2>Next</h2><ul>%(next)s</ul></main></body></html>
"""


def render(document: Json) -> str:
    """The page; what comes from nodes is escaped."""
    found, goal = document["conclusion"], document["destination"]
    sure = " (confidence: %s)" % found["confidence"] if found["confidence"] else ""
    return _PAGE % {
        "title": html(found["title"]),
        "goal": html("%s:%d, %s%s" % (goal["address"], goal["port"], text.place(goal), sure)),
        "why": _items(found["why"]),
        "steps": _items(text.steps(document)),
        "causes": "".join(_row(cause) for cause in document["causes"]),
        "next": "".join(_step(step) for step in document["next"]) or "<li>nothing to do</li>",
    }


def _items(lines: list[str]) -> str:
    return "".join("<li>%s</li>" % html(line) for line in lines)


def _row(cause: Json) -> str:
    state = "%s, %s" % (cause["state"], cause["confidence"]) if cause["confidence"] else cause["state"]
    cells = (cause["title"], state, "; ".join(cause["why"]))
    return "<tr>%s</tr>" % "".join("<td>%s</td>" % html(cell) for cell in cells)


def _step(step: Json) -> str:
    command = "<br><code>%s</code>" % html(step["command"]) if step["command"] else ""
    return "<li>%s%s</li>" % (html(step["text"]), command)
