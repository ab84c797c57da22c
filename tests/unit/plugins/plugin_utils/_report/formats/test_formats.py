# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats for machines, each read by a reader of that format that knows nothing of this collection."""

from __future__ import annotations

import csv as csv_reader
import functools
import html as html_reader
import io
import json
import re
import shutil
import subprocess
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xmlschema
from jsonschema import Draft4Validator
from markdown_it import MarkdownIt

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import entries, origins, outcome, writing
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import (
    csv,
    html,
    junit,
    markdown,
    prometheus,
    sarif,
)
from tests import synthetic
from tests.unit.plugins.plugin_utils._report.builders import (
    make_document,
    make_finding,
    make_forecast,
    make_host,
    problems,
)
from tests.unit.plugins.plugin_utils._report.formats import page_reader

Json = dict[str, Any]
SCHEMAS = Path(__file__).resolve().parents[5] / 'fixtures' / 'schemas'
HOSTILE = (
    '\x1b]0;owned\x07\x1b[2J\u202eevil\u2066 </script><script>alert(1)</script> ]]> "\' & | `x` *b* @team #1 '
    '![i](http://x.example/i.png) https://x.example {{ 7*7 }} \x9b31m \u200b\ufffe\r\nnext\t\ud800\x00'
)
#: What keeps a mark from becoming a link or a mention; nobody sees it.
JOINER = '\u2060'
FORMULAS = ('=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\uff1d1', ' =1')
HIDDEN = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]')
needs_promtool = pytest.mark.skipif(
    shutil.which('promtool') is None, reason='promtool is not installed (Debian: package prometheus)'
)
FORECASTS = {'a': make_forecast(), 'b': make_forecast('server')}
lines = {'lines': [{'file': '/etc/sysctl.d/50 x.conf', 'line': 3, 'value': '1', 'status': 'effective'}]}


@functools.lru_cache(maxsize=1)
def junit_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(SCHEMAS / 'junit-10.xsd'))


def read_junit(text: str) -> ElementTree.Element:
    """The results, if the schema of Jenkins' xUnit plugin accepts them."""
    root = ElementTree.fromstring(text.encode())
    junit_schema().validate(root)
    return root


def read_sarif(text: str) -> Json:
    """The log, if the published schema accepts it."""
    schema = json.loads((SCHEMAS / 'sarif-2.1.0-rtm.5.json').read_text())
    log: Json = json.loads(text)
    Draft4Validator(schema).validate(log)
    return log


def read_csv(text: str) -> list[dict[str, str]]:
    table = list(csv_reader.reader(io.StringIO(text, newline=''), strict=True))
    assert {len(row) for row in table} == {len(table[0])}, 'every row has every column'
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def read_markdown(text: str) -> tuple[str, list[list[str]]]:
    """The page as HTML, and the cells of its tables."""
    parser = MarkdownIt('commonmark', {'html': True}).enable('table')
    shown = parser.render(text)
    rows = re.findall(r'<tr>(.*?)</tr>', shown, re.DOTALL)
    return shown, [re.findall(r'<td>(.*?)</td>', row, re.DOTALL) for row in rows]


def check_metrics(text: str) -> None:
    checked = subprocess.run(
        ['promtool', 'check', 'metrics'], input=text, text=True, capture_output=True, check=False, timeout=60
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, '')


def hostile_forecast(text: str) -> Json:
    """A forecast with the text wherever a stored one can have it."""
    found = make_forecast()
    for part in (found, found['planned']):
        part.update(summary=text)
        for destination in part['loads']['highest']['destinations']:
            destination.update(local=text, remote=text)
    found['capacity'].update(reuse=text)
    remedies = [{**remedy, 'text': text, 'why_not': text, 'settings': {text: text}} for remedy in found['remedies']]
    never = [{'what': text, 'why': text}]
    return {**found, 'remedies': remedies, 'never': never, 'decision': text, 'namespace': text}


