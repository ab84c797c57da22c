# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first process of a node with many network namespaces: `python3 -m tests.benchmark.crowd NUMBER`, in new PID and
network namespaces and with a /proc of its own. Prints a line when all is there, and ends when its standard input does.
"""

from __future__ import annotations

import os
import signal
import socket
import sys

from tests.fleet import linux


def main(number: int) -> None:
    """Each further namespace has one process, which listens on a port of its own, so that no two are alike."""
    home = os.open('/proc/self/ns/net', os.O_RDONLY)
    for index in range(number):
        linux.unshare(linux.CLONE_NEWNET)
        with socket.create_server(('0.0.0.0', 10000 + index)):
            if os.fork() == 0:
                signal.pause()
    linux.setns(home)
    print('ready', flush=True)
    sys.stdin.read()


if __name__ == '__main__':
    main(int(sys.argv[1]))
