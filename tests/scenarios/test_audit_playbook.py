# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real runs of ansible-playbook: whatever happens to hosts, all are in the report, and the run ends as it should."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fleet import trees
from tests.scenarios.conftest import failed, recap
from tests.unit.plugins.plugin_utils._report.builders import problems

CHECKOUT = Path(__file__).resolve().parents[2]
AUDIT = str(CHECKOUT / 'playbooks' / 'audit.yml')
RECYCLE, TIMESTAMPS = 'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_timestamps'
EL7 = '3.10.0-1160.el7.x86_64'
REFUSED = 'ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1'

# The name of a stdout callback tells whether standard output belongs to a program: this one stands for those that do.
MACHINE_CALLBACK = """
from ansible.plugins.callback import CallbackBase

class CallbackModule(CallbackBase):
    CALLBACK_VERSION, CALLBACK_TYPE, CALLBACK_NAME = 2.0, 'stdout', 'json'

    def v2_playbook_on_stats(self, stats):
        print('{"stats": %d}' % len(stats.processed))
"""
ROLE = """
- hosts: all
  gather_facts: false
  strategy: %(strategy)s
  serial: %(serial)s
  tasks:
    - name: Break one host before the audit
      ansible.builtin.command: 'false'
      when: inventory_hostname == 'broken'
    - name: Audit
      ansible.builtin.import_role:
        name: nodetcp.paws.audit
    - name: Go on
      ansible.builtin.raw: 'true'
"""