def hostile_document(text: str) -> Json:
    """The text wherever a node can put one."""
    finding = make_finding(
        title=text,
        evidence={text: text, 'lines': [{'file': text, 'line': 3, 'value': text}]},
        why=text,
        namespace=text,
        fix={'text': text},
        references=[text],
        waived=None,
    )
    window = {'seconds': 10.0, 'rises': {'TcpExt.PAWSPassive': 3}}
    pod = {'namespace': text, 'name': text, 'containers': [text], 'owner': text}
    inside = {'id': text, 'runtime': 'docker', 'pod_uid': text, 'pod': pod}
    namespace = {'id': text, 'key': text, 'kind': 'container', 'container': inside, 'count': 1, 'window': window}
    namespace.update(exposure='exposed', evidence='active')
    kernel = {'release': text, 'version': None, 'vendor': None}
    host = make_host(
        text, 'exposed', summary=text, findings=[finding], kernel=kernel, namespaces=[namespace, namespace]
    )
    host['forecast'] = hostile_forecast(text)
    return make_document(host, make_host(text + ' ', groups=[text]), entries.unobserved('lost', [], 'failed', text))


def every(test: Callable[..., None]) -> Callable[..., None]:
    texts = {'hostile': HOSTILE, 'long': 'x' * 10240, **{'formula%d' % n: text for n, text in enumerate(FORMULAS)}}
    return pytest.mark.parametrize('text', texts.values(), ids=texts.keys())(test)


def gated(document: Json, fail_on: str, ignore_unreachable: bool = False) -> Json:
    """The document of the same run with that gate."""
    return {**document, 'run': {**document['run'], 'gate': outcome.audit_gate(fail_on, ignore_unreachable)}}


@pytest.fixture(scope='module')
def fleet() -> Json:
    return synthetic.fleet(200)


def test_junit_has_a_suite_for_each_host_and_a_test_for_each_rule(fleet: Json) -> None:
    root = read_junit(junit.render(gated(fleet, 'advisory')))
    rules = {finding['rule'] for host in fleet['hosts'] for finding in host['findings']}
    by_name = {suite.get('name'): suite for suite in root}
    assert len(by_name) == 200
    suite = by_name['host00000.example.org']
    assert {case.get('name') for case in suite} == {'verdict', *rules}
    failed = {case.get('name') for case in suite if case.find('failure') is not None}
    assert {'verdict', 'tw-recycle-dropping'} <= failed
    assert [case.find('error') is not None for case in by_name['host00049.example.org']] == [True]
    clean = by_name['host00009.example.org']
    assert len(clean) == 1 + len(rules)
    assert all(len(case) == 0 for case in clean)


def test_junit_counts_what_it_holds(fleet: Json) -> None:
    root = read_junit(junit.render(fleet))
    for element in (root, *root):
        cases = list(element.iter('testcase'))
        assert int(element.get('tests', -1)) == len(cases)
        for word, child in (('failures', 'failure'), ('errors', 'error')):
            assert int(element.get(word, -1)) == sum(case.find(child) is not None for case in cases)


def test_a_waived_finding_and_a_skipped_host_are_skipped_tests() -> None:
    waived = make_finding(waived={'reason': 'accepted', 'expires': None})
    hosts = [make_host('a', 'advisory', findings=[waived]), entries.unobserved('b', [], 'skipped', 'maintenance')]
    root = read_junit(junit.render(make_document(*hosts)))
    said = [(case.get('name'), child.tag, child.get('message')) for case in root.iter('testcase') for child in case]
    assert ('tw-recycle-enabled', 'skipped', 'waived: accepted') in said
    assert ('verdict', 'skipped', 'maintenance') in said


def test_sarif_names_the_file_and_the_line_that_sets_the_value(fleet: Json) -> None:
    run = read_sarif(sarif.render(fleet))['runs'][0]
    found = [result for result in run['results'] if result['ruleId'] == 'tw-recycle-line']
    place = found[0]['locations'][0]['physicalLocation']
    root = run['originalUriBaseIds'][place['artifactLocation']['uriBaseId']]['uri']
    assert root.startswith('file://host00')
    assert place['artifactLocation']['uri'] == 'etc/sysctl.d/50-tuning.conf'
    assert place['region']['startLine'] in (3, 4, 5)
    assert run['tool']['driver']['rules'][found[0]['ruleIndex']]['id'] == 'tw-recycle-line'
    assert run['invocations'][0]['executionSuccessful'] is False
    assert len(run['invocations'][0]['toolExecutionNotifications']) == fleet['summary']['statuses']['unreachable']


