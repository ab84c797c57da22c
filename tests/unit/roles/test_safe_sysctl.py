# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of roles/safe_sysctl and roles/rollback are described once, and everything else agrees with that."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.nodetcp.paws.plugins.action import (
    paws_batches,
    paws_check_variables,
    paws_conclude,
    paws_plan,
    paws_verify,
)
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import PROFILES, SEVERITIES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate.decisions import ON_FAILURE
from tests.unit.roles.documented import documented_options
from tools import role_variables

CHECKOUT = Path(__file__).resolve().parents[3]
# Of the playbooks: as role defaults they would reach their plays.
OF_PLAYBOOKS = {
    *('remediate_hosts', 'remediate_batches', 'remediate_canary', 'remediate_max_hosts', 'remediate_on_failure'),
    *('remediate_plan_file', 'rollback_hosts', 'rollback_serial', 'forget_hosts', 'forget_keep_settings'),
}
# The role takes the audit's.
WITHOUT_DEFAULT = {'safe_sysctl_profile'}


def options(role: str) -> dict[str, Any]:
    text = (CHECKOUT / 'roles' / role / 'meta' / 'argument_specs.yml').read_text(encoding='utf-8')
    found: dict[str, Any] = yaml.safe_load(text)['argument_specs']['main']['options']
    return found


@pytest.mark.parametrize('role', ['safe_sysctl', 'rollback'])
def test_defaults_are_those_of_the_specification(role: str) -> None:
    defaults = yaml.safe_load((CHECKOUT / 'roles' / role / 'defaults' / 'main.yml').read_text(encoding='utf-8'))
    described = options(role)
    assert set(defaults) == set(described) - OF_PLAYBOOKS
    for name in set(defaults) - WITHOUT_DEFAULT:
        given, said = defaults[name], described[name]['default']
        assert [str(each) for each in given] == said if isinstance(given, list) else given == said, name


@pytest.mark.parametrize(
    ('role', 'pattern', 'playbooks'),
    [
        ('safe_sysctl', r'(?<!_)\b(?:remediate|safe_sysctl)_\w+', ['remediate.yml']),
        ('rollback', r'(?<!_)\b(?:rollback|forget|safe_sysctl)_\w+', ['rollback.yml', 'forget.yml']),
    ],
)
def test_every_variable_of_the_tasks_is_described(role: str, pattern: str, playbooks: list[str]) -> None:
    used: set[str] = set()
    paths = [*(CHECKOUT / 'roles' / role).glob('[tv]*/*.yml'), *(CHECKOUT / 'playbooks' / name for name in playbooks)]
    for path in paths:
        used.update(re.findall(pattern, path.read_text(encoding='utf-8')))
    # The settings are looked up by the verb, all that begin with the name.
    assert used | ({'safe_sysctl_settings'} if role == 'safe_sysctl' else set()) == set(options(role))


def test_words_are_those_of_the_judge_and_the_verbs() -> None:
    described = options('safe_sysctl')
    assert described['remediate_min_severity']['choices'] == list(SEVERITIES)
    assert described['safe_sysctl_profile']['choices'] == list(PROFILES)
    assert described['remediate_on_failure']['choices'] == list(ON_FAILURE)
    for name in ('batches', 'canary', 'max_hosts'):
        assert described['remediate_%s' % name]['default'] == paws_batches.ARGUMENTS[name]['default']


@pytest.mark.parametrize('role', ['safe_sysctl', 'rollback'])
def test_readme_has_the_table_of_the_specification(role: str) -> None:
    text = (CHECKOUT / 'roles' / role / 'README.md').read_text(encoding='utf-8')
    assert role_variables.table(role) in text


@pytest.mark.parametrize(
    ('module', 'specification'),
    [
        ('paws_plan', paws_plan.ActionModule.SPEC),
        ('paws_verify', paws_verify.ActionModule.SPEC),
        ('paws_batches', paws_batches.ARGUMENTS),
        ('paws_conclude', paws_conclude.ARGUMENTS),
        ('paws_check_variables', paws_check_variables.ARGUMENTS),
    ],
)
def test_documentation_of_the_verbs_is_their_argument_specification(module: str, specification: dict[str, Any]) -> None:
    documented = documented_options(module)
    for name, option in documented.items():
        assert option == specification[name], name
    fragment = {'root', 'gather', 'namespaces', 'collector'} if module == 'paws_plan' else set()
    assert set(documented) | fragment == set(specification)
