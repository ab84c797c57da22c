# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Process 1 of a host: it makes the host around itself, tells the supervisor, then only buries orphans.

Steps (each namespace call is its own, so the caller has just unshared the PID namespace and forked): network with one
veth into the fleet's bridge, overlay root, /proc, /sys, /dev/pts, old kernel, containers, listening socket.
"""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import signal
import socket
import traceback
import uuid

from . import init, layers, linux, oldkernel, overflow
from .netlink import Netlink
from .spec import Container, Host

PREFIX = 22


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a host goes: number, address, bridge (index in the supervisor's namespace), tmpfs directory, lower layers.

    ``binds``: (source on the machine, path below /) of read-only directories that the overlay of / does not show.
    """

    number: int
    address: str
    bridge: int
    directory: pathlib.Path
    lower: tuple[str, ...]
    binds: tuple[tuple[str, str], ...] = ()


def run(host: Host, place: Place, channel: socket.socket) -> None:
    """Never returns. The supervisor gets {"number", "error"} in JSON and, where ssh is open, the listening socket."""
    try:
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        linux.set_process_name('fleet-' + host.name)
        listener = _build(host, place)
        _report(channel, place.number, None, listener)
    except BaseException:
        _report(channel, place.number, traceback.format_exc(), None)
        os._exit(1)
    init.become(host.name)


def _report(channel: socket.socket, number: int, error: str | None, listener: socket.socket | None) -> None:
    message = json.dumps({'number': number, 'error': error[-4000:] if error else None}).encode()
    socket.send_fds(channel, [message], [listener.fileno()] if listener else [])
    channel.close()
    if listener:
        listener.close()


def _build(host: Host, place: Place) -> socket.socket | None:
    outside = Netlink()
    linux.unshare(linux.CLONE_NEWNET | linux.CLONE_NEWNS | linux.CLONE_NEWUTS | linux.CLONE_NEWIPC)
    linux.sethostname(host.name)
    linux.mount('none', '/', flags=linux.MS_REC | linux.MS_PRIVATE)
    _network(outside, place)
    root = _root(host, place)
    _write_sysctls(root / 'proc/sys', host.sysctls)
    containers = [_start_container(container, index, root) for index, container in enumerate(host.containers)]
    for container, pid in zip(host.containers, containers, strict=True):
        _cover(place.directory / ('cgroup-%d' % pid), container.cgroup, root / 'proc' / str(pid) / 'cgroup')
    if host.kernel:
        _grow_old(host, host.kernel, containers, root / 'proc', place.directory)
    linux.pivot_root(str(root))
    if host.overflow:
        overflow.start()
    return _listen() if host.ssh == 'open' else None


def _network(outside: Netlink, place: Place) -> None:
    pathlib.Path('/proc/sys/net/ipv6/conf/default/disable_ipv6').write_text('1', encoding='ascii')
    namespace = os.open('/proc/self/ns/net', os.O_RDONLY)
    outside.add_veth('h%d' % place.number, 'eth0', namespace, master=place.bridge)
    outside.close()
    os.close(namespace)
    inside = Netlink()
    inside.up('lo')
    inside.add_address('eth0', place.address, PREFIX)
    inside.up('eth0')
    inside.close()


def _root(host: Host, place: Place) -> pathlib.Path:
    upper, work, root = (place.directory / name for name in ('upper', 'work', 'root'))
    for directory in (upper, work, root):
        directory.mkdir()
    layers.write(upper, 'etc/hostname', host.name + '\n')
    layers.write(upper, 'etc/machine-id', uuid.uuid4().hex + '\n')
    layers.own(upper, host.files, host.links, host.trees, host.hide)
    options = 'lowerdir=%s,upperdir=%s,workdir=%s' % (':'.join(place.lower), upper, work)
    linux.mount('overlay', str(root), 'overlay', options=options)
    for source, path in place.binds:
        linux.bind(source, str(root / path))
        linux.mount('none', str(root / path), flags=linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY)
    quiet = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC
    linux.mount('proc', str(root / 'proc'), 'proc', quiet, 'hidepid=2' if host.hidepid else '')
    linux.mount('sysfs', str(root / 'sys'), 'sysfs', quiet | linux.MS_RDONLY)
    linux.mount(
        'devpts',
        str(root / 'dev/pts'),
        'devpts',
        linux.MS_NOSUID | linux.MS_NOEXEC,
        'newinstance,ptmxmode=0666,mode=620,gid=5',
    )
    return root


def _grow_old(host: Host, release: str, containers: list[int], proc: pathlib.Path, scratch: pathlib.Path) -> None:
    """A host without tcp_tw_recycle on such a kernel is one that is itself a container."""
    oldkernel.claim(proc, scratch, release)
    for container, pid in zip(host.containers, containers, strict=True):
        value = container.sysctls.get(oldkernel.TW_RECYCLE, '0')
        oldkernel.dress_container(proc, scratch / ('ipv4-%d' % pid), release, value, pid)
    oldkernel.dress(proc, scratch / 'ipv4', release, host.tw_recycle, container=host.tw_recycle is None)


def _write_sysctls(tree: pathlib.Path, sysctls: dict[str, str]) -> None:
    for key, value in sysctls.items():
        if key == oldkernel.TW_RECYCLE:
            continue  # not this kernel's: oldkernel.py makes it up
        (tree / key.replace('.', '/')).write_text(value + '\n', encoding='utf-8')


def _cover(source: pathlib.Path, text: str, target: pathlib.Path) -> None:
    """Let ``target`` in /proc read as ``text``, in this mount namespace alone."""
    source.write_text(text, encoding='utf-8')
    linux.bind(str(source), str(target))


def _start_container(container: Container, index: int, root: pathlib.Path) -> int:
    """The pid (in the host) of a process in a network namespace of its own that has an address and listens."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            _container(container, index, root)
            os.write(write_end, b'ok')
            init.become(container.name)
        except BaseException:
            os.write(write_end, traceback.format_exc().encode()[-4000:])
        os._exit(1)
    os.close(write_end)
    answer = os.read(read_end, 4096)
    os.close(read_end)
    if answer != b'ok':
        raise RuntimeError('container %s: %s' % (container.name, answer.decode()))
    return pid


def _container(container: Container, index: int, root: pathlib.Path) -> None:
    linux.set_process_name(container.name)
    linux.unshare(linux.CLONE_NEWNET | linux.CLONE_NEWNS | linux.CLONE_NEWUTS)
    linux.sethostname(container.name)
    linux.mount('proc', str(root / 'proc'), 'proc')
    links = Netlink()
    links.up('lo')
    links.add_address('lo', '10.88.0.%d' % (index + 2), 32)
    links.close()
    _write_sysctls(root / 'proc/sys', container.sysctls)
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(('0.0.0.0', container.listen))
    server.listen(16)
    server.set_inheritable(True)
    server.detach()
    linux.pivot_root(str(root))


def _listen() -> socket.socket:
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(('0.0.0.0', 22))
    server.listen(128)
    server.setblocking(False)
    return server
