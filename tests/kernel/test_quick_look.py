# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quick look at sysctl files passes over no line of a key, and over nothing that would have to be said."""

from __future__ import annotations

import random
from pathlib import Path

from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers import persisted, quick_look
from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers.tree import Tree

from .sysctl_trees import BEFORE, grow

OTHERS = ('net.core.somaxconn', 'net.ipv4.tcp_tw_recycle')
TREES = 300


def _outcome(root: Path, keys: list[str]) -> tuple[bool, bool]:
    """(whether the quick look sees something, whether there is something to report)"""
    unavailable: dict[str, str] = {}
    found = persisted.observe(Tree(str(root)), keys, set(keys), None, unavailable)
    return quick_look.may_set(Tree(str(root)), keys, None), bool(found or unavailable)


def test_the_quick_look_passes_over_nothing(tmp_path: Path) -> None:
    spared = 0
    for seed in range(TREES):
        chance = random.Random(seed)
        root = tmp_path / 'root'
        grow(root, chance)
        (root / 'usr' / 'lib' / 'systemd' / 'systemd').touch()
        for key in (*BEFORE, *OTHERS):
            seen, there = _outcome(root, [key])
            assert seen or not there, (seed, key)
            spared += not seen
    assert spared > TREES // 2  # a quick look that always sees something would spare nobody anything
