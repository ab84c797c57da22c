# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files are worth parsing: those whose bytes name a sysctl, plainly or in base64."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import base64
from collections.abc import Iterable

#: The beginning of gzip in base64, and what packet filters call random ports.
_OTHERS = (b'H4sIA', b'random-fully', b'fully-random')
#: Characters of a name that are looked for in base64: names share beginnings.
_ENCODED = 8


class Prefilter:
    """Finds the names of keys in bytes. Plain searches, one after the other, take a third of one regular expression."""

    def __init__(self, keys: Iterable[str]) -> None:
        leaves = sorted({key.rpartition('.')[2] for key in keys})
        tcp = [leaf for leaf in leaves if leaf.startswith('tcp_')]
        plain = [_short(leaf).encode() for leaf in leaves]
        camel = [''.join(part.capitalize() for part in leaf.split('_')[1:]).encode() for leaf in tcp]
        encoded = [form for leaf in tcp for form in forms(leaf[:_ENCODED].encode())]
        self._words = tuple(dict.fromkeys([*plain, *camel, *encoded, *_OTHERS]))

    def finds(self, data: bytes) -> bool:
        """Whether the bytes name one of the keys, or might."""
        return any(word in data for word in self._words)


def forms(word: bytes) -> list[bytes]:
    """The parts of base64 that stand for the whole word, one for each offset within three bytes."""
    found = []
    for offset in range(3):
        text = base64.b64encode(b'\0' * offset + word)
        found.append(text[(0, 2, 3)[offset] : len(text) - (0, 3, 2)[(offset + len(word)) % 3]])
    return found


def _short(leaf: str) -> str:
    """The part of a name that loops over names keep: `for k in tw_recycle tw_reuse` writes tcp_$k."""
    short = leaf.removeprefix('tcp_')
    return short if '_' in short else leaf
