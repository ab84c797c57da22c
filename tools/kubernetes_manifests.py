# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the manifests for people with kubectl alone (extensions/kubernetes) from what the playbook makes.

python -m tools.kubernetes_manifests            write
python -m tools.kubernetes_manifests --check    fail when they are stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT / 'playbooks' / 'collections'))

from ansible_collections.nodetcp.paws.plugins.plugin_utils._capture import remote  # noqa: E402
from ansible_collections.nodetcp.paws.plugins.plugin_utils._kubernetes import manifest  # noqa: E402

PLACE = CHECKOUT / 'extensions' / 'kubernetes'
SPACE, RUN, NODE = 'nodetcp-paws', 'by-hand', 'NODE_NAME'
# Of the audit's window: where counters rise, it is worth waiting for.
WORDS = remote.words({'window': 10})
LIMIT_S = 300

HEAD = """\
# made by tools/kubernetes_manifests.py from plugins/plugin_utils/_kubernetes/manifest.py, do not edit
#
# %s docs/guides/kubernetes.md describes it.
"""
DAEMON_SET = """\
A capture of every node: an init container prints it and ends; what stays has no rights.
#
#   kubectl create -f collect-daemonset.yaml
#   kubectl -n nodetcp-paws rollout status daemonset/collect
#   kubectl -n nodetcp-paws logs POD -c collect > NODE.capture      for each pod of: get pods -o wide
#   kubectl delete -f collect-daemonset.yaml
#"""
JOB = """\
A capture of one node: the Job ends, and is gone an hour later.
#
#   sed s/NODE_NAME/worker-1/ collect-job.yaml | kubectl create -f -
#   kubectl -n nodetcp-paws wait --for=condition=complete --timeout=300s job/collect
#   kubectl -n nodetcp-paws logs job/collect > worker-1.capture
#   kubectl delete -f collect-job.yaml
#"""


class Dumper(yaml.SafeDumper):
    """Texts of several lines as they are, no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '|' if '\n' in text else None
    return dumper.represent_scalar('tag:yaml.org,2002:str', text, style)


Dumper.add_representer(str, _text)


def files() -> Iterator[tuple[Path, str]]:
    around = [manifest.namespace(SPACE, RUN), manifest.scripts(SPACE, RUN)]
    every = manifest.daemon_set(SPACE, RUN, manifest.IMAGE, WORDS)
    one = manifest.job(SPACE, RUN, 'collect', NODE, manifest.IMAGE, WORDS, LIMIT_S, 0)
    yield PLACE / 'collect-daemonset.yaml', HEAD % DAEMON_SET + _dumped([*around, every])
    yield PLACE / 'collect-job.yaml', HEAD % JOB + _dumped([*around, one])


def _dumped(objects: list[manifest.Object]) -> str:
    whole = {'apiVersion': 'v1', 'kind': 'List', 'items': objects}
    return yaml.dump(whole, Dumper=Dumper, sort_keys=False, explicit_start=True, width=1000)


def main() -> int:
    stale = [(path, text) for path, text in files() if not path.exists() or path.read_text(encoding='utf-8') != text]
    if '--check' in sys.argv[1:]:
        for path, _text in stale:
            sys.stderr.write('%s is stale: python -m tools.kubernetes_manifests\n' % path.relative_to(CHECKOUT))
        return bool(stale)
    for path, text in stale:
        path.write_text(text, encoding='utf-8')
    return 0


if __name__ == '__main__':
    sys.exit(main())
