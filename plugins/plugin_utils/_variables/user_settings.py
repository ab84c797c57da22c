# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings that a user asks for, added up from every variable that names some."""

from collections.abc import Mapping

from ...module_utils._node.parsers import sysctl_value
from .._judge.values import why_refused
from .._judge.vocabulary import RECYCLE, TIMESTAMPS
from .._messages.message import Message, MessageError, message
from .._text.values import Given

NAME = 'safe_sysctl_settings'
#: A group adds to what others ask for by a variable of its own: safe_sysctl_settings_web.
PREFIX = NAME + '_'


def is_name(name: str) -> bool:
    """Whether a variable of that name holds settings."""
    return name == NAME or name.startswith(PREFIX)


def merged(variables: Mapping[str, object]) -> dict[str, str]:
    """{key: value} of all variables of settings, by their names. Raises ValueError.

    safe_sysctl_settings itself wins over the others; those must agree with each other.
    """
    found: dict[str, tuple[str, str]] = {}
    for name in sorted(variables, key=lambda name: (name != NAME, name)):
        for key, value in checked(name, variables[name]).items():
            first, wanted = found.setdefault(key, (name, value))
            if first != NAME and not sysctl_value.same(wanted, value):
                raise MessageError(
                    message('variables/disagree', first=first, key=key, wanted=wanted, name=name, value=value)
                )
    return {key: value for key, (_name, value) in sorted(found.items())}


def checked(name: str, raw: Given) -> dict[str, str]:
    """The settings of one variable, keys in dotted form, values as the kernel prints them. Raises ValueError."""
    if not isinstance(raw, Mapping):
        raise MessageError(message('variables/settings', name=name))
    settings = {}
    for key, value in raw.items():
        try:
            dotted = _key(str(key))
            settings[dotted] = _value(dotted, value)
        except MessageError as exc:
            raise MessageError(message('variables/of', name=name, said=exc.message)) from exc
    return settings


def _key(key: str) -> str:
    try:
        return str(sysctl_value.checked_key(key))
    except ValueError as exc:
        raise MessageError(message('variables/no-sysctl', key=key)) from exc


def text_of(key: str, value: object) -> str:
    """The value of a key as text. Raises MessageError for what YAML made of an unquoted word."""
    if isinstance(value, bool):
        raise MessageError(message('variables/boolean', key=key))
    if not isinstance(value, (str, int)):
        raise MessageError(message('variables/no-text', key=key))
    return str(value)


def _value(key: str, value: object) -> str:
    given = text_of(key, value)
    try:
        text = str(sysctl_value.checked_value(key, given))
    except ValueError as exc:
        raise MessageError(_refused(key, ' '.join(given.split()))) from exc
    if key == RECYCLE and not sysctl_value.same(text, '0'):
        raise MessageError(message('variables/never-recycle', key=key, value=text))
    if key == TIMESTAMPS and sysctl_value.same(text, '0'):
        raise MessageError(message('variables/never-without-timestamps', key=key, value=text))
    return text


def _refused(key: str, text: str) -> Message:
    """What is wrong with a value that is refused."""
    if sysctl_value.taken(key, text) is None:
        return message('variables/refused-value', key=key, why=why_refused(key, text, None))
    return message('variables/one-line', key=key, most=sysctl_value.MAX_VALUE)
