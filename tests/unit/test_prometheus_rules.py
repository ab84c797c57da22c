# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules and dashboard for the metrics of the report: what Prometheus says of them, and that they name what exists."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import prometheus

EXTENSIONS = Path(__file__).resolve().parents[2] / 'extensions'
RULES = EXTENSIONS / 'prometheus' / 'rules.yml'
DASHBOARD = EXTENSIONS / 'grafana' / 'nodetcp-paws.json'
needs_promtool = pytest.mark.skipif(
    shutil.which('promtool') is None, reason='promtool is not installed (Debian: package prometheus)'
)


def promtool(*arguments: str) -> None:
    ran = subprocess.run(
        ['promtool', *arguments], cwd=RULES.parent, capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.fixture(scope='module')
def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DASHBOARD.read_text())
    return found


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text())['groups'] for rule in group['rules']]


def known() -> set[str]:
    """Every metric that the report writes or the rules record."""
    recorded = {rule['record'] for rule in rules() if 'record' in rule}
    return recorded | {'nodetcp_paws_%s' % metric.name for metric in prometheus.METRICS}


def named(expression: str) -> set[str]:
    return set(re.findall(r'nodetcp_paws[\w:]+', expression))


@needs_promtool
def test_rules_are_accepted_and_fire_when_they_should() -> None:
    promtool('check', 'rules', '--lint-fatal', RULES.name)
    promtool('test', 'rules', 'rules.test.yml')


def test_rules_and_dashboard_use_metrics_that_exist() -> None:
    used = named(DASHBOARD.read_text()).union(*(named(rule['expr']) for rule in rules()))
    assert used
    assert used <= known()


@needs_promtool
def test_every_query_of_the_dashboard_is_promql(dashboard: dict[str, Any], tmp_path: Path) -> None:
    queries = [target['expr'] for panel in dashboard['panels'] for target in panel['targets']]
    asked = [{'record': 'a:query%d' % number, 'expr': query} for number, query in enumerate(queries)]
    path = tmp_path / 'queries.yml'
    path.write_text(yaml.safe_dump({'groups': [{'name': 'queries', 'rules': asked}]}))
    promtool('check', 'rules', str(path))


def test_panels_have_a_place_and_an_id_of_their_own(dashboard: dict[str, Any]) -> None:
    cells = [
        (x, y)
        for panel in dashboard['panels']
        for x in range(panel['gridPos']['x'], panel['gridPos']['x'] + panel['gridPos']['w'])
        for y in range(panel['gridPos']['y'], panel['gridPos']['y'] + panel['gridPos']['h'])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _y in cells) < 24
    assert len({panel['id'] for panel in dashboard['panels']}) == len(dashboard['panels'])
    variables = {variable['name'] for variable in dashboard['templating']['list']}
    assert set(re.findall(r'\$\{?(\w+)', DASHBOARD.read_text())) - {'__all'} == variables
