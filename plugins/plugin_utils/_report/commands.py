# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that a page offers for a host: each one does what it says, so most hosts get few of them. Pure.

A command is a playbook and what comes after it on the command line. How that playbook is started is the same for all
hosts of a run (command_line.commands), and stands in the page once.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import shlex

from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers.sysctl_value import same
from ansible_collections.nodetcp.paws.plugins.module_utils._node.transaction.state_dir import is_id
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import Json
from ansible_collections.nodetcp.paws.plugins.plugin_utils._variables import host_pattern

Command = list[str]
#: Where a document does not say how its run was started.
START = {name: 'ansible-playbook -b nodetcp.paws.%s' % name for name in ('remediate', 'rollback')}
_CHECK = ['--check', '--diff']


def starts(run: Json) -> dict[str, str]:
    """By playbook, the command line that starts it the way this run was started."""
    return {**START, **(run.get('commands') or {})}


def of(host: Json) -> dict[str, list[Command]]:
    """{fix, lower, undo: [[playbook, the rest of the command]]}: the check comes before what it checks.

    fix: ends findings; lower: also those below remediate_min_severity; undo: the newest change set that is in force.
    What would do nothing on this host is left out.
    """
    limit, found = ['--limit', host_pattern.of(host['name'])], {}
    proposed = host['proposal']
    if proposed.get('changes'):
        found['fix'] = [_remediate(_CHECK, limit), _remediate(limit)]
    if proposed.get('severity'):
        lower = ['-e', 'remediate_min_severity=%s' % proposed['severity']]
        found['lower'] = [_remediate(lower, _CHECK, limit), _remediate(lower, limit)]
    change_set = host['change_set']
    if proposed.get('why_not') in (None, 'forecast') and change_set and is_id(change_set):
        found['undo'] = [['rollback', shlex.join(['-e', 'rollback_change_set=%s' % change_set, *limit])]]
    return found


def at_once(finding: Json) -> str | None:
    """What sets the value of a fix on the node itself, until the next boot; None where that changes nothing there."""
    fix = finding['fix'] or {}
    if not fix.get('sysctl') or 'value' not in fix or fix.get('report_only') or fix.get('where') == 'namespace':
        return None
    if isinstance(fix.get('running'), str) and same(fix['running'], str(fix['value'])):
        return None
    return shlex.join(['sysctl', '-w', '%s=%s' % (fix['sysctl'], fix['value'])])


def _remediate(*parts: Command) -> Command:
    return ['remediate', shlex.join([word for part in parts for word in part])]
