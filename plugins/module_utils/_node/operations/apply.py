# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation behind sysctl_policy: many settings as one transaction."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time

from ..errors import Failed, Refused
from ..readers.root import open_root
from ..transaction import plan
from ..transaction.state_dir import STATE_DIR, StateDir, checked_id, needs_root


def run(arguments, step=lambda name: None, live=None, now=time.time):
    """{'changed', 'change_set', 'changes', 'diff', 'notes', 'restored', 'not_restored'}.

    With 'failed' and 'msg' where something went wrong and all was undone at once.

    arguments: settings {key: value}, absent [key], file, change_set (id), namespaces [key or id or 'host'], root,
    state_dir, keep, confirm_timeout (s), reasons {key: text}, reload (whether running values are written too),
    module_rules (whether udev sets keys of modules that load late), on_refused (fail or skip: what becomes of a value
    that the kernel refuses), who (text), check_mode. step(name) is called after each single action. live: whether root
    is a running system; a test may say so of a directory. Raises Refused.
    """
    tree = open_root(arguments.get('root') or '/')
    live = tree.root == '/' if live is None else live
    request = plan.Request(arguments)
    checked_id(arguments.get('change_set'))
    needs_root()
    if arguments.get('confirm_timeout') and not live:
        raise Refused('confirm_timeout: nothing runs in %s that could undo the change' % tree.root)
    try:
        if StateDir(tree, arguments.get('state_dir') or STATE_DIR).at_rest():
            unchanged = plan.idle(tree, live, request)
            if unchanged:
                return plan.result(unchanged, None, False)
        from ..transaction.transaction import Transaction  # much to compile, and most runs find nothing to change

        transaction = Transaction(tree, live, request, arguments, step, now)
        return transaction.preview() if arguments.get('check_mode') else transaction.run()
    except (Failed, OSError) as exc:
        raise Refused('%s' % exc)
