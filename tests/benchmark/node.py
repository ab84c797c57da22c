# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The node program as an action sends it, for measuring it without Ansible around it."""

from __future__ import annotations

import ast
import base64
import json
import shlex
import shutil
import sys
from typing import Any

from .running import CHECKOUT

sys.path.insert(0, str(CHECKOUT / 'playbooks' / 'collections'))

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport import node_action, payload

PROGRAM = CHECKOUT / 'plugins' / 'modules' / 'node_program.py'
OPERATIONS = CHECKOUT / 'plugins' / 'module_utils' / '_node' / 'operations'
MARKER = '<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>'


def operations() -> list[str]:
    """The operations of the node program: its modules that have a function run()."""
    return sorted(path.stem for path in OPERATIONS.glob('*.py') if _has_run(path.read_text(encoding='utf-8')))


def _has_run(text: str) -> bool:
    return any(isinstance(node, ast.FunctionDef) and node.name == 'run' for node in ast.parse(text).body)


def packed(operation: str) -> bytes:
    """The part of the node program that an operation needs, as it is before base64."""
    return base64.b64decode(payload.payload(operation))


def python() -> str:
    """What Ansible finds on a node: the distribution's Python; where this machine has none, the one that runs this."""
    return shutil.which('python3', path='/usr/bin') or sys.executable


def command() -> list[str]:
    """The program that reads module_text() from standard input."""
    return [python(), *shlex.split(node_action.READER)]


def module_text(operation: str, arguments: dict[str, Any]) -> bytes:
    """The module as it arrives at a node."""
    request = {'payload': payload.payload(operation), 'operation': operation, 'arguments': arguments}
    return PROGRAM.read_text(encoding='utf-8').replace(MARKER, json.dumps(request)).encode()


def audit_arguments() -> dict[str, Any]:
    """What paws_audit asks `observe` for when nothing else is set."""
    known = catalogue.builtin()
    return {'root': '/', 'sysctls': known.sysctl_keys, 'counters': known.counter_names}
