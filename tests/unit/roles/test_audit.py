# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of roles/audit are described once, in meta/argument_specs.yml; everything else agrees with it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from ansible_collections.nodetcp.paws.plugins.action.paws_report import ARGUMENTS
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import CLASSES, PROFILES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.writing import FORMATS
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport import keeping
from tests.unit.roles.documented import documented_options

CHECKOUT = Path(__file__).resolve().parents[3]
ROLE = CHECKOUT / 'roles' / 'audit'
OPTIONS = yaml.safe_load((ROLE / 'meta' / 'argument_specs.yml').read_text())['argument_specs']['main']['options']


def test_defaults_are_those_of_the_specification() -> None:
    defaults = yaml.safe_load((ROLE / 'defaults' / 'main.yml').read_text())
    described = {name: option['default'] for name, option in OPTIONS.items()}
    del described['audit_hosts']  # of the playbook: as a role default it would hide that the user set none
    assert defaults == described


def test_every_variable_of_the_tasks_is_described() -> None:
    used = set()
    for path in [*(ROLE / 'tasks').glob('*.yml'), CHECKOUT / 'playbooks' / 'audit.yml']:
        used.update(re.findall(r'(?<!_)\baudit_\w+', path.read_text()))
    used.update('audit_%s' % name for name in (*keeping.OPTIONS, 'window'))  # paws_audit takes them from there
    assert used == set(OPTIONS)


def test_words_are_those_of_the_judge_and_the_report() -> None:
    assert OPTIONS['audit_fail_on']['choices'] == ['none', *CLASSES]
    assert OPTIONS['audit_profile']['choices'] == list(PROFILES)
    assert OPTIONS['audit_formats']['choices'] == ['json', *FORMATS]
    assert ARGUMENTS['formats']['choices'] == ['json', *FORMATS]


def test_readme_has_the_table_of_the_specification() -> None:
    text = (ROLE / 'README.md').read_text()
    between = re.search(r'<!-- begin: generated from meta/argument_specs.yml -->\n(.*)<!-- end -->', text, re.DOTALL)
    assert between is not None
    assert between[1] == table(), 'put this between the marks in roles/audit/README.md:\n%s' % table()


def test_documentation_of_paws_report_is_its_argument_specification() -> None:
    assert documented_options('paws_report') == ARGUMENTS


def table() -> str:
    """The table of variables for the README."""
    rows = ['| variable | type | default | what it is |', '| --- | --- | --- | --- |']
    for name, option in OPTIONS.items():
        kind = option['type'] + (' of %s' % option['elements'] if 'elements' in option else '')
        text = re.sub(r'C\((.*?)\)', r'`\1`', option['description']).strip()
        if 'choices' in option:
            text += ' One of %s.' % ', '.join('`%s`' % choice for choice in option['choices'])
        default = option['default'] if isinstance(option['default'], str) else json.dumps(option['default'])
        rows.append('| `%s` | %s | %s | %s |' % (name, kind, '`%s`' % default if default else 'none', text))
    return '\n'.join(rows) + '\n'
