# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a record comes from: the running system of a node, or a tree of files. Pure."""

from collections.abc import Mapping

BY_SHELL = 'shell'  # the collector of a node on which no Python starts


def is_captured(source: Mapping[str, object]) -> bool:
    """Whether the `source` of a record speaks of a tree of files, which the shell of a node may have collected too."""
    collector = source.get('collector')
    return collector == 'capture' or (collector == 'shell' and source.get('root') != '/')
