# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of sysctl.conf(5) and sysctl.d(5), with every form that some release of procps or systemd obeys.

They end lines differently (systemd 252 src/sysctl/sysctl.c parse_file(), src/basic/fileio.c read_line(); procps 3.3.10
sysctl.c Preload(), 4.0.2 src/sysctl.c parse_setting_line()): to systemd a newline, a carriage return and a NUL end a
line. To procps a newline alone does, a NUL hides the rest, and a value ends at a carriage return (before 4.0; 4.0 hands
the rest to the kernel too, which refuses it). So a file with carriage returns alone is one line to procps. Neither
joins lines that end in a backslash, drops a byte order mark before the first key, or ends a value at a `#`.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..keys import path_of

READERS = SYSTEMD, PROCPS = ('systemd', 'procps')
BLANK = {SYSTEMD: b' \t\n\r', PROCPS: b' \t\n\r\v\f'}  # WHITESPACE of systemd; isspace(3) in the C locale
RETURN = b'\r'  # what ends a value for procps besides a newline
_ODD = (b'\r', b'\0', b'\v', b'\f')


def canonical(key):
    """The dotted name of a key or glob: `net/ipv4/conf/a.1/x` and `net.ipv4.conf.a/1.x` give the latter.

    The first separator decides what the others mean (sysctl_normalize in systemd, slashdot in procps); empty parts go.
    """
    slash, dot = key.find('/'), key.find('.')
    if slash >= 0 and not 0 <= dot < slash:
        key = path_of(key)
    return '.'.join(part for part in key.split('.') if part not in ('', '/'))


def is_glob(key):
    return '*' in key or '?' in key or '[' in key


def matches(glob, key):
    """Whether glob(7) `glob` of at most MAX_GLOB characters reaches `key`, both canonical: a wildcard stays within one
    part of the name."""
    from .glob import MAX_GLOB, glob_match  # much to compile, and few files have a pattern
    if len(glob) > MAX_GLOB:
        return False
    parts, names = glob.split('.'), key.split('.')
    return len(parts) == len(names) and all(glob_match(part, name) for part, name in zip(parts, names))


def parse(data):
    """[{line, key, value, form, by, exact}] of the assignments and exclusions in the bytes of a file, in order.

    `key` is canonical text, `value` the bytes that are written, None for an exclusion (`-key` without `=`); `form` is
    plain, dash, slash, glob or, for exclusions, exclude; `by` are the READERS that read it so; `exact`: the key is
    written as the path that it leads to. `line` counts from 1 by newlines. What is neither is left out.
    """
    entries = []
    for number, line in enumerate(data.split(b'\n'), 1):
        for entry in _odd_line(line) if _is_odd(line) else [_entry(line, PROCPS)]:
            if entry:
                entry['line'] = number
                entry.setdefault('by', READERS)
                entries.append(entry)
    return entries


def pieces(line):
    """What systemd reads as lines of its own in a line, and what ends them: a piece, an end, a piece ..."""
    found = []
    for part in line.split(b'\r'):
        for piece in part.split(b'\0'):
            found += [piece, b'\0']
        found[-1] = b'\r'
    return found[:-1]


def _is_odd(line):
    """Whether the readers may see different things in a line; one carriage return at its end is none of them."""
    line = line[:-1] if line[-1:] == b'\r' else line
    return any(char in line for char in _ODD)


def _odd_line(line):
    """The entries of a line that the readers may see differently, once where they do not."""
    found = [dict(entry, by=(SYSTEMD,)) for entry in [_entry(piece, SYSTEMD) for piece in pieces(line)[::2]] if entry]
    other = _entry(line.partition(b'\0')[0], PROCPS)
    if other and PROCPS in other.get('by', READERS):
        alike = [entry for entry in found if (entry['key'], entry['value']) == (other['key'], other['value'])]
        for entry in alike[:1]:
            entry['by'] = READERS
        if not alike:
            found.append(dict(other, by=(PROCPS,)))
    return found


def _entry(line, reader):
    line = line.strip(BLANK[reader])
    if line[:1] in (b'', b'#', b';'):
        return None
    name, equals, value = line.partition(b'=')
    dash = name[:1] == b'-'
    if not (equals or dash) or RETURN in name:  # in a name it is a part of it for procps, and no key has one
        return None
    written = name[1 if dash else 0:].strip(BLANK[reader]).decode('utf-8', 'replace')
    key = canonical(written)
    if not key:
        return None
    form = 'glob' if is_glob(key) else 'dash' if dash else 'slash' if '/' in written else 'plain'
    if reader == PROCPS:
        value = value.lstrip(BLANK[reader]).partition(RETURN)[0]
    found = {'key': key, 'value': value.strip(BLANK[reader]) if equals else None, 'form': form if equals else 'exclude',
             'exact': written in (key, path_of(key))}
    if dash and name[1:2].strip(BLANK[reader]) == b'' and name[1:]:
        found['by'] = (SYSTEMD,)  # `- key`: procps looks for a key that begins with the blank
    return found
