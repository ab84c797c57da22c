# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the parts of a capture tell: a tree of files, and what only the collector itself could see. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator

from .._messages.message import message
from .shape import DIRECTORY, ENTRIES_MAX, FILE, LINK, Entry, Shape
from .stream import CaptureError, Part

# A line of `ls -ln`, with the inode before it or not: kind and mode, links, user, group, size or numbers of a device,
# date as coreutils and busybox have it or toybox, name.
_LISTED = re.compile(
    r'\s*(?:(\d+)\s+)?([-dlbcps])([-rwxsStT]{9})[.+@]?\s+\d+\s+\d+\s+\d+\s+(?:\d+,\s*\d+|(\d+))\s+'
    r'(?:\w{3}\s+\d{1,2}\s+[\d:]{4,5}|\d{4}-\d\d-\d\d\s+[\d:]{5,8})\s(.*)',
    re.DOTALL,
)
_NUMBER = re.compile(r'[0-9]{1,15}')
_PLACE = re.compile(r'(?:/namespaces/[0-9]{1,15})?/')
NSFS_FROM = 0xF0000000  # PROC_DYNAMIC_FIRST of the kernel: inodes of namespaces
DENIED, DENIED_MAX = 'permission denied', 1000
COUNTED = frozenset(('uid', 'processes', 'unseen', 'date'))


class Told:
    """shape: the tree; node: {name: number} of what the collector counted; denied: paths that could not be read;
    closed: how many namespaces could not be entered, of how many;
    unfollowed: how many paths the scripts put together, where these were too many to look for."""

    def __init__(self, root: str) -> None:
        self.shape, self.node, self.denied = Shape(), dict[str, int](), list[str]()
        self.closed, self.asked, self.unfollowed = 0, 0, 0
        self._keys = list[str]()
        self._root = root.rstrip('/')

    def take_all(self, parts: Iterable[Part]) -> None:
        """Adds what the parts tell: first where links are, for what lies behind a link is told by its path."""
        for part in sorted(parts, key=lambda part: part.kind != 'list'):
            _TELL[part.kind](self, part)
        for path in self._keys:
            if self.shape.resolve(path) not in self.shape.entries:
                self.shape.add(path, Entry(DIRECTORY))  # a file that cannot be read either
                self.denied.append(path)

    def links(self, part: Part) -> None:
        for line in _lines(part.body):
            inode, _blank, pid = line.partition(' ')
            if _NUMBER.fullmatch(inode) and _NUMBER.fullmatch(pid):
                self._file('/proc/%s/ns/net' % pid, b'net:[%s]' % inode.encode())

    def count(self, part: Part) -> None:
        for line in _lines(part.body):
            name, _blank, number = line.partition(' ')
            if name in COUNTED and _NUMBER.fullmatch(number):
                self.node[name] = int(number)

    def named(self, part: Part) -> None:
        for line in _lines(part.body):
            found = _LISTED.fullmatch(line)
            if found and found.group(1) and found.group(4) == '0' and int(found.group(1)) >= NSFS_FROM:
                name = found.group(5).rpartition('/')[2]
                self._file('/namespaces/%s/name' % found.group(1), name.encode('utf-8', 'surrogateescape'))

    def values(self, part: Part) -> None:
        """Keys of sysctls that are there, and values where the files are those of another namespace."""
        place = _PLACE.fullmatch(part.argument.rstrip('/') + '/')
        if not place:
            return
        home = part.argument.rstrip('/')
        self.asked += bool(home)
        for line in _lines(part.body):
            path, colon, value = line.partition(':')
            if colon and path.startswith('/proc/sys/'):
                self._file(home + path, value.encode('utf-8', 'surrogateescape') + b'\n')
            elif line and len(self._keys) < DENIED_MAX:
                self._keys.append('%s/proc/sys/%s' % (home, line))

    def shut(self, _part: Part) -> None:
        self.closed += 1

    def leave(self, part: Part) -> None:
        self.unfollowed = int(part.argument) if _NUMBER.fullmatch(part.argument) else 0

    def file(self, part: Part) -> None:
        if part.body or not part.argument.endswith('/ip_tcp_metrics_show'):
            self._file(part.argument, part.body)

    def lines(self, part: Part) -> None:
        """What grep printed: each line behind the name of its file. part.argument: a directory above them all."""
        contents: dict[str, bytearray] = {}
        for line in _pieces(part.body):
            name, colon, text = line.partition(b':')
            if colon and name[:1] == b'/':
                found = contents.setdefault(self._inside(name.decode('utf-8', 'surrogateescape')), bytearray())
                found += text + b'\n'
                if len(contents) > ENTRIES_MAX:
                    raise CaptureError(message('capture/many-files', most=ENTRIES_MAX))
        for path, found in contents.items():
            self._file(part.argument + path, bytes(found))

    def list(self, part: Part) -> None:
        for line in _lines(part.body):
            self._listed(line, '')

    def tree(self, part: Part) -> None:
        directory = '/'
        for line in _lines(part.body):
            if line.startswith('/') and line.endswith(':'):
                directory = self._inside(line[:-1].rstrip('/')).rstrip('/') + '/'
                self.shape.add(directory, Entry(DIRECTORY))
            else:
                self._listed(line, directory)

    def refused(self, part: Part) -> None:
        raise CaptureError(part.body.decode('utf-8', 'replace').strip()[:200])

    def deny(self, part: Part) -> None:
        for path in _lines(part.body):
            if path.startswith('/') and len(self.denied) < DENIED_MAX:
                self.denied.append(path)

    def _listed(self, line: str, directory: str) -> None:
        found = _LISTED.fullmatch(line)
        if not found:
            return
        _inode, kind, mode, size, name = found.groups()
        name, _arrow, target = name.partition(' -> ') if kind == 'l' else (name, '', '')
        if kind == 'l' and target:
            self.shape.add(directory + name, Entry(LINK, target))
        elif kind == 'd':
            self.shape.add(directory + name, Entry(DIRECTORY))
        elif kind == '-':
            runs = any(mode[place] in 'xst' for place in (2, 5, 8))
            self.shape.add(directory + name, Entry(FILE, size=int((size or '0')[:15]), runs=runs))

    def _file(self, path: str, content: bytes) -> None:
        self.shape.add(path, Entry(FILE, content=content, size=len(content)))

    def _inside(self, path: str) -> str:
        """A path as it is in the tree that was looked at."""
        if not self._root:
            return path
        return path[len(self._root) :] or '/' if (path + '/').startswith(self._root + '/') else ''


_TELL: dict[str, Callable[[Told, Part], None]] = {
    'links': Told.links,
    'node': Told.count,
    'named': Told.named,
    'values': Told.values,
    'closed': Told.shut,
    'file': Told.file,
    'lines': Told.lines,
    'list': Told.list,
    'real': Told.list,
    'tree': Told.tree,
    'refused': Told.refused,
    'denied': Told.deny,
    'unfollowed': Told.leave,
}


def _pieces(body: bytes) -> Iterator[bytes]:
    """The lines of a body one by one: millions of short ones would take much more room than the body does."""
    start = 0
    while start < len(body):
        end = body.find(b'\n', start)
        end = len(body) if end < 0 else end
        yield body[start:end]
        start = end + 1


def _lines(body: bytes) -> Iterator[str]:
    return (line.decode('utf-8', 'surrogateescape') for line in _pieces(body))
