# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""play_hosts: hosts of a play that can say that its pattern matches none."""

DOCUMENTATION = r"""
name: play_hosts
short_description: The hosts of a play that is not left out in silence where its pattern matches none
version_added: 0.2.0
description:
  - Returns the pattern as it is where it matches a host within C(--limit).
  - Ansible leaves a play out without a host, and the run ends well. So for a pattern that matches none this returns a
    host on which M(nodetcp.paws.paws_check_variables) can fail, C(all), or C(localhost) where the inventory is empty.
  - For the first play of the collection's playbooks.
options:
  _terms:
    description: The pattern, as C(hosts) of a play takes it.
    required: true
  one:
    description: Whether to give the first of the hosts alone, for a play whose tasks run once for all of them.
    type: bool
    default: false
    version_added: 0.3.0
  count:
    description: Whether to give the number of the hosts instead, V(0) for a pattern that matches none.
    type: bool
    default: false
    version_added: 0.3.0
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Check the variables before a host is contacted
  hosts: "{{ lookup('nodetcp.paws.play_hosts', audit_hosts | default('all'), one=true) }}"
  gather_facts: false
  tasks:
    - name: Check the variables
      nodetcp.paws.paws_check_variables:
        hosts_of: audit_hosts
      delegate_to: localhost
      run_once: true
"""

RETURN = r"""
_raw:
  description: The pattern for C(hosts), or the number of the hosts.
  type: list
  elements: raw
"""


from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.plugins.lookup import LookupBase

from ..plugin_utils._text.values import Given
from ..plugin_utils._variables import host_pattern


class LookupModule(LookupBase):
    """Needs the variables `groups` and `ansible_limit` alone: hosts of a play are templated before there are others."""

    def run(self, terms: list[Given], variables: Given = None, **options: Given) -> list[Given]:
        self.set_options(var_options=variables, direct=options)
        inventory = _inventory(self._loader, variables['groups'])
        patterns = [str(part) for term in terms for part in (term if isinstance(term, list) else [term])]
        inventory.subset(variables.get('ansible_limit'))
        found = _names(inventory, patterns)
        if self.get_option('count'):
            return [len(found)]
        if found and self.get_option('one'):
            return [host_pattern.of(found[0])]
        if found:
            return [','.join(patterns)]
        return ['all' if variables['groups']['all'] else 'localhost']


def _inventory(loader: Given, groups: Given) -> InventoryManager:
    inventory = InventoryManager(loader, parse=False)
    for group, hosts in groups.items():
        inventory.add_group(group)
        for host in hosts:
            inventory.add_host(host, group=group)
    return inventory


def _names(inventory: InventoryManager, patterns: list[str]) -> list[str]:
    """Names of the hosts that patterns match, none where ansible-core cannot read them."""
    try:
        return [str(host.name) for host in inventory.get_hosts(pattern=patterns)]
    except AnsibleError:
        return []
