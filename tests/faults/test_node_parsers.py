# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each parser of the node program on text that is almost what it reads: an answer, or the error that it promises."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nodepath  # noqa: F401  # pylint: disable=unused-import  # it brings _node
import pytest
from _node.errors import Malformed
from _node.parsers import (
    addresses,
    cgroup,
    counters,
    ini,
    init_jobs,
    kernel_arguments,
    kubelet_options,
    nat_rules,
    netstat_text,
    nlmsg,
    release,
    sed_script,
    shell_syntax,
    slabinfo,
    socket_table,
    sysctl_command,
    sysctl_conf,
    sysctl_edit,
    sysctl_listing,
    sysctl_value,
    tcp_metrics,
    tcp_packet,
    udev_rules,
    unit_commands,
    uptime,
    user_data,
    yaml_subset,
)
from _node.parsers.glob import NotUnderstood, glob_match
from _node.parsers.posix_pattern import Pattern

from tests.faults import damage
from tests.faults.exploring import SHARES, explore

LAB = Path(__file__).resolve().parents[1] / 'fixtures' / '4.4.178-lab' / '1-during'
RESERVED, RANGE = 'net.ipv4.ip_local_reserved_ports', 'net.ipv4.ip_local_port_range'
RECYCLE, CONTROL = 'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_congestion_control'
CONF = b'# x\nnet.ipv4.tcp_tw_recycle = 1\n-net/ipv4/tcp_syncookies=0x1 # on\r\nnet.ipv4.conf.*.rp_filter = 1\n-vm.x\n'
SHELL = (
    '#!/bin/sh\nset -e\nfor f in a "$b" $(cat x); do\n  case $f in a|b*) sysctl -w net.ipv4.tcp_tw_recycle=${v:-1};; '
    'esac\ndone\nif [ "$1" -gt 2 ] && test -f /x; then echo 1 > /proc/sys/net/ipv4/tcp_tw_recycle 2>&1; fi\n'
    'f() { read a b <<E\nx $((1 + 2))\nE\n}\nf 12 | sed -e "s/1/2/g" -n -e 3p >> x\n'
)
YAML = (
    'a: 1\nb:\n- [sh, "x \\x41"]\n- {c: d, e: [1, 2]}\nf: |2-\n    text\n  more\ng: >\n  folded\n---\n&x *x: !!str y\n'
)
NFT = (
    'table ip nat {\n\tchain POSTROUTING {\n\t\ttype nat hook postrouting priority srcnat; policy accept;\n'
    '\t\tip saddr 10.0.0.0/8 oifname "eth0" masquerade fully-random to :1024-65535\n\t}\n}\n'
)
IPTABLES = (
    '*nat\n:PREROUTING ACCEPT [0:0]\n:POSTROUTING ACCEPT [5:300]\n'
    '-A POSTROUTING -s 10.0.0.0/8 ! -o docker0 -j MASQUERADE --random-fully\n'
    '-A POSTROUTING -s 10.1.0.0/16 -j SNAT --to-source 192.0.2.1-192.0.2.9:1024-2048\nCOMMIT\n'
)
MIME = (
    'Content-Type: multipart/mixed; boundary="//"\nMIME-Version: 1.0\n\n--//\nContent-Type: text/x-shellscript\n'
    'Content-Transfer-Encoding: base64\n\nIyEvYmluL3NoCg==\n--//--\n'
)


def lab(name: str) -> str:
    return (LAB / name).read_text()


def places(data: bytes) -> set[Any]:
    return {(entry['line'], entry['key']) for entry in sysctl_conf.parse(data)}


