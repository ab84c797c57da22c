# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callback nodetcp.paws.fleet: how far a long run is, on a terminal."""

DOCUMENTATION = r"""
name: fleet
type: aggregate
short_description: Progress of audits and remediations on a terminal
version_added: 0.2.0
description:
  - Keeps a line at the foot of the terminal with the hosts that are done, their number by verdict, the worst
    host so far, and the task.
  - At the end it prints when each batch of a remediation changed or undid what, with C(-v) on which hosts, and the
    verdict table, worst first, unless M(nodetcp.paws.paws_report) or M(nodetcp.paws.paws_merge) has it. What these say
    comes last, as with P(nodetcp.paws.ending#callback).
  - It stands beside the stdout callback, whichever that is. Where standard output is no terminal (pipelines, AWX), or
    where it belongs to a program, it does nothing at all; there the reports of M(nodetcp.paws.paws_report) suffice.
requirements:
  - To be named in C(callbacks_enabled) of C(ansible.cfg) or in E(ANSIBLE_CALLBACKS_ENABLED).
author:
  - nodetcp.paws authors (@nodetcp)
"""

import atexit
import os
import sys
import time
from typing import cast

from ansible import constants
from ansible.plugins.callback import CallbackBase
from ansible.utils.color import ANSIBLE_COLOR

from ..plugin_utils._report import document, progress
from ..plugin_utils._report.formats import table, terminal
from ..plugin_utils._report.status_line import StatusLine
from ..plugin_utils._run import parts, run
from ..plugin_utils._shapes.report import Run, Status
from ..plugin_utils._text.values import Given, plain
from ..plugin_utils._transport import ending


class CallbackModule(CallbackBase):
    """Feeds a Progress with what happens, and shows what it tells."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'aggregate'
    CALLBACK_NAME = 'nodetcp.paws.fleet'
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: Given, **kwargs: Given) -> None:
        super().__init__(*args, **kwargs)
        dumb = os.environ.get('TERM', 'dumb') == 'dumb' or terminal.for_programs(constants.DEFAULT_STDOUT_CALLBACK)
        self.disabled = dumb or not sys.stdout.isatty()
        self._progress = progress.Progress()
        self._line = StatusLine(sys.stdout)
        if not self.disabled:
            ending.listen(self.CALLBACK_NAME)
            atexit.register(self._line.close)

    def v2_playbook_on_play_start(self, play: Given) -> None:
        inventory = play.get_variable_manager()._inventory
        # Under serial the inventory is restricted to the batch by now. The batches of one task are one way to its end.
        whole = sum(map(len, play.get_tasks())) == 1
        hosts = inventory.get_hosts(play.hosts, ignore_restrictions=whole)
        if parts.VARIABLE in play.get_vars():
            hosts = run.kept(str(constants.DEFAULT_LOCAL_TMP), 'observed').get('names', hosts)
        self._progress.play(str(play.get_name()), len(hosts), time.time())

    def v2_playbook_on_task_start(self, task: Given, is_conditional: bool) -> None:
        self._progress.task(str(task.get_name()))
        self._line.show(self._progress.line)

    def v2_runner_on_ok(self, result: Given) -> None:
        self._result(result, 'ok')

    def v2_runner_on_failed(self, result: Given, ignore_errors: bool = False) -> None:
        self._result(result, 'failed')

    def v2_runner_on_unreachable(self, result: Given) -> None:
        self._result(result, 'unreachable')

    def v2_runner_on_skipped(self, result: Given) -> None:
        self._result(result, 'skipped')

    def v2_playbook_on_stats(self, stats: Given) -> None:
        self._line.close()
        lines = self._progress.timeline(self._display.verbosity > 0)
        if self._progress.hosts and not self._progress.reported:
            facts = cast(Run, {'language': self._progress.language})
            whole = document.build(facts, list(self._progress.hosts.values()))
            lines.append(table.render(whole, terminal.columns() or self._display.columns, bool(ANSIBLE_COLOR)))
        if lines:
            self._display.display('\n'.join(['', *lines]))
        ending.tell(self.CALLBACK_NAME)

    def _result(self, result: Given, outcome: Status) -> None:
        host, task, values, fields = (ending.part(result, name) for name in ('host', 'task', 'result', 'task_fields'))
        self._progress.speak(plain((fields.get('args') or {}).get('language')))
        action = str(task.action).rpartition('.')[2]
        self._progress.result(str(host.get_name()), action, outcome, plain(values), time.time(), bool(task.check_mode))
        self._line.show(self._progress.line)