class Site:
    """A directory to start ansible-playbook in, with an inventory."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.environment: dict[str, str] = {}

    def tree(self, name: str, files: dict[str, str]) -> Path:
        for path, text in files.items():
            target = self.place / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        return self.place / name

    def inventory(self, *lines: str) -> None:
        (self.place / 'hosts').write_text('\n'.join([*lines, '[all:vars]', 'ansible_connection=local', '']))

    def play(self, *arguments: str, playbook: str = AUDIT) -> subprocess.CompletedProcess[str]:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith('ANSIBLE_') and name != 'COLUMNS'
        }
        environment.update(ANSIBLE_CONFIG=str(CHECKOUT / 'ansible.cfg'), HOME=str(self.place))
        environment.update(self.environment)
        command = [str(Path(sys.executable).parent / 'ansible-playbook'), *arguments, playbook]
        if (self.place / 'hosts').exists():
            command[1:1] = ['-i', 'hosts']
        return subprocess.run(
            command, cwd=self.place, env=environment, text=True, capture_output=True, timeout=120, check=False
        )

    def report(self) -> dict[str, Any]:
        """audit.json where it is by default, as the schema says."""
        document = json.loads((self.place / 'paws-report' / 'audit.json').read_text())
        assert problems(document) == []
        assert isinstance(document, dict)
        return document

    def said(self) -> dict[str, tuple[str, str]]:
        """Status and verdict of each host in the report, in its order."""
        return {host['name']: (host['status'], host['verdict']) for host in self.report()['hosts']}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    found = Site(tmp_path)
    found.tree('exposed', trees.node(EL7, {RECYCLE: '1', TIMESTAMPS: '1'}, {'PAWSPassive': 7}))
    found.tree('safe', trees.node(EL7, {RECYCLE: '0', TIMESTAMPS: '1'}, {}))
    return found


def smaller(place: Path, serial: int = 1000, parts_above: int = 2000, least: int = 1) -> str:
    """The playbook of an audit, to which few hosts are many as thousands are to the real one."""
    place.mkdir()
    for name in ('audit.yml', 'observe.yml', 'observe_hosts.yml', 'observe_in_parts.yml'):
        text = (Path(AUDIT).parent / name).read_text(encoding='utf-8')
        text = text.replace('serial: 1000\n', 'serial: %d\n' % serial)
        text = text.replace(' > 2000', ' > %d' % parts_above).replace('least=1000', 'least=%d' % least)
        (place / name).write_text(text, encoding='utf-8')
    return str(place / 'audit.yml')


def host(site: Site, name: str, tree: str) -> str:
    return '%s audit_root=%s' % (name, site.place / tree)


def test_batches_of_a_large_fleet_change_nothing(site: Site) -> None:
    """With batches of one host, as with those of a thousand: of the first one nobody can be reached."""
    site.inventory(
        'gone %s' % REFUSED,
        host(site, 'nowhere', 'missing'),
        host(site, 'good', 'safe'),
        host(site, 'bad', 'exposed'),
    )
    found = []
    for playbook in (AUDIT, smaller(site.place / 'batches', serial=1), smaller(site.place / 'parts', parts_above=3)):
        run = site.play('-e', 'audit_window=1', playbook=playbook)
        found.append((run.returncode, recap(run.stdout), site.said()))
        # A part without a host is a play, too.
        assert run.stdout.count('PLAY [Observe]') == {AUDIT: 1}.get(playbook, 10 if 'parts' in playbook else 4)
        assert run.stdout.count('TASK [Observe and judge]') == (1 if playbook == AUDIT else 4)
    assert found[0] == found[1] == found[2]


def test_hosts_are_observed_in_parts_where_the_run_has_many(site: Site) -> None:
    """Not where the inventory alone has many; as many in a part as a play takes at once."""
    names = ['host%02d' % number for number in range(12)]
    site.inventory(*(host(site, name, 'safe') for name in [*names, '2001:db8::5']))
    (site.place / 'chosen').write_text('\n'.join(names[:4]))
    playbook = smaller(site.place / 'smaller', parts_above=4, least=5)
    for arguments, audited, plays in (
        ([], [*names, '2001:db8::5'], [5, 5, 3]),
        (['-e', '{"audit_skip": {"host01": "moves"}}'], [*names, '2001:db8::5'], [5, 5, 2]),
        (['--limit', 'host0*'], names[:10], [5, 5]),
        (['--limit', '@chosen'], names[:4], [4]),
        (['-e', 'audit_hosts=host00,host11'], [names[0], names[11]], [2]),
    ):
        run = site.play('-e', 'audit_window=0', *arguments, playbook=playbook)
        assert run.returncode == 0, run.stdout + run.stderr
        assert sorted(site.said()) == sorted(audited)
        of_plays = [part.split('PLAY [')[0].count('ok: [') for part in run.stdout.split('PLAY [Observe]')[1:]]
        assert [count for count in of_plays if count] == plays
        assert len(of_plays) == (1 if len(audited) <= 4 else 10), 'a part without a host is a play, too'


def test_every_host_is_reported_whatever_happened_to_it(site: Site) -> None:
    site.inventory(
        host(site, 'good', 'safe'),
        host(site, 'bad', 'exposed'),
        host(site, 'nowhere', 'missing'),
        'gone %s' % REFUSED,
        'resting %s' % REFUSED,
    )
    site.environment['ANSIBLE_SHOW_CUSTOM_STATS'] = 'true'
    run = site.play('-e', '{"audit_skip": {"resting": "moves tonight"}}')
    assert run.returncode == 2
    said = site.said()
    assert next(iter(said)) == 'bad'
    assert said['bad'] == ('ok', 'exposed')
    assert said['good'][0] == 'ok'
    assert said['nowhere'] == ('failed', 'unknown')
    assert said['gone'] == ('unreachable', 'unknown')
    assert said['resting'] == ('skipped', 'unknown')
    reasons = {entry['name']: entry['reason'] for entry in site.report()['hosts']}
    assert reasons['resting'] == 'moves tonight'
    assert 'missing' in reasons['nowhere']
    table = [line.split()[:2] for line in run.stdout.splitlines()]
    assert table.index(['bad', 'exposed']) < table.index(['gone', 'unreachable']) < table.index(['resting', 'skipped'])
    assert failed(run.stdout) == {'nowhere', 'gone'}
    assert 'nodetcp_paws' in run.stdout.partition('CUSTOM STATS')[2], 'the summary goes out although the run failed'
    assert 'changed=1' not in run.stdout
    page = (site.place / 'paws-report' / 'audit.html').read_text()
    assert all('<th scope="row">%s</th>' % name in page for name in said)


def test_all_hosts_unreachable_are_all_reported(site: Site) -> None:
    site.inventory(*('gone%d %s' % (number, REFUSED) for number in range(3)))
    assert site.play().returncode == 2
    assert site.said() == {'gone%d' % number: ('unreachable', 'unknown') for number in range(3)}
    assert site.play('-e', 'audit_ignore_unreachable=yes').returncode == 0
    assert len(site.said()) == 3


def test_limit_check_mode_and_values_given_as_text(site: Site) -> None:
    site.inventory('[web]', host(site, 'bad', 'exposed'), '[db]', 'gone %s' % REFUSED)
    options = ('--limit', 'web', '--check', '-e', 'audit_formats=json', '-e', 'audit_window=0')
    run = site.play(*options)
    assert run.returncode == 0, run.stdout
    document = site.report()
    assert (document['run']['limit'], document['run']['check_mode'], document['run']['pending']) == ('web', True, 0)
    assert [(entry['name'], entry['groups']) for entry in document['hosts']] == [('bad', ['web'])]
    assert os.listdir(site.place / 'paws-report') == ['audit.json']
    assert site.play(*options, '-e', 'audit_fail_on=dropping').returncode == 0
    run = site.play(*options, '-e', 'audit_fail_on=latent')
    assert run.returncode == 2
    assert failed(run.stdout) == {'bad'}
    assert 'exposed (audit_fail_on): ' in run.stdout


def test_the_playbook_under_a_strategy_without_run_once(site: Site) -> None:
    site.inventory(host(site, 'good', 'safe'), host(site, 'bad', 'exposed'), 'gone %s' % REFUSED)
    site.environment['ANSIBLE_STRATEGY'] = 'free'
    run = site.play()
    assert run.returncode == 2
    assert set(site.said()) == {'good', 'bad', 'gone'}
    assert run.stdout.count('paws-report/audit.json\n') == 1, 'one report'


@pytest.mark.parametrize(('strategy', 'serial'), [('linear', 0), ('linear', 2), ('free', 0), ('host_pinned', 2)])
def test_the_role_in_a_play_of_ones_own(site: Site, strategy: str, serial: int) -> None:
    good = [host(site, name, 'safe') for name in 'xy']
    site.inventory('broken', host(site, 'bad', 'exposed'), 'gone %s' % REFUSED, *good)
    (site.place / 'own.yml').write_text(ROLE % {'strategy': strategy, 'serial': serial})
    run = site.play(playbook='own.yml')
    assert run.returncode == 2
    statuses = {name: status for name, (status, _verdict) in site.said().items()}
    assert statuses == {'broken': 'failed', 'bad': 'ok', 'gone': 'unreachable', 'x': 'ok', 'y': 'ok'}
    assert site.report()['run']['pending'] == 0
    assert run.stdout.count('5 hosts: ') == 1, 'the table comes once, when no host is missing'
    assert failed(run.stdout) == {'broken', 'gone'}
    reached = {name for name, counts in recap(run.stdout).items() if counts['changed']}
    assert reached == {'bad', 'x', 'y'}, 'the play goes on for those that are well'


@pytest.mark.parametrize(('keywords', 'reached'), [('{}', {'good'}), ('{any_errors_fatal: true}', set())])
def test_a_gate_fails_its_hosts_and_ends_the_play_where_the_play_says_so(
    site: Site, keywords: str, reached: set[str]
) -> None:
    site.inventory(host(site, 'good', 'safe'), host(site, 'worse', 'exposed'))
    (site.place / 'own.yml').write_text(ROLE % {'strategy': 'linear', 'serial': 0})
    play = {**yaml.safe_load((site.place / 'own.yml').read_text())[0], **yaml.safe_load(keywords)}
    (site.place / 'own.yml').write_text(json.dumps([play]))
    run = site.play('-e', 'audit_fail_on=exposed', playbook='own.yml')
    assert run.returncode == 2
    assert failed(run.stdout) == {'worse'}
    assert {name for name, counts in recap(run.stdout).items() if counts['changed']} == reached


def test_a_gate_for_offline_records_alone_fails_the_run(site: Site) -> None:
    (site.place / 'records').mkdir()
    (site.place / 'records' / 'far.json').write_text('{}')
    site.inventory(host(site, 'good', 'safe'))
    run = site.play('-e', 'audit_records=records')
    assert run.returncode == 2
    assert 'far' in run.stdout.rpartition('Fail the hosts')[2]


def test_wrong_variables_stop_the_run_before_any_host_is_contacted(site: Site) -> None:
    site.inventory('[web]', 'web1 %s' % REFUSED, 'web2 %s audit_profile=toaster' % REFUSED)
    (site.place / 'group_vars').mkdir()
    (site.place / 'group_vars' / 'web.yml').write_text(
        'audit_waivers: [{rule: "{{ \'no-such-\' ~ inventory_hostname }}", reason: x}]\n'
        'audit_rules: [{id: mine, severity: enormous}]\n'
    )
    site.environment['ANSIBLE_STRATEGY'] = 'free'
    run = site.play('-e', 'audit_fail_on=everything', '-e', 'audit_records=nowhere', '-e', 'audit_skip=web1')
    assert run.returncode == 2
    assert 'UNREACHABLE' not in run.stdout + run.stderr, 'no host was contacted'
    message = run.stdout + run.stderr
    for part in (
        "rule 'mine' in audit_rules[0]",
        'on web1 and 1 more host',
        'group_vars/web.yml:2',
        "'no-such-web1'",
        "'no-such-web2'",
        'toaster',
        'everything',
        "audit_records 'nowhere' is not a directory",
        'audit_skip must be a dictionary',
    ):
        assert part in message
    assert not (site.place / 'paws-report').exists()


def test_the_role_alone_checks_before_it_contacts_under_any_strategy(site: Site) -> None:
    site.inventory('web1 %s' % REFUSED, 'web2 %s audit_root=relative' % REFUSED)
    (site.place / 'own.yml').write_text(ROLE % {'strategy': 'free', 'serial': 0})
    run = site.play(playbook='own.yml')
    assert run.returncode == 2
    assert 'UNREACHABLE' not in run.stdout + run.stderr
    assert "audit_root 'relative' is not an absolute path on the node (on web2" in run.stdout


def test_offline_records_beside_live_hosts_and_alone(site: Site) -> None:
    records = site.place / 'records'
    records.mkdir()
    environment = {**os.environ, 'PYTHONPATH': str(CHECKOUT / 'playbooks' / 'collections')}
    package = 'ansible_collections.nodetcp.paws.plugins.module_utils._node'
    collect = 'from %s.operations import collect; collect.run_here("0.1.0")' % package
    made = subprocess.run([sys.executable, '-c', collect], env=environment, stdout=subprocess.PIPE, check=True)
    (records / 'far.json').write_bytes(made.stdout)
    (records / 'good.json').write_bytes(made.stdout)
    (records / 'junk.json').write_bytes(b'\xff\x00junk')
    alone = site.play('-e', 'audit_records=records')
    assert alone.returncode == 2
    statuses = {name: status for name, (status, _verdict) in site.said().items()}
    assert statuses == {'far': 'ok', 'good': 'ok', 'junk': 'failed'}
    assert 'records/junk.json: is not JSON' in alone.stdout
    site.inventory(host(site, 'good', 'safe'))
    (records / 'junk.json').unlink()
    assert site.play('-e', 'audit_records=records').returncode == 0
    assert set(site.said()) == {'far', 'good', 'good (good.json)'}


def test_the_table_leaves_standard_output_to_programs(site: Site) -> None:
    site.inventory(host(site, 'bad', 'exposed'))
    plugins = site.place / 'callbacks'
    plugins.mkdir()
    (plugins / 'json.py').write_text(MACHINE_CALLBACK)
    site.environment.update(ANSIBLE_CALLBACK_PLUGINS=str(plugins), ANSIBLE_STDOUT_CALLBACK='json')
    run = site.play()
    assert run.returncode == 0
    assert json.loads(run.stdout) == {'stats': 1}
    assert 'bad  exposed' in run.stderr


@pytest.mark.parametrize(
    ('kernels', 'value', 'gate', 'verdict', 'status'),
    [
        (['3.10.0-1160.el7.x86_64', '5.4.278-1.el7.elrepo.x86_64'], 1, 'latent', 'latent', 2),
        (['3.10.0-1160.el7.x86_64'], 0, 'latent', 'unknown', 0),
        (['5.14.0-70.el9.x86_64'], 1, 'stale', 'stale', 2),
    ],
)
def test_an_image_is_judged_by_what_its_kernels_will_do(
    site: Site, kernels: list[str], value: int, gate: str, verdict: str, status: int
) -> None:
    modules = {'lib/modules/%s/modules.dep' % kernel: '' for kernel in kernels}
    site.tree('image', {**modules, 'etc/sysctl.d/50-tuning.conf': '%s = %d\n' % (RECYCLE, value)})
    site.inventory(host(site, 'image', 'image'))
    run = site.play('-e', 'audit_fail_on=%s' % gate)
    assert site.report()['hosts'][0]['verdict'] == verdict
    assert run.returncode == status


def test_what_holds_for_the_whole_run_is_the_same_on_all_hosts(site: Site) -> None:
    site.inventory('web1 %s' % REFUSED, 'web2 %s audit_fail_on=clean' % REFUSED)
    run = site.play()
    assert run.returncode == 2
    assert "audit_fail_on holds for the whole run, and hosts differ: 'clean' on web2" in run.stdout
    assert 'none on 1 host; set it for all of them, or with -e' in run.stdout
    assert 'UNREACHABLE' not in run.stdout
    site.inventory(*(host(site, name, 'safe') + ' audit_fail_on=exposed' for name in ('web1', 'web2')))
    assert site.play().returncode == 0
    site.inventory(host(site, 'web1', 'safe'), host(site, 'web2', 'safe') + ' audit_fail_on=clean')
    assert site.play('-e', 'audit_fail_on=dropping').returncode == 0


def test_hosts_of_the_playbook_are_not_chosen_in_the_inventory(site: Site) -> None:
    site.inventory(host(site, 'web1', 'safe'), host(site, 'web2', 'safe'), '[all:vars]', 'audit_hosts=web1')
    run = site.play()
    assert run.returncode == 2
    assert 'audit_hosts does not count in the inventory (on web1 and 1 more host' in run.stdout
    assert site.play('-e', 'audit_hosts=web1').returncode == 0
    assert list(site.said()) == ['web1']


@pytest.mark.parametrize('playbook', ['rollback', 'forget'])
def test_hosts_to_undo_are_not_chosen_in_the_inventory(site: Site, playbook: str) -> None:
    site.inventory('web1 %s' % REFUSED, 'web2 %s' % REFUSED, '[all:vars]', '%s_hosts=web1' % playbook)
    run = site.play(playbook=str(CHECKOUT / 'playbooks' / ('%s.yml' % playbook)))
    assert run.returncode == 2
    assert '%s_hosts does not count in the inventory' % playbook in run.stdout
    assert 'UNREACHABLE' not in run.stdout
