# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of hosts as patterns of Ansible, each of which is that host and no other. Pure."""

import ipaddress
import re
from collections.abc import Iterable


def of(name: str) -> str:
    """What a play's `hosts` takes for this host alone.

    ansible-core splits patterns at blanks, commas and colons, and gives !, &, * and [ a meaning; inventories have such
    names all the same (of virtual machines). They become regular expressions without any of that. Names that are IPv6
    addresses stay as they are, since ansible-core knows them.
    """
    return name if _stays(name) else '~^%s\\Z' % _escaped(name)


def of_all(names: Iterable[str]) -> list[str]:
    """The same for many hosts. ansible-core looks for a regular expression among all names: there is one at most."""
    listed = list(names)
    others = [_escaped(name) for name in listed if not _stays(name)]
    return [*filter(_stays, listed), *(['~^(%s)\\Z' % '|'.join(others)] if others else [])]


def _stays(name: str) -> bool:
    return bool(re.fullmatch(r'[A-Za-z0-9_][A-Za-z0-9_.-]*', name)) or _is_address(name)


def _escaped(name: str) -> str:
    return ''.join(char if re.fullmatch('[A-Za-z0-9_]', char) else '\\U%08x' % ord(char) for char in name)


def _is_address(name: str) -> bool:
    try:
        return ipaddress.IPv6Address(name).scope_id is None
    except ValueError:
        return False
