# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-test without containers and without a download from anywhere but the package index.

    python -m tests.gates.ansible_test sanity|units oldest|newest|2.19

That ansible-core, or the oldest or the newest supported one that a Python of this machine runs, is put into its own
virtual environment. ansible-test wants to be inside .../ansible_collections/NAMESPACE/NAME and lists files by git, so
the files of the checkout are copied into a new repository there, with what a contributor's clone has besides: the link
of tools/collection_link.py.

ansible-test gives its child processes a bare environment: the settings of pip go into a file below a private HOME,
next to a script that stands in for get-pip.py, which would come from a fixed host.

Units run on the Python of that environment: what nodes need is tested on every Python by test_node_pythons.py.
"""

from __future__ import annotations

import ast
import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.gates.gates import CHECKOUT, LEFT_OUT, copy_into, tracked
from tools import collection_link, pythons

CORES = {'oldest': ('2.16', '2.19', '2.21'), 'newest': ('2.21', '2.19', '2.16')}
GET_PIP_VERSIONS = ('20_3_4', '21_3_1', '23_1_2', '24_2', '25_2')
GET_PIP = """\
# Stands in for get-pip.py: pip out of the interpreter's own ensurepip, then the versions ansible-test asks for.
import os, subprocess, sys
os.environ.pop('GET_PIP', None)
asked = [word for word in sys.argv[1:] if word not in ('--no-setuptools', '--no-wheel')]
subprocess.check_call([sys.executable, '-m', 'ensurepip', '--default-pip'])
sys.exit(subprocess.call([sys.executable, '-m', 'pip', 'install'] + asked))
"""


def main(command: str, which: str) -> int:
    try:
        files = tracked()
    except OSError as exc:
        sys.stdout.write('%s\n' % exc)
        return LEFT_OUT
    core = _core(CORES.get(which, (which,)))
    if core is None:
        sys.stdout.write('no Python on this machine runs that ansible-core\n')
        return LEFT_OUT
    work = CHECKOUT / '.cache' / command / core
    home = _home(work / 'home')
    tree = _tree(work / 'ansible_collections' / 'nodetcp' / 'paws', files)
    sys.stdout.write('ansible-core %s, %s\n' % (core, ', '.join(python.name for python in _interpreters())))
    sys.stdout.flush()
    words = [str(_bin(core) / 'ansible-test'), command, '--requirements', '--color', 'no']
    if command == 'units':
        words += ['--venv', '--python', _python(core)]
    return subprocess.run(words, cwd=tree, env=_environment(core, home), check=False).returncode


def _python(core: str) -> str:
    """The version ("3.12") of the Python in the environment of that core."""
    asked = [str(_bin(core) / 'python'), '-c', 'import sys; print("%d.%d" % sys.version_info[:2])']
    return subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def _core(candidates: tuple[str, ...]) -> str | None:
    """The first of the versions that a virtual environment could be made for."""
    for core in candidates:
        made = subprocess.run([sys.executable, 'tools/venv.py', 'core-' + core], cwd=CHECKOUT, check=False)
        if made.returncode == 0:
            return core
        if made.returncode != LEFT_OUT:
            raise SystemExit('tools/venv.py core-%s failed' % core)
    return None


def _bin(core: str) -> Path:
    return CHECKOUT / ('.venv-core-%s' % core) / 'bin'


def _tree(root: Path, files: list[str]) -> Path:
    """A copy of these files of the checkout, as a repository of its own."""
    shutil.rmtree(root, ignore_errors=True)
    copy_into(root, files)
    for arguments in (['init', '--quiet'], ['add', '--all']):
        subprocess.run(['git', *arguments], cwd=root, check=True)
    collection_link.ensure(root)
    return root


def _home(home: Path) -> Path:
    """A home directory that holds pip's settings and the stand-in for get-pip.py; kept between runs."""
    cache = home / '.ansible' / 'test' / 'cache'
    cache.mkdir(parents=True, exist_ok=True)
    for version in GET_PIP_VERSIONS:
        (cache / ('get_pip_%s.py' % version)).write_text(GET_PIP)
    settings = home / '.config' / 'pip' / 'pip.conf'
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.touch(mode=0o600)
    with settings.open('w') as handle:
        _pip_settings().write(handle)
    return home


def _pip_settings() -> configparser.RawConfigParser:
    """What `pip config list` says here, files and PIP_ variables together, and the proxy that pip would use."""
    settings = configparser.RawConfigParser()
    settings.add_section('global')
    if os.environ.get('HTTPS_PROXY') or os.environ.get('https_proxy'):
        settings.set('global', 'proxy', os.environ.get('HTTPS_PROXY') or os.environ.get('https_proxy'))
    listed = subprocess.run(
        [sys.executable, '-m', 'pip', 'config', 'list'], check=True, stdout=subprocess.PIPE, text=True
    )
    for line in listed.stdout.splitlines():
        name, found, value = line.partition('=')
        section, _dot, key = name.rpartition('.')
        if not found:
            continue
        section = 'global' if section == ':env:' else section
        if not settings.has_section(section):
            settings.add_section(section)
        settings.set(section, key, str(ast.literal_eval(value)))
    return settings


def _interpreters() -> list[pythons.Python]:
    """One interpreter of each minor version: ansible-test finds them by the names python2.7, python3.6 ..."""
    newest = {python.version[:2]: python for python in pythons.find()}
    return [newest[version] for version in sorted(newest)]


def _environment(core: str, home: Path) -> dict[str, str]:
    """Real directories of interpreters, for shims of version managers break the compile and import tests."""
    path = [str(_bin(core))]
    path += [os.path.dirname(python.path) for python in _interpreters()]
    path += ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin']
    kept = {name: value for name, value in os.environ.items() if not name.startswith(('ANSIBLE_', 'GIT_', 'PYTHON'))}
    return {**kept, 'HOME': str(home), 'PATH': os.pathsep.join(dict.fromkeys(path)), 'LC_ALL': 'C.UTF-8'}


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
