# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that the page shows for the hosts of the fleet, run as shown: each does what it says.

What is shown for several hosts differs in --limit alone, so it is run for all of them together; `make test-full` takes
every host through it alone too.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.fleet import Fleet, hosts
from tests.scenarios import states
from tests.scenarios.conftest import CHECKOUT, Run
from tests.scenarios.test_remediate import done, report
from tests.unit.plugins.plugin_utils._report.formats import page_reader

Json = dict[str, Any]
Typed = Callable[[str], 'subprocess.CompletedProcess[str]']
PLAYBOOKS = CHECKOUT / 'playbooks'
FIX = {
    *('exposed-containers', 'exposed-el7', 'exposed-el7-python27', 'exposed-one-container', 'latent-masked'),
    *('latent-sysctl-conf', 'latent-sysctl-d', 'stale-sysctl-conf', 'stale-sysctl-d', 'advisory-reuse-inert'),
}
LOWER = {'advisory-rfc1337': 'medium', 'advisory-syncookies': 'medium', 'advisory-timestamps': 'medium'}
BOTH = {'latent-masked': 'medium', 'advisory-reuse-inert': 'low'}
LOOK = "grep -r '' /etc/sysctl.conf /etc/sysctl.d; cd /proc/sys/net && grep -H . ipv4/tcp_* core/somaxconn"
#: What the page says instead of a command.
INSTEAD = {
    'latent-rc-local': 'Take net.ipv4.tcp_tw_recycle = 1 out of /etc/rc.local:2',
    'latent-tuned': 'Take net.ipv4.tcp_tw_recycle = 1 out of /etc/tuned/web/tuned.conf:5',
}


@pytest.fixture(scope='module')
def fleet(fleet_possible: None) -> Iterator[Fleet]:
    """Hosts of the standard fleet, but for those that take no part in this and the address that belongs to nobody."""
    with Fleet([host for host in hosts.standard() if host.name not in ('unreachable', 'old-clean')]) as up:
        yield up


@pytest.fixture
def typed(play: Run, newest_core: Path) -> Typed:
    """typed(command) runs it as a shell would, in the directory in which the audit ran."""

    def run(command: str) -> subprocess.CompletedProcess[str]:
        program, *words = shlex.split(command)
        assert program == 'ansible-playbook'
        return play(newest_core, *words)

    return run


def shown(place: Path) -> dict[str, Json]:
    """By host, what the page there shows: {fix, lower, undo: [command]}, as its script puts them together."""
    page = (place / 'paws-report' / 'audit.html').read_text(encoding='utf-8')
    data = json.loads(page_reader.embedded(page))
    return {
        host['name']: {
            name: ['%s %s' % (data['commands'][playbook], rest) for playbook, rest in each]
            for name, each in host.get('commands', {}).items()
        }
        for host in page_reader.hosts(page)
    }


def together(commands: Collection[str]) -> str:
    """The one command for several hosts that differs from each of these in --limit alone."""
    heads = {command.rpartition(' --limit ')[0] for command in commands}
    assert len(heads) == 1, heads
    return '%s --limit %s' % (heads.pop(), ':'.join(command.rpartition(' --limit ')[2] for command in commands))


def looks(fleet: Fleet, names: Collection[str]) -> dict[str, list[str]]:
    """What sysctl files say and what runs, by host, asked of the host and not of the collection."""
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(names, pool.map(lambda name: fleet.ssh(name, LOOK).stdout.splitlines(), names), strict=True))


