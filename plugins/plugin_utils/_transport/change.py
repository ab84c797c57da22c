# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the verbs that change a node share: where change sets are kept, who runs it, and the answer as a result."""

import getpass
import socket
from typing import TYPE_CHECKING

from ...module_utils._node.transaction import state_dir
from .._messages.message import told_by
from .._text.values import Values
from . import answers, payload

if TYPE_CHECKING:
    from .node_action import NodeAction

STORE: Values = {
    'root': {'type': 'str', 'default': '/'},
    'state_dir': {'type': 'str', 'default': state_dir.STATE_DIR},
}


for _operation in ('apply', 'rollback', 'confirm', 'change_set_info', 'forget'):
    payload.payload(_operation)


def names_none(action: 'NodeAction') -> bool:
    """Whether the task names no change set on purpose: what sysctl_policy returned where nothing had to change.

    An id that is left out means the latest one; a null, or the empty text that ansible-core up to 2.18 makes of it,
    does not: it would undo a change set of somebody else.
    """
    named = action._task.args.get('change_set', True)
    return named is None or named == ''


def who(task_vars: Values) -> str:
    """Who ordered the change, for the node's system log: the user of AWX, or of the controller."""
    user = task_vars.get('awx_user_name') or task_vars.get('tower_user_name')
    if not user:
        try:
            user = getpass.getuser()
        except (KeyError, OSError):
            user = 'unknown'
    return '%s@%s' % (user, socket.gethostname())


def ask(action: 'NodeAction', operation: str, arguments: Values, task_vars: Values, names: tuple[str, ...]) -> Values:
    """The operation's answer with no other keys than `names` and what says that it failed.

    A node whose answer is none has failed; whatever it was asked to change counts as changed.
    """
    check_mode = bool(action._task.check_mode)
    asked = {**arguments, 'who': who(task_vars), 'check_mode': check_mode}
    try:
        answer = answers.checked(operation, action.ask_node(operation, asked, task_vars))
    except answers.AnswerError as error:
        changed = {'changed': not check_mode} if 'changed' in names else {}
        return {**changed, 'failed': True, 'msg': told_by(error)}
    result = {name: answer.get(name) for name in names}
    if answer.get('failed'):
        result.update(failed=True, msg=str(answer.get('msg')))
    return result
