# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What /proc says of the kernel, of one process, and of the network namespace that a process lives in.

Everything follows a process from outside (/proc/PID/net, /proc/PID/cgroup); nothing is entered. `unavailable` collects
{path: reason} of what exists but cannot be used; what is merely not there is None.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Malformed, Unreadable, shown
from ..parsers import release
from ..parsers.natural import SECONDS_MAX, natural
from .tree import MIB

MODULES = ('/lib/modules', '/usr/lib/modules')
# The listening sockets come first in the file; 64 KiB hold more than 400 of them.
SOCKET_TABLE_HEAD = 65536


def parsed(tree, path, parse, unavailable, limit=MIB):
    """parse(text) of the file at path; None where it is absent, or unusable and then named in unavailable."""
    try:
        text = tree.read(path, limit)
        return None if text is None else parse(text)
    except (Unreadable, Malformed) as exc:
        unavailable[path] = getattr(exc, 'reason', None) or str(exc)
        return None


def read_kernel(tree, unavailable):
    """The kernel part of a live node's record; said.py has that of a capture."""
    found = (parsed(tree, '/proc/sys/kernel/osrelease', lambda text: text.strip(), unavailable)
             or parsed(tree, '/proc/version', release.release_of_banner, unavailable))
    if not found:
        unavailable['kernel'] = 'no release in proc/sys/kernel/osrelease or proc/version'
    return release.parse_release(found)


def installed_kernels(tree):
    """Releases of the kernels whose modules are there, the oldest first. Raises Unreadable."""
    names = set(shown(name) for place in MODULES for name in tree.listdir(place))
    versions = dict((name, release.parse_release(name)['version']) for name in names)
    return sorted((name for name in names if versions[name]), key=lambda name: (versions[name], name))


def read_uptime(tree, unavailable):
    """Seconds since boot of /proc/uptime, or None."""
    def parse(text):
        try:
            seconds = float(text.split()[0])
        except (IndexError, ValueError):
            seconds = None
        if seconds is None or not 0 <= seconds <= SECONDS_MAX:
            raise Malformed('no number of seconds')
        return seconds
    return parsed(tree, '/proc/uptime', parse, unavailable)


def read_hostname(tree, unavailable):
    """The node's name as the kernel has it, else that of its file, or None."""
    return (read_text(tree, '/proc/sys/kernel/hostname', unavailable)
            or read_text(tree, '/etc/hostname', unavailable))


def read_text(tree, path, unavailable):
    """The stripped text of a small file, or None."""
    return parsed(tree, path, lambda text: text.strip()[:256] or None, unavailable)


def cleaned(text):
    """A value as the kernel prints it, with runs of tabs and spaces as one space ("32768\\t60999" -> "32768 60999")."""
    return u' '.join(text.split())


def read_local(tree, net, unavailable):
    """The namespace's addresses without loopback and link-local ones, IPv4 first, or None where nothing is there."""
    from ..parsers import addresses  # as in read_listening()
    found = None
    for name, parse in (('fib_trie', addresses.parse_fib_trie), ('if_inet6', addresses.parse_if_inet6)):
        part = parsed(tree, '%s/%s' % (net, name), parse, unavailable)
        found = found if part is None else (found or []) + part
    return found


def read_listening(tree, net, unavailable):
    """["ADDRESS:PORT", ...] that listen, from the namespace's socket tables, or None where there are none to read."""
    from ..parsers import addresses  # a look with netlink, or at no addresses, does without
    found = None
    for name in ('tcp', 'tcp6'):
        path = '%s/%s' % (net, name)
        try:
            head = tree.read_head(path, SOCKET_TABLE_HEAD)
            if head is not None:
                found = (found or []) + addresses.parse_listening(head)
        except (Unreadable, Malformed) as exc:
            unavailable[path] = getattr(exc, 'reason', None) or str(exc)
    return found


def start_time(tree, pid):
    """Ticks after boot at which the process started: field 22 of /proc/PID/stat (proc(5)), or None."""
    try:
        text = tree.read('/proc/%s/stat' % pid) or ''
    except Unreadable:
        return None
    fields = text.rpartition(')')[2].split()  # the command name may hold spaces and brackets
    return natural(''.join(fields[19:20]))
