# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounded access to the files in which writers of sysctls live, and the quick look that spares parsing most of them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import stat

from ..errors import Unreadable, shown

MAX_FILES = 3000
MAX_BYTES = 262144  # per file
MAX_TOTAL = 33554432
MAX_NAMES = 2000  # per directory
HEAD = 4096
MAX_CHAIN = 4  # scripts that run scripts
# What editors and package managers leave behind; run-parts, cron, NetworkManager and ifupdown pass over them.
LEFT_BEHIND = ('~', '.rpmsave', '.rpmorig', '.rpmnew', '.swp', ',v', '.cfsaved', '.dpkg-old', '.dpkg-new', '.dpkg-dist',
               '.dpkg-bak', '.dpkg-tmp', '.ucf-dist', '.ucf-old', '.orig')
PROGRAM_PLACES = ('/etc/init.d', '/etc/cron.daily', '/etc/NetworkManager/dispatcher.d', '/etc/network/if-up.d', '/etc',
                  '/etc/rc.d', '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/bin', '/sbin', '/opt')
# In a line about sysctls: settings come from elsewhere or go to its files, or the name of a key is made up of parts.
LOADS = (b'-p', b'--l', b'--s', b'-f', b'p -', b'start', b'reload', b'd-sysctl', b'$', b'etc/sysctl')


