# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text files that are there as a whole or not at all."""

import os
import tempfile


def replace(path: str, text: str) -> str:
    """Write beside the file, then rename: a reader sees the old one or the new one, never half of it.

    Nobody can foresee the name beside it, and plant a link there. Raises OSError.
    """
    descriptor, temporary = tempfile.mkstemp(prefix='.%s.' % os.path.basename(path), dir=os.path.dirname(path))
    try:
        with os.fdopen(descriptor, 'w', encoding='utf-8', newline='') as handle:
            handle.write(text)
            os.fchmod(handle.fileno(), 0o666 & ~_umask())
        os.rename(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return path


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
