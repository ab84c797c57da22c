# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten journeys of people who have only what they see: a screen of 80 columns and 40 rows, and a browser."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.docs import markdown
from tests.page.browser import Browser
from tests.scenarios import states
from tests.terminal import CHECKOUT, CTRL_C, Terminal
from tests.walk.conftest import Sit, Site

AUDIT = 'ansible-playbook -i inventory -b nodetcp.paws.audit'
REMEDIATE = 'ansible-playbook -i inventory -b nodetcp.paws.remediate'
UNDO = re.compile(r'^change set \S+, to undo it: (ansible-playbook .*)$', re.MULTILINE)
GUIDE = CHECKOUT / 'docs' / 'guides' / 'from-ansible-posix.md'
ROLE = """
- name: Web servers
  hosts: all
  become: true
  gather_facts: false
  tasks:
    - name: Safe settings
      ansible.builtin.import_role:
        name: nodetcp.paws.safe_sysctl
    - name: Deploy
      ansible.builtin.raw: 'true'
"""


def undo(screen: Terminal) -> str:
    """The command that the screen shows, as one copies it."""
    found = UNDO.findall(screen.copied())
    assert found, screen.copied()
    return str(found[-1])


def first_screen(chromium: Browser, place: Path, width: int = 1400) -> str:
    """The text of the page of the last run that is to be seen without scrolling."""
    chromium.size(width, 1000)
    chromium.open(place / 'paws-report' / 'audit.html')
    text: str = chromium.run("""
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
        let seen = '';
        while (texts.nextNode()) {
            range.selectNode(texts.currentNode);
            const box = range.getBoundingClientRect();
            if (box.height && box.bottom <= innerHeight) seen += texts.currentNode.textContent + '\\n';
        }
        return seen;
    """)
    return text


def test_the_first_audit(site: Site, sit: Sit, chromium: Browser) -> None:
    site.hosts('web1', 'db1', 'cache1')
    screen = sit()
    assert screen.run(AUDIT) == 0
    shown = screen.copied()
    assert re.search('^web1 +exposed', shown, re.MULTILINE)
    assert re.search('^db1 +stale', shown, re.MULTILINE)
    assert '3 hosts: 1 exposed, 1 stale, 1 clean' in shown
    assert 'paws-report/audit.html' in shown
    assert re.search('^1. exposed, web1: ', shown.partition('Do this now')[2], re.MULTILINE)
    assert shown.rstrip(' $\n').endswith('Next: %s --limit web1 --check --diff' % REMEDIATE)
    screen.resize(60, 40)
    assert screen.run(AUDIT) == 0
    assert re.search(r'^web1 +exposed  .*\n {17}\w', screen.copied(), re.MULTILINE), 'lines end where the screen does'
    for width in (1400, 390):
        page = first_screen(chromium, site.place, width)
        for part in ('web1', 'tcp_tw_recycle is on', 'ansible-playbook -i inventory -b nodetcp.paws.remediate'):
            assert part in page, width


def test_the_first_fix_with_a_canary(site: Site, sit: Sit, chromium: Browser) -> None:
    """Look at the plan, carry it out, look again."""
    site.hosts('shop1', 'shop2')
    before = site.state()
    screen = sit()
    assert screen.run(REMEDIATE + ' --check --diff') == 0
    assert 'remediation: 2 planned' in screen.copied()
    assert '2 changed' not in screen.copied()
    assert '-net.ipv4.tcp_tw_recycle = 1' in screen.screen.past(), 'what changes can be scrolled to'
    assert site.state() == before
    assert screen.run(REMEDIATE + ' -e remediate_canary=shop2 -v') == 0
    shown = screen.copied()
    assert 'remediation: 2 changed' in shown
    batches = re.findall(r'^  batch \d .*\n    (\w+): changed', shown, re.MULTILINE)
    assert batches == ['shop2', 'shop1'], 'the canary comes first'
    assert 'nodetcp.paws.rollback' in undo(screen)
    assert site.state() != before
    assert '2 changed' in first_screen(chromium, site.place)
    assert screen.run(AUDIT) == 0
    assert '2 hosts: 2 clean' in screen.copied()


def test_ctrl_c_and_back_from_what_is_on_the_screen(site: Site, sit: Sit) -> None:
    """On a narrow screen, where the command does not fit on a row. What would bring the fault back is held back."""
    site.hosts('pay1', 'pay2', remediate_health_command='sleep 100', remediate_batches=['100%'])
    before = site.state()
    screen = sit(60)
    screen.type(REMEDIATE)
    screen.until(lambda: 'sleep' in site.said('pay2', 'cat /proc/[0-9]*/comm'))
    screen.press(CTRL_C)
    assert screen.ended() != 0
    assert 'The run ended without its report.' in screen.copied()
    back = undo(screen)
    assert screen.run(back) == 0
    now = site.state()
    assert now['pay2'] == before['pay2']
    assert states.without_recycle(now['pay1']) == states.without_recycle(before['pay1'])
    assert 'held back: net.ipv4.tcp_tw_recycle = 1 (running in ' in screen.copied()
    [more] = set(re.findall('; (rollback_restore_unsafe=true) restores it', screen.copied()))
    assert screen.run('%s -e %s' % (back, more)) == 0
    assert site.state() == before


