# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that translate source addresses, as `iptables-save` and `nft list ruleset` print them.

A rule is {tool, chain, kind, flags, ports, to, owner, line}:

- tool: `iptables`, `ip6tables` or `nft`; chain: its name, of nft `FAMILY TABLE CHAIN`
- kind: `masquerade` or `snat`; to: the addresses as they are written, or None
- flags: those of FLAGS that it has, in that order, or None where the listing does not tell
- ports: `LOW-HIGH` that it may give, or None: the client's own port where it is free, else any
- owner: the program whose chains bear such names, or None; line: the rule as printed; no text is longer
  than LINE characters

Sources: iptables-extensions(8), nft(8) NAT STATEMENTS; tests/collisions holds it against iptables 1.8.9 and nft 1.0.6.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

LINE = 200
FLAGS = ('random', 'fully-random', 'persistent')
KINDS = {'MASQUERADE': 'masquerade', 'SNAT': 'snat', 'masquerade': 'masquerade', 'snat': 'snat'}
IPTABLES_FLAGS = {'--random': 'random', '--random-fully': 'fully-random', '--persistent': 'persistent'}
TARGETS = ('--to-source', '--to-ports')

# How the chains of programs begin, in iptables and in nft tables that carry the names of iptables.
CHAINS = (
    ('KUBE-', 'kube-proxy'),  # kubernetes pkg/proxy/iptables/proxier.go
    ('FLANNEL-', 'flannel'),  # flannel pkg/trafficmngr/iptables
    ('cali-', 'calico'),  # calico felix/rules
    ('CNI-', 'cni'),  # containernetworking/plugins pkg/ip, portmap
    ('CILIUM_', 'cilium'),
    ('IP-MASQ', 'ip-masq-agent'),
    ('KIND-MASQ-', 'kindnet'),
    ('ANTREA-', 'antrea'),
    ('WEAVE', 'weave'),
    ('AWS-SNAT-', 'aws-vpc-cni'),
    ('DOCKER', 'docker'),
    ('NETAVARK', 'podman'),
    ('LIBVIRT_', 'libvirt'),
)
# Tables that one program has for itself.
TABLES = {'kube-proxy': 'kube-proxy', 'flannel-ipv4': 'flannel', 'flannel-ipv6': 'flannel', 'calico': 'calico',
          'docker-bridges': 'docker', 'netavark': 'podman', 'libvirt_network': 'libvirt', 'firewalld': 'firewalld'}
# In POSTROUTING itself: flannel before it had chains of its own, and Docker, which names its bridges.
FLANNEL_COMMENT = '"flanneld masq"'
DOCKER_BRIDGES = ('docker0', 'br-')
BRIDGE_ID = 12  # hexadecimal digits that Docker's own bridges bear
OUTPUTS = ('-o', 'oifname')


def parse_iptables_save(text, tool='iptables'):
    """The rules among the text of `iptables-save`, of its nat table if it has others; never an error."""
    found, table = [], ''
    for line in text.split('\n'):
        if line.startswith('*'):
            table = line[1:].strip()
        elif table == 'nat' and (' MASQUERADE' in line or ' SNAT' in line):
            words = _words(line)
            kind = KINDS.get(_after(words, '-j'))
            chain = _after(words, '-A')
            if kind and chain:
                found.append(_of_iptables(tool, chain, kind, words, line))
    return found


def parse_nft(text):
    """The rules among the text of `nft list ruleset`, or of single tables; never an error."""
    found, table, chain = [], '', None
    for line in text.split('\n'):
        if line.startswith('table '):
            table, chain = line[6:].partition(' {')[0], None
        elif line.startswith('\tchain '):
            chain = line[7:].partition(' {')[0]
        elif line.startswith('\t}'):
            chain = None
        elif chain and ('masquerade' in line or 'snat' in line or 'MASQUERADE' in line or 'SNAT' in line):
            rule = _of_nft(table, chain, _words(line), line)
            if rule:
                found.append(rule)
    return found


def parse_nat_tables(text):
    """['FAMILY TABLE', ...] among the text of `nft list chains` or `list ruleset` that see packets when they leave."""
    found, table = [], ''
    for line in text.split('\n'):
        if line.startswith('table '):
            table = line[6:].partition(' {')[0]
        elif 'type nat hook postrouting' in line and table not in found:
            found.append(table)
    return found


def chooses_ports(rule):
    """Whether a rule gives ports at random: a range does so for each client whose own port is not in it."""
    flags = rule['flags'] or ()
    return bool(rule['ports']) or 'random' in flags or 'fully-random' in flags


def _words(line):
    """The words of a line; what stands in double quotes is one, with its quotes and without escaped ones."""
    if '"' not in line:
        return line.split()
    words = []
    for number, part in enumerate(line.replace('\\\\', '').replace('\\"', '').split('"')):
        if number % 2:
            words.append('"%s"' % part)
        else:
            words.extend(part.split())
    return words


