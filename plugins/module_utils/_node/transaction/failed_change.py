# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that failed: what had been done of it is undone at once, and the answer says so."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from . import plan, recovery, syslog


def undone(tree, step, made, part, cause):
    """The result of a change that failed and was undone at once."""
    work = recovery.undo(tree, part, step, {})
    recovery.explain(part, {'cause': '%s' % cause, 'restored': work.restored, 'failed': work.failed})
    syslog.log_change('%s: failed and undone: %s' % (part.id, cause))
    text = u'%s. ' % _text(cause)
    if work.failed:
        text += u'NOT everything could be restored: %s. The next run tries again' % u'; '.join(
            _text(reason) for reason in work.failed)
    else:
        text += u'Everything that had been changed before it (%d) is as it was; change set %s says so' % (
            len(work.restored), part.id)
    return dict(plan.result(made, part.id, bool(work.failed)), failed=True, msg=text, changes=[], diff=[],
                restored=work.restored, not_restored=[_text(reason) for reason in work.failed])


def _text(error):
    text = '%s' % error
    return text.decode('utf-8', 'replace') if isinstance(text, bytes) else text
