# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet itself: hosts are what their specification says, and nothing of them is left afterwards."""

from __future__ import annotations

import concurrent.futures
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import pytest

from tests.gates.gates import CHECKOUT

from . import Container, Fleet, FleetError, Host, hosts

pytestmark = pytest.mark.usefixtures('fleet_possible')
RECYCLE = '/proc/sys/net/ipv4/tcp_tw_recycle'


def said(fleet: Fleet, name: str, command: str) -> str:
    done = fleet.ssh(name, command)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def need(fleet: Fleet, name: str) -> None:
    if name in fleet.left_out:
        pytest.skip('%s: %s' % (name, fleet.left_out[name]))


def banner(address: str) -> bytes:
    with socket.create_connection((address, 22), timeout=20) as connection:
        return connection.recv(8)


def until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def rests(fleet: Fleet) -> list[str]:
    """What this machine shows of a fleet outside its state directory: links and mounts that name it."""
    aliases = [
        path
        for path in pathlib.Path('/sys/class/net').glob('*/ifalias')
        if str(fleet.state) in path.read_text(encoding='utf-8')
    ]
    mounts = pathlib.Path('/proc/self/mountinfo').read_text(encoding='utf-8').split('\n')
    return [path.parent.name for path in aliases] + [line for line in mounts if str(fleet.state) in line]


def test_standard_fleet_covers_every_class() -> None:
    every = hosts.standard()
    assert len(every) >= 20
    assert len({host.why for host in every}) >= 12
    assert {host.expect for host in every} == {
        'dropping',
        'exposed',
        'impaired',
        'latent',
        'unknown',
        'stale',
        'advisory',
        'clean',
    }
    assert len({host.name for host in every}) == len(every)


def test_ssh_reaches_each_open_host_under_its_own_name(standard_fleet: Fleet) -> None:
    names = [name for name, host in standard_fleet.hosts.items() if host.ssh == 'open']
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: said(standard_fleet, name, 'uname -n; cat /etc/hostname'), names))
    assert answers == ['%s\n%s' % (name, name) for name in names]


def test_sysctls_belong_to_the_host(standard_fleet: Fleet) -> None:
    mine = pathlib.Path('/proc/sys/net/ipv4/tcp_timestamps').read_text(encoding='ascii')
    assert said(standard_fleet, 'advisory-timestamps', 'cat /proc/sys/net/ipv4/tcp_timestamps') == '0'
    assert said(standard_fleet, 'clean-defaults', 'cat /proc/sys/net/ipv4/tcp_timestamps') == '1'
    assert pathlib.Path('/proc/sys/net/ipv4/tcp_timestamps').read_text(encoding='ascii') == mine


def test_files_stay_inside_the_host(standard_fleet: Fleet) -> None:
    for place in ('/etc/fleet-was-here', '/tmp/fleet-was-here', '/root/fleet-was-here', '/run/fleet-was-here'):
        said(standard_fleet, 'clean-defaults', 'echo x > ' + place)
        assert not os.path.exists(place)
        assert standard_fleet.ssh('clean-files', 'test -e ' + place).returncode == 1


def test_homes_settings_and_services_of_the_machine_do_not_show(standard_fleet: Fleet) -> None:
    assert said(standard_fleet, 'old-clean', 'ls -A /root /etc/sysctl.d /usr/lib/sysctl.d').split() == [
        '/etc/sysctl.d:',
        '/root:',
        '/usr/lib/sysctl.d:',
    ]
    assert standard_fleet.ssh('old-clean', 'echo 1 > /sys/class/net/lo/mtu').returncode != 0


def test_python27_is_the_only_interpreter(standard_fleet: Fleet) -> None:
    need(standard_fleet, 'only-python27')
    ask = "import sys, json, ctypes; sys.stdout.write('%d.%d' % sys.version_info[:2])"
    assert said(standard_fleet, 'only-python27', 'python2.7 -c "%s"; /usr/bin/python -c "%s"' % (ask, ask)) == '2.72.7'
    find = 'IFS=:; for d in $PATH /usr/libexec; do ls $d/python3* $d/platform-python* 2>/dev/null; done; true'
    assert said(standard_fleet, 'only-python27', find) == ''


def test_broken_python3_is_there_and_does_not_start(standard_fleet: Fleet) -> None:
    need(standard_fleet, 'broken-python3')
    assert said(standard_fleet, 'broken-python3', 'command -v python3') == '/usr/bin/python3'
    assert standard_fleet.ssh('broken-python3', 'python3 -c pass').returncode == 127
    assert standard_fleet.ssh('broken-python3', 'python2.7 -c pass').returncode == 0


def test_old_kernel_has_the_key_and_keeps_what_is_written(standard_fleet: Fleet) -> None:
    assert said(standard_fleet, 'old-clean', 'cat /proc/sys/kernel/osrelease ' + RECYCLE) == hosts.EL7 + '\n0'
    said(standard_fleet, 'old-clean', 'echo 1 > ' + RECYCLE)
    assert said(standard_fleet, 'old-clean', 'cat ' + RECYCLE) == '1'
    said(standard_fleet, 'old-clean', 'echo 0 > ' + RECYCLE)
    assert not os.path.exists(RECYCLE)
    assert pathlib.Path('/proc/sys/kernel/osrelease').read_text(encoding='ascii').strip() == os.uname().release
    assert standard_fleet.ssh('clean-defaults', 'cat ' + RECYCLE).returncode == 1


