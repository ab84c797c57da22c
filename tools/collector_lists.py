# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the lists of the collector for nodes without Python (_capture/collect.sh) from those of the node program.

python -m tools.collector_lists            write
python -m tools.collector_lists --check    fail when they are stale
"""

from __future__ import annotations

import posixpath
import sys
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
BEGIN, END = '# lists:begin (tools/collector_lists.py writes them)\n', '# lists:end\n'
WIDTH = 120
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
WHOLE_FORMS = ('credential', 'docker', 'ufw', 'apf', 'tuned', 'ktune', 'runtime')
# Files that name others, which hold settings or the values of variables.
NAMING = ('/etc/default/ufw', '/etc/sysconfig/ktune', '/etc/apf/*', '/etc/apf-firewall/*', '/etc/tuned/*/*')


def lists() -> dict[str, list[str]]:
    """{name in the script: words}."""
    places = {form: [place for row in ROWS if row[3] == form for place in _globs(row)] for form in _forms()}
    raw = [place for place in places['cloud-init'] if place.startswith('/var/')]
    whole = [
        *('%s/*' % place for place in sysctl_places.DIRECTORIES),
        *(sysctl_places.LAST, sysctl_places.OF_KERNEL % '*', *boot_script.SCRIPTS, *boot_script.FUNCTIONS),
        *(*boot_script.OTHERS, *boot_script.RELEASE_FILES, *BESIDES),
        *(place for form in WHOLE_FORMS for place in places[form]),
        STATE_DIR + '/change-sets/*/record.json',
    ]
    apart = (*WHOLE_FORMS, 'units')
    rest = [place for form, found in places.items() if form not in apart for place in found if place not in raw]
    programs = [
        *sysctl_places.SIGNS_OF_SYSTEMD,
        '/etc/debian_version',
        '/bin/sh',
        '/sbin/init',
        '/var/lib/cloud/instance/*',
        '/var/lib/cloud/instance/sem/*',
        '/lib/modules/*',
        '/usr/lib/modules/*',
        '%s/*/*' % pods.LOGS,
    ]
    programs.append(STATE_DIR + '/change-sets/*/state.*')
    places_of_all = (*whole, *raw, *rest, *places['units'], *writer_files.PROGRAM_PLACES)
    return {
        'node_keys': _paths((*keys.NODE_SYSCTLS, *entries.CONNTRACK, *OF_EACH_PART)),
        'namespace_keys': _paths(keys.NAMESPACE_SYSCTLS),
        'parents': _parents(places_of_all),
        'searched': _searched(places_of_all),
        'whole': whole,
        'naming': list(NAMING),
        'raw': raw,
        'programs': programs,
        'links': ['%s/*%s/*' % (place, kind) for place in writers.UNITS for kind in writer_units.LINKS],
        'units': places['units'],
        'writers': rest,
    }


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


def _paths(names: Iterable[str]) -> list[str]:
    return [keys.path_of(name) for name in dict.fromkeys(names)]


def _parents(places: Iterable[str]) -> list[str]:
    """All directories above the places as far as no pattern is in their names: one of them may be a link."""
    found: set[str] = set()
    for place in places:
        above = posixpath.dirname(place)
        while above != '/':
            found.add(above)
            above = posixpath.dirname(above)
    return sorted(found)


def _searched(places: Iterable[str]) -> list[str]:
    """The directories whose names are asked for: one that cannot be listed hides something."""
    found = {posixpath.dirname(place) for place in places if '*' in posixpath.basename(place)}
    return sorted(directory for directory in found if '*' not in directory)


def _block() -> str:
    lines = []
    for name, words in lists().items():
        line = "%s='" % name
        for word in dict.fromkeys(words):
            if len(line) + len(word) + 1 > WIDTH:
                lines.append(line.rstrip())
                line = '    '
            line += word + ' '
        lines.append(line.rstrip() + "'")
    return BEGIN + '\n'.join(lines) + '\n' + END


def main(check: bool) -> int:
    text = SCRIPT.read_text(encoding='utf-8')
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    wanted = before + _block() + after
    if text == wanted:
        return 0
    if check:
        sys.stdout.write('stale: %s (python -m tools.collector_lists writes it)\n' % SCRIPT.relative_to(CHECKOUT))
        return 1
    SCRIPT.write_text(wanted, encoding='utf-8')
    return 0


if __name__ == '__main__':
    sys.exit(main('--check' in sys.argv[1:]))
