# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collector for nodes without Python prints, and what becomes of it: the same record, whatever comes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations import observe
from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers.tree import Tree
from ansible_collections.nodetcp.paws.plugins.module_utils._node.transaction import change_set
from ansible_collections.nodetcp.paws.plugins.module_utils._node.transaction.state_dir import STATE_DIR
from ansible_collections.nodetcp.paws.plugins.module_utils._node.transaction.store import Store
from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture import remote, stream
from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture.look import look
from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture.memory import ROOT, Memory
from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture.shape import DIRECTORY, FILE, LINK, Entry, Shape
from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture.stream import CaptureError
from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture.telling import Told
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import record, sight
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import offline
from tests.unit.plugins.plugin_utils._capture.collecting import HEAD, collected

RECYCLE = 'net.ipv4.tcp_tw_recycle'
SHELLS = (('dash',), ('busybox', 'sh'), ('bash', '--posix'), ('mksh',), ('ksh',))
FILES = {
    'proc/sys/net/ipv4/tcp_tw_recycle': '1\n',
    'proc/sys/net/ipv4/tcp_timestamps': '1\n',
    'proc/sys/net/core/somaxconn': '128\n',
    'proc/sys/kernel/osrelease': '3.10.0-1160.el7.x86_64\n',
    'proc/uptime': '100.25 10.00\n',
    'proc/net/netstat': 'TcpExt: PAWSPassive ListenDrops\nTcpExt: 5 5\n',
    'etc/sysctl.conf': '# ours\n%s = 1\n' % RECYCLE,
    'etc/with a  blank.conf': 'x\n',
    'etc/rc.local': '#!/bin/sh\nsysctl -w %s=1' % RECYCLE,
    'usr/lib/systemd/systemd': '',
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    place = tmp_path / 'tree'
    for name, text in FILES.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding='utf-8')
    (place / 'etc/rc.local').chmod(0o755)
    (place / 'etc/sysctl.d').mkdir()
    (place / 'etc/sysctl.d/99-sysctl.conf').symlink_to('../sysctl.conf')
    (place / 'etc/sysctl.d/outside.conf').symlink_to('/../../../../../../../../etc/hostname')
    return place


def present(shells: tuple[tuple[str, ...], ...]) -> list[Any]:
    return [
        pytest.param(
            shell, id=shell[0], marks=[] if shutil.which(shell[0]) else [pytest.mark.skip('no %s here' % shell[0])]
        )
        for shell in shells
    ]


def plain(found: dict[str, Any]) -> dict[str, Any]:
    """A record without what names the collector, and without the links that lead nowhere in their order."""
    return {**found, 'source': {**found['source'], 'collector': None, 'python': None, 'collected_at': None}}


@pytest.mark.parametrize('shell', present(SHELLS))
def test_a_tree_gives_the_record_that_the_node_program_makes(shell: tuple[str, ...], tree: Path) -> None:
    found = look(collected(shell, str(tree)), {'root': str(tree)})['record']
    record.check(found)
    assert found['source']['collector'] == 'shell'
    assert plain(found) == plain(observe.run({'root': str(tree)})['record'])
    assert [writer['file'] for writer in found['writers']] == ['/etc/rc.local']


def test_an_image_based_system_is_told_by_its_os_release(tree: Path) -> None:
    (tree / 'usr/lib/os-release').write_text('ID=flatcar\n', encoding='utf-8')
    (tree / 'etc/os-release').symlink_to('../usr/lib/os-release')
    found = look(collected(('sh',), str(tree)), {'root': str(tree)})['record']
    assert found['source']['system'] == 'flatcar'
    record.check(found)


@pytest.mark.parametrize('shell', present(SHELLS))
def test_this_machine_is_seen_by_its_shell(shell: tuple[str, ...]) -> None:
    found = look(collected(shell), {})['record']
    expected = observe.run({})['record']
    record.check(found)
    assert found['kernel'] == expected['kernel']
    assert found['namespaces'][0]['sysctls'] == expected['namespaces'][0]['sysctls']
    assert found['namespaces'][0]['counters']['TcpExt'].keys() == expected['namespaces'][0]['counters']['TcpExt'].keys()
    assert found['persisted'] == expected['persisted']
    assert found['writers'] == expected['writers']
    assert found['source']['euid'] == os.geteuid()


