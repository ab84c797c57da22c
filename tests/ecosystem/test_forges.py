# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What GitHub, GitLab and pre-commit call is there: targets of the Makefile, names of gates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.gates.gates import CHECKOUT, GATES

CALLERS = ('.github/workflows/test.yml', '.github/workflows/release.yml', '.gitlab-ci.yml', '.ci/run')
DOCUMENTS = ('README.md', 'CONTRIBUTING.md', 'MAINTAINERS.md', 'SECURITY.md', '.github/pull_request_template.md')
MAKE = re.compile(r'^(?!\s*#|.*apt-get).*?\bmake (?:--[a-z-]+ )*([a-z][a-z.-]*)', re.MULTILINE)
QUOTED = re.compile(r'`make ([a-z][a-z.-]*)')


def targets() -> set[str]:
    return set(re.findall(r'^([a-z][a-z.-]*):', (CHECKOUT / 'Makefile').read_text(encoding='utf-8'), re.MULTILINE))


@pytest.mark.parametrize('name', CALLERS + DOCUMENTS)
def test_every_target_that_is_named_exists(name: str) -> None:
    text = (CHECKOUT / name).read_text(encoding='utf-8')
    named = set((MAKE if name in CALLERS else QUOTED).findall(text))
    assert named <= targets()
    if name in CALLERS:
        assert named


def test_github_and_gitlab_call_the_same_targets() -> None:
    github, gitlab = (
        {target for name in names for target in MAKE.findall((CHECKOUT / name).read_text(encoding='utf-8'))}
        for names in (CALLERS[:2], CALLERS[2:3])
    )
    assert github == gitlab
    assert {'lint', 'types', 'ecosystem', 'test', 'test-full', 'release'} <= github


def test_every_fast_gate_is_a_hook_of_pre_commit() -> None:
    config = yaml.safe_load((CHECKOUT / '.pre-commit-config.yaml').read_text(encoding='utf-8'))
    (local,) = config['repos']
    hooks = {hook['id']: hook['entry'] for hook in local['hooks']}
    assert hooks == {
        gate.name: '.venv/bin/python -m tests.gates %s' % gate.name for gate in GATES if gate.goal == 'lint'
    }
    assert {hook['language'] for hook in local['hooks']} == {'system'}


def test_every_goal_of_the_gates_is_a_target() -> None:
    assert {gate.goal for gate in GATES} <= targets()


def test_every_issue_form_is_looked_at_by_a_gate() -> None:
    places = [*CHECKOUT.glob('.github/ISSUE_TEMPLATE/*.yml'), *CHECKOUT.glob('.github/workflows/*.yml')]
    checked = {word for gate in GATES for word in gate.command}
    assert {str(Path(place).relative_to(CHECKOUT)) for place in places} <= checked
