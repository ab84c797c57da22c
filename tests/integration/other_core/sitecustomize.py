# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On PYTHONPATH, makes an ansible-core whose internals are not those that the fast way of the transport stands on.

core itself keeps them, the collection does not find them: `_execute_module` runs commands past the action's own
methods, `build_module_command` answers core alone, and what core found out of an interpreter has other names.
"""

from __future__ import annotations

import functools
import os
import sys
import types

HIDDEN = ('_discovered_interpreter', '_used_interpreter')


def _caller() -> str:
    return os.sep.join(sys._getframe(2).f_code.co_filename.split(os.sep)[-4:])


def _change_action() -> None:
    from ansible.plugins.action import ActionBase

    original = ActionBase._execute_module

    @functools.wraps(original)
    def past_the_action(self, *args, **kwargs):
        self._low_level_execute_command = types.MethodType(ActionBase._low_level_execute_command, self)
        try:
            return original(self, *args, **kwargs)
        finally:
            del self._low_level_execute_command

    ActionBase._execute_module = past_the_action

    def read(self, name):
        if name in HIDDEN and '_transport' in _caller():
            raise AttributeError(name)
        return object.__getattribute__(self, name)

    ActionBase.__getattribute__ = read


def _change_shell() -> None:
    from ansible.plugins.shell import ShellBase

    original = ShellBase.build_module_command

    def for_core_alone(self, *args, **kwargs):
        if 'nodetcp' in _caller():
            raise AttributeError('build_module_command')
        return original(self, *args, **kwargs)

    ShellBase.build_module_command = for_core_alone


if sys.argv[:1] and os.path.basename(sys.argv[0]).startswith('ansible'):
    _change_action()
    _change_shell()