def without_recycle(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Without the lines that an undo holds back."""
    return {name: [line for line in lines if states.RECYCLE not in line] for name, lines in found.items()}


def audited(play: Run, core: Path, fleet: Fleet, place: Path, *more: str) -> dict[str, Json]:
    """What the page of an audit shows; with the least windows that the fleet has evidence for."""
    window = ('-e', 'audit_window=1', '-e', 'audit_ignore_unreachable=true')
    ended = play(core, str(PLAYBOOKS / 'audit.yml'), '-i', fleet.inventory, *window, *more)
    assert ended.returncode == 0, ended.stdout
    return shown(place)


def changed(place: Path, state: str) -> set[str]:
    return {name for name, found in done(place).items() if found == state}


def test_what_is_shown_for_each_host_does_what_it_says(
    fleet: Fleet, play: Run, typed: Typed, newest_core: Path, tmp_path: Path
) -> None:
    page = audited(play, newest_core, fleet, tmp_path)
    assert {name for name, each in page.items() if 'fix' in each} == FIX
    assert {name for name, each in page.items() if 'lower' in each} == LOWER.keys() | BOTH.keys()
    assert not [name for name, each in page.items() if 'undo' in each], 'nothing was changed yet'
    entries = {host['name']: host for host in report(tmp_path)['hosts']}
    severities = {name: entries[name]['proposal']['severity'] for name in LOWER | BOTH}
    assert severities == LOWER | BOTH
    for name, told in INSTEAD.items():
        [hand] = entries[name]['proposal']['by_hand']
        assert 'Take %s = %s out of %s:%s' % (hand['key'], hand['value'], hand['file'], hand['line']) == told
    [hand] = entries['advisory-container']['proposal']['by_hand']
    assert (hand['kind'], hand['key'], hand['value']) == ('container', 'net.ipv4.tcp_rfc1337', '0')

    # Hosts for which nothing is shown have an empty plan, whatever the severity.
    silent = [name for name, each in page.items() if not each and name != 'refused']
    assert len(silent) >= 14
    none = play(
        *(newest_core, str(PLAYBOOKS / 'remediate.yml'), '-i', fleet.inventory, '-b', '--check', '--diff'),
        *('-e', 'remediate_min_severity=info', '-e', 'audit_window=1', '--limit', ':'.join(silent)),
    )
    assert none.returncode == 0, none.stdout
    assert done(tmp_path) == dict.fromkeys(silent, 'untouched')

    plain = sorted(LOWER)
    before = looks(fleet, [*FIX, *plain])
    for kind, names in (('fix', sorted(FIX)), ('lower', plain)):
        check, change = (together([page[name][kind][place] for name in names]) for place in (0, 1))
        planned = typed(check)
        assert planned.returncode == 0, planned.stdout
        assert changed(tmp_path, 'planned') == set(names), 'the check shows a change'
        assert planned.stdout.count('--- before') >= len(names), 'and what it is'
        assert looks(fleet, names) == {name: before[name] for name in names}
        ended = typed(change)
        assert ended.returncode == 0, ended.stdout
        assert changed(tmp_path, 'changed') == set(names)
        now = looks(fleet, names)
        assert [name for name in names if now[name] == before[name]] == []

    # Now there is something to undo, and nothing is left to fix.
    page = audited(play, newest_core, fleet, tmp_path, '--limit', ':'.join([*FIX, *plain]))
    assert {name for name, each in page.items() if 'fix' in each} == set()
    assert {name for name, each in page.items() if 'lower' in each} == BOTH.keys()
    assert all(len(each['undo']) == 1 for each in page.values())
    for names in (sorted(FIX), plain):
        ended = typed(together([page[name]['undo'][0] for name in names]))
        assert ended.returncode == 0, ended.stdout
    assert without_recycle(looks(fleet, list(before))) == without_recycle(before)

    page = audited(play, newest_core, fleet, tmp_path, '--limit', ':'.join([*FIX, *plain]))
    assert [name for name, each in page.items() if 'undo' in each] == [], 'it was undone'


@pytest.mark.long
@pytest.mark.parametrize('name', sorted(FIX | LOWER.keys()))
def test_what_is_shown_for_one_host_run_as_shown(
    name: str, fleet: Fleet, play: Run, typed: Typed, newest_core: Path, tmp_path: Path
) -> None:
    """Fix, what is left below the severity, and undo, each time as the page shows it then."""
    limit = ('--limit', name)
    first = before = looks(fleet, [name])
    page = audited(play, newest_core, fleet, tmp_path, *limit)[name]
    for kind in ('fix', 'lower'):
        if kind in page:
            check, change = page[kind]
            assert typed(check).returncode == 0
            assert done(tmp_path) == {name: 'planned'}
            assert typed(change).returncode == 0
            assert done(tmp_path) == {name: 'changed'}
            before, now = looks(fleet, [name]), before
            assert now != before
            page = audited(play, newest_core, fleet, tmp_path, *limit)[name]
    assert page.keys() == {'undo'}
    while 'undo' in page:
        assert typed(page['undo'][0]).returncode == 0
        page = audited(play, newest_core, fleet, tmp_path, *limit)[name]
    assert without_recycle(looks(fleet, [name])) == without_recycle(first)
