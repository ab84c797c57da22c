# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of variables that begin as those of this collection do: a name that is not known is probably a slip. Pure."""

import difflib
import fnmatch
from collections.abc import Collection, Mapping

from .._messages.message import Message, Said, message
from .._text.escape import terminal
from . import specification

PREFIXES = ('audit_', 'remediate_', 'rollback_', 'report_', 'diagnose_', 'forget_', 'safe_sysctl_')
#: Variables of playbooks without a role.
OF_PLAYBOOKS = (
    *('report_from', 'report_hosts', 'report_baseline', 'report_gate'),
    *('diagnose_from', 'diagnose_to', 'diagnose_port', 'diagnose_count', 'diagnose_neutral'),
)
OWN = 'audit_own_names'


def is_ours(name: str) -> bool:
    """Whether a name begins as the variables of this collection do."""
    return name.startswith(PREFIXES)


def known() -> frozenset[str]:
    """The variables of this collection, without the settings of groups, whose names users choose."""
    return frozenset((*specification.specification(specification.ROLES), *OF_PLAYBOOKS))


def problems(given: Mapping[str, Said], own: Collection[str]) -> list[Message]:
    """One sentence for each name that is neither known nor the user's own.

    given: {name: where it is set, or ''}; own: names and patterns such as audit_team_*.
    """
    return [
        _sentence(name, where)
        for name, where in sorted(given.items())
        if not specification.belongs(name, specification.ROLES)
        and name not in OF_PLAYBOOKS
        and not any(fnmatch.fnmatchcase(name, pattern) for pattern in own)
    ]


def _sentence(name: str, where: Said) -> Message:
    nearest = difflib.get_close_matches(name, sorted(known()), 1)
    name = terminal(name, 200)
    if not nearest:
        return message('variables/unknown-name', name=name, where=where, own=OWN)
    return message('variables/misspelt', name=name, where=where, hint=nearest[0], own=OWN)