MOUNTS = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which('unshare'), reason='needs root and unshare: it mounts directories'
)
ON_A_NODE = 'for each in "$1"/*; do mount --bind "$each" "/${each##*/}" || exit; done; shift; exec "$@"'
OBSERVED = (
    'import json; from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations import observe; '
    'print(json.dumps(observe.run({})["record"]))'
)


def seen_with(place: Path, *command: str) -> bytes:
    """What a command prints on this machine with other directories in place of its own."""
    alone = ('unshare', '--mount', '--pid', '--fork', '--mount-proc')  # other tests run hundreds of namespaces
    words = [*alone, 'sh', '-c', ON_A_NODE, 'sh', str(place), *command]
    paths = {**os.environ, 'PYTHONPATH': os.pathsep.join(sys.path)}
    return subprocess.run(words, stdout=subprocess.PIPE, check=True, env=paths).stdout


NEIGHBOUR = (
    'unshare -n sleep 100 & until [ "$(readlink /proc/$!/ns/net)" != "$(readlink /proc/self/ns/net)" ] && '
    'grep -q sleep /proc/$!/comm; do :; done; "$@"; kill $!'
)


def beside_another(*command: str) -> bytes:
    """What a command prints on a node with one other network namespace, where nothing listens."""
    words = ['unshare', '--net', '--mount', '--pid', '--fork', '--mount-proc', 'sh', '-c', NEIGHBOUR, 'sh', *command]
    paths = {**os.environ, 'PYTHONPATH': os.pathsep.join(sys.path)}
    return subprocess.run(words, stdout=subprocess.PIPE, check=True, env=paths).stdout


@MOUNTS
@pytest.mark.parametrize('shell', present(SHELLS))
def test_other_namespaces_are_seen_by_each_shell(shell: tuple[str, ...]) -> None:
    found = look(beside_another(*shell, str(remote.SCRIPT)), {})['record']
    expected = json.loads(beside_another(sys.executable, '-c', OBSERVED))
    assert len(found['namespaces']) == len(expected['namespaces']) == 2
    for seen, wanted in zip(found['namespaces'], expected['namespaces'], strict=True):
        assert seen['sysctls'] == wanted['sysctls']
        assert seen['addresses'] == wanted['addresses']
    assert found['unavailable'] == expected['unavailable']


def keep(store: Store, name: str, state: str, time: int, changes: int) -> None:
    """One change set, as the node program makes it."""
    entry = {'what': 'running', 'key': RECYCLE, 'before': '1', 'after': '0', 'reason': '', 'namespace': 'host'}
    entry |= {'file': None, 'line': None}
    made = {'schema': change_set.SCHEMA, 'id': name, 'root': '/', 'confirm': None, 'time': time, 'who': 'me'}
    made |= {'boot_id': None, 'items': [], 'changes': [entry] * changes}
    store.create(made, {}, [], lambda _step: None).move_to(state)


@MOUNTS
@pytest.mark.parametrize('shell', present(SHELLS))
def test_change_sets_are_listed_as_the_node_program_lists_them(shell: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / 'var/lib').mkdir(parents=True)
    store = Store(Tree(str(tmp_path)), STATE_DIR)
    store.prepare(lambda _step: None)
    keep(store, '20261101T000000Z-00000001', 'applied', 1000, 3)
    keep(store, '20261102T000000Z-00000002', 'undone', 2000, 1)
    program = os.path.realpath(shutil.which(shell[0]) or '')
    found = look(seen_with(tmp_path, program, *shell[1:], str(remote.SCRIPT)), {})['record']
    record.check(found)
    assert found['change_sets'] == [
        {'id': '20261102T000000Z-00000002', 'time': 2000, 'state': 'undone', 'changes': 1},
        {'id': '20261101T000000Z-00000001', 'time': 1000, 'state': 'applied', 'changes': 3},
    ]
    assert found['change_sets'] == json.loads(seen_with(tmp_path, sys.executable, '-c', OBSERVED))['change_sets']


BESIDE_KUBE_PROXY = '"$0" --proxy-mode=ipvs & until grep -q kube-proxy /proc/$!/comm; do :; done; "$@"'


