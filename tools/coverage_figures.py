# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which lines and branches the tests run: `make coverage`, or in .venv-quality

    python -m tools.coverage_figures [PART...]

- node-2, node-3: the node program by its own unittest suite, on Python 2.7 and on this one
- controller: action plugins, callback and plugin_utils by tests/unit, and by the scenarios named below, in which
  ansible-playbook and its forked workers are measured too (needs root, for the fleet)

Exit status 1 where a test fails, or where a part has less than THRESHOLD per cent of its lines or of its branches.
.cache/coverage keeps PART.json as coverage writes it, with every line and branch that nothing ran.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig

from tools import pythons

CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STORE = os.path.join(CHECKOUT, '.cache', 'coverage')
THRESHOLD = 95.0
NODE = 'plugins/module_utils/_node'
NODE_TESTS = 'tests/unit/plugins/module_utils/_node'
COVERAGE_OF_PYTHON_2 = 'coverage==5.5'  # the last one that runs on 2.7
UNIT = ('tests/unit/plugins/action', 'tests/unit/plugins/plugin_utils', 'tests/unit/roles')
# A file, and the tests of it where not all are needed.
SCENARIOS = {
    'test_fleet_callback': (),
    'test_remediate': (
        'test_mixed_fleet_there_and_back',
        'test_a_canary_that_fails_its_health_command',
        'test_a_plan_that_is_not_allowed_changes_nothing',
        'test_wrong_variables_stop_the_run_before_any_host_is_contacted',
    ),
    'test_verbs': (
        'test_facts_are_the_record_and_nothing_else',
        'test_a_node_without_a_python_that_core_supports_needs_no_setting',
        'test_a_window_is_measured_in_one_task_when_asked',
        'test_a_broken_rule_is_named_before_the_node_is_asked',
        'test_async_where_core_supports_the_python_and_a_clear_refusal_elsewhere',
        'test_async_that_nobody_waits_for_is_refused',
    ),
    'test_change_verbs': (
        'test_check_mode_shows_what_the_run_then_does_once',
        'test_confirmed_then_undone_then_forgotten',
        'test_rollback_by_id_and_of_the_newest',
        'test_what_cannot_be_done_is_refused_or_undone',
    ),
    'test_report_playbook': (),
    'test_exhaustion': (),
    'test_paws_info': (
        'test_since_an_earlier_look_nothing_is_waited_for',
        'test_wrong_arguments_are_refused',
    ),
    'test_syn_info': (
        'test_who_connects_to_a_host_and_whether_it_answers',
        'test_what_cannot_be_done_is_said',
    ),
    'test_diagnose': (
        'test_nothing_is_changed_and_the_report_is_written',
        'test_a_question_that_makes_no_sense',
    ),
    'test_audit_playbook': (
        'test_every_host_is_reported_whatever_happened_to_it',
        'test_offline_records_beside_live_hosts_and_alone',
        'test_wrong_variables_stop_the_run_before_any_host_is_contacted',
    ),
}
# patch: workers of ansible-playbook are forked and leave by os._exit.
CONTROLLER_SETTINGS = """[run]
branch = true
parallel = true
data_file = %(store)s/controller/data
patch = _exit, fork
source = %(plugins)s
omit = */plugins/modules/*, */plugins/doc_fragments/*, */plugins/module_utils/*
disable_warnings = no-data-collected, module-not-measured, module-not-imported

[report]
exclude_also =
    if TYPE_CHECKING:
"""
# Read when a Python of the environment starts, before the same of coverage: tests clean the environment of processes.
START = "import os; p = %r; os.path.exists(p) and os.environ.setdefault('COVERAGE_PROCESS_START', p)\n"


def node(part, python, packages):
    """The report of the node program on this interpreter, with coverage from `packages` where it has none. Or None."""
    report, notes = (os.path.join(STORE, part + ending) for ending in ('.json', '.notes'))
    command = [python, '-B', os.path.join('tools', 'coverage_unittest.py'), report, notes, NODE_TESTS, NODE]
    status = subprocess.call(command, cwd=CHECKOUT, env=dict(os.environ, PYTHONPATH=packages))
    return _loaded(report) if status == 0 else None


