# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that a page offers for a host: each one does what it says, so most hosts get few of them. Pure.

A command is a playbook and what comes after it on the command line. How that playbook is started is the same for all
hosts of a run (command_line.commands), and stands in the page once.
"""

import re
import shlex
from collections.abc import Sequence

from ...module_utils._node.parsers.sysctl_value import same
from ...module_utils._node.transaction.state_dir import is_id
from .._shapes.report import Host, Run
from .._shapes.verdict import Finding
from .._variables import command_line, host_pattern

Command = list[str]
#: Where a document does not say how its run was started.
START = {
    'audit': 'ansible-playbook nodetcp.paws.audit',
    **{name: 'ansible-playbook -b nodetcp.paws.%s' % name for name in ('remediate', 'rollback')},
}
CHECK = ['--check', '--diff']
#: Characters of a list of hosts that a person still reads; the form of a rule's id (_judge/rule.py).
_LIST_MAX = 160
_RULE = re.compile(r'[A-Za-z0-9][A-Za-z0-9_.-]{0,63}')


def starts(run: Run) -> dict[str, str]:
    """By playbook, the command line that starts it the way this run was started."""
    return {**START, **(run.get('commands') or {})}


def of(host: Host) -> dict[str, list[Command]]:
    """{fix, lower, undo: [[playbook, the rest of the command]]}: the check comes before what it checks.

    fix: ends findings; lower: also those below remediate_min_severity; undo: the newest change set that is in force.
    What would do nothing on this host is left out.
    """
    limit, found = ['--limit', host_pattern.of(host['name'])], {}
    proposed = host['proposal']
    if proposed.get('changes'):
        found['fix'] = [_remediate(CHECK, limit), _remediate(limit)]
    if proposed.get('severity'):
        lower = ['-e', 'remediate_min_severity=%s' % proposed['severity']]
        found['lower'] = [_remediate(lower, CHECK, limit), _remediate(lower, limit)]
    change_set = host['change_set']
    if proposed.get('why_not') in (None, 'forecast') and change_set and is_id(change_set):
        found['undo'] = [['rollback', shlex.join(['-e', 'rollback_change_set=%s' % change_set, *limit])]]
    return found


def at_once(finding: Finding) -> str | None:
    """What sets the value of a fix on the node itself, until the next boot; None where that changes nothing there."""
    fix = finding['fix'] or {}
    if not fix.get('sysctl') or 'value' not in fix or fix.get('report_only') or fix.get('where') == 'namespace':
        return None
    if isinstance(fix.get('running'), str) and same(fix['running'], str(fix['value'])):
        return None
    return shlex.join(['sysctl', '-w', '%s=%s' % (fix['sysctl'], fix['value'])])


def line(run: Run, playbook: str, rest: Command) -> str:
    """A whole command line, for a shell: that playbook, started the way the run was started, and the rest."""
    return ' '.join([starts(run)[playbook], shlex.join(rest)]).rstrip()


def chosen(run: Run, names: Sequence[str], rule: str) -> Command:
    """What keeps remediate.yml to these hosts: their names; where that is too long, the rule that they alone have."""
    limit = ','.join(map(host_pattern.of, names))
    if len(limit) <= _LIST_MAX:
        return ['--limit', limit]
    only = ['-e', 'remediate_rules=%s' % rule] if _RULE.fullmatch(rule) else []
    return [*only, *everywhere(run, 'remediate')]


def everywhere(run: Run, playbook: str) -> Command:
    """What keeps a playbook to the hosts of this run."""
    return command_line.kept_to('%s_hosts' % playbook, run.get('hosts'), run.get('limit'))


def _remediate(*parts: Command) -> Command:
    return ['remediate', shlex.join([word for part in parts for word in part])]
