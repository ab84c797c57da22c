# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of one line that mend a finding, where that is safe: shown as a diff, never applied here."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from .._judge.rule import Rule
from .._shapes.scan import Mend
from .judge import Verdict
from .setting import Setting

Reparse = Callable[[str], Sequence[Setting]]
_LEVELS = ('error', 'warning')
#: Changes of a file that are tried one by one, where they do not hold with all others: what people write has none.
_ALONE = 8
_LONGEST = 1000  # characters of a line that is changed
#: Where a value stands on the line that names its key, as KEY (the last part of the name) and VALUE.
_FORMS = (
    r"""(KEY["'\])]*\s*(?:=>|=|:|,|\s)\s*["']?)VALUE(?![\w.])""",
    r"""(KEY["']?\s*,\s*["']?(?:value|val)["']?\s*(?:=>|=|:)\s*["']?)VALUE(?![\w.])""",
    r"""(KEY["']?\s+value=["']?)VALUE(?![\w.])""",
    r"""(\becho\s+(?:-n\s+)?["']?)VALUE(?=["']?\s*(?:>|\|\s*(?:sudo\s+)?tee)\s*\S*KEY)""",
)


def mends(
    path: str, text: str, verdicts: Sequence[Verdict], rules: Mapping[str, Rule], reparse: Reparse, plain: bool
) -> list[Mend | None]:
    """For each verdict {line, old, new, diff} of its line as it should be, new null where it goes; None: not safe.

    plain: whether the file is a sysctl file, of which a line may go. reparse: what sets a changed text, which must be
    the value that was meant and nothing else. Changes of different lines are held against one changed text: to read
    the file again for each of them takes hours where a file has thousands.
    """
    rows = text.split('\n')
    wanted = {number: new for number, each in enumerate(verdicts) for new in _wanted(rows, each, rules, plain)}
    proven = _proven(rows, verdicts, wanted, rules, reparse)
    return [
        _change(path, rows, verdict.setting.line - 1, wanted[number]) if number in proven else None
        for number, verdict in enumerate(verdicts)
    ]


def _wanted(rows: Sequence[str], verdict: Verdict, rules: Mapping[str, Rule], plain: bool) -> list[str | None]:
    """[what the line of the verdict becomes, None where it goes], or [] where it is left as it is."""
    rule = rules.get(verdict.rule)
    at = verdict.setting.line - 1
    if rule is None or verdict.level not in _LEVELS or rule.fix.get('report_only') or not 0 <= at < len(rows):
        return []
    if len(rows[at]) > _LONGEST:
        return []
    if rule.fix.get('absent'):
        return [None] if plain and _alone(rows[at], verdict.setting) else []
    new = _replaced(rows[at], verdict.setting, rule.fix.get('value'))
    return [] if new is None else [new]


def _proven(
    rows: Sequence[str],
    verdicts: Sequence[Verdict],
    wanted: Mapping[int, str | None],
    rules: Mapping[str, Rule],
    reparse: Reparse,
) -> set[int]:
    """The numbers of the changes that have the effect that is meant: all at once, then a few of the others alone."""

    def held(numbers: Iterable[int]) -> set[int]:
        changed = {verdicts[number].setting.line: wanted[number] for number in numbers}
        text = '\n'.join(str(changed.get(line, row)) for line, row in enumerate(rows, 1))
        values = _values(reparse(text))
        return {number for number in numbers if values.get(_place(verdicts[number])) == _meant(verdicts[number], rules)}

    kept = {number: new for number, new in wanted.items() if new is not None}
    one_a_line = {verdicts[number].setting.line: number for number in reversed(kept)}
    proven = held(one_a_line.values()) if kept else set()
    for number in [number for number in kept if number not in proven][:_ALONE]:
        proven |= held([number])
    return proven | (wanted.keys() - kept.keys())


def _place(verdict: Verdict) -> tuple[str, int]:
    return verdict.setting.key, verdict.setting.line


def _meant(verdict: Verdict, rules: Mapping[str, Rule]) -> set[str | None]:
    return {str(rules[verdict.rule].fix['value'])}


def _values(found: Iterable[Setting]) -> dict[tuple[str, int], set[str | None]]:
    """{(key, line): its values}"""
    values: dict[tuple[str, int], set[str | None]] = {}
    for each in found:
        values.setdefault((each.key, each.line), set()).add(each.value)
    return values


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


def _change(path: str, rows: Sequence[str], at: int, new: str | None) -> Mend:
    """The change with its diff, which shows one line before and one after."""
    before, after = rows[max(at - 1, 0) : at], rows[at + 1 : at + 2]
    lines = [' ' + row for row in before] + ['-' + rows[at]] + ([] if new is None else ['+' + new])
    length, first = len(before) + len(after), at + 1 - len(before)
    ranges = _range(first, length + 1), _range(first, length + (new is not None))
    head = ['--- a/' + path, '+++ b/' + path, '@@ -%s +%s @@' % ranges]
    diff = '\n'.join([*head, *lines, *(' ' + row for row in after)]) + '\n'
    return {'line': at + 1, 'old': rows[at], 'new': new, 'diff': diff}


def _range(first: int, length: int) -> str:
    """Lines as diff(1) -u names them: of none, the line before."""
    return '%d' % first if length == 1 else '%d,%d' % (first if length else first - 1, length)
