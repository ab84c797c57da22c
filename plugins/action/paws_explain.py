# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Controller side of paws_explain: what people paste. Documentation: plugins/modules/paws_explain.py."""

import datetime
import json
import os
import tempfile

from ansible import constants
from ansible.utils.display import Display

from ..plugin_utils._explain import document, text
from ..plugin_utils._explain.inputs import Inputs
from ..plugin_utils._judge import catalogue, library
from ..plugin_utils._messages.catalogue import LANGUAGES
from ..plugin_utils._messages.message import MessageError, message
from ..plugin_utils._messages.telling import spoken
from ..plugin_utils._report.formats import terminal
from ..plugin_utils._shapes.explain import Explained
from ..plugin_utils._text import whole_file
from ..plugin_utils._text.values import Values
from ..plugin_utils._transport.controller_action import ControllerAction

if not library.MISSING:
    catalogue.builtin()  # read and compiled in the controller's main process, before it forks a worker

FILE = 'explain.json'
ARGUMENTS: Values = {
    'source': {'type': 'str', 'required': True},
    'report_dir': {'type': 'str', 'default': 'paws-report'},
    'language': {'type': 'str', 'choices': list(LANGUAGES), 'default': 'en'},
}


class ActionModule(ControllerAction):
    """Reads files of the controller, writes, prints; never connects."""

    SPEC = ARGUMENTS
    MISTAKES = (MessageError,)

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        """explain.json, printed too."""
        with tempfile.TemporaryDirectory(dir=constants.DEFAULT_LOCAL_TMP, prefix='explain-') as scratch:
            inputs = Inputs(scratch, datetime.date.today())
            if arguments['source'] == '-':
                inputs.take_bytes(_standard_input(), '-')
            else:
                inputs.take(_existing(arguments['source']))
            told = spoken(document.document([document.entry(each) for each in inputs.readings], inputs.left_out))
        path = self._write(told, arguments['report_dir'])
        shown = document.render(told, arguments['language'])
        Display().display('\n' + shown + path, stderr=terminal.for_programs(constants.DEFAULT_STDOUT_CALLBACK))
        return {'texts': told['texts'], 'left_out': told['left_out'], 'files': [path]}

    @staticmethod
    def _write(told: Explained, directory: str) -> str:
        try:
            os.makedirs(directory, exist_ok=True)
            return whole_file.replace(os.path.join(os.path.abspath(directory), FILE), json.dumps(told, indent=1) + '\n')
        except OSError as error:
            raise MessageError(message('explain/not_written', why=str(error))) from error


def _existing(source: str) -> str:
    path = os.path.abspath(os.path.expanduser(source)) if source else ''
    if not source or not os.path.exists(path):
        raise MessageError(message('explain/no_source', source=source))
    return path


def _standard_input() -> bytes:
    """What was piped into ansible-playbook: its workers have another standard input, so the parent's is opened."""
    try:
        with open('/proc/%d/fd/0' % os.getppid(), 'rb') as handle:
            if handle.isatty():
                raise OSError(0, 'it is a terminal')
            return handle.read(4 * text.TEXT_MAX)
    except OSError as error:
        raise MessageError(message('explain/no_input', why=error.strerror)) from error
