# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the actions share that work on the controller alone: arguments in, a result or one sentence out."""

from typing import ClassVar

from ansible.plugins.action import ActionBase

from .._messages.message import told_by
from .._messages.telling import spoken
from .._text.values import Values, plain


class ControllerAction(ActionBase):
    """An action that looks at variables, results of other tasks and files of the controller, and never connects.

    A verb gives SPEC, its argument specification, MISTAKES, the errors whose text becomes the task's `msg`, and
    carry_out().
    """

    TRANSFERS_FILES = False
    _requires_connection = False
    SPEC: ClassVar[Values] = {}
    MISTAKES: ClassVar[tuple[type[Exception], ...]] = ()

    def run(self, tmp: str | None = None, task_vars: Values | None = None) -> Values:
        result: Values = super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(argument_spec=self.SPEC)
        try:
            return {**result, 'changed': False, **spoken(self.carry_out(plain(arguments), task_vars or {}))}
        except self.MISTAKES as error:
            return {**result, 'changed': False, 'failed': True, **spoken({'msg': told_by(error)})}

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        """The verb's result for validated arguments."""
        raise NotImplementedError