def test_a_full_disk(site: Site, sit: Sit) -> None:
    """The report has no room: the change, its table and the way back are on the screen all the same."""
    site.hosts('log1', audit_report_dir='full')
    place = site.place / 'full'
    place.mkdir()
    before = site.state()
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', str(place)], check=True)
    try:
        screen = sit()
        assert screen.run(REMEDIATE) != 0
    finally:
        subprocess.run(['umount', str(place)], check=True)
    shown = screen.copied()
    assert re.search('^log1 .*changed', shown, re.MULTILINE)
    assert 'the report cannot be written to full: ' in shown
    assert 'No space left on device' in shown
    assert screen.run(undo(screen)) == 0
    assert site.state() == before


def test_without_root(site: Site, sit: Sit) -> None:
    site.hosts('app1')
    screen = sit()
    without = 'ansible-playbook -i inventory nodetcp.paws.'
    assert screen.run(without + 'audit') == 0
    assert re.search(r'^app1 +stale \(.* not seen: run with\s+-b\)', screen.copied(), re.MULTILINE)
    assert screen.run(without + 'remediate') == 2
    assert 'untouched: its change cannot be planned: root is needed: run with -b' in screen.copied()
    assert 'errno' not in screen.copied().lower()
    assert screen.run(REMEDIATE) == 2
    assert 'become by sudo does not work on the node: ' in screen.copied(), 'nor does this user get root by -b'
    assert 'no Python' not in screen.copied()
    assert 'tcp_tw_recycle = 1' in site.said('app1', 'cat /etc/sysctl.d/99-tuning.conf')


def test_a_typo_in_a_gate(site: Site, sit: Sit) -> None:
    site.hosts('web1', 'cache1')
    screen = sit()
    assert screen.run(AUDIT + ' -e audit_failon=exposed') == 2
    shown = screen.copied()
    assert 'nothing was contacted: audit_failon (given with -e) is not a variable of this collection' in shown
    assert 'did you mean audit_fail_on?' in shown
    assert '1 host' not in shown, 'nobody was audited'
    assert not (site.place / 'paws-report').exists()
    assert screen.run(AUDIT + ' -e audit_fail_on=exposed') == 2
    assert re.search(r'^fatal: \[web1\]: .*exposed \(audit_fail_on\)', screen.copied(), re.MULTILINE)


def test_an_empty_inventory(site: Site, sit: Sit) -> None:
    (site.place / 'inventory').write_text('[web]\n')
    screen = sit()
    assert screen.run(AUDIT + ' -e audit_fail_on=exposed') == 2
    assert 'nothing was contacted: the inventory has no host: name it by -i' in screen.copied()
    assert screen.run(REMEDIATE) != 0
    assert 'the inventory has no host: name it by -i' in screen.copied()


def test_the_role_beside_a_failing_neighbour(site: Site, sit: Sit) -> None:
    site.hosts('api1', 'api2', 'api3')
    (site.place / 'site.yml').write_text(ROLE)
    before = site.state()
    screen = sit()
    assert screen.run('ansible-playbook -i inventory site.yml') == 2
    shown = screen.copied()
    assert re.search(r'^api3 .* unreachable=0 +failed=1 ', shown, re.MULTILINE)
    assert re.search(r'^api1 .* unreachable=0 +failed=0 ', shown, re.MULTILINE)
    assert 'Connection refused' in shown
    changed = re.findall(r'^changed: \[(\w+)\]', shown.partition('TASK [Deploy]')[2], re.MULTILINE)
    assert sorted(changed) == ['api1', 'api2']
    after = site.state()
    assert all(after[name] != before[name] for name in ('api1', 'api2'))
    assert screen.run(undo(screen)) in (0, 4)
    assert site.state() == before


def test_migration_from_ansible_posix(site: Site, sit: Sit) -> None:
    """As the guide says, on a host that its first playbook has set up. There an older file wins over that one."""
    site.hosts('tuned1')
    text = [block.text for block in markdown.blocks(GUIDE, 'yaml')][-1]
    (site.place / 'after.yml').write_text(text.replace('hosts: web', 'hosts: all'))
    before = site.state()
    screen = sit()
    assert screen.run('ansible-playbook -i inventory after.yml --check --diff') == 0
    shown = screen.copied()
    assert '-net.core.somaxconn = 1024' in shown
    assert '+# disabled by nodetcp.paws: net.core.somaxconn = 1024' in shown, 'the line that wins becomes a comment'
    assert site.state() == before
    assert screen.run('ansible-playbook -i inventory after.yml') == 0
    assert screen.run('ansible-playbook -i inventory after.yml') == 0
    assert re.search('^tuned1 .* changed=0 ', screen.copied(), re.MULTILINE)
    assert screen.run('ansible-playbook -i inventory -b nodetcp.paws.rollback') == 0
    assert 'rolled back' in screen.copied()
    assert site.state() == before


def test_in_chinese(site: Site, sit: Sit, chromium: Browser) -> None:
    site.hosts('web1', 'cache1', audit_language='zh')
    screen = sit()
    assert screen.run(AUDIT) == 0
    shown = screen.copied()
    assert re.search('^web1 +已暴露', shown, re.MULTILINE)
    assert '2 台主机：1 台已暴露、1 台正常' in shown
    page = first_screen(chromium, site.place)
    assert '已暴露' in page
    assert screen.run(AUDIT + ' -e audit_failon=exposed') == 2
    assert 'audit_fail_on' in screen.copied()
