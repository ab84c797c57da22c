# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file sets: settings, and the names under which code and data know a sysctl."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ...module_utils._node.parsers import sysctl_conf

#: In the place of text that is known at run time only; what the shell's model calls UNKNOWN.
UNKNOWN = '\0'
#: Not a sysctl: netfilter's choice of random source ports for translated connections.
RANDOM_FULLY = 'random-fully'
_NOT_ALNUM = re.compile(r'[^a-z0-9]')
_NAME = re.compile(r'[A-Za-z_][\w.:-]{0,100}')
#: Words that turn the meaning of a variable's name round, or say that it is looked at only.
_OTHER_SENSE = re.compile(
    r'(disable|disabled|without|no|check|expected|expect|metric|node_sysctl|want|warn|verify|audit|test)(?:[_.:-]|$)'
)
#: A number, or a word that Terraform, Nix and the APIs of clouds take for 1 or 0.
_TRUTH = {'true': '1', 'false': '0', 'yes': '1', 'no': '0', 'on': '1', 'off': '0'}


class Setting(NamedTuple):
    """One place that sets a key: the value as written (None: not known), the line that names the key.

    maybe: whether it is carried out depends on what nobody can know.
    """

    key: str
    value: str | None
    line: int
    maybe: bool = False


class Names:
    """The sysctls that are looked for, found again by the names that formats give them."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = frozenset(keys)
        self._plain = {_squeezed(key): key for key in self.keys}
        self._leaves = {_squeezed(key.rpartition('.')[2]): key for key in self.keys if '.tcp_' in key}

    def key(self, text: str) -> str | None:
        """The sysctl that a text names: dotted, with slashes, as a path under /proc/sys, net_ipv4_x or netIpv4X.

        Of the kernel's command line (from 5.8) without `sysctl.`.
        """
        text = text.strip().lstrip('-').strip()
        if not 8 < len(text) < 100:
            return None
        found = sysctl_conf.canonical(text.removeprefix('/proc/sys/').removeprefix('sysctl.'))
        if found in self.keys:
            return str(found)
        return self._plain.get(_squeezed(text)) if text.isidentifier() else None

    def variable(self, text: str) -> str | None:
        """The sysctl whose last part ends the name of a variable: tcp_tw_recycle, sysctl_tcp_timestamps."""
        if not _NAME.fullmatch(text) or _OTHER_SENSE.search(text.lower()):
            return None
        squeezed = _squeezed(text)
        return next((key for leaf, key in self._leaves.items() if squeezed.endswith(leaf)), None)


def number_of(value: str) -> str:
    """The value as a number where it is a word for 1 or 0."""
    return _TRUTH.get(value.strip().strip('"\'').lower(), value)


def is_number(value: str) -> bool:
    """Whether a value of a variable is a setting by itself."""
    return number_of(value).strip().strip('"\'').isdigit()


def _squeezed(text: str) -> str:
    return _NOT_ALNUM.sub('', text.lower())
