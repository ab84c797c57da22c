# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a play must be like for the safety of a remediation to hold: variables and keywords that go together. Pure."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import typing as t
from collections.abc import Collection

INSTEAD = 'use the playbook nodetcp.paws.remediate, which plans for all hosts before it changes one'


def problems(given: Collection[tuple[str, t.Any]], strategy: str, in_parts: bool) -> list[str]:
    """Sentences, each of which must keep the play from contacting a host.

    given: names and values of variables; strategy: of the play; in_parts: whether its `serial` takes the hosts in
    several batches.
    """
    found = []
    if not strategy.endswith('linear') and strategy.rpartition('.')[2] != 'debug':
        found.append(
            'the strategy %s lets each host go on by itself, so a host that fails could not stop the others: '
            'set `strategy: linear` in the play' % strategy
        )
    if in_parts and any(name == 'remediate_plan_file' and value for name, value in given):
        found.append(
            'remediate_plan_file is for one plan of all hosts, and `serial` makes one for each batch: ' + INSTEAD
        )
    if in_parts and ('remediate_on_failure', 'all') in given:
        found.append('remediate_on_failure=all cannot reach the batches of `serial` that are over: ' + INSTEAD)
    if ('remediate_on_failure', 'stop') in given and any(_waits(name, value) for name, value in given):
        found.append(
            'remediate_on_failure=stop keeps the change of a host that failed, and remediate_confirm_timeout has the '
            'host undo it: set one of them'
        )
    return found


def _waits(name: str, value: t.Any) -> bool:
    """Whether hosts undo by themselves what is not confirmed; what is no number, others refuse."""
    return name == 'remediate_confirm_timeout' and str(value).strip().isdecimal() and int(value) > 0
