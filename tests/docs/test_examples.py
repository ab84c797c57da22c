# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pages tell people to type: it is taken out of them, checked, and where it is cheap, run."""

from __future__ import annotations

import datetime
import itertools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, waivers
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.catalogue import sentences
from tests.docs import markdown
from tests.docs.markdown import Block
from tests.gates.gates import CHECKOUT

ROLES = ('audit', 'safe_sysctl', 'rollback')
PREFIXES = ('audit', 'remediate', 'rollback', 'safe_sysctl', 'diagnose', 'report', 'forget', 'scan', 'kubernetes')
#: a field of rules that begins like a variable, and a variable of a user's own
NO_VARIABLE = {'report_only', 'audit_owner'}
TODAY = datetime.date(2026, 11, 22)
#: what ansible-core says of a module that the node's Python is too old for
NO_JSON = 'No start of json char found'
Json = dict[str, Any]


def found(*languages: str) -> list[Block]:
    return [block for page in markdown.pages() for block in markdown.blocks(page, *languages)]


def specification() -> Json:
    """The options of all roles, by variable."""
    options: Json = {}
    for role in ROLES:
        options.update(specified(role)['options'])
    return options


def variables() -> set[str]:
    """Those of the roles, and those that playbooks alone take."""
    taken = re.compile(r'\b((?:%s)_\w+)' % '|'.join(PREFIXES))
    playbooks = {name for place in CHECKOUT.glob('playbooks/*.yml') for name in taken.findall(place.read_text())}
    return set(specification()) | playbooks


def is_playbook(content: object) -> bool:
    plays = {'hosts', 'ansible.builtin.import_playbook'}
    return isinstance(content, list) and all(isinstance(play, dict) and set(play) & plays for play in content)


def documents(*kinds: type) -> Iterator[tuple[Block, Any]]:
    """Each YAML block with its content."""
    for block in found('yaml'):
        content = yaml.safe_load(block.text)
        if isinstance(content, kinds):
            yield block, content


def environment(place: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith('ANSIBLE_')},
        'PATH': '%s:%s' % (Path(sys.executable).parent, os.environ['PATH']),
        'HOME': str(place),
        'ANSIBLE_COLLECTIONS_PATH': str(CHECKOUT / 'playbooks' / 'collections'),
        'ANSIBLE_NOCOLOR': '1',
        'LC_ALL': 'C.UTF-8',
    }


@pytest.mark.parametrize('block', found('yaml', 'json'), ids=str)
def test_data_is_what_it_says(block: Block) -> None:
    content = yaml.safe_load(block.text) if block.language == 'yaml' else json.loads(block.text)
    assert isinstance(content, list | dict), 'neither a list nor a mapping'


def examples() -> Iterator[tuple[str, list[Json]]]:
    """Every playbook in a page or a role's specification, and the tasks in each module's documentation as one."""
    for block, content in documents(list):
        assert is_playbook(content), block
        if 'ansible.posix.' in block.text:
            continue  # test_migration.py of the scenarios has that collection, and runs it
        yield '%s-%d' % (block.page.stem, block.line), content
    for role in ROLES:
        yield 'role-' + role, yaml.safe_load(specified(role)['examples'])
    for place in sorted((CHECKOUT / 'plugins' / 'modules').glob('*.py')):
        tasks = yaml.safe_load(documented(place.stem, 'EXAMPLES'))
        yield 'module-' + place.stem, [{'name': 'Examples', 'hosts': 'all', 'gather_facts': False, 'tasks': tasks}]


def specified(role: str) -> Json:
    text = (CHECKOUT / 'roles' / role / 'meta' / 'argument_specs.yml').read_text(encoding='utf-8')
    main: Json = yaml.safe_load(text)['argument_specs']['main']
    return main


def documented(module: str, part: str) -> str:
    """DOCUMENTATION, EXAMPLES or RETURN of a module, as text."""
    source = (CHECKOUT / 'plugins' / 'modules' / (module + '.py')).read_text(encoding='utf-8')
    [text] = re.findall(r'^%s = r"""\n(.*?)^"""' % part, source, re.MULTILINE | re.DOTALL)
    return str(text)


