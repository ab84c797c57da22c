# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the tests notice small changes of the code: `make mutation`, or in .venv-quality

    python -m tools.mutation [--sample N] [--seed N] [--minutes N] [--again] [PART...]

PART is judge or engine. cosmic-ray makes the mutants, runs the tests of the part on each in a copy of the checkout
(.cache/mutation/tree) and keeps every result in .cache/mutation/PART-CODE-TESTS.sqlite: a run that was interrupted, or
whose minutes were over, goes on where it ended as long as code and tests are the same. Mutants come in random order, so
those that have run are a sample too. --again, after tests were added: what the last run of the same code noticed counts
as noticed, and only survivors and what is left are run. Exit status 1 where MAX_SURVIVORS per cent or more survive.
"""

import argparse
import ast
import contextlib
import glob
import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkResult

CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STORE = os.path.join(CHECKOUT, '.cache', 'mutation')
TREE = os.path.join(STORE, 'tree')
MAX_SURVIVORS = 10.0
NODE = 'plugins/module_utils/_node/'
NODE_TESTS = 'tests/unit/plugins/module_utils/_node'
UNIT = 'tests/unit/plugins/plugin_utils/'
CONFIG = """[cosmic-ray]
module-path = [%(modules)s]
timeout = %(timeout)f
excluded-modules = []
test-command = "%(command)s"

