# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Controller side of paws_report: the one task for the whole fleet at the end of an audit."""

from ansible import constants, context
from ansible.release import __version__ as ansible_version

from ..plugin_utils._judge.vocabulary import CLASSES, PROFILES
from ..plugin_utils._messages.catalogue import LANGUAGES
from ..plugin_utils._report import fleet
from ..plugin_utils._report.writing import FORMATS
from ..plugin_utils._run import run
from ..plugin_utils._text.values import Values, plain
from ..plugin_utils._transport import ending, keeping, way_back
from ..plugin_utils._transport.controller_action import ControllerAction
from ..plugin_utils._variables import command_line, host_pattern
from ..plugin_utils._version import VERSION

ARGUMENTS: Values = {
    'report_dir': {'type': 'str', 'default': 'paws-report'},
    'formats': {'type': 'list', 'elements': 'str', 'choices': ['json', *FORMATS], 'default': ['json', 'html']},
    'records': {'type': 'str'},
    'nodes': {'type': 'dict', 'default': {}},
    'rules': {'type': 'list', 'elements': 'dict', 'default': []},
    'waivers': {'type': 'list', 'elements': 'dict', 'default': []},
    'profile': {'type': 'str', 'choices': list(PROFILES), 'default': 'server'},
    'window': {'type': 'float', 'default': 0},
    'fail_on': {'type': 'str', 'choices': ['none', *CLASSES], 'default': 'none'},
    'ignore_unreachable': {'type': 'bool', 'default': False},
    'skip': {'type': 'dict', 'default': {}},
    'language': {'type': 'str', 'choices': list(LANGUAGES), 'default': 'en'},
}


class ActionModule(ControllerAction):
    """Collects, judges offline records, writes, prints. Runs on the controller only and never connects."""

    SPEC = ARGUMENTS
    MISTAKES = (fleet.ReportError, OSError)

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        """Write the reports, print the verdict table; the return value failure says why the run should end non-zero."""
        directory = str(constants.DEFAULT_LOCAL_TMP)
        back = way_back.of(self, task_vars)
        judged = keeping.of_this_run().hosts()
        outcome = fleet.report(arguments, task_vars, self._facts(task_vars), directory, back, judged)
        if outcome.complete or outcome.unwritten or self._ends_play(outcome, task_vars):
            # Under the free strategy every host comes here, and more than one may see the whole.
            key = 'shown-%s-%d' % (self._task._uuid, outcome.document['run']['pending'])
            self._show_once(directory, key, outcome)
        if outcome.unwritten:
            raise fleet.ReportError(outcome.unwritten)
        if outcome.complete:
            keeping.finished()
        failing = [host_pattern.of(name) for name in outcome.failures]
        run.keep(directory, 'failed', {'hosts': failing, 'reasons': outcome.failures})
        stats = {'data': {'nodetcp_paws': outcome.stats}, 'per_host': False, 'aggregate': False}
        warnings = {'warnings': outcome.warnings} if outcome.warnings else {}
        return {'ansible_stats': stats, **warnings, **outcome.result}

    def _ends_play(self, outcome: fleet.Outcome, task_vars: Values) -> bool:
        """Whether Ansible takes no later batch: all hosts of this one have failed, or the play allows no failure."""
        batch = {str(name) for name in task_vars['ansible_play_batch']}
        failed = batch & outcome.failures.keys()
        play = self._task.get_play()
        strict = play.any_errors_fatal or play.max_fail_percentage is not None
        return bool(failed and (strict or failed == batch))

    def _facts(self, task_vars: Values) -> Values:
        """What the document says of the run itself."""
        cli = context.CLIARGS
        return {
            'collection_version': VERSION,
            'ansible_version': ansible_version,
            'playbook': plain((cli.get('args') or [None])[0]),
            'hosts': way_back.pattern(self, task_vars),
            'limit': plain(cli.get('subset')),
            'check_mode': bool(self._task.check_mode),
            'commands': command_line.commands(way_back.started(self, task_vars)),
        }

    def _show_once(self, directory: str, key: str, outcome: fleet.Outcome) -> None:
        try:
            first = run.first(directory, key)
        except OSError:  # where the disk is full this is not noted, and the table may be shown again
            first = True
        if first:
            ending.say_report(str(self._task._uuid), outcome.document, outcome.files)
        if 'remediation' in outcome.document:
            way_back.told()
