# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sysctl_policy: many sysctl settings as one transaction. Documentation: plugins/modules/sysctl_policy.py."""

from ansible import constants

from ..module_utils._node.transaction import plan
from ..plugin_utils._messages.message import MessageError, message
from ..plugin_utils._run import run
from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import change
from ..plugin_utils._transport.node_action import NodeAction, VerbError
from ..plugin_utils._variables import user_settings


class ActionModule(NodeAction):
    """Apply settings."""

    SPEC = {
        **change.STORE,
        'settings': {'type': 'dict', 'default': {}},
        'absent': {'type': 'list', 'elements': 'str', 'default': []},
        'reasons': {'type': 'dict', 'default': {}},
        'file': {'type': 'str', 'default': plan.DEFAULT_FILE},
        'change_set': {'type': 'str'},
        'namespaces': {'type': 'list', 'elements': 'str', 'default': ['host']},
        'reload': {'type': 'bool', 'default': True},
        'module_rules': {'type': 'bool', 'default': False},
        'on_refused': {'type': 'str', 'choices': ['fail', 'skip'], 'default': 'fail'},
        'keep': {'type': 'int', 'default': 20},
        'confirm_timeout': {'type': 'int', 'default': 0},
    }

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        arguments['settings'] = {str(key): _text(str(key), value) for key, value in arguments['settings'].items()}
        arguments['reasons'] = {str(key): str(text) for key, text in arguments['reasons'].items()}
        arguments['change_set'] = arguments['change_set'] or run.identify(str(constants.DEFAULT_LOCAL_TMP)).id
        for name in ('keep', 'confirm_timeout'):
            if arguments[name] < 0:
                raise VerbError(message('variables/too-low', name=name, value=arguments[name]))
        names = ('changed', 'change_set', 'changes', 'diff', 'notes', 'restored', 'not_restored')
        return change.ask(self, 'apply', arguments, task_vars, names)


def _text(key: str, value: object) -> str:
    try:
        return user_settings.text_of(key, value)
    except MessageError as error:
        raise VerbError(message('variables/of', name='settings', said=error.message)) from error
