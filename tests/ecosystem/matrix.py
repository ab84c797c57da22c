# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every ansible-core against every Python of a node, from real runs: `make matrix` writes the table into the READMEs.

For each core, the collection as it is installed audits a fleet of exposed hosts that have one Python each, remediates
them, and rolls back. A cell says OK, or the first of the three that went wrong. Needs root, and each Python of NODES.
The row of Python 2.6, which few machines have, is measured where there is one, and left as it stands elsewhere.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.ecosystem import packed
from tests.fleet import Fleet
from tests.fleet.fleet import missing
from tests.fleet.hosts import EL7, RECYCLE
from tests.fleet.pythons import find
from tests.fleet.spec import Host
from tests.gates.gates import CHECKOUT, programs_of
from tests.scenarios import states
from tools import pythons, venv

CORES = tuple(
    name.removeprefix('core-') for name in venv.ENVIRONMENTS if name.startswith('core-') and name != 'core-next'
)
NODES = ('2.7', '3.6', '3.9')  # and the newest that is here
NEWEST_AT_LEAST = (3, 13)
BY_HAND = '2.6'
OK = '✓'
PLACE = re.compile(r'(<!-- matrix:begin -->\n).*?(<!-- matrix:end -->)', re.DOTALL)
WORDS = {
    'README.md': (
        'Python of the node / ansible-core',
        ' (by hand)',
        'Made by `make matrix` on %s with version %s: on an exposed host of the test fleet with that Python alone,'
        ' `audit.yml` finds the fault, `remediate.yml` mends it, `rollback.yml` with `rollback_restore_unsafe=true`'
        ' restores every file and running value.',
    ),
    'README.zh.md': (
        '节点的 Python / ansible-core',
        '（手工测试）',
        '由 `make matrix` 于 %s 用版本 %s 生成：在测试机群中只有该 Python 的暴露主机上，`audit.yml` 发现问题，'
        '`remediate.yml` 修复，带 `rollback_restore_unsafe=true` 的 `rollback.yml` 把每个文件和每个运行值恢复原样。',
    ),
}


@dataclass(frozen=True)
class Matrix:
    """`cores` and `pythons` by their full versions; `cells[python][core]` is OK or the playbook that went wrong."""

    version: str
    date: str
    cores: list[str]
    pythons: list[str]
    cells: dict[str, dict[str, str]]


def pinned(core: str) -> str:
    """The full version of that ansible-core which the tests use."""
    text = (CHECKOUT / 'tests' / 'cores' / (core + '.txt')).read_text(encoding='utf-8')
    return re.findall(r'^ansible-core==(\S+)', text, re.MULTILINE)[0]


def version() -> str:
    return str(yaml.safe_load((CHECKOUT / 'galaxy.yml').read_text(encoding='utf-8'))['version'])


def table(matrix: Matrix, words: tuple[str, str, str]) -> str:
    corner, by_hand, caption = words
    rows = [[corner, *matrix.cores], ['---'] * (len(matrix.cores) + 1)]
    for python in matrix.pythons:
        name = python + by_hand if python.startswith(BY_HAND + '.') else python
        rows.append([name, *(matrix.cells[python][name] for name in matrix.cores)])
    lines = ['| %s |' % ' | '.join(row) for row in rows]
    return '\n'.join([*lines, '', caption % (matrix.date, matrix.version), ''])


def read(text: str) -> Matrix:
    """The table that stands in a README. ValueError where it is not well-formed."""
    found = PLACE.search(text)
    lines = found[0].splitlines()[1:-1] if found else []
    rows = [[cell.strip() for cell in line.strip('|').split('|')] for line in lines if line.startswith('|')]
    caption = lines[-1] if lines else ''
    date, named = re.search(r'\d{4}-\d\d-\d\d', caption), re.search(r' (\d+\.\d+\.\d+)\b', caption)
    if len(rows) < 3 or date is None or named is None:
        raise ValueError('no table of the matrix')
    cores = rows[0][1:]
    cells = {re.split('[ （]', row[0])[0]: dict(zip(cores, row[1:], strict=True)) for row in rows[2:]}
    return Matrix(named[1], date[0], cores, list(cells), cells)


def _tried_by_hand() -> dict[str, dict[str, str]]:
    """The row of BY_HAND as it stands."""
    cells = read((CHECKOUT / 'README.md').read_text(encoding='utf-8')).cells
    return {python: row for python, row in cells.items() if python.startswith(BY_HAND + '.')}


