# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""remediate.yml before hosts whose local ports run out: real connections over a fleet, stopped, remedied, accepted.

No kernel here recycles: what the forecast says of a host with recycling off is what becomes of its load at once.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.fleet import Fleet, hosts, linux
from tests.fleet.spec import Host
from tests.scenarios import states
from tests.scenarios.conftest import Run
from tests.scenarios.test_remediate import REMEDIATE, SCHEMA
from tests.time_wait import load
from tests.time_wait.namespace import Task

CLIENT, SERVER, PORT = '127.0.1.1', '127.0.1.2', 443
PORTS, PER_S = 240, 20
FAILS_S = PORTS / PER_S
REUSE = 'net.ipv4.tcp_tw_reuse'
RANGE = 'net.ipv4.ip_local_port_range'
RESERVED = 'net.ipv4.ip_local_reserved_ports'
TIME_WAIT_INFO = """
- name: TIME_WAIT sockets
  hosts: all
  gather_facts: false
  tasks:
    - name: Count
      nodetcp.paws.time_wait_info:
        window: 1
        top: 3
        profile: client
      register: found

    - name: Keep
      ansible.builtin.copy:
        content: "{{ found | to_json }}"
        dest: "{{ playbook_dir }}/{{ inventory_hostname }}.json"
        mode: "0600"
      delegate_to: localhost
"""


def old_client(name: str, more_ports: bool = False, **more: Any) -> Host:
    """A host that recycles, with few local ports, and none besides unless it is said."""
    sysctls = {
        REUSE: '0',
        RANGE: '20000 %d' % (20000 + PORTS - 1),
        RESERVED: '8080' if more_ports else '1024-19999,%d-65535' % (20000 + PORTS),
    }
    return Host(name, 'exposed', kernel=hosts.EL7, tw_recycle='1', sysctls=sysctls, **more)


def inside(fleet: Fleet, name: str, per_s: float, seconds: float, log: Path | None = None) -> Task:
    """Connections of the host to itself, each closed first by the client; from when the log has the first look on."""

    def work() -> dict[str, Any]:
        while log and not (log.exists() and 'Look and plan' in log.read_text()):
            time.sleep(0.05)
        linux.setns(os.open('/proc/%d/ns/net' % fleet.pids()[name], os.O_RDONLY))
        return load.offer(CLIENT, SERVER, PORT, per_s, seconds)

    return Task(work)


def reported(place: Path) -> dict[str, Any]:
    document = json.loads((place / 'paws-report' / 'audit.json').read_text(encoding='utf-8'))
    jsonschema.validate(document, SCHEMA)
    return {host['name']: host for host in document['hosts']}


def filled(fleet: Fleet, name: str, ports: int) -> None:
    """So many of its ports are in TIME_WAIT, at once."""
    inside(fleet, name, 1000, ports / 1000).result()


def remediate(programs: Path, play: Run, fleet: Fleet, *more: str, **environment: str) -> Any:
    variables = ('audit_window=2', 'remediate_window=1', 'remediate_batches=100%', 'audit_formats=json')
    extra = [word for variable in variables for word in ('-e', variable)]
    return play(programs, REMEDIATE, '-i', fleet.inventory, *extra, *more, **environment)


