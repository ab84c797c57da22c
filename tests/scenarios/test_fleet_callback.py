# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callback on a real pseudo-terminal, looked at through a terminal that understands what is written to it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pyte
import pytest

from tests.fleet import Fleet
from tests.scenarios.test_audit_playbook import AUDIT, CHECKOUT, REFUSED, Site, host, site, smaller
from tests.scenarios.test_remediate import REMEDIATE, stale

__all__ = ['site']
BAR = re.compile(r'^\[#*-*\] \d+/\d+ ')
LOOK = """
- hosts: all
  gather_facts: false
  tasks:
    - name: Look at each of them
      nodetcp.paws.paws_audit:
        root: "{{ audit_root }}"
      ignore_unreachable: true
    - name: Wait
      ansible.builtin.wait_for:
        timeout: 1
      run_once: true
"""


class Terminal:
    """A program on a terminal: `feet` are the last lines that were there in turn, `screen` what is there at its end."""

    def __init__(self, command: list[str], place: Path, columns: int, rows: int, **environment: str) -> None:
        self.screen = pyte.HistoryScreen(columns, rows, history=1000)
        self.feet: list[str] = []
        self.raw = b''
        controller, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
        known = {'PATH': os.environ['PATH'], 'HOME': str(place), 'LC_ALL': 'C.UTF-8', 'TERM': 'xterm-256color'}
        known['ANSIBLE_CONFIG'] = str(CHECKOUT / 'ansible.cfg')
        streams = dict.fromkeys(('stdin', 'stdout', 'stderr'), terminal)
        with subprocess.Popen(
            command, cwd=place, env={**known, **environment}, start_new_session=True, **streams
        ) as run:
            os.close(terminal)
            self._watch(controller)
        os.close(controller)
        self.status = run.returncode

    def _watch(self, controller: int) -> None:
        stream = pyte.ByteStream(self.screen)
        while True:
            try:
                data = os.read(controller, 65536)
            except OSError:  # nobody holds the other end any more
                return
            self.raw += data
            for piece in re.split(rb'(?=\x1b7)', data):
                stream.feed(piece)
                foot = self.screen.display[-1].rstrip()
                if not self.feet or self.feet[-1] != foot:
                    self.feet.append(foot)

    def lines(self) -> list[str]:
        """All that was written, from the first line on, as it can be seen by scrolling up."""
        past = [''.join(row[column].data for column in range(self.screen.columns)) for row in self.screen.history.top]
        return [line.rstrip() for line in [*past, *self.screen.display]]


def command(site: Site, playbook: str) -> list[str]:
    return [str(Path(sys.executable).parent / 'ansible-playbook'), '-i', 'hosts', playbook]


@pytest.fixture
def looked(site: Site) -> Site:
    site.inventory(host(site, 'bad', 'exposed'), host(site, 'good', 'safe'), 'gone audit_root=/ %s' % REFUSED)
    (site.place / 'look.yml').write_text(LOOK)
    return site


def test_a_bar_while_it_runs_and_the_table_at_its_end(looked: Site) -> None:
    seen = Terminal(command(looked, 'look.yml'), looked.place, 120, 30)
    bars = [foot for foot in seen.feet if BAR.match(foot)]
    assert bars[0].startswith('[------------------------] 0/3')
    assert any('3/3  bad exposed: ' in shown and '  1 exposed' in shown for shown in bars), bars
    lines = seen.lines()
    assert not [line for line in lines if BAR.match(line)], 'nothing of the bar is left, nothing has met it'
    table = [line.split()[:2] for line in lines]
    assert table.index(['bad', 'exposed']) < table.index(['gone', 'unreachable'])
    assert seen.screen.margins is None or seen.screen.margins == (0, 29), 'the whole terminal scrolls again'
    assert 'PLAY RECAP' in '\n'.join(lines), 'the stdout callback speaks as ever'


