# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scan says of trees of files: levels for kernels, fixes, what is accepted, and what is not text at all."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages import catalogue as messages
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken
from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan import formats, scan, walk
from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan.setting import Names
from tests.gates.gates import CHECKOUT

RECYCLE = 'net.ipv4.tcp_tw_recycle = 1\n'
TIMESTAMPS = 'net.ipv4.tcp_timestamps = 0\n'


def scanned(
    place: Path, kernels: tuple[str, ...] = (), baseline: tuple[dict[str, Any], ...] = (), exclude: tuple[str, ...] = ()
) -> dict[str, Any]:
    """scan.json of a directory."""
    scanner = scan.Scanner(catalogue.builtin(), kernels, walk.ignored([str(place)]))
    tree = walk.Walk(scanner.prefilter, exclude)
    results = scanner.scan(tree.texts([str(place)]))
    document: dict[str, Any] = spoken(scan.document(results, tree, kernels, baseline, '0'))
    return document


def short(document: dict[str, Any], name: str = 'findings') -> list[tuple[str, int, str, str]]:
    return [(each['path'], each['line'], each['level'], each['rule']) for each in document[name]]


def write(place: Path, name: str, text: str) -> None:
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ('kernels', 'text', 'expected'),
    [
        (('3.10',), RECYCLE, [('error', 'tw-recycle-exposed')]),
        (('5.14',), RECYCLE, [('warning', 'tw-recycle-stale-line')]),
        (('5.14',), 'net.ipv4.tcp_tw_recycle = 0\n', [('note', 'tw-recycle-stale-line')]),
        ((), 'net.ipv4.tcp_tw_recycle = 0\n', []),
        (('3.10', '5.14'), RECYCLE + TIMESTAMPS, [('error', 'tw-recycle-masked'), ('warning', 'timestamps-off')]),
        (('4.4',), 'net.ipv4.tcp_timestamps = 2\n', [('note', 'timestamps-2-before-4.10')]),
        (('5.14',), 'net.ipv4.tcp_timestamps = 2\n', []),
        (('4.18.0-553.el8_10.x86_64',), 'net.ipv4.tcp_tw_reuse = 2\n', []),
        (('4.14',), 'net.ipv4.tcp_tw_reuse = 2\n', [('note', 'tw-reuse-2-before-4.19')]),
        (('5.14',), 'net.ipv4.tcp_tw_reuse = 1\n' + TIMESTAMPS, [('note', 'tw-reuse-1'), ('error', 'timestamps-off')]),
    ],
)
def test_rules_are_asked_for_the_kernels(
    tmp_path: Path, kernels: tuple[str, ...], text: str, expected: list[tuple[str, str]]
) -> None:
    write(tmp_path, 'sysctl.conf', text)
    assert [each[2:] for each in short(scanned(tmp_path, kernels))] == expected


def test_a_kernel_that_is_not_a_version_is_refused() -> None:
    with pytest.raises(ValueError, match='latest'):
        scan.Scanner(catalogue.builtin(), ['latest'])


def test_a_finding_has_the_fields_that_readers_rely_on(tmp_path: Path) -> None:
    write(tmp_path, 'etc/sysctl.d/1.conf', '# tuned\n' + RECYCLE)
    found = scanned(tmp_path)['findings'][0]
    assert {name: found[name] for name in ('path', 'line', 'key', 'value', 'level', 'rule')} == {
        'path': 'etc/sysctl.d/1.conf',
        'line': 2,
        'key': 'net.ipv4.tcp_tw_recycle',
        'value': '1',
        'level': 'error',
        'rule': 'tw-recycle-exposed',
    }
    assert found['fix']['new'] == 'net.ipv4.tcp_tw_recycle = 0'
    assert '-net.ipv4.tcp_tw_recycle = 1\n+net.ipv4.tcp_tw_recycle = 0\n' in found['fix']['diff']


@pytest.mark.parametrize(
    ('path', 'text', 'line', 'new'),
    [
        ('a.sh', 'echo 1 > /proc/sys/net/ipv4/tcp_tw_recycle\n', 1, 'echo 0 > /proc/sys/net/ipv4/tcp_tw_recycle'),
        ('a.sh', 'sysctl -w net.ipv4.tcp_timestamps=0 # x\n', 1, 'sysctl -w net.ipv4.tcp_timestamps=1 # x'),
        (
            'a.yml',
            '- {name: net.ipv4.tcp_tw_recycle, value: "1"}\n',
            1,
            '- {name: net.ipv4.tcp_tw_recycle, value: "0"}',
        ),
        ('a.nix', '{ "net.ipv4.tcp_rfc1337" = 1; }\n', 1, '{ "net.ipv4.tcp_rfc1337" = 0; }'),
        ('a.yml', '- sysctl:\n    name: net.ipv4.tcp_tw_recycle\n    value: 1\n', 2, None),
        ('a.sh', 'X=1\nsysctl -w net.ipv4.tcp_tw_recycle=$X\n', 2, None),
    ],
)
def test_a_fix_is_one_line_that_sets_the_safe_value_or_there_is_none(
    tmp_path: Path, path: str, text: str, line: int, new: str | None
) -> None:
    write(tmp_path, path, text)
    (found,) = scanned(tmp_path)['findings']
    assert found['line'] == line
    assert (found['fix'] and found['fix']['new']) == new


