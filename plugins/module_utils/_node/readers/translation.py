# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How this node translates source addresses: the rules that nft and iptables-save list, or a capture of their lists.

Nothing is changed and no kernel module is loaded by asking: a tool is run only where the kernel already has what it
would list. iptables-save of the legacy form would load its tables otherwise, nft would load nf_tables.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from ..errors import Unreadable

CAPTURES = (('nft_list_ruleset', 'nft'), ('iptables-save_-t_nat', 'iptables'), ('ip6tables-save_-t_nat', 'ip6tables'))
CONNTRACK = '/proc/sys/net/netfilter/nf_conntrack_count'  # without connection tracking nothing is translated
# (tool, file with the tables that its legacy form has in the kernel, the table of nf_tables that its other form uses)
IPTABLES = (('iptables', '/proc/net/ip_tables_names', 'ip nat'), ('ip6tables', '/proc/net/ip6_tables_names', 'ip6 nat'))
SAVES = ('%s-save', '%s-nft-save', '%s-legacy-save')
INCOMPATIBLE = 'is incompatible'  # what iptables-save says of a table that somebody else made with nft
LISTINGS = (('-s', '-nn', '-t'), ('-nn',))  # without counters, names and elements of sets; before 0.9.4 without -t

DIRECTORIES = ('/usr/sbin', '/sbin', '/usr/bin', '/bin', '/usr/local/sbin')
SECONDS, MOST_BYTES = 5, 16777216  # of one tool
MOST_TABLES, MOST_KINDS = 16, 16
KIND = ('tool', 'kind', 'flags', 'ports', 'to', 'owner')


def observe(tree, unavailable, tools=None):
    """The `translation` part of the record: kinds of rules, those that choose ports at random first.

    [{tool, chain, kind, flags, ports, to, owner, line, count}]: a rule as in parsers/nat_rules.py, and how many are
    like it in all but chain and line; at most MOST_KINDS. None where it cannot be told; what was not seen is in
    `unavailable` {tool, file or part: reason}; raises nothing.
    """
    rules = _asked(tree, tools or Tools(), unavailable) if tree.root == '/' else _captured(tree, unavailable)
    if rules is None:
        return None
    kinds = grouped(rules)
    if len(kinds) > MOST_KINDS:
        unavailable['translation'] = '%d of %d kinds of rules left out' % (len(kinds) - MOST_KINDS, len(kinds))
    return kinds[:MOST_KINDS]


def grouped(rules):
    """The rules, of those alike the first with their `count`; the ones with random ports first, unknown ones next."""
    found, order = {}, []
    for rule in rules:
        mark = tuple(tuple(rule[name] or ()) if name == 'flags' else rule[name] for name in KIND)
        mark += (rule['flags'] is None,)
        if mark not in found:
            found[mark] = dict(rule, count=0)
            order.append(found[mark])
        found[mark]['count'] += 1
    return sorted(order, key=_rank)


def _rank(rule):
    flags = rule['flags']
    return 1 if flags is None else 0 if 'random' in flags or 'fully-random' in flags else 2


def _captured(tree, unavailable):
    """All rules of a capture's files, or None where it has none of them."""
    from ..parsers import nat_rules  # most nodes and captures have nothing to read
    found = {}
    for name, tool in CAPTURES:
        try:
            text = tree.read('/' + name, MOST_BYTES)
        except Unreadable as exc:
            unavailable[exc.path] = exc.reason
            continue
        if text is not None:
            found[tool] = nat_rules.parse_nft(text) if tool == 'nft' else nat_rules.parse_iptables_save(text, tool)
    if not found:
        unavailable['translation'] = 'no %s in the capture' % ' or '.join(name for name, _tool in CAPTURES)
        return None
    own = [rule for rule in found.get('nft', ()) if not _told_by_iptables(rule, found)]
    return own + found.get('iptables', []) + found.get('ip6tables', [])


def _told_by_iptables(rule, found):
    """Whether a rule that nft lists is one of those that iptables-save told, and told better."""
    own, _blank, chain = rule['chain'].rpartition(' ')
    return any(own == table and any(other['chain'] == chain for other in found.get(tool, ()))
               for tool, _names, table in IPTABLES)


def _asked(tree, tools, unavailable):
    """All rules that this node's tools list, or None where they did not answer."""
    try:
        if not tree.exists(CONNTRACK):
            return []
        nf_tables = _in_kernel(tree, 'nf_tables')
        legacy = [tool for tool, names, _table in IPTABLES if 'nat' in (tree.read(names) or '').split()]
    except Unreadable as exc:
        unavailable[exc.path] = exc.reason
        return None
    rules, told, reasons = [], [], {}
    for tool, _names, table in IPTABLES:
        found, whole = _saved(tool, tool in legacy, nf_tables, tools, reasons)
        rules += found
        told += [table] if whole else []
    if nf_tables:
        rules += _listed(told, tools, reasons)
    unavailable.update(reasons)
    return None if reasons and not rules else rules


