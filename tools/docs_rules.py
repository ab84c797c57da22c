# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the page of all rules from rules.yml, and the table of their functions from conditions.py.

python -m tools.docs_rules            write
python -m tools.docs_rules --check    fail when one of them is stale
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT / 'playbooks' / 'collections'))

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.catalogue import RULES_FILE  # noqa: E402
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.conditions import Conditions  # noqa: E402
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import CLASSES, SEVERITIES  # noqa: E402

PAGE = CHECKOUT / 'docs' / 'rules.md'
GUIDE = CHECKOUT / 'docs' / 'guides' / 'writing-rules.md'
FUNCTIONS = re.compile(r'(<!-- functions of rules[^\n]*-->\n).*?(<!-- end of functions -->)', re.DOTALL)

HEAD = """\
<!-- made by tools/docs_rules.py from rules.yml, do not edit -->

# All rules

{number} rules. Each has a name, by which it is waived (`audit_waivers`), changed or switched off (`audit_rules`), and
chosen or left out in a remediation (`remediate_rules`, `remediate_skip_rules`).
[Rules of your own](guides/writing-rules.md) stand beside them and have the same form.

The class is what a host becomes by the finding, `clean` marks a mere note. Conditions are JMESPath; the
[guide](guides/writing-rules.md#conditions) lists the functions.

| rule | severity | class | what is found |
|---|---|---|---|
"""


def page() -> str:
    """The page: a table, worst class first, and a section for each rule in the same order."""
    rules = yaml.safe_load(Path(RULES_FILE).read_text(encoding='utf-8'))['rules']
    rules.sort(key=lambda rule: (CLASSES.index(rule['class']), SEVERITIES.index(rule['severity'])))
    rows = [
        '| [`{id}`](#{slug}) | {severity} | {class} | {title} |'.format(slug=_slug(rule['id']), **rule)
        for rule in rules
    ]
    return HEAD.format(number=len(rules)) + '\n'.join(rows) + '\n\n' + '\n'.join(_section(rule) for rule in rules)


def functions() -> str:
    """The functions of conditions as a table, in the order of conditions.py, with what their docstrings say."""
    rows = ['| function | gives |', '|---|---|']
    for name, function in vars(Conditions).items():
        if name.startswith('_func_'):
            names = [each for each in inspect.signature(function).parameters if each != 'self']
            said = (inspect.getdoc(function) or '').partition('\n\n')[0].replace('\n', ' ').replace('|', '\\|')
            rows.append('| `%s(%s)` | %s |' % (name[len('_func_') :], ', '.join("'%s'" % each for each in names), said))
    return '\n'.join(rows) + '\n'


def _slug(heading: str) -> str:
    """The anchor that GitHub and MyST give a heading."""
    return re.sub(r'[^\w -]', '', heading.lower()).replace(' ', '-')


def _section(rule: dict[str, Any]) -> str:
    """One rule: what, why, when, what to do, where it is written."""
    facts = ['severity %s' % rule['severity'], 'class %s' % rule['class']]
    if rule.get('profiles'):
        facts.append('profiles %s' % ', '.join(rule['profiles']))
    facts.append('asked once for the node' if rule.get('scope') == 'node' else 'asked for each network namespace')
    parts = ['## %s\n' % rule['id'], '%s: %s.\n' % (rule['title'], ', '.join(facts)), _line(rule['why']) + '\n']
    parts.append('```text\n%s\n```\n' % _condition(rule['when']))
    for other in rule.get('severity_when', []):
        parts.append('Severity %s where:\n\n```text\n%s\n```\n' % (other['severity'], _condition(other['when'])))
    if rule.get('fix'):
        parts.append('**Fix**: %s\n' % _fix(rule['fix']))
    if rule.get('references'):
        parts.append('**Sources**: %s\n' % '; '.join(_line(source) for source in rule['references']))
    return '\n'.join(parts)


def _condition(text: str) -> str:
    return ' '.join(text.split())


def _line(text: str) -> str:
    """Text on one line; what Markdown would take for markup is escaped."""
    return re.sub(r'([*<>\[\]])', r'\\\1', ' '.join(str(text).split()))


def _fix(fix: dict[str, Any] | str) -> str:
    if isinstance(fix, str):
        return _line(fix)
    said = []
    if 'sysctl' in fix:
        target = 'in no file' if fix.get('absent') else 'at least %s' % fix['minimum'] if 'minimum' in fix else None
        said.append('`%s` %s.' % (fix['sysctl'], target) if target else '`%s = %s`.' % (fix['sysctl'], fix['value']))
    if fix.get('text'):
        said.append(_line(fix['text']))
    if fix.get('report_only'):
        said.append('Only reported, never enforced.')
    return ' '.join(said)


def main(check: bool) -> int:
    guide = GUIDE.read_text(encoding='utf-8')
    wanted = {
        PAGE: page(),
        GUIDE: FUNCTIONS.sub(lambda found: found[1] + functions() + found[2], guide),
    }
    stale = [place for place, text in wanted.items() if not place.exists() or place.read_text(encoding='utf-8') != text]
    if check and stale:
        names = ', '.join(str(place.relative_to(CHECKOUT)) for place in stale)
        sys.stdout.write('stale: %s (python -m tools.docs_rules writes them)\n' % names)
        return 1
    for place in stale:
        place.write_text(wanted[place], encoding='utf-8')
    return 0


if __name__ == '__main__':
    sys.exit(main('--check' in sys.argv[1:]))