def test_exhaustion(newest_core: Path, play: Run, fleet_possible: None, tmp_path: Path) -> None:
    members = [
        old_client('database-client'),
        old_client('accepted', vars={'remediate_accept_exhaustion': True}),
        old_client('tight', more_ports=True),
        Host('other', 'exposed', kernel=hosts.EL7, tw_recycle='1', sysctls={REUSE: '0'}, overflow=True),
    ]
    with Fleet(members) as fleet:
        before = states.of_fleet(fleet)
        filled(fleet, 'accepted', int(0.9 * PORTS))
        filled(fleet, 'tight', int(0.6 * PORTS))
        log = tmp_path / 'log'
        offering = inside(fleet, 'database-client', PER_S, 1.1 * FAILS_S, log)
        ended = remediate(newest_core, play, fleet, ANSIBLE_LOG_PATH=str(log))
        offered = offering.result()

        assert ended.returncode != 0, ended.stdout
        found = reported(tmp_path)
        assert {name: host['remediation']['state'] for name, host in found.items()} == {
            'database-client': 'untouched',
            'accepted': 'changed',
            'tight': 'changed',
            'other': 'changed',
        }
        now = states.of_fleet(fleet)
        assert now['database-client'] == before['database-client']
        stopped = found['database-client']
        assert stopped['verdict'] == 'exposed'
        assert stopped['forecast']['decision'] == 'stopped'
        (row,) = stopped['forecast']['loads']['highest']['destinations']
        assert (row['local'], row['remote'], row['remote_port']) == (CLIENT, SERVER, PORT)
        assert row['per_s'] == pytest.approx(PER_S, rel=0.15)
        assert row['exhausted_after_s'] == pytest.approx(offered['first_failure_s'], rel=0.15)
        numbers = 'of %d local ports at %g connects/s' % (PORTS, row['per_s'])
        assert numbers in stopped['remediation']['reason']
        for part in ('Plan: 3 of 4 hosts change', 'TASK [nodetcp.paws.audit : Fail the hosts'):
            assert numbers in ended.stdout.partition(part)[2]
        assert found['accepted']['forecast']['decision'] == 'accepted'
        assert found['tight']['forecast']['verdict'] == 'tight'
        assert 'stopped: database-client; exhausted: accepted; tight: tight' in ' '.join(ended.stdout.split())
        # Its listener overflows, so it was looked at twice: the forecast came with the second look.
        assert (
            'ok: [other]'
            in ended.stdout.partition('TASK [nodetcp.paws.safe_sysctl : Look again')[2].partition('TASK')[0]
        )
        assert found['other']['forecast']['decision'] == 'go'
        assert found['other']['forecast']['loads']['present'] is not None
        wider = fleet.ssh('tight', 'sysctl -n %s %s %s' % (REUSE, RANGE, RESERVED)).stdout.split()
        assert wider == ['0', '10240', '65535', '8080,30000-32767']
        assert fleet.ssh('accepted', 'sysctl -n %s' % REUSE).stdout == '0\n'

        allowed = ('-e', 'safe_sysctl_profile=client', '-e', 'remediate_plan_file=plan.json')
        filled(fleet, 'database-client', PORTS)
        planned = remediate(newest_core, play, fleet, *allowed, '--check')
        assert planned.returncode == 0, planned.stdout
        assert states.of_host(fleet, 'database-client') == before['database-client']
        assert json.loads((tmp_path / 'plan.json').read_text())['hosts']['database-client']['settings'][REUSE] == '1'
        assert 'with this plan (tcp-tw-reuse) safe' in planned.stdout
        assert reported(tmp_path)['database-client']['forecast']['planned']['verdict'] == 'safe'

        applied = remediate(newest_core, play, fleet, *allowed)
        assert applied.returncode == 0, applied.stdout
        assert reported(tmp_path)['database-client']['remediation']['state'] == 'changed'
        assert fleet.ssh('database-client', 'sysctl -n %s %s' % (hosts.RECYCLE, REUSE)).stdout.split() == ['0', '1']
        filled(fleet, 'database-client', PORTS)  # without reuse not one more would be made for a minute
        time.sleep(2)
        again = inside(fleet, 'database-client', PER_S, 5).result()
        assert again['first_failure_s'] is None
        assert len(again['made']) == PER_S * 5
        counted(newest_core, play, fleet, tmp_path)


def counted(programs: Path, play: Run, fleet: Fleet, place: Path) -> None:
    """time_wait_info says what the kernel's own table says."""

    def table() -> int:
        return int(fleet.ssh('database-client', 'grep -c ":%04X 06 " /proc/net/tcp' % PORT).stdout)

    (place / 'count.yml').write_text(TIME_WAIT_INFO)
    before = table()
    ended = play(programs, 'count.yml', '-i', fleet.inventory, '--limit', 'database-client,other')
    after = table()
    assert ended.returncode == 0, ended.stdout
    found = json.loads((place / 'database-client.json').read_text())
    (row,) = found['namespaces'][0]['outgoing']['top']
    assert (row['local'], row['remote'], row['remote_port']) == (CLIENT, SERVER, PORT)
    assert 0 < after <= row['sockets'] <= before
    assert row['sockets'] == found['totals']['outgoing']
    assert found['namespaces'][0]['usable_ports'] == PORTS
    assert (found['forecast']['capacity']['reuse'], found['changed']) == ('on', False)
    assert json.loads((place / 'other.json').read_text())['forecast']['verdict'] == 'safe'
