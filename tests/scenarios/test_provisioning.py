# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of docs/provisioning.md, run on trees that serve as images and on hosts that boot for the first time."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.fleet import Fleet
from tests.fleet.spec import Host
from tests.scenarios.conftest import CHECKOUT, Run

EXAMPLES = CHECKOUT / 'docs' / 'examples' / 'provisioning'
IMAGE = str(EXAMPLES / 'image.yml')
RECYCLE = 'net.ipv4.tcp_tw_recycle'
OURS = 'etc/sysctl.d/99-zz-nodetcp-paws.conf'
GUIDE = '# tuning guide\nnet.ipv4.tcp_fin_timeout = 30\n%s = 1\n' % RECYCLE
LOCAL = ('-i', 'localhost,', '-c', 'local')


def tree(place: Path, *kernels: str) -> Path:
    """The sysctl files of this machine's distribution as an image, with a tuning guide's line in it."""
    for directory in ('etc/sysctl.d', 'usr/lib/sysctl.d'):
        if os.path.isdir('/' + directory):
            shutil.copytree('/' + directory, place / directory, symlinks=True)
    (place / 'etc' / 'sysctl.d').mkdir(parents=True, exist_ok=True)
    (place / 'etc' / 'sysctl.conf').write_text(GUIDE)
    for kernel in kernels:
        (place / 'lib' / 'modules' / kernel).mkdir(parents=True)
    return place


def files(place: Path) -> dict[str, str]:
    return {
        str(path.relative_to(place)): os.readlink(path) if path.is_symlink() else path.read_text()
        for path in sorted((place / 'etc').rglob('*'))
        if path.is_symlink() or path.is_file()
    }


