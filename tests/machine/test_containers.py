# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers of Debian's docker and podman: seen, changed by their keys, undone; a restarted one is another one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.machine.node import Node

KEY, HOSTS, AFTER = 'net.core.somaxconn', '4096', '5000'
# What each container begins with; containers alike would be one entry of the record. `with` lives in the one of `pair`.
VALUES = {'one': '4101', 'two': '4102', 'three': '4103', 'pair': '4104'}
# Of busybox alone, for the machine reaches no registry.
IMAGE = """mkdir -p /small/bin /small/proc /small/sys /small/dev /small/etc /small/tmp
cp /bin/busybox /small/bin/
tar -C /small -c . > /small.tar
%s import /small.tar small
"""


class Runtime:
    def __init__(self, on: Node, program: str) -> None:
        self._vm, self._program = on.vm, program
        if program == 'docker':
            on.vm.run('systemctl start docker', timeout=600)
        on.vm.run(IMAGE % program, timeout=600)

    def run(self, name: str, *options: str) -> str:
        """The id of a new container that does nothing."""
        # The profile of AppArmor needs a program that this machine does not have.
        chosen = ['--security-opt apparmor=unconfined', *options]
        command = '%s run -d --name %s %s small /bin/busybox sleep 100000'
        return self._vm.run(command % (self._program, name, ' '.join(chosen)), timeout=600).strip()

    def restart(self, name: str) -> None:
        self._vm.run('%s restart -t 1 %s' % (self._program, name), timeout=600)

    def value(self, name: str) -> str:
        """Asked inside of it."""
        cat = '%s exec %s /bin/busybox cat /proc/sys/%s' % (self._program, name, KEY.replace('.', '/'))
        return self._vm.run(cat, timeout=600).strip()


@pytest.mark.long
@pytest.mark.parametrize('program', ['docker', 'podman'])
def test_containers_of(large: Node, program: str) -> None:
    runtime = Runtime(large, program)
    ids = {name: runtime.run(name, '--sysctl %s=%s' % (KEY, value)) for name, value in VALUES.items()}
    sharing = runtime.run('with', '--network container:pair')
    found = containers(large)
    assert {entry['container']['runtime'] for entry in found} == {program}
    own = {entry['container']['id']: entry for entry in found}
    assert set(own) in (set(ids.values()), {*ids.values(), sharing} - {ids['pair']})
    assert [own[ids[name]]['sysctls'][KEY]['value'] for name in ('one', 'two', 'three')] == [*VALUES.values()][:3]
    (pair,) = (entry for entry in found if entry['sysctls'][KEY]['value'] == VALUES['pair'])
    assert len(pair['pids']) == 2
    print('%s: %d containers in %d namespaces seen' % (program, len(ids) + 1, len(found)))

    chosen = [own[ids['one']]['key'], own[ids['two']]['key'], pair['key']]
    changed = large.verb('sysctl_policy', settings={KEY: AFTER}, namespaces=chosen, change_set='A')
    assert changed['changed'], changed
    assert [runtime.value(name) for name in (*VALUES, 'with')] == [AFTER, AFTER, VALUES['three'], AFTER, AFTER]
    assert large.value(KEY) == HOSTS

    runtime.restart('two')
    undone = large.verb('sysctl_rollback', change_set='A')
    assert undone['changed'], undone
    assert [runtime.value(name) for name in (*VALUES, 'with')] == [*VALUES.values(), VALUES['pair']]
    assert any(ids['two'] in sentence for sentence in undone['notes']), undone


def containers(on: Node) -> list[dict[str, Any]]:
    record = on.verb('tcp_facts')['ansible_facts']['nodetcp']
    return [entry for entry in record['namespaces'] if entry['kind'] == 'container']
