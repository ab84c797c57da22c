# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet by hand: `python3 -m tests.fleet up`, then `ansible-playbook -i $(python3 -m tests.fleet inventory)`."""

from __future__ import annotations

import argparse
import os
import pathlib
import shlex
import sys
import tempfile

from . import hosts
from .fleet import Fleet
from .spec import FleetError, Host

DEFAULT_STATE = pathlib.Path(tempfile.gettempdir()) / ('paws-fleet-%d' % os.geteuid())


def _chosen(name: str) -> list[Host]:
    if name == 'standard':
        return hosts.standard()
    if name.isdigit() and int(name):
        return hosts.plain(int(name))
    raise FleetError('--hosts is standard or a number, not %s' % name)


def _up(options: argparse.Namespace) -> None:
    fleet = Fleet(_chosen(options.hosts), options.state)
    try:
        fleet.up()
    except BaseException:
        if not fleet.running():
            fleet.down()
        raise
    print('%d hosts are up; inventory: %s' % (len(fleet.hosts), fleet.inventory))
    for name, reason in fleet.left_out.items():
        print('left out: %s (%s)' % (name, reason))
    print('They run until: %s' % shlex.join([sys.executable, '-m', 'tests.fleet', 'down', *_state(options)]))


def _state(options: argparse.Namespace) -> list[str]:
    """The words that name the fleet's directory, none for the one that is taken by default."""
    return ['--state', str(options.state)] if options.state != DEFAULT_STATE else []


def _down(options: argparse.Namespace) -> None:
    Fleet(state=options.state).down()


def _status(options: argparse.Namespace) -> None:
    fleet = Fleet.attach(options.state)
    pids = fleet.pids()
    for name, host in fleet.hosts.items():
        state = 'down' if host.bare else 'up' if os.path.exists('/proc/%d' % pids[name]) else 'ended'
        print('%-22s %-15s %-6s %-9s %s' % (name, fleet.addresses[name], state, host.expect or '-', host.why))
    for name, reason in fleet.left_out.items():
        print('%-22s left out: %s' % (name, reason))


def _inventory(options: argparse.Namespace) -> None:
    print(Fleet.attach(options.state).inventory)


def _shell(options: argparse.Namespace) -> None:
    fleet = Fleet.attach(options.state)
    if options.host not in fleet.hosts:
        raise FleetError('no host %s in this fleet' % options.host)
    command = fleet.ssh_command(options.host, *options.command)
    os.execvp(command[0], command)


def _cpu(options: argparse.Namespace) -> None:
    print('%.2f' % Fleet.attach(options.state).cpu_seconds())


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        '--state', default=DEFAULT_STATE, help='directory for everything the fleet writes (%(default)s)'
    )
    parser = argparse.ArgumentParser(prog='python3 -m tests.fleet', description=__doc__)
    commands = parser.add_subparsers(required=True, metavar='COMMAND')
    texts = {
        _up: 'boot the hosts',
        _down: 'end them and remove everything',
        _status: 'each host, its address and the class expected of it',
        _inventory: 'print the path of the Ansible inventory',
        _shell: 'log in, or run a command',
        _cpu: 'CPU seconds spent by the hosts so far',
    }
    made = {run: commands.add_parser(run.__name__[1:], parents=[common], help=text) for run, text in texts.items()}
    for run, command in made.items():
        command.set_defaults(run=run)
    made[_up].add_argument('--hosts', default='standard', help='standard, or a number of plain hosts (%(default)s)')
    made[_shell].add_argument('host')
    made[_shell].add_argument('command', nargs=argparse.REMAINDER)
    return parser


def main() -> int:
    options = _parser().parse_args()
    try:
        options.run(options)
    except FleetError as error:
        print('fleet: %s' % error, file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
