# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small API server that speaks what kubectl needs here: discovery, create, list, get, logs, exec and delete.

It is no Kubernetes: a Job becomes a pod at once, which ends by itself after a while, and its log is what the test
gives, or what a command of the test prints, run as the pod's process. `exec` runs what it is asked for on this machine.
Admission, scheduling, images and the kubelet are not there.
"""

from __future__ import annotations

import http.server
import json
import math
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.kubernetes import remote_command

Json = dict[str, Any]
RESOURCES = {
    'api/v1': {'namespaces': 'Namespace', 'configmaps': 'ConfigMap', 'nodes': 'Node', 'pods': 'Pod'},
    'apis/batch/v1': {'jobs': 'Job'},
    'apis/apps/v1': {'daemonsets': 'DaemonSet'},
}
CLUSTER_WIDE = ('namespaces', 'nodes')


@dataclass
class Machine:
    """A node of the cluster. log: what its pod prints; state: of its pod, where it does not end well.

    command: what the pod runs, whose output is its log then.
    """

    name: str
    log: bytes = b''
    labels: dict[str, str] = field(default_factory=dict)
    ready: bool = True
    info: dict[str, str] = field(default_factory=dict)
    state: Json | None = None
    command: tuple[str, ...] = ()

    def as_object(self) -> Json:
        info = {'operatingSystem': 'linux', 'kubeletVersion': 'v1.34.1', 'osImage': 'Talos (v1.11.2)', **self.info}
        ready = {'type': 'Ready', 'status': 'True' if self.ready else 'Unknown', 'reason': 'NodeStatusUnknown'}
        status = {'nodeInfo': info, 'conditions': [ready]}
        return {'metadata': {'name': self.name, 'labels': self.labels}, 'status': status}


class Run:
    """What the pod of a Job does: it takes so long, or until its command ends, whose output is its log."""

    def __init__(self, machine: Machine, delay_s: float) -> None:
        self.machine, self.log = machine, machine.log
        self.ends = math.inf if machine.command else time.monotonic() + delay_s
        if machine.command:
            threading.Thread(target=self._print, daemon=True).start()

    def _print(self) -> None:
        command = self.machine.command
        self.log = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False).stdout
        self.ends = time.monotonic()

    def status(self) -> Json:
        return self.machine.state or {'phase': 'Succeeded' if time.monotonic() >= self.ends else 'Running'}


class Cluster:
    """What the server knows. delay_s: how long a pod takes; refused: words for creations that the server refuses."""

    def __init__(self, machines: list[Machine], delay_s: float = 0.0) -> None:
        self.machines = {machine.name: machine for machine in machines}
        self.delay_s, self.refused = delay_s, dict[str, str]()
        self.objects: dict[tuple[str, str, str], Json] = {}
        self.runs: dict[tuple[str, str], Run] = {}
        self.made: list[Json] = []
        self.lock = threading.Lock()

    def left(self) -> list[str]:
        """What a run has made and not removed."""
        with self.lock:
            return ['%s/%s/%s' % key for key in self.objects]

    def create(self, resource: str, space: str, given: Json, uid: str = '') -> tuple[int, Json]:
        name, kind = given['metadata']['name'], given['kind']
        with self.lock:
            if kind in self.refused:
                return 403, status(403, 'Forbidden', self.refused[kind])
            if (resource, space, name) in self.objects:
                return 409, status(409, 'AlreadyExists', '%s "%s" already exists' % (resource, name))
            if space and ('namespaces', '', space) not in self.objects:
                return 404, status(404, 'NotFound', 'namespaces "%s" not found' % space)
            given['metadata']['uid'] = uid or 'uid-%d' % len(self.made)
            self.objects[resource, space, name] = given
            self.made.append(given)
            if kind == 'Job':
                self._pod_of(space, given)
        return 201, given

    def _pod_of(self, space: str, job: Json) -> None:
        name = job['metadata']['name'] + '-x7k2p'
        template = job['spec']['template']
        meta = {'name': name, 'namespace': space, 'labels': template['metadata']['labels']}
        pod = {'kind': 'Pod', 'apiVersion': 'v1', 'metadata': meta, 'spec': template['spec']}
        self.objects['pods', space, name] = pod
        self.runs[space, name] = Run(self.machines[template['spec']['nodeName']], self.delay_s)

    def shown(self, resource: str, key: Json) -> Json:
        """An object as the server shows it: pods have the state of now."""
        if resource != 'pods':
            return key
        run = self.runs.get((key['metadata']['namespace'], key['metadata']['name']))
        return {**key, 'status': run.status() if run else {'phase': 'Running'}}

    def find(self, resource: str, space: str, selector: str) -> list[Json]:
        wanted = dict(part.split('=') for part in selector.split(',') if part)
        with self.lock:
            if resource == 'nodes':
                found = [machine.as_object() for machine in self.machines.values()]
            else:
                found = [
                    self.shown(resource, each)
                    for key, each in self.objects.items()
                    if key[0] == resource and space in ('', key[1])
                ]
        return [each for each in found if wanted.items() <= each['metadata'].get('labels', {}).items()]

    def get(self, resource: str, space: str, name: str) -> tuple[int, Json]:
        with self.lock:
            found = self.objects.get((resource, space, name))
        if found is None:
            return 404, status(404, 'NotFound', '%s "%s" not found' % (resource, name))
        return 200, self.shown(resource, found)

    def delete(self, resource: str, space: str, name: str) -> tuple[int, Json]:
        code, found = self.get(resource, space, name)
        with self.lock:
            self.objects.pop((resource, space, name), None)
            if resource == 'namespaces':
                self.objects = {key: each for key, each in self.objects.items() if key[1] != name}
        return code, found


def status(code: int, reason: str, text: str) -> Json:
    kind = {'kind': 'Status', 'apiVersion': 'v1', 'metadata': {}, 'status': 'Failure'}
    return {**kind, 'message': text, 'reason': reason, 'code': code}


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection of kubectl."""

    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True  # as Go has it
    cluster: Cluster

    def log_message(self, *_words: object) -> None:
        pass

    def answer(self, code: int, document: Json) -> None:
        self.send(code, json.dumps(document).encode(), 'application/json')

    def send(self, code: int, body: bytes, kind: str) -> None:
        self.send_response(code)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', '%d' % len(body))
        self.end_headers()
        self.wfile.write(body)

    def where(self) -> tuple[str, str, str, str, dict[str, str]]:
        """(group, namespace, resource, rest of the path, what was asked)."""
        parsed = urllib.parse.urlsplit(self.path)
        asked = {name: values[0] for name, values in urllib.parse.parse_qs(parsed.query).items()}
        path = parsed.path.strip('/')
        group = next((group for group in RESOURCES if (path + '/').startswith(group + '/')), '')
        parts = path[len(group) :].strip('/').split('/')
        space = ''
        if parts[0] == 'namespaces' and len(parts) > 2:
            space, parts = parts[1], parts[2:]
        return group, space, parts[0], '/'.join(parts[1:]), asked

    def do_GET(self) -> None:
        group, space, resource, rest, asked = self.where()
        if not group:
            self.discover()
        elif not resource:
            self.answer(200, resources(group))
        else:
            self.get(group, space, resource, rest, asked)

    def get(self, group: str, space: str, resource: str, rest: str, asked: dict[str, str]) -> None:
        name, _slash, part = rest.partition('/')
        if part == 'log':
            self.send(200, self.cluster.runs[space, name].log, 'text/plain')
        elif part == 'exec':
            self.exec()
        elif name:
            self.answer(*self.cluster.get(resource, space, name))
        else:
            self.listing(group, space, resource, asked)

    def exec(self) -> None:
        """Runs what is asked for; the connection belongs to its frames from then on."""
        self.send_response(101)
        self.send_header('Upgrade', 'websocket')
        self.send_header('Connection', 'Upgrade')
        self.send_header('Sec-WebSocket-Accept', remote_command.accepted(self.headers['Sec-WebSocket-Key']))
        self.send_header('Sec-WebSocket-Protocol', remote_command.PROTOCOL)
        self.end_headers()
        self.close_connection = True
        words = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)['command']
        remote_command.serve(words, self.wfile)

    def listing(self, group: str, space: str, resource: str, asked: dict[str, str]) -> None:
        items = self.cluster.find(resource, space, asked.get('labelSelector', ''))
        named = asked.get('fieldSelector', '').partition('metadata.name=')[2]
        items = [item for item in items if not named or item['metadata']['name'] == named]
        kind = RESOURCES[group][resource]
        version = group.partition('/')[2]
        items = [{**item, 'kind': kind, 'apiVersion': version} for item in items]
        self.answer(200, {'kind': kind + 'List', 'apiVersion': version, 'metadata': {}, 'items': items})

    def discover(self) -> None:
        path = self.path.partition('?')[0]
        if path == '/api':
            self.answer(200, {'kind': 'APIVersions', 'versions': ['v1']})
        elif path == '/apis':
            versions = [{'groupVersion': group[5:], 'version': 'v1'} for group in RESOURCES if group != 'api/v1']
            groups = [
                {'name': each['groupVersion'].split('/')[0], 'versions': [each], 'preferredVersion': each}
                for each in versions
            ]
            self.answer(200, {'kind': 'APIGroupList', 'apiVersion': 'v1', 'groups': groups})
        else:
            self.answer(404, status(404, 'NotFound', 'the server could not find the requested resource'))

    def do_POST(self) -> None:
        _group, space, resource, _rest, _asked = self.where()
        given = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        self.answer(*self.cluster.create(resource, space, given))

    def do_DELETE(self) -> None:
        _group, space, resource, name, _asked = self.where()
        self.rfile.read(int(self.headers.get('Content-Length') or 0))
        self.answer(*self.cluster.delete(resource, space, name))


def resources(group: str) -> Json:
    verbs = ['create', 'delete', 'get', 'list', 'watch']
    found = [
        {
            'name': name,
            'namespaced': name not in CLUSTER_WIDE,
            'kind': kind,
            'verbs': verbs,
            'singularName': kind.lower(),
        }
        for name, kind in RESOURCES[group].items()
    ]
    return {'kind': 'APIResourceList', 'apiVersion': 'v1', 'groupVersion': group.partition('/')[2], 'resources': found}


@contextmanager
def serving(cluster: Cluster, place: Path) -> Iterator[Path]:
    """The kubeconfig of a server for that cluster, on the loopback."""
    handler = type('HandlerOfCluster', (Handler,), {'cluster': cluster})
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    config = {
        'apiVersion': 'v1',
        'kind': 'Config',
        'current-context': 'test',
        'clusters': [{'name': 'test', 'cluster': {'server': 'http://127.0.0.1:%d' % server.server_address[1]}}],
        'users': [{'name': 'test', 'user': {}}],
        'contexts': [{'name': 'test', 'context': {'cluster': 'test', 'user': 'test'}}],
    }
    path = place / 'kubeconfig'
    path.write_text(json.dumps(config), encoding='utf-8')
    try:
        yield path
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
