# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in audit.html for its script, read the way the script reads it."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

Json = dict[str, Any]
_SHARED = ('status', 'verdict', 'kernel', 'series', 'summary', 'reason', 'unseen')


def embedded(page: str) -> str:
    """The data as it stands in the page."""
    [found] = re.findall('<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return str(found)


def whole(page: str) -> str:
    """All that somebody could read in the page, also what is packed: to look for what must not be there."""
    return page + json.dumps(hosts(page), ensure_ascii=False)


def hosts(page: str) -> list[Json]:
    """An entry for each host, in the order of the page, with what is packed; findings have their rule's kind."""
    data = json.loads(embedded(page))
    details = [each for part in data['details'] for each in json.loads(zlib.decompress(base64.b64decode(part)))]
    rows = [dict(zip(data['columns'], row, strict=True)) for row in data['hosts']]
    return [_host(data, row, detail) for row, detail in zip(rows, details, strict=True)]


def _host(data: Json, row: Json, detail: Json) -> Json:
    shared = {name: data['texts'][row[name]] for name in _SHARED if row[name] is not None}
    lists = {name: [data['texts'][number] for number in row[name]] for name in ('groups', 'files')}
    findings = [{**data['kinds'][finding['k']], **finding} for finding in detail.get('findings', [])]
    return {**row, **shared, **lists, **detail, 'findings': findings}
