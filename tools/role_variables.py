# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the tables of role variables into the READMEs, from meta/argument_specs.yml of the roles.

    python -m tools.role_variables            write
    python -m tools.role_variables --check    fail when a table is stale

A README says where by two comments: one that begins with `<!-- variables of roles/NAME` and one that reads
`<!-- end of variables -->`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).resolve().parent.parent
PLACE = re.compile(r'(<!-- variables of roles/(\w+)[^\n]*-->\n).*?(<!-- end of variables -->)', re.DOTALL)


def table(role: str) -> str:
    """The variables of a role as a Markdown table, in the order of its argument specs."""
    specs = yaml.safe_load((CHECKOUT / 'roles' / role / 'meta' / 'argument_specs.yml').read_text(encoding='utf-8'))
    rows = ['| variable | type | default | meaning |', '|---|---|---|---|']
    for name, option in specs['argument_specs']['main']['options'].items():
        rows.append('| `%s` | %s | %s | %s |' % (name, _type(option), _default(option), _meaning(option)))
    return '\n'.join(rows) + '\n'


def refreshed(text: str) -> str:
    """A README with its tables as they should be."""
    return PLACE.sub(lambda found: found[1] + table(found[2]) + found[3], text)


def _type(option: dict[str, Any]) -> str:
    elements = option.get('elements')
    return '%s of %s' % (option['type'], elements) if elements else str(option['type'])


def _default(option: dict[str, Any]) -> str:
    if 'default' not in option:
        return 'required' if option.get('required') else ''
    default = option['default']
    if isinstance(default, list) and default:
        return '`[%s]`' % ', '.join(str(value) for value in default)
    return '`%s`' % ('""' if default == '' else str(default).lower() if isinstance(default, bool) else default)


def _meaning(option: dict[str, Any]) -> str:
    """The description on one line; Ansible's markup C() and V() becomes code."""
    described = option['description']
    text = ' '.join(described if isinstance(described, list) else [described])
    text = re.sub(r'\b[COV]\(([^)]*)\)', r'`\1`', ' '.join(text.split()))
    if option.get('choices'):
        text += ' One of %s.' % ', '.join('`%s`' % choice for choice in option['choices'])
    return text.replace('|', '\\|')


def main(check: bool) -> int:
    stale = []
    for readme in [CHECKOUT / 'README.md', *sorted((CHECKOUT / 'roles').glob('*/README.md'))]:
        text = readme.read_text(encoding='utf-8')
        if refreshed(text) != text:
            stale.append(str(readme.relative_to(CHECKOUT)))
            if not check:
                readme.write_text(refreshed(text), encoding='utf-8')
    if stale and check:
        sys.stdout.write('stale: %s (python -m tools.role_variables writes them)\n' % ', '.join(stale))
    return 1 if stale and check else 0


if __name__ == '__main__':
    sys.exit(main('--check' in sys.argv[1:]))
