# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file that says one thing over and over: the work of a scan grows as the file does."""

from __future__ import annotations

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue
from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan import formats, scan
from tests.faults import work

WRITES = 'net.ipv4.tcp_tw_recycle=1'
REPEATED = (
    ('sysctl.conf', WRITES + '\n'),
    ('a.yml', '- sysctl: {name: net.ipv4.tcp_tw_recycle, value: 1}\n'),
    ('a.yml', '- "%s\\n"\n' % WRITES),
    ('a.sh', 'echo %s >> /etc/sysctl.conf\n' % WRITES),
    ('a.sh', 'f() { sysctl -w %s; }; f\n' % WRITES),
    ('a.sh', 'test -f /x && sysctl -w %s\n' % WRITES),
    ('a.tf', '"net.ipv4.tcp_tw_recycle" = 1\n'),
    ('a.rb', '"net.ipv4.tcp_tw_recycle" => 1\n'),
    ('a.pp', "sysctl { 'net.ipv4.tcp_tw_recycle': value => 1; }\n"),
    ('a.service', 'ExecStart=/bin/sh -c "sysctl -w %s"\n' % WRITES),
    ('Dockerfile', 'ENV A=b\nRUN sysctl -w %s\n' % WRITES),
)


@pytest.mark.parametrize(('path', 'text'), REPEATED)
def test_work_grows_as_the_file_does(path: str, text: str) -> None:
    scanner = scan.Scanner(catalogue.builtin())
    assert scanner.scan([(path, text * 2)]).findings
    assert work.growth(lambda many: scanner.scan([(path, many)]), text, 40) < 6


def test_work_grows_as_one_scalar_does() -> None:
    scanner = scan.Scanner(catalogue.builtin())
    assert len(scanner.scan([('a.yml', 'a: "%s\\n\n  %s\\n"' % (WRITES, WRITES))]).findings) == 2
    assert work.growth(lambda many: scanner.scan([('a.yml', 'a: "%s"' % many)]), WRITES + '\\n\n  ', 40) < 6


# What regular expressions tried again and again from each place, or in each of all possible ways.
HOSTILE = (
    ('sysctl', '\n' * 50000 + WRITES),
    ('a.yml', 'a: |\n  %s\n%s  x y z\n' % (WRITES, '\n' * 100000)),
    ('a.yml', 'a: [\n%sx\n%s\n' % (' ' * 100000, WRITES)),
    ('a.yml', 'a: "%s%s!"\nb: "%s"\n' % ('A' * 30, '\\t' * 50000, WRITES)),
    ('a.tf', '"net.ipv4.tcp_tw_recycle" = 1\n"%s' % ('${a}' * 200)),
    ('a.tf', '"net.ipv4.tcp_tw_recycle" = 1\n%s' % ('\\"' * 20000)),
    ('a.tf', '"net.ipv4.tcp_tw_recycle" = 1\n%s' % ('<<E\n' * 10000)),
    ('a.rb', '"net.ipv4.tcp_tw_recycle" => 1\n%s' % ('@' * 30000)),
    ('a.pp', "sysctl { 'net.ipv4.tcp_tw_recycle': value => 1; }\n%s" % ('@(a' * 10000)),
    ('a.conf.j2', WRITES + '\n' + '{% x %}\n' * 10000),
    ('a.service', 'A=%s\nExecStart=sysctl -w %s\n' % ('a\\\n' * 100000, WRITES)),
    ('a.sh', '%s%% sysctl -w %s\n' % ('run' * 50000, WRITES)),
)


@pytest.mark.parametrize(('path', 'text'), HOSTILE)
def test_a_file_that_repeats_a_mark_is_read_to_its_end(path: str, text: str) -> None:
    found = scan.Scanner(catalogue.builtin()).scan([(path, text)])
    assert len(found.findings) == 1


def test_aliases_multiply_nothing() -> None:
    rows = ['a: &a {%s}' % ', '.join('k%d: v' % number for number in range(500))]
    rows += ['%s: &%s {%s}' % (name, name, ', '.join('k%d: *%s' % (number, of) for number in range(500)))
             for name, of in ('ba', 'cb')]  # fmt: skip
    text = '\n'.join([*rows, 'net.ipv4.tcp_tw_recycle: *c', WRITES.replace('=', ': ')])
    assert len(scan.Scanner(catalogue.builtin()).scan([('a.yml', text)]).findings) == 1


def test_a_variable_of_a_profile_multiplies_nothing() -> None:
    text = '[sysctl]\na=%s\nnet.ipv4.tcp_tw_recycle=%s\n' % ('1' * 200000, '${a}' * 50000)
    assert scan.Scanner(catalogue.builtin()).scan([('tuned.conf', text)]).findings == []  # no number


def test_a_file_is_read_again_a_few_times_however_many_fixes_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    scanner, read = scan.Scanner(catalogue.builtin()), []
    parse = formats.parse
    monkeypatch.setattr(formats, 'parse', lambda *given: read.append(given) or parse(*given))  # type: ignore[func-returns-value]
    found = scanner.scan([('x.conf', (WRITES + '\n') * 2000)]).findings
    assert len(found) == 2000
    assert all(each['fix']['new'] == 'net.ipv4.tcp_tw_recycle=0' for each in found)
    assert len(read) < 4


def test_a_fix_that_another_one_would_spoil_is_found_alone() -> None:
    text = 'sysctl -w net.ipv4.tcp_tw_recycle=1 net.ipv4.tcp_timestamps=0\n'
    found = {each['key']: each['fix'] for each in scan.Scanner(catalogue.builtin()).scan([('a.sh', text)]).findings}
    assert found['net.ipv4.tcp_tw_recycle']['new'] == text.strip().replace('recycle=1', 'recycle=0')
    assert found['net.ipv4.tcp_timestamps']['new'] == text.strip().replace('timestamps=0', 'timestamps=1')


def test_a_diff_shows_a_line_before_and_after() -> None:
    found = scan.Scanner(catalogue.builtin()).scan([('x.conf', '%s\n# a\n%s\n# b\n' % (WRITES, WRITES))]).findings
    assert [each['fix']['diff'] for each in found] == [
        '--- a/x.conf\n+++ b/x.conf\n@@ -1,2 +1,2 @@\n-%s\n+%s\n # a\n' % (WRITES, WRITES.replace('=1', '=0')),
        '--- a/x.conf\n+++ b/x.conf\n@@ -2,3 +2,3 @@\n # a\n-%s\n+%s\n # b\n' % (WRITES, WRITES.replace('=1', '=0')),
    ]