def test_playbooks_pass_a_syntax_check(tmp_path: Path) -> None:
    places = []
    for name, plays in examples():
        places.append(tmp_path / (name + '.yml'))
        places[-1].write_text(yaml.safe_dump(plays, sort_keys=False), encoding='utf-8')
    done = subprocess.run(
        ['ansible-playbook', '--syntax-check', '-i', 'localhost,', *map(str, places)],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_options_of_modules_in_playbooks_exist() -> None:
    for name, plays in examples():
        for task in (task for play in plays for task in play.get('tasks', [])):
            for module, arguments in task.items():
                if module.startswith('nodetcp.paws.'):
                    assert set(arguments or {}) <= set(options_of(module)), '%s: %s' % (name, module)
                    check_rules(name, arguments or {})


def check_rules(place: str, arguments: Json) -> None:
    """Rules and waivers in the arguments of a module, where they are written out."""
    rules, waived = (arguments.get(name) for name in ('rules', 'waivers'))
    known = catalogue.builtin().extended(rules if isinstance(rules, list) else None, place)
    waivers.parse(waived if isinstance(waived, list) else None, place, known, TODAY)


def options_of(module: str) -> Json:
    """The options of a module of this collection and of the fragments that it extends."""
    documentation = yaml.safe_load(documented(module.rpartition('.')[2], 'DOCUMENTATION'))
    fragments = (CHECKOUT / 'plugins' / 'doc_fragments' / 'verbs.py').read_text(encoding='utf-8')
    options: Json = dict(documentation.get('options', {}))
    for fragment in documentation['extends_documentation_fragment']:
        _namespace, _collection, _file, *part = fragment.split('.')
        name = ''.join(part).upper() or 'DOCUMENTATION'
        [text] = re.findall(r'^    %s = r"""\n(.*?)^"""' % name, fragments, re.MULTILINE | re.DOTALL)
        options.update(yaml.safe_load(text).get('options', {}))
    return options


def test_variables_in_examples_are_of_the_right_kind() -> None:
    options = specification()
    seen = set()
    for block, content in documents(dict):
        known = {name: value for name, value in content.items() if name in options}
        added = {name for name in content if name.startswith('safe_sysctl_settings_')}
        if not known:
            continue
        assert set(content) == set(known) | added, '%s: %s' % (block, set(content) - set(known))
        checked = ArgumentSpecValidator({name: options[name] for name in known}).validate(dict(known))
        assert not checked.error_messages, '%s: %s' % (block, checked.error_messages)
        seen |= set(known)
    assert len(seen) > 10


def test_rules_and_waivers_in_examples_load() -> None:
    number = 0
    for block, content in documents(dict):
        rules = catalogue.builtin().extended(content.get('audit_rules'), str(block))
        number += len(waivers.parse(content.get('audit_waivers'), str(block), rules, TODAY))
        number += len(content.get('audit_rules', []))
    assert number > 3


def test_every_variable_that_is_named_exists() -> None:
    known = variables()
    for page in markdown.pages():
        text = page.read_text(encoding='utf-8')
        for name in re.findall(r'(?<![\w./-])((?:%s)_[a-z_]+)\b(?![(./-])' % '|'.join(PREFIXES), text):
            own = name.startswith('safe_sysctl_settings') or name in NO_VARIABLE
            assert name in known or own, '%s: %s' % (markdown.name(page), name)


def commands(block: Block) -> Iterator[list[str]]:
    """The words of each command, continued lines as one."""
    for line in block.text.replace('\\\n', ' ').splitlines():
        for part in line.split('&&'):
            words = shlex.split(part, comments=True)
            if words:
                yield words


@pytest.mark.parametrize('block', found('sh'), ids=str)
def test_commands_are_what_the_collection_has(block: Block) -> None:
    shell = subprocess.run(['bash', '-n'], input=block.text, capture_output=True, text=True, check=False)
    assert shell.returncode == 0, shell.stderr
    targets = set(re.findall(r'^([a-z.-]+):', (CHECKOUT / 'Makefile').read_text(encoding='utf-8'), re.MULTILINE))
    for words in commands(block):
        if words[0] == 'make':
            assert set(words[1:]) <= targets
        for name in re.findall(r'nodetcp\.paws\.(\w+)', ' '.join(words)) if words[0] == 'ansible-playbook' else ():
            assert (CHECKOUT / 'playbooks' / (name + '.yml')).exists(), name
        if words[0] in ('ansible', 'ansible-playbook'):
            check_options(words)


def check_options(words: list[str]) -> None:
    """Variables given by -e, options given to a module by -a, and options of the program itself."""
    given = dict(itertools.pairwise(words))
    for option, value in itertools.pairwise(words):
        if option == '-e' and '=' in value and value.split('_')[0] in PREFIXES:
            assert value.partition('=')[0] in variables(), value
    module = given.get('-m', '')
    if module.startswith('nodetcp.paws.') and '-a' in given:
        assert {word.partition('=')[0] for word in given['-a'].split()} <= set(options_of(module)), given['-a']
    known = {'-i', '-b', '-e', '-m', '-a', '-c', '--check', '--diff', '--limit', '--syntax-check', '-v', '-vvv'}
    assert {word for word in words if word.startswith('-')} <= known


def test_the_quick_start(tmp_path: Path) -> None:
    """`make audit` in a checkout, with the virtual environment that is there already."""
    for name in ('Makefile', 'ansible.cfg'):
        shutil.copy(CHECKOUT / name, tmp_path)
    for name in ('playbooks', 'plugins', 'roles', 'meta', 'galaxy.yml', 'tools'):
        (tmp_path / name).symlink_to(CHECKOUT / name)
    (tmp_path / '.venv').symlink_to(Path(sys.prefix))
    done = subprocess.run(
        ['make', '-o', 'venv', 'audit'],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith('ANSIBLE_')},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r'^1 host: 1 \w+( \(1 partly seen\))?$', done.stdout, re.MULTILINE)
    assert {place.name for place in (tmp_path / 'paws-report').iterdir()} == {'audit.json', 'audit.html'}