def _after(words, word):
    """What follows the word, or None."""
    place = words.index(word) + 1 if word in words else len(words)
    return words[place] if place < len(words) else None


def _of_iptables(tool, chain, kind, words, line):
    given = set(IPTABLES_FLAGS[word] for word in words if word in IPTABLES_FLAGS)
    target = [_after(words, option) for option in TARGETS if option in words]
    to, ports = _target(target[0] if target and target[0] else '', '--to-ports' in words)
    return _rule(tool, chain, kind, [flag for flag in FLAGS if flag in given], ports, to,
                 _owner('', chain, words), line)


def _of_nft(table, chain, words, line):
    """The rule in a line of a chain, or None. A statement that translates is the last of its rule, a comment apart."""
    body = words[:-3] if words[-3:-1] == ['#', 'handle'] else words  # nft -a, as sosreport asks it
    body = body[:-2] if body[-2:-1] == ['comment'] else body
    owner = _owner(table.partition(' ')[2], chain, words)
    where = '%s %s' % (table, chain)
    compat = _compat(body)
    if compat:
        return _rule('nft', where, compat, None, None, None, owner, line)
    start = _statement(body)
    if start is None:
        return None
    kind, rest = KINDS[body[start]], body[start + 1:]
    flags = []
    while rest and all(flag in FLAGS for flag in rest[-1].split(',')):
        flags += rest.pop().split(',')
    words_to = rest[rest.index('to') + 1:] if 'to' in rest else []
    to, ports = _target(' '.join(words_to), False)
    return _rule('nft', where, kind, [flag for flag in FLAGS if flag in flags], ports, to, owner, line)


def _compat(body):
    """The kind of a target of iptables that nft cannot show: `xt target "SNAT"`, `# xt_SNAT` before 1.0.2; or None."""
    last = body[-1] if body else ''
    if body[-3:-1] == ['xt', 'target']:
        return KINDS.get(last.strip('"'))
    return KINDS.get(last[3:]) if last.startswith('xt_') else None


def _statement(body):
    """Where the statement begins: not the name of a chain that is jumped to, nor `ct status snat`."""
    for place in range(len(body) - 1, -1, -1):
        word, before, rest = body[place], body[place - 1:place], body[place + 1:]
        if before in (['jump'], ['goto']):
            continue
        if word == 'masquerade' and (not rest or rest[0] == 'to' or rest[0].split(',')[0] in FLAGS):
            return place
        if word == 'snat' and 'to' in rest[:5] and (rest[0] == 'to' or rest[0] in ('ip', 'ip6', 'prefix', 'interval')):
            return place
    return None


def _target(text, ports_alone):
    """(addresses, ports) of `ADDRESSES`, `ADDRESSES:PORTS`, `[ADDRESS]-[ADDRESS]:PORTS` or `:PORTS`; None each.

    A map is an address text as it stands.
    """
    if ports_alone:
        return None, _span(text)
    head, colon, tail = text.rpartition(':')
    ports = _span(tail)
    # The last part of an IPv6 address looks like a port: only behind brackets is it one, or behind a network, which nft
    # lists without (its own range of two addresses as well).
    if not colon or ports is None or (':' in head and not head.endswith(']') and '/' not in head):
        return text.replace('[', '').replace(']', '') or None, None
    return head.replace('[', '').replace(']', '') or None, ports


def _span(text):
    """`LOW-HIGH` of `LOW-HIGH` or of one port, or None."""
    low, dash, high = text.partition('-')
    high = high if dash else low
    return '%s-%s' % (low, high) if low.isdigit() and high.isdigit() and len(text) <= 11 else None


def _owner(table, chain, words):
    for start, owner in CHAINS:
        if chain.startswith(start):
            return owner
    if table in TABLES:
        return TABLES[table]
    if FLANNEL_COMMENT in words:
        return 'flannel'
    outputs = [words[place + 1 + (words[place + 1] == '!=')].strip('"') for place in range(len(words) - 2)
               if words[place] in OUTPUTS]
    return 'docker' if any(_is_dockers(name) for name in outputs) else None


def _is_dockers(interface):
    bridge, made = DOCKER_BRIDGES
    return interface == bridge or (interface.startswith(made) and len(interface) == len(made) + BRIDGE_ID
                                   and not interface[len(made):].strip('0123456789abcdef'))


def _rule(tool, chain, kind, flags, ports, to, owner, line):
    return {'tool': tool, 'chain': chain[:LINE], 'kind': kind, 'flags': flags, 'ports': ports, 'to': to and to[:LINE],
            'owner': owner, 'line': line.strip()[:LINE]}
