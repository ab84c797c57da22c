# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a look did not see of what its verdict rests on, from what the node says was not available."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations import observe
from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers import (
    boot_script,
    sysctl_places,
    tcp_metrics,
    translation,
)
from ansible_collections.nodetcp.paws.plugins.module_utils._node.transaction.state_dir import STATE_DIR
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, sight, verdict
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import record as records_check
from tests.unit.plugins.plugin_utils._judge import records

Json = dict[str, Any]
ROOT, NOBODY = {'collector': 'live', 'euid': 0}, {'collector': 'live', 'euid': 65534}
HIDDEN = {'namespaces': 'no permission to see the network namespace of 282 of 289 processes'}


def gap(part: str, number: int | None = None, of: int | None = None, cure: str | None = None) -> Json:
    return {'part': part, 'number': number, 'of': of, 'cure': cure}


def gaps(unavailable: Json, source: Json, **more: Any) -> list[Json]:
    return sight.gaps({'unavailable': unavailable, 'source': source, **more})


def test_a_node_that_was_seen_in_full_has_no_gaps() -> None:
    assert sight.gaps(records.record('6.1.0-10-amd64')) == []


def test_hidden_processes_are_counted_and_root_sees_them() -> None:
    hidden = {'processes': [282, 289]}
    assert gaps(HIDDEN, NOBODY, hidden=hidden) == [gap('processes', 282, 289, 'root')]
    assert gaps(HIDDEN, NOBODY) == [gap('processes', cure='root')], 'hidepid: nobody can count them'


def test_root_of_a_container_is_sent_to_the_host() -> None:
    refused = {**HIDDEN, 'sysctls of namespaces': '3 of 5 network namespaces could not be entered'}
    hidden = {'processes': [1, 91], 'namespaces': [3, 5]}
    expected = [gap('processes', 1, 91, 'host'), gap('namespaces', 3, 5, 'host')]
    assert gaps(refused, ROOT, hidden=hidden) == expected


def test_what_root_could_not_read_either_has_no_cure() -> None:
    assert gaps({'/etc/sysctl.conf': 'input/output error'}, ROOT) == [gap('sysctl_files', 1)]
    assert gaps({'/etc/sysctl.conf': 'permission denied'}, {'collector': 'live'}) == [gap('sysctl_files', 1)]


@pytest.mark.parametrize(
    ('name', 'part'),
    [
        *((place, 'sysctl_files') for place in (*sysctl_places.DIRECTORIES, sysctl_places.LAST)),
        ('/usr/lib/sysctl.d/10-x.conf', 'sysctl_files'),
        ('/boot/sysctl.conf-5.14.21', 'sysctl_files'),
        ('persisted globs', 'sysctl_files'),
        ('/etc/rc.local', 'writers'),
        ('/etc/NetworkManager/dispatcher.d/', 'writers'),
        ('/usr/lib/ocf/resource.d/', 'writers'),
        ('/var/lib/cloud/instance/user-data.txt', 'writers'),
        ('writers', 'writers'),
        ('writers found', 'writers'),
        ('/proc/sys', 'settings'),
        ('/proc/sys/net/ipv4/tcp_timestamps', 'settings'),
        ('/namespaces/4026532300/proc/sys/net/ipv4/tcp_timestamps', 'settings'),
        ('/proc/net/netstat', 'counters'),
        ('/proc/4200/net/snmp', 'counters'),
        ('/proc/net/sockstat', 'counters'),
        ('/proc/net/stat/nf_conntrack', 'conntrack'),
        (tcp_metrics.SOURCE, 'peers'),
        ('/namespaces/4026532300/ip_tcp_metrics_show', 'peers'),
        # Captures and sosreports.
        ('/proc/sys/net/ipv4', 'settings'),
        ('/sysctl_-a', 'settings'),
        ('net.ipv4.tcp_timestamps', 'settings'),
        ('/namespaces/blue/sysctl_-a', 'settings'),
        ('/namespaces/blue/proc/sys/net/ipv4', 'settings'),
        ('/netstat_-s', 'counters'),
        ('/namespaces/blue/netstat', 'counters'),
        ('/namespaces/blue/proc/net/snmp', 'counters'),
        ('/namespaces', 'namespaces'),
        ('containers', 'namespaces'),
        ('usr/lib', 'sysctl_files'),
        ('usr/local/lib/sysctl.d', 'sysctl_files'),
        ('sos plugins', 'writers'),
        (boot_script.SCRIPT, 'loading'),
        ('writers in /etc/rc.local', 'writers'),
        ('window', 'second_look'),
        ('and more', 'other'),
        ('something that a later version says', 'other'),
        # No verdict rests on these.
        ('/proc/net/fib_trie', None),
        ('/proc/4200/net/tcp6', None),
        ('/proc/4200/cgroup', None),
        ('/proc/uptime', None),
        ('/proc/sys/kernel/hostname', None),
        ('namespace net:[4026532300]', None),
        ('counters of net:[4026532300]@4/named:blue', None),
        ('persisted net.ipv4.tcp_tw_recycle', None),
        (STATE_DIR, None),
        ('kernel', None),
        ('translation', None),
        ('ip6tables-nft-save', None),
        *(('/' + name, None) for name, _tool in translation.CAPTURES),
    ],
)
def test_every_part_that_the_node_names_is_known(name: str, part: str | None) -> None:
    assert [found['part'] for found in gaps({name: 'permission denied'}, NOBODY)] == ([part] if part else [])