def test_an_image_with_an_old_kernel(usual_core: Path, play: Run, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip('the files of an image belong to root')
    image = tree(tmp_path / 'image', '3.10.0-1160.el7.x86_64')
    before = files(image)
    planned = play(usual_core, IMAGE, *LOCAL, '-e', 'image_root=%s' % image, '--check', '--diff')
    assert planned.returncode == 0, planned.stdout
    assert files(image) == before
    sealed = play(usual_core, IMAGE, *LOCAL, '-e', 'image_root=%s' % image, '--diff')
    assert sealed.returncode == 0, sealed.stdout
    now = files(image)
    assert {name for name in now if now[name] != before.get(name)} == {'etc/sysctl.conf', OURS}
    assert '# disabled by nodetcp.paws: %s = 1' % RECYCLE in now['etc/sysctl.conf']
    assert '%s = 0' % RECYCLE in now[OURS]
    assert re.findall(r'^[-+].*', planned.stdout, re.M) == re.findall(r'^[-+].*', sealed.stdout, re.M)
    again = play(usual_core, IMAGE, *LOCAL, '-e', 'image_root=%s' % image)
    assert 'changed=0' in again.stdout, again.stdout

    undo = 'nodetcp.paws.sysctl_rollback', '-a', 'root=%s restore_unsafe=true' % image
    undone = subprocess.run(
        [str(usual_core / 'ansible'), 'localhost', '-c', 'local', '-m', *undo],
        env={**os.environ, 'ANSIBLE_CONFIG': str(CHECKOUT / 'ansible.cfg'), 'HOME': str(tmp_path)},
        cwd=CHECKOUT / 'playbooks',
        capture_output=True,
        text=True,
        check=False,
    )
    assert undone.returncode == 0, undone.stdout + undone.stderr
    assert files(image) == before


def test_an_image_with_a_new_kernel_loses_the_line(usual_core: Path, play: Run, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip('the files of an image belong to root')
    image = tree(tmp_path / 'image', '6.1.0-10-amd64')
    sealed = play(usual_core, IMAGE, *LOCAL, '-e', 'image_root=%s' % image)
    assert sealed.returncode == 0, sealed.stdout
    now = files(image)
    assert now['etc/sysctl.conf'] == GUIDE.replace('%s = 1\n' % RECYCLE, '')
    assert RECYCLE not in now[OURS]


def test_an_image_whose_programs_turn_it_on_is_refused(usual_core: Path, play: Run, tmp_path: Path) -> None:
    image = tree(tmp_path / 'image', '3.10.0-1160.el7.x86_64')
    (image / 'etc' / 'rc.local').write_text('#!/bin/sh\nsysctl -w %s=1\n' % RECYCLE)
    before = files(image)
    refused = play(usual_core, IMAGE, *LOCAL, '-e', 'image_root=%s' % image)
    assert refused.returncode != 0
    assert 'take tcp_tw_recycle out of: /etc/rc.local' in refused.stdout
    assert files(image) == before


@pytest.mark.long
def test_a_debootstrapped_image(newest_core: Path, play: Run, tmp_path: Path) -> None:
    if not shutil.which('debootstrap') or os.geteuid() != 0:
        pytest.skip('needs debootstrap, and root')
    image = tmp_path / 'image'
    made = subprocess.run(
        ['debootstrap', '--variant=minbase', '--include=procps', 'stable', str(image)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip('debootstrap: %s' % (made.stdout.splitlines() or ['failed'])[-1])
    (image / 'etc' / 'sysctl.conf').write_text(GUIDE)
    assert play(newest_core, IMAGE, *LOCAL, '-e', 'image_root=%s' % image).returncode == 0
    assert RECYCLE not in (image / 'etc' / 'sysctl.conf').read_text()
    look = 'mount -t proc proc "$0/proc" && exec chroot "$0" sysctl --dry-run --system'
    asked = subprocess.run(
        ['unshare', '--mount', 'sh', '-c', look, str(image)], capture_output=True, text=True, check=True
    )
    assert RECYCLE not in asked.stdout + asked.stderr
    assert 'net.ipv4.tcp_timestamps = 1' in asked.stdout


def site(place: Path) -> Path:
    """A repository as the examples name one, with their playbooks in it."""
    work = place / 'site'
    shutil.copytree(EXAMPLES, work)
    shutil.copy(CHECKOUT / 'ansible.cfg', work)
    git = ['git', '-C', str(work), '-c', 'user.name=site', '-c', 'user.email=site@example.org']
    for arguments in (['init', '-q'], ['add', '.'], ['commit', '-q', '-m', 'Provisioning']):
        subprocess.run([*git, *arguments], check=True)
    return work


def version(core: Path) -> str:
    """The Python of an ansible-core, "3.13"; the host gets the same one."""
    (library,) = (core.parent / 'lib').glob('python3.*')
    return library.name.removeprefix('python')


def inside(fleet: Fleet, name: str, core: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ansible-core on the host itself, which sees the packages of this machine's checkout."""
    library = core.parent / 'lib' / ('python%s' % version(core)) / 'site-packages'
    if fleet.ssh(name, 'test -d %s' % library).returncode:
        pytest.skip('the hosts of the fleet do not see the checkout')
    for program in ('ansible', 'ansible-playbook', 'ansible-pull'):
        edit = '1s,.*,#!/usr/bin/python%s,' % version(core)
        fleet.ssh(name, 'sed "%s" %s > /usr/local/bin/%s' % (edit, core / program, program))
        fleet.ssh(name, 'chmod 755 /usr/local/bin/%s' % program)
    environment = {
        'PATH': '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'PYTHONPATH': library,
        'ANSIBLE_COLLECTIONS_PATH': CHECKOUT / 'playbooks' / 'collections',
        'ANSIBLE_NOCOLOR': '1',
        'LC_ALL': 'C.UTF-8',
        'HOME': '/root',
    }
    whole = 'env %s %s' % (' '.join('%s=%s' % pair for pair in environment.items()), command)
    return subprocess.run(
        fleet.ssh_command(name, whole),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )


def test_first_boot(usual_core: Path, fleet_possible: None, tmp_path: Path) -> None:
    """The command that cloud-init builds from user-data, on a host that boots with a tuning guide's line."""
    data = yaml.safe_load((EXAMPLES / 'user-data').read_text(encoding='utf-8'))
    (pull,) = data['ansible']['pull']
    with Fleet([Host('fresh', 'stale', python=version(usual_core), files={'etc/sysctl.conf': GUIDE})]) as fleet:
        shutil.copytree(site(tmp_path), '/proc/%d/root/srv/site' % fleet.pids()['fresh'])
        fleet.ssh('fresh', 'git config --global --add safe.directory "*"')
        command = 'ansible-pull -U file:///srv/site -d /root/site %s' % ' '.join(pull['playbook_names'])
        first = inside(fleet, 'fresh', usual_core, command)
        assert first.returncode == 0, first.stdout + first.stderr
        assert fleet.ssh('fresh', 'cat /etc/sysctl.conf').stdout == GUIDE.replace('%s = 1\n' % RECYCLE, '')
        assert fleet.ssh('fresh', 'ls /var/log/nodetcp-paws').stdout.split() == ['audit.html', 'audit.json']
        again = inside(fleet, 'fresh', usual_core, command)
        assert again.returncode == 0, again.stdout
        assert re.search(r'localhost +: ok=\d+ +changed=0 .*failed=0', again.stdout), again.stdout


def test_the_end_of_an_installer(usual_core: Path, fleet_possible: None) -> None:
    """seal.sh, as kickstart.cfg and preseed.cfg call it: the installer's kernel keeps its running values."""
    for name in ('kickstart.cfg', 'preseed.cfg'):
        assert 'sh /root/provisioning/seal.sh /root/provisioning' in (EXAMPLES / name).read_text(encoding='utf-8')
    new = Host(
        'new',
        'advisory',
        python=version(usual_core),
        files={'etc/sysctl.conf': GUIDE},
        sysctls={'net.ipv4.tcp_timestamps': '0'},
    )
    with Fleet([new]) as fleet:
        fleet.ssh('new', 'cp -r %s /root/provisioning' % shlex.quote(str(EXAMPLES)))
        sealed = inside(fleet, 'new', usual_core, 'sh /root/provisioning/seal.sh /root/provisioning')
        assert sealed.returncode == 0, sealed.stdout + sealed.stderr
        assert RECYCLE + ' = 1' not in fleet.ssh('new', 'cat /etc/sysctl.conf').stdout
        assert 'net.ipv4.tcp_timestamps = 1' in fleet.ssh('new', 'cat /' + OURS).stdout
        assert fleet.ssh('new', 'sysctl -n net.ipv4.tcp_timestamps').stdout == '0\n'
        assert fleet.ssh('new', 'ls /run/nodetcp-paws-image 2>&1').returncode != 0, 'nothing of it is left'


def test_the_other_files_are_what_their_programs_read() -> None:
    assert (EXAMPLES / 'user-data').read_text(encoding='utf-8').startswith('#cloud-config\n')
    packer = (EXAMPLES / 'packer.pkr.hcl').read_text(encoding='utf-8')
    assert packer.count('{') == packer.count('}')
    (command,) = re.findall(r'"(ansible-playbook [^"]*)"', packer)
    assert shlex.split(command.replace('{{.MountPath}}', '/mnt'))[1:-1] == [*LOCAL, 'image.yml', '-e']
    for path in EXAMPLES.iterdir():
        assert path.name in (CHECKOUT / 'docs' / 'provisioning.md').read_text(encoding='utf-8'), path.name