def test_records_are_collected_and_audited_as_the_security_page_says(tmp_path: Path) -> None:
    """The playbook of the page and the audit after it. sudo is a script: tests have no accounts to confine."""
    page = CHECKOUT / 'docs' / 'guides' / 'security.md'
    [block] = [block for block in markdown.blocks(page, 'yaml') if 'node.pyz' in block.text]
    collector = tmp_path / 'node.pyz'
    subprocess.run([sys.executable, 'tools/build_node_pyz.py', str(collector)], cwd=CHECKOUT, check=True)
    (tmp_path / 'collect.yml').write_text(block.text.replace('/usr/local/sbin/node.pyz', str(collector)))
    (tmp_path / 'bin').mkdir()
    (tmp_path / 'bin' / 'sudo').write_text('#!/bin/sh\n[ "$1" = -n ] && shift\nexec "$@"\n')
    (tmp_path / 'bin' / 'sudo').chmod(0o755)
    outside = environment(tmp_path)
    outside['PATH'] = '%s:%s' % (tmp_path / 'bin', outside['PATH'])
    inventory = ['-i', 'localhost,', '-c', 'local', '-e', 'ansible_python_interpreter=' + sys.executable]
    audit = ['nodetcp.paws.audit', '-e', 'audit_records=records']
    for arguments in (['collect.yml', *inventory], audit):
        done = subprocess.run(
            ['ansible-playbook', *arguments], cwd=tmp_path, env=outside, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    [host] = json.loads((tmp_path / 'paws-report' / 'audit.json').read_text())['hosts']
    assert host['source']['collector'] == 'live'


def test_pasted_output_is_judged_as_its_page_says(tmp_path: Path) -> None:
    """The commands of the page, with what somebody pasted in between."""
    page = CHECKOUT / 'docs' / 'guides' / 'only-have.md'
    [block] = [block for block in markdown.blocks(page, 'sh') if 'audit_root=' in block.text]
    prepare, audit = block.text.splitlines()
    subprocess.run(['bash', '-c', prepare], cwd=tmp_path, check=True)
    pasted = tmp_path / 'captures' / 'web1'
    (pasted / 'netstat_-s').write_text('TcpExt:\n    7 passive connections rejected because of time stamp\n')
    (pasted / 'sysctl_-a').write_text(
        'kernel.osrelease = 3.10.0-1160.el7.x86_64\nnet.ipv4.tcp_timestamps = 1\nnet.ipv4.tcp_tw_recycle = 1\n'
    )
    done = subprocess.run(
        ['bash', '-c', audit], cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [host] = json.loads((tmp_path / 'paws-report' / 'audit.json').read_text())['hosts']
    assert (host['verdict'], host['evidence']) == ('exposed', 'past')


def test_every_variable_is_described() -> None:
    """Those of the roles, and those that playbooks have a default for."""
    settable = re.compile(r'\{\{\s*((?:%s)_\w+) \|' % '|'.join(PREFIXES))
    taken = {name for place in CHECKOUT.glob('playbooks/*.yml') for name in settable.findall(place.read_text())}
    text = '\n'.join(page.read_text(encoding='utf-8') for page in markdown.pages())
    assert {
        name for name in taken | set(specification()) if '`%s`' % name not in text and name + '=' not in text
    } == set()


def test_messages_in_troubleshooting_are_those_of_the_code() -> None:
    """Text between backquotes that begins a paragraph: each piece between dots is in a source of this collection."""
    page = (CHECKOUT / 'docs' / 'guides' / 'troubleshooting.md').read_text(encoding='utf-8')
    sources = [*CHECKOUT.glob('plugins/**/*.py'), *CHECKOUT.glob('plugins/**/rules.yml')]
    said = [*map(Path.read_text, sources), *sentences('en').values()]
    code = re.sub(r"['\"]\s*\n\s*f?['\"]|\{[\w.]+\}|%\w", '', '\n'.join(said))
    messages = re.findall(r'^\*\*`([^`]+)`\*\*', page, re.MULTILINE)
    ours = [text for text in messages if text not in ("couldn't resolve module/action 'nodetcp.paws...'", NO_JSON)]
    assert len(ours) > 10
    for text in ours:
        for piece in re.split(r'\.\.\.', text):
            assert piece.strip(' ,:;') in code, text


def test_values_are_shown_as_they_are() -> None:
    """ansible-doc strips the mark `ignore:` from names of options and results alone; of a value it would be shown."""
    for place in (CHECKOUT / 'plugins').glob('*/*.py'):
        assert not re.search(r'\bV\(ignore:', place.read_text(encoding='utf-8')), place
