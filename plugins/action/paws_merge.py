# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Controller side of paws_merge: reports again from stored ones. Documentation: plugins/modules/paws_merge.py."""

import os

from ansible import constants

from ..plugin_utils._judge.vocabulary import CLASSES
from ..plugin_utils._messages.catalogue import LANGUAGES
from ..plugin_utils._messages.message import message
from ..plugin_utils._report import compare, diagnosis, outcome, stored, writing
from ..plugin_utils._shapes.report import Report
from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import ending, way_back
from ..plugin_utils._transport.controller_action import ControllerAction
from ..plugin_utils._variables import command_line

ARGUMENTS: Values = {
    'sources': {'type': 'list', 'elements': 'str', 'required': True},
    'hosts': {'type': 'list', 'elements': 'str'},
    'baseline': {'type': 'list', 'elements': 'str', 'default': []},
    'report_dir': {'type': 'str', 'default': 'paws-report'},
    'formats': {'type': 'list', 'elements': 'str', 'choices': ['json', *writing.FORMATS], 'default': ['json', 'html']},
    'language': {'type': 'str', 'choices': list(LANGUAGES)},
    'fail_on': {'type': 'str', 'choices': ['none', *CLASSES], 'default': 'none'},
    'gate': {'type': 'str', 'choices': list(compare.GATES), 'default': 'none'},
}


class ActionModule(ControllerAction):
    """Reads, merges, compares, writes, prints. Runs on the controller only and never connects."""

    SPEC = ARGUMENTS
    MISTAKES = (stored.StoredError,)

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        """Write the reports, print the verdict table; the return value failure says why the run should end non-zero."""
        document = _document(arguments)
        if 'commands' not in document['run']:  # as where slices were started by ansible-runner, each in its place
            document['run']['commands'] = command_line.commands(way_back.started(self, task_vars))
        written = self._write(document, arguments)
        ending.say_report(str(self._task._uuid), document, written)
        sentences = outcome.stored(document, arguments['fail_on']) + outcome.changes(document, arguments['gate'])
        told = {'comparison': document.get('comparison'), 'failure': ' '.join(sentences)}
        # As paws_report has it after an audit: who reads it need not know which of the two wrote it.
        sent = {**document['summary'], 'run': document['run']['id'], **told}
        stats = {'data': {'nodetcp_paws': sent}, 'per_host': False, 'aggregate': False}
        return {'files': written, 'ansible_stats': stats, 'summary': document['summary'], **told}

    @staticmethod
    def _write(document: Report, options: Values) -> list[str]:
        lock = os.path.join(str(constants.DEFAULT_LOCAL_TMP), 'nodetcp_paws_report.lock')
        try:
            return writing.write_all(document, os.path.abspath(options['report_dir']), options['formats'], lock)
        except OSError as exc:
            said = message('report/unwritten', path=options['report_dir'], why=str(exc))
            raise stored.StoredError(said) from exc


def _document(options: Values) -> Report:
    """The stored reports as one, compared with the baseline if there is one."""
    sources, baseline = stored.paths(options['sources']), stored.paths(options['baseline'])
    if not sources:
        raise stored.StoredError(message('stored/no-sources'))
    if options['hosts'] == []:
        raise stored.StoredError(message('stored/no-hosts'))
    if options['gate'] != 'none' and not baseline:
        raise stored.StoredError(message('stored/no-baseline', gate=options['gate']))
    target = os.path.abspath(os.path.join(options['report_dir'], writing.JSON_FILE))
    if target in (sources if len(sources) > 1 or baseline else []) + baseline:
        raise stored.StoredError(message('stored/would-be-replaced', path=target))
    wanted = options['hosts'] or []
    document = stored.with_hosts(stored.merge([stored.read(path) for path in sources]), wanted)
    document = diagnosis.added(document, stored.diagnoses([*sources, target]))
    gate = outcome.report_gate(options['fail_on'], options['gate'], len(wanted))
    document['run'] = {**document['run'], 'gate': gate}
    if options['language']:
        document['run']['language'] = options['language']
    if not baseline:
        return document
    return compare.compare(document, stored.merge([stored.read(path) for path in baseline]))
