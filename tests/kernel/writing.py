# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Raw writes to sysctls of a network namespace of their own: run by `unshare -n` with JSON on standard input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence


def written(asked: Sequence[tuple[str, bytes, bytes]]) -> list[tuple[bool, str]]:
    """(whether the kernel took the write, the value afterwards) of each (key, value before, text), one after the other.

    Raises OSError or subprocess.CalledProcessError where no network namespace can be made.
    """
    lines = json.dumps([[key, before.hex(), text.hex()] for key, before, text in asked])
    command = ['unshare', '-n', sys.executable, '-S', __file__]
    done = subprocess.run(command, input=lines, stdout=subprocess.PIPE, text=True, check=True)
    return [tuple(pair) for pair in json.loads(done.stdout)]


def _write(path: str, text: bytes) -> bool:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _main() -> None:
    found = []
    for key, before, text in json.load(sys.stdin):
        path = '/proc/sys/' + key.replace('.', '/')
        assert _write(path, bytes.fromhex(before)), (key, before)
        taken = _write(path, bytes.fromhex(text))
        with open(path, encoding='ascii') as handle:
            found.append([taken, ' '.join(handle.read().split())])
    json.dump(found, sys.stdout)


if __name__ == '__main__':
    _main()
