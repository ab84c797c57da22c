# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_verify: whether a change did what it was made for. Documentation: plugins/modules/paws_verify.py."""

import contextlib
from typing import cast

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.module_utils.urls import open_url

from ..plugin_utils._messages.message import Message, message
from ..plugin_utils._remediate import verification
from ..plugin_utils._shapes.verdict import Verdict
from ..plugin_utils._text.escape import terminal
from ..plugin_utils._text.values import Values, plain
from ..plugin_utils._transport import change
from ..plugin_utils._variables import health_url
from . import paws_audit

URL_SECONDS = 10


class ActionModule(paws_audit.ActionModule):
    """Look again over a new connection and ask the user's checks; then watch the counters, and confirm."""

    SPEC = {
        **{name: paws_audit.AUDIT[name] for name in ('rules', 'waivers', 'profile', 'window', 'since')},
        'plan': {'type': 'dict', 'required': True},
        'health_command': {'type': 'str'},
        'health_url': {'type': 'str'},
        'confirm': {'type': 'str'},
        'state_dir': change.STORE['state_dir'],
    }

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        watch = arguments['plan']['watch'] and arguments['window'] > 0
        if arguments['since'] is None:
            self._reconnect()
            result = self._check({**arguments, 'window': 0.0}, task_vars)
            return {**result, 'settle': not result.get('failed') and bool(watch or arguments['confirm'])}
        result = self._check(arguments, task_vars) if watch else {'changed': False}
        if arguments['confirm'] and not result.get('failed'):
            asked = {'change_set': arguments['confirm'], 'state_dir': arguments['state_dir']}
            result.update(change.ask(self, 'confirm', asked, task_vars, ('changed',)), changed=False)
        return result

    def _reconnect(self) -> None:
        """What comes next goes over a connection that is made after the change."""
        if self._connection.transport != 'local':
            with contextlib.suppress(AnsibleError):
                self._connection.reset()

    def _check(self, arguments: Values, task_vars: Values) -> Values:
        plan = plain(arguments['plan'])
        asked = {name: arguments[name] for name in ('rules', 'waivers', 'profile', 'window', 'since')}
        asked.update(root='/', gather=None, namespaces='all', return_record=True)
        result = self.carry_out_audit({**asked, 'sysctls': [*plan['settings'], *plan['absent']]}, task_vars)
        record = result.pop('record')
        problems = verification.problems(record, cast(Verdict, result), plan)
        if not problems and arguments['health_command']:
            problems = self._command(arguments['health_command'])
        if not problems and arguments['health_url']:
            problems = _url(arguments['health_url'])
        if not problems:
            return result
        return {**result, 'failed': True, 'msg': verification.failed(problems)}

    def carry_out_audit(self, arguments: Values, task_vars: Values) -> Values:
        """The audit that this verb begins with."""
        return super().carry_out(arguments, task_vars)

    def _command(self, command: str) -> list[Message]:
        """The user's command, as the login shell of the node runs it: needs no Python there."""
        try:
            ended = self._low_level_execute_command(command)
        except AnsibleConnectionFailure as error:
            return [message('verification/command-not-run', reason=str(error))]
        if ended['rc'] == 0:
            return []
        said = terminal(str(ended.get('stderr') or ended.get('stdout') or ''), 300)
        return [message('verification/command-failed', rc=ended['rc'], said=said)]


def _url(url: str) -> list[Message]:
    """The user's page, asked for by the controller: a connection as clients make it."""
    if not health_url.is_page(url):
        return [message('verification/url-refused')]
    try:
        open_url(url, timeout=URL_SECONDS, follow_redirects='safe', http_agent='nodetcp.paws').close()
    except Exception as error:  # urllib, ssl and http.client each have errors of their own
        reason = health_url.said(error, url)
        return [message('verification/url-failed', url=health_url.shown(url), reason=reason)]
    return []
