# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules with which a node translates source addresses: asked where `observe` found that it may have some."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..readers import translation
from ..readers.root import open_root

MAX_UNAVAILABLE = 8


def run(arguments):
    """{'translation', 'unavailable'} as they belong into the record. Raises Refused.

    arguments: what `observe` gave under further['translation']: root.
    """
    unavailable = {}
    found = translation.observe(open_root(arguments['root']), unavailable)
    return {'translation': found, 'unavailable': dict(sorted(unavailable.items())[:MAX_UNAVAILABLE])}
