# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where sysctl files are: sysctl.d(5)."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DIRECTORIES = ('/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d')
LAST = '/etc/sysctl.conf'
OF_KERNEL = '/boot/sysctl.conf-%s'  # SUSE: a file of the kernel package, before all others
MAX_FILES = 512  # per directory
SIGNS_OF_SYSTEMD = (
    '/run/systemd/system', '/usr/lib/systemd/systemd', '/lib/systemd/systemd', '/etc/systemd/system.conf')