def test_files_and_settings_are_counted_whole_parts_are_not() -> None:
    three = dict.fromkeys(('/etc/rc.local', '/etc/cron.d/x', '/etc/init.d/y'), 'permission denied')
    assert gaps(three, NOBODY) == [gap('writers', 3, cure='root')]
    assert gaps({**three, 'writers': '41 files not looked at'}, NOBODY) == [gap('writers', cure='root')]
    assert gaps({'/proc/sys': 'proc is not mounted'}, ROOT) == [gap('settings')]
    assert gaps({'etc': 'not there'}, ROOT) == [gap('sysctl_files'), gap('writers')]
    assert gaps({'/etc/cron.d': 'permission denied'}, NOBODY) == [gap('writers', cure='root')]
    assert gaps({'net.ipv4.tcp_timestamps': 'refused'}, ROOT) == [gap('settings', 1)]


def test_gaps_come_in_the_order_of_their_weight() -> None:
    names = ('and more', '/proc/net/netstat', '/etc/rc.local', '/etc/sysctl.conf', 'namespaces')
    found = gaps(dict.fromkeys(names, 'no'), NOBODY)
    assert [each['part'] for each in found] == ['processes', 'sysctl_files', 'writers', 'counters', 'other']


def look(root: Path, **files: str) -> Json:
    for name, text in files.items():
        path = root / name.replace('__', '/')
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found: Json = observe.run({'root': str(root)})['record']
    records_check.check(found)
    return found


def test_what_a_capture_lacks_is_a_gap_with_a_cure_of_its_own(tmp_path: Path) -> None:
    found = look(tmp_path, proc__version='Linux version 6.1.0-10-amd64 (x@y) (gcc) #1 SMP')
    parts = ('settings', 'sysctl_files', 'writers', 'counters')
    assert sight.gaps(found) == [gap(part, cure='capture') for part in parts]


def test_a_link_that_leads_out_of_a_capture_is_a_gap_on_a_live_node_it_is_none(tmp_path: Path) -> None:
    (tmp_path / 'etc/sysctl.d').mkdir(parents=True)
    (tmp_path / 'etc/sysctl.d/50-x.conf').symlink_to('/opt/vendor/x.conf')
    found = look(tmp_path, usr__lib__os_release='')
    assert gap('sysctl_files', 1, cure='capture') in sight.gaps(found)
    live = {'source': ROOT, 'unavailable': found['unavailable']}
    assert 'sysctl_files' not in [each['part'] for each in sight.gaps(live)]


def test_the_line_of_a_clean_node_says_that_not_all_was_seen() -> None:
    def line(**unavailable: str) -> str:
        record = records.record('3.10.0-1160.el7.x86_64', {'net.core.somaxconn': 4096}, unavailable=unavailable)
        judged = verdict.judge(record, None, catalogue.builtin(), 'server', [], records.TODAY)
        assert judged['verdict'] == 'clean', 'the class stays'
        return str(judged['summary'])

    assert line().endswith('=0 and nothing sets it')
    assert line(**{'/etc/rc.local': 'permission denied'}).endswith('=0 and nothing seen sets it')
    assert line(**{'/proc/net/netstat': 'permission denied'}).endswith('=0 and nothing sets it')


@pytest.mark.parametrize(
    'hidden', [{'processes': [1]}, {'processes': [-1, 5]}, {'processes': 'all'}, {'namespaces': [1, 2, 3]}, [1, 2]]
)
def test_numbers_that_are_none_make_no_record(hidden: Any) -> None:
    with pytest.raises(records_check.RecordError, match='hidden'):
        records_check.check(records.record('6.1.0-10-amd64', hidden=hidden))
    records_check.check(records.record('6.1.0-10-amd64', hidden={'processes': [282, 289], 'later': 1}))
