# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules with which a node translates source addresses, and where to: asked where `observe` found that it may."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..parsers import nat_rules
from ..readers import kube_proxy, translated, translation
from ..readers.root import open_root

MAX_UNAVAILABLE = 8


def run(arguments):
    """{'translation', 'translated', 'kube_proxy', 'unavailable'} as they belong into the record. Raises Refused.

    arguments: what `observe` gave under further['translation']: root. translated: readers/translated.py, None where no
    rule chooses ports; kube_proxy: readers/kube_proxy.py.
    """
    tree, unavailable = open_root(arguments['root']), {}
    found, where = translation.observe(tree, unavailable), None
    if any(nat_rules.chooses_ports(rule) for rule in found or ()):
        where = translated.observe(tree, unavailable)
    return {'translation': found, 'translated': where, 'kube_proxy': kube_proxy.observe(tree, found),
            'unavailable': dict(sorted(unavailable.items())[:MAX_UNAVAILABLE])}
