# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collector prints on this machine."""

from __future__ import annotations

import subprocess

from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture import remote

HEAD = b'nodetcp-paws-capture 1 abc\n'


def collected(shell: tuple[str, ...], *words: str) -> bytes:
    return subprocess.run([*shell, str(remote.SCRIPT), *words], stdout=subprocess.PIPE, check=False).stdout
