# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make release` on a clone of this checkout, without the gates, which are tests of their own."""

from __future__ import annotations

import subprocess
import tarfile
from pathlib import Path

import pytest
import yaml

from tests.gates.gates import CHECKOUT
from tools import release

OLD, NEW = str(yaml.safe_load((CHECKOUT / 'galaxy.yml').read_text(encoding='utf-8'))['version']), '93.5.0'
SUMMARY = 'changelogs/fragments/%s.yml' % NEW


def git(checkout: Path, *arguments: str) -> str:
    done = subprocess.run(['git', *arguments], cwd=checkout, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding='utf-8')
    assert old in text
    path.write_text(text.replace(old, new), encoding='utf-8')


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone whose version is NEW everywhere, with a summary, all of it committed."""
    for role in ('AUTHOR', 'COMMITTER'):
        monkeypatch.setenv('GIT_%s_NAME' % role, 'a maintainer')
        monkeypatch.setenv('GIT_%s_EMAIL' % role, 'maintainer@example.org')
    clone = tmp_path / 'clone'
    try:
        git(CHECKOUT, '-c', 'safe.directory=*', 'clone', '--quiet', '--no-tags', str(CHECKOUT), str(clone))
    except subprocess.CalledProcessError as exc:
        pytest.skip('git does not clone this checkout: %s' % exc.stderr.strip())
    for name in ('galaxy.yml', 'plugins/plugin_utils/_version.py', 'execution-environment.yml'):
        replace(clone / name, OLD, NEW)
    (clone / SUMMARY).write_text('release_summary: A version for a test.\n', encoding='utf-8')
    git(clone, 'add', '--all')
    git(clone, 'commit', '--quiet', '--message', 'a new version')
    return clone


def test_a_release(checkout: Path) -> None:
    version, tarball = release.release(str(checkout), gates=())
    assert version == NEW
    with tarfile.open(tarball) as archive:
        assert 'MANIFEST.json' in archive.getnames()
    assert git(checkout, 'log', '-1', '--format=%s') == 'chore(release): %s' % NEW
    assert 'A version for a test.' in (checkout / 'CHANGELOG.rst').read_text(encoding='utf-8')
    assert not list((checkout / 'changelogs' / 'fragments').glob('*.yml'))
    assert git(checkout, 'status', '--porcelain') == ''

    commit = git(checkout, 'rev-parse', 'HEAD')
    git(checkout, 'tag', NEW)  # what a pipeline sees that starts at the tag
    assert release.release(str(checkout), gates=()) == (version, tarball)
    assert git(checkout, 'rev-parse', 'HEAD') == commit


@pytest.mark.parametrize(
    ('name', 'old', 'new', 'reason'),
    [
        ('galaxy.yml', NEW, '93.5', '93.5 is no version'),
        ('plugins/plugin_utils/_version.py', NEW, '93.5.1', '_version.py does not name version 93.5.0'),
        ('execution-environment.yml', NEW, OLD, 'execution-environment.yml does not name version 93.5.0'),
        (SUMMARY, 'release_summary', 'trivial', 'no fragment has a release_summary'),
    ],
)
def test_what_is_refused(checkout: Path, name: str, old: str, new: str, reason: str) -> None:
    replace(checkout / name, old, new)
    git(checkout, 'commit', '--quiet', '--all', '--message', 'a mistake')
    with pytest.raises(release.Refused, match=reason):
        release.release(str(checkout), gates=())
    assert not (checkout / 'build').exists()


def test_a_checkout_with_changes_is_refused(checkout: Path) -> None:
    (checkout / 'README.md').write_text('', encoding='utf-8')
    with pytest.raises(release.Refused, match='has changes'):
        release.release(str(checkout), gates=())


def test_a_version_that_is_out_is_refused(checkout: Path) -> None:
    git(checkout, 'tag', NEW, 'HEAD~1')
    with pytest.raises(release.Refused, match=r'tag 93\.5\.0 is on another commit'):
        release.release(str(checkout), gates=())


def test_a_red_gate_ends_the_release(checkout: Path) -> None:
    replace(checkout / 'galaxy.yml', 'namespace: nodetcp', 'namespace:   nodetcp  ')
    git(checkout, 'commit', '--quiet', '--all', '--message', 'a mistake')
    with pytest.raises(release.Refused, match='make yamllint is not green'):
        release.release(str(checkout), gates=('yamllint',))
    assert not (checkout / 'build').exists()
