# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a large audit: no host is lost between them, none is in two."""

from __future__ import annotations

from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nodetcp.paws.plugins.plugin_utils._run import parts

PLAYBOOK = Path(__file__).resolve().parents[5] / 'playbooks' / 'observe_in_parts.yml'


def test_the_playbook_has_a_play_for_each_part() -> None:
    plays = yaml.safe_load(PLAYBOOK.read_text(encoding='utf-8'))
    assert [play['vars'] for play in plays] == [{parts.VARIABLE: number} for number in range(1, parts.PARTS + 1)]


@given(st.integers(0, 70000), st.integers(1, 2000))
def test_all_parts_together_are_all_hosts_in_their_order(number: int, least: int) -> None:
    hosts = range(number)
    found = [parts.part(hosts, each, least) for each in range(1, parts.PARTS + 1)]
    assert [host for part in found for host in part] == list(hosts)
    full = [len(part) for part in found if part][:-1]
    assert all(size >= least for size in full), 'a part that is not the last one has enough'