def test_a_stale_line_of_a_sysctl_file_goes(tmp_path: Path) -> None:
    write(tmp_path, 'x.conf', RECYCLE + 'net.ipv4.ip_forward = 1\n')
    (found,) = scanned(tmp_path, ('6.12',))['findings']
    assert found['fix']['new'] is None
    assert '-net.ipv4.tcp_tw_recycle = 1\n' in found['fix']['diff']


def test_a_comment_with_a_reason_accepts_a_finding_and_one_without_does_not(tmp_path: Path) -> None:
    write(tmp_path, 'a.conf', '# nodetcp:ignore tw-recycle-exposed: no client comes through NAT\n' + RECYCLE)
    write(tmp_path, 'b.conf', '# nodetcp:ignore tw-recycle-exposed\n' + RECYCLE)
    write(tmp_path, 'c.conf', '# nodetcp:ignore rfc1337: another rule\n' + RECYCLE)
    write(tmp_path, 'd.sh', 'sysctl -w net.ipv4.tcp_timestamps=0  # nodetcp:ignore all: a laboratory\n')
    document = scanned(tmp_path)
    assert [each['path'] for each in document['findings']] == ['b.conf', 'c.conf']
    assert [(each['path'], each['reason']) for each in document['suppressed']] == [
        ('a.conf', 'no client comes through NAT'),
        ('d.sh', 'a laboratory'),
    ]
    assert [each['path'] for each in document['notices']] == ['b.conf']


def test_an_ignore_file_accepts_files_with_a_reason(tmp_path: Path) -> None:
    write(tmp_path, 'tests/a.conf', RECYCLE)
    write(tmp_path, 'b.conf', RECYCLE)
    write(tmp_path, '.nodetcp-ignore', '# comment\ntests/*: inputs of tests\nb.conf\n')
    document = scanned(tmp_path)
    assert [each['path'] for each in document['findings']] == ['b.conf']
    assert [each['reason'] for each in document['suppressed']] == ['inputs of tests']


def test_a_baseline_has_as_many_findings_as_it_had(tmp_path: Path) -> None:
    write(tmp_path, 'a.conf', RECYCLE)
    before = tuple(scanned(tmp_path)['findings'])
    write(tmp_path, 'a.conf', '# moved\n\n' + RECYCLE + TIMESTAMPS)
    document = scanned(tmp_path, (), before)
    assert [each['rule'] for each in document['findings']] == ['tw-recycle-masked', 'timestamps-off']
    write(tmp_path, 'a.conf', '# moved\n\n' + RECYCLE)
    document = scanned(tmp_path, (), before)
    assert (document['findings'], len(document['known'])) == ([], 1)


def test_settings_that_shadow_each_other_are_listed(tmp_path: Path) -> None:
    write(tmp_path, 'a.conf', 'net.ipv4.tcp_tw_recycle = 0\n\n' + RECYCLE)
    document = scanned(tmp_path)
    assert [(each['line'], each['by_line'], each['by_value']) for each in document['shadowed']] == [(1, 3, '1')]


def test_files_that_cannot_be_read_cost_one_line_each(tmp_path: Path) -> None:
    write(tmp_path, 'good.conf', RECYCLE)
    write(tmp_path, 'broken.yml', 'a: [1\nnet.ipv4.tcp_tw_recycle: 1\n')
    (tmp_path / 'binary').write_bytes(b'\x7fELF\0\0net.ipv4.tcp_tw_recycle\0')
    with (tmp_path / 'large.conf').open('wb') as handle:
        handle.truncate(50 * 1024 * 1024)
    os.mkfifo(tmp_path / 'pipe.conf')
    (tmp_path / 'loop').symlink_to('loop')
    (tmp_path / 'inner').mkdir()
    (tmp_path / 'inner' / 'back').symlink_to('..')
    (tmp_path / 'dangling').symlink_to('nowhere')
    document = scanned(tmp_path)
    assert short(document) == [
        ('broken.yml', 2, 'error', 'tw-recycle-exposed'),
        ('good.conf', 1, 'error', 'tw-recycle-exposed'),
    ]
    assert sorted(each['path'] for each in document['notices']) == [
        'binary',
        'broken.yml',
        'inner/back',
        'large.conf',
        'loop',
    ]


