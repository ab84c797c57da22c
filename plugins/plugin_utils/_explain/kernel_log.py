# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of logs, of conntrack and of packet filters that name a fault by themselves."""

import re

from ...module_utils._node.parsers.release import parse_release, release_of_banner, release_of_uname
from .reading import Reading
from .shell import Context

#: (statement, how kernels since 2.6 say it): net/ipv4/tcp*.c, nf_conntrack_core.c, net/core/neighbour.c.
LOG = (
    ('tw_overflow', re.compile(r'time wait bucket table overflow')),
    ('synflood', re.compile(r'[Pp]ossible SYN flooding')),
    ('synqueue_drop', re.compile(r'SYN flooding on port .*Dropping request|drop open request from')),
    ('conntrack_full', re.compile(r'(?:nf|ip)_conntrack: (?:nf_conntrack: )?table full')),
    ('memory_pressure', re.compile(r'TCP: out of memory|TCP: too many orphaned|too many of orphaned sockets')),
    ('neigh_overflow', re.compile(r'[Nn]eighbou?r table overflow|neighbor table overflow')),
    ('rp_filter_drops', re.compile(r'martian source')),
    ('ports_exhausted', re.compile(r'Cannot assign requested address|EADDRNOTAVAIL|\berrno[ =:]*99\b|\(99: ')),
)
#: One word of each, and what a log of a packet filter has: most lines have none of them.
_ANY = re.compile(
    r'time wait|SYN flood|open request|_conntrack: |TCP: |table overflow|martian|assign req|EADDRNOT|errno|99: |IN='
)
#: What rules that log call the packets that they drop, before the packet itself.
_DROPPED = re.compile(r'DROP|BLOCK|REJECT|DENY|DENIED', re.I)
#: The ways in which a log begins that a line is about the kernel.
_KERNEL_LINE = re.compile(r'\bkernel: |^\s*(?:<\d+>)?\[ *\d+\.\d+\] |^\[\w{3} \w{3} ')
_CONNTRACK_STAT = re.compile(r'^cpu=\d+\s+(.*)$')
_CONNTRACK_LINE = re.compile(r'\bnf_conntrack_(count|max)\s*[=:]\s*(\d{1,12})')
_FILTER = re.compile(r'^\s*(\d+[KMG]?)\s+\d+[KMG]?\s+(DROP|REJECT)\s+(?:tcp|all|6|0)\b')
_POLICY = re.compile(r'^Chain (?:INPUT|FORWARD) \(policy (?:DROP|REJECT) (\d+[KMG]?) packets')
_NFT = re.compile(r'\bcounter packets (\d+) bytes \d+ (?:drop|reject)\b')
_NOT_LINUX = (
    re.compile(r'^(?:TCP|IPv4) Statistics for IPv4|^\s*Active Opens\s+= \d+'),  # Windows
    re.compile(r'^tcp:$|^\s+\d+ discarded for bad checksums?$|^\s*\d+ bad reset\w*$|^net\.inet6?\.'),  # BSD, macOS
    re.compile(r'^\s*(?:TCP\s+)?tcpRtoAlgorithm\s+=\s+\d'),  # Solaris
)


def whole_log(text: str, found: Reading) -> None:
    """A log of any length of which only the lines count that name a fault."""
    for name, sign in LOG:
        times = sum(1 for _each in sign.finditer(text))
        if times:
            found.sign(name, times)


def log_lines(line: str, at: Context, found: Reading) -> bool:
    """Take a line of a log, and what says which system it is."""
    return _banner(line, found) or _foreign_system(line, found) or _said(line, found)


def tables(line: str, at: Context, found: Reading) -> bool:
    """Take a line of conntrack -S, of the sizes of its table, of iptables -v or of nft."""
    per_cpu = _CONNTRACK_STAT.match(line.strip())
    if per_cpu:
        found.is_form('conntrack')
        for word in per_cpu[1].split():
            name, _equals, number = word.partition('=')
            if number.isdecimal() and len(number) < 20:
                found.conntrack[name] = found.conntrack.get(name, 0) + int(number)
        return True
    size = _CONNTRACK_LINE.search(line)
    if size:
        found.is_form('conntrack')
        found.conntrack[size[1]] = int(size[2])
        return True
    dropped = _FILTER.match(line) or _POLICY.match(line) or _NFT.search(line)
    if dropped:
        found.is_form('filter')
        if dropped[1].strip('0KMG'):
            found.sign('filter_drops')
    return bool(dropped)


def _banner(line: str, found: Reading) -> bool:
    start = line.find('Linux ')
    if start < 0:
        return False
    release = release_of_banner(line[start:]) or (
        release_of_uname(line[start:]) if ' SMP' in line or '#' in line else None
    )
    parsed = parse_release(release)
    if parsed['version'] is None:
        return False
    found.release, found.version = parsed['release'], parsed['version']
    found.is_form('release')
    return True


def bare_release(line: str, at: Context, found: Reading) -> bool:
    """The output of uname -r, under its command."""
    text = line.strip()
    if (
        'uname' not in at.command
        and 'osrelease' not in at.command
        and not re.fullmatch(r'[2-9]\.\d+\.\d+-[-.\w+~]+', text)
    ):
        return False
    parsed = parse_release(text)
    if parsed['version'] is None or ' ' in text:
        return False
    found.release, found.version = parsed['release'], parsed['version']
    found.is_form('release')
    return True


def _foreign_system(line: str, found: Reading) -> bool:
    if any(sign.search(line) for sign in _NOT_LINUX):
        found.sign('not_linux')
        return True
    return False


def _said(line: str, found: Reading) -> bool:
    text = line[:2000]
    if not _ANY.search(text) and not _KERNEL_LINE.search(text):
        return False
    names = [name for name, sign in LOG if sign.search(text)] + ['filter_drops'] * _is_filtered(text)
    for name in names:
        found.sign(name)
    if names or _KERNEL_LINE.search(text):
        found.is_form('kernel_log' if names != ['ports_exhausted'] else 'error')
    return bool(names)


def _is_filtered(text: str) -> bool:
    """A SYN that a packet filter logged under a name that says that it is dropped (iptables -j LOG, ufw)."""
    name, _in, packet = text.partition('IN=')
    return ' SYN' in packet and 'PROTO=TCP' in packet and bool(_DROPPED.search(name))
