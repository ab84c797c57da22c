# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""remediate.yml and rollback.yml on a real fleet: nobody worse than advisory, and back to the last byte."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.fleet import Fleet, hosts
from tests.fleet.spec import Host
from tests.scenarios import states
from tests.scenarios.conftest import CHECKOUT, Run, failed, recap
from tests.unit.plugins.plugin_utils._report.formats import page_reader

REMEDIATE = str(CHECKOUT / 'playbooks' / 'remediate.yml')
ROLLBACK = str(CHECKOUT / 'playbooks' / 'rollback.yml')
SCHEMA = json.loads((CHECKOUT / 'docs' / 'audit.schema.json').read_text(encoding='utf-8'))
RECYCLE = hosts.RECYCLE

# These no setting of the node ends: a service that is too slow, what other programs write, what the kernel hides.
NOT_BY_SETTINGS = {'impaired-accept-queue', 'latent-rc-local', 'latent-tuned', 'unknown-in-container'}
FINE = {'advisory', 'clean'}


def fixable() -> list[Host]:
    """Hosts of the standard fleet in mixed states, all of which settings can mend."""
    return [
        host
        for host in hosts.standard()
        if host.name not in NOT_BY_SETTINGS and host.ssh == 'open' and host.user == 'root' and not host.vars
    ]


def stale(name: str, **more: Any) -> Host:
    """A host that needs one line taken out of a file."""
    return Host(name, 'stale', files={'etc/sysctl.d/99-tuning.conf': '# guide\n%s = 1\n' % RECYCLE}, **more)


