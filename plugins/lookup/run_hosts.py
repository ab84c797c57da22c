# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup nodetcp.paws.run_hosts: which hosts a later play of the collection's playbooks takes."""

DOCUMENTATION = r"""
name: run_hosts
short_description: The hosts that an earlier play of the run has chosen; internal
version_added: 0.3.0
description:
  - Internal. The playbooks of this collection take the hosts and the batches of a play from what a play before it has
    decided.
  - Where nothing was decided, it gives a pattern that matches no host, and one batch.
options:
  _terms:
    description:
      - The decision, V(observed), V(watched), V(change), V(undo) or V(failed).
      - V(one) stands for one host of an audit, on which tasks for all of them run.
      - V(reasons) stands for why each host of V(failed) fails.
      - V(serial) stands for the sizes of the batches of V(change).
    type: list
    elements: str
    choices: [one, observed, watched, change, serial, undo, failed, reasons]
    required: true
  part:
    description: Which of ten parts of the hosts of V(observed) to give, from 1; V(0) for all of them.
    type: int
    default: 0
    version_added: 0.3.0
  least:
    description: How many hosts a part has before there is a next one.
    type: int
    default: 1
    version_added: 0.3.0
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Undo
  hosts: "{{ query('nodetcp.paws.run_hosts', 'undo') }}"
  gather_facts: false
  tasks: []
"""

RETURN = r"""
_raw:
  description: Patterns for the C(hosts) of a play, or sizes for its C(serial).
  type: list
  elements: raw
"""


from ansible import constants
from ansible.plugins.lookup import LookupBase

from ..plugin_utils._run import parts, run
from ..plugin_utils._text.values import Given
from ..plugin_utils._variables import host_pattern

# No hosts is a pattern of its own: an empty list would mean all of them.
_NOBODY = ['all:!all']


class LookupModule(LookupBase):
    """Reads what the run has kept."""

    def run(self, terms: list[str], variables: Given = None, **options: Given) -> list[Given]:
        """The patterns, or the sizes, that each term stands for."""
        self.set_options(var_options=variables, direct=options)
        directory, part = str(constants.DEFAULT_LOCAL_TMP), (self.get_option('part'), self.get_option('least'))
        return [each for term in terms for each in _chosen(directory, str(term), *part)]


def _chosen(directory: str, term: str, number: int, least: int) -> list[Given]:
    if term == 'observed':
        names = run.kept(directory, term).get('names') or []
        return host_pattern.of_all(parts.part(names, number, least) if number else names) or _NOBODY
    if term == 'serial':
        return run.kept(directory, 'change').get('serial') or [0]
    if term == 'reasons':
        return [run.kept(directory, 'failed').get('reasons') or {}]
    return run.kept(directory, term).get('hosts') or _NOBODY
