# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Ansible inventory of a fleet, in JSON (which Ansible's yaml plugin reads)."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Sequence
from typing import Any

from .spec import Host


def ssh_options() -> list[str]:
    """Nothing of the person's own ssh settings or known hosts is read or written."""
    options = (
        'StrictHostKeyChecking=no',
        'UserKnownHostsFile=/dev/null',
        'GlobalKnownHostsFile=/dev/null',
        'LogLevel=ERROR',
        'IdentitiesOnly=yes',
        'PreferredAuthentications=publickey',
    )
    return ['-F', '/dev/null', *(word for option in options for word in ('-o', option))]


def build(hosts: Sequence[Host], addresses: dict[str, str], state: pathlib.Path) -> dict[str, Any]:
    groups: dict[str, Any] = {}
    entries = {}
    for host in hosts:
        entries[host.name] = {'ansible_host': addresses[host.name], 'ansible_user': host.user, **host.vars}
        for group in host.groups:
            groups.setdefault(group, {'hosts': {}})['hosts'][host.name] = {}
    common = {
        'ansible_port': 22,
        'ansible_ssh_private_key_file': str(state / 'keys/client'),
        'ansible_ssh_args': ' '.join(['-o', 'ControlMaster=auto', '-o', 'ControlPersist=60s', *ssh_options()]),
        'ansible_control_path_dir': str(state / 'cp'),
    }
    return {'all': {'vars': common, 'hosts': entries, 'children': groups}}


def write(path: pathlib.Path, hosts: Sequence[Host], addresses: dict[str, str], state: pathlib.Path) -> None:
    path.write_text(json.dumps(build(hosts, addresses, state), indent=1) + '\n', encoding='utf-8')