def within(fleet: Fleet, name: str, process: str, command: str) -> str:
    """In the network namespace of the process that is called so; python is what every such host has."""
    number = said(
        fleet, name, 'for p in /proc/[0-9]*; do grep -qs %s $p/cgroup && basename $p; done; true' % process
    ).split()[0]
    return fleet.ssh(name, "nsenter --net=/proc/%s/ns/net sh -c '%s' 2>&1" % (number, command)).stdout.strip()


@pytest.mark.parametrize('key', ['tcp_tw_recycle', 'tcp_timestamps'])
def test_container_of_a_4_4_kernel_lacks_what_was_global(standard_fleet: Fleet, key: str) -> None:
    name = hosts.container_id('shop')
    assert 'No such file' in within(standard_fleet, 'exposed-containers', name, 'cat /proc/sys/net/ipv4/' + key)
    assert within(standard_fleet, 'exposed-containers', name, 'cat /proc/sys/net/ipv4/tcp_sack') == '1'


def test_each_namespace_of_a_4_11_kernel_has_its_own_value(standard_fleet: Fleet) -> None:
    name = 'exposed-one-container'
    assert said(standard_fleet, name, 'cat ' + RECYCLE) == '0'
    assert within(standard_fleet, name, hosts.container_id('new'), 'cat ' + RECYCLE) == '0'
    assert within(standard_fleet, name, hosts.container_id('old'), 'cat ' + RECYCLE) == '1'


def test_a_node_that_is_a_container_of_an_old_kernel_has_no_global_keys(standard_fleet: Fleet) -> None:
    assert said(standard_fleet, 'unknown-in-container', 'cat /proc/sys/kernel/osrelease') == hosts.XENIAL
    for key in ('tcp_tw_recycle', 'tcp_timestamps'):
        assert standard_fleet.ssh('unknown-in-container', 'cat /proc/sys/net/ipv4/' + key).returncode == 1


def test_containers_show_their_cgroup_and_have_their_own_sysctls_and_sockets(standard_fleet: Fleet) -> None:
    shown = said(standard_fleet, 'clean-containers', 'cat /proc/[0-9]*/cgroup')
    for text in (hosts.docker_v2('api'), hosts.docker_v1('worker'), hosts.pod('pod')):
        assert text in shown + '\n'
    ask = 'cat /proc/sys/net/ipv4/tcp_rfc1337; grep -c :1F90 /proc/thread-self/net/tcp'
    assert within(standard_fleet, 'advisory-container', hosts.container_id('weak'), ask).split() == ['1', '1']
    assert said(standard_fleet, 'advisory-container', ask + '; true').split() == ['0', '0']


def test_hosts_that_are_not_to_be_reached_are_not(standard_fleet: Fleet) -> None:
    assert 'refused' in standard_fleet.ssh('refused', 'true').stderr
    with pytest.raises(OSError, match=r'route|timed out|unreachable'):
        banner(standard_fleet.addresses['unreachable'])


def test_ordinary_user_sees_no_namespaces_and_has_no_sudo(standard_fleet: Fleet) -> None:
    assert said(standard_fleet, 'no-root', 'id -un') == 'auditor'
    assert standard_fleet.ssh('no-root', 'readlink /proc/1/ns/net || command -v sudo su').returncode != 0
    assert said(standard_fleet, 'no-root-hidepid', 'ls -d /proc/1 2>/dev/null; true') == ''


def test_full_accept_queue_is_counted_by_the_kernel(standard_fleet: Fleet) -> None:
    ask = 'set -- $(grep ^TcpExt /proc/net/netstat | tail -1); echo $*; grep ^TcpExt /proc/net/netstat | head -1'

    def overflows() -> int:
        values, names = said(standard_fleet, 'impaired-accept-queue', ask).split('\n')
        return int(dict(zip(names.split(), values.split(), strict=True))['ListenOverflows'])

    first = overflows()
    assert until(lambda: overflows() > first)


def test_cpu_seconds_count_what_hosts_burn(standard_fleet: Fleet) -> None:
    before = standard_fleet.cpu_seconds()
    said(standard_fleet, 'clean-defaults', "python3 -c 'import time\nwhile time.process_time() < 0.5: pass'")
    assert until(lambda: standard_fleet.cpu_seconds() - before > 0.4)
    assert standard_fleet.cpu_seconds() - before < 10


def test_ansible_runs_over_the_inventory(standard_fleet: Fleet) -> None:
    pytest.importorskip('ansible')
    names = ['clean-defaults', 'no-root', 'refused']
    command = [
        os.path.join(os.path.dirname(sys.executable), 'ansible'),
        '-i',
        standard_fleet.inventory,
        ':'.join(names),
        '-m',
        'raw',
        '-a',
        'uname -n',
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd='/')
    assert done.returncode == 4
    assert 'refused | UNREACHABLE' in done.stdout
    assert {'clean-defaults', 'no-root'} <= set(done.stdout.split('\n')[1:] + done.stdout.split())