class Files(object):
    """data(path) gives bytes, read once; b'' for what is not there, is empty, too large or cannot be read.

    unavailable: {path: reason}, filled with what could not be read; left_out: files beyond MAX_FILES or MAX_TOTAL.
    """

    def __init__(self, tree, keys, unavailable):
        self.tree, self.unavailable = tree, unavailable
        self.leaves = [leaf.encode('utf-8') for leaf in sorted(set(
            key.rpartition('.')[2].replace('/', '.') for key in keys))]
        self.known, self.listed, self.followed, self.stats = {}, {}, {}, {}
        self.total, self.left_out, self._modes = 0, 0, None

    def stat(self, path):
        """os.stat_result of what a path leads to, or None."""
        if path not in self.stats:
            self.stats[path] = None
            try:
                self.stats[path] = self.tree.stat(path)
            except Unreadable as exc:
                self.unavailable[shown(path)] = exc.reason
        return self.stats[path]

    def data(self, path, text_alone=False):
        """text_alone: a file that begins like a program in machine code is not read."""
        if path in self.known:
            return self.known[path]
        data, found = b'', self.stat(path)
        if found is not None and not stat.S_ISDIR(found.st_mode):
            if len(self.known) >= MAX_FILES or self.total > MAX_TOTAL:
                self.left_out += 1
                return b''
            try:
                data = self._read(path, found, text_alone)
                self.total += len(data)
            except Unreadable as exc:
                if not exc.reason.startswith('is a '):  # a mask hides nothing
                    self.unavailable[shown(path)] = exc.reason
        self.known[path] = data
        return data

    def _read(self, path, found, text_alone):
        """As tree.read_bytes(), with fewer questions to the kernel: hundreds of files are read on each node."""
        if not stat.S_ISREG(found.st_mode) or (found.st_size > MAX_BYTES and not text_alone):
            return self.tree.read_bytes(path, MAX_BYTES) or b''
        system = self.tree.system
        try:
            descriptor = system.open(self.tree.real(path), os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
            try:
                head = system.read(descriptor, HEAD if text_alone else found.st_size + HEAD)
                if not text_alone or b'\0' in head or found.st_size > MAX_BYTES:
                    return head if not text_alone else b''
                return head + system.read(descriptor, found.st_size)
            finally:
                system.close(descriptor)
        except (IOError, OSError):
            return self.tree.read_bytes(path, MAX_BYTES) or b''

    def identity(self, path):
        """(device, inode) of the file that `path` leads to, or None."""
        found = self.stat(path)
        return found and (found.st_dev, found.st_ino)

    def names(self, directory):
        """The sorted names in a directory."""
        if directory not in self.listed:
            try:
                names = self.tree.listdir(directory)
            except Unreadable as exc:
                names = []
                self.unavailable[shown(directory)] = exc.reason
            if len(names) > MAX_NAMES:
                left = len(names) - MAX_NAMES
                self.unavailable[shown(directory)] = '%d of %d names not looked at' % (left, len(names))
            self.listed[directory] = names[:MAX_NAMES]
        return self.listed[directory]

    def paths(self, pattern):
        """The paths that a pattern of the table stands for, sorted.

        `*` in a part stands for anything but what is left behind or hidden, `%` for names that Debian's run-parts
        takes, `+` for these on Debian and for anything elsewhere.
        """
        found = ['']
        for part in pattern.split('/')[1:]:
            mark = '*' if '*' in part else '%' if '%' in part else '+' if '+' in part else ''
            if not mark:
                found = [path + '/' + part for path in found]
                continue
            first, _mark, last = part.partition(mark)
            found = [path + '/' + name for path in found for name in self.names(path or '/')
                     if name.startswith(first) and name.endswith(last) and len(name) >= len(part) - 1
                     and taken(name, mark == '%' or (mark == '+' and self.debian))]
        return found

    def merged(self, directories, ending):
        """[(name, path)] of a configuration in several directories, of which the first that has a name counts."""
        found = {}
        for directory in directories:
            for name in self.names(directory):
                if name.endswith(ending) and name not in found:
                    found[name] = directory + '/' + name
        return sorted(found.items())

    def link(self, path):
        """The target of a link as it is written, or None."""
        try:
            return self.tree.readlink(path)
        except Unreadable:
            return None

    def exists(self, path):
        return self.identity(path) is not None

    def executable(self, path):
        """Whether a program may be started; a captured tree may have lost the modes of its files."""
        return self._executable(path) or not self.modes

    def _executable(self, path):
        found = self.stat(path)
        return found is not None and stat.S_ISREG(found.st_mode) and found.st_mode & 0o111 != 0

    @property
    def modes(self):
        """Whether what is not executable is not run: systemd has booted the node (sd_booted(3)), or some program in
        the captured tree is executable, so it has the modes of its node.
        """
        if self._modes is None:
            programs = ('%s/%s' % (place, name) for place in PROGRAM_PLACES for name in self.names(place)[:50])
            self._modes = (self.exists('/run/systemd/system') if self.tree.root == '/'
                           else any(self._executable(path) for path in programs))
        return self._modes

    @property
    def debian(self):
        return self.exists('/etc/debian_version')

    def marked(self, data):
        """Whether a text may set one of the keys: it names one, or loads files, and speaks of sysctls at all."""
        if b'sysctl' not in data and b'proc/sys' not in data and b'procps' not in data:
            return False
        return self.names_key(data) or _loads(data)

    def names_key(self, data):
        return any(leaf in data for leaf in self.leaves)

    def script(self, path, chain=0):
        """The bytes of a script that may set one of the keys or runs one that may, b'' for anything else."""
        if path not in self.followed:
            self.followed[path] = b''  # a script that runs itself
            data = self.data(path, text_alone=True)
            if b'\0' not in data[:HEAD] and (self.marked(data) or self.runs(data, chain + 1)):
                self.followed[path] = data
        return self.followed[path]

    def runs(self, data, chain=0):
        """Whether a text names a script that may set one of the keys."""
        if chain > MAX_CHAIN or b'/' not in data:
            return False
        words = set(data.replace(b'=', b' ').replace(b';', b' ').split())
        for word in [each.strip(b'"\'`()&|;-@+!:') for each in words if b'/' in each]:
            if word[:1] == b'/' != word[-1:] and word[1:5] not in (b'dev/', b'proc', b'sys/') and b'\0' not in word:
                path = word if bytes is str else word.decode('utf-8', 'surrogateescape')
                if self.script(os.path.normpath(path), chain):
                    return True
        return False


def _loads(data):
    for line in data.lower().split(b'\n'):
        named = b'sysctl' in line or b'procps' in line or b'proc/sys/net' in line
        if (named and any(mark in line for mark in LOADS)) or b'proc/sys/$' in line:
            return True
    return False


def taken(name, run_parts):
    """Whether a program that runs what is in a directory takes a name: run-parts(8) of Debian, or any other."""
    if run_parts:
        return name.replace('-', 'a').replace('_', 'a').isalnum()
    return not name.startswith(('.', '#')) and not name.endswith(LEFT_BEHIND)
