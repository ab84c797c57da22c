# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""galaxy-importer on the tarball that users get: `python -m tests.ecosystem.importer`, a gate.

Galaxy accepts a collection with warnings; this gate does not. Runs galaxy-importer of the virtual environment whose
programs are first in PATH.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.ecosystem import packed

SETTINGS = Path(__file__).with_name('importer.cfg')
REMARKS = ('WARNING', 'ERROR')


def main() -> int:
    python = shutil.which('python')
    assert python is not None
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        tarball = packed.build(Path(python).parent, place)
        done = subprocess.run(
            [python, '-m', 'galaxy_importer.main', str(tarball)],
            cwd=place,  # it writes its result there
            env={**os.environ, 'HOME': name, 'GALAXY_IMPORTER_CONFIG': str(SETTINGS)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    lines = [line for line in done.stdout.splitlines() if not line.startswith('Loading')]
    sys.stdout.write('\n'.join(lines) + '\n')
    return 1 if done.returncode or any(line.startswith(REMARKS) for line in lines) else 0


if __name__ == '__main__':
    sys.exit(main())
