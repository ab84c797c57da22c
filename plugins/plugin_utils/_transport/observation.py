# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tcp_facts and paws_audit share: the options of a look at a node, and its record, checked."""

from collections.abc import Callable, Mapping

from ...module_utils._node.readers import observation as node_look
from .._capture import look as captured
from .._capture import remote
from .._capture.stream import CaptureError
from .._judge import record
from .._messages.message import Said, message
from .._text.values import Values
from .._version import VERSION
from . import payload
from .answers import AnswerError
from .node_action import NodeAction, NoPython, VerbError

OBSERVE = 'observe'

SPEC: Values = {
    'root': {'type': 'str', 'default': '/'},
    'gather': {'type': 'list', 'elements': 'str', 'choices': list(node_look.PARTS)},
    'namespaces': {'type': 'str', 'choices': ['all', 'host'], 'default': 'all'},
    'collector': {'type': 'str', 'choices': ['auto', 'python', 'shell'], 'default': 'auto'},
}

#: Operations that `observe` may ask for, and what stands for their parts of the record where they fail.
FURTHER: dict[str, Values] = {
    'writers': {'writers': []},
    'translation': {'translation': None, 'translated': None, 'kube_proxy': None},
}

# Packed when the controller's main process loads an action, before it forks a worker for each host.
payload.payload('observe')
for operation in FURTHER:
    payload.payload(operation)


def look(action: NodeAction, arguments: Values, task_vars: Values, operation: str = 'observe') -> Values:
    """{'record', 'earlier', 'sample'} of the node, the record checked as the hostile input that it is.

    operation: `observe`, or one that answers in its form and perhaps more. arguments['collector']: what looks, with
    `auto` the node program, and the node's shell where no Python starts.
    """
    looked = _looked(action, dict(arguments), task_vars, operation)
    try:
        record.check(looked.get('record'))
        for sample in ('sample', 'earlier'):
            if looked.get(sample) is not None:
                record.check_sample(looked[sample])
        further = looked.get('further')
        asked: Values = further if isinstance(further, dict) else {}
        wanted = [part for part in FURTHER if isinstance(asked.get(part), dict)]
        for part in wanted:
            _add(part, looked['record'], action, asked[part], task_vars)
        if wanted:
            record.check(looked['record'])
    except record.RecordError as error:
        raise VerbError(message('verb/bad-record', why=error.message)) from error
    return looked


def _looked(action: NodeAction, arguments: Values, task_vars: Values, operation: str) -> Values:
    collector = arguments.pop('collector', 'auto')
    if operation != OBSERVE or collector == 'python':
        return action.ask_node(operation, arguments, task_vars)
    without: Said = 'collector: shell'
    if collector == 'auto' and not (action.by_shell or action.known_without_python(task_vars)):
        try:
            return action.ask_node(operation, arguments, task_vars)
        except NoPython as error:
            without = error.said
    try:
        looked = _by_shell(action._low_level_execute_command, {**arguments, 'collection_version': VERSION})
    except CaptureError as error:
        raise VerbError(message('verb/no-capture', why=without, said=error.message)) from error
    action.by_shell = collector == 'auto'
    return looked


def _add(part: str, found: Values, action: NodeAction, arguments: Values, task_vars: Values) -> None:
    """Puts a part into the record of a node that has something of it: what reads it travels to such nodes alone."""
    try:
        answer = action.ask_node(part, arguments, task_vars)
    except (VerbError, AnswerError) as error:
        answer = {**FURTHER[part], 'unavailable': {part: str(error)}}
    unavailable = answer.get('unavailable')
    found.update((name, answer.get(name)) for name in FURTHER[part])
    found['unavailable'] = {**(unavailable if isinstance(unavailable, dict) else {}), **found['unavailable']}


def _by_shell(execute: Callable[[str], Mapping[str, object]], arguments: Values) -> Values:
    """{'record', 'earlier', 'sample'} of a node on which no Python starts. Raises CaptureError.

    execute(command) -> {'stdout': text, 'stderr': text}.
    """
    done = execute(remote.command(arguments))
    try:
        return captured.look(str(done.get('stdout', '')).encode('utf-8', 'surrogateescape'), arguments)
    except CaptureError as error:
        said = ' '.join(str(done.get('stderr') or '').split())[:400]
        raise CaptureError(message('capture/it-said', why=error.message, said=said)) from error


def check_sample(sample: object, what: str) -> None:
    """A sample comes from a node, or from whoever kept it. Raises VerbError."""
    if sample is None:
        return
    try:
        record.check_sample(sample)
    except record.RecordError as error:
        raise VerbError(message('verb/not-a-sample', what=what, why=error.message)) from error
