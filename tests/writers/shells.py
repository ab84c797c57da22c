# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What scripts set, asked of real shells in namespaces of their own, and of the reader of scripts."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers import sysctl_conf
from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers.shell_run import Shell

Lines = list[tuple[str, tuple[str, int]]]

# Runs in the namespaces: for each script the values are put to 0 or their least, the script runs, values are printed.
DRIVER = """
import json, os, shutil, subprocess, sys
asked = json.load(sys.stdin)
subprocess.check_call(['mount', '-t', 'tmpfs', 'snippets', '/run/snippets'])
def path(key):
    return '/proc/sys/' + key.replace('.', '/')
first = dict((key, open(path(key)).read()) for key in asked['keys'])
answers = []
for shell, script in asked['scripts']:
    for key, value in first.items():
        open(path(key), 'w').write(value)
    for name in os.listdir('/run/snippets'):
        os.unlink('/run/snippets/' + name)
    open('/run/snippets/script', 'w').write(script)
    done = subprocess.run([shell, '/run/snippets/script'], capture_output=True, text=True, timeout=20)
    answers.append([dict((key, open(path(key)).read().split()) for key in first), done.stderr[-300:]])
json.dump([dict((key, value.split()) for key, value in first.items()), answers], sys.stdout)
"""


def ran(
    scripts: Sequence[tuple[str, str]], keys: Sequence[str]
) -> tuple[dict[str, list[str]], list[tuple[dict[str, list[str]], str]]]:
    """(values before, [(values after, what it complained of)]) of (shell, script), each run in the same namespaces."""
    asked = json.dumps({'keys': list(keys), 'scripts': list(scripts)})
    command = [
        'unshare',
        '--net',
        '--mount',
        'sh',
        '-c',
        'mkdir -p /run/snippets && exec "$0" -c "$1"',
        sys.executable,
        DRIVER,
    ]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    before, answers = json.loads(done.stdout)
    return before, answers


class Node:
    """The outside of a script: files in memory, settings in a list."""

    def __init__(self, files: dict[str, str] | None = None) -> None:
        self.files: dict[str, Lines] = {}
        for path, text in (files or {}).items():
            lines = text.split('\n')[: -1 if text.endswith('\n') else None]
            self.files[path] = [(line, (path, number)) for number, line in enumerate(lines, 1)]
        self.set: list[tuple[str, str | None]] = []

    def lines(self, path: str) -> Lines | None:
        return self.files.get(path)

    def names(self, _pattern: str) -> list[str]:
        return []

    def program(self, _name: str) -> None:
        return None

    def write(self, path: str, lines: Lines, adds: bool, _maybe: bool) -> None:
        self.files[path] = (self.files.get(path, []) if adds else []) + lines

    def setting(self, key: str, value: str | None, _origin: tuple[str, int], _maybe: bool) -> None:
        self.set.append((sysctl_conf.canonical(key), value))

    def load(self, lines: Lines, reader: str, _pattern: str, _maybe: bool) -> None:
        for entry in sysctl_conf.parse('\n'.join(text for text, _origin in lines).encode()):
            if reader in entry['by'] and entry['value'] is not None:
                self.set.append((entry['key'], entry['value'].decode()))

    def foreign(self, *_asked: object) -> None:
        raise AssertionError('all scripts here are of shells')

    def reload(self, *_asked: object) -> None:
        raise AssertionError('no script here reads the files of the node')


def read(script: str, bash: bool) -> list[tuple[str, str | None]]:
    """[(key, value or None)] in the order in which the reader of scripts has them set."""
    node = Node()
    shell = Shell(node, '/run/snippets/script', arguments=[])
    shell.bash = bash
    shell.main(script, '/run/snippets/script')
    return node.set
