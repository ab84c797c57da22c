# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run gates by hand: `python -m tests.gates GOAL_OR_NAME...`, the goals and names of gates.py."""

from __future__ import annotations

import sys

from tests.gates.gates import GATES, LEFT_OUT, run


def main(words: list[str]) -> int:
    chosen = [gate for gate in GATES if gate.name in words or gate.goal in words]
    if not chosen:
        sys.stderr.write('usage: python -m tests.gates %s\n' % ' | '.join(sorted({gate.goal for gate in GATES})))
        return 2
    failed = []
    for gate in chosen:
        done = run(gate, capture=False)
        status = done.returncode
        if status == LEFT_OUT:
            sys.stdout.write('%s: left out%s\n' % (gate.name, ', ' + done.stdout if done.stdout else ''))
        elif status:
            failed.append(gate.name)
            sys.stdout.write('%s: failed\n' % gate.name)
        else:
            sys.stdout.write('%s: ok\n' % gate.name)
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
