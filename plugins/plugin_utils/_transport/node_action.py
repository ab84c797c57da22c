# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the actions of the collection share: arguments in, the node program run on the node, its answer out."""

import time
from typing import Any, ClassVar

from ansible.plugins.action import ActionBase

from .._messages import catalogue
from .._messages.message import Message, Said, message, told_by
from .._messages.telling import spoken
from .._text.escape import terminal
from .._text.values import Values
from .._version import VERSION
from . import answers, forks, interpreter, payload, route

NODE_MODULE = 'nodetcp.paws.node_program'
ANSWER = 'nodetcp_paws'
#: Characters of a message; what a node says may have millions, and escapes that a terminal obeys.
MESSAGE_MAX = 4000
# Python reads a program from standard input in steps of one byte, half a millisecond per KiB; -c reads it as a whole.
# The working directory is no place to import from: with become it may belong to somebody else. -S: the program needs
# nothing of site-packages, and looking for it is a quarter of Python's start.
READER = (
    '-S -c \'import sys; sys.path[:] = filter(None, sys.path); exec(getattr(sys.stdin, "buffer", sys.stdin).read())\''
)
catalogue.sentences('en')  # read in the controller's main process, before it forks a worker for each host


class VerbError(Exception):
    """The verb cannot do what it was asked; it says what, where and what to do. That becomes the task's `msg`."""

    def __init__(self, said: Said) -> None:
        super().__init__(str(said))
        self.said = said


class NoPython(VerbError):
    """None of the Pythons that are looked for starts on the node."""


