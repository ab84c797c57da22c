# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A look at a node by its shell, where no Python starts on it."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections.abc import Callable, Mapping

from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture import look as captured
from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture import remote
from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture.stream import CaptureError
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.values import Values


def look(execute: Callable[[str], Mapping[str, object]], arguments: Values) -> Values:
    """{'record', 'earlier', 'sample'}; execute(command) -> {'stdout': text, 'stderr': text}. Raises CaptureError."""
    done = execute(remote.command(arguments))
    try:
        return captured.look(str(done.get('stdout', '')).encode('utf-8', 'surrogateescape'), arguments)
    except CaptureError as error:
        said = ' '.join(str(done.get('stderr') or '').split())[:400]
        raise CaptureError('%s%s' % (error, '. It said: %s' % said if said else '')) from error
