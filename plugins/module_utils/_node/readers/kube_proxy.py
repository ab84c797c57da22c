# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How kube-proxy of this node makes Services work: as its process was told, else by what it left in the kernel.

Its configuration is read where kubelet keeps the ConfigMap, not inside the container, whose root may put links there.
Sources: kubernetes cmd/kube-proxy/app/options.go, pkg/proxy/ipvs/proxier.go (DefaultDummyDevice).
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from ..errors import Unreadable
from ..parsers.cgroup import parse_cgroup
from ..parsers.natural import natural

MODES = ('iptables', 'nftables', 'ipvs', 'userspace')
DEFAULT = 'iptables'  # on Linux
REPLACED = 'none'
PROGRAM = 'kube-proxy'
EMBEDDING = ('k3s-server', 'k3s-agent', 'kubelite')  # with kube-proxy inside; k3s itself runs that of RKE2 as a pod
REPLACING = ('cilium-agent',)  # whose programs in the kernel do its work
DEVICE = 'kube-ipvs0'
MOUNTED = '/var/lib/kubelet/pods/%s/volumes/kubernetes.io~configmap/kube-proxy/%s'
MODE = re.compile(r'^mode:[ \t]*["\']?([a-z]*)', re.MULTILINE)


def observe(tree, rules):
    """{'mode', 'by'}: one of MODES or REPLACED, and whether the `process` or the `kernel` tells it; None where nothing
    does. rules: those of readers/translation.py, or None. Raises nothing."""
    running = _running(tree)
    pid = running.get(PROGRAM)
    mode = _told(tree, pid) if pid else None
    if mode:
        return {'mode': mode, 'by': 'process'}
    if not pid and not any(name in running for name in EMBEDDING) and any(name in running for name in REPLACING):
        return {'mode': REPLACED, 'by': 'process'}
    mode = _left(tree, rules or ())
    return mode and {'mode': mode, 'by': 'kernel'}


def _running(tree):
    """{name: pid} of the processes that matter here."""
    found = {}
    for pid in tree.listdir('/proc'):
        if natural(pid) is not None:
            name = _read(tree, '/proc/%s/comm' % pid).strip()
            if name == PROGRAM or name in EMBEDDING + REPLACING:
                found.setdefault(name, pid)
    return found


def _told(tree, pid):
    """The mode that a process was told, or None where that cannot be seen."""
    words = _read(tree, '/proc/%s/cmdline' % pid).split('\0')
    options = dict(word.split('=', 1) for word in words if word.startswith('--') and '=' in word)
    options.update((word, value) for word, value in zip(words, words[1:]) if word in ('--proxy-mode', '--config'))
    mode = options.get('--proxy-mode')
    if '--config' in options:  # which then is all that counts
        container = parse_cgroup(_read(tree, '/proc/%s/cgroup' % pid))
        path = options['--config']
        if container:
            path = MOUNTED % (container['pod_uid'], path.rpartition('/')[2])
        found = MODE.search(_read(tree, path))
        mode = found and found.group(1)
    elif words != ['']:
        mode = mode or ''
    if mode is None:
        return None
    return DEFAULT if mode == '' else mode if mode in MODES else None


def _left(tree, rules):
    """The mode by the device, the tables and the chains that kube-proxy makes, or None."""
    if DEVICE + ':' in _read(tree, '/proc/net/dev'):
        return 'ipvs'
    own = [rule['tool'] for rule in rules if rule['owner'] == PROGRAM
           and (rule['tool'] != 'nft' or rule['chain'].split(' ')[1] == PROGRAM)]
    return None if not own else 'nftables' if 'nft' in own else 'iptables'


def _read(tree, path):
    try:
        return tree.read(path) or ''
    except Unreadable:
        return ''