def report(place: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((place / 'paws-report' / 'audit.json').read_text(encoding='utf-8'))
    jsonschema.validate(document, SCHEMA)
    return document


def done(place: Path) -> dict[str, str]:
    return {host['name']: host['remediation']['state'] for host in report(place)['hosts']}


def diffs(output: str) -> dict[str, str]:
    """What --diff showed, by host."""
    found: dict[str, str] = {}
    for text, host in re.findall(r'^(--- before.*?)^changed: \[([^\]]+)\]', output, re.MULTILINE | re.DOTALL):
        found[host] = found.get(host, '') + text
    return found


def test_mixed_fleet_there_and_back(edge_core: Path, play: Run, fleet_possible: None, tmp_path: Path) -> None:
    """20 hosts: plan, approved plan, change, nothing left to do, rollback that holds back, rollback that does not."""
    with Fleet(fixable()) as fleet:
        assert len(fleet.hosts) >= 20
        assert any(host.python == '2.7' for host in fleet.hosts.values())
        before = states.of_fleet(fleet)
        brief = ('-i', fleet.inventory, '-e', 'audit_window=1', '-e', 'remediate_window=2', '--diff')
        limited = (*brief, '-e', 'remediate_plan_file=plan.json')

        planned = play(edge_core, REMEDIATE, *limited, '--check')
        assert planned.returncode == 0, planned.stdout
        assert states.of_fleet(fleet) == before
        to_change = {name for name, state in done(tmp_path).items() if state == 'planned'}
        assert {host.name for host in fleet.hosts.values() if host.expect not in FINE} <= to_change
        assert set(json.loads((tmp_path / 'plan.json').read_text())['hosts']) == to_change

        changed = play(edge_core, REMEDIATE, *limited)
        assert changed.returncode == 0, changed.stdout
        assert {name for name, state in done(tmp_path).items() if state == 'changed'} == to_change
        assert {
            host['name']: host['verdict'] for host in report(tmp_path)['hosts'] if host['verdict'] not in FINE
        } == {}
        assert diffs(changed.stdout) == diffs(planned.stdout)
        assert set(diffs(planned.stdout)) == to_change
        counts = recap(changed.stdout)
        assert {name for name, count in counts.items() if count['changed']} == to_change
        first = min(fleet.hosts, key=list(fleet.hosts).index)  # tasks of the whole run are counted on the first host
        assert all(counts[name]['ok'] == 1 for name in fleet.hosts if name not in to_change | {first})
        now = states.of_fleet(fleet)
        assert {name for name in fleet.hosts if now[name] != before[name]} == to_change
        undo = report(tmp_path)['remediation']['undo']
        assert 'rollback' in undo
        assert report(tmp_path)['remediation']['change_set'] in undo

        again = play(edge_core, REMEDIATE, *brief)
        assert again.returncode == 0, again.stdout
        assert all(count['changed'] == 0 for count in recap(again.stdout).values())
        assert set(done(tmp_path).values()) == {'untouched'}
        assert states.of_fleet(fleet) == now

        held = play(edge_core, ROLLBACK, '-i', fleet.inventory, '-e', 'rollback_serial=5')
        assert held.returncode == 0, held.stdout
        exposed = {name for name in to_change if fleet.hosts[name].expect in ('exposed', 'latent')}
        said = {line.split()[0] for line in held.stdout.split('\n') if 'rolled back' in line}
        assert said == to_change
        assert held.stdout.count('  held back') >= len(exposed)
        after = states.of_fleet(fleet)
        for name in fleet.hosts:
            assert states.without_recycle(after[name]) == states.without_recycle(before[name]), name
            assert (after[name] == before[name]) == (name not in exposed), name

        exact = play(edge_core, ROLLBACK, '-i', fleet.inventory, '-e', 'rollback_restore_unsafe=true')
        assert exact.returncode == 0, exact.stdout
        assert states.of_fleet(fleet) == before
        assert '  held back' not in exact.stdout


def test_a_canary_that_fails_its_health_command(
    usual_core: Path, play: Run, fleet_possible: None, tmp_path: Path
) -> None:
    names = ['web%02d' % number for number in range(1, 21)]
    broken: dict[str, Any] = {'remediate_health_command': 'echo the service is down >&2; exit 3'}
    with Fleet([stale(name, vars=broken if name == 'web07' else {}) for name in names]) as fleet:
        before = states.of_fleet(fleet)
        ended = play(usual_core, REMEDIATE, '-i', fleet.inventory, '-e', 'remediate_canary=web07')
        assert ended.returncode != 0, ended.stdout
        assert states.of_fleet(fleet) == before
        assert done(tmp_path) == {name: 'rolled back' if name == 'web07' else 'untouched' for name in names}
        counts = recap(ended.stdout)
        assert [name for name, count in counts.items() if count['changed']] == ['web07']
        assert all(counts[name]['ok'] == 1 for name in names if name not in ('web01', 'web07'))
        for name in names:
            stored = fleet.ssh(name, 'ls -A /var/lib/nodetcp-paws/change-sets 2>/dev/null').stdout
            assert bool(stored) == (name == 'web07')
        end = ended.stdout.rpartition('Fail the hosts')[2]
        assert 'rolled back: remediate_health_command ended with 3: the service is down' in end
        assert failed(ended.stdout) == {'web07'}
        assert 'remediation: 1 rolled back, 19 untouched' in ended.stdout


def test_a_host_that_is_lost_after_its_change(
    usual_core: Path, play: Run, fleet_possible: None, tmp_path: Path
) -> None:
    with Fleet([stale(name) for name in ('first', 'mate', 'lost', 'later1', 'later2')]) as fleet:
        before = states.of_fleet(fleet)
        with states.cut_off_after_change(fleet, 'lost'):
            ended = play(usual_core, REMEDIATE, '-i', fleet.inventory, '-e', 'remediate_batches=1,2', '--forks', '5')
        assert ended.returncode != 0, ended.stdout
        document = report(tmp_path)
        assert done(tmp_path) == {
            'first': 'changed',
            'mate': 'rolled back',
            'lost': 'state unknown',
            'later1': 'untouched',
            'later2': 'untouched',
        }
        change_set = document['remediation']['change_set']
        assert 'state unknown, change set %s' % change_set in ended.stdout
        assert failed(ended.stdout) == {'lost'}
        (lost,) = [host for host in document['hosts'] if host['name'] == 'lost']
        assert lost['verdict'] == 'unknown'
        assert change_set in lost['remediation']['undo']
        now = states.of_fleet(fleet)
        assert {name for name in fleet.hosts if now[name] != before[name]} == {'first', 'lost'}

        # The command that the report gives brings everything back once the host is there again.
        undone = play(usual_core, ROLLBACK, '-i', fleet.inventory, '-e', 'rollback_change_set=%s' % change_set)
        assert undone.returncode == 0, undone.stdout
        assert states.of_fleet(fleet) == before


@pytest.mark.parametrize(
    ('on_failure', 'expected'),
    [
        ('host', {'one': 'changed', 'two': 'changed', 'three': 'rolled back', 'four': 'untouched'}),
        ('all', {'one': 'rolled back', 'two': 'rolled back', 'three': 'rolled back', 'four': 'untouched'}),
        ('stop', {'one': 'changed', 'two': 'changed', 'three': 'changed', 'four': 'untouched'}),
    ],
)
def test_what_is_undone_after_a_failure(
    on_failure: str, expected: dict[str, str], play: Run, newest_core: Path, fleet_possible: None, tmp_path: Path
) -> None:
    down: dict[str, Any] = {'remediate_health_url': 'http://probe:s3cret@127.0.0.1:9/up?key=t0ken'}
    members = [stale('one'), stale('two'), stale('three', vars=down), stale('four')]
    with Fleet(members) as fleet:
        before = states.of_fleet(fleet)
        ended = play(
            newest_core,
            REMEDIATE,
            '-i',
            fleet.inventory,
            '-e',
            'remediate_batches=1,2',
            '-e',
            'remediate_on_failure=%s' % on_failure,
        )
        assert ended.returncode != 0
        assert done(tmp_path) == expected, ended.stdout
        assert 'remediate_health_url http://127.0.0.1:9/up: ' in ended.stdout
        page = page_reader.whole((tmp_path / 'paws-report' / 'audit.html').read_text())
        assert not [word for word in ('s3cret', 't0ken') if word in ended.stdout + page]
        now = states.of_fleet(fleet)
        assert {name for name in expected if now[name] != before[name]} == {
            name for name, state in expected.items() if state == 'changed'
        }


def test_a_plan_that_is_not_allowed_changes_nothing(
    usual_core: Path, play: Run, fleet_possible: None, tmp_path: Path
) -> None:
    with Fleet([stale('one'), stale('two'), Host('fine', 'clean')]) as fleet:
        before = states.of_fleet(fleet)
        inventory = ('-i', fleet.inventory)

        many = play(usual_core, REMEDIATE, *inventory, '-e', 'remediate_max_hosts=1')
        assert many.returncode != 0
        assert '2 hosts would change, remediate_max_hosts allows 1' in many.stdout
        none = play(usual_core, REMEDIATE, *inventory, '-e', 'remediate_plan_file=none.json')
        assert none.returncode != 0
        assert 'none.json cannot be read' in none.stdout
        away = play(usual_core, REMEDIATE, *inventory, '-e', 'remediate_canary=two', '--limit', 'all:!two')
        assert away.returncode != 0
        assert 'two: it is not in this run' in away.stdout
        assert states.of_fleet(fleet) == before

        written = play(usual_core, REMEDIATE, *inventory, '-e', 'remediate_plan_file=plan.json', '--check')
        assert written.returncode == 0, written.stdout
        fleet.ssh('fine', 'echo net.ipv4.tcp_tw_recycle = 1 > /etc/sysctl.d/later.conf')
        other = states.of_fleet(fleet)
        refused = play(usual_core, REMEDIATE, *inventory, '-e', 'remediate_plan_file=plan.json')
        assert refused.returncode != 0
        assert 'fine is to change and is not in the approved plan' in refused.stdout
        assert set(done(tmp_path).values()) == {'untouched'}
        assert states.of_fleet(fleet) == other
        assert all(count['changed'] == 0 for count in recap(refused.stdout).values())

        fleet.ssh('fine', 'rm /etc/sysctl.d/later.conf')
        allowed = play(usual_core, REMEDIATE, *inventory, '-e', 'remediate_plan_file=plan.json')
        assert allowed.returncode == 0, allowed.stdout
        assert set(done(tmp_path).values()) == {'changed', 'untouched'}


def test_wrong_variables_stop_the_run_before_any_host_is_contacted(
    newest_core: Path, play: Run, fleet_possible: None, tmp_path: Path
) -> None:
    wrong = {
        'safe_sysctl_settings': {'net.core.somaxconn': True},
        'safe_sysctl_settings_web': {RECYCLE: 1},
        'remediate_batches': '1,none',
        'remediate_rules': 'tw-recycle',
        'remediate_on_failure': 'panic',
        'remediate_window': '-1',
        'audit_profile': 'toaster',
    }
    (tmp_path / 'hosts').write_text('nowhere ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1\n')
    ended = play(newest_core, REMEDIATE, '-i', 'hosts', '-e', json.dumps(wrong))
    assert ended.returncode != 0
    assert 'nothing was contacted' in ended.stdout
    assert 'Look and plan' not in ended.stdout
    for words in (
        'YAML boolean',
        'this collection does not set it',
        'neither a number of hosts nor a share',
        'no rule has the id',
        'remediate_on_failure',
        'remediate_window',
        'audit_profile',
    ):
        assert words in ended.stdout, words


def test_confirmed_over_a_new_connection(usual_core: Path, play: Run, fleet_possible: None, tmp_path: Path) -> None:
    with Fleet([stale('one'), Host('fine', 'clean')]) as fleet:
        before = states.of_fleet(fleet)
        ended = play(usual_core, REMEDIATE, '-i', fleet.inventory, '-e', 'remediate_confirm_timeout=120')
        assert ended.returncode == 0, ended.stdout
        assert done(tmp_path) == {'one': 'changed', 'fine': 'untouched'}
        stored = fleet.ssh('one', 'find /var/lib/nodetcp-paws/change-sets -name "state.*"').stdout.split()
        assert [path.rpartition('/')[2] for path in stored] == ['state.applied']
        undone = play(usual_core, ROLLBACK, '-i', fleet.inventory)
        assert undone.returncode == 0, undone.stdout
        assert states.of_fleet(fleet) == before


ROLE = """
- name: Safe settings in a play of one's own
  hosts: all
  gather_facts: false
  tasks:
    - name: Settings
      ansible.builtin.import_role:
        name: nodetcp.paws.safe_sysctl
        rolespec_validate: false
      vars:
        safe_sysctl_settings:
          net.core.somaxconn: 2048
          net.ipv4.tcp_fin_timeout: 30
"""


def test_the_role_with_settings_of_ones_own(usual_core: Path, play: Run, fleet_possible: None, tmp_path: Path) -> None:
    """Settings of a group add to those of the play, what is a minimum is never lowered, and it comes to rest."""
    (tmp_path / 'play.yml').write_text(ROLE)
    vegas = {'safe_sysctl_settings_group': {'net.ipv4.tcp_syncookies': '1', 'net.ipv4.tcp_fin_timeout': 30}}
    members = [
        Host('low', 'clean', sysctls={'net.core.somaxconn': '128'}),
        Host('high', 'clean', sysctls={'net.core.somaxconn': '8192', 'net.ipv4.tcp_syncookies': '0'}, vars=vegas),
    ]
    with Fleet(members) as fleet:
        ended = play(usual_core, 'play.yml', '-i', fleet.inventory)
        assert ended.returncode == 0, ended.stdout
        assert done(tmp_path) == {'low': 'changed', 'high': 'changed'}
        wanted = 'sysctl -n net.core.somaxconn net.ipv4.tcp_fin_timeout net.ipv4.tcp_syncookies'
        assert fleet.ssh('low', wanted).stdout.split() == ['2048', '30', '1']
        assert fleet.ssh('high', wanted).stdout.split() == ['8192', '30', '1']
        again = play(usual_core, 'play.yml', '-i', fleet.inventory)
        assert again.returncode == 0, again.stdout
        assert set(done(tmp_path).values()) == {'untouched'}
