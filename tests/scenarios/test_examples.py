# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of docs/examples for other systems, run as those systems run them."""

from __future__ import annotations

import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import writing
from tests import synthetic
from tests.scenarios.test_audit_playbook import CHECKOUT, Site, host, site

__all__ = ['site']
EXAMPLES = CHECKOUT / 'docs' / 'examples'
Received = list[tuple[str, str, Any]]


class Server(http.server.BaseHTTPRequestHandler):
    """Answers as AWX does for a template that is not there yet, and keeps what it gets.

    answers: what it says instead, by path.
    """

    received: Received = []
    answers: dict[str, dict[str, Any]] = {}

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        length = int(self.headers.get('Content-Length') or 0)
        sent = json.loads(self.rfile.read(length)) if length else None
        self.received.append((self.command, self.path, sent))
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def do_GET(self) -> None:
        self._answer(200, self.answers.get(self.path, {'count': 0, 'results': []}))

    def do_POST(self) -> None:
        made = self.path.endswith(('/job_templates/', 'launch/'))
        self._answer(201 if made else 200, self.answers.get(self.path, {'id': 12}))

    def log_message(self, *_arguments: Any) -> None:
        """Nobody reads it."""


@pytest.fixture
def server() -> Iterator[str]:
    Server.received, Server.answers = [], {}
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Server) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield 'http://127.0.0.1:%d' % listening.server_port
        listening.shutdown()


def stored(site: Site, hosts: int) -> dict[str, Any]:
    document = synthetic.fleet(hosts)
    writing.write_all(document, str(site.place / 'paws-report'), [], str(site.place / 'lock'))
    return document


