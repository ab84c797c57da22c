# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_plan: judge a node and work out, down to the line, what would be changed on it.

Documentation: plugins/modules/paws_plan.py.
"""

from typing import Any, cast

from ansible import constants

from ..plugin_utils._judge import catalogue, origin, vocabulary
from ..plugin_utils._messages.message import Message, Said, message, told_by
from ..plugin_utils._remediate import batches, exhaustion, image_lines, needs
from ..plugin_utils._remediate import plan as kept
from ..plugin_utils._run import run
from ..plugin_utils._shapes.forecast import DecidedForecast
from ..plugin_utils._shapes.record import Record
from ..plugin_utils._shapes.time_wait import TimeWaitLooked
from ..plugin_utils._text.values import Values, plain
from ..plugin_utils._transport import answers, change, time_wait_look
from ..plugin_utils._transport.node_action import VerbError
from ..plugin_utils._variables import user_settings
from . import paws_audit

REHEARSED = ('changes', 'notes')
OWN = (
    *('min_severity', 'only_rules', 'skip_rules', 'look_again', 'state_dir', 'accept_exhaustion', 'plan_file'),
    'confirm_timeout',
)
TOP = 10
# In the sample of a look: what the forecast of the next look begins with.
EARLIER = 'time_wait'


class ActionModule(paws_audit.ActionModule):
    """Audit, and rehearse the change."""

    SPEC = {
        **paws_audit.AUDIT,
        'min_severity': {'type': 'str', 'choices': list(vocabulary.SEVERITIES), 'default': 'high'},
        'only_rules': {'type': 'list', 'elements': 'str', 'default': []},
        'skip_rules': {'type': 'list', 'elements': 'str', 'default': []},
        'look_again': {'type': 'float', 'default': 0.0},
        'accept_exhaustion': {'type': 'bool', 'default': False},
        'plan_file': {'type': 'str'},
        'state_dir': change.STORE['state_dir'],
        'confirm_timeout': {'type': 'int', 'default': 0},
    }

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        own = {name: arguments.pop(name) for name in OWN}
        rules, keep, since = arguments['rules'], arguments['return_record'], arguments['since'] or {}
        if EARLIER in since:
            arguments['since'] = {name: value for name, value in since.items() if name != EARLIER}
        wanted, wrong = self._wishes(task_vars)
        asked = {**arguments, 'sysctls': list(wanted), 'return_record': True}
        result = super().carry_out(asked, task_vars)
        record = result['record'] if keep else result.pop('record')
        if result['watch'] and own['look_again'] > 0:
            return self._begun(result, record, task_vars)
        scope = needs.Scope(own['min_severity'], tuple(own['only_rules']), tuple(own['skip_rules']))
        known = catalogue.builtin().extended(rules, 'rules')
        found = needs.needs(record, result['findings'], wanted, scope, known, result['profile'])
        forecast: DecidedForecast | None = None
        remedies: exhaustion.Remedies = {}
        if vocabulary.RECYCLE in found.settings and not wrong and exhaustion.recycles(record):
            asked = {'since': since.get(EARLIER), 'window': arguments['window'] or own['look_again']}
            approved = self._approved(own['plan_file'], task_vars)
            looked = self._time_wait(asked, task_vars)
            weighed, remedies = exhaustion.weigh(found, looked, result['profile'], frozenset(wanted), approved)
            forecast, wrong = exhaustion.settle(weighed, own['accept_exhaustion'])
        plan, diff = self._rehearse(found, record, wrong, own['state_dir'], task_vars)
        plan.update(
            kind=batches.kind(record['kernel'], result['profile']),
            fixes=[list(fix) for fix in found.fixes],
            left=found.left,
            watch=_worth_watching(found, result),
            forecast=forecast,
            remedies=remedies,
            confirm_timeout=own['confirm_timeout'],
        )
        would = self._task.check_mode and bool(plan['changes'])
        return {
            **result,
            'plan': plan,
            'changed': would,
            **({'diff': diff} if would and self._task.diff else {}),
        }

    def _begun(self, result: Values, record: Values, task_vars: Values) -> Values:
        """The first of two looks: the second decides, and plans; a forecast's rate counts from here."""
        if exhaustion.recycles(cast(Record, record)):
            begun = self._time_wait({'since': None, 'window': 0.0}, task_vars)
            if not isinstance(begun, (Message, str)):
                result['sample'][EARLIER] = begun['sample']
        return result

    def _time_wait(self, asked: Values, task_vars: Values) -> TimeWaitLooked | Said:
        """The node's TIME_WAIT sockets, or why they cannot be looked at."""
        try:
            return time_wait_look.look(self, {'root': '/', 'namespaces': 'all', 'top': TOP, **asked}, task_vars)
        except VerbError as error:
            return error.said

    def _approved(self, path: str | None, task_vars: Values) -> dict[str, dict[str, str]]:
        """The remedies for this host in the plan that a person approved; paws_batches says what is wrong with one."""
        if not path or self._task.check_mode:
            return {}
        try:
            return kept.remedies(path, str(task_vars['inventory_hostname']))
        except kept.PlanFileError:
            return {}

    def _wishes(self, task_vars: Values) -> tuple[dict[str, str], Said | None]:
        """The user's settings; or none, and what is wrong with them."""
        names = [name for name in task_vars if user_settings.is_name(str(name))]
        named = {name: plain(self._templar.template(task_vars[name])) for name in names}
        try:
            return user_settings.merged(named), None
        except ValueError as error:
            return {}, told_by(error)

    def _rehearse(
        self, found: needs.Needs, record: Values, wrong: Said | None, state_dir: str, task_vars: Values
    ) -> tuple[Values, list[Any]]:
        """(the plan with every single change, its diff), as the node itself works it out."""
        plan: Values = {'settings': found.settings, 'absent': found.absent, 'reasons': found.reasons}
        change_set = run.identify(str(constants.DEFAULT_LOCAL_TMP)).id
        plan.update(refused=wrong, changes=[], notes=[], change_set=change_set)
        if wrong:
            return {**plan, 'settings': {}, 'absent': [], 'reasons': {}}, []
        if found.empty:
            return plan, []
        why_not = _why_not(record['source'], found)
        if why_not:
            found.leave('all', why_not)
            system = record['source'].get('system')
            return {**plan, 'system': system} if system else plan, []
        asked: Values = {name: plan[name] for name in ('settings', 'absent', 'reasons')}
        asked.update(change_set=plan['change_set'], state_dir=state_dir, check_mode=True)
        try:
            told = self.ask_node('apply', {**asked, 'who': change.who(task_vars)}, task_vars)
            answer = answers.checked('apply', plain(told))
        except VerbError as error:
            return {**plan, 'refused': error.said}, []
        except answers.AnswerError as error:
            return {**plan, 'refused': error.message}, []
        if answer.get('failed'):
            return {**plan, 'refused': str(answer.get('msg'))}, []
        return {**plan, **{name: answer[name] for name in REHEARSED}}, answer['diff']


def _why_not(source: Values, found: needs.Needs) -> Message | None:
    """Why nothing can be changed where a record comes from, None where it can."""
    if origin.is_captured(source):
        return message('plan/captured')
    if source.get('system'):
        return image_lines.why_not(source['system'], found.settings, found.absent)
    if source.get('collector') == origin.BY_SHELL:
        return message('plan/no-python')
    return None


def _worth_watching(found: needs.Needs, result: Values) -> bool:
    """Whether counters had moved because of what is going to be fixed: then they must stop."""
    mended = {rule for rule, _namespace in found.fixes}
    active = any(finding['active'] and finding['rule'] in mended for finding in result['findings'])
    return active or (vocabulary.RECYCLE in found.settings and result['evidence'] in ('active', 'past'))
