# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which system an os-release file speaks of, where a configuration from outside makes the node. Pure."""

import re

from .._shapes.record import ImageSystem

RELEASE_FILE = '/etc/os-release'
# A line of os-release(5): NAME=VALUE, the value in quotes or not. The first line of a name counts here.
_LINE = re.compile(r"""^(ID|VARIANT_ID)=(["']?)([a-z0-9._-]*)\2\s*$""", re.MULTILINE)
# By ID and VARIANT_ID; None stands for every variant. Newer RHEL CoreOS says ID=rhel.
_SYSTEMS: dict[tuple[str, str | None], ImageSystem] = {
    ('flatcar', None): 'flatcar',
    ('talos', None): 'talos',
    ('bottlerocket', None): 'bottlerocket',
    ('cos', None): 'cos',
    ('fedora', 'coreos'): 'fedora-coreos',
    ('rhcos', None): 'rhel-coreos',
    ('rhel', 'coreos'): 'rhel-coreos',
}


def named(text: str) -> ImageSystem | None:
    """The system of an os-release file; None for one that is not made from a configuration."""
    found: dict[str, str] = {}
    for line in _LINE.finditer(text):
        found.setdefault(line[1], line[3])
    name, variant = found.get('ID', ''), found.get('VARIANT_ID', '')
    return _SYSTEMS.get((name, None)) or _SYSTEMS.get((name, variant))