def node_2():
    found = [python for python in pythons.find() if python.version[:2] == (2, 7)]
    if not found:
        _say('node-2: no Python 2.7 on this machine')
        return None
    python = found[-1].path
    packages = os.path.join(STORE, 'packages-2.7')
    if not os.path.isdir(os.path.join(packages, 'coverage')):
        command = [python, '-m', 'pip', 'install', '-q', '--disable-pip-version-check', '--target', packages]
        if subprocess.call(command + [COVERAGE_OF_PYTHON_2]):
            _say('node-2: pip of %s does not install %s' % (python, COVERAGE_OF_PYTHON_2))
            return None
    return node('node-2', python, packages)


def node_3():
    return node('node-3', sys.executable, '')


def scenarios():
    """What pytest is told to run of tests/scenarios."""
    found = []
    for name, tests in SCENARIOS.items():
        path = 'tests/scenarios/%s.py' % name
        found += ['%s::%s' % (path, test) for test in tests] or [path]
    return found


def controller():
    """The report of the controller side. What starts while the settings are there is measured."""
    place = os.path.join(STORE, 'controller')
    shutil.rmtree(place, ignore_errors=True)
    os.makedirs(place)
    settings = os.path.join(STORE, 'controller.cfg')
    with open(os.path.join(sysconfig.get_path('purelib'), 'a0_nodetcp_paws.pth'), 'w') as handle:
        handle.write(START % settings)
    with open(settings, 'w') as handle:
        handle.write(CONTROLLER_SETTINGS % {'store': STORE, 'plugins': os.path.join(CHECKOUT, 'plugins')})
    try:
        command = [sys.executable, '-m', 'pytest', '-q', '-p', 'tools.coverage_pytest', '--hypothesis-profile', 'ci']
        status = subprocess.call(command + list(UNIT) + scenarios(), cwd=CHECKOUT)
        kept = settings + '.done'
    finally:
        os.rename(settings, settings + '.done')
    report = os.path.join(STORE, 'controller.json')
    for words in (['combine', '-q'], ['json', '-q', '-o', report]):
        subprocess.check_call([sys.executable, '-m', 'coverage', words[0], '--rcfile', kept] + words[1:], cwd=CHECKOUT)
    return _loaded(report) if status == 0 else None


PARTS = {'node-2': node_2, 'node-3': node_3, 'controller': controller}


def show(part, report):
    """Prints the figures of one part and the files below the threshold. Whether it reaches the threshold."""
    lines, branches = _figures(report['totals'])
    _say(
        '%-10s %6.2f %% of lines, %6.2f %% of branches (%d lines and %d branches not run), coverage %s'
        % (
            part,
            lines,
            branches,
            report['totals']['missing_lines'],
            report['totals']['missing_branches'],
            report['meta']['version'],
        )
    )
    for name, entry in sorted(report['files'].items()):
        if min(_figures(entry['summary'])) < THRESHOLD:
            _say('           %6.2f %% %6.2f %%  %s' % (_figures(entry['summary']) + (os.path.relpath(name, CHECKOUT),)))
    return min(lines, branches) >= THRESHOLD


def _figures(totals):
    """Per cent of lines, per cent of branches."""
    return (
        _percent(totals['covered_lines'], totals['num_statements']),
        _percent(totals['covered_branches'], totals['num_branches']),
    )


def _percent(part, whole):
    return 100.0 * part / whole if whole else 100.0


def _loaded(path):
    with open(path) as handle:
        return json.load(handle)


def _say(text):
    sys.stdout.write(text + '\n')
    sys.stdout.flush()


def main(names):
    os.makedirs(STORE, exist_ok=True)
    reports = [(name, PARTS[name]()) for name in names or sorted(PARTS)]
    good = [report is not None and show(name, report) for name, report in reports]
    for (name, report), reached in zip(reports, good):
        if not reached:
            _say('%s: %s' % (name, 'below %g %%' % THRESHOLD if report else 'no figures'))
    return 0 if all(good) else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
