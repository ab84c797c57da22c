# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that translate, given to the real nft and iptables in a network namespace, and what the node program reads."""

from __future__ import annotations

import collections
import ipaddress
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers import nat_rules
from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers import translation
from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers.tree import Tree

from . import lab

# (kind, flags, ports, to): what a rule does, in the words of the record.
Meaning = tuple[str, tuple[str, ...], str | None, str | None]
BACKENDS = ('nft', 'legacy')
TOOLS = {'ip': 'iptables', 'ip6': 'ip6tables'}
NOBODY = 65534
ROUNDS = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=15)
LONG = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=400)


@pytest.fixture
def node(tools: None) -> Iterator[lab.Node]:
    with lab.Node() as inside:
        yield inside


def spans() -> st.SearchStrategy[str]:
    return st.tuples(st.integers(1, 65535), st.integers(1, 65535)).map(lambda two: '%d-%d' % (min(two), max(two)))


def addresses(family: str) -> st.SearchStrategy[str]:
    number = st.integers(1, 250)
    start = '192.0.2.%d' if family == 'ip' else '2001:db8::%x'
    one = number.map(lambda last: start % last)
    two = st.tuples(number, number).filter(lambda pair: pair[0] < pair[1])
    return one | two.map(lambda pair: '%s-%s' % (start % pair[0], start % pair[1]))


@st.composite
def meanings(draw: st.DrawFn, family: str = 'ip') -> Meaning:
    kind = draw(st.sampled_from(['masquerade', 'snat']))
    ports = draw(st.none() | spans())
    flags = tuple(flag for flag in nat_rules.FLAGS if draw(st.booleans()))
    if kind == 'masquerade':
        return kind, flags, ports, None
    return kind, flags, ports, draw(addresses(family))


COMMENTS = st.none() | st.sampled_from(
    ['masquerade fully-random', 'snat to 1.2.3.4', '-j MASQUERADE --random-fully', "it's here", 'a { b } c : d # e']
)
CHAINS = st.sampled_from(['POSTROUTING', 'KUBE-POSTROUTING', 'cali-nat-outgoing', 'CNI-0123456789abcdef', 'mine'])


def some_rules(family: str) -> st.SearchStrategy[list[tuple[str, Meaning, str | None]]]:
    return st.lists(st.tuples(CHAINS, meanings(family), COMMENTS), min_size=1, max_size=30)


def told(rules: Sequence[dict[str, Any]]) -> collections.Counter[Any]:
    """(chain, meaning) of what was read."""
    return collections.Counter(
        (rule['chain'].split(' ')[-1], (rule['kind'], tuple(rule['flags']), rule['ports'], _as_range(rule['to'])))
        for rule in rules
    )


def _as_range(to: str | None) -> str | None:
    """nft lists a range that is a whole network as one: 192.0.2.208-192.0.2.209 as 192.0.2.208/31."""
    if to is None or '/' not in to:
        return to
    network = ipaddress.ip_network(to)
    return '%s-%s' % (network[0], network[-1])


def wanted(rules: Sequence[tuple[str, Meaning, str | None]]) -> collections.Counter[Any]:
    return collections.Counter((chain, meaning) for chain, meaning, _comment in rules)


def iptables_options(meaning: Meaning, comment: str | None) -> list[str]:
    kind, flags, ports, to = meaning
    options = ['-p', 'tcp', *(['-m', 'comment', '--comment', '"%s"' % comment] if comment else [])]
    if kind == 'masquerade':
        options += ['-j', 'MASQUERADE', *(['--to-ports', ports] if ports else [])]
    else:
        brackets = '[%s]' if ':' in str(to) and ports else '%s'
        options += ['-j', 'SNAT', '--to-source', brackets % to + (':' + ports if ports else '')]
    spelled = {value: name for name, value in nat_rules.IPTABLES_FLAGS.items()}
    return [*options, *(spelled[flag] for flag in flags if kind == 'snat' or flag != 'persistent')]


def without_persistent(meaning: Meaning) -> Meaning:
    """MASQUERADE of iptables has no --persistent."""
    kind, flags, ports, to = meaning
    return kind, tuple(flag for flag in flags if kind == 'snat' or flag != 'persistent'), ports, to


def nft_statement(meaning: Meaning, comment: str | None) -> str:
    kind, flags, ports, to = meaning
    target = ''
    if to:
        ends = to.split('-')
        brackets = '[%s]' if ':' in to and ports else '%s'
        target = '-'.join(brackets % end for end in ends)
    target += ':' + ports if ports else ''
    parts = ['meta l4proto tcp', kind, 'to ' + target if target else '', ','.join(flags)]
    return ' '.join(part for part in [*parts, 'comment "%s"' % comment if comment else ''] if part)


