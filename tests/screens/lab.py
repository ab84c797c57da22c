# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts that the pictures show: a fleet of the tests, with names as a person has them."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from tests.fleet import Fleet, Host, hosts

#: Names of hosts of the standard fleet: one of each kind that people meet.
_NAMES = {
    'exposed-containers': 'k8s-7',
    'exposed-el7': 'web1',
    'exposed-el7-python27': 'web2',
    'impaired-accept-queue': 'cache3',
    'latent-sysctl-d': 'mq2',
    'latent-rc-local': 'old5',
    'stale-sysctl-d': 'app4',
    'clean-defaults': 'new6',
}
# What the hosts claim to run that do not claim an older kernel: that of this machine is nobody's business.
_MODERN = '6.12.0-55.el10.x86_64'


def members() -> list[Host]:
    """The hosts, without the groups of the tests."""
    found = {host.name: host for host in hosts.standard()}
    return [
        dataclasses.replace(found[name], name=shown, groups=(), kernel=found[name].kernel or _MODERN)
        for name, shown in _NAMES.items()
    ]


def write_inventory(fleet: Fleet, path: Path) -> None:
    """The fleet's inventory in two groups, as a person's is."""
    whole = json.loads(Path(fleet.inventory).read_text(encoding='utf-8'))
    groups: dict[str, dict[str, None]] = {'web': {}, 'backend': {}}
    for name in whole['all']['hosts']:
        groups['web' if name.startswith('web') else 'backend'][name] = None
    whole['all']['children'] = {group: {'hosts': names} for group, names in groups.items()}
    path.write_text(json.dumps(whole), encoding='utf-8')