@pytest.mark.long
@MOUNTS
@pytest.mark.parametrize('shell', present(SHELLS))
def test_pods_and_kube_proxy_of_a_node_are_seen_by_its_shell(shell: tuple[str, ...], tmp_path: Path) -> None:
    uid, place = '0a1b2c3d-0000-4111-8222-333344445555', tmp_path / 'place' / 'var'
    (place / 'log/pods' / ('shop_web-1_%s' % uid) / 'app').mkdir(parents=True)
    (place / 'log/pods/no pod').mkdir()
    program = tmp_path / 'kube-proxy'
    program.write_text('#!/bin/sh\nsleep 60\n')
    program.chmod(0o755)
    data = seen_with(tmp_path / 'place', 'sh', '-c', BESIDE_KUBE_PROXY, str(program), *shell, str(remote.SCRIPT))
    told = Told('/')
    told.take_all(stream.parse(data))
    assert '/var/log/pods/shop_web-1_%s/app' % uid in told.shape.entries
    found = look(data, {})['record']
    record.check(found)
    assert found['kube_proxy'] == {'mode': 'ipvs', 'by': 'process'}


def test_a_change_set_that_cannot_be_read_is_told(tree: Path) -> None:
    for name, files in {'a': ('state.applied', 'record.json'), 'b': ('record.json',), 'c': ()}.items():
        place = tree / 'var/lib/nodetcp-paws/change-sets' / name
        place.mkdir(parents=True)
        for each in files:
            (place / each).write_text('{"schema": 1', encoding='utf-8')
    found = look(collected(('sh',), str(tree)), {'root': str(tree)})['record']
    record.check(found)
    assert found['change_sets'] == []
    told = {path[-1]: why for path, why in found['unavailable'].items() if 'change-sets/' in path}
    assert sorted(told) == ['a', 'b', 'c']
    assert 'no state' in told['b']
    assert 'record cannot be read' in told['a']


LOADER = """#!/bin/sh
# tunes sysctl
for file in /opt/tuning/conf.d/*.conf; do
    sysctl -p "$file"
done
cd /opt/tuning
. ./lib.sh
tune
HERE=/opt/tuning
sysctl -p $HERE/late.conf
sysctl -p "$(dirname "$0")/beside.conf"
"""
LOADED = {
    'opt/tuning/conf.d/10 tw.conf': '%s = 1\n' % RECYCLE,
    'opt/tuning/conf.d/secret.conf': 'the key of a safe\n',
    'opt/tuning/lib.sh': 'tune() { sysctl -w net.ipv4.tcp_timestamps=0; }\n',
    'opt/tuning/late.conf': 'net.ipv4.tcp_rfc1337 = 1\n',
    'etc/beside.conf': 'net.ipv4.tcp_syncookies = 0\n',
}


@MOUNTS
@pytest.mark.parametrize('shell', present(SHELLS))
def test_files_that_a_script_names_by_a_pattern_or_from_a_directory_travel(
    shell: tuple[str, ...], tmp_path: Path
) -> None:
    for name, text in {**LOADED, 'etc/rc.local': LOADER}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding='utf-8')
    (tmp_path / 'etc/rc.local').chmod(0o755)
    program = os.path.realpath(shutil.which(shell[0]) or '')
    printed = seen_with(tmp_path, program, *shell[1:], str(remote.SCRIPT))
    found = look(printed, {})['record']
    assert b'safe' not in printed
    assert found['writers'] == json.loads(seen_with(tmp_path, sys.executable, '-c', OBSERVED))['writers']
    keys = {writer['key'] for writer in found['writers'] if writer['file'].startswith(('/opt/', '/etc/beside'))}
    assert keys == {RECYCLE, 'net.ipv4.tcp_timestamps', 'net.ipv4.tcp_rfc1337', 'net.ipv4.tcp_syncookies'}


@MOUNTS
@pytest.mark.parametrize('shell', present(SHELLS))
def test_what_a_closed_directory_hides_is_told(shell: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / 'etc/runit/runsvdir/default').mkdir(parents=True)
    (tmp_path / 'etc/runit').chmod(0o700)
    program = os.path.realpath(shutil.which(shell[0]) or '')
    user = ('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups')
    found = look(seen_with(tmp_path, *user, program, *shell[1:], '-c', remote.bare()), {})['record']
    told = {path for path in found['unavailable'] if path.startswith('/etc/')}
    expected = {'core-services', 'core-services/08-sysctl.sh', 'runsvdir/default', '1', '2'}
    assert told == {'/etc/runit/' + name for name in expected}


