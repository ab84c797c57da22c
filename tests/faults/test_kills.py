# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGKILL at random instants of apply, rollback, recovery and forget: the next run finds all old or all new."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import changing
import nodepath
import pytest
from _node.errors import Refused
from _node.operations import change_set_info

from tests.faults import failing_calls
from tests.faults.exploring import SHARES

KILLS = {'sample': 20, 'long': 1000}


ACTS: tuple[Callable[[Path], Any], ...] = (
    failing_calls.change,
    failing_calls.undo,
    failing_calls.recover,
    failing_calls.forgotten,
)


def killed(act: Callable[[Path], Any], root: Path, after: float) -> bool:
    """Whether the act was killed before it ended."""
    child = os.fork()
    if child == 0:
        try:
            act(root)
        except Refused:
            pass
        finally:
            os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.skipif(os.geteuid() != 0, reason='needs root: nothing else may own a store')
@SHARES
def test_no_state_in_between(tmp_path: Path, share: str) -> None:
    nodepath.import_all()
    root, chance = tmp_path / 'node', random.Random(share)
    failing_calls.lay_out(root)
    old = changing.everything(str(root))
    failing_calls.change(root)
    new = changing.everything(str(root))
    number = between = tries = 0
    while number < KILLS[share]:
        tries += 1
        assert tries < 50 * KILLS[share], 'hardly anything can be killed'
        if not (root / 'var/lib/nodetcp-paws').exists():  # forgotten: nothing could be undone any more
            failing_calls.lay_out(root)
        number += killed(chance.choice(ACTS), root, chance.uniform(0, 0.03))
        if chance.randrange(3) == 0:  # else the next one is killed too, perhaps in its recovery
            failing_calls.recover(root)
            states = [one['state'] for one in change_set_info.run({'root': str(root)})['change_sets']]
            between += changing.everything(str(root)) not in (old, new) or bool({'applying', 'undoing'} & set(states))
    print('%d kills, %d states in between' % (number, between))
    assert between == 0