def measured() -> Matrix:
    """Boot the hosts and run every core over them. Raises RuntimeError with what is missing here."""
    reason = missing()
    if reason:
        raise RuntimeError(reason)
    kept = {} if find(BY_HAND) else _tried_by_hand()
    nodes = dict(map(_here, [*([] if kept else [BY_HAND]), *NODES, _newest()]))
    cells: dict[str, dict[str, str]] = {**kept, **{full: {} for full in nodes}}
    with tempfile.TemporaryDirectory() as name, Fleet([_host(full, minor) for full, minor in nodes.items()]) as fleet:
        if fleet.left_out:
            raise RuntimeError('hosts were left out: %s' % fleet.left_out)
        for core in CORES:
            place = Path(name) / core
            place.mkdir()
            for full, outcome in _outcomes(programs_of('core-' + core), place, fleet).items():
                cells[full][pinned(core)] = outcome
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    return Matrix(version(), today, [pinned(core) for core in CORES], list(cells), cells)


def _newest() -> str:
    return '%d.%d' % max(python.version[:2] for python in pythons.find())


def _here(minor: str) -> tuple[str, str]:
    """(full version, minor version) of an interpreter that hosts can have."""
    found = find(minor)
    if found is None:
        raise RuntimeError('no Python %s on this machine' % minor)
    full = subprocess.run([found[0], '-c', pythons.PROBE], capture_output=True, text=True, check=True)
    return full.stdout.split('\n')[0], minor


def _host(full: str, minor: str) -> Host:
    return Host(
        full,
        'exposed',
        kernel=EL7,
        tw_recycle='1',
        python=minor,
        sysctls={'net.ipv4.tcp_tw_reuse': '0', 'net.ipv4.tcp_timestamps': '1'},
        files={'etc/sysctl.d/99-tuning.conf': '# tuning guide\n%s = 1\n' % RECYCLE},
    )


def _outcomes(programs: Path, place: Path, fleet: Fleet) -> dict[str, str]:
    """For each host OK, or the first playbook that did not do there what it says."""
    collections = place / 'collections'
    collections.mkdir()
    packed.install(programs, packed.build(programs, place), collections)
    (place / 'ansible.cfg').write_text('[defaults]\ncollections_path = %s\n' % collections)
    before = states.of_fleet(fleet)

    def play(playbook: str, *arguments: str) -> dict[str, dict[str, Any]]:
        command = [str(programs / 'ansible-playbook'), '-i', fleet.inventory, 'nodetcp.paws.' + playbook, *arguments]
        variables = {'PATH': os.environ['PATH'], 'HOME': str(place), 'LC_ALL': 'C.UTF-8'}
        sys.stderr.write('%s %s\n' % (programs.parent.name, playbook))
        subprocess.run(command, cwd=place, env=variables, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
        document = place / 'paws-report' / 'audit.json'
        found = json.loads(document.read_text(encoding='utf-8'))['hosts'] if document.exists() else []
        return {host['name']: host for host in found}

    audited = play('audit', '-e', 'audit_window=0')
    remediated = play('remediate', '-e', 'remediate_window=0')
    play('rollback', '-e', 'rollback_restore_unsafe=true')
    after = states.of_fleet(fleet)
    play('forget')
    return {name: _outcome(name, audited, remediated, after[name] == before[name]) for name in fleet.hosts}


def _outcome(name: str, audited: dict[str, Any], remediated: dict[str, Any], restored: bool) -> str:
    if audited.get(name, {}).get('verdict') != 'exposed':
        return 'audit'
    mended = remediated.get(name, {})
    if mended.get('verdict') not in ('clean', 'advisory') or mended['remediation']['state'] != 'changed':
        return 'remediate'
    return OK if restored else 'rollback'


def main() -> int:
    try:
        matrix = measured()
    except RuntimeError as exc:
        sys.stderr.write('matrix: %s\n' % exc)
        return 1
    for name, words in WORDS.items():
        path = CHECKOUT / name
        written = PLACE.sub(
            lambda found, words=words: found[1] + table(matrix, words) + found[2], path.read_text('utf-8')
        )
        path.write_text(written, encoding='utf-8')
    sys.stdout.write(table(matrix, WORDS['README.md']))
    return 0 if all(cell == OK for row in matrix.cells.values() for cell in row.values()) else 1


if __name__ == '__main__':
    sys.exit(main())
