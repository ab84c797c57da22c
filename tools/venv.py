# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a virtual environment of this checkout, or leave it alone when it is up to date.

    python3 tools/venv.py NAME       NAME is a key of ENVIRONMENTS

Runs on any Python 3 and picks the interpreter for the environment itself. Exit status: 0 the environment is ready,
1 it could not be made, 3 no Python of this machine fits (the reason goes to standard error).
"""

import collections
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import collection_link
import pythons

CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NO_PYTHON = 3

Environment = collections.namedtuple('Environment', 'directory lowest highest requirements constraints')

ENVIRONMENTS = {
    'run': Environment('.venv', (3, 10), (3, 14), 'requirements.txt', 'constraints.txt'),
    'dev': Environment('.venv', (3, 10), (3, 14), 'requirements-dev.txt', 'constraints.txt'),
    'core-2.16': Environment('.venv-core-2.16', (3, 10), (3, 12), 'tests/cores/2.16.txt', None),
    'core-2.17': Environment('.venv-core-2.17', (3, 10), (3, 12), 'tests/cores/2.17.txt', None),
    'core-2.18': Environment('.venv-core-2.18', (3, 11), (3, 13), 'tests/cores/2.18.txt', None),
    'core-2.19': Environment('.venv-core-2.19', (3, 11), (3, 13), 'tests/cores/2.19.txt', None),
    'core-2.20': Environment('.venv-core-2.20', (3, 12), (3, 14), 'tests/cores/2.20.txt', None),
    'core-2.21': Environment('.venv-core-2.21', (3, 12), (3, 14), 'tests/cores/2.21.txt', None),
    'core-2.22': Environment('.venv-core-2.22', (3, 13), (3, 14), 'tests/cores/2.22.txt', None),
    'core-next': Environment('.venv-core-next', (3, 13), (3, 14), 'tests/cores/next.txt', None),
    'ecosystem': Environment(
        '.venv-ecosystem', (3, 11), (3, 14), 'tests/ecosystem/requirements.txt', 'tests/ecosystem/constraints.txt'
    ),
    'quality': Environment('.venv-quality', (3, 12), (3, 14), 'tests/quality/requirements.txt', 'constraints.txt'),
    'docs': Environment('.venv-docs', (3, 11), (3, 14), 'requirements-docs.txt', None),
}


def ensure(name):
    """Make the environment `name` unless it is up to date. Returns the exit status of the program."""
    collection_link.ensure(CHECKOUT)
    environment = ENVIRONMENTS[name]
    with open(os.path.join(CHECKOUT, environment.directory + '.lock'), 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one of several that want it at once makes it
        return _ensure(name, environment)


def _ensure(name, environment):
    directory = os.path.join(CHECKOUT, environment.directory)
    if _current(directory, name, environment):
        return 0
    if not _starts(directory) or os.path.exists(_stamp(directory, name)):
        status = _create(directory, environment)
        if status:
            return status
    return _install(directory, name, environment)


def _create(directory, environment):
    suitable = pythons.preferred(environment.lowest, environment.highest, os.environ.get('PYTHON') or 'python3')
    for python in suitable:
        if python.runs('import ensurepip, venv'):
            _say('Making %s with Python %s (%s)' % (environment.directory, python.name, python.path))
            shutil.rmtree(directory, ignore_errors=True)
            return subprocess.call([python.path, '-m', 'venv', directory])
    wanted = 'Python %d.%d to %d.%d' % (environment.lowest + environment.highest)
    if suitable:
        _say(
            '%s: no %s here can make virtual environments (Debian and Ubuntu: apt-get install python3-venv)'
            % (environment.directory, wanted)
        )
    else:
        _say('%s: no %s on this machine' % (environment.directory, wanted))
    return NO_PYTHON


def _install(directory, name, environment):
    command = [os.path.join(directory, 'bin', 'python'), '-m', 'pip', 'install', '-qq', '--no-input']
    command += ['--disable-pip-version-check', '-r', environment.requirements]
    if environment.constraints:
        command += ['-c', environment.constraints]
    _say('Installing %s into %s' % (environment.requirements, environment.directory))
    status = subprocess.call(command, cwd=CHECKOUT, stdin=subprocess.DEVNULL)
    if status == 0:
        with open(_stamp(directory, name), 'w') as handle:
            handle.write(_fingerprint(environment))
    return 1 if status else 0


def _current(directory, name, environment):
    try:
        with open(_stamp(directory, name)) as handle:
            return handle.read() == _fingerprint(environment) and _starts(directory)
    except (IOError, OSError):
        return False


def _starts(directory):
    """True when the environment's interpreter still works: an upgraded system may have taken it away."""
    try:
        command = [os.path.join(directory, 'bin', 'python'), '-c', 'import pip']
        return subprocess.call(command, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def _stamp(directory, name):
    return os.path.join(directory, '.paws-%s' % name)


def _fingerprint(environment):
    """Changes when a pinned version changes, or when the checkout has moved (scripts hold absolute paths)."""
    digest = hashlib.sha256(CHECKOUT.encode())
    for name in ('requirements.txt', environment.requirements, environment.constraints):
        if name:
            with open(os.path.join(CHECKOUT, name), 'rb') as handle:
                digest.update(handle.read())
    return digest.hexdigest()


def _say(text):
    sys.stderr.write(text + '\n')
    sys.stderr.flush()


if __name__ == '__main__':
    if len(sys.argv) != 2 or sys.argv[1] not in ENVIRONMENTS:
        _say('usage: python3 tools/venv.py %s' % '|'.join(sorted(ENVIRONMENTS)))
        sys.exit(2)
    sys.exit(ensure(sys.argv[1]))
