# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files, directories, archives and captures; and whatever else somebody may send."""

import datetime
import gzip
import io
import json
import os
import random
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.nodetcp.paws.plugins.plugin_utils._explain import document, text
from ansible_collections.nodetcp.paws.plugins.plugin_utils._explain.inputs import Inputs
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken
from tests.unit.plugins.plugin_utils._packets.test_pcap import ETHERNET, classic

HERE = Path(__file__).parent
FIXTURES = HERE.parents[3] / 'fixtures' / '4.4.178-lab'
INPUTS = yaml.safe_load((HERE / 'inputs.yml').read_text(encoding='utf-8'))
COUNTER = '    12 passive connections rejected because of time stamp\n'


def explained(path: Path, scratch: Path) -> dict[str, Any]:
    """The document of a path, as it is written."""
    scratch.mkdir(exist_ok=True)
    inputs = Inputs(str(scratch), datetime.date(2026, 11, 30))
    inputs.take(str(path))
    entries = [document.entry(each) for each in inputs.readings]
    told: dict[str, Any] = json.loads(json.dumps(spoken(document.document(entries, inputs.left_out))))
    assert document.render(told, 'zh').strip()
    return told


def archive(path: Path, members: dict[str, bytes | str | None]) -> Path:
    """A tar archive: bytes are files, text is the target of a link, None a device."""
    with tarfile.open(path, 'w:xz') as made:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                member.size = len(content)
                made.addfile(member, io.BytesIO(content))
            else:
                member.type = tarfile.CHRTYPE if content is None else tarfile.SYMTYPE
                member.linkname = content or ''
                made.addfile(member)
    return path


def test_a_captured_tree_is_judged_like_a_host(tmp_path: Path) -> None:
    told = explained(FIXTURES / '1-during', tmp_path / 'scratch')
    (entry,) = told['texts']
    assert entry['form'] == 'capture'
    assert entry['says'] == ['recycle_was_on', 'recycle_ran_hint', 'recycle_is_on']
    assert entry['counters']['PAWSPassive'] == 261
    assert entry['kernel'] == '4.4.178'
    assert entry['verdict']['class'] == 'exposed'


def test_two_samples_of_a_tree_tell_that_it_drops_now(tmp_path: Path) -> None:
    tree = tmp_path / 'tree'
    shutil.copytree(FIXTURES / '1-during', tree)
    shutil.copytree(FIXTURES / '2-after-fix' / 'proc' / 'net', tree / 'sample2' / 'proc' / 'net')
    (entry,) = explained(tree, tmp_path / 'scratch')['texts']
    assert 'recycle_drops_now' in entry['says']
    assert (entry['counters_before']['PAWSPassive'], entry['counters']['PAWSPassive']) == (261, 368)


def test_an_archive_of_a_tree_is_the_tree(tmp_path: Path) -> None:
    path = tmp_path / 'capture.tar.gz'
    with tarfile.open(path, 'w:gz') as made:
        made.add(FIXTURES / '1-during', 'host1')
    (entry,) = explained(path, tmp_path / 'scratch')['texts']
    assert 'recycle_was_on' in entry['says']
    assert entry['source'] == str(path / 'host1')


def test_a_trace_of_the_incident_tells_what_was_dropped(tmp_path: Path) -> None:
    (entry,) = explained(FIXTURES / 'replay-120' / 'trace.pcap', tmp_path / 'scratch')['texts']
    assert entry['form'] == 'pcap'
    assert entry['says'] == ['tsval_older_than_closed', 'tsval_older_than_seen', 'recycle_possible']
    assert entry['packets']['unanswered'] == 54
    assert entry['packets']['answered'] == 66


@pytest.mark.parametrize(
    ('name', 'says'),
    [
        ('client.pcap', ['syn_unanswered_at_client', 'recycle_possible']),
        ('server.pcap', ['syn_unanswered_at_server', 'recycle_possible']),
    ],
)
def test_silence_is_told_from_the_side_that_captured(name: str, says: list[str], tmp_path: Path) -> None:
    pytest.importorskip('dpkt')
    (tmp_path / name).write_bytes(classic((second, ETHERNET) for second in (0, 1, 3, 7, 15, 31)))
    (entry,) = explained(tmp_path / name, tmp_path / 'scratch')['texts']
    assert entry['says'] == says
    assert (entry['packets']['syns'], entry['packets']['sent_again_after_s']) == (6, [1.0, 3.0, 7.0, 15.0, 31.0])


def test_a_must_gather_gives_what_is_known_in_it(tmp_path: Path) -> None:
    top = tmp_path / 'must-gather.local.1' / 'quay-io-openshift'
    for number in range(60):
        (top / 'cluster-scoped-resources' / str(number)).mkdir(parents=True)
        (top / 'cluster-scoped-resources' / str(number) / 'node.yaml').write_text('kind: Node\nmetadata: {name: a}\n')
    (top / 'nodes' / 'worker-0').mkdir(parents=True)
    (top / 'nodes' / 'worker-0' / 'dmesg').write_text(
        '[11.2] nf_conntrack: nf_conntrack: table full, dropping packet\n'
    )
    (top / 'nodes' / 'worker-0' / 'netstat').write_text(COUNTER)
    told = explained(tmp_path / 'must-gather.local.1', tmp_path / 'scratch')
    assert {Path(each['source']).name: each['says'] for each in told['texts']} == {
        'dmesg': ['conntrack_full'],
        'netstat': ['recycle_was_on'],
    }
    assert told['left_out'] == ['60 files have nothing that is known and are left out']


