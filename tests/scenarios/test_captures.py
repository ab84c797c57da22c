# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captured trees judged: the measured incident in the repository, published captures where they lie beside it."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations import observe
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, record, verdict

CHECKOUT = Path(__file__).resolve().parents[2]
LAB = CHECKOUT / 'tests' / 'fixtures' / '4.4.178-lab'
SHARED = CHECKOUT.parent / 'shared' / 'fixtures'

# capture: (class, exposure, evidence). A capture of counters alone cannot say what its kernel does.
PUBLISHED = {
    '2.6.32-pcp': ('unknown', 'unknown', 'unknown'),
    '3.10-insights-core': ('unknown', 'unknown', 'none'),
    '3.10.0-1062.el7-jc': ('advisory', 'none', 'unknown'),
    '3.19.0-pcp': ('unknown', 'unknown', 'unknown'),
    '3.x-goprocinfo-a': ('unknown', 'unknown', 'none'),
    '3.x-goprocinfo-b': ('unknown', 'unknown', 'none'),
    '3.x-metrix': ('unknown', 'unknown', 'none'),
    '3.x-node_exporter': ('unknown', 'unknown', 'none'),
    '4.x-procfs': ('unknown', 'unknown', 'unknown'),
    '5.14.7-pcp': ('unknown', 'unknown', 'unknown'),
    '5.8.0-63-jc': ('clean', 'none', 'impossible'),
    'synthetic-pcp': ('unknown', 'unknown', 'past'),
}


def judged(root: Path) -> dict[str, Any]:
    looked = observe.run({'root': str(root)})
    record.check(looked['record'])
    today = datetime.date(2026, 11, 22)
    return verdict.judge(looked['record'], looked['earlier'], catalogue.builtin(), 'server', [], today)


def of(result: dict[str, Any]) -> tuple[str, str, str]:
    return result['verdict'], result['exposure'], result['evidence']


@pytest.mark.parametrize(
    ('look', 'expected'),
    [
        ('0-before', ('advisory', 'none', 'past')),
        ('1-during', ('exposed', 'exposed', 'past')),
        ('2-after-fix', ('advisory', 'none', 'past')),
        ('3-container-netns', ('unknown', 'unknown', 'past')),
    ],
)
def test_the_measured_incident(look: str, expected: tuple[str, str, str]) -> None:
    assert of(judged(LAB / look)) == expected


def test_two_looks_during_the_incident_are_dropping(tmp_path: Path) -> None:
    shutil.copytree(LAB / '1-during', tmp_path / 'tree')
    later = tmp_path / 'tree' / 'sample2' / 'proc'
    shutil.copytree(LAB / '2-after-fix' / 'proc', later)
    uptime = float((tmp_path / 'tree' / 'proc' / 'uptime').read_text().split()[0])
    (later / 'uptime').write_text('%.2f 1.00\n' % (uptime + 30,))
    result = judged(tmp_path / 'tree')
    assert of(result) == ('dropping', 'exposed', 'active')
    assert '107' in str(result['summary'])  # PAWSPassive 261 to 368


@pytest.mark.skipif(not SHARED.is_dir(), reason='the captures of other kernels (shared/fixtures) are not here')
@pytest.mark.parametrize('name', sorted(PUBLISHED))
def test_published_captures(name: str) -> None:
    assert of(judged(SHARED / name)) == PUBLISHED[name]


@pytest.mark.skipif(not SHARED.is_dir(), reason='the captures of other kernels (shared/fixtures) are not here')
@pytest.mark.parametrize(
    ('name', 'reason'),
    [
        ('netstat_shifted', 'TCPSackRecoveryFail 54 exceeds TCPSackRecovery 0'),
        ('netstat_names_short', '112 names but 113 values'),
    ],
)
def test_malformed_captures_are_refused_by_name_and_reason(name: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / 'proc' / 'net').mkdir(parents=True)
    shutil.copy(SHARED / '3.10-insights-core' / 'malformed' / name, tmp_path / 'proc' / 'net' / 'netstat')
    seen = observe.run({'root': str(tmp_path)})['record']
    assert seen['namespaces'][0]['counters']['TcpExt'] is None
    assert reason in seen['unavailable']['/proc/net/netstat']
    assert judged(tmp_path)['evidence'] == 'unknown'


def write(root: Path, **files: str) -> Path:
    """A capture of these files; two underscores in a name stand for a slash."""
    for name, text in files.items():
        place = root / name.replace('__', '/')
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return root


EL7 = 'Linux web1 3.10.0-957.12.2.vz7.96.21 #1 SMP x86_64 GNU/Linux\n'
ON = 'net.ipv4.tcp_tw_recycle = 1\nnet.ipv4.tcp_timestamps = 1\n'


def test_missing_is_never_clean(tmp_path: Path) -> None:
    """What a capture does not hold is unknown, and its kernel alone makes nothing safe."""
    uname = write(tmp_path / '1', **{'uname_-a': EL7, 'etc__hostname': 'web1\n'})
    assert of(judged(uname)) == ('unknown', 'unknown', 'unknown')
    assert 'neither proc/sys/net nor sysctl_-a' in str(judged(uname)['summary'])
    cut = write(tmp_path / '2', **{'uname_-a': EL7, 'sysctl_-a': ON.rstrip('\n').replace('stamps = 1', 'stamps = ')})
    assert of(judged(cut)) == ('unknown', 'unknown', 'unknown')
    refused = "sysctl: permission denied on key 'net.ipv4.tcp_tw_recycle'\nnet.ipv4.tcp_timestamps = 1\n"
    denied = write(tmp_path / '3', **{'uname_-a': EL7, 'sysctl_-a': refused})
    assert of(judged(denied)) == ('unknown', 'unknown', 'unknown')
    assert 'could not read' in str(judged(denied)['summary'])


def test_each_value_from_where_it_is(tmp_path: Path) -> None:
    both = {'proc__sys__net__ipv4__tcp_timestamps': '1\n', 'sysctl_-a': ON.replace('net.ipv4.tcp_timestamps = 1\n', '')}
    assert judged(write(tmp_path / '1', **{'uname_-a': EL7, **both}))['exposure'] == 'exposed'
    windows = ON.replace('\n', '\r\n') + "sysctl: permission denied on key 'kernel.cad_pid'\r\n"
    assert judged(write(tmp_path / '2', **{'uname_-a': EL7, 'sysctl_-a': windows}))['exposure'] == 'exposed'


def test_a_report_that_holds_nothing_of_the_running_kernel_is_judged_by_its_files(tmp_path: Path) -> None:
    report = {
        'sos_commands__kernel__uname_-a': EL7,
        'etc__sysctl.conf': 'net.ipv4.tcp_tw_recycle = 1\n',
        'proc__sys__kernel__random__boot_id': 'x\n',
    }
    result = judged(write(tmp_path, **report))
    assert of(result) == ('latent', 'unknown', 'unknown')
