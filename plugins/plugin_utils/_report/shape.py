# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether JSON from a file has the shape that code relies on, and where it has not. Pure.

A shape is a type or several of them, a set of the words that may stand there, [shape of each, the most there may be],
{name: shape} of what must be there (other names may be, too), or one of the classes below.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import typing as t
from collections.abc import Iterable
from dataclasses import dataclass

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import Message, Said, message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text import escape

_MISSING = object()
_NAME = 80


@dataclass(frozen=True)
class Maybe:
    """This, or null."""

    shape: t.Any


@dataclass(frozen=True)
class Option:
    """This, or nothing of that name."""

    shape: t.Any


@dataclass(frozen=True)
class Values:
    """An object with any names, whose values are all of this shape."""

    shape: t.Any


@dataclass(frozen=True)
class Only:
    """An object with these names and no others."""

    names: dict[str, t.Any]


#: Where it does not fit, beginning with a slash, and how.
Misfit = tuple[str, Message] | None


def misfit(value: t.Any, shape: t.Any) -> Said:
    """The first place that does not fit, and how, for example "hosts/0 is not an object"; '' where all fits."""
    found = _misfit(value, shape)
    return message('shape/misfit', place=found[0].removeprefix('/'), what=found[1]) if found else ''


def _misfit(value: t.Any, shape: t.Any) -> Misfit:
    if isinstance(shape, (type, tuple)):  # most of them
        fits = isinstance(value, shape) and (not isinstance(value, bool) or shape is bool)
        return None if fits else ('', message('shape/another-type'))
    if isinstance(shape, (Maybe, Option)):
        return None if value is (None if isinstance(shape, Maybe) else _MISSING) else _misfit(value, shape.shape)
    if isinstance(shape, list):
        return _list(value, *shape)
    if isinstance(shape, frozenset):
        return _word(value, shape)
    return _object(value, shape)


def _object(value: t.Any, shape: dict[str, t.Any] | Values | Only) -> Misfit:
    if not isinstance(value, dict):
        return '', message('shape/no-object')
    if isinstance(shape, Values):
        return _first((name, item, shape.shape) for name, item in value.items())
    names = shape.names if isinstance(shape, Only) else shape
    if isinstance(shape, Only) and not value.keys() <= names.keys():
        return _at(min(value.keys() - names.keys()), ('', message('shape/unknown-name')))
    return _first((name, value.get(name, _MISSING), inner) for name, inner in names.items())


def _list(value: t.Any, shape: t.Any, most: int | None = None) -> Misfit:
    if not isinstance(value, list):
        return '', message('shape/no-list')
    if most is not None and len(value) > most:
        return '', message('shape/too-many', most=most)
    return _first((str(place), item, shape) for place, item in enumerate(value))


def _word(value: t.Any, words: frozenset[str]) -> Misfit:
    if not isinstance(value, str):
        return '', message('shape/another-type')
    return None if value in words else ('', message('shape/unknown-word', word=escape.terminal(value, _NAME)))


def _first(parts: Iterable[tuple[str, t.Any, t.Any]]) -> Misfit:
    """The first misfit of these names, values and shapes."""
    for name, value, shape in parts:
        wrong = _misfit(value, shape)
        if wrong:
            return _at(name, wrong)
    return None


def _at(name: str, wrong: tuple[str, Message]) -> Misfit:
    return '/%s%s' % (escape.terminal(name, _NAME), wrong[0]), wrong[1]
