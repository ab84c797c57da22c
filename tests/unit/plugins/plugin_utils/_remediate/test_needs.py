# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host needs: by its findings, by the catalogue's fixes, by the user's wishes."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, verdict, waivers
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import needs, verification
from ansible_collections.nodetcp.paws.plugins.plugin_utils._variables import user_settings
from tests.unit.plugins.plugin_utils._judge import records, situations

EL7, MODERN, V4_11 = '3.10.0-1160.el7.x86_64', '6.1.0-10-amd64', '4.11.12-generic'
RECYCLE, TIMESTAMPS = 'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_timestamps'
RFC1337 = 'net.ipv4.tcp_rfc1337'
SOMAXCONN, BUCKETS = 'net.core.somaxconn', 'net.ipv4.tcp_max_tw_buckets'


def judged(
    record: dict[str, Any], profile: str = 'server', waived: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    known = catalogue.builtin()
    accepted = waivers.parse(waived or [], 'waivers', known, records.TODAY)
    return verdict.judge(record, None, known, profile, accepted, records.TODAY)


def needed(
    record: dict[str, Any],
    wanted: dict[str, str] | None = None,
    profile: str = 'server',
    waived: list[dict[str, Any]] | None = None,
    **scope: Any,
) -> needs.Needs:
    findings = judged(record, profile, waived)['findings']
    return needs.needs(record, findings, wanted or {}, needs.Scope(**scope), catalogue.builtin(), profile)


def test_an_untouched_kernel_needs_nothing() -> None:
    for release in (EL7, V4_11, MODERN):
        assert needed(records.record(release), min_severity='high').empty


def test_recycle_goes_off_and_nothing_else() -> None:
    found = needed(records.record(EL7, {RECYCLE: 1}))
    assert found.settings == {RECYCLE: '0'}
    assert found.reasons == {RECYCLE: 'rule tw-recycle-exposed'}
    assert found.fixes == [('tw-recycle-exposed', 'net:[4026531840]')]


def test_a_masked_host_gets_its_timestamps_back_only_where_they_are_in_scope() -> None:
    record = records.record(EL7, {RECYCLE: 1, TIMESTAMPS: 0})
    assert needed(record).settings == {RECYCLE: '0'}
    assert needed(record, min_severity='medium').settings == {RECYCLE: '0', TIMESTAMPS: '1'}


def test_where_syns_collide_resets_end_time_wait_again_and_the_rest_is_for_people_to_decide() -> None:
    """Timestamps with one clock for all connections give up what the fix of CVE-2026-23247 protects."""
    case = situations.colliding('6.18.44', 30, 70, sysctls={RFC1337: 1})
    known = catalogue.builtin()
    findings = verdict.judge(case['of'], case['earlier'], known, 'server', [], records.TODAY)['findings']
    found = needs.needs(case['of'], findings, {}, needs.Scope(), known, 'server')
    assert found.settings == {RFC1337: '0'}
    assert [left['rule'] for left in found.left] == ['time-wait-collision']
    asked = user_settings.merged({'safe_sysctl_settings': {TIMESTAMPS: 2}})
    assert needs.needs(case['of'], findings, asked, needs.Scope(), known, 'server').settings == {
        RFC1337: '0',
        TIMESTAMPS: '2',
    }


def test_resets_are_left_alone_where_no_syn_collides() -> None:
    assert needed(records.record('6.18.44', {RFC1337: 1})).empty


def test_stale_lines_go_on_a_kernel_without_the_key_whatever_the_severity() -> None:
    found = needed(records.record(MODERN, persisted={RECYCLE: records.both(0)}), min_severity='critical')
    assert (found.settings, found.absent) == ({}, [RECYCLE])


def test_scope() -> None:
    weak = records.record(MODERN, {'net.ipv4.tcp_rfc1337': 1, 'net.ipv4.tcp_syncookies': 0})
    assert needed(weak).empty
    both = {'net.ipv4.tcp_rfc1337': '0', 'net.ipv4.tcp_syncookies': '1'}
    assert needed(weak, min_severity='medium').settings == both
    assert set(needed(weak, min_severity='medium', rules=('rfc1337',)).settings) == {'net.ipv4.tcp_rfc1337'}
    assert set(needed(weak, min_severity='medium', skip_rules=('rfc1337',)).settings) == {'net.ipv4.tcp_syncookies'}
    waived = [{'rule': 'rfc1337', 'reason': 'no client comes through NAT'}]
    assert set(needed(weak, min_severity='medium', waived=waived).settings) == {'net.ipv4.tcp_syncookies'}


def test_skipping_a_rule_counts_for_the_per_host_rule_too() -> None:
    assert needed(records.record(EL7, {RECYCLE: 1}), skip_rules=('tw-recycle-exposed',)).empty


def test_minimums_are_raised_and_never_lowered() -> None:
    low = records.record(EL7, {SOMAXCONN: 128, BUCKETS: 1000})
    assert needed(low, min_severity='low').settings == {SOMAXCONN: '1024', BUCKETS: '65536'}
    # The files would lower at the next boot what runs now: what runs is what is kept.
    later = records.record(EL7, {SOMAXCONN: 8192}, persisted={SOMAXCONN: records.both(128)})
    assert needed(later, min_severity='low').settings == {SOMAXCONN: '8192'}
    assert needed(records.record(EL7, {SOMAXCONN: 8192}), {SOMAXCONN: '2048'}).settings == {SOMAXCONN: '8192'}
    assert needed(records.record(EL7, {SOMAXCONN: 128}), {SOMAXCONN: '2048'}).settings == {SOMAXCONN: '2048'}
    assert needed(low, {SOMAXCONN: '512'}, min_severity='low').settings[SOMAXCONN] == '1024'


def test_a_wish_wins_over_a_rule_and_the_rule_is_named() -> None:
    record = records.record(MODERN, {'net.ipv4.tcp_rfc1337': 1})
    found = needed(record, {'net.ipv4.tcp_rfc1337': '1'}, min_severity='medium')
    assert found.settings == {'net.ipv4.tcp_rfc1337': '1'}
    assert found.fixes == []
    assert [entry['rule'] for entry in found.left] == ['rfc1337']


def test_a_wish_for_recycle_off_is_met_by_taking_the_lines_out() -> None:
    found = needed(records.record(MODERN, persisted={RECYCLE: records.both(1)}), {RECYCLE: '0'})
    assert (found.settings, found.absent) == ({}, [RECYCLE])


def test_what_no_setting_of_the_node_ends_is_left_and_told() -> None:
    writer = {'kind': 'rc.local', 'file': '/etc/rc.local', 'line': 2, 'key': RECYCLE, 'value': '1'}
    found = needed(records.record(EL7, writers=[writer]))
    assert found.empty
    assert '/etc/rc.local:2' in str(found.left[0]['reason'])
    full = records.record(MODERN)
    full['namespaces'][0]['conntrack'] = {'count': 100, 'max': 100, 'drop': 0, 'early_drop': 0, 'insert_failed': 0}
    assert [entry['rule'] for entry in needed(full).left] == ['conntrack-full']


def test_what_a_program_sets_again_is_mended_until_then_and_left() -> None:
    again = records.writer(TIMESTAMPS, '0')
    found = needed(records.record(MODERN, {TIMESTAMPS: 0}, writers=[again]), min_severity='medium')
    assert (found.settings, found.fixes) == ({TIMESTAMPS: '1'}, [])
    assert [(entry['rule'], '/etc/rc.local:3' in str(entry['reason'])) for entry in found.left] == [
        ('timestamps-off', True)
    ]
    comes = needed(records.record(MODERN, writers=[again]), min_severity='medium')
    assert comes.empty
    assert '/etc/rc.local:3' in str(comes.left[0]['reason'])


def test_a_program_that_sets_a_key_which_is_gone_is_told_and_no_line_of_a_file() -> None:
    writer = {'kind': 'rc.local', 'file': '/etc/rc.local', 'line': 2, 'key': RECYCLE, 'value': '1'}
    alone = needed(records.record(MODERN, writers=[writer]))
    assert alone.empty
    assert '/etc/rc.local:2' in str(alone.left[0]['reason'])
    beside = needed(records.record(MODERN, persisted={RECYCLE: records.both(1)}, writers=[writer]))
    assert beside.absent == [RECYCLE]
    assert '/etc/rc.local:2' in str(beside.left[0]['reason'])


def test_a_sysctl_file_wins_against_what_runs_before_it() -> None:
    early = {**records.writer(kind='cmdline', file='/proc/cmdline'), 'when': 'boot', 'moment': 'before'}
    found = needed(records.record(EL7, writers=[early]))
    assert (found.settings, found.left) == ({RECYCLE: '0'}, [])


def test_a_container_is_written_on_4_11_alone() -> None:
    weak = records.record(MODERN, others=[records.container(MODERN, {'net.ipv4.tcp_rfc1337': 1})])
    found = needed(weak, min_severity='medium')
    assert found.empty
    assert 'belongs to its container' in str(found.left[0]['reason'])
    assert needed(records.record(V4_11, others=[records.container(V4_11, {RECYCLE: 1})])).settings == {RECYCLE: '0'}


def test_reserved_ports_are_added() -> None:
    record = records.record(
        MODERN, {'net.ipv4.ip_local_port_range': '1024 65000', 'net.ipv4.ip_local_reserved_ports': '8080'}
    )
    found = needed(record, profile='k8s_node', min_severity='medium')
    assert found.settings['net.ipv4.ip_local_reserved_ports'] == '8080,30000-32767'


def test_wishes_add_up() -> None:
    assert user_settings.merged({}) == {}
    assert user_settings.merged(
        {
            'safe_sysctl_settings': {'net/core/somaxconn': 4096},
            'safe_sysctl_settings_web': {'net.ipv4.tcp_fin_timeout': '30', 'net.core.somaxconn': 1024},
            'safe_sysctl_settings_db': {'net.ipv4.tcp_fin_timeout': 30, 'net.ipv4.ip_local_port_range': '1024\t65000'},
        }
    ) == {
        SOMAXCONN: '4096',
        'net.ipv4.ip_local_port_range': '1024 65000',
        'net.ipv4.tcp_fin_timeout': '30',
    }


@pytest.mark.parametrize(
    ('variables', 'words'),
    [
        ({'safe_sysctl_settings': {SOMAXCONN: True}}, 'YAML boolean'),
        ({'safe_sysctl_settings': {SOMAXCONN: [1]}}, 'neither text nor a whole number'),
        ({'safe_sysctl_settings': {'somaxconn; rm': 1}}, 'not the name of a sysctl'),
        ({'safe_sysctl_settings': 'x=1'}, 'must be a dictionary'),
        ({'safe_sysctl_settings': {RECYCLE: 1}}, 'drops SYNs'),
        ({'safe_sysctl_settings': {TIMESTAMPS: '0'}}, 'cures nothing'),
        (
            {'safe_sysctl_settings_a': {SOMAXCONN: 1}, 'safe_sysctl_settings_b': {SOMAXCONN: 2}},
            'safe_sysctl_settings_a sets net.core.somaxconn to 1, safe_sysctl_settings_b to 2',
        ),
    ],
)
def test_wishes_that_are_refused(variables: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words.replace('(', r'\(')):
        user_settings.merged(variables)


def verified(record: dict[str, Any], **plan: Any) -> list[str]:
    plan = {'settings': {}, 'absent': [], 'fixes': [], **plan}
    return list(map(str, verification.problems(record, judged(record), plan)))


def test_verification_is_content_with_what_was_planned() -> None:
    good = records.record(EL7, persisted={RECYCLE: records.both(0)})
    fixes = [['tw-recycle-exposed', 'net:[4026531840]']]
    assert verified(good, settings={RECYCLE: '0'}, fixes=fixes) == []
    assert verified(records.record(MODERN), absent=[RECYCLE], settings={RECYCLE: '0'}) == []


def test_verification_names_what_is_not_as_planned() -> None:
    back = records.record(EL7, {RECYCLE: 1}, persisted={RECYCLE: records.both(0)})
    said = verified(back, settings={RECYCLE: '0'}, fixes=[['tw-recycle-exposed', 'net:[4026531840]']])
    assert said[0] == '%s is 1, not 0' % RECYCLE
    assert 'rule tw-recycle-exposed still holds' in said[1]
    split = records.persisted(records.line(0), records.line(1, file='/etc/sysctl.conf', number=9))
    said = verified(records.record(EL7, persisted={RECYCLE: split}), settings={RECYCLE: '0'})
    assert said == ['%s would be 1 at the next boot (procps, by /etc/sysctl.conf:9)' % RECYCLE]
    assert len(verified(records.record(EL7), settings={RECYCLE: '0'})) == 2, 'no file keeps it'
    stale = records.record(MODERN, persisted={RECYCLE: records.both(1)})
    assert verified(stale, absent=[RECYCLE]) == ['/etc/sysctl.d/50-x.conf:3 still sets %s' % RECYCLE] * 2


@pytest.mark.parametrize(
    ('path', 'reason', 'unknown'),
    [
        ('/etc/sysctl.d/large.conf', 'larger than 1 MiB (1095028 bytes): not read', True),
        ('/usr/lib/sysctl.d', '88 of 600 files not read', True),
        ('/etc/sysctl.conf', 'permission denied', True),
        ('persisted globs', '44 of 300 not followed', True),
        ('/run/sysctl.d/large.conf', 'larger than 1 MiB (1095028 bytes): not read', False),
        ('/etc/sysctl.d/gone.conf', 'dangling link', False),
        ('/proc/net/snmp', 'permission denied', False),
        ('/etc/sysctl.d-old', 'permission denied', False),
    ],
)
def test_verification_never_takes_a_file_that_was_not_read_for_agreeing(path: str, reason: str, unknown: bool) -> None:
    record = records.record(EL7, persisted={RECYCLE: records.both(0)}, unavailable={path: reason})
    said = ['nobody knows what the next boot sets: %s: %s' % (path, reason)] if unknown else []
    assert verified(record, settings={RECYCLE: '0'}) == said
    assert verified(records.record(MODERN, unavailable={path: reason}), absent=[RECYCLE]) == said
    assert verified(record) == []


def test_verification_wants_the_counter_to_stand_still() -> None:
    good = records.record(EL7, counts={'PAWSPassive': 9}, persisted={RECYCLE: records.both(0)})
    seen = {**judged(good), 'evidence': 'active'}
    (said,) = verification.problems(good, seen, {'settings': {RECYCLE: '0'}, 'absent': [], 'fixes': []})
    assert 'PAWSPassive still rises' in str(said)


@pytest.mark.parametrize(
    ('writer', 'named'),
    [
        ({'value': '128'}, True),
        ({'value': '4096'}, False),
        ({'value': '128', 'moment': 'before'}, False),  # a sysctl file wins over it
        ({'value': '128', 'when': 'event', 'moment': 'event'}, True),
        ({'value': None}, True),
    ],
)
def test_what_undoes_a_wish_at_the_next_boot_is_named_and_left(writer: dict[str, Any], named: bool) -> None:
    by = records.writer(**{'key': SOMAXCONN, 'when': 'boot', 'moment': 'after', 'line': 4, **writer})
    lines = {SOMAXCONN: records.persisted(records.line('4096'), records.line('4096'))}
    found = needed(records.record(MODERN, persisted=lines, writers=[by]), {SOMAXCONN: '4096'})
    assert found.settings[SOMAXCONN] == '4096'
    told = [(entry['rule'], str(entry['reason'])) for entry in found.left if entry['rule'] == 'safe_sysctl_settings']
    sentence = '/etc/rc.local:4 sets %s after the sysctl files: take the setting out there' % SOMAXCONN
    assert told == ([('safe_sysctl_settings', sentence)] if named else [])
