# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The udev rules of sysctl.d(5), for keys of modules that load after a boot has read the sysctl files.

A rule has systemd-sysctl read the files once more for the directory of a module's keys. Kernels from 5.12 on tell udev
of a module when its keys are there (commit 38dc717e9715). Older ones tell it a moment before, and the rule may be too
early for a module that takes long to start.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Refused, shown
from ..readers import modules
from .record import NOT_OURS

FILE = '/etc/udev/rules.d/99-zz-nodetcp-paws.rules'
PROGRAMS = ('/usr/lib/systemd/systemd-sysctl', '/lib/systemd/systemd-sysctl')
HEADER = b'# Written by nodetcp.paws: settings of modules that load late, see sysctl.d(5).\n'
RULE = u'ACTION=="add", SUBSYSTEM=="module", KERNEL=="%s", RUN+="%s --prefix=/%s"'
NO_PROGRAM = 'module_rules: no udev rule: this system has no systemd-sysctl, which it would run'


def program(tree):
    """The path of systemd-sysctl, None on a system without it."""
    return next((path for path in PROGRAMS if tree.exists(path)), None)


def lacking(tree, wanted):
    """[(rule, key, reason)] that the file does not have yet for the settings `wanted` [(key, value, reason)].

    One rule does for all keys of a directory.
    """
    runs, found = program(tree), []
    there = set((tree.read_bytes(FILE) or b'').splitlines())
    for key, _value, reason in sorted(wanted) if runs else ():
        module, prefix = modules.loadable(tree, key)
        rule = RULE % (module, runs, prefix)
        if module and rule.encode('utf-8') not in there:
            there.add(rule.encode('utf-8'))
            found.append((rule, key, reason))
    return found


def bring_in(work, wanted):
    """Adds what is lacking to a FilePlan. Raises Refused, Unreadable."""
    for rule, key, reason in lacking(work.overlay, wanted):
        path = shown(work.overlay.resolve(FILE))
        if path.startswith(NOT_OURS):
            raise Refused('module_rules: %s leads to %s, which is not written' % (FILE, path))
        data = work.overlay.read_bytes(path) or HEADER
        data += b'' if data.endswith(b'\n') else b'\n'
        work.overlay.files[path] = data + rule.encode('utf-8') + b'\n'
        work.note('persisted', key, path, data.count(b'\n') + 1, None, rule, reason, path)
