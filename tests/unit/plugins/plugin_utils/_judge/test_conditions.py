# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that rules call: values, scopes, versions, and null for everything that is not there."""

from __future__ import annotations

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import window
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.conditions import IMPLIED, LITERALS, OURS, Conditions
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.expression import (
    ConditionError,
    Evaluator,
    Expression,
)
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.facts import gather
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.view import View
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.records import (
    both,
    container,
    definition,
    line,
    persisted,
    record,
    sample,
    writer,
)

EL6, EL7, EL8 = '2.6.32-642.el6.x86_64', '3.10.0-1160.el7.x86_64', '4.18.0-240.el8.x86_64'
RECYCLE = 'net.ipv4.tcp_tw_recycle'


def value(text, of, earlier=None, index=0):
    view = View(of, index, window.measure(of, earlier)[index])
    return Evaluator(view).value(Expression(text).ast, view, gather(view, 'server').data)


@pytest.mark.parametrize(
    ('release', 'version', 'least', 'below', 'same'),
    [
        ('4.12.0', '4.12', True, False, True),
        ('4.12.14', '4.12', True, False, True),
        ('4.11.12', '4.12', False, True, False),
        ('3.10.0-1160.el7', '4.12', False, True, False),
        ('3.9.0', '3.10', False, True, False),
        ('5.4.0', '4.12', True, False, False),
        ('10.0.0', '9.12', True, False, False),
        ('6.1.192', '6.1.193', False, True, False),
        (None, '4.12', False, False, False),
    ],
)
def test_versions(release, version, least, below, same):
    of = record(release)
    found = [value("%s('%s')" % (name, version), of) for name in ('kernel_at_least', 'kernel_below', 'kernel_is')]
    assert found == [least, below, same]


def test_vendor():
    assert value("vendor('el8')", record(EL8)) is True
    assert value("vendor('el8')", record(EL7)) is False
    assert value("vendor('el8')", record(None)) is False


def test_values_are_numbers_texts_or_null():
    of = record(EL7, {'a.number': 5, 'a.negative': -1, 'a.range': '1 2', 'a.none': None})
    of['namespaces'][0]['sysctls']['a.unreadable'] = {'value': None, 'scope': 'unreadable'}
    keys = ('a.number', 'a.negative', 'a.range', 'a.none', 'a.unreadable', 'a.missing')
    assert [value("sysctl('%s')" % key, of) for key in keys] == [5, -1, '1 2', None, None, None]
    scopes = ['namespace', 'namespace', 'namespace', 'absent', 'unreadable', None]
    assert [value("sysctl_scope('%s')" % key, of) for key in keys] == scopes
    assert [value("has_sysctl('%s')" % key, of) for key in keys] == [True, True, True, False, True, False]
    assert [value("nonzero('%s')" % key, of) for key in keys] == [True, True, False, False, False, False]


def test_a_containers_value_is_the_hosts_where_it_has_no_file():
    other = container(EL7)
    other['sysctls']['net.ipv4.tcp_mem'] = {'value': None, 'scope': 'absent'}
    of = record(EL7, {RECYCLE: 1, 'net.ipv4.tcp_mem': '1 2 3'}, others=[other])
    other['sysctls'][RECYCLE] = {'value': None, 'scope': 'host'}
    assert value("sysctl('%s')" % RECYCLE, of, index=1) == 1
    assert value("sysctl_scope('%s')" % RECYCLE, of, index=1) == 'host'
    assert value("sysctl('net.ipv4.tcp_mem')", of, index=1) == '1 2 3'
    assert value("sysctl('net.core.somaxconn')", of, index=1) == 128


def test_persisted():
    of = record(EL7, persisted={'x.y': persisted(line(0), line(1)), 'x.z': persisted(None, None, [])})
    assert value("persisted('x.y')", of) == 1
    assert value("winners('x.y')", of) == [0, 1]
    assert value("winning_lines('x.y').systemd.file", of) == '/etc/sysctl.d/50-x.conf'
    assert value("persisted('x.z')", of) is None
    assert value("winners('x.q')", of) == []
    assert value("winners('x.y')", record(EL7, persisted={'x.y': both('010')})) == [8]


def test_definitions_are_lines_that_some_reader_obeys_and_writers():
    lines = [definition(1), definition(0, 'shadowed'), definition(1, 'replaced'), definition(1, 'ignored')]
    of = record(EL7, persisted={RECYCLE: persisted(line(1), None, lines)}, writers=[writer(), writer(key='a.b')])
    found = value("definitions('%s')" % RECYCLE, of)
    assert [(entry['by'], entry['value']) for entry in found] == [('sysctl', 1), ('sysctl', 0), ('rc.local', 1)]
    assert len(value("writers('%s')" % RECYCLE, of)) == 1


def test_counters_are_null_where_absent_and_deltas_without_a_window():
    of = record('6.18.44', counts={'PAWSTimewait': 7})
    assert value("counter('PAWSTimewait')", of) == 7
    assert value("counter('TcpExt.PAWSTimewait')", of) == 7
    assert value("counter('Tcp.RetransSegs')", of) == value("counter('RetransSegs')", of) == 5
    assert value("counter('PAWSPassive')", of) is None
    assert value("counter('conntrack.count')", of) is None
    assert value("delta('PAWSTimewait')", of) is None
    assert value("rises('PAWSTimewait')", of) is False
    earlier = sample(of, PAWSTimewait=3)
    assert value("delta('PAWSTimewait')", of, earlier) == 3
    assert value("delta('PAWSPassive')", of, earlier) is None
    assert value("rises('PAWSTimewait')", of, earlier) is True
    assert value("rises('ListenDrops')", of, earlier) is False


