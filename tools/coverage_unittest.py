# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run unittest under coverage with all children: python coverage_unittest.py REPORT.json SCRATCH TESTS SOURCE...

Runs on Python 2.7 (coverage 5.5) and 3. The tests fork children that leave by os._exit, exec or SIGKILL, some of them
in another root directory, where no file of coverage's could be opened. So a child appends what it has seen, in one
write, to the file SCRATCH that was open before the fork. What a program sees that a child became is not counted.
"""

from __future__ import absolute_import, division, print_function

import fcntl
import os
import resource
import signal
import struct
import sys
import unittest

import coverage

__metaclass__ = type

LENGTH = struct.Struct('!Q')
# The node program closes all descriptors below 4096 in a process that shall outlive it.
HIGH_DESCRIPTOR = 4097


class Children:
    """Records of forked children in a file that is open from the start."""

    def __init__(self, measuring, path):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY and soft <= HIGH_DESCRIPTOR:
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, HIGH_DESCRIPTOR + 1), hard))
        self.measuring, self.path, self.parent = measuring, path, os.getpid()
        opened = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_APPEND, 0o600)
        self.out = fcntl.fcntl(opened, fcntl.F_DUPFD, HIGH_DESCRIPTOR)
        fcntl.fcntl(self.out, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
        os.close(opened)

    def watch(self):
        """Every way on which a child of these tests ends: os._exit, exec, and SIGKILL to itself."""
        for name in ('_exit', 'execv', 'execve', 'execvp', 'execvpe'):
            setattr(os, name, self._after_note(getattr(os, name)))
        kill = os.kill

        def noting_kill(pid, number):
            if pid == os.getpid() and number == signal.SIGKILL:
                self.note()
            return kill(pid, number)

        os.kill = noting_kill

    def note(self):
        """Append what this process has seen; a second note of the same is no harm."""
        try:
            text = self.measuring.get_data().dumps()
            os.write(self.out, LENGTH.pack(len(text)) + text)
        except BaseException as exc:
            os.write(2, ('coverage of a child is lost: %r\n' % exc).encode('ascii', 'replace'))

    def gather(self, data):
        """Add the notes of all children to `data`. Their number."""
        count, seen = 0, set()
        with open(self.path, 'rb') as notes:
            while True:
                head = notes.read(LENGTH.size)
                if not head:
                    return count
                text = notes.read(LENGTH.unpack(head)[0])
                count += 1
                if text not in seen:
                    seen.add(text)
                    other = coverage.CoverageData(no_disk=True)
                    other.loads(text)
                    # In coverage 5.5 CoverageData.update() empties one that has no file.
                    data.add_arcs({name: other.arcs(name) for name in other.measured_files()})

    def _after_note(self, function):
        def noting(*arguments):
            self.note()
            return function(*arguments)

        return noting


def main(report, scratch, tests, *sources):
    """0 where all tests pass."""
    measuring = coverage.Coverage(data_file=None, branch=True, source=list(sources), config_file=False)
    children = Children(measuring, scratch)
    measuring.get_data().dumps()  # imports what it needs while this root directory has it
    children.watch()
    measuring.start()
    ran = unittest.main(None, argv=['unittest', 'discover', '-s', tests], exit=False).result
    measuring.stop()
    print('%d tests, %d notes of children' % (ran.testsRun, children.gather(measuring.get_data())))
    measuring.json_report(outfile=report)
    return 0 if ran.wasSuccessful() and ran.testsRun else 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
