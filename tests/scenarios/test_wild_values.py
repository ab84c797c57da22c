# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees with values as people write them: those made after public files, where they lie beside this checkout, and own.

Of each the verdict is right, and a plan for the node makes it clean under every reader without touching another byte.
"""

from __future__ import annotations

import datetime
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations import apply, observe, rollback
from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers import sysctl_value
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, record, verdict

CHECKOUT = Path(__file__).resolve().parents[2]
WILD = CHECKOUT.parent / 'shared' / 'fixtures' / 'wild'
RECYCLE, TIMESTAMPS = 'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_timestamps'
KINDS = {'K1', 'K2'}  # values with something after them, lines that the kernel refuses
EL7 = '3.10.0-1160.119.1.el7.x86_64'
STOCK = {'tcp_tw_recycle': '0', 'tcp_timestamps': '1', 'tcp_tw_reuse': '0', 'tcp_rfc1337': '0', 'tcp_syncookies': '1'}
STOCK.update(tcp_abort_on_overflow='0', ip_local_port_range='32768\t60999', tcp_max_tw_buckets='262144')

TAKEN = ['1 # on', '1 --on', '1\t#x', '0x1', '01', '-1', '1 2', '1 ; on', '1 \u5f00\u542f', ' 1 ', '2']
REFUSED = ['1;', '"1"', "'1'", '1#on', '1\\', '1.0', '+1', '08', 'true', '\uff11', '\u00a01', '\u30001', '1,', '']


def judged(root: Path) -> dict[str, Any]:
    looked = observe.run({'root': str(root)})
    record.check(looked['record'])
    day = datetime.date(2026, 11, 22)
    found: dict[str, Any] = verdict.judge(looked['record'], looked['earlier'], catalogue.builtin(), 'server', [], day)
    return {**found, 'record': looked['record']}


def rules(found: dict[str, Any]) -> dict[str, Any]:
    return {finding['rule']: finding for finding in found['findings']}


def left(found: dict[str, Any]) -> list[Any]:
    """What systemd and procps leave of tcp_tw_recycle, None where they set nothing."""
    entry = found['record']['persisted'].get(RECYCLE, {'effective': {}})['effective']
    lines = [entry.get(reader) for reader in ('systemd', 'procps')]
    return [line and sysctl_value.taken(RECYCLE, line['value']) for line in lines]


def cases() -> list[Any]:
    if not WILD.is_dir():
        return []
    listed = json.loads((WILD / 'cases.json').read_text(encoding='utf-8'))
    return [pytest.param(case, id=case['tree']) for case in listed if KINDS & set(case['kinds'])]


@pytest.mark.skipif(not WILD.is_dir(), reason='the trees made after public files (shared/fixtures/wild) are not here')
@pytest.mark.parametrize('case', cases())
def test_trees_made_after_public_files(case: dict[str, Any]) -> None:
    found = judged(WILD / case['tree'])
    assert found['verdict'] in case['right']
    assert set(case['must']) <= set(rules(found))
    assert not set(case['mustnot']) & set(rules(found))
    if case['readers_systemd_procps']:
        assert left(found) == case['readers_systemd_procps']


@pytest.mark.skipif(not WILD.is_dir(), reason='the trees made after public files (shared/fixtures/wild) are not here')
@pytest.mark.parametrize('case', [each for each in cases() if 'latent' in each.values[0]['right']])
def test_they_are_clean_once_a_plan_was_carried_out(case: dict[str, Any], tmp_path: Path) -> None:
    check_remedy(Path(shutil.copytree(WILD / case['tree'], tmp_path / 'root', symlinks=True)))


def tree(root: Path, **files: bytes | str) -> Path:
    """An EL7 node whose running values are stock; files: {path with __ for / and _ for .: content}."""
    for key, value in STOCK.items():
        write(root, 'proc/sys/net/ipv4/' + key, value + '\n')
    write(root, 'proc/sys/kernel/osrelease', EL7 + '\n')
    for path, content in files.items():
        write(root, path.replace('__', '/').replace('_', '.'), content)
    return root


def write(root: Path, path: str, content: bytes | str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.mark.parametrize('value', TAKEN)
def test_a_value_that_the_kernel_takes_is_latent(value: str, tmp_path: Path) -> None:
    found = judged(tree(tmp_path, etc__sysctl_conf='%s = %s\n' % (RECYCLE, value)))
    assert found['verdict'] == 'latent'
    assert 'tw-recycle-line' in rules(found)
    assert 'line-without-effect' not in rules(found)
    check_remedy(tmp_path)


@pytest.mark.parametrize('value', REFUSED)
def test_a_value_that_the_kernel_refuses_is_a_note(value: str, tmp_path: Path) -> None:
    found = judged(tree(tmp_path, etc__sysctl_conf='# mine\n%s = %s\n' % (RECYCLE, value)))
    assert found['verdict'] == 'clean'
    note = rules(found)['line-without-effect']
    assert (note['severity'], note['class']) == ('info', 'clean')
    assert note['evidence']['lines'][0]['file'] == '/etc/sysctl.conf'
    assert note['evidence']['lines'][0]['line'] == 2
    assert str(note['evidence']['reason']).endswith('is not a number for the kernel')


@pytest.mark.parametrize(
    ('key', 'value', 'reason'),
    [
        (TIMESTAMPS, '0;', 'is not a number for the kernel'),
        ('net.core.somaxconn', '"4096"', 'is not a number for the kernel'),
        ('net.ipv4.tcp_max_tw_buckets', '5000k', 'is not a number for the kernel'),
        ('net.ipv4.ip_local_port_range', '1024-65000', 'is not a range of ports for the kernel'),
        ('net.ipv4.ip_local_port_range', '61000 32768', 'is not a range of ports for the kernel'),
        ('net.ipv4.ip_local_reserved_ports', '30000-32767, 8080', 'is not a list of ports for the kernel'),
        ('net.ipv4.tcp_fin_timeout', '99999999999', 'is not between -21474836 and 21474836'),
    ],
)
def test_the_note_is_for_every_key(key: str, value: str, reason: str, tmp_path: Path) -> None:
    found = judged(tree(tmp_path, etc__sysctl_d__x_conf='%s=%s\n' % (key, value)))
    assert found['verdict'] == 'clean'
    [line] = rules(found)['line-without-effect']['evidence']['lines']
    assert str(line.pop('why')) == "'%s' %s" % (value, reason)
    assert line == {'key': key, 'file': '/etc/sysctl.d/x.conf', 'line': 1, 'value': value}


def test_no_note_on_keys_that_nobody_looks_at(tmp_path: Path) -> None:
    assert rules(judged(tree(tmp_path, etc__sysctl_conf='kernel.sysrq = 1;\nnet.ipv4.tcp_sack = "0"\n'))) == {}


def test_a_refused_last_line_hides_the_others_from_systemd_alone(tmp_path: Path) -> None:
    found = judged(tree(tmp_path, etc__sysctl_d__x_conf='%s = 1\n%s = 0;\n' % (RECYCLE, RECYCLE)))
    assert (found['verdict'], left(found)) == ('latent', [None, 1])
    check_remedy(tmp_path)


def test_a_file_with_carriage_returns_alone_is_one_line_to_procps(tmp_path: Path) -> None:
    text = 'net.ipv4.tcp_sack = 1\r%s = 1\rnet.ipv4.tcp_dsack = 1\r' % RECYCLE
    assert left(judged(tree(tmp_path, etc__sysctl_conf=text))) == [None, None]
    found = judged(tree(tmp_path, etc__sysctl_conf='', etc__sysctl_d__x_conf=text))
    assert (found['verdict'], left(found)) == ('latent', [1, None])
    check_remedy(tmp_path)


def test_an_image_whose_only_line_is_refused_turns_nothing_on(tmp_path: Path) -> None:
    write(tmp_path, 'lib/modules/%s/modules.dep' % EL7, '')
    write(tmp_path, 'boot/vmlinuz-' + EL7, '')
    for value, on in (('1;', False), ('1 ;', True)):
        write(tmp_path, 'etc/sysctl.conf', '%s=%s\n' % (RECYCLE, value))
        found = judged(tmp_path)
        assert ('tw-recycle-image' in rules(found)) == on
        assert ('line-without-effect' in rules(found)) != on


def test_a_line_in_run_is_gone_at_the_next_boot(tmp_path: Path) -> None:
    found = judged(tree(tmp_path, run__sysctl_d__x_conf='%s = 1\n' % RECYCLE))
    assert found['verdict'] == 'clean'
    assert [line['status'] for line in found['record']['persisted'][RECYCLE]['definitions']] == ['transient']
    found = judged(tree(tmp_path, run__sysctl_d__x_conf='', usr__lib__sysctl_d__x_conf='%s = 1\n' % RECYCLE))
    assert found['verdict'] == 'latent'  # what /run replaces now counts then
    check_remedy(tmp_path)


def test_a_third_reader_is_one_more_that_must_be_clean(tmp_path: Path) -> None:
    tree(tmp_path, etc__rc_d__rc_sysinit='apply_sysctl\n', etc__sysctl_d__none='%s = 1 # on\n' % RECYCLE)
    found = judged(tmp_path)
    assert (found['verdict'], left(found)) == ('latent', [None, None])
    assert rules(found)['tw-recycle-line']['evidence']['lines'] == {
        'initscripts': {'value': '1 # on', 'file': '/etc/sysctl.d/none', 'line': 1}
    }
    check_remedy(tmp_path)


def check_remedy(root: Path) -> None:
    """A plan for the tree makes it clean under every reader, other lines stay, and the rollback restores each byte.

    For a kernel that has the key the lines become comments, for others they go.
    """
    check_change(root)
    write(root, 'lib/modules/%s/modules.dep' % EL7, '')
    before, found = contents(root), check_change(root)
    for entry in found['record']['persisted'][RECYCLE]['effective'].values():
        assert sysctl_value.taken(RECYCLE, entry['value']) == 0
    for path, content in before.items():
        assert found['after'][path].replace(b'# disabled by nodetcp.paws: ', b'') == content, path


def check_change(root: Path) -> dict[str, Any]:
    before = contents(root)
    where = {'root': str(root), 'state_dir': '/var/lib/nodetcp-paws', 'change_set': 'A'}
    assert apply.run({**where, 'settings': {RECYCLE: '0'}})['changed']
    found = {**judged(root), 'after': contents(root)}
    assert 'tw-recycle-line' not in rules(found)
    assert found['exposure'] == 'none'
    rollback.run({**where, 'restore_unsafe': True})
    assert contents(root) == before
    shutil.rmtree(root / 'var')
    return found


def contents(root: Path) -> dict[str, bytes]:
    """{path: content} of the files of a tree but for the store of change sets."""
    files = [path for path in root.rglob('*') if path.is_file() and not re.search('nodetcp-paws', str(path.parent))]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}
