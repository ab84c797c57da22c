# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the value of an audit variable must be beyond its type: sound rules, waivers of known rules, usable paths."""

import datetime
import os
import re
import typing as t
from collections.abc import Collection

from ...module_utils._node.readers.observation import WINDOW_MAX
from .._judge import catalogue, waivers
from .._messages.message import Message, MessageError, message
from . import batch_sizes, user_settings
from .settings import Setting


class Checker:
    """Checks settings one by one, audit_rules before audit_waivers: a waiver may name a rule of the user's.

    rules is the number of rules of the largest catalogue seen; warnings holds what looks like a slip.
    """

    def __init__(self, known_hosts: Collection[str], today: datetime.date) -> None:
        self.rules = len(catalogue.builtin().rules)
        self.warnings: list[Message] = []
        self._known_hosts = frozenset(known_hosts)
        self._today = today
        self._default = catalogue.builtin()
        self._catalogues: dict[str, catalogue.Catalogue] = {}

    def check(self, setting: Setting) -> None:
        """Raises MessageError for a value that the audit could not work with."""
        checks: dict[str, t.Callable[[Setting], None]] = {
            'audit_rules': self._rules,
            'audit_waivers': self._waivers,
            'audit_root': self._root,
            'audit_window': self._window,
            'audit_records': self._records,
            'audit_report_dir': self._report_dir,
            'audit_skip': self._skip,
            'safe_sysctl_waivers': self._waivers,
            'remediate_rules': self._known_rules,
            'remediate_skip_rules': self._known_rules,
            'remediate_batches': self._batches,
            'remediate_canary': self._canary,
            'remediate_window': self._window,
            'remediate_max_hosts': self._number,
            'remediate_confirm_timeout': self._number,
            'remediate_health_url': self._health_url,
        }
        if setting.value is not None and setting.name in checks:
            checks[setting.name](setting)
        elif setting.value is not None and user_settings.is_name(setting.name):
            user_settings.checked(setting.name, setting.value)

    def _rules(self, setting: Setting) -> None:
        extended = catalogue.builtin().extended(setting.value, setting.name)
        self.rules = max(self.rules, len(extended.rules))
        if not setting.hosts:
            self._default = extended
        self._catalogues.update(dict.fromkeys(setting.hosts, extended))

    def _waivers(self, setting: Setting) -> None:
        used = {
            id(known): known for known in (self._catalogues.get(host, self._default) for host in setting.hosts or [''])
        }
        for known in used.values():
            waivers.parse(setting.value, setting.name, known, self._today)

    def _root(self, setting: Setting) -> None:
        if not setting.value.startswith('/'):
            raise MessageError(message('variables/root', value=repr(setting.value)))

    @staticmethod
    def _number(setting: Setting) -> None:
        if setting.value < 0:
            raise MessageError(message('variables/number', name=setting.name, value=setting.value))

    @staticmethod
    def _window(setting: Setting) -> None:
        if not 0 <= setting.value <= WINDOW_MAX:  # so is not a number
            said = message('variables/seconds', name=setting.name, most=WINDOW_MAX, value=str(setting.value))
            raise MessageError(said)

    @staticmethod
    def _health_url(setting: Setting) -> None:
        # The value may hold a password.
        if setting.value and not re.match(r'https?://[^/?#\s]+', setting.value):
            raise MessageError(message('variables/url', name=setting.name))

    def _records(self, setting: Setting) -> None:
        if setting.value and not os.path.isdir(setting.value):
            raise MessageError(message('variables/records', value=repr(setting.value)))

    def _report_dir(self, setting: Setting) -> None:
        path = os.path.abspath(setting.value)
        while not os.path.lexists(path):
            path = os.path.dirname(path)
        if not os.path.isdir(path) or not os.access(path, os.W_OK | os.X_OK):
            raise MessageError(message('variables/report-dir', value=repr(setting.value), path=path))

    def _known_rules(self, setting: Setting) -> None:
        used = [self._catalogues.get(host, self._default) for host in setting.hosts or ['']]
        unknown = [name for name in setting.value if not all(name in known.rules for known in used)]
        if unknown:
            raise MessageError(message('variables/no-rule', name=setting.name, rule=repr(unknown[0])))

    @staticmethod
    def _batches(setting: Setting) -> None:
        batch_sizes.parse(setting.value)

    def _skip(self, setting: Setting) -> None:
        self._hosts(setting.name, setting.value)

    def _canary(self, setting: Setting) -> None:
        self._hosts(setting.name, setting.value)

    def _hosts(self, name: str, hosts: t.Iterable[str]) -> None:
        unknown = sorted(set(hosts) - self._known_hosts)
        if unknown:
            self.warnings.append(message('variables/unknown-hosts', name=name, hosts=unknown))
