# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel makes of a text that is written to a sysctl: the one place that decides it, for node and controller.

Read in kernel/sysctl.c (proc_get_long, do_proc_dointvec, proc_dou8vec_minmax, proc_do_large_bitmap, proc_dostring) and
net/ipv4/sysctl_net_ipv4.c of Linux 6.18 and RHEL 7.7, measured on 6.18.44 by raw writes in a network namespace
(tests/kernel/test_values.py repeats it with 20,000 random texts):

- A number is decimal, 0x hexadecimal or 0 octal, with a minus or none, at most 20 characters. Blanks before it are
  skipped: space, tab, newline, \\v, \\f, \\r and the byte A0. A space, tab or newline ends it, and the rest does not
  count: `1 # on` is 1. Any other character after it refuses the whole: `1;`, `"1"`, `1#on`, `1.0`, `1\\r`. So does a
  number outside of the key's range.
- Several numbers (tcp_rmem): each is taken as it comes. Fewer leave the others as they are; a part that is refused
  leaves those before it written, although the write fails.
- ip_local_port_range: both ends or neither; one number sets the lower end alone. The lower end must not lie above the
  upper one, and from 4.11 not below ip_unprivileged_port_start (taken to be its default, 1024).
- ip_local_reserved_ports: numbers and ranges with commas and no blanks; any fault refuses the whole list.
- Names (tcp_congestion_control, default_qdisc): the whole text up to a newline, 15 characters of it; the kernel refuses
  a name that it does not have, and none has blanks or punctuation.

Not followed: kernels without strict writes (kernel.sysctl_writes_strict, the default from 4.5 and in RHEL 7) take `0 1`
as 0 and then 1, for systemd and procps write the rest again; kernels before 4.1 cut a number above 2^31 to an int.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..keys import NODE_SYSCTLS, TIMESTAMPS, path_of
from . import sysctl_conf

MAX_VALUE = 4096
# No regular expressions: importing re costs a node more than a run that finds nothing to change does otherwise.
_NOT_IN_KEYS = u'=#;*?[]\0'
_NOT_IN_VALUES = u'\r\n\0'

