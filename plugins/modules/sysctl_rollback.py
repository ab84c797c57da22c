# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: sysctl_rollback
short_description: Undo one change set of sysctl_policy
version_added: 0.2.0
description:
  - Restores running values and files, with owner, mode and extended attributes, to exactly what they were before the
    change set, and removes files that it made.
  - A C(tcp_tw_recycle) other than 0, running or in a file, is held back on kernels that have it, and listed in
    RV(held). O(restore_unsafe) restores it too, also in a second run.
  - Where somebody has changed the same file or value since, or a newer change set touches it, nothing is touched and
    the task fails with the list in RV(drifted). A link that somebody put in the place of a file (to C(/dev/null), which
    switches the file off) is such a change; O(force) removes the link itself and never touches what it leads to.
  - Running values are restored only within the boot in which they were read. Where the node has booted since, only
    files come back; RV(notes) names the running values that differ from before. The files decide at the next boot,
    C(sysctl --system) loads them at once.
  - Values of network namespaces that are gone are named in RV(notes). A namespace that got the number of another is
    never written.
  - A node without the change set, or where it was undone before, is unchanged, so that it can be run on all nodes.
extends_documentation_fragment:
  - nodetcp.paws.verbs
  - nodetcp.paws.verbs.changing
  - nodetcp.paws.verbs.store
options:
  change_set:
    description:
      - The id of the change set; V(latest) is the newest on the node, also when it was undone before.
      - A null or an empty text undoes nothing; M(nodetcp.paws.sysctl_policy) returns it where nothing had to change.
    type: str
    default: latest
  force:
    description:
      - Whether to restore what was there before the change set although it was changed since. What somebody else has
        written into the same files or values is then lost.
      - It also gives up what cannot be restored of a change set that a crash or an earlier undo left unfinished, as
        where C(/proc/sys) is read-only, so that it no longer keeps other runs from changing the node. RV(notes) names
        what stays as it is.
    type: bool
    default: false
  restore_unsafe:
    description: Whether to restore what would otherwise be held back, a C(tcp_tw_recycle) that was on.
    type: bool
    default: false
seealso:
  - module: nodetcp.paws.sysctl_policy
    description: Makes change sets.
  - module: nodetcp.paws.sysctl_change_set_info
    description: Lists them.
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Undo the newest change set
  nodetcp.paws.sysctl_rollback:
  register: undone

- name: Say what was held back
  ansible.builtin.debug:
    msg: "{{ item.key }} = {{ item.value }} stays off"
  loop: "{{ undone.held }}"

- name: Undo a certain one, exactly
  nodetcp.paws.sysctl_rollback:
    change_set: 20261122T053803Z-1a2b3c4d
    restore_unsafe: true
"""

RETURN = r"""
change_set:
  description: The id of the change set, none where the node does not have it.
  returned: always
  type: str
restored:
  description: What was restored.
  returned: always
  type: list
  elements: dict
  contains:
    what:
      description: V(running) or V(file).
      type: str
    key:
      description: The sysctl of a running value.
      type: str
    namespace:
      description: The namespace of a running value, V(host) or a key.
      type: str
    file:
      description: The file.
      type: str
    value:
      description: The value that runs again; V(removed) for a file that the change set had made.
      type: str
held:
  description:
    - What was not restored because it is unsafe, as in RV(restored), with the V(line) and the value it had. A sysctl
      file that cannot be read may turn C(tcp_tw_recycle) on too; it has no V(line).
  returned: always
  type: list
  elements: dict
  sample:
    - {what: running, namespace: host, key: net.ipv4.tcp_tw_recycle, value: '1', file: null, line: null}
drifted:
  description:
    - What was changed since by somebody else, as in RV(restored), with the value C(expected) and C(found), or the
      C(newer) change set that touches it. Of a file C(found) is V(changed), V(gone), or V(replaced by) and
      what is there.
  returned: always
  type: list
  elements: dict
  sample:
    - {what: file, file: /etc/sysctl.d/99-tuning.conf, found: changed, expected: null, newer: null, key: null,
       namespace: null}
notes:
  description:
    - Sentences on what a person should know, for instance namespaces that are gone, or running values that stay because
      the node has booted since.
  returned: always
  type: list
  elements: str
"""