def shell(site: Site, line: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A line of a pipeline, as its runner gives it to the shell."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith('ANSIBLE_')}
    environment.update(PATH='%s:%s' % (Path(sys.executable).parent, os.environ['PATH']), HOME=str(site.place))
    environment.update(ANSIBLE_CONFIG=str(CHECKOUT / 'ansible.cfg'), INVENTORY='hosts', **more)
    return subprocess.run(
        ['sh', '-ec', line], cwd=site.place, env=environment, text=True, capture_output=True, timeout=200, check=False
    )


def unprivileged(line: str) -> str:
    """Without become: the pipeline's nodes have sudo, the machine of a test need not."""
    return line.replace(' -b ', ' ')


def test_gitlab_fails_a_second_pipeline_that_finds_something_worse(site: Site) -> None:
    job = yaml.safe_load((EXAMPLES / 'ci' / 'gitlab-ci.yml').read_text())['audit-tcp']
    script = [unprivileged(line) for line in job['script']]
    site.inventory(host(site, 'web1', 'safe'))
    for line in script:
        run = shell(site, line)
        assert run.returncode == 0, run.stdout + run.stderr
    site.inventory(host(site, 'web1', 'exposed'))
    statuses = [shell(site, line).returncode for line in script[:3]]
    assert statuses == [0, 0, 2]
    assert list(site.place.glob(job['artifacts']['reports']['junit'][0]))
    assert (site.place / job['artifacts']['paths'][0] / 'audit.html').exists()


def test_jenkins_gets_the_files_that_its_steps_name(site: Site) -> None:
    text = (EXAMPLES / 'ci' / 'Jenkinsfile').read_text()
    [step] = re.findall(r"sh '(.*)'\n", text)
    site.inventory(host(site, 'web1', 'exposed'))
    run = shell(site, unprivileged(step))
    assert run.returncode == 2, 'exposed fails the build'
    for name in re.findall(r"'(paws-report/[\w.]+)'", text):
        assert (site.place / name).exists()


def test_a_webhook_gets_the_summary(site: Site, server: str) -> None:
    document = stored(site, 100)
    run = shell(site, 'ansible-playbook %s -e webhook_url=%s/hooks/1' % (EXAMPLES / 'webhook.yml', server))
    assert run.returncode == 0, run.stdout + run.stderr
    [(method, path, sent)] = Server.received
    assert (method, path) == ('POST', '/hooks/1')
    assert sent['text'] == 'TCP audit: 100 hosts, worst dropping'
    assert sent['verdicts'] == document['summary']['verdicts']
    assert sent['worst'] == [entry['name'] for entry in document['hosts'][:10]]


def test_awx_gets_a_template_whose_survey_asks_for_variables_of_the_role(site: Site, server: str) -> None:
    arguments = ['awx_url=%s' % server, 'awx_token=secret', 'awx_project=7', 'awx_inventory=2']
    playbook = str(EXAMPLES / 'awx' / 'job_template.yml')
    run = site.play(*(word for each in arguments for word in ('-e', each)), playbook=playbook)
    assert run.returncode == 0, run.stdout + run.stderr
    _looked, (_method, _path, template), (_post, path, survey) = Server.received
    assert (template['project'], template['inventory']) == (7, 2)
    assert (CHECKOUT / 'playbooks' / template['playbook']).exists()
    assert path == '/api/v2/job_templates/12/survey_spec/'
    specification = yaml.safe_load((CHECKOUT / 'roles' / 'audit' / 'meta' / 'argument_specs.yml').read_text())
    options = specification['argument_specs']['main']['options']
    for question in survey['spec']:
        option = options[question['variable']]
        assert question['choices'] == option.get('choices', [])
        assert question['type'] == (
            'multiplechoice' if 'choices' in option else {'str': 'text'}.get(option['type'], 'float')
        )


def test_awx_gets_slices_of_all_hosts_and_then_the_report(site: Site, server: str) -> None:
    """Which fails although the report did not: a slice has."""
    Server.answers = {
        '/api/v2/inventories/2/hosts/?enabled=true&page_size=1': {'count': 1002},
        '/api/v2/bulk/job_launch/': {'id': 4711},
        '/api/v2/workflow_jobs/4711/': {'finished': '2026-11-30T05:00:00Z', 'status': 'failed'},
        '/api/v2/jobs/12/': {'finished': '2026-11-30T05:01:00Z', 'status': 'successful'},
    }
    variables = {'awx_url': server, 'awx_token': 'secret', 'awx_inventory': 2, 'awx_audit': 11, 'awx_report': 12}
    arguments = [
        '-e',
        'slices=4',
        '-e',
        'awx_reports=/reports/2026-11-30',
        *(word for item in variables.items() for word in ('-e', '%s=%s' % item)),
    ]
    run = site.play(*arguments, playbook=str(EXAMPLES / 'awx' / 'slices.yml'))
    assert run.returncode == 2
    assert 'slices failed, report successful' in run.stdout
    launched, report = (sent for _method, path, sent in Server.received if path.endswith('launch/'))
    page = (CHECKOUT / 'docs' / 'guides' / 'awx.md').read_text()
    [body] = re.findall(r'^```json\n(.+?)^```', page, re.MULTILINE | re.DOTALL)
    assert launched == json.loads(body), 'what the guide shows'
    assert report['extra_vars'] == {
        'report_from': '/reports/2026-11-30/*',
        'report_hosts': 'all',
        'audit_report_dir': '/reports/2026-11-30/whole',
    }


def test_node_problem_detector_reads_what_was_left_on_a_node_that_never_was_changed() -> None:
    """Outside the directory of the change sets, which others must not enter, and which goes when they are forgotten."""
    place = EXAMPLES / 'node-problem-detector'
    left = re.search(r"npd_status \| default\('(.+?)'\)", (place / 'publish.yml').read_text())
    read = re.search(r'PAWS_STATUS:-(.+?)}', (place / 'check_paws.sh').read_text())
    assert left
    assert read
    assert left[1] == read[1]
    assert Path(left[1]).parent == Path('/run')


def test_node_problem_detector_says_what_the_audit_said(site: Site, tmp_path: Path) -> None:
    stored(site, 60)
    rules = json.loads((EXAMPLES / 'node-problem-detector' / 'paws-monitor.json').read_text())
    script = EXAMPLES / 'node-problem-detector' / 'check_paws.sh'
    assert {rule['path'].rpartition('/')[2] for rule in rules['rules']} == {script.name}
    assert {rule['condition'] for rule in rules['rules']} == {entry['type'] for entry in rules['conditions']}
    names = {'host00000': 1, 'host00009': 0, 'host00049': 2}
    python = 'ansible_python_interpreter=%s' % sys.executable
    site.inventory(*('%s.example.org npd_status=%s %s' % (name, tmp_path / name, python) for name in names))
    run = shell(site, 'ansible-playbook -i hosts %s' % (EXAMPLES / 'node-problem-detector' / 'publish.yml'))
    assert run.returncode == 0, run.stdout + run.stderr
    for name, code in names.items():
        said = shell(site, str(script), PAWS_STATUS=str(tmp_path / name))
        assert said.returncode == code
        assert 0 < len(said.stdout.rstrip('\n')) <= rules['pluginConfig']['max_output_length']
    assert shell(site, str(script), PAWS_STATUS=str(tmp_path / 'host00000')).stdout.startswith('dropping: net.ipv4')
    assert shell(site, str(script), PAWS_STATUS='/nonexistent').returncode == 2