COMPUTING = """#!/bin/sh
NAME=tuning ROLE=web DIR=/opt/roles
. /etc/default/$NAME
sysctl -p "$DIR/$ROLE.conf"
for each in $DIR/$ROLE-*.conf; do sysctl -p "$each"; done
[ -f $DIR/never.conf ] && sysctl -p $DIR/never.conf
[ -f /etc/default/never ] && . /etc/default/never
read pid < /run/$NAME.pid
sysctl -w net.ipv4.tcp_syncookies=$COOKIES
"""


@MOUNTS
@pytest.mark.parametrize('shell', present(SHELLS))
def test_files_whose_names_a_script_puts_together_are_told(shell: tuple[str, ...], tmp_path: Path) -> None:
    """One that a variable names travels; of one that two variables name nobody knows whether it is there."""
    (tmp_path / 'etc/default').mkdir(parents=True)
    (tmp_path / 'opt').mkdir()
    (tmp_path / 'etc/rc.local').write_text(COMPUTING, encoding='utf-8')
    (tmp_path / 'etc/rc.local').chmod(0o755)
    (tmp_path / 'etc/default/tuning').write_text('COOKIES=0\n', encoding='utf-8')
    program = os.path.realpath(shutil.which(shell[0]) or '')
    found = look(seen_with(tmp_path, program, *shell[1:], str(remote.SCRIPT)), {})['record']
    record.check(found)
    assert [(writer['file'], writer['value']) for writer in found['writers']] == [('/etc/rc.local', '0')]
    told = {path for path, why in found['unavailable'].items() if 'puts this name together' in why}
    assert told == {'/opt/roles/web.conf', '/opt/roles/web-*.conf'}
    assert {gap['part']: gap['number'] for gap in sight.gaps(found)}['writers'] == 2


def test_paths_that_were_too_many_to_look_for_are_told(tree: Path) -> None:
    data = collected(('sh',), str(tree)).replace(b' denied \n', b' unfollowed 4001\n')
    found = look(data, {'root': str(tree)})['record']
    assert '4001' in found['unavailable']['writers named by patterns']
    other = look(data.replace(b'4001', b'x'), {'root': str(tree)})['record']
    assert 'writers named by patterns' not in other['unavailable']


def test_a_second_look_is_taken_after_the_window() -> None:
    looked = look(collected(SHELLS[0] if shutil.which('dash') else ('sh',), '/', '1'), {})
    assert 0.5 < looked['record']['source']['uptime_s'] - looked['earlier']['uptime_s'] < 60
    record.check_sample(looked['earlier'])
    record.check_sample(looked['sample'])


def test_more_keys_are_looked_at_on_demand() -> None:
    words = ('/', '0', '', '', 'net/ipv4/tcp_retries2')
    found = look(collected(('sh',), *words), {'sysctls': ['net.ipv4.tcp_retries2']})['record']
    assert found['namespaces'][0]['sysctls']['net.ipv4.tcp_retries2']['value'].isdigit()


def test_a_key_that_is_looked_at_anyway_may_be_asked_for_too() -> None:
    words = ('/', '0', '', '', 'vm/swappiness', 'vm/swappiness')
    found = look(collected(('sh',), *words), {'sysctls': ['vm.swappiness']})['record']
    assert found['namespaces'][0]['sysctls']['vm.swappiness']['value'].isdigit()


def test_the_command_fits_into_one_argument_and_keeps_its_words_apart() -> None:
    arguments = {'root': "/srv/it's here", 'window': 0.2, 'sysctls': ['net.ipv4.conf.eth0/1.rp_filter', RECYCLE]}
    command = remote.command({**arguments, 'since': {'boot_id': 'b', 'uptime_s': 12.7}})
    assert len(command) < 48 * 1024
    assert command.endswith(" collect.sh '/srv/it'\"'\"'s here' 1 12 b net/ipv4/conf/eth0.1/rp_filter")


