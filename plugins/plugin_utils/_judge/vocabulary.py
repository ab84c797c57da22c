# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a verdict, each list worst first: the order is the meaning."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, get_args

from .._shapes.verdict import Class, Evidence, Exposure, Profile, Severity

Json = dict[str, Any]

CLASSES: tuple[Class, ...] = get_args(Class)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
EXPOSURES: tuple[Exposure, ...] = get_args(Exposure)
EVIDENCES: tuple[Evidence, ...] = get_args(Evidence)
PROFILES: tuple[Profile, ...] = get_args(Profile)
SCOPES = ('namespace', 'node')

#: Classes that speak of the per-host PAWS rule: no change of severity makes them count less.
PAWS_CLASSES = ('dropping', 'exposed', 'latent', 'unknown')

Word = TypeVar('Word', bound=str)

RECYCLE = 'net.ipv4.tcp_tw_recycle'
TIMESTAMPS = 'net.ipv4.tcp_timestamps'
TW_REUSE = 'net.ipv4.tcp_tw_reuse'
FIN_TIMEOUT = 'net.ipv4.tcp_fin_timeout'
PORT_RANGE = 'net.ipv4.ip_local_port_range'
RESERVED_PORTS = 'net.ipv4.ip_local_reserved_ports'
TW_BUCKETS = 'net.ipv4.tcp_max_tw_buckets'
MAX_ORPHANS = 'net.ipv4.tcp_max_orphans'


def worst(values: Iterable[Word], order: Sequence[Word]) -> Word:
    """The value that comes first in `order`; its last word when there are no values."""
    return min(values, key=order.index, default=order[-1])
