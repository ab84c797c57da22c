# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judging records of the offline collector with the rules that the report was given."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import datetime
import typing as t

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import (
    catalogue,
    findings,
    record,
    sight,
    verdict,
    waivers,
)
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import message, told_by
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import Json
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.json_file import UnusableFile
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.records import Judge

_KEPT = ('kernel', 'source', 'unavailable')  # an undo, and so change sets, need a host that is there


def judge_with(rules: t.Any, waived: t.Any, profile: str, today: datetime.date) -> Judge:
    """A judge for records.read_directory; raises CatalogueError when rules or waivers are wrong."""
    known = catalogue.builtin().extended(rules, 'rules') if rules else catalogue.builtin()
    exceptions = waivers.parse(waived, 'waivers', known, today)

    def judge(name: str, found: Json) -> Json:
        try:
            record.check(found)
            hostname = found['source'].get('hostname')
            accepted = waivers.for_host(exceptions, [name, *([hostname] if hostname else [])])
            judged = verdict.judge(found, None, known, profile, accepted, today)
        except record.RecordError as exc:
            raise UnusableFile(exc.message) from exc
        except Exception as exc:  # one odd file must not take the report of all other hosts with it
            why = message('entry/not-judged', kind=type(exc).__name__, why=told_by(exc))
            raise UnusableFile(why) from exc
        told: Json = spoken({**judged, 'findings': findings.listed(judged['findings'])})
        return dict(told, profile=profile, unseen=sight.gaps(found), **{key: found[key] for key in _KEPT})

    return judge
