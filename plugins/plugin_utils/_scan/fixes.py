# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change of one line that mends a finding, where that is safe: shown as a diff, never applied here."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import difflib
import re
from collections.abc import Callable, Mapping, Sequence

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.rule import Rule
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import Json
from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan.judge import Verdict
from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan.setting import Setting

Reparse = Callable[[str], Sequence[Setting]]
_LEVELS = ('error', 'warning')
#: Where a value stands on the line that names its key, as KEY (the last part of the name) and VALUE.
_FORMS = (
    r"""(KEY["'\])]*\s*(?:=>|=|:|,|\s)\s*["']?)VALUE(?![\w.])""",
    r"""(KEY["']?\s*,\s*["']?(?:value|val)["']?\s*(?:=>|=|:)\s*["']?)VALUE(?![\w.])""",
    r"""(KEY["']?\s+value=["']?)VALUE(?![\w.])""",
    r"""(\becho\s+(?:-n\s+)?["']?)VALUE(?=["']?\s*(?:>|\|\s*(?:sudo\s+)?tee)\s*\S*KEY)""",
)


def mend(
    path: str, text: str, verdict: Verdict, rules: Mapping[str, Rule], reparse: Reparse, plain: bool
) -> Json | None:
    """{line, old, new, diff} of the line as it should be, new null where it goes; None where no change is safe.

    plain: whether the file is a sysctl file, of which a line may go. reparse: what sets a changed text, which must be
    the value that was meant and nothing else.
    """
    rule = rules.get(verdict.rule)
    if rule is None or verdict.level not in _LEVELS or rule.fix.get('report_only'):
        return None
    rows = text.split('\n')
    at = verdict.setting.line - 1
    if not 0 <= at < len(rows):
        return None
    if rule.fix.get('absent'):
        return _change(path, rows, at, None) if plain and _alone(rows[at], verdict.setting) else None
    new = _replaced(rows[at], verdict.setting, rule.fix.get('value'))
    if new is None or not _meant(reparse('\n'.join([*rows[:at], new, *rows[at + 1 :]])), verdict.setting, rule):
        return None
    return _change(path, rows, at, new)


def _alone(row: str, setting: Setting) -> bool:
    return row.strip().startswith((setting.key, setting.key.replace('.', '/'), '-' + setting.key))


def _replaced(row: str, setting: Setting, value: object) -> str | None:
    if not isinstance(value, int) or setting.value is None:
        return None
    leaf = re.escape(setting.key.rpartition('.')[2])
    written = re.escape(setting.value.split()[0] if setting.value.split() else setting.value)
    for form in _FORMS:
        new, count = re.subn(form.replace('KEY', leaf).replace('VALUE', written), r'\g<1>%d' % value, row)
        if count == 1:
            return new
    return None


def _meant(found: Sequence[Setting], setting: Setting, rule: Rule) -> bool:
    there = [each.value for each in found if (each.key, each.line) == (setting.key, setting.line)]
    return bool(there) and all(value == str(rule.fix['value']) for value in there)


def _change(path: str, rows: Sequence[str], at: int, new: str | None) -> Json:
    after = [*rows[:at], *([] if new is None else [new]), *rows[at + 1 :]]
    diff = difflib.unified_diff(rows, after, 'a/' + path, 'b/' + path, n=1, lineterm='')
    return {'line': at + 1, 'old': rows[at], 'new': new, 'diff': '\n'.join(diff) + '\n'}
