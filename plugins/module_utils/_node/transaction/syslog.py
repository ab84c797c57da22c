# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One line in the node's system log for each change."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import syslog

from ..errors import shown


def log_change(text):
    """Best effort: a node without a log is no reason to fail."""
    line = ''.join(char if u' ' <= char < u'\x7f' else u'?' for char in shown(text))
    try:
        syslog.openlog('nodetcp-paws', 0, syslog.LOG_DAEMON)
        syslog.syslog(syslog.LOG_NOTICE, str('change set ' + line))
    except (OSError, ValueError, TypeError):
        pass
