# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an import below plugins names."""

from __future__ import annotations

import ast

NAME = 'ansible_collections.nodetcp.paws.plugins.'


def home(module: str, node: ast.stmt) -> str | None:
    """The module or the room that `from ... import` in a module takes names of, both below plugins; None of others."""
    if not isinstance(node, ast.ImportFrom):
        return None
    named = node.module or ''
    if node.level:
        return '.'.join([*module.split('.')[: -node.level], *([named] if named else [])])
    return named[len(NAME) :] if named.startswith(NAME) else None