def test_sarif_tells_waived_findings_apart_and_recognises_a_finding_in_the_next_run() -> None:
    waived = make_finding(rule='other', waived={'reason': 'accepted', 'expires': None})
    document = make_document(make_host('a', 'exposed', findings=[make_finding(evidence=lines), waived]))
    first, second = read_sarif(sarif.render(document))['runs'][0]['results']
    assert 'suppressions' not in first
    assert second['suppressions'][0]['justification'] == 'accepted'
    again = read_sarif(sarif.render({**document, 'run': {**document['run'], 'id': 'other'}}))['runs'][0]['results']
    assert [result['partialFingerprints'] for result in again] == [
        result['partialFingerprints'] for result in (first, second)
    ]
    assert first['partialFingerprints'] != second['partialFingerprints']


def test_csv_has_a_row_for_each_finding_and_each_host_without_any(fleet: Json) -> None:
    rows = read_csv(csv.render(fleet))
    assert {row['host'] for row in rows} == {host['name'] for host in fleet['hosts']}
    assert len(rows) == sum(len(host['findings']) or 1 for host in fleet['hosts'])
    row = next(row for row in rows if row['rule'] == 'tw-recycle-line')
    assert row['files'].startswith('/etc/sysctl.d/50-tuning.conf:')


@pytest.mark.parametrize('text', FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    for row in read_csv(csv.render(hostile_document(text))):
        for value in row.values():
            assert not value.strip().startswith(('=', '+', '-', '@', '\uff1d'))


def test_markdown_lists_the_worst_hosts_and_each_rule_once(fleet: Json) -> None:
    shown, rows = read_markdown(markdown.render(fleet))
    assert len(rows) == 51, 'a head and fifty hosts'
    assert rows[1][0] == 'host00000.example.org'
    assert rows[1][1] == '<strong>dropping</strong>'
    assert shown.count('<code>tw-recycle-line</code>') == 1
    assert '/etc/sysctl.d/50-tuning.conf:3' in shown.replace('&#58;', ':')
    assert len(markdown.render(fleet)) < 65536


def test_markdown_keeps_each_rule_on_its_line() -> None:
    rule = 'x\n\n# **owned** `y` \x1b[2J'
    text = markdown.render(make_document(make_host('a', 'exposed', findings=[make_finding(rule=rule)])))
    assert '\n# **owned**' not in text
    assert '\x1b' not in text


@pytest.mark.parametrize('when', [1e308, -1.0, True, 253402300800])
def test_a_time_that_no_calendar_has_is_left_out(when: float) -> None:
    found = make_document(make_host('a', source={'collector': 'live', 'root': '/', 'collected_at': when}))
    assert 'observed' not in page_reader.hosts(html.render(found))[0]
    known = make_document(make_host('a', source={'collector': 'live', 'root': '/', 'collected_at': 1790000000.5}))
    assert page_reader.hosts(html.render(known))[0]['observed'] == 1790000000.5
    assert 'observed_timestamp_seconds{' not in prometheus.render(found)


def test_markdown_tells_which_hosts_would_run_out_of_ports() -> None:
    hosts = [{**make_host(name), 'forecast': found} for name, found in FORECASTS.items()]
    document = make_document(*hosts, make_host('d'))
    assert problems(document) == []
    shown, _cells = read_markdown(markdown.render(document))
    assert '<strong>a</strong>: used up; with what this run sets: enough; changed as planned.' in shown
    assert '<strong>b</strong>: used up; left as it is, since its ports would run out.' in shown
    assert 'Keep connections alive and pool them' in shown
    assert '<strong>d</strong>' not in shown


def test_markdown_of_a_clean_fleet_is_short() -> None:
    assert read_markdown(markdown.render(make_document(make_host('a'))))[1] == []


@needs_promtool
def test_metrics_are_accepted_by_promtool(fleet: Json) -> None:
    check_metrics(prometheus.render(fleet))


def test_metrics_say_what_the_document_says(fleet: Json) -> None:
    text = prometheus.render(fleet)
    assert 'nodetcp_paws_host_verdict{host="host00000.example.org",verdict="dropping"} 1\n' in text
    assert 'nodetcp_paws_audit_verdicts{verdict="dropping"} %d\n' % fleet['summary']['verdicts']['dropping'] in text
    assert 'nodetcp_paws_host_audited{host="host00049.example.org"} 0\n' in text
    rise = [line for line in text.splitlines() if 'window_rise' in line and 'counter="TcpExt.PAWSPassive"' in line]
    assert rise
    assert all(line.endswith(' 37') and 'kind="container"' in line for line in rise)


def test_the_names_of_metrics_are_an_interface() -> None:
    names = [metric.name for metric in prometheus.METRICS]
    page = (Path(__file__).resolve().parents[6] / 'docs' / 'prometheus.md').read_text()
    assert sorted(set(re.findall(r'`nodetcp_paws_(\w+)`', page))) == sorted(names)


@every
def test_hostile_text_stays_text(text: str) -> None:
    document = hostile_document(text)
    rendered = {name: render(document) for name, (_file, render) in writing.FORMATS.items()}
    for output in rendered.values():
        output.encode()
        assert not HIDDEN.search(output.replace('\r\n', '\n'))
    suites = read_junit(rendered['junit'])
    assert len(suites) == 3
    assert len(read_sarif(rendered['sarif'])['runs'][0]['results']) == 1
    rows = read_csv(rendered['csv'])
    assert len(rows) == 3
    shown, cells = read_markdown(rendered['markdown'])
    assert len(cells) == 3, 'a head and the two hosts that are not clean'
    assert not re.search(r'<(?!/?(?:h2|h3|p|table|thead|tbody|tr|th|td|strong|ol|ul|li|code)\b)', shown)
    assert '@team' not in shown
    assert 'https://' not in shown


@needs_promtool
@every
def test_hostile_text_stays_a_label(text: str) -> None:
    check_metrics(prometheus.render(hostile_document(text)))


def test_a_file_of_any_name_is_a_place_of_sarif() -> None:
    name = '/etc/sysctl.d/%41 ü\x1b?#.conf'
    finding = make_finding(evidence={'lines': [{'file': name, 'line': 0}], 'writer': {'file': name, 'line': True}})
    result = read_sarif(sarif.render(make_document(make_host('a', 'exposed', findings=[finding]))))['runs'][0]
    place = result['results'][0]['locations'][0]['physicalLocation']
    assert '/' + urllib.parse.unquote(place['artifactLocation']['uri']) == name
    assert 'region' not in place


def test_places_are_found_wherever_a_rule_puts_them_and_named_once() -> None:
    there = {'file': '/etc/a', 'line': 3, 'value': 1}
    finding = make_finding(
        evidence={'a': [there], 'b': {'lines': {'k': there}}, 'c': {'file': '/etc/b', 'value': None}}
    )
    assert origins.places(finding) == [origins.Place('/etc/a', 3, '1'), origins.Place('/etc/b', None, None)]


@pytest.mark.parametrize(
    'said',
    [
        'net.ipv4.tcp_tw_recycle=1 with timestamps on: lost 37 (of 40) in 10 s; container net:[4026532281] - fix it!',
        '# no heading',
        '- no item',
        '+ no item',
        '> no quotation',
        '= no heading',
        '1. no list',
        '12) no list',
        '_no_ __emphasis__ *here* or ~~there~~, __init__ and a__b__c, _x',
        '&lt; &#60; &amp AT&T <b> [a](b) ![a](b) [^1] `code` $x$ a|b \\* \\_ \\',
        '{{ 7*7 }} {% x %} {# y #}',
    ],
)
def test_markdown_shows_text_as_it_is(said: str) -> None:
    finding = make_finding(title=said)
    document = make_document(make_host('a', 'exposed', summary='a summary', findings=[finding]))
    shown, _cells = read_markdown(markdown.render(document))
    assert html_reader.unescape(shown).replace(JOINER, '').count(said) == 2, 'what to do, and the finding'
    alone = MarkdownIt('commonmark').enable('strikethrough').render(markdown.text(said))
    assert html_reader.unescape(alone).replace(JOINER, '') == '<p>%s</p>\n' % said


def test_markdown_reads_as_plain_text(fleet: Json) -> None:
    text = markdown.render(fleet)
    assert '\\' not in text.replace('net:\\[', '')
    assert '| host00000.example.org | **dropping** | net.ipv4.tcp_tw_recycle=1 with timestamps on: ' in text


def test_markdown_says_first_what_to_do(fleet: Json) -> None:
    shown, _cells = read_markdown(markdown.render(fleet))
    steps = shown.partition('<h3>Do this now</h3>')[2].partition('</ol>')[0]
    first = fleet['do_now'][0]
    assert steps.index('<strong>dropping</strong>: tcp_tw_recycle is dropping SYNs now (10 hosts: ') < steps.index(
        '<code>'
    )
    assert first['named'][0] in steps
    assert all('<code>%s</code>' % command in steps for command in first['commands'])
    assert 'Do this now' not in markdown.render(make_document(make_host('a')))
