# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_rollback_summary: tell what a rollback gave on all hosts. Its documentation is in plugins/modules."""

from typing import cast

from ..plugin_utils._messages.catalogue import LANGUAGES
from ..plugin_utils._remediate import outcome, rollback_text
from ..plugin_utils._shapes.remediation import Undone
from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import ending
from ..plugin_utils._transport.controller_action import ControllerAction

ARGUMENTS: Values = {'language': {'type': 'str', 'choices': list(LANGUAGES), 'default': 'en'}}


def _lost(result: Undone) -> bool:
    return bool(result.get('failed') or result.get('unreachable'))


class ActionModule(ControllerAction):
    """Looks at what the rollback has registered; needs no connection."""

    SPEC = ARGUMENTS

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        """Print a few lines for each host; return the values that were held back, by host."""
        values = task_vars['hostvars'].raw_get
        batch = frozenset(task_vars['ansible_play_batch'])
        everywhere = task_vars['ansible_play_hosts_all']
        given = {name: cast('Undone | None', outcome.result(values(name), rollback_text.RESULT)) for name in everywhere}
        # Hosts that failed are in no batch any longer.
        found = {str(name): each for name, each in given.items() if name in batch or (each and _lost(each))}
        text = rollback_text.text(found, arguments['language'], bool(self._task.check_mode))
        # Each batch has something to say of its own; the task is the same for all of them.
        ending.say('%s %s' % (self._task._uuid, ','.join(sorted(found))), ending.folded(text))
        held = {name: each['held'] for name, each in found.items() if each and each.get('held')}
        return {'held': held}
