# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates, each as a test: the same commands as `make lint`, `make types`, `make sanity` and `make ecosystem`."""

from __future__ import annotations

import pytest

from tests.gates.gates import GATES, LEFT_OUT, Gate, run


@pytest.mark.parametrize(
    'gate', [pytest.param(gate, id=gate.name, marks=[pytest.mark.long] * gate.long) for gate in GATES]
)
def test_gate_passes(gate: Gate) -> None:
    done = run(gate, capture=True)
    if done.returncode == LEFT_OUT:
        pytest.skip('gate %s: %s' % (gate.name, done.stdout.strip().splitlines()[-1]))
    assert done.returncode == 0, '%s\n%s' % (' '.join(gate.command), done.stdout)
