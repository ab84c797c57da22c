# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything of a release but the tag and the upload: `make release`, described in MAINTAINERS.md.

Runs in .venv. Exit status: 0 the tarball is in build/ and the next commands are on the terminal, 1 refused or failed,
with the reason.
"""

import os
import re
import subprocess
import sys
import tempfile

import yaml

CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VERSION = re.compile(r'^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$')
GATES = ('lint', 'types', 'ecosystem', 'docs', 'sanity')


class Refused(Exception):
    """One sentence for the person who releases."""


def release(checkout, gates=GATES):
    """Check, take the fragments into the changelog, pack. Returns (version, path of the tarball)."""
    version = _version(checkout)
    _look(checkout, version)
    for gate in gates:
        _run(checkout, [sys.executable, '-m', 'tests.gates', gate], 'make %s is not green' % gate)
    if not _released(checkout, version):
        _take_fragments(checkout, version)
    return version, _pack(checkout, version)


def _version(checkout):
    """The version of galaxy.yml, which every other place must have too."""
    version = str(_yaml(checkout, 'galaxy.yml')['version'])
    if not VERSION.match(version):
        raise Refused('galaxy.yml: %s is no version such as 1.2.3' % version)
    for name in ('plugins/plugin_utils/_version.py', 'execution-environment.yml'):
        with open(os.path.join(checkout, name)) as handle:
            if not re.search(r'(?<![0-9.])%s(?!\.?[0-9])' % re.escape(version), handle.read()):
                raise Refused('%s does not name version %s of galaxy.yml' % (name, version))
    return version


def _look(checkout, version):
    if _git(checkout, 'status', '--porcelain'):
        raise Refused('the checkout has changes: commit them first')
    tagged = _git(checkout, 'tag', '--list', version)
    if tagged and _git(checkout, 'rev-list', '-n', '1', version) != _git(checkout, 'rev-parse', 'HEAD'):
        raise Refused('tag %s is on another commit: set a new version' % version)
    if _released(checkout, version):
        if _fragments(checkout):
            raise Refused(
                '%s is in the changelog, and there are fragments of something later: set a new version' % version
            )
    elif not any('release_summary' in (_yaml(checkout, name) or {}) for name in _fragments(checkout)):
        raise Refused('no fragment has a release_summary: write changelogs/fragments/%s.yml' % version)


def _released(checkout, version):
    return version in _yaml(checkout, 'changelogs/changelog.yaml')['releases']


def _fragments(checkout):
    place = 'changelogs/fragments'
    names = os.listdir(os.path.join(checkout, place))
    return [place + '/' + name for name in sorted(names) if name.endswith(('.yml', '.yaml'))]


def _take_fragments(checkout, version):
    _run(checkout, [_program('antsibull-changelog'), 'release', '--reload-plugins'], 'antsibull-changelog failed')
    _git(checkout, 'add', '--all', 'changelogs', 'CHANGELOG.rst')
    _git(checkout, 'commit', '--quiet', '--message', 'chore(release): %s' % version)
    if _git(checkout, 'status', '--porcelain'):
        raise Refused('the changelog touched other files: see git status')


def _pack(checkout, version):
    """Pack what is committed, from a clone: nothing else of the directory can get in."""
    place = os.path.join(checkout, 'build')
    with tempfile.TemporaryDirectory() as clone:
        _git(checkout, 'clone', '--quiet', '--no-hardlinks', checkout, os.path.join(clone, 'paws'))
        command = [_program('ansible-galaxy'), 'collection', 'build', '--force', '--output-path', place]
        _run(os.path.join(clone, 'paws'), command, 'ansible-galaxy did not pack the collection')
    return os.path.join(place, 'nodetcp-paws-%s.tar.gz' % version)


def _yaml(checkout, name):
    with open(os.path.join(checkout, name)) as handle:
        return yaml.safe_load(handle)


def _program(name):
    """A program of the virtual environment that runs this."""
    return os.path.join(os.path.dirname(sys.executable), name)


def _git(checkout, *arguments):
    done = subprocess.run(['git'] + list(arguments), cwd=checkout, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise Refused('git %s failed' % ' '.join(arguments))
    return done.stdout.decode().strip()


def _run(directory, command, complaint):
    """Programs find their helpers (ansible-doc) in the same virtual environment."""
    path = os.path.dirname(sys.executable) + os.pathsep + os.environ['PATH']
    if subprocess.call(command, cwd=directory, stdin=subprocess.DEVNULL, env=dict(os.environ, PATH=path)):
        raise Refused(complaint)


def main():
    try:
        version, tarball = release(CHECKOUT)
    except Refused as exc:
        sys.stderr.write('release: %s\n' % exc)
        return 1
    sys.stdout.write(
        '%s is ready. After make test-full on this commit:\n'
        '    git tag --annotate --message "nodetcp.paws %s" %s && git push --follow-tags\n'
        '    ansible-galaxy collection publish %s --token TOKEN\n' % (tarball, version, version, tarball)
    )
    return 0


if __name__ == '__main__':
    sys.exit(main())
