# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python interpreters of this machine: real binaries, never the shims of a version manager.

Runs on any Python 3, before there is a virtual environment. As a program it prints one "VERSION PATH" a line.
"""

import glob
import os
import pwd
import re
import subprocess
import sys

NAME = re.compile(r'^(python([23](\.[0-9]+)?)?|platform-python)$')
PROBE = 'import sys; print("%d.%d.%d" % sys.version_info[:3]); print(sys.executable)'
PROBE_SECONDS = 20


class Python(object):
    """One interpreter: `version` (3, 11, 7), `path` its real binary."""

    def __init__(self, version, path):
        self.version = version
        self.path = path

    @property
    def name(self):
        return '.'.join(str(part) for part in self.version)

    def runs(self, code):
        """True when the interpreter runs this code without an error."""
        return subprocess.call([self.path, '-c', code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def find():
    """Every interpreter once, [Python], oldest first."""
    found = {}
    for candidate in _candidates():
        python = _probe(candidate)
        if python is not None:
            found.setdefault(python.path, python)
    return sorted(found.values(), key=lambda python: (python.version, python.path))


def preferred(lowest, highest, first='python3'):
    """[Python] from `lowest` to `highest` ((3, 10), inclusive) in the order to try: the user's `first`, then newest."""
    suitable = [python for python in find() if lowest <= python.version[:2] <= highest]
    own = _probe(first)
    own_path = own.path if own is not None else None
    suitable.reverse()
    return sorted(suitable, key=lambda python: python.path != own_path)


def _candidates():
    """Paths in the order of the search; real directories of a version manager come from its root, not from PATH."""
    for directory in _directories():
        try:
            names = os.listdir(directory)
        except OSError:
            continue
        for name in sorted(names):
            if NAME.match(name):
                yield os.path.join(directory, name)


def _directories():
    path = [entry for entry in os.environ.get('PATH', '').split(os.pathsep) if entry]
    roots = [os.environ.get('PYENV_ROOT'), os.path.expanduser('~/.pyenv'), _home('.pyenv')]
    roots += [os.path.dirname(entry) for entry in path if os.path.basename(entry) == 'shims']
    seen = [entry for entry in path if os.path.basename(entry.rstrip('/')) != 'shims']
    seen += ['/usr/bin', '/usr/local/bin', '/usr/libexec']
    seen += sorted(glob.glob('/opt/python*/bin') + glob.glob('/opt/python*/*/bin'))
    for root in roots:
        if root:
            seen += sorted(glob.glob(os.path.join(root, 'versions', '*', 'bin')))
    return list(dict.fromkeys(seen))


def _home(name):
    """A path below the home directory that the system knows, which HOME may hide."""
    try:
        return os.path.join(pwd.getpwuid(os.getuid()).pw_dir, name)
    except KeyError:
        return None


def _probe(candidate):
    """The Python that this name starts, or None when it does not start."""
    try:
        output = subprocess.check_output([candidate, '-c', PROBE], stderr=subprocess.DEVNULL, timeout=PROBE_SECONDS)
        version, path = output.decode().split('\n')[:2]
        return Python(tuple(int(part) for part in version.split('.')), os.path.realpath(path))
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


if __name__ == '__main__':
    for entry in find():
        sys.stdout.write('%s %s\n' % (entry.name, entry.path))
