# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The standard fleet: each host is in one known state, and ``expect`` is the class that an audit must find.

What is real: network namespaces, their sysctls and counters, containers' namespaces, files, interpreters, ssh,
accounts. What is not: hosts with ``kernel`` run on this machine's kernel and only look old (oldkernel.py says how far),
so their counters lack PAWSPassive; states that need counters of an old kernel are synthetic captured trees (trees.py)
below /capture, read through ``audit_root``.
"""

from __future__ import annotations

import hashlib
from typing import Any

from . import trees
from .spec import Container, Host

EL7 = '3.10.0-1160.el7.x86_64'
XENIAL = '4.4.0-210-generic'
V4_11 = '4.11.12-generic'
RECYCLE = 'net.ipv4.tcp_tw_recycle'
_CAPTURE: dict[str, Any] = {'audit_root': '/capture'}


def container_id(name: str) -> str:
    """64 hexadecimal digits that are the same in every run."""
    return hashlib.sha256(name.encode()).hexdigest()


def docker_v2(name: str) -> str:
    return '0::/system.slice/docker-%s.scope\n' % container_id(name)


def docker_v1(name: str) -> str:
    return ''.join(
        '%d:%s:/docker/%s\n' % (number, part, container_id(name))
        for number, part in ((3, 'memory'), (2, 'cpu,cpuacct'), (1, 'name=systemd'))
    )


def pod(name: str) -> str:
    uid = container_id('pod of ' + name)[:32]
    slices = 'kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod%s_%s_%s_%s_%s.slice' % (
        uid[:8],
        uid[8:12],
        uid[12:16],
        uid[16:20],
        uid[20:],
    )
    return '0::/%s/cri-containerd-%s.scope\n' % (slices, container_id(name))


def plain(number: int) -> list[Host]:
    """``number`` hosts alike with this kernel's defaults: for benchmarks."""
    return [Host('host%03d' % index, expect='clean') for index in range(1, number + 1)]


def standard() -> list[Host]:
    return [*_modern(), *_stale(), *_old(), *_exposed(), *_captured(), *_containers(), *_interpreters(), *_access()]


def _old_host(name: str, expect: str, why: str, kernel: str = EL7, tw_recycle: str | None = '0', **more: Any) -> Host:
    """Settings that are sound on that kernel, so that the one thing named is what decides."""
    sysctls = {'net.ipv4.tcp_tw_reuse': '0', 'net.ipv4.tcp_timestamps': '1', **more.pop('sysctls', {})}
    groups = ('old_kernel', *more.pop('groups', ()))
    return Host(name, expect, why, groups=groups, kernel=kernel, tw_recycle=tw_recycle, sysctls=sysctls, **more)


def _modern() -> list[Host]:
    tidy = {'etc/sysctl.d/60-tcp.conf': '# reviewed\nnet.ipv4.tcp_timestamps = 1\nnet.core.somaxconn = 4096\n'}
    return [
        Host('clean-defaults', 'clean', "this kernel's defaults"),
        Host('clean-files', 'clean', 'sound settings, also in files', files=tidy),
        Host('advisory-timestamps', 'advisory', 'timestamps off', sysctls={'net.ipv4.tcp_timestamps': '0'}),
        Host('advisory-rfc1337', 'advisory', 'an RST no longer ends TIME_WAIT', sysctls={'net.ipv4.tcp_rfc1337': '1'}),
        Host('advisory-syncookies', 'advisory', 'no SYN cookies', sysctls={'net.ipv4.tcp_syncookies': '0'}),
        Host(
            'advisory-reuse-inert',
            'advisory',
            'tw_reuse on, timestamps off',
            sysctls={'net.ipv4.tcp_tw_reuse': '1', 'net.ipv4.tcp_timestamps': '0'},
        ),
        Host(
            'impaired-accept-queue',
            'impaired',
            'a service whose accept queue is full refuses connections now',
            overflow=True,
        ),
    ]


def _stale() -> list[Host]:
    return [
        Host(
            'stale-sysctl-d',
            'stale',
            'sysctl.d sets a key this kernel no longer has',
            files={'etc/sysctl.d/99-tuning.conf': '# tuning guide\n%s = 1\nnet.ipv4.tcp_fin_timeout = 30\n' % RECYCLE},
        ),
        Host(
            'stale-sysctl-conf',
            'stale',
            'only /etc/sysctl.conf has it, as slash form and without the 99-sysctl.conf link',
            files={'etc/sysctl.conf': 'net/ipv4/tcp_tw_recycle = 1\n'},
        ),
    ]


def _old() -> list[Host]:
    tuned = {
        'etc/tuned/active_profile': 'web\n',
        'etc/tuned/web/tuned.conf': '[main]\nsummary=web servers\n\n[sysctl]\n%s=1\n' % RECYCLE,
    }
    return [
        _old_host('old-clean', 'clean', 'old kernel, recycle off everywhere'),
        _old_host(
            'latent-sysctl-d',
            'latent',
            'off now, on at next boot',
            files={'etc/sysctl.d/99-tuning.conf': RECYCLE + ' = 1\n'},
        ),
        _old_host(
            'latent-sysctl-conf',
            'latent',
            'off now; only procps reads the line that sets it',
            files={'etc/sysctl.conf': RECYCLE + ' = 1\n'},
        ),
        _old_host(
            'latent-rc-local',
            'latent',
            'off now, rc.local turns it on',
            files={'etc/rc.local': '#!/bin/sh\nsysctl -w %s=1\nexit 0\n' % RECYCLE},
        ),
        _old_host('latent-tuned', 'latent', 'off now, the active tuned profile turns it on', files=tuned),
        _old_host(
            'latent-masked',
            'latent',
            'recycle on, hidden by timestamps off',
            tw_recycle='1',
            sysctls={'net.ipv4.tcp_timestamps': '0'},
        ),
        _old_host(
            'unknown-in-container',
            'unknown',
            'the node is itself a container of an old kernel: its namespace has no tcp_tw_recycle',
            kernel=XENIAL,
            tw_recycle=None,
        ),
    ]


