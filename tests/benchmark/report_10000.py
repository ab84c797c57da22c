# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""10,000 records through the judge and into every format: CPU and peak memory of a process that does nothing else."""

from __future__ import annotations

import json
import resource
import sys
import tempfile

from .results import Benchmark, BenchmarkError, Row, Samples
from .running import CHECKOUT, run

HOSTS, QUARTER = 10000, 2500
MIB = 1024 * 1024


def measure() -> list[Row]:
    whole, quarter = _cost(HOSTS), _cost(QUARTER)
    growth = whole['seconds'] / quarter['seconds'] / (HOSTS / QUARTER)
    spent = Samples('%d hosts, CPU s' % HOSTS, (whole['seconds'],))
    held = Samples('%d hosts, peak MiB' % HOSTS, (whole['mib'],))
    against = 'judge and every format, %s' % ', '.join('%s %.1f MiB' % item for item in whole['files'].items())
    return [
        Row('report_10000_hosts_s', whole['seconds'], 's', 20, against, (spent,)),
        Row('report_10000_hosts_mib', whole['mib'], 'MiB', 1024, 'peak of that process', (held,)),
        Row('report_growth', growth, 'ratio', 1.3, 'CPU per host, %d by %d hosts' % (HOSTS, QUARTER)),
    ]


def _cost(hosts: int) -> dict[str, object]:
    found = json.loads(run([sys.executable, '-m', __name__, str(hosts)]).output)
    if found['hosts'] != hosts:
        raise BenchmarkError('the report has %d of %d hosts' % (found['hosts'], hosts))
    return found


def _report(hosts: int) -> dict[str, object]:
    """Make it, write it; what it cost this process so far, imports and the making of records included."""
    sys.path.insert(0, str(CHECKOUT / 'playbooks' / 'collections'))
    from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import writing
    from tests import synthetic

    with tempfile.TemporaryDirectory() as place:
        document = synthetic.fleet(hosts)
        written = writing.write_all(document, place, list(writing.FORMATS), '%s/lock' % place)
        sizes = {path.rpartition('/')[2]: _size(path) / MIB for path in written}
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds, peak = used.ru_utime + used.ru_stime, _peak_kib() / 1024
    return {'hosts': document['summary']['hosts'], 'seconds': seconds, 'mib': peak, 'files': sizes}


def _peak_kib() -> int:
    """VmHWM of proc_pid_status(5): ru_maxrss would have what the process that started this one had before exec."""
    with open('/proc/self/status', encoding='ascii') as status:
        return next(int(line.split()[1]) for line in status if line.startswith('VmHWM:'))


def _size(path: str) -> int:
    with open(path, 'rb') as handle:
        return handle.seek(0, 2)


BENCHMARK = Benchmark(('report_10000_hosts_s', 'report_10000_hosts_mib', 'report_growth'), measure)

if __name__ == '__main__':
    print(json.dumps(_report(int(sys.argv[1]))))
