# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person in front of a terminal and a browser, and the hosts of all journeys in one fleet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.fleet import Fleet, Host
from tests.fleet.conftest import fleet_possible
from tests.fleet.hosts import EL7, RECYCLE
from tests.page import browser
from tests.scenarios import states
from tests.terminal import Terminal, terminal

__all__ = ['fleet_possible']

# Nobody waits for a second look: what these hosts do does not change.
QUICK = {'audit_window': 0, 'remediate_window': 0}
# ansible.posix.sysctl leaves the first file so, see docs/guides/from-ansible-posix.md; the second one wins over it.
MOVED = {
    'etc/sysctl.d/90-tuning.conf': (
        '# by hand\nnet.core.somaxconn=4096\n'
        'net.ipv4.ip_local_port_range=10240 65000\nnet.ipv4.tcp_keepalive_time=600\n'
    ),
    'etc/sysctl.d/95-older.conf': 'net.core.somaxconn = 1024\n',
}
VALUES = {'net.ipv4.ip_local_port_range': '10240 65000', 'net.ipv4.tcp_keepalive_time': '600'}


def exposed(name: str) -> Host:
    """A node of the kind that the fault is known from: on now, and after each boot."""
    sysctls = {'net.ipv4.tcp_tw_reuse': '0', 'net.ipv4.tcp_timestamps': '1'}
    files, links = {'etc/sysctl.conf': RECYCLE + ' = 1\n'}, {'etc/sysctl.d/99-sysctl.conf': '../sysctl.conf'}
    return Host(name, kernel=EL7, tw_recycle='1', sysctls=sysctls, files=files, links=links)


def stale(name: str, **more: Any) -> Host:
    return Host(name, files={'etc/sysctl.d/99-tuning.conf': '# guide\n%s = 1\n' % RECYCLE}, **more)


HOSTS = [
    *(exposed('web1'), stale('db1'), Host('cache1')),
    *(stale('shop1'), stale('shop2')),
    *(exposed('pay1'), stale('pay2')),
    stale('log1'),
    stale('app1', user='auditor', hide=('usr/bin/sudo', 'usr/bin/su')),
    *(stale('api1'), stale('api2'), Host('api3', ssh='refused', vars={'ansible_ssh_timeout': 3})),
    Host('tuned1', files=MOVED, sysctls={'net.core.somaxconn': '4096', **VALUES}),
]


@pytest.fixture(scope='module')
def fleet(fleet_possible: None) -> Iterator[Fleet]:
    with Fleet(HOSTS) as up:
        yield up


class Site:
    """The directory that a person works in, with the inventory of their hosts."""

    def __init__(self, place: Path, fleet: Fleet) -> None:
        self.place, self._fleet = place, fleet
        self.names: list[str] = []

    def hosts(self, *names: str, **variables: Any) -> None:
        """Write the inventory; the variables hold for all hosts."""
        whole = json.loads(Path(self._fleet.inventory).read_text(encoding='utf-8'))['all']
        hosts = {name: whole['hosts'][name] for name in names}
        all_hosts = {'hosts': hosts, 'vars': {**whole['vars'], **QUICK, **variables}}
        (self.place / 'inventory').write_text(json.dumps({'all': all_hosts}))
        self.names = list(names)

    def state(self) -> dict[str, list[str]]:
        """What the hosts are like that root can log in to."""
        reached = [name for name in self.names if self._fleet.hosts[name].ssh == 'open']
        return {name: states.of_host(self._fleet, name) for name in reached if self._fleet.hosts[name].user == 'root'}

    def said(self, name: str, command: str) -> str:
        """What a command says on a host."""
        return self._fleet.ssh(name, command).stdout


@pytest.fixture
def site(fleet: Fleet, tmp_path: Path) -> Site:
    return Site(tmp_path, fleet)


Sit = Callable[..., Terminal]


@pytest.fixture
def sit(tmp_path: Path) -> Iterator[Sit]:
    """sit(columns) gives the terminal in front of the person; a traceback never comes to it."""
    opened = []
    with ExitStack() as stack:

        def sit(columns: int = 80) -> Terminal:
            opened.append(stack.enter_context(terminal(tmp_path, columns)))
            return opened[-1]

        yield sit
        for each in opened:
            print(each.copied())  # pytest shows it where a journey fails
            assert 'Traceback' not in each.screen.past() + each.copied()


@pytest.fixture(scope='module')
def chromium() -> Iterator[browser.Browser]:
    if browser.missing():
        pytest.skip('the page of a journey %s' % browser.missing())
    with browser.browser() as found:
        yield found
