# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callback nodetcp.paws.ending: what to do now stands after the recap, as the last lines of a run."""

DOCUMENTATION = r"""
name: ending
type: aggregate
short_description: Say what to do now after the recap
version_added: 0.3.0
description:
  - What M(nodetcp.paws.paws_report), M(nodetcp.paws.paws_merge) and M(nodetcp.paws.paws_rollback_summary) have to say
    is the last that a run prints, after the recap, so that it stands on the screen. It keeps to 40 lines of a terminal,
    unless C(-v) is given.
  - The first host of an audit that refuses connections now is named as soon as it is seen.
  - The playbooks of this collection load it by themselves. In plays of your own it has to be enabled. Without it the
    same is printed by the task that has found it, before the recap.
  - It stands beside the stdout callback, whichever that is. Where standard output belongs to a program, it does
    nothing.
requirements:
  - In plays of your own, to be named in C(callbacks_enabled) of C(ansible.cfg) or in E(ANSIBLE_CALLBACKS_ENABLED).
author:
  - nodetcp.paws authors (@nodetcp)
"""

from ansible import constants
from ansible.plugins.callback import CallbackBase

from ..plugin_utils._report.formats import terminal
from ..plugin_utils._text.values import Given, plain
from ..plugin_utils._transport import ending


class CallbackModule(CallbackBase):
    """Tells at the end what tasks have left to be said; after Ctrl-C too."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'aggregate'
    CALLBACK_NAME = 'nodetcp.paws.ending'
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: Given, **kwargs: Given) -> None:
        super().__init__(*args, **kwargs)
        self._speaks = not terminal.for_programs(constants.DEFAULT_STDOUT_CALLBACK)
        if self._speaks:
            ending.listen(self.CALLBACK_NAME)

    def v2_runner_on_ok(self, result: Given) -> None:
        values = ending.part(result, 'result')
        if self._speaks and values.get('journaled') and values.get('verdict') == 'dropping':
            ending.say_dropping(str(ending.part(result, 'host').get_name()), plain(values.get('worst') or []))

    def v2_playbook_on_stats(self, stats: Given) -> None:
        ending.tell(self.CALLBACK_NAME)
