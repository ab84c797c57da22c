# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Overlay layers (overlayfs: opaque directories and whiteouts) that turn this machine's root into a clean host's root.

The base layer is shared by all hosts: it hides what this machine happens to have (homes with their shell start files,
settings, services) so that a host's state is what its specification says and nothing else. One more layer per choice of
interpreters.
"""

from __future__ import annotations

import glob
import os
import pathlib
import shutil
import stat

from . import init

PATH_DIRECTORIES = ('usr/local/sbin', 'usr/local/bin', 'usr/sbin', 'usr/bin', 'sbin', 'bin', 'usr/libexec')
PYTHON_HOME = 'opt/fleet-python'
SSHD_CONFIG = '/etc/ssh/fleet_sshd_config'

_EMPTY_DIRECTORIES = (
    'run',
    'tmp',
    'root',
    'home',
    'dev',
    'etc/sysctl.d',
    'usr/lib/sysctl.d',
    'usr/local/lib/sysctl.d',
    'lib/sysctl.d',
    'etc/profile.d',
    'etc/tuned',
    'usr/lib/tuned',
    'etc/cloud',
    'var/lib/cloud',
    'etc/cron.d',
    'etc/cron.hourly',
    'etc/cron.daily',
    'etc/cron.weekly',
    'etc/cron.monthly',
    'var/spool/cron',
    'etc/systemd/system',
    'usr/lib/systemd/system',
    'etc/init',
    'etc/init.d',
    'etc/rcS.d',
    'etc/rc2.d',
    'etc/rc3.d',
    'etc/rc4.d',
    'etc/rc5.d',
    'etc/network',
    'etc/NetworkManager',
    'usr/lib/NetworkManager',
    'etc/networkd-dispatcher',
    'usr/lib/networkd-dispatcher',
    'etc/tmpfiles.d',
    'usr/lib/tmpfiles.d',
    'etc/udev/rules.d',
    'usr/lib/udev/rules.d',
    'etc/modprobe.d',
    'usr/lib/modprobe.d',
    'etc/initramfs-tools',
    'etc/ufw',
    'etc/apf',
    'etc/csf',
    'etc/shorewall',
    'etc/dhcp',
    'etc/ppp',
    'etc/docker',
    'etc/containers',
    'boot',
    'etc/kubernetes',
    'var/lib/kubelet',
    'etc/rc.d',
    'usr/lib/ocf',
    'etc/sudoers.d',
    'var/lib/nodetcp-paws',
    'etc/ssh',
    'var/log',
)
_ABSENT_FILES = (
    'etc/sysctl.conf',
    'etc/rc.local',
    'etc/crontab',
    'etc/bash.bashrc',
    'etc/bashrc',
    'etc/zshenv',
    'etc/profile',
    'etc/environment',
    'etc/default/kubelet',
    'etc/sysconfig/kubelet',
    'etc/machine-id',
    'etc/ssh/sshrc',
)
_DEVICES = {'null': (1, 3), 'zero': (1, 5), 'full': (1, 7), 'random': (1, 8), 'urandom': (1, 9), 'tty': (5, 0)}
_BROKEN_PYTHON = (
    '#!/bin/sh\n'
    "echo 'python3: error while loading shared libraries: libpython3.so.1.0: cannot open shared object file' >&2\n"
    'exit 127\n'
)


def place(layer: pathlib.Path, path: str) -> pathlib.Path:
    """Where ``path`` of the merged root lies in a layer: the machine's links (/lib, /bin, /var/run) are followed."""
    directory, name = os.path.split('/' + path.lstrip('/'))
    return layer / os.path.realpath(directory).lstrip('/') / name


def write(layer: pathlib.Path, path: str, text: str, mode: int = 0o644) -> None:
    target = place(layer, path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding='utf-8')
    target.chmod(mode)


def hide(layer: pathlib.Path, path: str) -> None:
    """A whiteout: the path does not exist in the merged root."""
    target = place(layer, path)
    if os.path.lexists(target):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    os.mknod(target, stat.S_IFCHR, os.makedev(0, 0))


def empty(layer: pathlib.Path, path: str) -> pathlib.Path:
    """An opaque directory: nothing of the machine's own shows through."""
    target = layer / os.path.realpath('/' + path).lstrip('/')
    target.mkdir(parents=True, exist_ok=True)
    os.setxattr(target, 'trusted.overlay.opaque', b'y')
    return target


def base(layer: pathlib.Path, host_key: str, client_key: str) -> None:
    """The layer under every host: empty directories, accounts, the OpenSSH server's files, /dev.

    ``host_key``: text of the private key; ``client_key``: line of the public key that may log in as root and auditor.
    """
    for path in _EMPTY_DIRECTORIES:
        empty(layer, path)
    for path in _ABSENT_FILES:
        hide(layer, path)
    (layer / 'tmp').chmod(0o1777)
    (layer / 'root').chmod(0o700)
    (layer / 'run/sshd').mkdir()
    (layer / 'run/lock').mkdir()
    init.write(place(layer, init.PATH))
    _devices(layer / 'dev')
    _accounts(layer)
    write(layer, 'etc/ssh/fleet_host_key', host_key, 0o600)
    write(layer, 'etc/ssh/fleet_authorized_keys', client_key)
    write(layer, SSHD_CONFIG, _sshd_config())
    write(layer, 'etc/hosts', '127.0.0.1 localhost\n::1 localhost\n')