def test_a_narrow_terminal_without_colours(looked: Site) -> None:
    seen = Terminal(command(looked, 'look.yml'), looked.place, 44, 12, NO_COLOR='1', ANSIBLE_NOCOLOR='1')
    bars = [foot for foot in seen.feet if BAR.match(foot)]
    assert bars
    assert all(len(shown) < 44 for shown in bars)
    assert not re.search(rb'\x1b\[[\d;]*m', seen.raw)
    assert any(line.startswith('bad') for line in seen.lines())


def test_the_table_of_a_report_is_not_printed_again(looked: Site) -> None:
    seen = Terminal(command(looked, AUDIT), looked.place, 100, 30)
    assert [line.split()[:2] for line in seen.lines()].count(['bad', 'exposed']) == 1
    assert [foot for foot in seen.feet if BAR.match(foot)]


def test_the_parts_of_a_large_fleet_are_one_way_to_its_end(looked: Site) -> None:
    seen = Terminal(command(looked, smaller(looked.place / 'parts', parts_above=2)), looked.place, 120, 60)
    told = [match[1] for foot in seen.feet if (match := re.match(r'\[[#-]+\] (\d+/\d+) ', foot))]
    observed = told[told.index('0/3') :]
    assert [*dict.fromkeys(observed)][:4] == ['0/3', '1/3', '2/3', '3/3'], told
    assert observed[observed.index('3/3') + 1] == '0/1', 'what comes then is for one host'


@pytest.mark.parametrize('enabled', ['nodetcp.paws.fleet', 'ansible.builtin.tree'])
def test_on_a_narrow_terminal_no_word_of_the_end_is_broken(looked: Site, enabled: str) -> None:
    seen = Terminal(command(looked, AUDIT), looked.place, 60, 60, ANSIBLE_CALLBACKS_ENABLED=enabled)
    lines = seen.lines()
    end = [line for line in lines[max(number for number, line in enumerate(lines) if 'Do this now' in line) :] if line]
    assert end[0] == 'Do this now'
    table = [line for line in end if line.startswith(('bad', 'gone', ' ')) and 'ansible-playbook' not in line]
    words = set(' '.join(table).split())
    assert {'timestamps', 'clients', 'address', 'machine'} <= words, 'these stand where a line of 79 would end'
    assert max(map(len, table)) <= 60


def test_the_batches_of_a_remediation_have_a_time_line(site: Site, fleet_possible: None) -> None:
    with Fleet([stale('h%d' % number) for number in range(3)]) as fleet:
        more = ['-v', '-i', fleet.inventory, '-e', 'remediate_batches=1,2', '-e', 'remediate_window=0']
        start = [*command(site, REMEDIATE)[:1], *more, REMEDIATE]
        seen = Terminal(start, site.place, 120, 40)
    assert seen.status == 0, seen.lines()
    text = '\n'.join(seen.lines())
    told = text[text.index('time line of the changes (UTC)') :].splitlines()
    assert re.fullmatch(r'  batch 1   [\d:]{8} +[\d.]+ s  1 changed', told[1])
    assert told[2] == '    h0: changed'
    assert re.fullmatch(r'  batch 2   [\d:]{8} +[\d.]+ s  2 changed', told[3])
    assert told[4:6] == ['    h1: changed', '    h2: changed']
    bars = [foot for foot in seen.feet if BAR.match(foot)]
    assert any('] 0/1' in foot for foot in bars), 'a batch has its own number of hosts'
    assert any('] 0/2' in foot for foot in bars)


@pytest.mark.parametrize('environment', [{'TERM': 'dumb'}, {'ANSIBLE_CALLBACKS_ENABLED': 'ansible.builtin.tree'}])
def test_quiet_where_a_bar_is_not_wanted(looked: Site, environment: dict[str, str]) -> None:
    seen = Terminal(command(looked, 'look.yml'), looked.place, 100, 30, **environment)
    assert not [foot for foot in seen.feet if BAR.match(foot)]
    assert b'\x1b7' not in seen.raw


def test_quiet_where_there_is_no_terminal(looked: Site) -> None:
    run = looked.play(playbook='look.yml')
    assert '\x1b' not in run.stdout
    assert 'hosts: ' not in run.stdout
