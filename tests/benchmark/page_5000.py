# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""audit.html of 5,000 hosts in Chromium: its size, its first paint, and how long filtering and sorting take."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.page import browser

from .results import Benchmark, Row, Samples
from .running import CHECKOUT

HOSTS = 5000
OPENINGS = 3
#: Milliseconds from each keystroke, choice or click until the table is laid out again.
FILTERING = """
const search = document.getElementById("search"), rule = document.getElementById("filter-rule");
const taken = [];
function timed(action) {
  const start = performance.now();
  action();
  document.body.offsetHeight;
  taken.push(performance.now() - start);
}
for (const text of ["h", "ho", "host0", "el7", "50-tuning", "nothing", ""]) {
  timed(() => { search.value = text; search.dispatchEvent(new Event("input")); });
}
for (const option of [...rule.options]) {
  timed(() => { rule.value = option.value; rule.dispatchEvent(new Event("change")); });
}
for (const name of ["host", "matters", "verdict"]) timed(() => document.getElementById("sort-" + name).click());
return taken;
"""
PAINT = 'return performance.getEntriesByName("first-contentful-paint").map((entry) => entry.startTime / 1000)'


def measure() -> list[Row]:
    sys.path.insert(0, str(CHECKOUT / 'playbooks' / 'collections'))
    from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import html
    from tests import synthetic

    text = html.render(synthetic.fleet(HOSTS)).encode()
    paints: list[float] = []
    taken: list[float] = []
    with tempfile.TemporaryDirectory() as place, browser.browser() as chromium:
        page = Path(place) / 'audit.html'
        page.write_bytes(text)
        for _each in range(OPENINGS):
            chromium.open(page)
            chromium.driver.get_screenshot_as_png()  # a page that nobody looks at is not painted
            paints += chromium.run(PAINT)
            taken += chromium.run(FILTERING)
    painted, filtered = Samples('first paint, s', tuple(paints)), Samples('filter or sort, ms', tuple(taken))
    against = 'audit.html of %d hosts in Chromium' % HOSTS
    return [
        Row('page_5000_hosts_mib', len(text) / 1024 / 1024, 'MiB', 1, against),
        Row('page_5000_hosts_paint_s', painted.median, 's', 2, against, (painted,)),
        Row('page_5000_hosts_filter_ms', filtered.median, 'ms', 100, against, (filtered,)),
    ]


NAMES = ('page_5000_hosts_mib', 'page_5000_hosts_paint_s', 'page_5000_hosts_filter_ms')
BENCHMARK = Benchmark(NAMES, measure, browser.missing)
