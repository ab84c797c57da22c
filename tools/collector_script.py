# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the collector for nodes without Python, _capture/collect.sh: the parts in tools/collector, in their order.

What it looks at is made from the tables of the node program and stands behind the first part.

python -m tools.collector_script            write
python -m tools.collector_script --check    fail when it is stale
"""

from __future__ import annotations

import posixpath
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT / 'playbooks' / 'collections'))

from ansible_collections.nodetcp.paws.plugins.module_utils._node import keys  # noqa: E402
from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers import (  # noqa: E402
    boot_script,
    entries,
    pods,
    sysctl_places,
    writer_docker,
    writer_files,
    writer_units,
    writers,
)
from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers.writer_places import ROWS  # noqa: E402
from ansible_collections.nodetcp.paws.plugins.module_utils._node.transaction.state_dir import STATE_DIR  # noqa: E402

SCRIPT = CHECKOUT / 'plugins' / 'plugin_utils' / '_capture' / 'collect.sh'
WIDTH = 110
PARTS = CHECKOUT / 'tools' / 'collector'
# One key of each part of proc/sys: a part that is not empty says that a key that is not in it does not exist.
OF_EACH_PART = ('kernel.osrelease', 'kernel.hostname', 'kernel.random.boot_id', 'vm.swappiness', 'fs.file-max')
# What readers/writer_*.py read besides the places of the table.
BESIDES = (
    *('/etc/default/ufw', '/etc/ufw/sysctl.conf', '/etc/tuned/*.conf', '/etc/tuned/*/*', '/usr/lib/tuned/*/*'),
    *('/etc/tuned/profiles/*/*', '/usr/lib/tuned/profiles/*/*', '/etc/tuned/profile_mode', '/etc/hostname'),
    *(
        '/etc/cloud/cloud-init.disabled',
        '/var/lib/cloud/sem/*',
        '/etc/init/*.override',
        '/etc/sysconfig/ktune',
        '/etc/apf/*',
        '/etc/apf-firewall/*',
        writer_docker.DROP_INS,
        '/usr/lib/systemd/system/systemd-sysctl.service',
        '/lib/systemd/system/systemd-sysctl.service',
    ),
)
KEYS = {
    'node_keys': keys.NODE_SYSCTLS,
    'further_keys': (*entries.CONNTRACK, *OF_EACH_PART),
    'namespace_keys': keys.NAMESPACE_SYSCTLS,
}
WHOLE_FORMS = ('credential', 'docker', 'ufw', 'apf', 'tuned', 'ktune', 'runtime')


def classes() -> dict[str, list[str]]:
    """{class of files: places}: what the collector does with files of a class is in the parts."""
    places = {form: [place for row in ROWS if row[3] == form for place in _globs(row)] for form in _forms()}
    raw = [place for place in places['cloud-init'] if place.startswith('/var/')]
    kept = [
        *('%s/*' % place for place in sysctl_places.DIRECTORIES),
        *(sysctl_places.LAST, sysctl_places.OF_KERNEL % '*', *boot_script.SCRIPTS, *boot_script.FUNCTIONS),
        *(*boot_script.OTHERS, *boot_script.RELEASE_FILES, *BESIDES),
        *(place for form in WHOLE_FORMS for place in places[form]),
        STATE_DIR + '/change-sets/*/record.json',
    ]
    apart = (*WHOLE_FORMS, 'units')
    shown = [
        *sysctl_places.SIGNS_OF_SYSTEMD,
        '/etc/debian_version',
        '/bin/sh',
        '/sbin/init',
        '/var/lib/cloud/instance/*',
        '/var/lib/cloud/instance/sem/*',
        '/lib/modules/*',
        '/usr/lib/modules/*',
        '%s/*/*' % pods.LOGS,
        STATE_DIR + '/change-sets/*/state.*',
        *('%s/*%s/*' % (place, kind) for place in writers.UNITS for kind in writer_units.LINKS),
    ]
    return {
        'kept': kept,
        'raw': raw,
        'shown': shown,
        'units': places['units'],
        'writers': [
            place for form, found in places.items() if form not in apart for place in found if place not in raw
        ],
    }


def table() -> list[str]:
    """The lines of $places: each directory above a place, with the names that a class of files has in it.

    Directories come before those below them. What lies below /lib stands below /usr/lib too: the one may be a link to
    the other.
    """
    found = classes()
    found = {
        name: [*places, *('/usr' + place for place in places if place[:5] == '/lib/')] for name, places in found.items()
    }
    above = {place for places in (*found.values(), writer_files.PROGRAM_PLACES) for place in places}
    directories = {directory for place in above for directory in _above(place)}
    found['shown'] += [directory for directory in directories if '*' in directory]
    names: dict[tuple[str, str], list[str]] = {(directory, ''): [] for directory in directories if '*' not in directory}
    for name, places in found.items():
        for place in sorted(set(places)):
            directory, rest = _split(place)
            names.setdefault((directory, name), []).append(rest)
    named = {directory for directory, name in names if name}
    lines = []
    for directory, name in sorted(names, key=lambda key: (key[0].split('/'), key[1])):
        first = '%s %s ' % (directory, name)
        if name:
            lines += [first + rest for rest in _wrapped(names[directory, name], len(first))]
        elif directory not in named:
            lines.append(directory)
    return lines


def _above(place: str) -> Iterator[str]:
    """All directories above a place."""
    above = posixpath.dirname(place)
    while above != '/':
        yield above
        above = posixpath.dirname(above)


def _split(place: str) -> tuple[str, str]:
    """The directory of a place as far as no pattern is in its name, and the rest."""
    directory = posixpath.dirname(place.partition('*')[0] + 'x')
    return directory, place[len(directory) :].lstrip('/')


def _forms() -> list[str]:
    return list(dict.fromkeys(row[3] for row in ROWS))


def _globs(row: tuple[str, ...]) -> Iterator[str]:
    """The places of a row as patterns of a shell."""
    form = row[3]
    for place in row[4].split():
        if form == 'units':
            yield from ('%s/*' % place, '%s/*.d/*' % place)
        elif form in writers.MERGED:
            yield '%s/*%s' % (place, writers.MERGED[form])
        else:
            yield place.replace('%', '*').replace('+', '*')


def _wrapped(words: Iterable[str], before: int = 0) -> list[str]:
    """The words in lines, before each of which something else stands."""
    return textwrap.wrap(' '.join(words), WIDTH - before, break_long_words=False, break_on_hyphens=False)


def _paths(names: Iterable[str]) -> list[str]:
    return [keys.path_of(name) for name in dict.fromkeys(names)]


def script() -> str:
    """The whole collector."""
    first, *others = (path.read_text(encoding='utf-8') for path in sorted(PARTS.glob('*.sh')))
    lists = {**{name: _wrapped(_paths(found)) for name, found in KEYS.items()}, 'places': table()}
    text = ["%s='%s'\n" % (name, '\n'.join(lines)) for name, lines in lists.items()]
    return '\n'.join([first, ''.join(text), *(part.partition('\n\n')[2] for part in others)])


def main(check: bool) -> int:
    wanted = script()
    if SCRIPT.read_text(encoding='utf-8') == wanted:
        return 0
    if check:
        sys.stdout.write('stale: %s (python -m tools.collector_script writes it)\n' % SCRIPT.relative_to(CHECKOUT))
        return 1
    SCRIPT.write_text(wanted, encoding='utf-8')
    return 0


if __name__ == '__main__':
    sys.exit(main('--check' in sys.argv[1:]))
