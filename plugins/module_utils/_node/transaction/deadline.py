# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a part waits for its confirmation, and what of that is left to see: arming.py is what acts on it."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time

from ..readers import procfs
from .places import boot_id


def deadline(tree, timeout, now):
    """When the part is undone unless confirmed: by the clock since boot, which nobody sets."""
    uptime = procfs.read_uptime(tree, {})
    return {'timeout': timeout, 'until': now + timeout, 'boot_id': boot_id(tree),
            'until_uptime': None if uptime is None else uptime + timeout}


def expired(part, uptime, boot):
    confirm = part.record['confirm']
    if confirm['boot_id'] != boot:
        return True
    if uptime is None or confirm['until_uptime'] is None:
        return time.time() >= confirm['until']
    return uptime >= confirm['until_uptime']


def has_hooks(tree, part):
    """Whether something of the boot hook is still there."""
    return any(item.get('hook') and item['kind'] == 'file' and tree.lstat(item['path']) is not None
               for item in part.record['items'])