PORT_RANGE, RESERVED_PORTS = 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_local_reserved_ports'
NAMES = ('net.ipv4.tcp_congestion_control', 'net.core.default_qdisc')
BUFFERS = ('net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem')  # three numbers from 1 on
BLANK = b' \t\n\v\f\r\xa0'  # isspace() of lib/ctype.c
ENDS = b' \t\n'  # proc_wspace_sep
DIGITS = {8: b'01234567', 10: b'0123456789', 16: b'0123456789abcdefABCDEF'}
LONGEST = 21  # TMPBUFLEN - 1: as many characters and more are refused
PAGE = 4095  # of a longer text the first page counts
INT = (-2 ** 31, 2 ** 31 - 1)
MAX_PORT = 65535
NAME_MAX = 15  # IFNAMSIZ and TCP_CA_NAME_MAX without the final NUL
_BYTE = ([5, 13], 0, 255)  # 4ecc1baf362c: proc_dou8vec_minmax
_SECONDS = ([0, 0], -(INT[1] // 100), INT[1] // 100)  # an int in jiffies: what no HZ takes is out of range
# What is narrower than an int: {key: (first kernel, lowest, highest)}. tcp_tw_reuse: 79e9fed46038.
RANGES = {
    TIMESTAMPS: _BYTE, 'net.ipv4.tcp_rfc1337': _BYTE, 'net.ipv4.tcp_syncookies': _BYTE,
    'net.ipv4.tcp_abort_on_overflow': _BYTE, 'net.ipv4.tcp_tw_reuse': ([4, 19], 0, 2),
    'net.core.somaxconn': ([3, 12], 0, INT[1]), 'net.ipv4.tcp_fin_timeout': _SECONDS,
    'net.netfilter.nf_conntrack_tcp_timeout_time_wait': _SECONDS}
# Keys that are one integer; of keys that are not here (a user's own) the text alone tells what they are.
INTEGERS = frozenset(NODE_SYSCTLS) - frozenset((PORT_RANGE, RESERVED_PORTS))
KNOWN = INTEGERS.union((PORT_RANGE, RESERVED_PORTS), NAMES, BUFFERS)


def checked_key(key):
    """The canonical dotted form of a key. ValueError says what is wrong with it."""
    name = sysctl_conf.canonical(key.strip().lstrip('-'))
    parts = path_of(name).split('/')
    if len(parts) < 2 or _holds(name, _NOT_IN_KEYS) or name.split() != [name] or '.' in parts or '..' in parts:
        raise ValueError('%s is not the name of a sysctl' % key)
    return name


def checked_value(key, value):
    """The value as one line of text, blanks as the kernel prints them. ValueError says what is wrong with it.

    key: canonical. What the kernel would not read of a value (`1 # on`) is left out.
    """
    if _holds(value, _NOT_IN_VALUES) or len(value) > MAX_VALUE:
        raise ValueError('%s: the value must be one line of at most %d characters' % (key, MAX_VALUE))
    text = u' '.join(value.split())
    kernel = taken(key, text)
    if kernel is None:
        raise ValueError('%s: the value "%s" %s' % (key, text, refusal(key, text)))
    return text if key not in KNOWN or same(text, u'%s' % kernel) else u'%s' % kernel


def taken(key, text, version=None):
    """What `text` makes of `key` (canonical): an int, text as the kernel prints it, None where it is refused.

    text: bytes, or text as UTF-8; None is None. version: the kernel's [major, minor, ...], None where it is not known.
    """
    if text is None:
        return None
    if key == RESERVED_PORTS:
        return ports(text)
    if key == PORT_RANGE:
        return _port_range(text, version)
    if key in NAMES:
        return _name(text)
    if key in INTEGERS:
        found = numbers(text, 1, *_range(key, version))[0]
        return found[0] if found else None
    found = numbers(text, 3, 1)[0] if key in BUFFERS else numbers(text, PAGE)[0]
    if not found:
        return None if key in BUFFERS else _words(text)
    return found[0] if len(found) == 1 else _joined(found)


def refusal(key, text, version=None):
    """Why the kernel refuses a text for `key`, for people: the end of a sentence that begins with the text."""
    kind, lowest, highest = refused_as(key, text, version)
    return 'is not a %s for the kernel' % kind if lowest is None else 'is not between %d and %d' % (lowest, highest)


def refused_as(key, text, version=None):
    """(number, lowest, highest) of a number out of range; of other text (what it should be, None, None)."""
    if key in INTEGERS and numbers(text, 1, -10 ** LONGEST, 10 ** LONGEST)[0]:
        return ('number',) + tuple(_range(key, version)[:2])
    kinds = {RESERVED_PORTS: 'list of ports', PORT_RANGE: 'range of ports'}
    return kinds.get(key, 'name' if key in NAMES else 'number'), None, None


def visible(key, raw):
    """The text of a value for people: without blanks that the kernel skips, bytes that are not UTF-8 as U+FFFD."""
    skipped = key != RESERVED_PORTS and key not in NAMES
    return (raw.lstrip(BLANK) if skipped else raw).decode('utf-8', 'replace')


def same(one, two):
    """Whether two values are the same number by number (0x10 is 16), port by port (1,2 is 1-2) or word by word."""
    first, second = one.split(), two.split()
    if first == second:
        return True
    if _holds(one + two, ',-') and len(first) == len(second) == 1:
        found = ports(first[0])
        if found is not None:
            return found == ports(second[0])
    found = _all_numbers(one)
    return bool(found) and found == _all_numbers(two)


def obeyed(line, value):
    """Whether a file's value has the effect of `value`: numbers may be followed by what the kernel does not read."""
    found = _all_numbers(value)
    return numbers(line, len(found))[0] == found if found else same(line, value)


def numbers(text, count, low=INT[0], high=INT[1], minus=True):
    """([int] that the kernel takes for a key of `count` numbers between low and high, whether it refuses the write).

    minus: whether a minus is allowed at all.
    """
    data, found = _raw(text)[:PAGE].lstrip(BLANK), []
    while data and len(found) < count:
        number = _number(data, ENDS)
        if not number or not low <= number[0] <= high or (number[1] and not minus):
            return found, True
        found.append(number[0])
        data = number[2].lstrip(BLANK)
    return found, not found


def ports(text):
    """A list of ports as the kernel prints it ("80,443-445", sorted and merged), None where it refuses the list."""
    spans = spans_of(text)
    return None if spans is None else listed(spans)


def spans_of(text):
    """[(first, last)] of the ports of a list, sorted and merged; None where the kernel refuses it."""
    data, spans = _raw(text).lstrip(b'\n'), []
    while data:
        low, data = _port(data, b'-,\n')
        high = low
        if data[:1] == b'-':
            high, data = _port(data[1:], b',\n\0')
        if low is None or high is None or low > high:
            return None
        spans.append((low, high))
        data = data[1:].lstrip(b'\n')
    return merged(spans)


def listed(spans):
    """Spans as the kernel prints them: "80,443-445"."""
    return u','.join(u'%d' % low if low == high else u'%d-%d' % (low, high) for low, high in spans)


def merged(spans):
    """Spans sorted, and those that touch each other as one."""
    found = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _raw(text):
    return text if isinstance(text, bytes) else text.encode('utf-8', 'replace')


def _joined(found):
    return u' '.join(u'%d' % one for one in found)


def _words(text):
    return u' '.join(_raw(text).decode('utf-8', 'replace').split())


def _range(key, version):
    """(lowest, highest, whether a minus is allowed) of a key on a kernel; that of an int where the kernel is not known.

    What is kept in one byte is read as an unsigned number: not even `-0` is taken.
    """
    first, low, high = RANGES.get(key, (None,) + INT)
    narrow = first is None or list(version or (0, 0))[:2] >= first
    return (low, high, high > 255) if narrow else INT + (True,)


def _number(data, ends):
    """(number, whether it has a minus, what follows it) at the beginning of data, None where it is refused."""
    minus = data[:1] == b'-'
    digits = data[minus:LONGEST]
    base = 10 if digits[:1] != b'0' else 8
    if digits[1:2] in (b'x', b'X') and base == 8 and digits[2:3] and digits[2:3] in DIGITS[16]:
        base, digits = 16, digits[2:]
    digits = digits[:len(digits) - len(digits.lstrip(DIGITS[base]))]
    used = minus + (2 if base == 16 else 0) + len(digits)
    end = data[used:used + 1]
    if not digits or used == LONGEST or (end and end not in ends):
        return None
    return int(b'-' * minus + digits, base), bool(minus), data[used:]


def _port(data, ends):
    """(port or None, what follows it)."""
    number = _number(data, ends)
    if not number or number[1] or number[0] > MAX_PORT:
        return None, b''
    return number[0], number[2]


def _port_range(text, version):
    found, refused = numbers(text, 2, 1, MAX_PORT)
    lowest = 1024 if version and list(version)[:2] >= [4, 11] else 1
    if refused or found[0] < lowest or found[0] > found[-1]:
        return None
    return _joined(found)


def _name(text):
    name = _raw(text).partition(b'\n')[0].partition(b'\0')[0][:NAME_MAX]
    return name.decode('ascii') if name.replace(b'_', b'').replace(b'-', b'').isalnum() else None


def _all_numbers(text):
    """[int] of a text that is nothing but numbers, else None."""
    found, refused = numbers(text, PAGE)
    return None if refused else found


def _holds(text, chars):
    return any(char in text for char in chars)
