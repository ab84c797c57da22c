# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of attempts that met TIME_WAIT: slow, or held up by a setting or by a firewall."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose import translator
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import diagnosis_text
from tests.unit.plugins.plugin_utils._diagnose import cases

Json = dict[str, Any]
NAT = '203.0.113.1'
PLAIN = {
    'tool': 'nft', 'chain': 'ip nat postrouting', 'kind': 'masquerade', 'flags': [], 'ports': None, 'to': None,
    'owner': None, 'line': 'oifname "wan" masquerade', 'count': 1,
}  # fmt: skip
RANDOM = {
    **PLAIN,
    'tool': 'iptables',
    'flags': ['fully-random'],
    'line': '-A KUBE-POSTROUTING -j MASQUERADE --random-fully',
}
HUNG = cases.attempts('timeout', retransmits=3)
OVER = [{**attempt, 'ms': 11.4} for attempt in cases.attempts(retransmits=1)]
SOON = {'again_s': 0.0113}


def story(
    made: list[Json],
    seen: list[Json],
    *,
    counted: Json | None = None,
    rfc1337: str = '0',
    box: Json | None = None,
) -> Json:
    rises = {'PAWSTimewait': 20} if counted is None else counted
    where = cases.goal(tcp_rfc1337=rfc1337)
    return cases.concluded(where, made, seen, cases.counters(**rises), box=box)


#: name -> the document of a diagnosis.
STORIES = {
    'slow': functools.partial(story, OVER, cases.seen(OVER, resets=1, **SOON)),
    'rfc1337': functools.partial(story, HUNG, cases.seen(HUNG, False, resets=2, **SOON), rfc1337='1'),
    'reset_dropped': functools.partial(story, HUNG, cases.seen(HUNG, False, resets=2, **SOON)),
    'ports': functools.partial(story, HUNG, cases.seen(HUNG, False, resets=4, ports=4, **SOON)),
    'reset_lost': functools.partial(story, HUNG, cases.seen(HUNG, False, **SOON)),
    'ack_lost': functools.partial(story, HUNG, cases.seen(HUNG, False)),
}
WANTED = {
    'slow': ('high', '5 of them came up all the same, after 11.4 to 11.4 ms: slow, not lost'),
    'rfc1337': ('high', 'net.ipv4.tcp_rfc1337=1 there'),
    'reset_dropped': ('high', 'came to the destination in vain: its own packet filter drops them'),
    'ports': ('high', 'those met TIME_WAIT too, up to 4 times for one attempt'),
    'reset_lost': ('high', 'their resets did not come: something on the way drops them'),
    'ack_lost': ('medium', 'something on the way drops the ACK of the old connection'),
}
FIRST = {
    'slow': 'on the box that does SNAT',
    'rfc1337': 'let a reset end TIME_WAIT again',
    'reset_dropped': "let the destination's own packet filter pass the client's reset",
    'ports': 'on the box that does SNAT',
    'reset_lost': "let the firewalls between pass the client's reset",
    'ack_lost': 'let the firewalls between pass an ACK',
}


@pytest.mark.parametrize('name', STORIES)
def test_each_story_is_told_by_its_end(name: str) -> None:
    document = STORIES[name]()
    found = document['conclusion']
    sure, said = WANTED[name]
    assert (found['cause'], found['confidence']) == ('time_wait_collision', sure), found
    assert said in ' / '.join(found['why'])
    assert document['collision']['held_by'] == (None if name == 'slow' else name)
    assert document['next'][0]['text'].startswith(FIRST[name])
    others = {cause['id']: cause['state'] for cause in document['causes'] if cause['id'] != found['cause']}
    assert others == dict.fromkeys(others, 'ruled out')


@pytest.mark.parametrize('name', STORIES)
def test_no_story_tells_the_end_of_another(name: str) -> None:
    told = diagnosis_text.render(STORIES[name](), 'en').partition('RULED OUT')[0]
    assert [other for other, (_sure, said) in WANTED.items() if said in told] == [name]


def test_the_attempts_that_met_it_are_counted_by_what_came_of_them() -> None:
    made = [*OVER[:2], *cases.attempts('timeout', 3, first=2, retransmits=3)]
    arrived = [*cases.seen(made[:2], resets=1, **SOON), *cases.seen(made[2:], False, **SOON)]
    document = story(made, arrived)
    told = document['collision']
    assert (told['met'], told['slow'], told['hang'], told['held_by']) == (5, 2, 3, 'reset_lost')
    why = ' / '.join(document['conclusion']['why'])
    assert '5 of 5 attempts met TIME_WAIT' in why
    assert 'came to the destination from 2 of them' in why


def test_the_snat_is_told_by_its_ports_and_the_clocks_of_its_address() -> None:
    chosen = STORIES['slow']()
    kept = story(OVER, [{**each, 'source_port': 47000 + number, 'resets': 1, **SOON}
                        for number, each in enumerate(cases.seen(OVER))])  # fmt: skip
    none = story(OVER, cases.seen(OVER, nat='198.51.100.7', resets=1, **SOON))
    for document, ports, said in (
        (chosen, 'chosen', 'another port than their own: random, random-fully or a port range'),
        (kept, 'kept', 'it forgets a connection before the destination does'),
        (none, None, ''),
    ):
        assert document['collision']['ports'] == ports
        assert said in ' / '.join(document['conclusion']['why'])
    assert 'does SNAT' not in ' / '.join(none['conclusion']['why'])
    assert chosen['collision']['address'] == NAT


def box(*rules: Json) -> Json:
    return {'host': 'gate1', 'address': NAT, 'rules': list(rules)}


