# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sysctls in manifests of pods, and those that container runtimes give every container.

A pod sets its own namespace's values, with hostNetwork and a privileged container the node's. An unprivileged container
sees /proc/sys read-only.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Malformed
from ..parsers.yaml_subset import Scalar, documents

TRUE = ('true', 'True', 'yes')


def manifests(engine, paths):
    for path in paths:
        try:
            found = documents(engine.text(path))
        except Malformed as exc:
            engine.entries.find.unavailable[path] = 'not understood: %s' % exc
            continue
        for node in found:
            for spec in _specs(node):
                _pod(engine, path, spec)


def _specs(node, depth=0):
    """The specs of pods in a document: of a pod, of what makes pods, of the items of a list."""
    if isinstance(node, list):
        return [spec for each in node for spec in _specs(each, depth + 1)]
    if not isinstance(node, dict) or depth > 8:
        return []
    if isinstance(node.get('containers'), list):
        return [node]
    return [spec for name in ('spec', 'template', 'jobTemplate', 'items') for spec in _specs(node.get(name), depth + 1)]


def _dict(node, name):
    found = node.get(name) if isinstance(node, dict) else None
    return found if isinstance(found, dict) else {}


def _list(node, name):
    found = node.get(name) if isinstance(node, dict) else None
    return found if isinstance(found, list) else []


def _pod(engine, path, spec):
    engine.entries.when = 'pod'
    for item in _list(_dict(spec, 'securityContext'), 'sysctls'):
        name, value = (item.get('name'), item.get('value')) if isinstance(item, dict) else (None, None)
        if isinstance(name, Scalar):
            engine.entries.setting(name, value if isinstance(value, Scalar) else None, (path, name.line))
    on_node = spec.get('hostNetwork') in TRUE
    shares = spec.get('hostPID') in TRUE
    for container in _list(spec, 'initContainers') + _list(spec, 'containers'):
        if _dict(container, 'securityContext').get('privileged') not in TRUE:
            continue
        words = [word for word in _list(container, 'command') + _list(container, 'args') if isinstance(word, Scalar)]
        enters = shares and any(word.rpartition('/')[2] == 'nsenter' for word in words)
        if words:
            engine.run([word.replace('$$', '$') for word in words], path, words[-1].line,
                       when='boot' if on_node or enters else 'pod')


def defaults(engine, paths):
    """Every `key=value` or `"key": "value"` of a catalogue key, outside comments."""
    engine.entries.when = 'pod'
    for path in paths:
        for number, line in enumerate(engine.text(path).split('\n'), 1):
            if line.lstrip()[:1] in ('#', ';'):
                continue
            for key in sorted(engine.keys):
                before, found, after = line.partition(key)
                rest = after.lstrip('"\' ')
                if found and rest[:1] in ('=', ':') and (not before or before[-1] in '"\'= ,'):
                    value = rest[1:].lstrip(' "\'')
                    end = min([place for place in map(value.find, ('"', "'", ']', '}')) if place >= 0] or [len(value)])
                    engine.entries.add(key, value[:end].strip(' ,'), (path, number))
