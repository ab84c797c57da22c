# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network namespace with nothing but loopback in it, and functions that run inside."""

from __future__ import annotations

import json
import os
import signal
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.fleet import linux
from tests.fleet.netlink import Netlink


def missing() -> str:
    """What keeps this machine from it."""
    return '' if os.geteuid() == 0 else 'needs root: it makes network namespaces'


class Task:
    """A function at work in a child process."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._reading)
            linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
            try:
                answer: dict[str, Any] = {'answer': work()}
            except BaseException:
                answer = {'failed': traceback.format_exc()}
            with open(writing, 'w', encoding='utf-8') as out:
                json.dump(answer, out)
            os._exit(0)
        os.close(writing)

    def result(self) -> Any:
        """What the function returned, as JSON carries it. RuntimeError with the traceback where it raised."""
        with open(self._reading, encoding='utf-8') as answer:
            said = answer.read()
        os.waitpid(self.pid, 0)
        found = json.loads(said or '{"failed": "the process died"}')
        if 'failed' in found:
            raise RuntimeError(found['failed'])
        return found['answer']


class Loopback:
    """A network namespace whose loopback has further IPv4 addresses, and settings below net.ipv4; a context."""

    def __init__(self, addresses: Sequence[str] = (), sysctls: Mapping[str, object] | None = None) -> None:
        self._addresses, self._sysctls = addresses, sysctls or {}

    def __enter__(self) -> Loopback:
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
                self._furnish()
                os.write(writing, b'ready')
                os.close(writing)
                signal.pause()
            except BaseException:
                os.write(writing, traceback.format_exc().encode()[-4000:])
            os._exit(1)
        os.close(writing)
        with open(reading, encoding='utf-8') as answer:
            said = answer.read()
        if said != 'ready':
            self.__exit__()
            raise RuntimeError(said)
        return self

    def __exit__(self, *_exc: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def _furnish(self) -> None:
        linux.unshare(linux.CLONE_NEWNET)
        links = Netlink()
        links.up('lo')
        for address in self._addresses:
            links.add_address('lo', address, 32)
        links.close()
        for key, value in self._sysctls.items():
            with open('/proc/sys/net/ipv4/' + key, 'w', encoding='ascii') as handle:
                handle.write(str(value))

    def start(self, work: Callable[..., Any], *arguments: Any) -> Task:
        """Work in the namespace, while the caller goes on."""

        def inside() -> Any:
            descriptor = os.open('/proc/%d/ns/net' % self.pid, os.O_RDONLY)
            linux.setns(descriptor)
            os.close(descriptor)
            return work(*arguments)

        return Task(inside)

    def call(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """What the work in the namespace returned."""
        return self.start(work, *arguments).result()
