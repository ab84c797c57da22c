# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers of configuration against the programs whose configuration it is: systemctl, systemd-tmpfiles, PyYAML."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers import glob, posix_pattern, yaml_subset
from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers import writer_files, writer_units, writers
from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers.tree import Tree

KEYS = ('net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_timestamps', 'net.core.somaxconn')
NAMES = ('a.service', 'b.service', 'c.service', 'd@.service', 'e@.service')
TARGETS = ('multi-user.target', 'graphical.target', 'sysinit.target')


def unit_tree(root: Path, chance: random.Random) -> set[str]:
    """Units in several directories, some enabled, masked, or linked under another name. Gives names to ask for."""
    places = [root / 'etc/systemd/system', root / 'usr/local/lib/systemd/system', root / 'usr/lib/systemd/system']
    for place in places:
        place.mkdir(parents=True)
    asked = set()
    for name in NAMES:
        holders = [place for place in places if chance.random() < 0.5] or [places[-1]]
        for place in holders:
            (place / name).write_text('[Service]\nExecStart=/bin/x\n[Install]\nWantedBy=multi-user.target\n')
        if chance.random() < 0.2:
            (places[0] / name).unlink(missing_ok=True)
            (places[0] / name).symlink_to('/dev/null')
        instance = name.replace('@', '@one')
        asked.add(instance)
        if chance.random() < 0.5:
            kind = chance.choice(('wants', 'requires'))
            links = places[0] / ('%s.%s' % (chance.choice(TARGETS), kind))
            links.mkdir(exist_ok=True)
            (links / instance).symlink_to('/' + str((holders[0] / name).relative_to(root)))
        if chance.random() < 0.2 and '@' not in name:
            alias = places[0] / ('alias-' + name)
            alias.symlink_to('/' + str((holders[0] / name).relative_to(root)))
    return asked


@pytest.mark.skipif(shutil.which('systemctl') is None, reason='needs systemctl')
@pytest.mark.parametrize('seed', range(25))
def test_enabled_units(seed: int, tmp_path: Path) -> None:
    """What a target wants by a link is started, unless it is masked: as `systemctl is-enabled` says."""
    asked = unit_tree(tmp_path, random.Random(seed))
    started = {
        name
        for name, _paths, _when in writer_units.Units(
            writer_files.Files(Tree(str(tmp_path)), KEYS, {}), writers.UNITS
        ).started()
    }
    for name in sorted(asked):
        command = ['systemctl', '--root=%s' % tmp_path, 'is-enabled', name]
        state = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        assert (name in started) == (state in ('enabled', 'alias') and linked(tmp_path, name)), (name, state)


def linked(root: Path, name: str) -> bool:
    """An alias counts as enabled for systemctl; a target starts it only by a link below itself."""
    return any(os.path.lexists(place / name) for place in root.rglob('*.wants')) or any(
        os.path.lexists(place / name) for place in root.rglob('*.requires')
    )


@pytest.mark.skipif(shutil.which('systemd-tmpfiles') is None, reason='needs systemd-tmpfiles')
@pytest.mark.parametrize('seed', range(40))
def test_lines_of_tmpfiles(seed: int, tmp_path: Path) -> None:
    """What systemd-tmpfiles leaves in the files of a tree is what the last entries for their keys say."""
    chance = random.Random(seed)
    for key in KEYS:
        path = tmp_path / 'proc/sys' / key.replace('.', '/')
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('000')
    for place in ('etc/tmpfiles.d', 'usr/lib/tmpfiles.d'):
        (tmp_path / place).mkdir(parents=True)
        for name in ('a.conf', 'b.conf'):
            if chance.random() < 0.7:
                (tmp_path / place / name).write_text(
                    ''.join(tmpfiles_line(chance) for _line in range(chance.randint(1, 3)))
                )
        if chance.random() < 0.2:
            (tmp_path / 'etc/tmpfiles.d/a.conf').unlink(missing_ok=True)
            (tmp_path / 'etc/tmpfiles.d/a.conf').symlink_to('/dev/null')
    values: dict[str, str | None] = dict.fromkeys(KEYS, '000')
    for entry in writers.observe(Tree(str(tmp_path)), KEYS, {}):
        values[entry['key']] = entry['value']
    subprocess.run(['systemd-tmpfiles', '--root=%s' % tmp_path, '--create', '--boot'], capture_output=True, check=False)
    for key in KEYS:
        assert (tmp_path / 'proc/sys' / key.replace('.', '/')).read_text() == values[key], key


def tmpfiles_line(chance: random.Random) -> str:
    kind = chance.choice(('w', 'w', 'w!', 'w-', 'f', '#w', 'r', 'F'))
    path = '/proc/sys/' + chance.choice((*KEYS, 'net.ipv4.tcp_t*')).replace('.', '/')
    return '%s %s - - - - %s\n' % (kind, path, chance.choice(('111', '2 3', '"4"', '5#x', '66%%')))


WORDS = (
    *('a', 'sysctl -w a.b=1', '1', 'true', '', 'x: y', '# no', 'a # b', "it's", 'say "x"', '- x', '[a]', '{b', 'a, b'),
    *('two\nlines\n', 'end\n', ' lead', 'a:b', '@x', '*y', '&z', '!t', '%s', 'é', '|', '>', 'null', '~'),
)


def random_node(chance: random.Random, depth: int) -> Any:
    kind = chance.random()
    if depth > 3 or kind < 0.4:
        return chance.choice(WORDS)
    if kind < 0.7:
        return [random_node(chance, depth + 1) for _each in range(chance.randint(0, 3))]
    return {
        chance.choice(('k', 'key two', 'runcmd', 'x-y', 'a.b')): random_node(chance, depth + 1)
        for _each in range(chance.randint(0, 3))
    }


@pytest.mark.parametrize('flow', [False, None, True])
@pytest.mark.parametrize('style', [None, '"', "'", '|'])
def test_yaml(flow: bool | None, style: str | None) -> None:
    chance = random.Random(4)
    for _each in range(60):
        node = random_node(chance, 0)
        text = yaml.safe_dump(
            node, default_flow_style=flow, default_style=style, allow_unicode=True, width=chance.choice((30, 200))
        )
        assert plain(yaml_subset.documents(text)) == plain(
            [node for node in yaml.load_all(text, yaml.BaseLoader) if node is not None]
        ), text


def plain(node: Any) -> Any:
    """Texts alone; the line ends behind a text matter to no command."""
    if isinstance(node, dict):
        return {plain(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(each) for each in node]
    return '' if node is None else str(node).rstrip('\n')


@pytest.mark.parametrize('text', ['a: [', 'a: "x', 'a: b\n c: d\n- e', '{a: ]', '? a\n: b', '[' * 99, 'a: *b\n  c'])
def test_text_that_is_no_yaml_ends(text: str) -> None:
    with contextlib.suppress(yaml_subset.Malformed):
        yaml_subset.documents(text)


def test_patterns_take_no_time_to_fail() -> None:
    """Each of these takes a machine that goes back and tries again longer than the universe has been there."""
    hostile = 'a' * 3000
    for text in ('\\(a*\\)*b', '\\(a\\|aa\\)*b', 'a*a*a*a*a*a*b', '\\(.*\\)*\\(.*\\)*b'):
        assert posix_pattern.Pattern(text).search(hostile) is None
    assert not glob.glob_match('*a' * 50 + 'b', hostile)
