# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reader of scripts against what bash, dash, sysctl and sed of this machine do."""

from __future__ import annotations

import os
import random
import shutil
import subprocess

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers import sed_script, sysctl_command
from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers.glob import NotUnderstood
from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers.sysctl_value import taken
from tests.writers import shells, snippets

SHELLS = ('dash', 'bash')
needs_namespaces = pytest.mark.skipif(
    os.geteuid() != 0 or not all(map(shutil.which, (*SHELLS, 'sysctl', 'unshare'))),
    reason='needs root, dash, bash, sysctl and unshare: scripts run in namespaces of their own',
)


def left(before: dict[str, list[str]], found: list[tuple[str, str | None]]) -> dict[str, list[str] | None]:
    """The values that the settings leave; None where one is not known."""
    values: dict[str, list[str] | None] = {**before}
    for key, value in found:
        number = taken(key, value)
        if key in values and (value is None or number is not None):
            values[key] = None if value is None else [str(number)]
    return values


def compare(first: int, count: int) -> None:
    scripts = []
    for seed in range(first, first + count):
        shell = SHELLS[seed % 2]
        scripts.append((shell, snippets.Writer(seed, shell == 'bash').script()))
    before, answers = shells.ran(scripts, snippets.KEYS)
    for (shell, script), (after, complaint) in zip(scripts, answers, strict=True):
        assert left(before, shells.read(script, shell == 'bash')) == after, '%s\n%s\n%s' % (shell, script, complaint)


@needs_namespaces
def test_random_scripts() -> None:
    compare(0, 300)


@needs_namespaces
@pytest.mark.long
def test_many_random_scripts() -> None:
    compare(100_000, 10_000)


OPTIONS = (
    *('-w', '-q', '-e', '-n', '-N', '-b', '-a', '-A', '-X', '-p', '-f', '-h', '-V', '-qw', '-ew', '-pe', '-qp', '-z'),
    *('--', '--write', '--quiet', '--ignore', '--values', '--all', '--load', '--lo=ONE', '--load=ONE', '-pONE'),
    *('--dry-run', '--wri', '--none'),
)
WORDS = (
    'KEY=5',
    'KEY=6',
    'KEY',
    '=',
    '5',
    'KEY=',
    '=5',
    'ONE',
    'TWO',
    '/none.conf',
    'KEY = 7',
    'KEY =8',
    'SLASH=4',
    '-KEY=3',
)


@needs_namespaces
def test_arguments_of_sysctl() -> None:
    """Random options and words; what they leave is what the parser says."""
    key = 'net.ipv4.tcp_fin_timeout'
    files = {'/run/snippets/one': '%s = 11\n' % key, '/run/snippets/two': '%s = 12\n' % key}
    names = {'KEY': key, 'ONE': '/run/snippets/one', 'TWO': '/run/snippets/two', 'SLASH': key.replace('.', '/')}
    chance, asked = random.Random(13), []
    for _each in range(400):
        words = [chance.choice(OPTIONS) for _option in range(chance.randint(0, 3))]
        words += [chance.choice(WORDS) for _word in range(chance.randint(1, 3))]
        chance.shuffle(words)
        for name, value in names.items():
            words = [word.replace(name, value) for word in words]
        asked.append(words)
    making = ''.join("echo '%s' > %s\n" % (text.strip(), path) for path, text in files.items())
    scripts = [
        ('dash', making + 'sysctl ' + ' '.join("'%s'" % word for word in words) + ' < /dev/null\n') for words in asked
    ]
    before, answers = shells.ran(scripts, [key])
    for words, (after, complaint) in zip(asked, answers, strict=True):
        found = []
        for what, text, _pattern in sysctl_command.actions(words):
            line = files.get(text, '') if what == 'load' else text
            name, equals, value = line.partition('=')
            if equals and name.strip().lstrip('-').replace('/', '.') == key:
                found.append((key, value.strip()))
        assert left(before, found) == after, '%s: %s' % (words, complaint)


KEYS = ('net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_timestamps')
LINES = ('%s = 0', '#%s=1', '%s=1', '# %s = 1', '', 'foo bar', '  %s   = 1', '%s = 1 # x')


def sed_command(chance: random.Random) -> str:
    key = chance.choice((*KEYS, KEYS[0].replace('.', '\\.'), 'tw_recycle', 'tcp_'))

    def pattern() -> str:
        before = chance.choice(('', '^', '^#*', '^[!#]*', '^#\\?', '^[# ]*', '.*', '^\\s*', '^[[:space:]]*'))
        return before + key + chance.choice(('', '.*', '.*$', '[ ]*=.*', ' = 0$', '\\s*=\\s*[01]', '=1'))

    one, two = '/%s/' % pattern(), '/%s/' % pattern()
    ranges = ('1,2', '2,$', '0,' + one, '%s,%s' % (one, two), one + ',+1')
    address = chance.choice(('', '', '1', '2', '$', one, one + 'I', *ranges))
    address += chance.choice(('', '', '!')) if address else ''
    letter = chance.choice('sssssdcaip')
    if letter == 's':
        mark = chance.choice('/|#,')
        new = chance.choice(('%s = 1' % chance.choice(KEYS), '#&', '', '\\n&', 'x\\%sy' % mark))
        flags = chance.choice(('', 'g', 'gi', '2', 'I'))
        return address + 's' + mark.join(('', pattern().replace(mark, '\\' + mark), new, flags))
    if letter in 'cai':
        return '%s%s%s%s = 1' % (address, letter, chance.choice(('\\', '\\\n', ' ', '')), chance.choice(KEYS))
    return address + letter


def compare_sed(first: int, count: int) -> None:
    for seed in range(first, first + count):
        chance = random.Random(seed)
        lines = [chance.choice(LINES).replace('%s', chance.choice(KEYS)) for _line in range(chance.randint(0, 5))]
        script = '\n'.join(sed_command(chance) for _command in range(chance.randint(1, 3)))
        if chance.random() < 0.2:
            script = '/tcp/{\n%s\n}' % script
        text = ''.join(line + '\n' for line in lines)
        done = subprocess.run(['sed', script], input=text, capture_output=True, text=True, check=False)
        if not done.returncode:
            found = sed_script.edited(script, [(line, None) for line in lines], None)
            assert ''.join(line + '\n' for line, _origin in found) == done.stdout, '%s\n%s' % (script, text)


@pytest.mark.skipif(
    'GNU' not in subprocess.run(['sed', '--version'], capture_output=True, text=True, check=False).stdout,
    reason='needs GNU sed',
)
def test_random_sed_scripts() -> None:
    compare_sed(0, 300)


@pytest.mark.long
def test_many_random_sed_scripts() -> None:
    compare_sed(100_000, 5_000)


@pytest.mark.parametrize(
    'script',
    ['y/a/b/', 's/a/\\U&/', 'N;s/a/b/', 'w /tmp/x', 's/\\(a\\)\\1/b/', '/a', 's/a/b', 's/a/b/e', '{p', 's/a{/b/'],
)
def test_sed_scripts_that_are_not_worked_out_are_refused(script: str) -> None:
    if script == 's/a{/b/':
        assert sed_script.edited(script, [('xa{', 1)], 2) == [('xb', 2)]
        return
    with pytest.raises(NotUnderstood):
        sed_script.edited(script, [('a', 1)], 2)
