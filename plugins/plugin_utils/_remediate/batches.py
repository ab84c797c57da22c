# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order in which hosts are changed: canaries first, then batches of the sizes that the user named."""

from collections.abc import Collection, Sequence

from .._shapes.record import Kernel
from .._variables import batch_sizes


def kind(kernel: Kernel, profile: str) -> str:
    """What a canary stands for: the kernel series, who built it, and the profile; "3.10 el7 server"."""
    version = kernel.get('version')
    series = '%d.%d' % (version[0], version[1]) if version and len(version) > 1 else '?'
    return ' '.join(part for part in (series, kernel.get('vendor'), profile) if part)


def split(hosts: Sequence[tuple[str, str]], sizes: Sequence[str], canaries: Collection[str]) -> list[list[str]]:
    """Batches of the names in hosts [(name, kind)], in their order.

    The first batch takes the first size of each kind, the hosts in canaries before others and all of them. The other
    sizes are counts or shares of all hosts, the last one repeated, as with Ansible's serial.
    """
    first = _first(hosts, sizes[0], canaries)
    rest = [name for name, _kind in hosts if name not in frozenset(first)]
    batches = [first] if first else []
    later = list(sizes[1:]) or [sizes[0]]
    while rest:
        take = batch_sizes.count(later[0], len(hosts))
        batches.append(rest[:take])
        rest = rest[take:]
        later = later[1:] or later
    return batches


def _first(hosts: Sequence[tuple[str, str]], size: str, canaries: Collection[str]) -> list[str]:
    kinds: dict[str, list[str]] = {}
    for name, of in hosts:
        kinds.setdefault(of, []).append(name)
    chosen: set[str] = set()
    for names in kinds.values():
        named = [name for name in names if name in canaries]
        others = [name for name in names if name not in canaries]
        chosen.update(named, others[: max(0, batch_sizes.count(size, len(names)) - len(named))])
    order = sorted(range(len(hosts)), key=lambda index: (hosts[index][0] not in canaries, index))
    return [hosts[index][0] for index in order if hosts[index][0] in chosen]
