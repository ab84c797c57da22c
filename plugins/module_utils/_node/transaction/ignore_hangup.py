# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Letting a change come to its end although the connection that ordered it goes away."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

try:
    import _signal as signal  # the C half is all that is needed; the other one imports enum, 5 ms
except ImportError:
    import signal  # Python 2, where it is C

SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE)


class IgnoreHangup(object):
    """A context in which the signals of a lost session are ignored: a change takes moments, its traces stay."""

    def __enter__(self):
        self._before = [(number, signal.signal(number, signal.SIG_IGN)) for number in SIGNALS]

    def __exit__(self, *_exc):
        for number, handler in self._before:
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