def observed(node: lab.Node) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """What the reader says inside, in full: not only the kinds that a record has room for."""

    def look() -> Any:
        unavailable: dict[str, str] = {}
        rules = translation._asked(Tree('/'), translation.Tools(), unavailable)
        return rules, unavailable

    found: tuple[list[dict[str, Any]], dict[str, str]] = node.call(look)
    return found


@pytest.mark.parametrize('family', TOOLS)
@pytest.mark.parametrize('backend', BACKENDS)
def test_rules_of_iptables(node: lab.Node, backend: str, family: str) -> None:
    _check_iptables(node, backend, family, ROUNDS)


@pytest.mark.parametrize('family', TOOLS)
def test_rules_of_nft(node: lab.Node, family: str) -> None:
    _check_nft(node, family, ROUNDS)


@pytest.mark.long
@pytest.mark.parametrize('family', TOOLS)
@pytest.mark.parametrize('backend', BACKENDS)
def test_many_rules_of_iptables(node: lab.Node, backend: str, family: str) -> None:
    _check_iptables(node, backend, family, LONG)


@pytest.mark.long
@pytest.mark.parametrize('family', TOOLS)
def test_many_rules_of_nft(node: lab.Node, family: str) -> None:
    _check_nft(node, family, LONG)


def _check_iptables(node: lab.Node, backend: str, family: str, how: Callable[[Any], Any]) -> None:
    @how
    @given(some_rules(family))
    def check(rules: list[tuple[str, Meaning, str | None]]) -> None:
        chains = sorted({chain for chain, _meaning, _comment in rules} - {'POSTROUTING'})
        lines = ['*nat', *(':%s - [0:0]' % chain for chain in chains)]
        for chain, meaning, comment in rules:
            lines.append(' '.join(['-A', chain, *iptables_options(meaning, comment)]))
        node.run('%s-%s-restore' % (TOOLS[family], backend), stdin='\n'.join([*lines, 'COMMIT', '']))
        found, unavailable = observed(node)
        assert told(found) == wanted([(chain, without_persistent(meaning), '') for chain, meaning, _comment in rules])
        assert {rule['tool'] for rule in found} == {TOOLS[family]}
        assert unavailable == {}

    check()


def _check_nft(node: lab.Node, family: str, how: Callable[[Any], Any]) -> None:
    @how
    @given(some_rules(family))
    def check(rules: list[tuple[str, Meaning, str | None]]) -> None:
        lines = ['flush ruleset', 'table %s made {' % family]
        for chain in sorted({chain for chain, _meaning, _comment in rules}):
            lines.append('chain %s {' % chain)
            lines.append('type nat hook postrouting priority 100; policy accept;')
            lines += [nft_statement(meaning, comment) for name, meaning, comment in rules if name == chain]
            lines.append('}')
        node.run('nft', '-f', '-', stdin='\n'.join([*lines, '}', '']))
        found, unavailable = observed(node)
        assert told(found) == wanted(rules)
        assert unavailable == {}

    check()


def test_reading_leaves_the_node_as_it_was(node: lab.Node) -> None:
    """No table and no chain is made by asking, in either form."""

    def state() -> list[str]:
        lists = ['nft', 'list', 'ruleset'], ['cat', '/proc/net/ip_tables_names', '/proc/net/ip6_tables_names']
        return [subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout for command in lists]

    before = node.call(state)
    assert observed(node)[0] == []
    assert node.call(state) == before


def test_both_forms_of_iptables_and_nft_side_by_side(node: lab.Node) -> None:
    for backend, flag in (('legacy', '--random'), ('nft', '--random-fully')):
        node.run('iptables-' + backend, '-t', 'nat', '-A', 'POSTROUTING', '-o', 'eth0', '-j', 'MASQUERADE', flag)
    node.run(
        'nft', '-f', '-', stdin='table inet own { chain c { type nat hook postrouting priority 90; masquerade; }; }\n'
    )
    found, unavailable = observed(node)
    assert sorted((rule['tool'], rule['chain'], rule['flags']) for rule in found) == [
        ('iptables', 'POSTROUTING', ['fully-random']),
        ('iptables', 'POSTROUTING', ['random']),
        ('nft', 'inet own c', []),
    ]
    assert unavailable == {}


def test_without_root_the_answer_is_unknown_not_empty(node: lab.Node) -> None:
    def look() -> Any:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        unavailable: dict[str, str] = {}
        return translation.observe(Tree('/'), unavailable), unavailable

    found, unavailable = node.call(look)
    assert found is None
    assert unavailable
