# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real sosreport of a host, unpacked, gives the verdict of the live host that it was taken from."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations import observe
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, record, verdict
from tests.fleet import Fleet
from tests.fleet.hosts import EL7, RECYCLE
from tests.fleet.spec import Host
from tools import build_node_pyz

SAFE = {'net.ipv4.tcp_tw_reuse': '0', 'net.ipv4.tcp_timestamps': '1'}
HOSTS = [
    Host('sos-exposed', 'exposed', kernel=EL7, tw_recycle='1', sysctls=SAFE),
    Host(
        'sos-latent',
        'latent',
        kernel=EL7,
        tw_recycle='0',
        sysctls=SAFE,
        files={'etc/sysctl.d/99-tuning.conf': RECYCLE + ' = 1\n', 'usr/lib/sysctl.d/50-x.conf': RECYCLE + ' = 0\n'},
    ),
    Host(
        'sos-latent-rc-local',
        'latent',
        kernel=EL7,
        tw_recycle='0',
        sysctls=SAFE,
        files={'etc/rc.local': '#!/bin/sh\nsysctl -w %s=1\n' % RECYCLE},
    ),
    Host('sos-advisory', 'advisory', sysctls={'net.ipv4.tcp_timestamps': '0', 'net.ipv4.tcp_rfc1337': '1'}),
    Host('sos-clean', 'clean'),
]
# A network namespace with a name in which a connection was made and closed, so that it has counters.
BLUE = """
ip netns add blue && ip -n blue link set lo up && ip netns exec blue python3 -c '
import socket
listening = socket.create_server(("127.0.0.1", 0))
socket.create_connection(listening.getsockname()).close()
' && { ip netns exec blue sleep 600 < /dev/null > /dev/null 2>&1 & }
"""
SOS = 'sos report --batch --build --no-report --no-postproc -o kernel,networking,host,services,cron --tmp-dir /tmp/sos'

Looks = dict[str, tuple[dict[str, Any], dict[str, Any]]]


def look(fleet: Fleet, name: str, collector: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """(the record of the live host, that of its report)."""
    root = Path('/proc/%d/root' % fleet.pids()[name])
    (root / 'tmp' / 'sos').mkdir()
    shutil.copy(collector, root / 'tmp')
    ended = fleet.ssh(name, BLUE + SOS if name == 'sos-clean' else SOS)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    live = fleet.ssh(name, 'python3 /tmp/node.pyz')
    return json.loads(live.stdout), observe.run({'root': str(root / 'tmp' / 'sos')})['record']


@pytest.fixture(scope='module')
def looks(fleet_possible: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looks]:
    if not shutil.which('sos'):
        pytest.skip('sos (package sosreport) is not here: no real sosreport can be made')
    collector = tmp_path_factory.mktemp('collector') / 'node.pyz'
    build_node_pyz.build(collector)
    with Fleet(HOSTS) as fleet, ThreadPoolExecutor(2) as pool:
        yield dict(zip(fleet.hosts, pool.map(lambda name: look(fleet, name, collector), fleet.hosts), strict=True))


def judged(seen: dict[str, Any]) -> dict[str, Any]:
    record.check(seen)
    return verdict.judge(seen, None, catalogue.builtin(), 'server', [], datetime.date(2026, 11, 22))


def summed_up(seen: dict[str, Any]) -> tuple[str, str, str, list[str]]:
    found = judged(seen)
    return (
        found['verdict'],
        found['exposure'],
        found['evidence'],
        sorted(finding['rule'] for finding in found['findings']),
    )


@pytest.mark.parametrize('host', HOSTS, ids=lambda host: host.name)
def test_the_verdict_of_the_live_host(looks: Looks, host: Host) -> None:
    live, report = looks[host.name]
    assert report['source']['collector'] == 'capture'
    assert summed_up(report) == summed_up(live)
    assert summed_up(report)[0] == host.expect


@pytest.mark.parametrize('host', HOSTS, ids=lambda host: host.name)
def test_what_it_was_made_of(looks: Looks, host: Host) -> None:
    """Settings, files, release, name and boot are those of the host, not made up from what the report lacks."""
    live, report = looks[host.name]
    for part in ('kernel', 'persisted', 'writers'):
        assert report[part] == live[part], part
    for part in ('hostname', 'boot_id'):
        assert report['source'][part] == live['source'][part], part
    assert report['namespaces'][0]['sysctls'] == live['namespaces'][0]['sysctls']
    assert set(report['namespaces'][0]['counters']['TcpExt']) == set(live['namespaces'][0]['counters']['TcpExt'])
    assert abs(report['source']['uptime_s'] - live['source']['uptime_s']) < 120


def test_its_namespaces_with_a_name(looks: Looks) -> None:
    """Of these sos 4.0 keeps what netstat said, not the settings."""
    live, report = looks['sos-clean']
    for seen in (live, report):
        assert [(entry['kind'], entry['name']) for entry in seen['namespaces']] == [('host', None), ('named', 'blue')]
    assert report['namespaces'][1]['counters']['TcpExt'] == live['namespaces'][1]['counters']['TcpExt']
    assert report['namespaces'][1]['sysctls'][RECYCLE] == {'value': None, 'scope': 'absent'}
    assert report['namespaces'][1]['sysctls']['net.core.somaxconn'] == {'value': None, 'scope': 'unreadable'}


def test_what_it_does_not_hold(looks: Looks) -> None:
    _live, report = looks['sos-clean']
    assert 'systemd' in report['unavailable']['sos plugins']
    assert 'usr/local/lib/sysctl.d' in report['unavailable']