def test_the_host_that_translates_and_its_rules_are_named_those_with_random_ports_first() -> None:
    document = story(OVER, cases.seen(OVER, resets=1, **SOON), box=box(PLAIN, PLAIN, PLAIN, RANDOM))
    why = ' / '.join(document['conclusion']['why'])
    assert '203.0.113.1 is an address of gate1' in why
    said = 'its rules: -A KUBE-POSTROUTING -j MASQUERADE --random-fully; oifname "wan" masquerade; '
    assert said in why
    assert 'and 1 more' in why
    assert document['collision']['snat']['host'] == 'gate1'
    assert document['next'][0]['command'] == "ansible gate1 -b -m ansible.builtin.raw -a 'iptables-save -t nat'"


def test_a_host_that_translates_without_rules_that_could_be_read() -> None:
    document = story(OVER, cases.seen(OVER, resets=1, **SOON), box={**box(), 'rules': None})
    why = ' / '.join(document['conclusion']['why'])
    assert 'is an address of gate1' in why
    assert 'its rules' not in why
    assert document['next'][0]['command'] is None


def test_a_rule_with_control_characters_reaches_no_terminal() -> None:
    hostile = {**RANDOM, 'line': 'masquerade comment "\x1b[2J\u202e"'}
    document = story(OVER, cases.seen(OVER, resets=1, **SOON), box=box(hostile))
    shown = diagnosis_text.render(document, 'en')
    assert 'masquerade comment' in shown
    assert '\x1b' not in shown
    assert '\u202e' not in shown


def asked(made: list[Json], seen: list[Json] | None) -> str | None:
    plan = {'tasks': [{'name': 'diagnose-probe-1', 'role': 'source'}, {'name': 'diagnose-watch', 'role': 'watch'}]}
    return translator.asked(plan, {'diagnose-probe-1': cases.tried(made), 'diagnose-watch': {'connections': seen}})


def test_who_translates_is_asked_for_only_where_attempts_failed_or_were_slow() -> None:
    fine = cases.attempts()
    assert asked(OVER, cases.seen(OVER)) == NAT
    assert asked(HUNG, cases.seen(HUNG, False)) == NAT
    assert asked(fine, cases.seen(fine)) is None
    assert asked(HUNG, []) is None
    assert asked(HUNG, None) is None
    assert asked(HUNG, cases.seen(HUNG, False, nat='198.51.100.7')) is None  # its own address


def located(kind: str) -> Json:
    return {'matches': [{**cases.match(), 'kind': kind}]}


def test_the_one_host_with_the_address_translates() -> None:
    nobody = {'matches': []}
    facts = {'gate1': {'ansible_facts': {'nodetcp': {'translation': [RANDOM]}}}}
    assert translator.found(NAT, {'web1': nobody, 'gate1': located('host'), 'web2': {}}, facts) == box(RANDOM)
    inner = translator.found(NAT, {'gate1': located('container')}, facts)
    assert inner == {**box(), 'rules': None}  # the rules are the host's own
    assert translator.found(NAT, {'gate1': located('host')}, {}) == {**box(), 'rules': None}
    assert translator.found(NAT, {'gate1': located('host'), 'gate2': located('host')}, facts) is None
    assert translator.found(NAT, {'web1': nobody}, {}) is None


def clocked(*values: int | None) -> list[Json]:
    """Attempts of which each begins at such a timestamp."""
    return [{**attempt, 'tsval': value} for attempt, value in zip(OVER, values, strict=True)]


@pytest.mark.parametrize(
    ('made', 'cause', 'said'),
    [
        (clocked(4000000000, 17, 2500000000, 900000000, 1700000000), 'offset_per_connection', 'an offset for each'),
        (clocked(4294967000, 4294967200, 104, 304, 504), 'different_clocks', 'others were on these ports before'),
    ],
)
def test_the_clocks_of_the_clients_tell_why_their_syns_are_older(made: list[Json], cause: str, said: str) -> None:
    document = story(made, cases.seen(made, resets=1, **SOON))
    assert document['collision']['cause'] == cause
    assert said in ' / '.join(document['conclusion']['why'])


def test_without_timestamps_nothing_is_said_of_clocks() -> None:
    made = clocked(None, None, None, None, None)
    arrived = [{**each, 'source': '198.51.100.7', 'source_port': 47000 + number, 'tsval': None}
               for number, each in enumerate(cases.seen(OVER, resets=1, **SOON))]  # fmt: skip
    document = story(made, arrived)
    assert document['collision']['met'] == 5
    assert document['collision']['cause'] == 'unknown'
    assert 'clock' not in ' / '.join(document['conclusion']['why'])


@pytest.mark.parametrize('lie', [{'from': 'x:y'}, {'tsval': 10**400}, {'tsval': -1}, {'at_s': 1e308}, {'at_s': -1.0}])
def test_a_node_that_lies_about_its_clock_tells_nothing_of_it(lie: Json) -> None:
    document = story([{**attempt, **lie} for attempt in OVER], cases.seen(OVER, resets=1, **SOON))
    assert document['conclusion']['cause'] == 'time_wait_collision'
    assert document['collision']['cause'] == 'unknown'


def test_a_counter_that_rose_less_than_the_syns_does_not_make_it_sure() -> None:
    document = story(HUNG, cases.seen(HUNG, False), counted={'PAWSTimewait': 7})
    assert document['conclusion']['confidence'] == 'low'


def test_a_diagnosis_of_something_else_tells_no_collision() -> None:
    assert story(HUNG, cases.seen(HUNG, False), counted={})['collision'] is None


def test_what_the_settings_of_clients_cost_is_said() -> None:
    assert 'gives up what the fix of CVE-2026-23247 protects' in STORIES['slow']()['next'][-1]['text']
