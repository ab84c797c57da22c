# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""dockerd switches net.ipv4.ip_forward on when it starts, unless it is told not to: dockerd(8), --ip-forward.

Moby 20.10 libnetwork/drivers/bridge/setup_ip_forwarding.go. Many nodes run it, so nothing of a shell is needed here.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import shown

KEY = 'net.ipv4.ip_forward'
MARK, NOT = b'dockerd', b'--ip-forward=false'
MASK = '/etc/systemd/system/docker.service'
DROP_INS, CONFIG = '/etc/systemd/system/docker.service.d/*.conf', '/etc/docker/daemon.json'


def read(entries, paths):
    """paths: links and scripts by which a boot starts it."""
    files = entries.files
    if KEY not in entries.keys:
        return
    told = b''.join(files.data(path) for path in paths + files.paths(DROP_INS))
    config = b''.join(files.data(CONFIG).split())
    if NOT in told or b'"ip-forward":false' in config or files.link(MASK) == '/dev/null':
        return
    path, before = paths[0], files.data(paths[0]).partition(MARK)[0]
    entries.add(KEY, '1', (shown(files.tree.resolve(path)), before.count(b'\n') + 1))