def _exposed() -> list[Host]:
    two = (Container('shop', docker_v1('shop')), Container('search', docker_v1('search')))
    return [
        _old_host(
            'exposed-el7',
            'exposed',
            'recycle and timestamps on',
            tw_recycle='1',
            files={'etc/sysctl.conf': RECYCLE + ' = 1\n'},
            links={'etc/sysctl.d/99-sysctl.conf': '../sysctl.conf'},
        ),
        _old_host(
            'exposed-el7-python27',
            'exposed',
            'the same, with Python 2.7 alone',
            tw_recycle='1',
            python='2.7',
            groups=('python27',),
        ),
        _old_host(
            'exposed-containers',
            'exposed',
            'kernel 4.4: one value for the host and its containers',
            kernel=XENIAL,
            tw_recycle='1',
            containers=two,
            groups=('containers',),
        ),
        _old_host(
            'exposed-one-container',
            'exposed',
            'kernel 4.11: off on the host, on in one of its containers',
            kernel=V4_11,
            containers=(
                Container('new', docker_v2('new'), {'net.ipv4.tcp_tw_reuse': '0'}),
                Container('old', docker_v2('old'), {'net.ipv4.tcp_tw_reuse': '0', RECYCLE: '1'}),
            ),
            groups=('containers',),
        ),
    ]


def _capture(name: str, expect: str, why: str, tree: dict[str, str]) -> Host:
    return Host(
        name, expect, why + ' (synthetic tree)', groups=('captures',), files=trees.below('capture', tree), vars=_CAPTURE
    )


def _captured() -> list[Host]:
    calm = {'TW': 20000, 'TWKilled': 120, 'PAWSPassive': 351000, 'ListenDrops': 351000}
    worse = {'TW': 20100, 'TWKilled': 190, 'PAWSPassive': 351763, 'ListenDrops': 351763}
    host = trees.node(EL7, {RECYCLE: '1'}, calm)
    risen = {
        'proc/%snet/%s' % (where, name): text for where in ('', '1/') for name, text in trees.counters(worse).items()
    }
    behind = {
        **trees.node(XENIAL, {RECYCLE: '1'}, {'TW': 40}),
        **trees.container(4200, 4026532300, docker_v1('flannel'), {'net.core.somaxconn': '1024'}, calm),
    }
    in_container = {'proc/4200/net/' + name: text for name, text in trees.counters(worse).items()}
    apart = {
        **trees.node(V4_11, {RECYCLE: '0'}, {'TW': 40}),
        **trees.container(
            4300, 4026532400, docker_v1('legacy'), {RECYCLE: '1', 'net.core.somaxconn': '1024'}, {'TW': 3}
        ),
    }
    return [
        _capture('dropping-host', 'dropping', 'PAWSPassive rises between two looks', trees.later(host, 12.0, risen)),
        _capture(
            'dropping-container',
            'dropping',
            "it rises in a container alone; the key is absent there, the host's value counts",
            trees.later(behind, 12.0, in_container),
        ),
        _capture('exposed-4-11-capture', 'exposed', '4.11: off on the host, on in a container', apart),
        _capture('exposed-past', 'exposed', 'it has dropped since boot, not now', trees.later(host, 12.0, {})),
    ]


def _containers() -> list[Host]:
    mixed = (Container('api', docker_v2('api')), Container('worker', docker_v1('worker')), Container('pod', pod('pod')))
    weak = (Container('good', docker_v2('good')), Container('weak', docker_v2('weak'), {'net.ipv4.tcp_rfc1337': '1'}))
    return [
        Host(
            'clean-containers',
            'clean',
            'three containers: cgroup v2, v1, a pod',
            groups=('containers',),
            containers=mixed,
        ),
        Host(
            'advisory-container',
            'advisory',
            'one container of two has a weak setting',
            groups=('containers',),
            containers=weak,
        ),
    ]


def _interpreters() -> list[Host]:
    return [
        Host('only-python27', 'clean', 'Python 2.7 alone', groups=('python27',), python='2.7'),
        Host(
            'broken-python3',
            'clean',
            'python3 in PATH does not start; 2.7 does',
            groups=('python27',),
            python='2.7',
            broken_python3=True,
        ),
        Host('only-python36', 'clean', 'Python 3.6 alone', python='3.6'),
    ]


def _access() -> list[Host]:
    hidden = (Container('unseen', docker_v2('unseen')),)
    ordinary: dict[str, Any] = {
        'groups': ('no_root',),
        'user': 'auditor',
        'hide': ('usr/bin/sudo', 'usr/bin/su'),
        'vars': {'ansible_become': False},
    }
    return [
        Host(
            'no-root', 'clean', 'audited as an ordinary user who sees no other namespace', containers=hidden, **ordinary
        ),
        Host('no-root-hidepid', 'clean', 'the same with hidepid=2', hidepid=True, **ordinary),
        Host(
            'refused',
            'unknown',
            'nothing listens on its ssh port',
            groups=('not_reached',),
            ssh='refused',
            vars={'ansible_ssh_timeout': 3},
        ),
        Host(
            'unreachable',
            'unknown',
            'its address belongs to nobody',
            groups=('not_reached',),
            ssh='unreachable',
            vars={'ansible_ssh_timeout': 3},
        ),
    ]
