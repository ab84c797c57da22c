# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every gate as data: what is run, and in which goal of the Makefile.

`python -m tests.gates GOAL...` runs the gates of a goal with their output on the terminal; test_gates.py runs the same
ones under pytest. Commands run in the checkout with the programs of the gate's virtual environment first in PATH.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools import venv

CHECKOUT = Path(__file__).resolve().parent.parent.parent
LEFT_OUT = 3  # exit status of a gate that cannot run on this machine; the reason is the last line of its output

LANGUAGE_LEVELS = ('--target=2.6-', '--target=3.5-')
SHELL = (
    '.ci/run',
    'docs/examples/node-problem-detector/check_paws.sh',
    'docs/examples/provisioning/seal.sh',
    'docs/examples/runner/slices.sh',
    'plugins/plugin_utils/_capture/collect.sh',
    'plugins/plugin_utils/_kubernetes/enter.sh',
    'tools/system_packages.sh',
    *('tools/collector/' + path.name for path in sorted((CHECKOUT / 'tools' / 'collector').glob('*.sh'))),
)
NODE_PROGRAM = ('plugins/module_utils/_node', 'plugins/modules/node_program.py')


@dataclass(frozen=True)
class Gate:
    """One command that ends with 0 where all is well.

    - name, goal: words for the command line
    - venv: the environment of tools/venv.py whose programs come first; "": the one that runs this
    - long: only in make test-full
    - still: runs in a copy of what git knows. For a program that asks git what to pass over and then walks the whole
      tree: the cache that another gate began in between would be taken for part of the project
    """

    name: str
    goal: str
    command: tuple[str, ...]
    venv: str = ''
    long: bool = False
    still: bool = False


def _ansible_test(command: str, core: str) -> tuple[str, ...]:
    return (sys.executable, '-m', 'tests.gates.ansible_test', command, core)


GATES = (
    Gate('ruff', 'lint', ('ruff', 'check', '--quiet')),
    Gate('format', 'lint', ('ruff', 'format', '--check', '--quiet')),
    Gate(
        'vermin',
        'lint',
        # The importer of the bootstrap imports the first in the method that Python 3 alone calls; readers/sock_dump.py
        # asks for the version before it takes the second.
        (
            'vermin',
            '--no-tips',
            *('--exclude', 'importlib.machinery.ModuleSpec'),
            *('--exclude', 'memoryview'),
            *LANGUAGE_LEVELS,
            *NODE_PROGRAM,
        ),
    ),
    Gate('yamllint', 'lint', ('yamllint', '--strict', '.')),
    Gate('ansible-lint', 'lint', ('ansible-lint', '--offline', '--strict', '--nocolor')),
    Gate('changelog', 'lint', ('antsibull-changelog', 'lint')),
    Gate('tables', 'lint', (sys.executable, '-m', 'tools.role_variables', '--check')),
    Gate('rules-page', 'lint', (sys.executable, '-m', 'tools.docs_rules', '--check')),
    Gate('writers-page', 'lint', (sys.executable, '-m', 'tools.docs_writers', '--check')),
    Gate('audit-schema', 'lint', (sys.executable, '-m', 'tools.audit_schema', '--check')),
    Gate('collector-script', 'lint', (sys.executable, '-m', 'tools.collector_script', '--check')),
    Gate('kubernetes-manifests', 'lint', (sys.executable, '-m', 'tools.kubernetes_manifests', '--check')),
    Gate('codespell', 'lint', ('codespell',)),
    Gate('shellcheck', 'lint', ('shellcheck', *SHELL)),
    Gate('mypy', 'types', ('mypy', '--no-error-summary')),
    *(
        Gate('sanity-' + core, 'sanity', _ansible_test('sanity', core), long=core != 'newest')
        for core in ('oldest', 'newest', '2.17', '2.18', '2.19', '2.20')
    ),
    *(Gate('units-' + core, 'units', _ansible_test('units', core), long=True) for core in ('oldest', '2.19', 'newest')),
    Gate('licences', 'ecosystem', ('reuse', 'lint', '--lines'), venv='ecosystem', still=True),
    Gate(
        'antsibull-docs',
        'ecosystem',
        ('antsibull-docs', 'lint-collection-docs', '--plugin-docs', '--check-extra-docs-refs', '.'),
        venv='ecosystem',
    ),
    *(
        Gate(name, 'ecosystem', ('check-jsonschema', '--builtin-schema', 'vendor.' + schema, *files), venv='ecosystem')
        for name, schema, files in (
            (
                'github-workflows',
                'github-workflows',
                ('.github/workflows/test.yml', '.github/workflows/release.yml', 'docs/examples/ci/github-scan.yml'),
            ),
            (
                'github-issues',
                'github-issue-forms',
                ('.github/ISSUE_TEMPLATE/fault.yml', '.github/ISSUE_TEMPLATE/idea.yml'),
            ),
            ('github-issue-config', 'github-issue-config', ('.github/ISSUE_TEMPLATE/config.yml',)),
            ('github-updates', 'dependabot', ('.github/dependabot.yml',)),
            (
                'gitlab-ci',
                'gitlab-ci',
                ('.gitlab-ci.yml', 'docs/examples/ci/gitlab-ci.yml', 'docs/examples/ci/gitlab-scan.yml'),
            ),
        )
    ),
    Gate('site', 'docs', ('python', '-m', 'tools.docs_site'), venv='docs', long=True),
    Gate(
        'galaxy-importer', 'ecosystem', (sys.executable, '-m', 'tests.ecosystem.importer'), venv='ecosystem', long=True
    ),
)


