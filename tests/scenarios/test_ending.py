# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands on the screen when a run has ended: what to do now, after the recap, once."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pyte
import pytest

from tests import synthetic
from tests.scenarios.test_audit_playbook import AUDIT, MACHINE_CALLBACK, ROLE, Site, host, site

__all__ = ['site']
OWN = ROLE % {'strategy': 'linear', 'serial': 0}
INSTALLED = '[defaults]\ncollections_path = %s\n' % (Path(AUDIT).parent / 'collections')


@pytest.fixture
def looked(site: Site) -> Site:
    """Two hosts, and the configuration of somebody who has only installed the collection."""
    site.inventory(host(site, 'bad', 'exposed'), host(site, 'good', 'safe'))
    (site.place / 'ansible.cfg').write_text(INSTALLED)
    site.environment['ANSIBLE_CONFIG'] = str(site.place / 'ansible.cfg')
    return site


def split(run: subprocess.CompletedProcess[str]) -> tuple[str, str]:
    """Standard output before the recap and after its lines."""
    before, _recap, after = run.stdout.partition('PLAY RECAP')
    return before, after.partition('\n\n')[2]


@pytest.mark.parametrize(
    'playbook', ['nodetcp.paws.audit', *(pytest.param(each, marks=pytest.mark.long) for each in (AUDIT, 'own.yml'))]
)
def test_what_to_do_now_is_the_last_that_an_audit_says(looked: Site, playbook: str) -> None:
    (looked.place / 'own.yml').write_text('- import_playbook: nodetcp.paws.audit\n')
    before, after = split(looked.play('-e', 'audit_window=0', playbook=playbook))
    assert 'Do this now' not in before
    lines = after.splitlines()
    assert lines[0] == 'Do this now'
    assert lines[1].startswith('1. exposed, bad: tcp_tw_recycle is on')
    assert lines[2].strip().startswith('A captured tree is not there to be changed')
    assert lines[-3:] == [
        '2 hosts: 1 exposed, 1 clean (2 partly seen)',
        'paws-report/audit.json',
        'paws-report/audit.html',
    ]


def test_in_a_play_of_ones_own_it_stands_before_the_recap_unless_the_callback_is_enabled(looked: Site) -> None:
    (looked.place / 'own.yml').write_text(OWN)
    before, after = split(looked.play('-e', 'audit_window=0', playbook='own.yml'))
    assert before.count('Do this now') == 1
    assert after.strip() == ''
    looked.environment['ANSIBLE_CALLBACKS_ENABLED'] = 'nodetcp.paws.ending'
    before, after = split(looked.play('-e', 'audit_window=0', playbook='own.yml'))
    assert 'Do this now' not in before
    assert after.count('Do this now') == 1


@pytest.mark.long
def test_standard_output_that_belongs_to_a_program_stays_clean(looked: Site) -> None:
    (looked.place / 'callback_plugins').mkdir()
    (looked.place / 'callback_plugins' / 'json.py').write_text(MACHINE_CALLBACK)
    looked.environment.update(
        ANSIBLE_STDOUT_CALLBACK='json', ANSIBLE_CALLBACK_PLUGINS=str(looked.place / 'callback_plugins')
    )
    run = looked.play('-e', 'audit_window=0')
    assert json.loads(run.stdout) == {'stats': 2}
    assert 'Do this now' in run.stderr


@pytest.mark.long
def test_a_rollback_says_last_what_it_restored(looked: Site) -> None:
    before, after = split(looked.play(playbook=str(Path(AUDIT).parent / 'rollback.yml')))
    assert 'it has no such change set' not in before
    assert after.count('it has no such change set') == 2


def test_after_the_recap_of_two_thousand_hosts_all_fits_on_a_screen(looked: Site) -> None:
    (looked.place / 'paws-report').mkdir()
    (looked.place / 'paws-report' / 'audit.json').write_text(json.dumps(synthetic.fleet(2000)))
    looked.environment['COLUMNS'] = '80'
    _before, after = split(looked.play('-e', 'audit_formats=json', playbook=str(Path(AUDIT).parent / 'report.yml')))
    screen = pyte.HistoryScreen(80, 40, history=10)
    pyte.Stream(screen).feed(after.replace('\n', '\r\n'))
    assert not screen.history.top, 'nothing has left the screen'
    assert screen.display[0].rstrip() == 'Do this now'
    assert '1. dropping, 100 hosts, worst host00000.example.org:' in screen.display[1]


@pytest.mark.long
@pytest.mark.parametrize(
    ('environment', 'colour'),
    [({}, False), ({'ANSIBLE_FORCE_COLOR': '1'}, True), ({'ANSIBLE_NOCOLOR': '1'}, False), ({'NO_COLOR': '1'}, False)],
)
def test_colours_are_those_that_ansible_was_told(looked: Site, environment: dict[str, str], colour: bool) -> None:
    looked.environment.update(environment)
    _before, after = split(looked.play('-e', 'audit_window=0'))
    assert bool(re.search('bad +\x1b\\[31mexposed\x1b\\[0m', after)) is colour
    assert ('\x1b' in after) is colour


@pytest.mark.long
def test_with_v_no_host_is_left_out_for_want_of_room(looked: Site) -> None:
    looked.inventory(*(host(looked, 'bad%02d' % number, 'exposed') for number in range(12)))
    rows = [split(looked.play(*more, '-e', 'audit_window=0'))[1].count(' exposed ') for more in ((), ('-v',))]
    assert rows[0] < rows[1] == 12 + 1
