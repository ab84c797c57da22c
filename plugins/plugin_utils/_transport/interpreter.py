# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding a Python on a node where the user has named none.

Ansible's own discovery is not asked: it costs each node a command of its own, with a shell that tries a dozen names,
and ansible-core 2.19 and newer look only for Pythons that they support themselves, while the node program also runs on
2.6, 2.7 and 3.5 and newer, and the nodes with the fault have just those.
"""

import re
from collections.abc import Callable, Mapping

from ansible import constants as C

from .._text.values import words

CANDIDATES = words(
    'python3 python python2 python2.7 python2.6 /usr/bin/python3 /usr/libexec/platform-python '
    '/usr/bin/python /usr/bin/python2.7 /usr/bin/python2.6'
)
# Each candidate is started: a name in PATH may be broken. The version check is the node program's own floor.
_CHECK = 'import sys; sys.exit(not ((2, 6) <= sys.version_info[:2] < (3, 0) or sys.version_info >= (3, 5)))'
SEARCH = (
    'for p in %s; do q=$(command -v "$p" 2>/dev/null) '
    '&& "$q" -c \'%s\' >/dev/null 2>&1 && echo "NODETCP_PYTHON=$q" && break; done; true'
    % (' '.join(CANDIDATES), _CHECK)
)
# What `command -v` may say. The path becomes a variable, ansible-core up to 2.18 evaluates that as a template, and a
# node could answer anything.
_PATH = re.compile(r'(?:/[A-Za-z0-9._+@-]+)*/(%s)' % '|'.join(sorted({name.rpartition('/')[2] for name in CANDIDATES})))
DISCOVERED = 'discovered_interpreter_python'
BY_SHELL = 'nodetcp_paws_by_shell'  # a fact: no Python starts on the host
SETTING = 'ansible_python_interpreter'
# Stands for the interpreter until the command is complete (ansible-core 2.21 quotes what it takes for a path), and then
# the node's shell finds one within the command that runs it. Nothing is started to try it: search() does that, where
# this fails.
UNNAMED = '/nodetcp/python'
_FIRST_IN_PATH = (
    '$(command -v python3 || command -v python2.7 || command -v /usr/libexec/platform-python || command -v python'
    ' || command -v python2.6 || echo python3)'
)


def left_to_discovery(host_vars: Mapping[str, object]) -> bool:
    """Whether the user set no interpreter for the host, so that it is the controller's task to find one."""
    chosen = host_vars.get(SETTING)
    if chosen is None:
        chosen = C.config.get_config_value('INTERPRETER_PYTHON', variables=dict(host_vars))
    return str(chosen).startswith('auto')


def found_by_shell(command: str) -> str:
    """The command with the search in place of UNNAMED."""
    return command.replace(UNNAMED, _FIRST_IN_PATH, 1)


def search(execute: Callable[[str], Mapping[str, object]]) -> str | None:
    """The path of the first candidate that starts on the node, or None. execute(command) -> {'stdout': text}.

    What is no plain path of a candidate is passed over.
    """
    for line in str(execute(SEARCH).get('stdout', '')).splitlines():
        name, equals, path = line.strip().partition('=')
        if name == 'NODETCP_PYTHON' and equals and _PATH.fullmatch(path):
            return path
    return None
