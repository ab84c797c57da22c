# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that nobody knows and patterns that match no host: the run says so, and contacts nobody."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.fleet import trees
from tests.scenarios.conftest import CHECKOUT, Run
from tests.scenarios.test_audit_playbook import EL7, RECYCLE, REFUSED, ROLE, TIMESTAMPS

Ended = subprocess.CompletedProcess[str]


def playbook(name: str) -> str:
    return str(CHECKOUT / 'playbooks' / ('%s.yml' % name))


class Site:
    """A directory to start ansible-playbook of some core in, with an inventory of hosts that refuse connections."""

    def __init__(self, place: Path, core: Path, play: Run) -> None:
        self.place, self._core, self._play = place, core, play

    def inventory(self, *lines: str) -> None:
        (self.place / 'hosts').write_text('\n'.join([*lines, '']))

    def safe(self, name: str) -> str:
        """A host that is well."""
        for path, text in trees.node(EL7, {RECYCLE: '0', TIMESTAMPS: '1'}, {}).items():
            target = self.place / 'safe' / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        return '%s audit_root=%s ansible_connection=local' % (name, self.place / 'safe')

    def play(self, path: str, *arguments: str) -> Ended:
        given = ('-i', 'hosts') if (self.place / 'hosts').exists() else ()
        return self._play(self._core, path, *given, *arguments)


@pytest.fixture
def site(edge_core: Path, play: Run, tmp_path: Path) -> Site:
    return Site(tmp_path, edge_core, play)


def test_a_name_that_nobody_knows_is_refused_with_the_nearest_one(site: Site) -> None:
    site.inventory('[web]', 'web1 %s' % REFUSED, 'web2 %s remediate_canry=web1' % REFUSED)
    (site.place / 'group_vars').mkdir()
    (site.place / 'group_vars' / 'web.yml').write_text('safe_sysctl_setings: {net.core.somaxconn: 4096}\n')
    run = site.play(playbook('audit'), '-e', 'audit_failon=exposed')
    assert run.returncode == 2
    assert 'UNREACHABLE' not in run.stdout
    for part in (
        'audit_failon (given with -e) is not a variable of this collection: did you mean audit_fail_on?',
        'remediate_canry (on web2',
        'did you mean remediate_canary?',
        'safe_sysctl_setings (on web1 and 1 more host',
        'did you mean safe_sysctl_settings?',
    ):
        assert part in run.stdout
    assert not (site.place / 'paws-report').exists()


def test_what_is_wrong_is_told_in_the_language_of_the_run(site: Site) -> None:
    site.inventory('web1 %s audit_window=-5' % REFUSED)
    run = site.play(playbook('audit'), '-e', 'audit_failon=exposed', '-e', 'audit_language=zh')
    assert run.returncode == 2
    assert '没有联系任何主机：audit_failon（由 -e 给出） 不是本集合的变量：是否想用 audit_fail_on？' in run.stdout
    assert 'audit_window 是 0 到 3600 的秒数，不能是 -5' in run.stdout
    assert 'is not a variable' not in run.stdout


def test_names_of_ones_own_are_listed_or_registered(site: Site) -> None:
    site.inventory(site.safe('good'), '[all:vars]', 'audit_owner=us', 'report_mail=me', 'report_copy=you')
    assert site.play(playbook('audit')).returncode == 2
    own = ('-e', '{"audit_own_names": ["audit_owner", "report_*"]}')
    assert site.play(playbook('audit'), *own).returncode == 0
    before = '    - ansible.builtin.set_fact:\n        audit_begun: true\n      register: rollback_done\n'
    text = ROLE % {'strategy': 'linear', 'serial': 0}
    (site.place / 'own.yml').write_text(text.replace('  tasks:\n', '  tasks:\n' + before))
    assert site.play('own.yml', *own).returncode == 0
    (site.place / 'own.yml').write_text(text.replace('  tasks:\n', '  vars:\n    audit_fial_on: exposed\n  tasks:\n'))
    run = site.play('own.yml', *own)
    assert run.returncode == 2
    assert 'audit_fial_on (in the play) is not a variable of this collection: did you mean audit_fail_on?' in run.stdout


@pytest.mark.parametrize('name', ['report', 'diagnose', 'rollback', 'forget', 'remediate'])
def test_each_playbook_refuses_an_unknown_name(site: Site, name: str) -> None:
    site.inventory('web1 %s' % REFUSED)
    run = site.play(playbook(name), '-e', 'report_gates=worse')
    assert run.returncode == 2
    assert 'report_gates (given with -e) is not a variable of this collection: did you mean report_gate?' in run.stdout
    assert 'UNREACHABLE' not in run.stdout


@pytest.mark.parametrize('name', ['audit', 'remediate', 'rollback', 'forget'])
def test_a_pattern_that_matches_no_host_fails(site: Site, name: str) -> None:
    site.inventory('[web]', 'web1 %s' % REFUSED, '[db]', 'db1 %s' % REFUSED)
    run = site.play(playbook(name), '-e', '%s_hosts=webb' % name)
    assert run.returncode == 2
    assert 'nothing was contacted: %s_hosts=webb matches no host"' % name in run.stdout
    run = site.play(playbook(name), '-e', '%s_hosts=web' % name, '--limit', 'db')
    assert run.returncode == 2
    assert '%s_hosts=web matches no host within --limit db"' % name in run.stdout
    assert 'UNREACHABLE' not in run.stdout


def test_no_gate_passes_without_a_host(site: Site) -> None:
    assert site.play(playbook('audit')).returncode == 0
    run = site.play(playbook('audit'), '-e', 'audit_fail_on=clean')
    assert run.returncode == 2
    assert 'nothing was contacted: the inventory has no host: name it by -i' in run.stdout
    (site.place / 'records').mkdir()
    records = ('-e', 'audit_records=records')
    assert site.play(playbook('audit'), *records).returncode == 0
    run = site.play(playbook('audit'), *records, '-e', 'audit_fail_on=dropping')
    assert run.returncode == 2
    assert 'No host was audited: audit_fail_on=dropping has nothing to judge.' in run.stdout
    compared = ('-e', 'report_baseline=paws-report', '-e', 'audit_report_dir=new', '-e', 'report_gate=worse')
    run = site.play(playbook('report'), *compared)
    assert run.returncode == 2
    assert 'No host was audited: report_gate=worse has nothing to judge.' in run.stdout


def test_localhost_needs_no_inventory(site: Site) -> None:
    """A pattern that means it is not one without a host."""
    site.inventory('web1 %s' % REFUSED)
    run = site.play(playbook('audit'), '-e', 'audit_hosts=localhost', '-e', 'audit_window=0')
    assert run.returncode == 0, run.stdout
    assert '1 host: ' in run.stdout
