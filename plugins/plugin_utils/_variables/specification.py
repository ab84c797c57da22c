# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of roles/audit: meta/argument_specs.yml of the role is their one description."""

import functools
import os
from collections.abc import Mapping

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._messages.message import MessageError, message
from .._text.values import Given, Values, plain
from . import user_settings

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
AUDIT = ('audit',)
ROLES = ('audit', 'safe_sysctl', 'rollback')
_KEYS = ('type', 'elements', 'choices', 'options', 'required')


@functools.lru_cache(maxsize=8)
def specification(roles: tuple[str, ...] = AUDIT) -> dict[str, Values]:
    """Name of each variable -> its argument specification, as written down for the roles."""
    options: dict[str, Values] = {}
    for role in roles:
        with open(os.path.join(_ROOT, 'roles', role, 'meta', 'argument_specs.yml'), encoding='utf-8') as handle:
            options.update(yaml.safe_load(handle)['argument_specs']['main']['options'])
    return {name: {key: option[key] for key in _KEYS if key in option} for name, option in options.items()}


def belongs(name: str, roles: tuple[str, ...]) -> bool:
    """Whether a variable of that name is one of the roles'."""
    return _described(name) in specification(roles)


def _described(name: str) -> str:
    """The name under which a variable is described: those of groups' own settings add to the one without suffix."""
    return user_settings.NAME if user_settings.is_name(name) else name


def check(name: str, value: Given, roles: tuple[str, ...] = AUDIT) -> Given:
    """The value in the type of the variable; raises ValueError, a MessageError where the sentence is ours."""
    option = specification(roles)[_described(name)]
    if option['type'] == 'dict' and not isinstance(value, Mapping):
        raise MessageError(message('variables/dictionary', name=name, example='{"%s": {...}}' % name))
    result = ArgumentSpecValidator({name: option}).validate({name: plain(value)})
    if result.error_messages:
        raise ValueError('; '.join(result.error_messages))
    return plain(result.validated_parameters[name])
