# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_audit: observe and judge in one task. Documentation: plugins/modules/paws_audit.py."""

import contextlib
import datetime

from ansible.errors import AnsibleConnectionFailure

from ..plugin_utils._forecast import translated
from ..plugin_utils._judge import catalogue, expression, findings, library, sight, verdict, vocabulary, waivers
from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import collided_look, forks, keeping, observation
from ..plugin_utils._transport.node_action import NodeAction, VerbError

if not library.MISSING:
    catalogue.builtin()  # read and compiled in the controller's main process, before it forks a worker for each host

keeping.end_at_exit()
forks.prepare()

#: Options of the verbs that audit.
AUDIT: Values = {
    **observation.SPEC,
    'rules': {'type': 'list', 'elements': 'dict', 'default': []},
    'waivers': {'type': 'list', 'elements': 'dict', 'default': []},
    'profile': {'type': 'str', 'choices': list(vocabulary.PROFILES), 'default': 'server'},
    'window': {'type': 'float', 'default': 0.0},
    'since': {'type': 'dict'},
    'return_record': {'type': 'bool', 'default': False},
}


class ActionModule(NodeAction):
    """Observe a node and judge its record."""

    SPEC = {
        **AUDIT,
        'window_for': {'type': 'str', 'choices': ['all', 'watched'], 'default': 'all'},
        'journal': {'type': 'str', 'choices': list(keeping.LOOKS)},
    }

    def run(self, tmp: str | None = None, task_vars: Values | None = None) -> Values:
        """The result with the findings that are shown; carry_out, here and in the verbs built on this one, has all."""
        self._keeper: keeping.Keeper | None = None
        self._unkept: OSError | None = None
        if self._task.args.get('journal'):
            self._task.args = keeping.given(self._task.args, task_vars or {}, self._templar.template)
        with contextlib.ExitStack() as self._kept:
            result = super().run(tmp, task_vars)
            if 'findings' in result:
                result['findings'] = findings.listed(result['findings'])
            if self._keeper and 'verdict' in result:
                return self._keeper.keep(result)
            return keeping.unkept(result, self._unkept) if self._unkept else result

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        look = arguments.pop('journal', None)
        if look:
            try:
                self._keeper = self._kept.enter_context(keeping.keeper(look, task_vars))
                arguments = self._keeper.continued(arguments)
            except OSError as error:  # a disk that is full, or read-only
                self._unkept = error
        if arguments.pop('window_for', 'all') == 'watched' and arguments['since'] is None and arguments['window'] > 0:
            return self._twice_if_worth_it(arguments, task_vars)
        return self._judged(arguments, task_vars)

    def _twice_if_worth_it(self, arguments: Values, task_vars: Values) -> Values:
        """The second look of a node that deserves one, else the first; the first, too, if the second one fails."""
        first = self._judged({**arguments, 'window': 0.0}, task_vars)
        if not first['watch']:
            return first
        try:
            return self._judged({**arguments, 'since': first['sample']}, task_vars)
        except VerbError as error:
            return {**first, 'second_look': {'failed': True, 'msg': str(error)}}
        except AnsibleConnectionFailure as error:
            return {**first, 'second_look': {'unreachable': True, 'msg': str(error)}}

    def _judged(self, arguments: Values, task_vars: Values) -> Values:
        arguments, today = dict(arguments), datetime.date.today()
        rules, accepted = arguments.pop('rules'), arguments.pop('waivers')
        profile, return_record = arguments.pop('profile'), arguments.pop('return_record')
        more = arguments.pop('sysctls', [])  # verbs built on this one look at further keys
        try:
            known = catalogue.builtin().extended(rules, 'rules') if rules else catalogue.builtin()
            waived = waivers.for_host(waivers.parse(accepted, 'waivers', known, today), _names(task_vars))
        except catalogue.CatalogueError as error:
            raise VerbError(error.message) from error
        looked = observation.look(
            self,
            {**arguments, 'sysctls': sorted({*known.sysctl_keys, *more}), 'counters': known.counter_names},
            task_vars,
        )
        record = looked['record']
        earlier = looked['earlier'] or arguments['since']
        collided_look.add(self, record, earlier, task_vars)
        translated.ahead(record)
        try:
            judged = verdict.judge(record, earlier, known, profile, waived, today)
        except expression.ConditionError as error:
            raise VerbError(error.message) from error
        result = {
            **judged,
            'changed': False,
            'sample': looked['sample'],
            'profile': profile,
            **{part: looked['record'][part] for part in ('kernel', 'source', 'unavailable')},
            'unseen': sight.gaps(record),
            'change_sets': record.get('change_sets') or [],
        }
        return {**result, 'record': record} if return_record else result


def _names(task_vars: Values) -> list[str]:
    """What a waiver may call the host."""
    return [str(task_vars[name]) for name in ('inventory_hostname', 'ansible_host') if task_vars.get(name)]
