# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks of docs/guides/from-ansible-posix.md, on hosts alike: the real ansible.posix before, this one after."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from tests.benchmark import peer
from tests.docs import markdown
from tests.fleet import Fleet
from tests.fleet.spec import Host
from tests.scenarios import states
from tests.scenarios.conftest import CHECKOUT, Run
from tests.scenarios.test_remediate import recap

PAGE = CHECKOUT / 'docs' / 'guides' / 'from-ansible-posix.md'
KEYS = ('net.core.somaxconn', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout')
WANTED = ['4096', '10240 65000', '600']
FILE = '/etc/sysctl.d/90-tuning.conf'
TUNED = '# by hand\nnet.ipv4.tcp_fin_timeout = 30\nnet.core.somaxconn=1024\n'
ROLLBACK = str(CHECKOUT / 'playbooks' / 'rollback.yml')
PLAIN = ('-e', 'ansible_become=false')  # the fleet's user is root


@pytest.fixture
def pages(tmp_path: Path) -> None:
    """before.yml and after.yml of the guide."""
    playbooks = list(markdown.blocks(PAGE, 'yaml'))
    for name, block in zip(('before', 'after'), playbooks, strict=True):
        (tmp_path / ('%s.yml' % name)).write_text(block.text)


def values(fleet: Fleet, host: str) -> list[str]:
    found = fleet.ssh(host, 'sysctl -n %s' % ' '.join(KEYS)).stdout.splitlines()
    return [' '.join(line.split()) for line in found]


@pytest.mark.skipif(not shutil.which('sysctl'), reason='needs sysctl of procps, which ansible.posix runs')
def test_the_playbook_after_does_what_the_one_before_did(
    newest_core: Path, play: Run, fleet_possible: None, pages: None, tmp_path: Path
) -> None:
    paths = '%s:%s' % (peer.collection().parents[2], CHECKOUT / 'playbooks' / 'collections')
    hosts = [Host(name, groups=('web',), files={FILE[1:]: TUNED}) for name in ('moved', 'new')]
    with Fleet(hosts) as fleet:
        start = values(fleet, 'new')

        def run(name: str, host: str, *more: str) -> dict[str, int]:
            """What the recap says of the host."""
            ended = play(
                newest_core, name, '-i', fleet.inventory, '--limit', host, *PLAIN, *more, ANSIBLE_COLLECTIONS_PATH=paths
            )
            assert ended.returncode == 0, ended.stdout
            return recap(ended.stdout)[host]

        run('before.yml', 'moved')
        assert values(fleet, 'moved') == [*WANTED, '30'], 'sysctl -p loads the line too that the last task removes'
        assert run('after.yml', 'moved')['changed'] == 0

        before = states.of_fleet(fleet)['new']
        assert run('after.yml', 'new')['changed'] == 1
        assert values(fleet, 'new') == [*WANTED, start[3]]
        assert run('before.yml', 'new', '--check')['changed'] == 0
        assert run('after.yml', 'new')['changed'] == 0
        run(ROLLBACK, 'new')
        assert states.of_fleet(fleet)['new'] == before


def test_every_option_of_both_is_in_the_table() -> None:
    text = PAGE.read_text(encoding='utf-8')
    table = text.partition('## Option by option')[2].partition('\n## ')[0]
    source = (peer.collection() / 'plugins' / 'modules' / 'sysctl.py').read_text(encoding='utf-8')
    options = yaml.safe_load(source.split("DOCUMENTATION = r'''")[1].split("'''")[0])['options']
    assert len(options) == 7
    for name in options:
        assert '`%s' % name in table, name
