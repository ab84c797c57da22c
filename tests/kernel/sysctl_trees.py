# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees of sysctl files, made at random, and what the real readers of this machine leave behind when they read one.

The readers run with the tree as their root directory, in mount and network namespaces of their own.
"""

from __future__ import annotations

import glob
import os
import random
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

RANGE, RESERVED = 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_local_reserved_ports'
#: {key: value before a reader runs}; the readers' globs reach the first five.
BEFORE = {
    **{'net.ipv4.tcp_' + leaf: '7' for leaf in ('rfc1337', 'timestamps', 'abort_on_overflow', 'syncookies')},
    'net.ipv4.tcp_max_syn_backlog': '77',
    RANGE: '32768 60999',
    RESERVED: '5',
}
PLACES = ('etc/sysctl.d', 'run/sysctl.d', 'usr/local/lib/sysctl.d', 'usr/lib/sysctl.d')
NAMES = (
    '10-a.conf',
    '20-b.conf',
    '30-c.conf',
    '99-z.conf',
    '.hidden.conf',
    '25-text.txt',
    '40-d.conf',
    '10-\udce9.conf',
)
NAMES += ('50-e.conf~', '60-f.rpmsave')
VALUES = {
    RANGE: (
        b'20000 30000',
        b'21000\t31000',
        b'22000 32000 # x',
        b'30000 20000',
        b'20000-30000',
        b'1024 65536',
        b'',
        b'x',
    ),
    RESERVED: (b'80', b'80,443', b'8000-8010,9000', b'80, 443', b'90-80', b'80 # x', b'"80"', b'', b'0x50', b'70,'),
}
#: What stands after `=` for an integer; %d is a number from 0 to 6.
INTEGERS = (
    *((b'%d',) * 8),
    *(b'%d # on', b'%d --x', b'%d %d', b'%d\t#x', b'0x%d', b'0%d', b'%d \xe5\x90\xaf', b'\xa0%d', b'\v%d', b'%d\f'),
    *(
        b'%d;',
        b'"%d"',
        b'%d#on',
        b'%d\\',
        b'%d.0',
        b'+%d',
        b'0%d8',
        b'true',
        b'\xc2\xa0%d',
        b'%d\xa0',
        b'-%d',
        b'%d=%d',
    ),
    *(b'', b'\xe2\x80\x9c%d\xe2\x80\x9d', b'%d\v', b'9999999999'),
)
LINES = (
    *((b'%(key)s = %(value)s',) * 6),
    *(b'%(key)s=%(value)s', b'-%(key)s = %(value)s', b'%(slash)s=%(value)s', b'- %(key)s=%(value)s', b'-%(key)s'),
    *(b'-%(slash)s', b'net.ipv4.tcp_* = %(value)s', b'net.*.tcp_[!z]* = %(value)s', b'net/ipv4/tcp_?*=%(value)s'),
    *(b'-net.ipv4.tcp_*', b'-net.*', b'# %(key)s = %(value)s', b' ; %(key)s=%(value)s', b'', b'%(key)s', b' \t'),
    *(b'net.* = %(value)s', b'/%(slash)s = %(value)s', b'net..ipv4.tcp_rfc1337 = %(value)s', b'\xef\xbb\xbf%(key)s=1'),
    *(
        b'net.ipv4.no_such_key = %(value)s',
        b'\v%(key)s=%(value)s',
        b'%(key)s\xa0=%(value)s',
        b'%(key)s=%(value)s\0 # x',
    ),
    *(b'\r%(key)s=%(value)s', b'%(key)s=\r%(value)s', b'= %(key)s = %(value)s', b'%(key)s =%(value)s\r\r', b'a\\'),
)
ENDS = (b'\n', b'\n', b'\n', b'\n', b'\r\n', b'\r\n', b'\r')


def missing() -> str | None:
    """Why the real readers cannot be asked here, or None."""
    if os.geteuid():
        return 'needs root for mount and network namespaces'
    try:
        if subprocess.call(['unshare', '-mn', 'mount', '--bind', '/usr/local/lib', '/etc']):
            return 'mount and network namespaces are not allowed here'
        procps = subprocess.check_output(['sysctl', '--version'], text=True)
        systemd = subprocess.check_output(['/usr/lib/systemd/systemd-sysctl', '--version'], text=True)
    except OSError as exc:
        return 'needs unshare, sysctl and systemd-sysctl: %s' % exc
    number = re.search(r'\d+', systemd)
    if number is None or int(number.group()) < 246 or 'procps-ng 4' not in procps:
        return 'the readers installed here know no globs'
    return None


def grow(root: Path, chance: random.Random) -> None:
    """Make a tree at `root`, which is empty or goes first."""
    shutil.rmtree(root, ignore_errors=True)
    for place in ('etc', 'run', 'proc', 'dev', 'usr/bin', 'usr/sbin', 'usr/lib64', 'usr/lib/systemd', 'usr/local/lib'):
        (root / place).mkdir(parents=True)
    for link, target in (('bin', 'usr/bin'), ('sbin', 'usr/sbin'), ('lib', 'usr/lib'), ('lib64', 'usr/lib64')):
        (root / link).symlink_to(target)
    libraries = [os.path.basename(path) for path in glob.glob('/usr/lib/*-linux-gnu')]
    for library in libraries:
        (root / 'usr' / 'lib' / library).mkdir()
    (root / 'dev' / 'null').touch()
    for place in PLACES:
        if chance.random() < 0.9 and not (root / place).exists():
            (root / place).mkdir(parents=True)
    if chance.random() < 0.15:
        _link_a_directory(root, chance)
    for _each in range(chance.randint(1, 9)):
        _add(root / chance.choice(PLACES) / chance.choice(NAMES), root, chance)
    if chance.random() < 0.5:
        _write(root / 'etc' / 'sysctl.conf', chance)
    link = root / 'etc' / 'sysctl.d' / '99-sysctl.conf'
    if chance.random() < 0.3 and _is_inside(link.parent, root):
        link.symlink_to(chance.choice(['../sysctl.conf', '/etc/sysctl.conf']))


def _is_inside(directory: Path, root: Path) -> bool:
    """Whether it is a directory of the tree: a link of the tree leads out of it for everybody but the readers."""
    return directory.is_dir() and directory.resolve().is_relative_to(root.resolve())


def _link_a_directory(root: Path, chance: random.Random) -> None:
    place, target = root / chance.choice(PLACES), chance.choice([*PLACES, 'srv/sysctl', 'run/elsewhere'])
    if place != root / target and not place.is_symlink():
        shutil.rmtree(place, ignore_errors=True)
        (root / target).mkdir(parents=True, exist_ok=True)
        place.symlink_to('/' + target)


def _add(path: Path, root: Path, chance: random.Random) -> None:
    if not _is_inside(path.parent, root) or os.path.lexists(path):
        return
    what = chance.random()
    if what < 0.12:
        path.symlink_to('/dev/null')
    elif what < 0.16:
        path.symlink_to(
            chance.choice(['/nowhere/x.conf', '/etc', path.name])
        )  # leads nowhere, to a directory, to itself
    elif what < 0.24:
        path.symlink_to('/%s/%s' % (chance.choice(PLACES), chance.choice(NAMES)))
    elif what < 0.28:
        path.mkdir()
    elif what < 0.34:
        _write(root / 'run' / 'made.conf', chance)
        path.symlink_to('/run/made.conf')
    else:
        _write(path, chance)


def _write(path: Path, chance: random.Random) -> None:
    end = chance.choice(ENDS)
    lines = [_line(chance) for _each in range(chance.randint(0, 5))]
    path.write_bytes(end.join(lines) + chance.choice([b'', end]))


def _line(chance: random.Random) -> bytes:
    form = chance.choice(LINES)
    key = chance.choice(list(BEFORE)[:5] if b'*' in form or chance.random() < 0.8 else [RANGE, RESERVED])
    return form % {b'key': key.encode(), b'slash': key.replace('.', '/').encode(), b'value': _value(key, chance)}


def _value(key: str, chance: random.Random) -> bytes:
    if key in VALUES:
        return chance.choice(VALUES[key])
    form = chance.choice(INTEGERS)
    return form % tuple(chance.randint(0, 6) for _each in range(form.count(b'%d')))


def left_behind(root: Path, programs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """{name: {key: value afterwards}} of shell commands that each begin with the values BEFORE.

    The commands of names that begin with `boot` find /run empty.
    """
    within = [('/usr/' + place, 'usr/' + place) for place in ('bin', 'sbin', 'lib64', 'lib/systemd')]
    for path in glob.glob('/usr/lib/*-linux-gnu'):
        within.append((path, path[1:]))
    covers = ['mount --bind %s %s/%s' % (source, root, place) for source, place in [*within, ('/dev/null', 'dev/null')]]
    covers += ['mount --rbind /proc %s/proc' % root]
    paths = ['/proc/sys/' + key.replace('.', '/') for key in BEFORE]
    reset = '; '.join('echo %s > %s' % pair for pair in zip(BEFORE.values(), paths, strict=True))
    read = 'cat ' + ' '.join(paths)
    script, empty = [], 'mount -t tmpfs none %s/run' % root
    for name in sorted(programs, key=lambda name: name.startswith('boot')):
        if name.startswith('boot') and empty:
            script.append(empty)
            empty = ''
        script.append('%s; chroot %s sh -c %s >/dev/null 2>&1' % (reset, root, _quoted(programs[name])))
        script.append(read)
    whole = ' && '.join(covers) + ' || exit 1\n' + '\n'.join(script)
    lines = subprocess.check_output(['unshare', '-mn', 'sh', '-c', whole], text=True).split('\n')
    found = {}
    for name in sorted(programs, key=lambda name: name.startswith('boot')):
        found[name] = {key: ' '.join(lines.pop(0).split()) for key in BEFORE}
    return found


def _quoted(text: str) -> str:
    return "'%s'" % text.replace("'", "'\\''")
