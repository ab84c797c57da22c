# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_diagnosis: the thinking part of diagnose.yml. Documentation: plugins/modules/paws_diagnosis.py."""

import os
import time
from typing import cast

from ansible import constants, context
from ansible.utils.display import Display

from ..plugin_utils._diagnose import conclusion, question, translator
from ..plugin_utils._messages.catalogue import LANGUAGES
from ..plugin_utils._messages.message import message, told_by
from ..plugin_utils._messages.telling import said, spoken
from ..plugin_utils._report import stored, writing
from ..plugin_utils._report.formats import diagnosis_text, terminal
from ..plugin_utils._run import run
from ..plugin_utils._shapes.attempts import Located, LocatedIn
from ..plugin_utils._shapes.diagnosis import Diagnosis
from ..plugin_utils._text.values import Values, plain
from ..plugin_utils._transport.controller_action import ControllerAction
from ..plugin_utils._variables import command_line, host_pattern

ARGUMENTS: Values = {
    'step': {'type': 'str', 'choices': ['question', 'plan', 'translator', 'conclude'], 'required': True},
    'sources': {'type': 'raw'},
    'destination': {'type': 'str', 'default': ''},
    'port': {'type': 'raw'},
    'count': {'type': 'raw', 'default': 5},
    'neutral': {'type': 'str', 'default': ''},
    'question': {'type': 'dict'},
    'plan': {'type': 'dict'},
    'counters': {'type': 'dict'},
    'looked': {'type': 'dict'},
    'report_dir': {'type': 'str', 'default': 'paws-report'},
    'language': {'type': 'str', 'choices': list(LANGUAGES), 'default': 'en'},
}
#: The variable in which diagnose.yml keeps the result of a task, by the task's role.
#: What the first look and the one after the attempts registered.
FIRST = '__diagnose_found'
AGAIN = '__diagnose_translator'
REGISTERED = {'watch': '__diagnose_watched', 'source': '__diagnose_tried', 'neutral': '__diagnose_tried'}


class ActionModule(ControllerAction):
    """Reads variables and results of other tasks; never connects."""

    SPEC = ARGUMENTS
    MISTAKES = (question.PlanError,)

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        """What the step found out, or why the diagnosis cannot go on."""
        steps = {
            'question': self._question,
            'plan': self._plan,
            'translator': self._translator,
            'conclude': self._conclude,
        }
        return steps[arguments['step']](arguments, task_vars)

    def _question(self, arguments: Values, variables: Values) -> Values:
        """{'hosts', 'what', 'sources', 'port', 'count', 'neutral', 'asked'}: variables that make sense."""
        if context.CLIARGS.get('subset'):
            raise question.PlanError(message('question/limited'))
        known = _inventory(variables)
        asked = question.question(arguments['destination'], known)
        return {
            **asked,
            'sources': question.sources(arguments['sources'] or '', known),
            'port': question.number('diagnose_port', arguments['port'], 1, 65535),
            'count': question.number('diagnose_count', arguments['count'], 1, question.COUNT_MAX),
            'neutral': arguments['neutral'],
            'asked': {'from': arguments['sources'], 'to': arguments['destination'], 'port': arguments['port']},
        }

    def _plan(self, arguments: Values, variables: Values) -> Values:
        """plan.work() for the destination, with 'goal' and 'question'."""
        asked, known = arguments['question'], _inventory(variables)
        looked = {host: cast(LocatedIn, _result(variables, host, FIRST)) for host in asked['hosts']}
        goal = question.destination(asked['what'], looked, known)
        compared = question.neutral(asked['neutral'], asked['sources'], goal, known)
        forks = int(context.CLIARGS.get('forks') or constants.DEFAULT_FORKS)
        made = question.work(asked['sources'], compared, goal, asked['port'], asked['count'], forks)
        start = command_line.inventory(context.CLIARGS, constants.DEFAULT_HOST_LIST)
        return {**made, 'goal': goal, 'question': asked['asked'], 'inventory': start}

    def _translator(self, arguments: Values, variables: Values) -> Values:
        """{'address' that the attempts came from, '' where nobody translates, 'hosts' on which it is looked for}.

        Where attempts did not arrive, those that were looked at first are looked at again: one may have dropped them.
        """
        made = arguments['plan']
        results = _results(made, variables)
        address, known = translator.asked(made, results), _inventory(variables).hosts
        first = [host for host in known if translator.lost(made, results) and _looked(variables, host, FIRST)]
        hosts = [host_pattern.of(host) for host in (known if address else first)]
        return {'address': address or '', 'hosts': hosts or ['localhost']}

    def _conclude(self, arguments: Values, variables: Values) -> Values:
        """The document, written as JSON, text and a page, into the page of an audit that lies there, and printed."""
        made = arguments['plan']
        results, box = _results(made, variables), None
        hosts = _inventory(variables).hosts
        before, looked = ({host: _looked(variables, host, name) for host in hosts} for name in (FIRST, AGAIN))
        if address := translator.asked(made, results):
            rules = {host: _result(variables, host, '__diagnose_translation') for host in hosts}
            box = translator.found(address, looked, rules)
        tracking = translator.tracking(before, looked)
        counters, behind = arguments['counters'], arguments['looked']
        concluded = spoken(conclusion.conclude(made, results, counters, behind, box, tracking))
        document = cast(Diagnosis, {'schema': concluded['schema'], 'finished': run.utc(time.time()), **concluded})
        shown = diagnosis_text.render(document, arguments['language'])
        directory = os.path.abspath(arguments['report_dir'])
        try:
            paths = writing.show_diagnosis(document, directory, arguments['language'], shown)
        except (OSError, stored.StoredError) as error:
            raise question.PlanError(message('question/unwritten', reason=told_by(error))) from error
        Display().display('\n' + shown, stderr=terminal.for_programs(constants.DEFAULT_STDOUT_CALLBACK))
        found = document['conclusion']
        stats = {'data': {'nodetcp_paws_diagnosis': found}, 'per_host': False, 'aggregate': False}
        failure = {'failed': True, 'msg': said(found, 'title')} if found['cause'] == 'untried' else {}
        return {'conclusion': found, 'files': paths, 'ansible_stats': stats, **failure}


def _inventory(variables: Values) -> question.Inventory:
    """Names and addresses, without the hosts that a diagnosis itself has added."""
    own = set(variables['groups'].get('diagnose_tasks', ()))
    groups = {
        str(name): [str(host) for host in hosts if host not in own]
        for name, hosts in variables['groups'].items()
        if name not in ('diagnose_tasks', 'ungrouped')
    }
    hostvars = variables['hostvars']
    addresses = {
        host: str(hostvars[host].get('ansible_host', '')) for host in groups.get('all', ()) if host in hostvars
    }
    return question.Inventory(groups, addresses)


def _results(made: Values, variables: Values) -> dict[str, Values]:
    """What the tasks of a plan registered, by their names."""
    return {task['name']: _result(variables, task['name'], REGISTERED[task['role']]) for task in made['tasks']}


def _looked(variables: Values, host: str, name: str) -> Located:
    return cast(Located, _result(variables, host, name))


def _result(variables: Values, host: str, name: str) -> Values:
    """What a task of that host registered; {} if it never came to it."""
    found = variables['hostvars'].get(host, {}).get(name) if host in variables['hostvars'] else None
    return plain(found) if found else {}
