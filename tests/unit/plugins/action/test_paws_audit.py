# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_audit, and paws_plan upon it, in a real play that looks at a captured tree."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import findings

CHECKOUT = Path(__file__).resolve().parents[4]
MANY = findings.LISTED_MAX + 4


def captured(root: Path, number: int) -> Path:
    """A node of Linux 4.11 with tcp_tw_recycle on in `number` containers, none of which is quite like another."""

    def write(name: str, text: str) -> None:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + '\n')

    write('proc/sys/kernel/osrelease', '4.11.8-1.el7.elrepo.x86_64')
    for index in range(number + 1):
        at = 'namespaces/%d/' % (1000 + index) if index else ''
        write('%sproc/sys/net/ipv4/tcp_tw_recycle' % at, str(int(bool(index))))
        write('%sproc/sys/net/ipv4/tcp_timestamps' % at, '1')
        write('%sproc/sys/net/core/somaxconn' % at, str(4096 + index))
        write('proc/%s/ns/net' % (index + 1), 'net:[%s]' % (1000 + index))
        write('proc/%s/cgroup' % (index + 1), '1:name=systemd:/docker/%064x' % index if index else '1:name=systemd:/')
    return root


def played(place: Path, verb: str, root: Path) -> Any:
    """The result of the verb on this machine, as a later task sees it."""
    tasks = [
        {'name': 'Look', 'nodetcp.paws.%s' % verb: {'root': str(root)}, 'register': 'told'},
        {'name': 'Keep', 'ansible.builtin.copy': {'content': '{{ told | to_json }}', 'dest': str(place / 'told')}},
    ]
    play = {'hosts': 'localhost', 'connection': 'local', 'gather_facts': False, 'tasks': tasks}
    (place / 'play.yml').write_text(json.dumps([play]))
    environment = {name: value for name, value in os.environ.items() if not name.startswith('ANSIBLE_')}
    environment.update(ANSIBLE_CONFIG=str(CHECKOUT / 'ansible.cfg'), COLUMNS='200')
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ['PATH']])
    command = [shutil.which('ansible-playbook', path=path) or '', '-i', 'localhost,', 'play.yml']
    command += ['-e', 'ansible_python_interpreter=%s' % sys.executable]
    run = subprocess.run(command, cwd=place, env=environment, text=True, capture_output=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return json.loads((place / 'told').read_text())


WORKER = """
import sys
from ansible_collections.nodetcp.paws.plugins.action import paws_audit
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, verdict
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken
from tests.unit.plugins.plugin_utils._judge import records
seen = []
sys.addaudithook(lambda event, given: seen.append(given[0]) if event == 'open' else None)
judged = verdict.judge(records.record('4.4.178'), None, catalogue.builtin(), 'server', [], records.TODAY)
print(len(spoken(judged)['summary']) > 0, seen)
"""


def test_a_worker_reads_no_file_that_the_main_process_could_have_read_for_all() -> None:
    command = [sys.executable, '-c', 'import tests.conftest\n%s' % WORKER]
    run = subprocess.run(command, cwd=CHECKOUT, text=True, capture_output=True, timeout=120, check=False)
    assert (run.stdout, run.returncode) == ('True []\n', 0), run.stderr


def test_a_plan_is_made_for_all_namespaces_and_the_result_lists_some(tmp_path: Path) -> None:
    told = played(tmp_path, 'paws_plan', captured(tmp_path / 'root', MANY))
    exposed = [finding for finding in told['findings'] if finding['rule'] == 'tw-recycle-exposed']
    assert len(exposed) == findings.LISTED_MAX
    assert exposed[-1]['evidence']['more_findings'] == 4
    assert len([fix for fix in told['plan']['fixes'] if fix[0] == 'tw-recycle-exposed']) == MANY
    assert (told['verdict'], len(told['namespaces'])) == ('exposed', MANY + 1)


def test_writers_are_asked_for_besides_where_a_node_has_some(tmp_path: Path) -> None:
    """What parses them does not travel with the look: a second program brings it to such nodes, in the same task."""
    root = captured(tmp_path / 'tree', 0)
    (root / 'etc' / 'sysctl.d').mkdir(parents=True)
    (root / 'etc' / 'sysctl.d' / '10.conf').write_text('net.ipv4.tcp_tw_recycle = 1\n')
    (root / 'etc' / 'sysctl.d' / '99.conf').write_text('net.ipv4.tcp_tw_recycle = 0\n')
    (root / 'etc' / 'rc.local').write_text('sysctl -p /etc/sysctl.d/10.conf\n')
    (root / 'etc' / 'crontab').symlink_to('crontab')
    told = played(tmp_path, 'paws_audit', root)
    assert told['verdict'] == 'latent'
    assert [finding['rule'] for finding in told['findings']] == ['tw-recycle-writer']
    assert told['unavailable']['/etc/crontab'] == 'symbolic link loop'


def test_the_rules_of_a_node_that_translates_are_asked_for_besides(tmp_path: Path) -> None:
    root = captured(tmp_path / 'tree', 0)
    (root / 'proc/sys/net/netfilter').mkdir(parents=True)
    (root / 'proc/sys/net/ipv4').mkdir(parents=True, exist_ok=True)
    (root / 'proc/sys/net/ipv4/ip_forward').write_text('1\n')
    (root / 'proc/sys/net/netfilter/nf_conntrack_count').write_text('5\n')
    (root / 'proc/sys/net/netfilter/nf_conntrack_max').write_text('262144\n')
    (root / 'iptables-save_-t_nat').write_text('*nat\n-A KUBE-POSTROUTING -j MASQUERADE --random-fully\nCOMMIT\n')
    told = played(tmp_path, 'paws_audit', root)
    [found] = [finding for finding in told['findings'] if finding['rule'] == 'snat-random-fully']
    assert (found['severity'], found['evidence']['owner']) == ('low', 'kube-proxy')
    (root / 'proc/sys/net/ipv4/ip_forward').write_text('0\n')
    again = played(tmp_path, 'paws_audit', root)
    assert 'snat-random-fully' not in [finding['rule'] for finding in again['findings']]
