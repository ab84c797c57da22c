# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Image-based systems: told by os-release, left with a reason, and given lines that their own configuration takes."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
import tomllib
import yaml

from ansible_collections.nodetcp.paws.plugins.action import paws_plan
from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture import image_system
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import tell
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import image_lines, needs, plan_text
from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan import formats
from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan.setting import Names
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.record import ImageSystem
from tests.unit.plugins.plugin_utils._remediate.test_decisions import decided, host, planned

SETTINGS = {
    'net.ipv4.tcp_tw_recycle': '0',
    'net.ipv4.ip_local_port_range': '1024\t65000',
}
RELEASES = {
    'flatcar': 'NAME="Flatcar Container Linux by Kinvolk"\nID=flatcar\nID_LIKE=coreos\n',
    'fedora-coreos': 'NAME="Fedora Linux"\nID=fedora\nVERSION_ID=40\nVARIANT_ID=coreos\n',
    'rhel-coreos': 'NAME="Red Hat Enterprise Linux CoreOS"\nID="rhcos"\nID_LIKE="rhel fedora"\n',
    'talos': 'NAME="Talos"\nID=talos\nVERSION_ID=v1.7.0\n',
    'bottlerocket': 'NAME=Bottlerocket\nID=bottlerocket\nVARIANT_ID=aws-k8s-1.29\n',
    'cos': 'NAME="Container-Optimized OS"\nID=cos\nVERSION=109\n',
}
SYSTEMS = get_args(ImageSystem)
#: A name as a file of that form has it.
FILES = {
    'Butane': 'node.yaml',
    'Butane (MachineConfig)': 'node.yaml',
    'Ignition': 'node.ign.json',
    'machine config': 'talos.yaml',
    'settings (TOML)': 'settings.toml',
    'user-data': 'user-data',
}


@pytest.mark.parametrize('system', SYSTEMS)
def test_a_system_is_known_by_its_os_release(system: ImageSystem) -> None:
    assert image_system.named(RELEASES[system]) == system


@pytest.mark.parametrize('text', ['', 'ID=fedora\n', 'ID=debian\nVARIANT_ID=coreos\n', 'ID=flatcar x\n', '# ID=cos\n'])
def test_other_systems_are_none_of_them(text: str) -> None:
    assert image_system.named(text) is None


@pytest.mark.parametrize('system', SYSTEMS)
def test_a_scan_of_the_lines_finds_the_settings_again(system: ImageSystem) -> None:
    names = Names(SETTINGS)
    for form in image_lines.SYSTEMS[system].forms:
        found = formats.parse(FILES[form.name], form.lines(SETTINGS), names)
        values = {each.key: ' '.join((each.value or '').split()) for each in found}
        assert values == {key: ' '.join(value.split()) for key, value in SETTINGS.items()}, form.name


def lines_of(system: ImageSystem, form: int = 0) -> str:
    return image_lines.SYSTEMS[system].forms[form].lines(SETTINGS)


def test_the_lines_have_the_form_that_each_system_reads() -> None:
    talos = yaml.safe_load(lines_of('talos'))
    assert talos['machine']['sysctls']['net.ipv4.tcp_tw_recycle'] == '0'  # a text: Talos takes no numbers
    settings = tomllib.loads(lines_of('bottlerocket'))['settings']['kernel']['sysctl']
    assert settings == {'net.ipv4.tcp_tw_recycle': '0', 'net.ipv4.ip_local_port_range': '1024 65000'}
    data = yaml.safe_load(lines_of('cos'))
    assert lines_of('cos').startswith('#cloud-config\n')
    assert data['runcmd'] == [['sysctl', '-p', data['write_files'][0]['path']]]
    for system in ('flatcar', 'fedora-coreos', 'rhel-coreos'):
        [file] = yaml.safe_load(lines_of(system))['storage']['files']
        assert (file['mode'], 'net.ipv4.tcp_tw_recycle = 0\n' in file['contents']['inline']) == (0o644, True)
    ignition: Any = json.loads(lines_of('flatcar', 1))
    assert ignition['storage']['files'][0]['mode'] == 0o644


@pytest.mark.parametrize('system', SYSTEMS)
def test_a_value_cannot_add_a_line(system: ImageSystem) -> None:
    for form in image_lines.SYSTEMS[system].forms:
        lines = form.lines({'net.ipv4.ip_local_reserved_ports': '1"\nkernel.core_pattern = |x'})
        found = formats.parse(FILES[form.name], lines, Names(['kernel.core_pattern']))
        assert [each for each in found if each.key == 'kernel.core_pattern'] == [], form.name


@pytest.mark.parametrize('system', SYSTEMS)
def test_the_host_is_left_with_the_reason_and_the_lines(system: ImageSystem) -> None:
    found = needs.Needs()
    found.settings.update(SETTINGS)
    reason = paws_plan._why_not({'collector': 'shell', 'root': '/', 'system': system}, found)
    assert reason is not None
    name = image_lines.SYSTEMS[system].name
    for language in ('en', 'zh'):
        assert name in tell(language, reason)
        assert 'net.ipv4.tcp_tw_recycle = 0' in tell(language, reason)
    left = [{'rule': 'all', 'reason': reason}]
    plan = planned(changes=(), left=left, settings=SETTINGS, system=system)
    members = {'one': host(plan), 'two': host(plan), 'other': host()}
    for language in ('en', 'zh'):
        text = plan_text.text(members, decided(members), language)
        for form in image_lines.SYSTEMS[system].forms:
            block = ''.join('    %s\n' % line for line in form.lines(SETTINGS).splitlines())
            assert text.count(block) == 1, form.name