def test_ends_of_lines_that_a_terminal_made_are_undone(tree: Path) -> None:
    data = collected(('sh',), str(tree))
    assert stream.parse(b'Welcome!\r\n' + data.replace(b'\n', b'\r\n')) == stream.parse(data)


@pytest.mark.parametrize(
    ('data', 'reason'),
    [
        (b'', 'first line is missing'),
        (b'{"schema": 1}\n', 'first line is missing'),
        (HEAD, 'cut off'),
        (HEAD + b'\nabc list \n-rw', 'cut off'),
        (HEAD + b'\nabc refused \nthe tree has more than 20 MiB\n\nabc end \n', 'more than 20 MiB'),
        (HEAD + b'\nabc x ' * (stream.PARTS_MAX + 1), 'parts'),
        (HEAD + b'\nabc end \n', 'nothing is in the capture'),
    ],
)
def test_what_is_not_a_whole_capture_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(CaptureError, match=reason):
        look(data, {})


def test_a_file_cannot_pretend_to_be_another_one(tree: Path) -> None:
    """The line that begins a part is made for each capture; a file may hold that of an earlier one."""
    lines = '\nabc file /etc/sysctl.d/50.conf\n%s = 0\n\nabc end \n/etc/sysctl.d/60.conf:%s = 0\n' % (RECYCLE, RECYCLE)
    (tree / 'etc/sysctl.d/40.conf').write_text('# %s' % lines, encoding='utf-8')
    found = look(collected(('sh',), str(tree)), {'root': str(tree)})['record']
    assert plain(found) == plain(observe.run({'root': str(tree)})['record'])


def test_links_stay_inside_the_tree() -> None:
    shape = Shape()
    shape.add('/etc/out', Entry(LINK, '../../../../../../etc'))
    shape.add('/etc/loop', Entry(LINK, 'loop'))
    shape.add('/a/../../b', Entry(FILE, content=b'1'))
    shape.add('/etc/out/c', Entry(FILE, content=b'2'))
    shape.add('/etc/loop/d', Entry(FILE, content=b'3'))
    shape.add('relative', Entry(FILE, content=b'4'))
    shape.add('/' + 'x' * 300, Entry(FILE, content=b'5'))
    assert [path for path, entry in shape.whole() if entry.kind == FILE] == ['/b', '/etc/c']


def test_what_lies_below_a_file_or_a_link_is_not_there() -> None:
    shape = Shape()
    shape.add('/a/b', Entry(FILE, content=b''))
    shape.add('/a', Entry(FILE, content=b''))
    shape.add('/l/b', Entry(FILE, content=b''))
    shape.add('/l', Entry(LINK, '/etc'))
    assert [(path, entry.kind) for path, entry in shape.whole()] == [('/a', FILE), ('/l', LINK)]


def test_memory_answers_as_a_file_system_does() -> None:
    shape = Shape()
    shape.add('/etc', Entry(DIRECTORY))
    shape.add('/etc/f', Entry(FILE, content=b'12345', runs=True))
    shape.add('/etc/big', Entry(FILE, size=10**12))
    memory, root = Memory(shape), ROOT.encode()
    handle = memory.open(root + b'/etc/f', 0)
    assert [memory.read(handle, 3), memory.read(handle, 9), memory.read(handle, 9)] == [b'123', b'45', b'']
    assert memory.listdir(root + b'/etc') == [b'big', b'f']
    assert memory.stat(root + b'/etc/big').st_size == 10**12
    for wrong in (b'/no', b'/etc/f/x'):
        with pytest.raises(FileNotFoundError):
            memory.stat(root + wrong)


def test_captures_are_read_beside_records(tmp_path: Path) -> None:
    (tmp_path / 'web1.capture').write_bytes(collected(('sh',)))
    (tmp_path / 'web2.capture').write_bytes(b'nothing')
    judged = {'verdict': 'clean', 'findings': [], 'source': {}}
    one, two = offline.read_directory(str(tmp_path), set(), lambda _stem, found: {**judged, 'source': found['source']})
    assert (one['name'], one['status'], one['source']['collector']) == ('web1', 'ok', 'shell')
    assert (two['name'], two['status']) == ('web2', 'failed')
    assert 'first line is missing' in two['reason']
