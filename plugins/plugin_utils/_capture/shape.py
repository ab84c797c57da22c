# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree that a capture describes, in memory: what lies where, by paths in which no part is a link. Pure.

Paths and the targets of links come from a node, which may send anything: they are resolved here, within the tree, and
no part of them is ever given to the kernel before that.
"""

import dataclasses

from .._messages.message import MessageError, message

ENTRIES_MAX = 100000
TOTAL_MAX = 32 * 1024 * 1024
PATH_MAX, NAME_MAX, DEPTH_MAX = 4096, 255, 64
LINKS_MAX = 40
DIRECTORY, LINK, FILE = 'directory', 'link', 'file'


class TooMuch(MessageError):
    """The tree has more in it than a node has to say."""


@dataclasses.dataclass
class Entry:
    """One place: kind; target of a link; content of a file, None while nobody told it; size; whether it runs."""

    kind: str
    target: str = ''
    content: bytes | None = None
    size: int = 0
    runs: bool = False


class Shape:
    """{path: Entry}. Paths begin with a slash; the root is not among them."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.total = 0

    def add(self, path: str, entry: Entry) -> None:
        """Puts an entry where its path leads; the last part is not followed. An invalid path is ignored.

        The first entry of a path stays; content is added to a file that has none. Raises TooMuch.
        """
        place = self.resolve(path, last=entry.kind != LINK)
        if place is None or place == '/':
            return
        known = self.entries.get(place)
        if known is None:
            if len(self.entries) >= ENTRIES_MAX:
                raise TooMuch(message('capture/many-files', most=ENTRIES_MAX))
            known = self.entries[place] = Entry(entry.kind, entry.target, None, entry.size, entry.runs)
        known.runs = known.runs or entry.runs
        if known.kind == FILE and known.content is None and entry.content is not None:
            self._count(len(entry.content))
            known.content = entry.content

    def _count(self, size: int) -> None:
        self.total += size
        if self.total > TOTAL_MAX:
            raise TooMuch(message('capture/many-bytes', most=TOTAL_MAX >> 20))

    def resolve(self, path: str, last: bool = True) -> str | None:
        """The path without links, `.` and `..`, as far as the tree knows; None for an invalid path or a loop."""
        if not usable(path):
            return None
        todo, done, links = path.split('/')[::-1], '', 0
        while todo:
            part = todo.pop()
            if part == '..':
                done = done.rpartition('/')[0]
            if part in ('', '.', '..'):
                continue
            done += '/' + part
            entry = self.entries.get(done)
            if entry is None or entry.kind != LINK or (not last and not any(todo)):
                continue
            links += 1
            if links > LINKS_MAX or len(todo) > PATH_MAX:
                return None
            done = '' if entry.target.startswith('/') else done.rpartition('/')[0]
            todo.extend(entry.target.split('/')[::-1])
        return done or '/' if usable(done or '/') else None

    def whole(self) -> list[tuple[str, Entry]]:
        """All entries, directories before what is in them, without entries below anything but a directory."""
        found: dict[str, Entry] = {}
        for path in sorted(self.entries):
            if self._lead_there(path, found):
                found[path] = self.entries[path]
        return sorted(found.items())

    @staticmethod
    def _lead_there(path: str, found: dict[str, Entry]) -> bool:
        """Makes the directories above a path; False where something else is there."""
        above, at = [], path.rfind('/')
        while at > 0:
            above.append(path[:at])
            at = path.rfind('/', 0, at)
        return all(found.setdefault(directory, Entry(DIRECTORY)).kind == DIRECTORY for directory in reversed(above))


def usable(path: str) -> bool:
    """Whether a text can be the path of a file."""
    if not path.startswith('/') or len(path) > PATH_MAX or '\0' in path:
        return False
    parts = path.split('/')
    return len(parts) <= DEPTH_MAX and all(len(part.encode('utf-8', 'surrogateescape')) <= NAME_MAX for part in parts)
