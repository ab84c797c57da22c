# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hosts of a fleet are like, asked of find, sha256sum and the kernel, never of the collection."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.fleet import Fleet
from tests.fleet.layers import SSHD_CONFIG

RECYCLE = 'tcp_tw_recycle'
# Every file below /etc with type, mode, owner, target and content, and every TCP sysctl of every network namespace.
_LOOK = r"""
cd / || exit 1
find etc -exec stat -c '%n %f %u %g %N' {} + | LC_ALL=C sort
find etc -type f -exec sha256sum {} + | LC_ALL=C sort -k 2
seen=
for process in /proc/[0-9]*; do
  namespace=$(readlink "$process/ns/net") || continue
  case "$seen" in *"$namespace"*) continue;; esac
  seen="$seen $namespace"
  nsenter --net="$process/ns/net" sh -c '
    cd /proc/sys/net && grep -H . ipv4/tcp_* ipv4/ip_local_* core/somaxconn 2>/dev/null' | sed "s|^|$namespace |"
done
"""


def of_host(fleet: Fleet, name: str) -> list[str]:
    """The state of a host, line by line."""
    said = fleet.ssh(name, _LOOK)
    lines = said.stdout.splitlines()
    assert any('ipv4/tcp_' in line for line in lines), said
    assert any('etc/passwd' in line for line in lines), said
    return lines


def of_fleet(fleet: Fleet) -> dict[str, list[str]]:
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(fleet.hosts, pool.map(lambda name: of_host(fleet, name), fleet.hosts), strict=True))


def of_fleet_but(fleet: Fleet, away: str) -> dict[str, list[str]]:
    """The same without a host that cannot be reached."""
    return {name: of_host(fleet, name) for name in fleet.hosts if name != away}


def without_recycle(lines: list[str]) -> list[str]:
    """A state without the running tcp_tw_recycle and without the content and size of files that can set it."""
    files = ('etc/sysctl.conf', 'etc/sysctl.d/')
    return [
        line
        for line in lines
        if RECYCLE not in line and not (line.split()[-1].startswith(files) and len(line.split()[0]) == 64)
    ]


@contextlib.contextmanager
def cut_off_after_change(fleet: Fleet, name: str) -> Iterator[None]:
    """As soon as the host has applied a change set, its ssh server is gone; it is back at the end."""
    pid = fleet.pids()[name]
    root = '/proc/%d/root' % pid
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            if _applied(root):
                os.rename(root + SSHD_CONFIG, root + SSHD_CONFIG + '.away')
                _end_servers(pid)
                return
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()
        assert os.path.exists(root + SSHD_CONFIG + '.away'), 'the host was never changed'
        os.rename(root + SSHD_CONFIG + '.away', root + SSHD_CONFIG)


def _applied(root: str) -> bool:
    sets = root + '/var/lib/nodetcp-paws/change-sets'
    with contextlib.suppress(OSError):
        return any(os.path.exists('%s/%s/state.applied' % (sets, each)) for each in os.listdir(sets))
    return False


def _end_servers(pid: int) -> None:
    """Kill every sshd of the host whose first process is `pid`."""
    own = os.readlink('/proc/%d/ns/net' % pid)
    for each in filter(str.isdigit, os.listdir('/proc')):
        with contextlib.suppress(OSError):
            with open('/proc/%s/comm' % each, encoding='ascii') as comm:
                named = comm.read().startswith('sshd')
            if named and os.readlink('/proc/%s/ns/net' % each) == own:
                os.kill(int(each), signal.SIGKILL)
