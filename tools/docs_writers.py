# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the page of writers from the table that nodes are searched by (readers/writer_places.py).

python -m tools.docs_writers            write
python -m tools.docs_writers --check    fail when it is stale
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT / 'playbooks' / 'collections'))

from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers.writer_places import ROWS  # noqa: E402

PAGE = CHECKOUT / 'docs' / 'writers.md'
TEXTS = CHECKOUT / 'tools' / 'docs_writers.yml'
WHEN = {
    'boot': 'each boot',
    'once': 'the first boot',
    'event': 'an event',
    'pod': 'a container starts',
}

HEAD = """\
<!-- made by tools/docs_writers.py from readers/writer_places.py, do not edit -->

# What else sets sysctls

Sysctl files are not the only thing that sets a key at boot or later. An audit looks at these {number} kinds of
places, in this order, which is that of a boot as far as it is known. A record names the kind, the file and line of the
setting, the value (none where it is computed at run time), when it runs, and whether before or after the sysctl files:
what runs last decides.

Scripts are followed: variables, functions, loops, here documents, `sed -i` on a sysctl file, other scripts that they
run, and the files that `sysctl -p FILE`, `--load` or `--system` loads. Where a script may go several ways, all are
taken for possible. Text that is printed, searched for or commented out is not a setting, and neither is
`sysctl -w key = 1`: with blanks around the sign, sysctl sets nothing. How much is read is bounded; what was left out
stands in `unavailable`.

| kind | runs | sysctl files | what |
|---|---|---|---|
"""


def page() -> str:
    """The page: a table in the order of a boot, and a section for each kind with its places."""
    texts = yaml.safe_load(TEXTS.read_text(encoding='utf-8'))
    rows, sections = [], []
    for kind, moment, when, _form, places in ROWS:
        said = texts[kind]
        rows.append('| [`%s`](#%s) | %s | %s | %s |' % (kind, kind.replace('.', ''), WHEN[when], moment, said['text']))
        listed = '\n'.join('- `%s`' % place for place in places.split())
        sections.append('## %s\n\n%s.\n\n%s\n\n**Source**: %s\n' % (kind, said['text'], listed, said['source']))
    return HEAD.format(number=len(ROWS)) + '\n'.join(rows) + '\n\n' + '\n'.join(sections)


def main(check: bool) -> int:
    wanted = page()
    if PAGE.exists() and PAGE.read_text(encoding='utf-8') == wanted:
        return 0
    if check:
        sys.stdout.write('stale: %s (python -m tools.docs_writers writes it)\n' % PAGE.relative_to(CHECKOUT))
        return 1
    PAGE.write_text(wanted, encoding='utf-8')
    return 0


if __name__ == '__main__':
    sys.exit(main('--check' in sys.argv[1:]))