def test_excluded_paths_and_directories_of_others_are_left_out(tmp_path: Path) -> None:
    for name in ('a.conf', 'skip/b.conf', '.git/c.conf', 'node_modules/d/e.conf'):
        write(tmp_path, name, RECYCLE)
    assert [each[0] for each in short(scanned(tmp_path, exclude=('skip/*',)))] == ['a.conf']


def test_this_repository_is_clean_but_for_what_is_accepted_with_a_reason() -> None:
    names = subprocess.run(['git', 'ls-files', '-z'], cwd=CHECKOUT, capture_output=True, check=True, text=True).stdout
    paths = {name: CHECKOUT / name for name in names.split('\0') if name}
    data = {name: path.read_bytes() for name, path in paths.items() if path.is_file() and not path.is_symlink()}
    scanner = scan.Scanner(catalogue.builtin(), (), walk.ignored([str(CHECKOUT)]))
    texts = [(name, text.decode('utf-8', 'replace')) for name, text in data.items() if scanner.prefilter.finds(text)]
    results = scanner.scan(texts)
    assert [(each['path'], each['line']) for each in results.findings] == []
    assert results.notices == []


@pytest.mark.parametrize(
    'kind', ['yml', 'json', 'sh', 'tf', 'rb', 'pp', 'nix', 'toml', 'service', 'conf', 'ks', 'j2', '']
)
def test_no_text_makes_a_parser_fail(kind: str) -> None:
    pieces = [
        '{', '}', '[', ']', '"', "'", '<<EOF\n', '\n', '=', ':', '=>', '- ', '  ', '#', '{{', '}}', '{%', '%}', '$(',
        '`', '\0', '\ufeff', '\udcff', 'net.ipv4.tcp_tw_recycle', 'value', '1', '&a', '*a', '!!', '\t', 'do', 'end',
        '|', '>',
    ]  # fmt: skip
    scanner = scan.Scanner(catalogue.builtin())
    for seed in range(400):
        text = ''.join(pieces[(seed * 7919 + place * (seed + 13)) % len(pieces)] for place in range(seed % 40))
        results = scanner.scan([('file.%s' % kind, text)])
        assert [said['id'] for _path, said in results.notices] in ([], ['scan/unclear'])


def test_deep_nesting_and_aliases_of_aliases_end() -> None:
    names = Names(['net.ipv4.tcp_tw_recycle'])
    deep = '[' * 5000 + 'net.ipv4.tcp_tw_recycle=1' + ']' * 5000
    aliases = 'a: &a [net.ipv4.tcp_tw_recycle=1]\n' + ''.join(
        '%s: &%s [%s]\n' % (new, new, ', '.join(['*' + old] * 9))
        for old, new in zip('abcdefgh', 'bcdefghi', strict=True)
    )
    with pytest.raises(formats.Unclear):
        formats.parse('x.yml', deep, names)
    assert len(formats.parse('x.yml', aliases, names)) == 1


def test_user_data_that_is_no_yaml_is_looked_at_line_by_line() -> None:
    text = '#cloud-config\nruncmd:\n- a: b: c\n- sysctl -w net.ipv4.tcp_tw_recycle=1\n'
    results = scan.Scanner(catalogue.builtin()).scan([('user-data.yml', text)])
    assert [said['id'] for _path, said in results.notices] == ['scan/unclear']
    assert [each['line'] for each in results.findings] == [4]


def test_user_data_that_is_no_yaml_costs_itself_alone() -> None:
    text = 'x = <<E\n#cloud-config\na: b: c\nE\nsysctls = { "net.ipv4.tcp_tw_recycle" = 1 }\n'
    results = scan.Scanner(catalogue.builtin()).scan([('a.tf', text)])
    assert results.notices == []
    assert [each['line'] for each in results.findings] == [5]


@pytest.mark.parametrize('language', ['en', 'zh'])
def test_every_sentence_can_be_told(tmp_path: Path, language: str) -> None:
    write(tmp_path, 'a.conf', RECYCLE + TIMESTAMPS + 'net.ipv4.tcp_rfc1337 = 1\nnet.ipv4.tcp_syncookies = 0\n')
    document = scanned(tmp_path)
    for each in document['findings']:
        said = messages.told(language, each['messages']['text'])
        assert each['key'] in said
        assert '{' not in said