def _in_kernel(tree, module):
    """Whether the kernel has this module, loaded or built in. Raises Unreadable."""
    loaded = tree.read('/proc/modules')
    if loaded is None or tree.exists('/sys/module/' + module):
        return True
    if any(line.startswith(module + ' ') for line in loaded.split('\n')):
        return True
    release = (tree.read('/proc/sys/kernel/osrelease') or '').strip()
    return '/%s.ko' % module in (tree.read('/lib/modules/%s/modules.builtin' % release) or '')


def _saved(tool, legacy, nf_tables, tools, unavailable):
    """(rules of iptables-save, whether they are all that its own table of nf_tables holds)."""
    from ..parsers import nat_rules
    wanted, rules, whole = [form for form, there in (('legacy', legacy), ('nft', nf_tables)) if there], [], False
    for name in SAVES:
        path = tools.find(name % tool)
        form = path and ('nft' if 'nft' in os.path.basename(os.path.realpath(path)) else 'legacy')
        if form in wanted:
            wanted.remove(form)
            text = tools.run([path, '-t', 'nat'], name % tool, unavailable)
            rules += nat_rules.parse_iptables_save(text or '', tool)
            whole = whole or (form == 'nft' and text is not None and INCOMPATIBLE not in text)
    if 'legacy' in wanted:
        unavailable[SAVES[0] % tool] = 'not installed, and the kernel has a nat table of its legacy form'
    return rules, whole


def _listed(told, tools, unavailable):
    """The rules of the tables of nf_tables, those of iptables left out that it told itself."""
    from ..parsers import nat_rules
    path = tools.find('nft')
    if path is None:
        unavailable['nft'] = 'not installed: of the rules in nf_tables only those of iptables are known'
        return []
    tables = nat_rules.parse_nat_tables(tools.run([path, 'list', 'chains'], 'nft', unavailable) or '')
    tables = [table for table in tables if table not in told]
    if len(tables) > MOST_TABLES:
        unavailable['nft'] = '%d of %d tables that translate not read' % (len(tables) - MOST_TABLES, len(tables))
    rules = []
    for table in tables[:MOST_TABLES]:
        rules += nat_rules.parse_nft(_table(path, table.split(' '), tools, unavailable) or '')
    return rules


def _table(path, names, tools, unavailable):
    reasons = {}
    for options in LISTINGS:
        text = tools.run([path] + list(options) + ['list', 'table'] + names, 'nft', reasons)
        if text is not None:
            return text
    unavailable.update(reasons)
    return None


class Tools(object):
    """The programs of this node, run with bounds: found in `directories`, ended after `seconds` or so many bytes."""

    def __init__(self, directories=DIRECTORIES, seconds=SECONDS, most=MOST_BYTES):
        self._directories, self._seconds, self._most = directories, seconds, most

    def find(self, name):
        """The path of a program, or None."""
        for directory in self._directories:
            path = os.path.join(directory, name)
            if os.access(path, os.X_OK):
                return path
        return None

    def run(self, command, name, unavailable):
        """What the command prints, as text; None where it fails, and then `unavailable` says under `name` why."""
        from subprocess import PIPE, Popen
        environment = {'PATH': ':'.join(self._directories), 'LC_ALL': 'C'}
        try:
            with open(os.devnull, 'rb') as nothing:
                program = Popen(  # pylint: disable=ansible-bad-function
                    command, stdin=nothing, stdout=PIPE, stderr=PIPE, env=environment, close_fds=True)
        except EnvironmentError as exc:
            unavailable[name] = (exc.strerror or str(exc)).lower()
            return None
        ended = False
        try:
            output, said, reason = self._collect(program)
            ended = reason is None
        finally:
            if not ended:
                program.kill()
            program.stdout.close()
            program.stderr.close()
            status = program.wait()
        if reason is None and status:
            words = said.decode('utf-8', 'replace').strip().partition('\n')[0][:160]
            reason = 'ended with %d: %s' % (status, words or 'it did not say why')
        if reason is not None:
            unavailable[name] = reason
            return None
        return output.decode('utf-8', 'replace')

    def _collect(self, program):
        """(output, errors, None or why it is to be ended) of a program that runs."""
        import select
        parts = {program.stdout: [], program.stderr: []}
        open_streams, left, end = list(parts), self._most, _clock() + self._seconds
        reason = None
        while open_streams and reason is None:
            ready = select.select(open_streams, [], [], max(0.0, end - _clock()))[0]
            for stream in ready:
                part = os.read(stream.fileno(), min(left + 1, 65536))
                parts[stream].append(part)
                left -= len(part)
                if not part:
                    open_streams.remove(stream)
            if left < 0:
                reason = 'more than %d bytes of output' % self._most
            elif not ready:
                reason = 'no answer within %d s' % self._seconds
        return b''.join(parts[program.stdout]), b''.join(parts[program.stderr]), reason


def _clock():
    """Seconds that nobody sets: Python 2 has no monotonic clock."""
    return os.times()[4]
