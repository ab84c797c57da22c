# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manifests: what Kubernetes makes of them, and whether the rights they ask for suffice on a real kernel."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations import observe
from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture.look import look
from ansible_collections.nodetcp.paws.plugins.plugin_utils._kubernetes import manifest
from tests.gates.gates import CHECKOUT

Json = dict[str, Any]
#: The oldest Kubernetes with PodSecurity, and the newest one that the schemas know.
VERSIONS = ('1.25', '1.37')


def objects() -> list[Json]:
    places = sorted((CHECKOUT / 'extensions' / 'kubernetes').glob('*.yaml'))
    return [each for place in places for each in yaml.safe_load(place.read_text(encoding='utf-8'))['items']]


def pods() -> list[Json]:
    return [each['spec']['template']['spec'] for each in objects() if each['kind'] in ('Job', 'DaemonSet')]


def test_nothing_but_the_collector_has_rights_and_it_ends() -> None:
    assert len(pods()) == 2
    for pod in pods():
        assert [pod[name] for name in ('hostPID', 'hostNetwork', 'automountServiceAccountToken')] == [True, True, False]
        assert pod['tolerations'] == [{'operator': 'Exists'}]
        assert [volume for volume in pod['volumes'] if 'configMap' not in volume] == []
        for container in pod['containers'] + pod.get('initContainers', []):
            context = container['securityContext']
            assert context['capabilities']['drop'] == ['ALL']
            assert 'privileged' not in context
            if container['name'] != manifest.CONTAINER:
                assert 'add' not in context['capabilities']
                assert context['runAsNonRoot']
    [job] = [each['spec'] for each in objects() if each['kind'] == 'Job']
    assert [job[name] for name in ('activeDeadlineSeconds', 'ttlSecondsAfterFinished', 'backoffLimit')] == [
        300,
        3600,
        0,
    ]
    [daemon] = [each['spec']['template']['spec'] for each in objects() if each['kind'] == 'DaemonSet']
    assert [each['name'] for each in daemon['initContainers']] == [manifest.CONTAINER]


@pytest.mark.parametrize('version', VERSIONS)
def test_kubernetes_knows_every_field(version: str) -> None:
    validate = pytest.importorskip('kubernetes_validate')
    for each in objects():
        validate.validate(each, version, strict=version == VERSIONS[-1])


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """The root directory of a container: a busybox that is linked statically, the scripts, /proc."""
    static = shutil.which('busybox')
    listed = subprocess.run([static, '--list'], capture_output=True, text=True, check=True).stdout if static else ''
    ask = subprocess.run(['ldd', static], capture_output=True, text=True, check=False) if static else None
    if os.geteuid() or not shutil.which('setpriv') or ask is None or not ask.returncode:
        pytest.skip('needs root, setpriv, and a busybox that is linked statically (Debian: busybox-static)')
    for name in ('bin', 'collect', 'proc', 'dev'):
        (tmp_path / name).mkdir()
    shutil.copy(str(static), tmp_path / 'bin' / 'busybox')
    for applet in listed.split():
        if applet != 'busybox':
            os.link(tmp_path / 'bin' / 'busybox', tmp_path / 'bin' / applet)
    for name, text in manifest.scripts('space', 'run')['data'].items():  # type: ignore[attr-defined]
        (tmp_path / 'collect' / name).write_text(text, encoding='utf-8')
    return tmp_path


def test_the_rights_of_the_pod_suffice_to_see_the_node(image: Path) -> None:
    """In the root of a container, with the capabilities of the manifest alone: what root sees on this machine.

    The node is a PID namespace. Its first process has the root directory of the machine, another one its own network.
    """
    rights = ','.join(['-all', *('+' + name.lower() for name in manifest.CAPABILITIES)])
    [command] = [container['command'] for pod in pods() for container in pod.get('initContainers', ())]
    node = (
        'unshare -n sleep 100 & mount -t proc proc "$0/proc"; setpriv --bounding-set=%s chroot "$0" "$@"; exit' % rights
    )
    words = ['-m', '-p', '-f', '--kill-child', '--mount-proc', 'sh', '-c', node, str(image), *command[:2], '/', '0']
    done = subprocess.run(['unshare', *words], capture_output=True, timeout=120, check=False)
    found, expected = look(done.stdout, {})['record'], observe.run({})['record']
    for part in ('kernel', 'persisted', 'writers'):
        assert found[part] == expected[part]
    own, inner = found['namespaces']
    assert own['sysctls'] == expected['namespaces'][0]['sysctls']
    assert inner['sysctls']['net.ipv4.tcp_timestamps']['value'] == '1'
    assert 'namespaces' not in found['unavailable']