def tracked(*places: str, checkout: Path = CHECKOUT) -> list[str]:
    """Files of the checkout that git knows or would take, below these places; OSError where git cannot tell.

    `safe.directory`: in a container the checkout may belong to somebody else, and reading its index is harmless.
    """
    command = ['git', '-c', 'safe.directory=*', 'ls-files', '--cached', '--others', '--exclude-standard', '-z', *places]
    listed = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    if listed.returncode:
        raise OSError('git does not list this checkout: %s' % listed.stderr.strip())
    return [name for name in listed.stdout.split('\0') if name]


def copy_into(place: Path, files: list[str], checkout: Path = CHECKOUT) -> None:
    """Copy these files of the checkout below `place`, links as links; what is in git's list only stays out."""
    for name in files:
        source = checkout / name
        if os.path.lexists(source):
            target = place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)


def environment(programs: Path | None = None) -> dict[str, str]:
    """The environment of a gate: the programs of its virtual environment (this one), no colours, no questions."""
    path = os.pathsep.join([str(programs or Path(sys.executable).parent), os.environ.get('PATH', os.defpath)])
    return {**os.environ, 'PATH': path, 'LC_ALL': 'C.UTF-8', 'NO_COLOR': '1', 'MYPYPATH': ''}


def programs_of(name: str) -> Path:
    """The directory with the programs of this virtual environment, made if need be; OSError where it cannot be."""
    command = [sys.executable, str(CHECKOUT / 'tools' / 'venv.py'), name]
    made = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if made.returncode == venv.NO_PYTHON:
        raise OSError(made.stderr.strip().splitlines()[-1])
    if made.returncode:
        raise RuntimeError(made.stderr)
    return CHECKOUT / venv.ENVIRONMENTS[name].directory / 'bin'


def run(gate: Gate, *, capture: bool, checkout: Path = CHECKOUT) -> subprocess.CompletedProcess[str]:
    """Run one gate; with `capture` standard output and error are together in `stdout`."""
    try:
        variables = environment(programs_of(gate.venv) if gate.venv else None)
        files = tracked(checkout=checkout) if gate.still else []
    except OSError as exc:
        return subprocess.CompletedProcess(gate.command, LEFT_OUT, stdout=str(exc))
    if not gate.still:
        return _run_in(checkout, gate, variables, capture)
    with tempfile.TemporaryDirectory() as place:
        copy_into(Path(place), files, checkout)
        return _run_in(Path(place), gate, variables, capture)


def _run_in(directory: Path, gate: Gate, variables: dict[str, str], capture: bool) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        gate.command,
        cwd=directory,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if capture else None,
        stderr=subprocess.STDOUT if capture else None,
        text=True,
        check=False,
    )
