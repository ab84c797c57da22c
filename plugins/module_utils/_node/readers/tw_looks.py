# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sockets enter TIME_WAIT while a window passes, where some leave it after less than a second: see tw_flow.py."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Unreadable
from ..parsers.socket_table import part_of
from . import sock_dump

STEP_S, LOOKING_S = 0.5, 20
SOCKETS_MAX = 300000  # in all looks


class Looks(object):
    """Looks at the caller's namespace while it sleeps. tally: for the sockets that enter TIME_WAIT meanwhile."""

    def __init__(self, tally, now, sleep):
        self._tally, self._now, self._sleep = tally, now, sleep
        self._seen, self._read, self._began, self._seconds = None, 0, 0.0, 0.0

    def sleep(self, seconds):
        """Returns after so many seconds. It looks during the last of them, LOOKING_S at most."""
        steps = int(min(seconds, LOOKING_S) / STEP_S)
        self._sleep(seconds - steps * STEP_S)
        self._began = self._now()
        looking = steps and self._look()
        for _step in range(steps):
            self._sleep(STEP_S)
            looking = looking and self._look()

    def _look(self):
        """Whether the sockets could be listed, and may be listed once more."""
        seen, fresh = set(), []
        try:
            with sock_dump.opened() as link:
                for part in sock_dump.parts(link.datagrams(sock_dump.TCPDIAG_GETSOCK, sock_dump.TIME_WAIT)):
                    for index, key in enumerate(part.keys):
                        end = bytes(part.ports[2 * index:2 * index + 2]), key
                        seen.add(end)
                        if self._seen is not None and end not in self._seen:
                            fresh.append((part.families[index],) + end + (0,))
        except Unreadable:
            self._seconds = 0.0
            return False
        self._tally.add(part_of(fresh))
        self._seen, self._read = seen, self._read + len(seen)
        self._seconds = self._now() - self._began
        return self._read < SOCKETS_MAX

    def flow(self, top):
        """The flow, or None where nothing was looked at."""
        if not self._seconds:
            return None
        return {'by': 'looks', 'seconds': round(self._seconds, 3), 'outgoing': self._tally.outgoing,
                'incoming': self._tally.incoming, 'top': self._tally.shown(top)['outgoing']['top']}
