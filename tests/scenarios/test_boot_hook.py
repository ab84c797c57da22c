# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node that boots while a change set waits for its confirmation, with the real systemd and systemd-sysctl."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.booted import SYSTEMD, Booted

KEEPALIVE, FIN, BACKLOG = 'net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_max_syn_backlog'
CHANGE = """
from _node.operations import apply, change_set_info, confirm
wanted = %r
with open('/proc/sys/net/ipv4/tcp_fin_timeout', 'w') as handle:
    handle.write('55')
before = dict((key, value(key)) for key in wanted)
said = apply.run({'settings': wanted, 'change_set': 'A', 'confirm_timeout': 600})
assert dict((key, value(key)) for key in wanted) == wanted, said
%s
answer([before, [one['state'] for one in change_set_info.run({})['change_sets']]])
"""
LOOK = """
from _node.operations import change_set_info
failed = subprocess.check_output(['systemctl', 'list-units', '--failed', '--plain', '--no-legend'])
answer([dict((key, value(key)) for key in %r), [one['state'] for one in change_set_info.run({})['change_sets']],
        failed.decode()])
"""
WANTED = {KEEPALIVE: '600', FIN: '30', BACKLOG: '4097'}

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not os.path.exists(SYSTEMD), reason='needs root, and systemd as a program of this machine'
)


@pytest.fixture
def node(tmp_path: Path) -> Booted:
    """A file of the node sets the first value, nothing sets the others; somebody has set the second by hand."""
    made = Booted(tmp_path)
    made.write('etc/sysctl.d/50-mine.conf', '%s = 7000\n' % KEEPALIVE)
    return made


def etc(node: Booted) -> dict[str, Any]:
    return {
        str(path): os.readlink(path) if path.is_symlink() else path.is_dir() or path.read_bytes()
        for path in (node.root / 'etc').rglob('*')
    }


def test_the_boot_is_as_if_the_change_had_never_been_made(node: Booted) -> None:
    before = etc(node)
    untouched, _none, failed = node.boot(LOOK % list(WANTED))
    assert (untouched[KEEPALIVE], failed) == ('7000', '')

    values, states = node.boot(CHANGE % (WANTED, ''))
    assert states == ['pending']
    assert values == {**untouched, FIN: '55'}
    assert etc(node) != before

    assert node.boot(LOOK % list(WANTED)) == [untouched, ['undone'], '']
    assert etc(node) == before


def test_what_is_confirmed_is_in_force_after_the_boot(node: Booted) -> None:
    node.boot(CHANGE % (WANTED, "confirm.run({'change_set': 'A'})"))
    assert node.boot(LOOK % list(WANTED)) == [WANTED, ['applied'], '']


def test_an_undo_that_fails_early_holds_nothing_up_and_is_tried_again(node: Booted) -> None:
    """Others than root can write the store, so nothing in it is obeyed."""
    node.boot(CHANGE % (WANTED, ''))
    (node.root / 'var/lib/nodetcp-paws').chmod(0o777)
    waits = """
while subprocess.call(['systemctl', 'is-active', '--quiet', 'nodetcp-paws-undo-A.service']):
    pass
"""
    values = node.boot(waits + 'answer(dict((key, value(key)) for key in %r))' % list(WANTED))
    assert values == WANTED
