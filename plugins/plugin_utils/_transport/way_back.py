# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How this run can be undone: known before its first change, and said at its end also where no report says it."""

import atexit
import os

from ansible import constants, context
from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible.utils.vars import load_extra_vars

from .._messages import catalogue
from .._messages.message import message
from .._report import fleet
from .._report.remediation import WayBack
from .._run import run
from .._text.values import Values, plain
from .._variables import command_line

_KEY = 'way_back'


def started(action: ActionBase, task_vars: Values) -> command_line.Started:
    """How this run was started, with what the play or the task says in its keywords."""
    extra = load_extra_vars(action._loader)
    keywords = {name: plain(getattr(action._task, name, None)) for name in command_line.KEYWORDS}
    become = action._templar.template(task_vars.get('ansible_become', False))
    keywords['become'] = keywords['become'] or boolean(become, strict=False)
    return command_line.Started(context.CLIARGS, constants.DEFAULT_HOST_LIST, extra).by(keywords)


def of(action: ActionBase, task_vars: Values) -> WayBack:
    """The command that undoes this run on the hosts of its play."""
    this = started(action, task_vars)
    return WayBack(command_line.words(this, 'rollback'), command_line.scope(this.cli, pattern(action, task_vars)))


def pattern(action: ActionBase, task_vars: Values) -> str | None:
    """The `hosts` of the play, None where they are all hosts of the inventory."""
    kept = fleet.kept_hosts(str(constants.DEFAULT_LOCAL_TMP))
    if set(task_vars['groups']['all']) <= set(kept.names if kept else task_vars['ansible_play_hosts_all']):
        return None
    try:
        hosts = kept.pattern if kept else plain(action._templar.template(action._task.get_play().hosts))
    except AnsibleError:
        return None
    found = ','.join(map(str, hosts)) if isinstance(hosts, list) else str(hosts)
    return None if found == 'all' else found


def keep(back: WayBack, change_set: str, language: str) -> str:
    """What a person needs to undo the run; kept, so that the end of the run says it again. Raises OSError."""
    text = catalogue.told(language, back.told(change_set))
    ended = catalogue.told(language, message('remediation/no-report', undo=text))
    run.keep(str(constants.DEFAULT_LOCAL_TMP), _KEY, {'text': ended})
    return text


def told() -> None:
    """A report has said it at the end. Raises OSError."""
    run.keep(str(constants.DEFAULT_LOCAL_TMP), _KEY, {})


def say_at_exit() -> None:
    """To be called where the main process loads an action: it says the way back if the run ends without a report.

    So it does after Ctrl-C, and where the report could not be made. Processes of ansible-core that run tasks are copies
    of the main one, and say nothing.
    """
    atexit.register(_say, str(constants.DEFAULT_LOCAL_TMP), os.getpid())


def _say(directory: str, process: int) -> None:
    text = run.kept(directory, _KEY).get('text') if os.getpid() == process else None
    if text:
        Display().display('\n%s\n' % text, stderr=True)