@pytest.mark.parametrize(
    ('release', 'drops', 'passive', 'overflows', 'wanted'),
    [
        (EL7, 826963, 826164, 0, 799),
        (EL7, 10, 10, 0, 0),
        (EL7, 10, 4, 6, 0),
        (EL6, 438798, 1123035, 438798, 0),
        (EL6, 5, 100, 0, 5),
        ('6.18.44', 7, None, 3, 4),
        (EL7, 3, 9, 0, 0),
    ],
)
def test_attribution_of_listen_drops_depends_on_the_kernel(release, drops, passive, overflows, wanted):
    of = record(release, counts={'ListenDrops': drops, 'PAWSPassive': passive, 'ListenOverflows': overflows})
    earlier = sample(of, ListenDrops=drops, PAWSPassive=passive or 0, ListenOverflows=overflows)
    assert value('unexplained_drops()', of, earlier) == wanted
    assert value('unexplained_drops()', of) is None


@pytest.mark.parametrize(
    ('ports', 'reserved', 'usable', 'overlap'),
    [
        ('32768 60999', '', 28232, 0),
        ('32768 61000', '35357', 28232, 0),
        ('1024 65535', '', 64512, 2768),
        ('1024 65535', '30000-32767', 61744, 0),
        ('1024 65535', '80,30000-31000,65535', 63510, 1767),
        ('32768 60999', '40000-40999,40000-40999', 27232, 0),
        ('1024 65535', '30000-32767,31000,32000-33000', 61511, 0),
        ('32767 32768', '', 2, 1),
        ('5 1', '', None, None),
        ('x', '', None, None),
        (None, '', None, None),
    ],
)
def test_ports(ports, reserved, usable, overlap):
    of = record(EL7, {'net.ipv4.ip_local_port_range': ports, 'net.ipv4.ip_local_reserved_ports': reserved})
    assert value('usable_ports()', of) == usable
    assert value('unreserved_nodeports()', of) == overlap


def test_enough_ports_counts_what_files_will_set_for_the_node_alone():
    narrow = {'net.ipv4.ip_local_port_range': '40000 60999'}
    files = {'net.ipv4.ip_local_port_range': both('40000 61500')}
    of = record(EL7, narrow, others=[container(EL7, narrow)], persisted=files)
    assert value('enough_ports()', of) == '32768 61500'
    assert value('enough_ports()', of, index=1) == '32768 60999'
    assert value('enough_ports()', record(EL7, {'net.ipv4.ip_local_port_range': '1024 32000'})) is None


def test_boot_default_of_tw_buckets_is_read_off_tcp_max_orphans():
    assert value('tw_buckets_default()', record(EL7)) == 65536
    assert value('tw_buckets_default()', record(EL7, {'net.ipv4.tcp_max_orphans': 50000})) is None
    assert value('tw_buckets_default()', record(EL7, {'net.ipv4.tcp_max_orphans': None})) is None
    of = record(EL7, persisted={'net.ipv4.tcp_max_orphans': both(65536)})
    assert value('tw_buckets_default()', of) is None


def test_conntrack_fill():
    of = record(EL7)
    assert value('conntrack_fill()', of) is None
    of['namespaces'][0]['conntrack'] = {'count': 190, 'max': 200}
    assert value('conntrack_fill()', of) == 0.95
    of['namespaces'][0]['conntrack'] = {'count': 262143, 'max': 262144}
    assert value('conntrack_fill()', of) == 0.9999
    of['namespaces'][0]['conntrack'] = {'count': 190, 'max': None}
    assert value('conntrack_fill()', of) is None
    of['namespaces'][0]['conntrack'] = {'count': 0, 'max': 0}
    assert value('conntrack_fill()', of) is None


def test_what_an_expression_looks_at_is_known():
    found = Expression("sysctl('a.b') == `1` && (rises('PAWSPassive') || usable_ports() < counter('Tcp.OutRsts'))")
    assert found.sysctls == {'a.b', 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_local_reserved_ports'}
    assert found.counters == {'TcpExt.PAWSPassive', 'Tcp.OutRsts'}


def test_every_function_of_ours_says_what_it_takes():
    ours = {
        name for name in Conditions.FUNCTION_TABLE if name in vars(Conditions) or '_func_' + name in vars(Conditions)
    }
    assert ours == OURS == set(LITERALS) | set(IMPLIED)
    for name in OURS:
        assert getattr(Conditions, '_func_' + name).__doc__


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('exposure ==', 'not JMESPath'),
        ("sysctl('a.b", 'not JMESPath'),
        ("sysctls('a.b')", 'unknown function sysctls()'),
        ('`true` || nope()', 'unknown function nope()'),
        ('namespaces[?nope(@)]', 'unknown function nope()'),
        ('sysctl()', 'takes 1 argument(s), got 0'),
        ("sysctl('a.b', 'c.d')", 'takes 1 argument(s), got 2'),
        ('usable_ports(`1`)', 'takes 0 argument(s), got 1'),
        ('sysctl(`1`)', 'takes a literal text'),
        ('sysctl(exposure)', 'takes a literal text'),
        ("sysctl('nokey')", 'not a sysctl key'),
        ("sysctl('../../etc/passwd')", 'not a sysctl key'),
        ("counter('IpExt.InOctets')", 'the groups are'),
        ("kernel_at_least('new')", 'not a kernel version'),
        ("kernel_below('4')", 'not a kernel version'),
        ("vendor('EL 8')", 'not a vendor'),
    ],
)
def test_broken_expressions_are_refused(text, message):
    with pytest.raises(ConditionError) as raised:
        Expression(text)
    assert message in str(raised.value)
