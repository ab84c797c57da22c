# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A look at 100,000 SYNs a second for three seconds, as a node carries it out: what it loses, in how much memory.

The SYNs are real packets from random addresses, in a network namespace of their own.
"""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

from . import node
from .results import Benchmark, BenchmarkError, Row, Samples
from .running import CHECKOUT

RATE, SECONDS, ROUNDS, TRIES = 100_000, 3, 3, 4
MIB_MAX = 32
SENDER = [sys.executable, '-m', 'tests.benchmark.syn_sender', str(RATE), str(SECONDS)]


class TooBusy(BenchmarkError):
    """The SYNs did not come at the rate that was to be measured."""


def missing() -> str:
    """What keeps this machine from it."""
    if os.geteuid() != 0:
        return 'needs root: it makes a network namespace and sends and looks at packets'
    return '' if all(map(shutil.which, ('ip', 'unshare', 'nsenter'))) else 'needs ip, unshare and nsenter'


def _peak(pid: int) -> int:
    """The most memory, in KiB, that the process had so far; 0 when it is gone."""
    try:
        status = pathlib.Path('/proc/%d/status' % pid).read_text(encoding='ascii', errors='replace')
    except OSError:
        return 0
    return int(status.partition('VmHWM:')[2].split()[0]) if 'VmHWM:' in status else 0


def _once(text: bytes) -> tuple[float, float]:
    """(packets lost of 100, MiB at most) of one look. Raises TooBusy."""
    with subprocess.Popen(
        ['unshare', '--net', *SENDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=CHECKOUT
    ) as sender:
        assert sender.stdin
        assert sender.stdout
        if sender.stdout.readline() != b'ready\n':
            raise BenchmarkError('the sender did not come up')
        looking = ['nsenter', '--target', str(sender.pid), '--net', *node.command()]
        with subprocess.Popen(looking, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=CHECKOUT) as look:
            assert look.stdin
            assert look.stdout
            look.stdin.write(text)
            look.stdin.close()
            time.sleep(0.7)  # until it looks
            sender.stdin.write(b'go\n')
            sender.stdin.flush()
            peak = 0
            os.set_blocking(look.stdout.fileno(), False)
            output = b''
            while look.poll() is None:
                peak = max(peak, _peak(look.pid))
                output += look.stdout.read() or b''
                time.sleep(0.005)
            output += look.stdout.read() or b''
        took = float(sender.stdout.readline())
        sender.communicate()
    answer = json.loads(output).get('nodetcp_paws')
    if not answer:
        raise BenchmarkError('the look failed: %s' % output[:400].decode(errors='replace'))
    if answer['packets'] + answer['lost'] < RATE * SECONDS or took > SECONDS * 1.1:
        seen = answer['packets'] + answer['lost']
        raise TooBusy('%d of %d SYNs in %.1f s: the machine is too busy' % (seen, RATE * SECONDS, took))
    return 100 * answer['lost'] / (answer['packets'] + answer['lost']), peak / 1024


def _round(text: bytes) -> tuple[float, float]:
    """One look at SYNs that really came at that rate."""
    for _try in range(TRIES - 1):
        try:
            return _once(text)
        except TooBusy:
            time.sleep(2)
    return _once(text)


def measure() -> list[Row]:
    text = node.module_text(
        'syn_look', {'duration': 4.0 * SECONDS, 'max_packets': RATE * SECONDS, 'interface': 'outside'}
    )
    looks = [_round(text) for _number in range(ROUNDS)]
    lost = Samples('SYNs lost by a look, %', tuple(look[0] for look in looks))
    memory = Samples('memory of a look, MiB', tuple(look[1] for look in looks))
    if max(memory.values) > MIB_MAX:
        raise BenchmarkError('a look took %.1f MiB, more than %d' % (max(memory.values), MIB_MAX))
    against = '%d SYN/s for %d s, worst of %d, at most %.1f MiB' % (RATE, SECONDS, ROUNDS, max(memory.values))
    return [Row('syn_100k_loss_percent', max(lost.values), '%', 0, against, (lost, memory))]


BENCHMARK = Benchmark(('syn_100k_loss_percent',), measure, missing)
