# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that a script names in a way that the collector does not follow: it cannot say whether they are there. Pure."""

import re
from collections.abc import Iterable, Iterator

MISSED_MAX = 200
#: What no boot finds: the kernel's own files, and directories that are empty then.
_NOT_KEPT = re.compile(r'/(?:proc|sys|dev|run|var/run|var/lock|tmp)/')
#: What may be a path or a piece of one: tools/collector/82-patterns.sh takes those with one of _SIGNS.
_TOKEN = re.compile(rb'=?["\']?[A-Za-z0-9_.+@:*?/-]+')
_SIGNS = frozenset('=./*?')
#: Files that the collector takes for no scripts: what they name is not looked for beside them.
_NO_SCRIPTS = ('.rules', '.conf')


def not_looked_for(missed: Iterable[str], texts: Iterable[tuple[str, bytes]]) -> list[str]:
    """Those of the paths that scripts asked for in vain, and that no script names whole or from a directory.

    missed: paths and patterns; texts: the path and the content of each file of the capture. At most MISSED_MAX.
    """
    asked = sorted(path for path in missed if path.startswith('/') and not _NOT_KEPT.match(path))[:MISSED_MAX]
    if not asked:
        return []
    wanted = {part for path in asked for pair in _pairs(path) for part in pair}
    named, homes = set[str](), set[str]()
    for path, text in texts:
        if not path.endswith(_NO_SCRIPTS):
            homes.add(path.rpartition('/')[0])
        for token in _TOKEN.finditer(text):
            named.update(wanted.intersection(_meant(token.group().decode('ascii'))))
    homes |= named
    return [path for path in asked if not any(home in homes and rest in named for home, rest in _pairs(path))]


def _pairs(path: str) -> Iterator[tuple[str, str]]:
    """(directory, what is named in it), the whole path in the root directory last."""
    at = path.rfind('/')
    while at > 0:
        yield path[:at], path[at + 1 :]
        at = path.rfind('/', 0, at)
    yield '', path


def _meant(token: str) -> tuple[str, ...]:
    """The paths that a piece of a script may stand for."""
    if _SIGNS.isdisjoint(token):
        return ('',)
    piece = token.lstrip('="\'').rstrip('/')
    return piece, piece.lstrip('/'), piece.partition('/')[2] if piece[:1] != '/' else '', ''