def _sshd_config() -> str:
    return '\n'.join(
        (
            'HostKey /etc/ssh/fleet_host_key',
            'AuthorizedKeysFile /etc/ssh/fleet_authorized_keys',
            'UsePAM no',
            'StrictModes no',
            'UseDNS no',
            'PermitRootLogin prohibit-password',
            'PasswordAuthentication no',
            'KbdInteractiveAuthentication no',
            'PrintMotd no',
            'PrintLastLog no',
            'PidFile none',
            'MaxSessions 100',
            'LogLevel ERROR',
            'Subsystem sftp internal-sftp',
            '',
        )
    )


def _devices(directory: pathlib.Path) -> None:
    for name, (major, minor) in _DEVICES.items():
        os.mknod(directory / name, stat.S_IFCHR | 0o666, os.makedev(major, minor))
        (directory / name).chmod(0o666)
    for name, target in (
        ('fd', '/proc/self/fd'),
        ('stdin', 'fd/0'),
        ('stdout', 'fd/1'),
        ('stderr', 'fd/2'),
        ('ptmx', 'pts/ptmx'),
    ):
        (directory / name).symlink_to(target)
    (directory / 'pts').mkdir()
    (directory / 'shm').mkdir()
    (directory / 'shm').chmod(0o1777)


def _accounts(layer: pathlib.Path) -> None:
    shell = '/bin/bash' if os.path.exists('/bin/bash') else '/bin/sh'
    accounts = (
        ('root', 0, '/root', shell),
        ('sshd', 1499, '/run/sshd', '/usr/sbin/nologin'),
        ('auditor', 1500, '/home/auditor', shell),
        ('nobody', 65534, '/nonexistent', '/usr/sbin/nologin'),
    )
    write(
        layer,
        'etc/passwd',
        ''.join('%s:x:%d:%d::%s:%s\n' % (name, uid, uid, home, sh) for name, uid, home, sh in accounts),
    )
    write(layer, 'etc/group', ''.join('%s:x:%d:\n' % (name, uid) for name, uid, _home, _sh in accounts) + 'tty:x:5:\n')
    write(layer, 'etc/shadow', ''.join('%s:*:20000:0:99999:7:::\n' % account[0] for account in accounts), 0o600)
    write(layer, 'etc/sudoers', 'root ALL=(ALL:ALL) NOPASSWD: ALL\n', 0o440)
    home = layer / 'home/auditor'
    home.mkdir(mode=0o700)
    os.chown(home, 1500, 1500)


def python(layer: pathlib.Path, executable: str, prefix: str, version: str, broken_python3: bool) -> None:
    """A layer on which ``executable`` (found in ``prefix``) is the only interpreter, under its usual names.

    An interpreter outside /usr is reached through PYTHON_HOME/VERSION, where the host binds ``prefix``; its shared
    library, if it has one, is linked from where the loader looks anyway, since the path it was built for does not exist
    on the host.
    """
    keep = executable if prefix == '/usr' else ''
    no_python(layer, keep)
    home = layer / PYTHON_HOME / version
    home.mkdir(parents=True)
    target = keep or '/%s/%s/bin/%s' % (PYTHON_HOME, version, os.path.basename(executable))
    major = version.split('.')[0]
    for name in {'python%s' % version, 'python%s' % major} | ({'python'} if major == '2' else set()):
        _replace(place(layer, 'usr/bin/' + name), target)
    for library in [] if keep else glob.glob(glob.escape(prefix) + '/lib/libpython*.so.*'):
        for directory in ('usr/lib', 'usr/lib64'):
            _replace(
                place(layer, os.path.join(directory, os.path.basename(library))),
                '/%s/%s/lib/%s' % (PYTHON_HOME, version, os.path.basename(library)),
            )
    if broken_python3:
        fake = layer / 'usr/bin/python3'
        fake.unlink(missing_ok=True)
        write(layer, 'usr/bin/python3', _BROKEN_PYTHON, 0o755)


def no_python(layer: pathlib.Path, keep: str = '') -> None:
    """A layer on which no interpreter is to be found, but for the file ``keep``."""
    for directory in PATH_DIRECTORIES:
        for name in sorted(os.listdir('/' + directory)) if os.path.isdir('/' + directory) else []:
            if (
                name.startswith(('python', 'platform-python'))
                and os.path.realpath('/%s/%s' % (directory, name)) != keep
            ):
                hide(layer, '%s/%s' % (directory, name))


def _replace(path: pathlib.Path, target: str) -> None:
    if str(path).endswith(target):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def own(
    upper: pathlib.Path, files: dict[str, str], links: dict[str, str], trees: dict[str, str], hidden: tuple[str, ...]
) -> None:
    """What one host has of its own."""
    for path in hidden:
        hide(upper, path)
    for path, source in trees.items():
        shutil.copytree(source, place(upper, path), symlinks=True)
    for path, text in files.items():
        write(upper, path, text, 0o755 if text.startswith('#!') else 0o644)
    for path, target in links.items():
        link = place(upper, path)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)