class NodeAction(ActionBase):
    """An action whose work is one operation of the node program.

    A verb gives SPEC, its argument specification, and carry_out().
    """

    _supports_check_mode = True
    _supports_async = True
    _requires_connection = True
    SPEC: ClassVar[Values]

    def run(self, tmp: str | None = None, task_vars: Values | None = None) -> Values:
        forks.spare()
        super().run(tmp, task_vars)
        validated, _arguments = self.validate_argument_spec(argument_spec=self.SPEC)
        self._took: str | None = None
        self._completed = False  # whether a command of core came by in which the node's shell finds a Python
        self._way: str | None = None
        self.by_shell = False  # whether the node was looked at by its shell
        try:
            if self._task.async_val and not self._task.poll:
                raise VerbError(message('verb/needs-poll', verb=str(self._task.action)))
            result: Values = spoken(self.carry_out(validated.validated_parameters, task_vars or {}))
        except VerbError as error:
            result = {'failed': True, 'changed': False, **spoken({'msg': error.said})}
        except answers.AnswerError as error:
            result = {'failed': True, 'changed': False, **spoken({'msg': told_by(error)})}
        if result.get('failed'):
            result['msg'] = terminal(str(result.get('msg')), MESSAGE_MAX)
        used = self._took or getattr(self, '_discovered_interpreter', None)
        if used and not self._task.delegate_to:  # a later task on this host then need not look for it again
            result.setdefault('ansible_facts', {})[interpreter.DISCOVERED] = used
        if self._way and not self._task.delegate_to:
            result.setdefault('ansible_facts', {})[route.FACT] = self._way
        if self.by_shell and not self._task.delegate_to:
            result.setdefault('ansible_facts', {})[interpreter.BY_SHELL] = True
        self._task.async_val = 0  # what was asynchronous is done; the executor has nothing left to wait for
        return result

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        """The verb's result for validated arguments."""
        raise NotImplementedError

    def ask_node(self, operation: str, arguments: Values, task_vars: Values) -> Values:
        """What the operation returned on the node. Raises VerbError, AnswerError, or the connection's error."""
        module_args = {
            'payload': payload.payload(operation),
            'operation': operation,
            'arguments': {**arguments, 'collection_version': VERSION},
        }
        # Ansible's own wrapper of asynchronous jobs needs an interpreter that Ansible itself has found.
        ours_to_find = interpreter.left_to_discovery(self._host_vars(task_vars)) and not self._task.async_val
        data = self._carry(module_args, task_vars, ours_to_find)
        if ANSWER in data:
            return answers.mapping(operation, data[ANSWER])
        lacks_python = ours_to_find and not _started(data)
        raise (NoPython if lacks_python else VerbError)(self._why(data, ours_to_find))

    def _carry(self, module_args: dict[str, Any], task_vars: Values, ours_to_find: bool) -> dict[str, Any]:
        """What the module returned, whichever way it went (route.py)."""
        way = route.asked(self._host_vars(task_vars))
        if way not in route.WAYS:
            raise VerbError(message('verb/no-such-transport', setting=route.SETTING, given=way, ways=route.WAYS))
        if way != route.DOCUMENTED:
            data = self._fast(module_args, task_vars, ours_to_find)
            if _started(data) or self._completed or way == route.FAST:
                return data
            self._way = route.DOCUMENTED
        return self._documented(module_args, task_vars, ours_to_find)

    def _fast(self, module_args: dict[str, Any], task_vars: Values, ours_to_find: bool) -> dict[str, Any]:
        self._completed = True
        if ours_to_find and interpreter.DISCOVERED not in self._host_vars(task_vars).get('ansible_facts', {}):
            self._completed = False  # until _low_level_execute_command() has seen the command
            data = self._run_module(module_args, self._with_interpreter(interpreter.UNNAMED, task_vars))
        else:
            data = self._run_module(module_args, task_vars)
        if not _started(data) and ours_to_find and self._completed:
            self._took = interpreter.search(self._under_become)
            if self._took:
                data = self._run_module(module_args, self._with_interpreter(self._took, task_vars))
        return data

    def _documented(self, module_args: dict[str, Any], task_vars: Values, ours_to_find: bool) -> dict[str, Any]:
        data = self._run_module(module_args, task_vars)
        if _started(data) or not ours_to_find:
            return data
        self._under_become('true')
        for candidate in interpreter.CANDIDATES:
            data = self._run_module(module_args, self._with_interpreter(candidate, task_vars))
            if _started(data):
                self._took = candidate
                break
        return data

    def known_without_python(self, task_vars: Values) -> bool:
        """Whether an earlier task of the run found that no Python starts on the host."""
        return bool(self._host_vars(task_vars).get('ansible_facts', {}).get(interpreter.BY_SHELL))

    def time_node(self, operation: str, arguments: Values, task_vars: Values) -> tuple[Values, dict[str, float]]:
        """ask_node(), and {'asked', 'answered'}: between which seconds of the controller's clock it worked.

        The clock is CLOCK_MONOTONIC (clock_gettime(2)), one for all workers of a run, whatever the nodes' clocks say.
        """
        asked = time.monotonic()
        answer = self.ask_node(operation, arguments, task_vars)
        return answer, {'asked': round(asked, 3), 'answered': round(time.monotonic(), 3)}

    def _run_module(self, module_args: Values, task_vars: Values) -> Values:
        data: Values = self._execute_module(
            module_name=NODE_MODULE, module_args=module_args, task_vars=task_vars, wrap_async=self._task.async_val
        )
        job = data.get('ansible_job_id')
        return self._await(str(job), task_vars) if job else data

    def _low_level_execute_command(self, cmd: str, *args: Any, in_data: bytes | None = None, **kwargs: Any) -> Any:
        """Core's, with READER where pipelining brings the node program; async pipelines modules of Ansible's alone."""
        self._completed = self._completed or interpreter.UNNAMED in cmd
        cmd = interpreter.found_by_shell(cmd)
        if in_data and not self._task.async_val:
            cmd = '%s %s' % (cmd, READER)
        return super()._low_level_execute_command(cmd, *args, in_data=in_data, **kwargs)

    def _under_become(self, command: str) -> Values:
        """What became of a command that always succeeds. Raises VerbError where become did not come as far as it."""
        ended: Values = self._low_level_execute_command(command)
        become = self._connection.become
        if become and ended.get('rc'):
            raise VerbError(message('verb/no-become', method=str(become.name), said=_heard(ended, 'stderr', 'stdout')))
        return ended

    def _await(self, job: str, task_vars: Values) -> Values:
        """The result of an asynchronous job, asked for every `poll` seconds until `async` seconds have passed."""
        arguments = {'jid': job, '_async_dir': self.get_shell_option('async_dir', default='~/.ansible_async')}
        limit = time.monotonic() + self._task.async_val
        while time.monotonic() < limit:
            time.sleep(self._task.poll)
            data: Values = self._execute_module(
                module_name='ansible.legacy.async_status',
                module_args={**arguments, 'mode': 'status'},
                task_vars=task_vars,
            )
            if data.get('finished') or (data.get('failed') and not data.get('started')):
                self._execute_module(
                    module_name='ansible.legacy.async_status',
                    module_args={**arguments, 'mode': 'cleanup'},
                    task_vars=task_vars,
                )
                return data
        raise VerbError(message('verb/too-slow', seconds=self._task.async_val))

    def _host_vars(self, task_vars: Values) -> Values:
        """The variables of the host that the task runs on."""
        host = self._task.delegate_to
        found: Values = task_vars.get('ansible_delegated_vars', {}).get(host, {}) if host else task_vars
        return found

    def _with_interpreter(self, path: str, task_vars: Values) -> Values:
        """The variables of the task as if the user had set the interpreter of that host."""
        ours = {**self._host_vars(task_vars), interpreter.SETTING: path}
        if not self._task.delegate_to:
            return ours
        delegated = {**task_vars.get('ansible_delegated_vars', {}), self._task.delegate_to: ours}
        return {**task_vars, 'ansible_delegated_vars': delegated}

    def _why(self, data: Values, ours_to_find: bool) -> Said:
        """One sentence for a node program that gave no answer, and what was said."""
        if _started(data):
            return str(data['msg'])
        said = _heard(data, 'module_stderr', 'module_stdout', 'msg')
        return message('verb/no-answer', why=self._cause(ours_to_find), said=said)

    def _cause(self, ours_to_find: bool) -> Message:
        used = str(getattr(self, '_used_interpreter', None) or '').removeprefix('#!')
        if self._task.async_val:
            return message('verb/no-async', used=used)
        if ours_to_find:
            return message('verb/no-python', tried=interpreter.CANDIDATES, setting=interpreter.SETTING)
        return message('verb/not-run', used=used, setting=interpreter.SETTING)


def _started(data: Values) -> bool:
    """Whether the node program itself answered, well or badly."""
    return ANSWER in data or bool(data.get('refused')) or str(data.get('msg', '')).startswith('the node program failed')


def _heard(data: Values, *parts: str) -> str:
    """The beginning of what was said there, on one line."""
    return ' '.join(' '.join(str(data.get(part) or '') for part in parts).split())[:400]