def listed(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda given: list(parse(given))


# {parser: (what calls it, what it reads)}: text as the node decodes it, or bytes.
PARSERS: dict[str, tuple[Callable[[Any], Any], str | bytes]] = {
    'listening': (addresses.parse_listening, lab('proc/net/tcp')[:1500]),
    'fib_trie': (addresses.parse_fib_trie, '  +-- 0.0.0.0/0\n     |-- 192.0.2.1\n        /32 host LOCAL\n'),
    'if_inet6': (addresses.parse_if_inet6, '20010db8000000000000000000000001 02 40 00 80     eth0\n'),
    'cgroup': (cgroup.parse_cgroup, '0::/kubepods/besteffort/pod%s/docker-%s.scope\n' % ('a' * 32, 'b' * 64)),
    'netstat': (counters.parse_groups, lab('proc/net/netstat')),
    'snmp': (counters.parse_groups, lab('proc/net/snmp')),
    'implausible': (lambda text: counters.implausible(counters.parse_groups(text), [4, 4, 1]), lab('proc/net/snmp')),
    'sockstat': (counters.parse_sockstat, lab('proc/net/sockstat')),
    'conntrack': (
        lambda text: counters.parse_conntrack_stat(text, ('entries', 'drop')),
        'entries  drop  early_drop\n0000001a 00000000 00000001\n0000001a 00000002 00000000\n',
    ),
    'crontab': (
        lambda text: init_jobs.crontab(text, True),
        'A=1\n*/5 * * * * root sysctl -w x.y=1%z\n@reboot root x\n',
    ),
    'anacrontab': (init_jobs.anacrontab, 'SHELL=/bin/sh\n1 5 tune sysctl -w x.y=1\n'),
    'ini': (listed(ini.sections), '[A]\nb = c\\\n d\n;x\n[E]\nf=\n'),
    'interfaces': (listed(init_jobs.interfaces), 'auto eth0\niface eth0 inet dhcp\n  post-up sysctl -w x.y=1 \\\n z\n'),
    'upstart': (init_jobs.upstart, 'start on runlevel [2345]\nenv A=b\nscript\n  x\nend script\nexec y\n'),
    'inittab': (listed(init_jobs.inittab), 'si::sysinit:/etc/rc.d/rc.sysinit\ntune:2345:once:/sbin/sysctl -p\n'),
    'modprobe': (listed(init_jobs.modprobe), 'install x /sbin/modprobe -i x \\\n && sysctl -p\noptions y z=1\n'),
    'interpreter': (shell_syntax.foreign, '#!/usr/bin/env -S python3 -u\nx\n'),
    'command line': (
        listed(kernel_arguments.command_line),
        'linux /vmlinuz root="a b" sysctl.net.core.x=1 sysctl/a/b=2\n',
    ),
    'kubelet': (
        listed(kubelet_options.unsafe_sysctls),
        'allowedUnsafeSysctls:\n- net.core.somaxconn\nX="--allowed-unsafe-sysctls=net.*,kernel.msg*"\n',
    ),
    'iptables-save': (nat_rules.parse_iptables_save, IPTABLES),
    'nft': (nat_rules.parse_nft, NFT),
    'nat tables': (nat_rules.parse_nat_tables, IPTABLES),
    'netstat -s': (lambda text: netstat_text.parse_netstat(text, [4, 4, 178]), lab('netstat_-s')),
    'netlink': (
        lambda data: [nlmsg.attributes(payload) for _kind, payload in nlmsg.messages(data)],
        bytes.fromhex('1c0000001200020001000000020000000800010001020304' + '00000000'),
    ),
    'release': (release.parse_release, '3.10.0-1160.119.1.el7.x86_64'),
    'banner': (release.release_of_banner, lab('proc/version')),
    'uname': (release.release_of_uname, lab('uname_-a')),
    'sed': (
        lambda text: sed_script.edited(text, ['net.x = 1\n', '#y\n'], [], True),
        '2,$!{s/x/y/2g;/a/,/b/d};1i\\\nz\n$p;y/a/b/',
    ),
    'shell': (lambda text: list(shell_syntax.commands(text)), SHELL),
    'slabinfo': (slabinfo.parse_slabinfo, 'slabinfo - version: 2.1\ntw_sock_TCP 10 20 256 16 1 : tunables\n'),
    'slab': (lambda text: slabinfo.parse_cache(text, text), '300 N0=200 N1=100\n'),
    'socket table': (
        lambda text: [socket_table.proc_row(line) for line in text.split('\n')[1:-1]],
        lab('proc/net/tcp')[:1501],
    ),
    'ss': (socket_table.ss_rows, lab('ss_-tano')[:3000]),
    'ss listening': (socket_table.ss_listening, lab('ss_-tano')[:3000]),
    'sysctl command': (
        lambda text: sysctl_command.actions(text.split(' ')),
        '-e -q -w net.x=1 net.y = 2 -p /etc/a --system',
    ),
    'sysctl.conf': (sysctl_conf.parse, CONF),
    'canonical': (sysctl_conf.canonical, 'net/ipv4/conf/eth0.100/rp_filter'),
    'glob': (lambda text: sysctl_conf.matches(text, 'net.ipv4.conf.eth0.rp_filter'), 'net.ipv4.conf.[a-z]*.rp_?ilter'),
    'disable': (lambda data: sysctl_edit.disable(data, places(data)), CONF),
    'remove': (lambda data: sysctl_edit.remove(data, places(data)), CONF),
    'persist': (lambda data: sysctl_edit.persist(data, RECYCLE, '0', 'why'), CONF),
    'sysctl -a': (sysctl_listing.parse_listing, lab('sysctl_-a')[:4000]),
    'listed': (lambda text: sysctl_listing.listed(text, RECYCLE), lab('sysctl_-a')[:4000]),
    'key': (sysctl_value.checked_key, '-net/ipv4/tcp_tw_recycle'),
    'value': (lambda text: sysctl_value.checked_value(RECYCLE, text), ' 0x1 # on'),
    'ports': (lambda text: sysctl_value.taken(RESERVED, text), '80,443-445,30000-32767\n'),
    'range': (lambda text: sysctl_value.taken(RANGE, text, [4, 11, 0]), '32768\t60999'),
    'name': (lambda text: sysctl_value.taken(CONTROL, text), 'cubic\n'),
    'same': (lambda text: sysctl_value.same(text, '1-2,5'), '1,2,5'),
    'obeyed': (lambda text: sysctl_value.obeyed(text, text), '4096 87380 6291456'),
    'tcp_metrics': (
        tcp_metrics.parse_message,
        bytes.fromhex('0100000008000100c000020108000c000100000008000d00ffffffff'),
    ),
    'ip tcp_metrics': (
        lambda text: tcp_metrics.armed(tcp_metrics.parse_shown(text)),
        lab('ip_tcp_metrics_show') + '192.0.2.1 ts 4/55sec ago\n',
    ),
    'packet': (
        lambda data: tcp_packet.parse(data, 0, len(data), 0x0800),
        bytes.fromhex(
            '4500003c000040004006000ac0000201c0000202' + 'c3500050000000010000000050022000000000000' + '0' * 39
        ),
    ),
    'tmpfiles': (listed(init_jobs.tmpfiles), 'w+ /proc/sys/net/ipv4/tcp_tw_recycle - - - - "1 \\x41"\n'),
    'udev': (listed(udev_rules.rules), 'ACTION=="add", RUN{program}+="/sbin/sysctl -w x.y=1", SYSCTL{net/x}="1"\n'),
    'unit': (
        lambda text: unit_commands.command(text, 'x@y.service', {'A': 'b'}),
        '-/bin/sh -c "sysctl -w ${A} %i %%" ; /x',
    ),
    'environment': (unit_commands.environment_of, 'A="b c" \'D=e\' F=\\x41'),
    'uptime': (uptime.parse_uptime, ' 10:00:00 up 3 days,  4:05,  1 user\n'),
    'user data': (lambda data: list(user_data.parts(data)), MIME.encode()),
    'archive': (
        lambda text: list(user_data.archive(text, 1)),
        '#cloud-config-archive\n- type: text/x\n  content: |\n    x\n',
    ),
    'yaml': (lambda text: list(yaml_subset.documents(text)), YAML),
    'glob_match': (lambda text: glob_match(text, 'tcp_tw_recycle'), 'tcp_[!a-s]*_r?c[[:alpha:]]cle'),
    'pattern': (
        lambda text: Pattern(text, True).search('net.ipv4.tcp_tw_recycle', 0),
        '^(net|[a-z]+)\\.(ipv4){1,2}.*$',
    ),
}
PROMISED = (Malformed, NotUnderstood, ValueError)


def check(name: str) -> Callable[[random.Random], None]:
    parse, sample = PARSERS[name]
    data = sample if isinstance(sample, bytes) else sample.encode('utf-8')

    def case(chance: random.Random) -> None:
        changed = data
        for _each in range(chance.randrange(4)):
            changed = damage.text_of(changed, chance)
        try:
            found = parse(changed if isinstance(sample, bytes) else changed.decode('utf-8', 'replace'))
        except PROMISED:
            return
        numbers_fit(found)

    return case


def numbers_fit(found: Any) -> None:
    """No number of an answer is larger than a record may have, whatever stood in the text."""
    for number in numbers_in(found):
        assert abs(number) < 2**64 * 2**24, number


def numbers_in(value: Any) -> Any:
    if isinstance(value, int):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from numbers_in(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from numbers_in(each)


@SHARES
@pytest.mark.parametrize('name', PARSERS)
def test_a_parser(name: str, share: str) -> None:
    explore(name, check(name), share, 20, 400)
