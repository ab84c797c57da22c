# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the offline collector: the node program and all it imports in one file that any Python from 2.6 on runs."""

import base64
import json
import pathlib
import sys
import zipfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / 'playbooks' / 'collections'))

from ansible_collections.nodetcp.paws.plugins.plugin_utils import _version  # noqa: E402
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport import payload  # noqa: E402

MAIN = 'from %s.%s import collect\ncollect.run_here(%r)\n' % (payload.PACKAGE, payload.OPERATIONS, _version.VERSION)
# A zip file's times would make each build differ.
STAMP = (1980, 1, 1, 0, 0, 0)


def build(target: pathlib.Path) -> None:
    """Writes the collector to target: the same bytes from the same sources."""
    sources = {
        name: module
        for operation in ('collect', 'writers')  # the latter: what parses travels apart from the rest of a look
        for name, module in json.loads(zlib.decompress(base64.b64decode(payload.payload(operation)))).items()
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, (package, text) in sorted(sources.items()):
            path = name.replace('.', '/') + ('/__init__.py' if package else '.py')
            archive.writestr(zipfile.ZipInfo(path, STAMP), text, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo('__main__.py', STAMP), MAIN, zipfile.ZIP_DEFLATED)


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit('usage: build_node_pyz.py TARGET')
    build(pathlib.Path(sys.argv[1]))
    print('%s: run it on a node as  python node.pyz > HOST.json' % sys.argv[1])
