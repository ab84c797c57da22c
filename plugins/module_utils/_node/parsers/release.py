# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel release strings: which version, which vendor's backports."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

VERSION = re.compile(r'^(\d+)\.(\d+)(?:\.(\d+))?')
# Hints that select backports which the number hides: EL8's 4.18 has the tcp_tw_reuse default of 4.19.
VENDOR = re.compile(r'[.\-_](el\d+)(?=[._]|uek|$)|(uek)|(tlinux)|(amzn\d+)|(elrepo)|(generic)')
BANNER = re.compile(r'^Linux version (\S+)')
UNAME = re.compile(r'^Linux \S+ (\S+)')


def parse_release(release):
    """{'release', 'version': [major, minor, patch] or None, 'vendor': 'el7', 'uek', ... or None} of `uname -r`."""
    text = (release or '').strip()
    match = VERSION.match(text)
    version = [int(part or 0) for part in match.groups()] if match else None
    return {'release': text[:128] or None, 'version': version, 'vendor': _vendor(text)}


def _vendor(release):
    # UEK and elrepo kernels carry the distribution's ".elN" as well, but not its backports.
    found = [group for match in VENDOR.finditer(release) for group in match.groups() if group]
    for name in ('uek', 'elrepo', 'tlinux'):
        if name in found:
            return name
    return found[0] if found else None


def release_of_banner(text):
    """The release in /proc/version ("Linux version RELEASE (builder) ..."), or None."""
    match = BANNER.match(text)
    return match.group(1) if match else None


def release_of_uname(text):
    """The release in the output of `uname -a` ("Linux HOST RELEASE #1 SMP ..."), or None."""
    match = UNAME.match(text)
    return match.group(1) if match else None
