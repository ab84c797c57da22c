# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host of the fleet is: plain data, so that a test can make its own and JSON can carry it to the supervisor."""

from __future__ import annotations

import dataclasses
from typing import Any

NO_PYTHON = 'none'


class FleetError(Exception):
    """One line for the person who started the fleet."""


@dataclasses.dataclass(frozen=True)
class Container:
    """A network namespace of its own inside a host, held by one process.

    ``cgroup`` is what /proc/PID/cgroup of that process says on the host. ``sysctls`` are its own, net.* only.
    """

    name: str
    cgroup: str
    sysctls: dict[str, str] = dataclasses.field(default_factory=dict)
    listen: int = 8080


@dataclasses.dataclass(frozen=True)
class Host:
    """One host.

    - name: also its hostname and inventory name
    - expect: the class that an audit must give it; None where nothing is said
    - why: the state in words
    - groups: inventory groups
    - sysctls: net.* keys of its own network namespace
    - files: path below / -> text, written into its root
    - links: path below / -> target of a symlink
    - trees: path below / -> directory of this machine that is copied there
    - hide: paths below / that do not exist on it
    - python: "system", or a version such as "2.7": then no other interpreter is to be found on it; NO_PYTHON: none is
    - broken_python3: a python3 in PATH that does not start (exit status 127)
    - kernel: the release it claims ("3.10.0-1160.el7.x86_64"); None: the machine's own. Needs tw_recycle, unless the
      host is itself a container
    - tw_recycle: value of a made-up net.ipv4.tcp_tw_recycle; None: no such file
    - hidepid: /proc mounted with hidepid=2
    - containers: see Container
    - ssh: "open", "refused" (nothing listens) or "unreachable" (its address belongs to nobody)
    - user: the account that Ansible logs in with: root or auditor (neither root nor sudo)
    - overflow: a listener whose accept queue is full is tried a few times a second, inside the host
    - vars: more inventory variables
    """

    name: str
    expect: str | None = None
    why: str = ''
    groups: tuple[str, ...] = ()
    sysctls: dict[str, str] = dataclasses.field(default_factory=dict)
    files: dict[str, str] = dataclasses.field(default_factory=dict)
    links: dict[str, str] = dataclasses.field(default_factory=dict)
    trees: dict[str, str] = dataclasses.field(default_factory=dict)
    hide: tuple[str, ...] = ()
    python: str = 'system'
    broken_python3: bool = False
    kernel: str | None = None
    tw_recycle: str | None = None
    hidepid: bool = False
    containers: tuple[Container, ...] = ()
    ssh: str = 'open'
    user: str = 'root'
    overflow: bool = False
    vars: dict[str, Any] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in [*self.sysctls, *(key for container in self.containers for key in container.sysctls)]:
            if not key.startswith('net.'):
                raise FleetError(
                    'host %s: %s is not per network namespace and would change this machine' % (self.name, key)
                )

    @property
    def bare(self) -> bool:
        """It exists in the inventory alone."""
        return self.ssh == 'unreachable'


def to_json(host: Host) -> dict[str, Any]:
    return dataclasses.asdict(host)


def from_json(data: dict[str, Any]) -> Host:
    fields = dict(data)
    fields['containers'] = tuple(Container(**container) for container in data['containers'])
    for name in ('groups', 'hide'):
        fields[name] = tuple(data[name])
    return Host(**fields)