[cosmic-ray.distributor]
name = "local"
"""


class Part:
    """modules: files and directories that are mutated; tests: directories; command: runs them, the quick ones first."""

    def __init__(self, modules, tests, command):
        self.modules, self.tests, self.command = modules, tests, command

    def files(self):
        """Every file of the modules, sorted."""
        found = []
        for module in self.modules:
            place = os.path.join(CHECKOUT, module)
            names = [os.path.join(module, name) for name in os.listdir(place)] if os.path.isdir(place) else [module]
            found += [name for name in names if name.endswith('.py') and not name.endswith('__init__.py')]
        return sorted(found)


PARTS = {
    'judge': Part(
        ['plugins/plugin_utils/_judge'],
        [UNIT + '_judge', UNIT + '_remediate'],
        '%s -B -m pytest -x -q -p no:cacheprovider --hypothesis-profile ci %s_judge %s_remediate'
        % (sys.executable, UNIT, UNIT),
    ),
    'engine': Part(
        [NODE + 'transaction'] + [NODE + 'operations/%s.py' % name for name in ('apply', 'rollback', 'confirm')],
        [NODE_TESTS],
        'env NODETCP_KILLS=4 PYTHONPATH=%s %s -B -m unittest -f test_apply test_rollback test_rare_states '
        'test_rare_stores test_rare_nodes test_rare_looks test_confirm test_unconfirmed test_cascade '
        'test_private_node test_private_namespaces test_killed.TestKilled.test_apply' % (NODE_TESTS, sys.executable),
    ),
}


def renew_tree():
    """A copy of what git knows or would take; an interrupted run leaves a mutant in the old one."""
    shutil.rmtree(TREE, ignore_errors=True)
    listed = subprocess.check_output(
        ['git', '-c', 'safe.directory=*', 'ls-files', '--cached', '--others', '--exclude-standard', '-z'], cwd=CHECKOUT
    )
    for name in listed.decode().split('\0'):
        source, target = os.path.join(CHECKOUT, name), os.path.join(TREE, name)
        if name and os.path.lexists(source):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)


def digest(places, told):
    """Twelve letters that change with the files at or below these places of the tree, and with `told`."""
    found = hashlib.sha256(repr(told).encode())
    for each in places:
        top = os.path.join(TREE, each)
        files = [top] if os.path.isfile(top) else glob.glob(os.path.join(top, '**', '*.*'), recursive=True)
        for file in sorted(file for file in files if os.path.isfile(file)):
            with open(file, 'rb') as handle:
                found.update(os.path.relpath(file, TREE).encode() + handle.read())
    return found.hexdigest()[:12]


def draw(session, sample, seed):
    """Marks all mutants but the drawn ones as skipped. Draws the same from the same code.

    Of the variants of one operator at one place (+ becomes -, *, / ...) one is drawn, then `sample` of the places
    (0: all). Operators in annotations make no mutants: nothing evaluates them.
    """
    chance = random.Random(seed)
    with use_db(session, WorkDB.Mode.open) as work:
        places = {}
        for item in work.work_items:
            mutation = item.mutations[0]
            place = (str(mutation.module_path), mutation.start_pos, mutation.operator_name.split('_')[0])
            places.setdefault(place, []).append((mutation.operator_name, mutation.occurrence, item.job_id))
        spans = {path: _annotations(path) for path in {place[0] for place in places}}
        chosen = sorted(place for place in places if not any(a <= place[1] < b for a, b in spans[place[0]]))
        if sample:
            chosen = chance.sample(chosen, min(sample, len(chosen)))
        drawn = {chance.choice(sorted(places[place]))[2] for place in chosen}
        others = [item.job_id for item in work.work_items if item.job_id not in drawn]
        work.set_multiple_results(others, WorkResult(worker_outcome=WorkerOutcome.SKIPPED, output='not drawn'))


def put_survivors_first(session):
    """Forgets that the survivors survived, and leaves them alone to be run. The ids of what was left to be run."""
    with use_db(session, WorkDB.Mode.open) as work:
        left = [item.job_id for item in work.pending_work_items]
        forget(work, [job for job, result in work.results if result.test_outcome == TestOutcome.SURVIVED])
        work.set_multiple_results(left, WorkResult(worker_outcome=WorkerOutcome.SKIPPED, output='later'))
        return left


def forget(work, jobs):
    """Takes the results of these mutants out of a session, so that they are run."""
    with contextlib.closing(sqlite3.connect(work.name())) as results:
        results.executemany('DELETE FROM work_results WHERE job_id = ?', [(job,) for job in jobs])
        results.commit()


def _annotations(path):
    """[(start, end)] as (line, column) of the annotations in a file of the tree."""
    with open(os.path.join(TREE, path), encoding='utf-8') as handle:
        tree = ast.parse(handle.read())
    nodes = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.arg, ast.AnnAssign)):
            nodes.append(node.annotation)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            nodes.append(node.returns)
    return [((n.lineno, n.col_offset), (n.end_lineno, n.end_col_offset)) for n in nodes if n is not None]


def run(name, asked):
    """The session of a part with a result for each drawn mutant, or for those that there were minutes for."""
    part = PARTS[name]
    renew_tree()
    code = os.path.join(STORE, '%s-%s' % (name, digest(part.modules, (asked.sample, asked.seed))))
    session = '%s-%s.sqlite' % (code, digest(part.tests, part.command))
    config = os.path.join(STORE, name + '.toml')
    started = time.monotonic()
    _call(part.command.split())  # without a mutant the tests must pass
    patience = max(60.0, 4 * (time.monotonic() - started))
    with open(config, 'w') as handle:
        modules = ', '.join('"%s"' % module for module in part.files())
        handle.write(CONFIG % {'modules': modules, 'timeout': patience, 'command': part.command})
    tool = [os.path.join(os.path.dirname(sys.executable), 'cosmic-ray')]
    earlier = sorted(glob.glob(code + '-*.sqlite'), key=os.path.getmtime)
    if asked.again and earlier and not os.path.exists(session):
        shutil.copy(earlier[-1], session + '.new')
        left = put_survivors_first(session + '.new')
        _call(tool + ['exec', config, session + '.new'])
        with use_db(session + '.new', WorkDB.Mode.open) as work:
            forget(work, left)
        os.rename(session + '.new', session)
    if not os.path.exists(session):
        _call(tool + ['init', config, session + '.new'])
        draw(session + '.new', asked.sample, asked.seed)
        os.rename(session + '.new', session)
    with contextlib.suppress(subprocess.TimeoutExpired):  # what has run counts
        _call(tool + ['exec', config, session], asked.minutes * 60 if asked.minutes else None)
    return session


def _call(command, seconds=None):
    """Ends with its children when the time is over."""
    with subprocess.Popen(
        command, cwd=TREE, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    ) as child:
        try:
            if child.wait(seconds):
                raise subprocess.CalledProcessError(child.returncode, command)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
            raise


def show(name, session):
    """Prints the survivors and the count. Whether there are few enough."""
    with use_db(session, WorkDB.Mode.open) as work:
        ran = [
            (item, result)
            for item, result in work.completed_work_items
            if result.worker_outcome != WorkerOutcome.SKIPPED
        ]
    survivors = [(item, result) for item, result in ran if result.test_outcome == TestOutcome.SURVIVED]
    for item, result in sorted(
        survivors, key=lambda one: (one[0].mutations[0].module_path, one[0].mutations[0].start_pos)
    ):
        mutation = item.mutations[0]
        print('%s:%d %s' % (mutation.module_path, mutation.start_pos[0], mutation.operator_name))
        print(
            '\n'.join(line for line in result.diff.split('\n') if line[:1] in '+-' and line[:3] not in ('---', '+++'))
        )
    share = 100.0 * len(survivors) / len(ran) if ran else 0.0
    print('%s: %d mutants, %d survived (%.1f %%)' % (name, len(ran), len(survivors), share))
    return share < MAX_SURVIVORS


def main(arguments):
    parser = argparse.ArgumentParser(prog='mutation', description=__doc__.splitlines()[0])
    parser.add_argument('parts', nargs='*', choices=[*sorted(PARTS), []], metavar='PART')
    parser.add_argument('--sample', type=int, default=300, help='mutants of each part; 0: all')
    parser.add_argument('--seed', type=int, default=7)
    parser.add_argument('--minutes', type=float, default=0, help='stop each part then; 0: run all')
    parser.add_argument('--again', action='store_true', help='run the survivors of the last run again')
    asked = parser.parse_args(arguments)
    os.makedirs(STORE, exist_ok=True)
    good = [show(name, run(name, asked)) for name in asked.parts or sorted(PARTS)]
    return 0 if all(good) else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