def test_nothing_is_left_after_down() -> None:
    fleet = Fleet(
        [Host('a', containers=(Container('c', '0::/x\n'),), kernel=hosts.EL7, tw_recycle='1'), Host('b', overflow=True)]
    )
    with fleet:
        pids = [fleet.running(), *fleet.pids().values()]
        assert len(rests(fleet)) == 1
        assert rests(fleet)[0].startswith('pawsfleet')
        assert said(fleet, 'a', 'true') == ''
    assert not rests(fleet)
    assert not fleet.state.exists()
    assert until(lambda: not any(alive(pid) for pid in pids))
    fleet.down()


def alive(pid: int) -> bool:
    try:
        return pathlib.Path('/proc/%d/stat' % pid).read_text(encoding='utf-8').rpartition(')')[2].split()[0] not in 'ZX'
    except OSError:
        return False


def test_a_killed_supervisor_takes_everything_with_it() -> None:
    fleet = Fleet(hosts.plain(3)).up()
    try:
        pids = list(fleet.pids().values())
        os.kill(fleet.running(), signal.SIGKILL)
        assert until(lambda: not any(alive(pid) for pid in pids))
        fleet.down()
        assert not rests(fleet)
        assert not fleet.state.exists()
        again = Fleet(hosts.plain(2), fleet.state)
        with again:
            assert said(again, 'host002', 'uname -n') == 'host002'
    finally:
        fleet.down()


def test_two_fleets_side_by_side() -> None:
    with Fleet(hosts.plain(2)) as first, Fleet(hosts.plain(2)) as second:
        assert not set(first.addresses.values()) & set(second.addresses.values())
        with pytest.raises(FleetError, match='already up'):
            Fleet(hosts.plain(1), first.state).up()
        first.down()
        assert said(second, 'host001', 'uname -n') == 'host001'


def test_fifty_hosts_answer() -> None:
    with Fleet(hosts.plain(50)) as fleet, concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert set(pool.map(banner, fleet.addresses.values())) == {b'SSH-2.0-'}


def test_a_host_whose_interpreter_is_missing_is_left_out_by_name() -> None:
    with Fleet([Host('odd', python='2.99'), Host('even')]) as fleet:
        assert fleet.left_out == {'odd': 'no Python 2.99 on this machine'}
        assert set(fleet.hosts) == {'even'}


def test_a_directory_with_other_things_is_left_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    place = tmp_path_factory.mktemp('taken')  # a short name: sockets of OpenSSH will lie in it
    (place / 'keys').mkdir()
    fleet = Fleet(hosts.plain(1), place)
    with pytest.raises(FleetError, match='holds other things'):
        fleet.up()
    fleet.down()
    assert os.listdir(place) == ['keys']


def test_a_sysctl_of_the_whole_machine_is_refused() -> None:
    with pytest.raises(FleetError, match=r'kernel\.panic'):
        Host('reckless', sysctls={'kernel.panic': '1'})


def test_without_root_it_says_so_in_one_line() -> None:
    os.seteuid(65534)
    try:
        with pytest.raises(FleetError) as caught:
            Fleet(hosts.plain(1)).up()
    finally:
        os.seteuid(0)
    assert 'needs root' in str(caught.value)
    assert '\n' not in str(caught.value)


def test_by_hand() -> None:
    here = pathlib.Path(__file__).resolve().parent
    state = os.path.join(tempfile.gettempdir(), 'paws-fleet-test-%d' % os.getpid())

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            '-m',
            '%s.%s' % (here.parent.name, here.name),
            words[0],
            '--state',
            state,
            *words[1:],
        ]
        return subprocess.run(command, cwd=here.parent.parent, capture_output=True, text=True, timeout=60, check=False)

    try:
        assert run('up', '--hosts', '2').returncode == 0
        assert 'already up' in run('up', '--hosts', '2').stderr
        assert run('shell', 'host002', 'uname', '-n').stdout.strip() == 'host002'
        assert 'host001' in run('status').stdout
        assert float(run('cpu').stdout) >= 0
        assert os.path.exists(run('inventory').stdout.strip())
    finally:
        assert run('down').returncode == 0
    assert not os.path.exists(state)
    assert run('down').returncode == 0
    assert run('status').stderr == 'fleet: no fleet is up in %s\n' % state


def test_by_hand_it_says_how_to_end_it() -> None:
    """And that command ends all of it."""
    with tempfile.TemporaryDirectory() as directory:
        state = pathlib.Path(directory) / 'fleet'
        start = [sys.executable, '-m', 'tests.fleet', 'up', '--hosts', '1', '--state', str(state)]
        up = subprocess.run(start, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, timeout=120, check=True)
        last = up.stdout.splitlines()[-1]
        assert last.startswith('They run until: ')
        subprocess.run(last.partition(': ')[2], shell=True, cwd=CHECKOUT, timeout=60, check=True)
        assert not state.exists()
