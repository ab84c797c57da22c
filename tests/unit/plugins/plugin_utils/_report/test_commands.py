# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command that a report gives for undoing a change: somebody will paste it at night."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import remediation
from tests.conftest import CHECKOUT


def test_a_rollback_of_somebody_elses_project_is_not_taken_for_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / 'rollback.yml').touch()
    (tmp_path / 'remediate.yml').touch()
    monkeypatch.chdir(tmp_path)
    for started in ('nodetcp.paws.remediate', 'remediate.yml', str(tmp_path / 'remediate.yml')):
        assert remediation.words({'args': [started]}, [], {})[-1] == 'nodetcp.paws.rollback'


def test_from_a_checkout_the_playbook_beside_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)
    assert remediation.words({'args': ['playbooks/remediate.yml']}, [], {})[-1] == 'playbooks/rollback.yml'


def test_of_the_variables_on_the_command_line_the_directory_of_the_change_sets_alone_is_passed_on() -> None:
    given = 'safe_sysctl_state_dir=/x ansible_become_password=hunter2'
    extra = {'safe_sysctl_state_dir': '/srv/change sets', 'ansible_become_password': 'hunter2'}
    said = remediation.words({'extra_vars': [given]}, [], extra)
    assert said[-2:] == ['-e', "safe_sysctl_state_dir='/srv/change sets'"]
    assert 'hunter2' not in shlex.join(said)
