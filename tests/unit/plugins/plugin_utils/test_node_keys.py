# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The offline collector has no catalogue: what it reads by itself must be what the rules use."""

from __future__ import annotations

from ansible_collections.nodetcp.paws.plugins.module_utils._node import keys
from ansible_collections.nodetcp.paws.plugins.plugin_utils import _version
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue
from tests.conftest import CHECKOUT


def test_the_node_program_reads_every_sysctl_that_a_rule_uses() -> None:
    assert set(catalogue.builtin().sysctl_keys) <= set(keys.NODE_SYSCTLS)


def test_the_node_program_samples_every_counter_that_a_rule_uses() -> None:
    for group, names in catalogue.builtin().counter_names.items():
        assert set(names) <= set(keys.COUNTERS[group])


def test_the_version_is_that_of_galaxy_yml() -> None:
    lines = (CHECKOUT / 'galaxy.yml').read_text(encoding='utf-8').splitlines()
    assert 'version: %s' % _version.VERSION in lines
