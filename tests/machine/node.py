# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine as a host of Ansible: verbs and playbooks on it, and what it is like, asked of cat and find."""

from __future__ import annotations

import base64
import json
import os
import re
import shlex
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.machine.machine import NAME, Machine
from tests.scenarios.conftest import CHECKOUT, Run

COLLECTIONS = str(CHECKOUT / 'playbooks' / 'collections')
STORE = '/var/lib/nodetcp-paws'
ETC = "cd / && find etc -exec stat -c '%f %u %g %N' {} + | sort && find etc -type f -exec sha256sum {} + | sort"
STATES = 'ls -d %s/change-sets/*/state.* 2>/dev/null || true' % STORE
# What the kernel counts, draws or sizes by the memory that was free at the boot.
UNSTEADY = re.compile(
    'fs/(dentry-state|file-nr|inode-nr|inode-state|quota/.*)|kernel/(ns_last_pid|random/.*)|vm/user_res.*'
)
SHOW = '{{ "RESULT " ~ (result | to_json | b64encode) ~ " END" }}'


def place_of(playbook: str) -> str:
    return str(CHECKOUT / 'playbooks' / (playbook + '.yml'))


def states_in(listed: str) -> list[str]:
    """Of what STATES printed."""
    return [line.rpartition('.')[2] for line in listed.split()]


class Node:
    def __init__(self, vm: Machine, play: Run, programs: Path) -> None:
        self.vm, self._play, self._programs = vm, play, programs

    def verb(self, verb: str, **arguments: Any) -> dict[str, Any]:
        """What a module of the collection returns, failed or not."""
        tasks = [
            {'nodetcp.paws.' + verb: arguments, 'register': 'result', 'ignore_errors': True},
            {'ansible.builtin.debug': {'msg': SHOW}},
        ]
        playbook = self.vm.home / 'verb.json'
        playbook.write_text(json.dumps([{'hosts': NAME, 'gather_facts': False, 'tasks': tasks}]), encoding='utf-8')
        said = self.run(str(playbook)).stdout
        assert 'RESULT ' in said, said
        result: dict[str, Any] = json.loads(base64.b64decode(said.partition('RESULT ')[2].partition(' END')[0]))
        return result

    def playbook(self, name: str, *arguments: str) -> str:
        """What one of the collection's playbooks says; it has to succeed."""
        ended = self.run(place_of(name), *arguments)
        assert ended.returncode == 0, ended.stdout
        return ended.stdout

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._play(self._programs, '-i', self.vm.inventory, *arguments, ANSIBLE_COLLECTIONS_PATH=COLLECTIONS)

    def begin(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """A playbook that goes on beside the test, in a session of its own."""
        environment = {
            'PATH': os.environ['PATH'],
            'HOME': str(self.vm.home),
            'LC_ALL': 'C.UTF-8',
            'ANSIBLE_CONFIG': str(CHECKOUT / 'ansible.cfg'),
            'ANSIBLE_COLLECTIONS_PATH': COLLECTIONS,
        }
        return subprocess.Popen(
            [str(self._programs / 'ansible-playbook'), '-i', self.vm.inventory, place_of(name), *arguments],
            cwd=self.vm.home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def value(self, key: str) -> str:
        """As the kernel prints it, asked without the network."""
        return self.vm.serial('cat /proc/sys/' + key.replace('.', '/')).strip()

    def states(self) -> list[str]:
        """Of the parts of all change sets, oldest first by name, asked without the network."""
        return states_in(self.vm.serial(STATES))

    def write(self, path: str, text: str) -> None:
        """A file on the machine, put there without the network."""
        self.vm.serial('printf %%s %s > %s' % (shlex.quote(text), shlex.quote(path)))

    def sysctls(self) -> dict[str, str]:
        """{path below /proc/sys: value} of all that can be read and holds still, several lines as one text."""
        found: dict[str, str] = {}
        listed = self.vm.serial('cd /proc/sys && find . -type f -perm -u=r -exec grep -sH ^ {} + | sort -s -t : -k 1,1')
        for line in listed.splitlines():
            path, _colon, value = line.removeprefix('./').partition(':')
            if not UNSTEADY.fullmatch(path):
                found[path] = found[path] + '\n' + value if path in found else value
        return found

    def etc(self) -> str:
        """Every file below /etc: type, mode, owner, target and content."""
        return self.vm.serial(ETC)

    def uptime(self) -> float:
        return float(self.vm.serial('cat /proc/uptime').split()[0])

    def wait_until_undone(self, limit: float) -> float:
        """The uptime at which no change set is in force any more. AssertionError at the uptime `limit`."""
        while True:
            uptime = self.uptime()
            if set(self.states()) == {'undone'}:
                return uptime
            assert uptime < limit, '%s at %.0f s' % (self.states(), uptime)
            time.sleep(1)
