# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk of the machine, made of Debian's packages: built once for each recipe, kept in .cache/machine/HASH."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.machine import recipe

CHECKOUT = Path(__file__).resolve().parents[2]
CACHE = CHECKOUT / '.cache' / 'machine'
# {program: Debian's package}
PROGRAMS = {
    'qemu-system-x86_64': 'qemu-system-x86',
    'qemu-img': 'qemu-utils',
    'mmdebstrap': 'mmdebstrap',
    'mke2fs': 'e2fsprogs',
    'ssh': 'openssh-client',
    'ssh-keygen': 'openssh-client',
}
KEYRING = Path('/usr/share/keyrings/debian-archive-keyring.gpg')
BUILD_S = 900


class ImageError(Exception):
    """The image could not be built; the end of what mmdebstrap said."""


@dataclass(frozen=True)
class Image:
    """A built image. Its disk lies below those of machines, and nobody writes to it."""

    home: Path
    kind: recipe.Kind
    first_disk: Path | None = None  # a layer on top of the disk, with saved states

    @property
    def disk(self) -> Path:
        return self.home / 'disk.raw'

    @property
    def kernel(self) -> Path:
        return self.home / 'vmlinuz'

    @property
    def initramfs(self) -> Path:
        return self.home / 'initramfs'

    @property
    def key(self) -> Path:
        """The private key with which root may log in."""
        return self.home / 'key'


def missing() -> str:
    """What keeps this machine from running another one, one line; empty if nothing does."""
    if os.geteuid() != 0:
        return 'tests/machine needs root: mmdebstrap unpacks a Debian with its owners'
    absent = {package for program, package in PROGRAMS.items() if not _found(program)}
    absent |= set() if KEYRING.exists() else {'debian-archive-keyring'}
    return (
        'tests/machine needs programs that are not here: apt-get install %s' % ' '.join(sorted(absent))
        if absent
        else ''
    )


def _found(program: str) -> bool:
    return bool(shutil.which(program, path='/usr/sbin:/sbin:' + os.environ.get('PATH', '')))


def identity(kind: recipe.Kind) -> str:
    """The hash of everything that decides what is in the image, but for the day on which Debian was asked."""
    here = Path(__file__).resolve()
    known = here.read_bytes() + here.with_name('recipe.py').read_bytes() + repr(kind).encode()
    return hashlib.sha256(known).hexdigest()[:16]


def built(kind: recipe.Kind = recipe.USUAL) -> Image:
    """The image of today's recipe, built unless it was before. Raises ImageError."""
    image = Image(CACHE / identity(kind), kind)
    with locked(CACHE):
        if not image.home.is_dir():
            current = {identity(each) for each in recipe.KINDS}
            for old in CACHE.iterdir():
                if old.is_dir() and old.name not in current:
                    shutil.rmtree(old)
            _build(image)
    return image


@contextlib.contextmanager
def locked(directory: Path) -> Iterator[None]:
    """One process at a time, others wait."""
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / 'lock', 'w', encoding='ascii') as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _build(image: Image) -> None:
    home, kind = image.home, image.kind
    with tempfile.TemporaryDirectory(prefix=home.name + '-', dir=home.parent) as scratch:
        work, new = Path(scratch), Path(scratch) / 'new'
        new.mkdir()
        _run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'machine', '-f', str(new / 'key')])
        root = work / 'root'
        _run(_mmdebstrap(kind, work, root, (new / 'key.pub').read_text(encoding='ascii')))
        shutil.move(str(next((root / 'boot').glob('vmlinuz-*'))), new / 'vmlinuz')
        shutil.move(str(next((root / 'boot').glob('initrd.img-*'))), new / 'initramfs')
        # Nothing is left for a thread of the kernel to initialize at the first mount.
        options = 'lazy_itable_init=0,lazy_journal_init=0'
        _run(['mke2fs', '-q', '-t', 'ext4', '-E', options, '-d', str(root), str(new / 'disk.raw'), kind.disk])
        new.rename(home)


def _mmdebstrap(kind: recipe.Kind, work: Path, root: Path, key: str) -> list[str]:
    early, late = work / 'early', work / 'late'
    _write(early, recipe.INITRAMFS)
    _write(late, {**recipe.FILES, **dict(kind.files), 'root/.ssh/authorized_keys': key})
    for name in recipe.PROGRAMS:
        (late / name).chmod(0o755)
    commands = (
        'chroot "$1" systemctl --quiet enable %s' % ' '.join(recipe.ENABLED),
        *('chroot "$1" systemctl --quiet disable ' + unit for unit in kind.disabled),
        'chroot "$1" systemctl --quiet mask %s' % ' '.join(recipe.MASKED),
        'chroot "$1" systemctl --quiet set-default %s' % recipe.TARGET,
    )
    packages = recipe.PACKAGES + kind.packages
    return [
        *('mmdebstrap', '--quiet', '--mode=root', '--variant=minbase', '--include=' + ','.join(packages)),
        *('--aptopt=' + line for line in _apt_settings()),
        *('--dpkgopt=path-exclude=' + pattern for pattern in recipe.LEFT_OUT),
        '--essential-hook=' + _copy(early),
        '--customize-hook=' + _copy(late),
        *('--customize-hook=' + command for command in commands),
        *(recipe.SUITE, str(root)),
    ]


def _copy(files: Path) -> str:
    return 'tar -C %s --owner=root --group=root -c . | tar -C "$1" --no-overwrite-dir -x' % shlex.quote(str(files))


def _write(directory: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')


def _apt_settings() -> list[str]:
    """What this machine's apt was told about dates and proxies holds for the packages of the image too."""
    said = subprocess.run(['apt-config', 'dump', 'Acquire'], capture_output=True, text=True, check=False)
    wanted = ('Acquire::Check-Valid-Until', 'Acquire::Check-Date', 'Acquire::http::Proxy', 'Acquire::https::Proxy')
    return [line.rstrip(';') for line in said.stdout.splitlines() if line.startswith(wanted)]


def _run(command: list[str]) -> None:
    environment = {**os.environ, 'PATH': '/usr/sbin:/sbin:' + os.environ.get('PATH', ''), 'LC_ALL': 'C.UTF-8'}
    ended = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors='replace',
        timeout=BUILD_S,
        check=False,
    )
    if ended.returncode:
        raise ImageError('%s: %s' % (command[0], ended.stdout[-2000:].strip()))
