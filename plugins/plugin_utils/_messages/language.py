# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the page, in English and Chinese (assets/words.json). For rules: translation.py."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import functools
import json
import os
import typing as t

import yaml

LANGUAGES = ('en', 'zh')
_HERE = os.path.dirname(os.path.abspath(__file__))


@functools.cache
def words(language: str) -> dict[str, str]:
    """Every word of the page in that language."""
    found: dict[str, str] = json.loads(_text('words.json'))[language]
    return found


def translations(name: str) -> t.Any:
    """A YAML file of this room, or "../ROOM/NAME" of another one."""
    loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
    return yaml.load(_text(name), Loader=loader)  # noqa: S506 - a safe loader, the fast one where it is there


def _text(name: str) -> str:
    with open(os.path.join(_HERE, name), encoding='utf-8') as handle:
        return handle.read()
