# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scan of 20,000 files of a kind that infrastructure repositories hold: the time for a file on one core."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

import yaml

from .results import Benchmark, Row, Samples
from .running import CHECKOUT

FILES, OFTEN, ROUNDS = 20_000, 40, 3
CORPUS = CHECKOUT / 'tests' / 'scan' / 'corpus'


def measure() -> list[Row]:
    sys.path.insert(0, str(CHECKOUT / 'playbooks' / 'collections'))
    from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue
    from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan import scan, walk

    taken = []
    with tempfile.TemporaryDirectory() as place:
        _tree(Path(place))
        for _round in range(ROUNDS):
            started = time.process_time()
            scanner = scan.Scanner(catalogue.builtin())
            results = scanner.scan(walk.Walk(scanner.prefilter).texts([place]))
            taken.append((time.process_time() - started) * 1000 / FILES)
            assert results.findings
    samples = Samples('CPU time for a file, ms', tuple(taken))
    against = 'a tree of %d files, one of %d of which sets something' % (FILES, OFTEN)
    return [Row(NAMES[0], samples.median, 'ms', 1, against, (samples,))]


def _tree(place: Path) -> None:
    """One of OFTEN files is of the corpus; the others are the collection's own, some more than once."""
    inputs = [entry for path in sorted(CORPUS.glob('*.yml')) for entry in yaml.safe_load(path.read_text())]
    own = [path for path in sorted((CHECKOUT / 'plugins').rglob('*')) if path.suffix in ('.py', '.yml', '.css')]
    texts = [path.read_text(encoding='utf-8') for path in own if path.is_file()]
    plain = [text for text in texts if 'tcp_' not in text and 'somaxconn' not in text]
    dice = random.Random(20)
    for number in range(FILES):
        target = place / ('%d/%d' % (number % 100, number))
        target.parent.mkdir(exist_ok=True)
        if number % OFTEN == 0:
            entry = dice.choice(inputs)
            target = target.with_name('%d-%s' % (number, entry['path'].rpartition('/')[2]))
            target.write_text(entry['text'].replace('@key', 'net.ipv4.tcp_tw_recycle').replace('@v', '1'))
        else:
            target.with_suffix('.yml').write_text(dice.choice(plain), encoding='utf-8')


NAMES = ('scan_20000_file_ms',)
BENCHMARK = Benchmark(NAMES, measure)
