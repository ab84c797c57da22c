# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a capture tells of its node's kernel, uptime and name: proc/ first, then what commands said.

Their output lies beside proc/ in files named as the command. The functions are those of procfs.py for a live node.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Unreadable
from ..parsers import release, sysctl_listing, uptime
from . import procfs
from .procfs import parsed
from .sysctls import LISTING, LISTING_MAX


def read_kernel(tree, unavailable):
    """The kernel part of a record.

    An image tells of no running kernel: of those that are installed in it the oldest counts, which has the most faults.
    """
    found = (parsed(tree, '/proc/sys/kernel/osrelease', lambda text: text.strip(), unavailable)
             or _listed(tree, 'kernel.osrelease', unavailable)
             or parsed(tree, '/proc/version', release.release_of_banner, unavailable)
             or parsed(tree, '/uname_-a', release.release_of_uname, unavailable)
             or _oldest(tree, unavailable))
    if not found:
        unavailable['kernel'] = ('no release in proc/sys/kernel/osrelease, proc/version, sysctl_-a, uname_-a '
                                 'or lib/modules')
    return release.parse_release(found)


def read_uptime(tree, unavailable):
    """Seconds since boot, or None; `uptime` tells minutes."""
    seconds = procfs.read_uptime(tree, unavailable)
    return parsed(tree, '/uptime', uptime.parse_uptime, unavailable) if seconds is None else seconds


def read_hostname(tree, unavailable):
    """The node's name, or None; that of its file may be a template's."""
    return (procfs.read_text(tree, '/proc/sys/kernel/hostname', unavailable)
            or procfs.read_text(tree, '/hostname', unavailable)
            or _listed(tree, 'kernel.hostname', unavailable)
            or procfs.read_text(tree, '/etc/hostname', unavailable))


def _listed(tree, key, unavailable):
    """A key's value in the output of `sysctl -a`, or None."""
    return parsed(tree, '/' + LISTING, lambda text: sysctl_listing.listed(text, key), unavailable, LISTING_MAX)


def _oldest(tree, unavailable):
    try:
        return (procfs.installed_kernels(tree) or [None])[0]
    except Unreadable as exc:
        unavailable[procfs.MODULES[0]] = exc.reason
        return None
