# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stored reports that are damaged, or of another version, anywhere: a refusal that names the place, or a report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import compare, diagnosis, stored, writing
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import build
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import html, table
from tests.unit.plugins.plugin_utils._report.builders import (
    RUN,
    make_document,
    make_finding,
    make_forecast,
    make_host,
    problems,
)
from tests.unit.plugins.plugin_utils._report.test_diagnosis import made, places
from tests.unit.plugins.plugin_utils._report.test_stored import lost

Json = dict[str, Any]
REMOVED = object()


def shortest(value: Any) -> Any:
    """The same with one entry in each list."""
    if isinstance(value, dict):
        return {key: shortest(item) for key, item in value.items()}
    return [shortest(item) for item in value[:1]] if isinstance(value, list) else value


def whole() -> Json:
    """Every part that a report can have, each as short as it can be."""
    inside = {'id': 'abc', 'runtime': 'docker', 'pod_uid': 'u-1'}
    namespace = make_host('a')['namespaces'][0]
    window = {'seconds': 10.0, 'rises': {'TcpExt.PAWSPassive': 3}}
    namespaces = [{**namespace, 'window': window}, {**namespace, 'kind': 'container', 'container': inside}]
    evidence = {'lines': [{'file': '/etc/sysctl.conf', 'line': 3, 'value': 1}]}
    findings = [
        make_finding(evidence=evidence),
        make_finding(rule='other', waived={'reason': 'known', 'expires': None}),
    ]
    impact = {'namespaces': ['net:[1]'], 'containers': [inside], 'listeners': ['*:80'], 'peers': ['10.0.0.1']}
    source = {'collector': 'live', 'root': '/', 'collected_at': 1795323600.0}
    host = make_host('a', 'exposed', findings=findings, impact=impact, namespaces=namespaces, source=source)
    change = {'what': 'running', 'key': 'k', 'namespace': 'host', 'file': None, 'line': None, 'before': '1'}
    left = [{'rule': 'other', 'reason': 'by hand'}]
    done = {'state': 'changed', 'reason': 'why', 'failed': False, 'left': left, 'undo': 'ansible-playbook x'}
    host['remediation'] = {**done, 'changes': [{**change, 'after': '0', 'reason': 'tw-recycle-enabled'}]}
    host.update(forecast=shortest(make_forecast()), unavailable={'writers': 'no permission'})
    states = {'changed': 1, 'rolled back': 0, 'state unknown': 0, 'planned': 0, 'untouched': 1}
    part = {'id': RUN['id'], 'started': RUN['started'], 'finished': RUN['finished'], 'hosts': 2}
    run = {**RUN, 'language': 'zh', 'commands': {'remediate': 'x'}, 'merged': [part]}
    document = build(run, [host, lost('b', 'failed')])
    document['remediation'] = {'change_set': 'c1', 'check_mode': False, 'refused': 'no', 'states': states, 'undo': 'x'}
    compared = compare.compare(document, make_document(make_host('a'), make_host('gone')))
    return diagnosis.added(compared, [shortest(made())])


def used(found: Json, baseline: Json) -> None:
    """What report.yml, and diagnose.yml beside it, make of a stored report."""
    html.render(found)
    merged = stored.merge([found])
    stored.merge([merged, found])
    compare.compare(baseline, merged)
    compared = compare.compare(merged, baseline)
    table.render(compared, 80, False)
    for _file, render in writing.FORMATS.values():
        render(compared)


def damaged(document: Json, instead: Any) -> Iterator[tuple[str, Json]]:
    """The place, and the document with something else there, for every place."""
    for way in list(places(document)):
        inner: Any = document
        for key in way[:-1]:
            inner = inner[key]
        kept = inner[way[-1]]
        if instead is not REMOVED:
            inner[way[-1]] = instead
        elif isinstance(inner, dict):
            del inner[way[-1]]
        else:
            continue
        yield '/'.join(map(str, way)), document
        inner[way[-1]] = kept


def test_the_report_that_is_damaged_here_is_a_real_one(tmp_path: Path) -> None:
    found = whole()
    assert problems(found) == []
    (tmp_path / 'audit.json').write_text(json.dumps(found))
    assert stored.read(str(tmp_path / 'audit.json')) == found
    used(found, found)


@pytest.mark.parametrize(
    'instead', [None, 5, 'x', [5], {'x': 5}, REMOVED], ids=['null', '5', 'x', 'list', 'object', 'no']
)
def test_a_damaged_report_is_refused_with_its_path_or_shown(tmp_path: Path, instead: Any) -> None:
    path, baseline, refused, fell = tmp_path / 'audit.json', whole(), 0, []
    for place, document in damaged(whole(), instead):
        path.write_text(json.dumps(document))
        try:
            used(stored.read(str(path)), baseline)
        except stored.StoredError as error:
            refused += str(error).startswith('%s is not a' % path)
        except Exception as error:  # whatever it is: a person would see it
            fell.append('%s: %r' % (place, error))
    assert fell == []
    assert refused > 100