def test_files_of_other_encodings(tmp_path: Path) -> None:
    (tmp_path / 'in').mkdir()
    (tmp_path / 'in' / 'windows.txt').write_bytes(b'\xff\xfe' + COUNTER.replace('\n', '\r\n').encode('utf-16-le'))
    (tmp_path / 'in' / 'packed.gz').write_bytes(gzip.compress(COUNTER.encode()))
    told = explained(tmp_path / 'in', tmp_path / 'scratch')
    assert [each['says'] for each in told['texts']] == [['recycle_was_on']] * 2


@pytest.mark.parametrize(
    'content', [b'', b'\0' * 100, b'\x1f\x8b damaged', b'\xd4\xc3\xb2\xa1', b'\xfd7zXZ\0' * 9, b'{"kernel":{' * 99]
)
def test_what_cannot_be_read_is_said_to_be_unreadable(content: bytes, tmp_path: Path) -> None:
    (tmp_path / 'sent').write_bytes(content)
    (entry,) = explained(tmp_path / 'sent', tmp_path / 'scratch')['texts']
    assert entry['form'] == 'unreadable'
    assert entry['cannot_tell'] or entry['says'] == ['contradiction']
    assert entry['ask']


def test_an_archive_writes_nothing_outside(tmp_path: Path) -> None:
    outside = tmp_path / 'outside'
    outside.mkdir()
    hostile: dict[str, bytes | str | None] = {
        '../up': b'x',
        'a/../../up2': b'x',
        str(outside / 'absolute'): b'x',
        'link': str(outside),
        'link/through': b'x',
        'device': None,
        'sos_commands/kernel/sysctl_-a': b'net.ipv4.tcp_tw_recycle = 1\n',
        'proc/version': '/etc/hostname',
        'etc/sysctl.conf': '../../../../../../../../etc/passwd',
    }
    path = archive(tmp_path / 'hostile.tar.xz', hostile)
    told = explained(path, tmp_path / 'scratch')
    assert list(outside.iterdir()) == []
    assert not (tmp_path / 'up').exists()
    assert not (tmp_path / 'up2').exists()
    assert told['texts'][0]['files'] == {}


def test_links_of_a_directory_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / 'secret').write_text(COUNTER)
    (tmp_path / 'in').mkdir()
    (tmp_path / 'in' / 'link').symlink_to(tmp_path / 'secret')
    (tmp_path / 'in' / 'circle').symlink_to(tmp_path / 'in')
    os.mkfifo(tmp_path / 'in' / 'fifo')
    (entry,) = explained(tmp_path / 'in', tmp_path / 'scratch')['texts']
    assert (entry['form'], entry['says']) == ('unreadable', [])


def test_mutated_texts_never_fail() -> None:
    chance = random.Random(18)
    texts = [each['text'] for each in INPUTS.values()]
    for _round in range(1500):
        lines = chance.choice(texts).splitlines(keepends=True) + chance.choice(texts).splitlines(keepends=True)
        chance.shuffle(lines)
        data = list(''.join(lines))
        for _change in range(chance.randrange(9)):
            data[chance.randrange(len(data))] = chance.choice('0123456789-:=<>[]{}().\0\r\n\u202e\ud800 S')
        entry = document.entry(text.read(''.join(data), 'mutated'))
        json.dumps(spoken(document.document([entry], [])))


@pytest.mark.parametrize(
    'line',
    [
        'cpu=0 found=²0 invalid=1 insert=²',
        'TcpExt: PAWSPassive\nTcpExt: ²',
        'net.ipv4.tcp_tw_recycle = ²',
        'tcp ² ² 0.0.0.0:80 0.0.0.0:* LISTEN',
        'LISTEN ² ² 0.0.0.0:80 0.0.0.0:*',
        'net.ipv4.ip_local_port_range = ² 60999',
        '    ² passive connections rejected because of time stamp',
    ],
)
def test_a_superscript_is_no_number(line: str) -> None:
    told = spoken(document.document([document.entry(text.read(line + '\n', 'x'))], []))
    assert '²' not in json.dumps(told['texts'][0]['says'], ensure_ascii=False)


def test_a_terminal_is_not_reached_by_what_was_sent() -> None:
    sent = 'net.ipv4.tcp_tw_recycle = 1\x1b]0;owned\x07\n'
    told = spoken(document.document([document.entry(text.read(sent, 'a\x1b[2Jb'))], []))
    assert '\x1b' not in document.render(told, 'en')


@pytest.mark.long
def test_a_real_sosreport(tmp_path: Path) -> None:
    if os.geteuid() or not shutil.which('sos'):
        pytest.skip('needs root and the program sos')
    (tmp_path / 'sos').mkdir()
    command = [
        'sos',
        'report',
        '--batch',
        '--no-postproc',
        '-o',
        'kernel,networking,host',
        '--tmp-dir',
        tmp_path / 'sos',
    ]
    subprocess.run(command, check=True, capture_output=True)
    (path,) = (tmp_path / 'sos').glob('*.tar.xz')
    (entry,) = explained(path, tmp_path / 'scratch')['texts']
    assert entry['form'] == 'sosreport'
    assert entry['kernel'] == os.uname().release
    assert entry['counters']['PAWSPassive'] is None
    assert 'recycle_gone' in entry['says']
