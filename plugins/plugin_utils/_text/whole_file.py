# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text files that are there as a whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterable


def replace(path: str, text: str) -> str:
    """replace_all() of one file, and its path."""
    return replace_all([(path, [text])])[0]


def replace_all(files: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """Write all texts beside their files, then rename: a reader sees an old file or a new one, never half of it.

    files: paths, and the parts of each text, asked for one after the other as they are written. On a full disk all
    files stay as they are. Returns the paths. Raises OSError.
    """
    with contextlib.ExitStack() as stack:
        written = [(_beside(path, parts, stack), path) for path, parts in files]
        for temporary, path in written:
            os.rename(temporary, path)
    return [path for _temporary, path in written]


def _beside(path: str, parts: Iterable[str], stack: contextlib.ExitStack) -> str:
    """Nobody can foresee the name, and plant a link there; what the file is not renamed to goes with the stack."""
    descriptor, temporary = tempfile.mkstemp(prefix='.%s.' % os.path.basename(path), dir=os.path.dirname(path))
    stack.callback(_drop, temporary)
    with os.fdopen(descriptor, 'w', encoding='utf-8', newline='') as handle:
        handle.writelines(parts)
        os.fchmod(handle.fileno(), 0o666 & ~_umask())
    return temporary


def _drop(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
