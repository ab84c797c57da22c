# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The writers of a node on which `observe` met something that it cannot follow: the same look, with all that parses."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..readers import writer_engine, writer_forms, writer_unit_jobs, writers
from ..readers.root import open_root

# Named for the sake of those that carry the program: readers/writers.py imports them where it needs them.
PARTS = (writer_engine, writer_forms, writer_unit_jobs)
MAX_UNAVAILABLE = 40


def run(arguments):
    """{'writers', 'unavailable'} as they belong into the record. Raises Refused.

    arguments: what `observe` gave under further['writers']: root, keys, version, persisted.
    """
    unavailable = {}
    tree = open_root(arguments['root'])
    found = writers.observe(tree, arguments['keys'], unavailable, arguments['version'], lambda: arguments['persisted'])
    return {'writers': found, 'unavailable': dict(sorted(unavailable.items())[:MAX_UNAVAILABLE])}
