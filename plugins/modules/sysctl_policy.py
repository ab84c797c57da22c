# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: sysctl_policy
short_description: Apply many sysctl settings as one transaction that can be undone
version_added: 0.2.0
description:
  - Brings running values and files to the wanted settings, all of them or none. What was there before is recorded on
    the node first, so that M(nodetcp.paws.sysctl_rollback) restores exactly that.
  - Give the settings that are to be in force now and after the next boot in O(settings), and keys that no file is to
    set in O(absent). Run it with C(--check --diff) first; the real run makes exactly the changes that this shows.
  - Running values are written to C(/proc/sys), C(tcp_tw_recycle) first and C(tcp_timestamps) next, and read back. No
    sysctl file is ever loaded as a whole.
  - The kernel changes values of single interfaces when C(ip_forward) or a value of C(conf.all) or C(conf.default) is
    written. So these come first, and after an undo the values of the interfaces too are what they were. All settings
    are read back at the end, also those that needed no change.
  - Files are edited line by line. Lines that would win over a setting are commented out, and the setting goes into
    O(file). Afterwards every reader of sysctl files resolves to it at the next boot, C(systemd-sysctl), the
    C(sysctl --system) of procps, and the script of a system without systemd. Every other line stays byte for byte, and
    so do owner, mode, extended attributes and symbolic links.
  - Where a sysctl file cannot be read, what the next boot does is not known and the task fails before any change.
  - Files of packages, for instance under C(/usr/lib), are overridden and never edited. A glob line stays and is
    overridden.
  - A key that this kernel has lost, C(tcp_tw_recycle) from 4.12 on, is treated as if it were in O(absent), so one task
    serves nodes of all kernels.
  - A key of a module that is not loaded, such as C(net.netfilter.nf_conntrack_max), is persisted. A later run writes
    the running value once the module is loaded. RV(notes) names the module and the list that loads it at a boot. See
    O(module_rules) for modules that load later than the sysctl files are read.
  - Any other key that the kernel does not have now is left alone, which RV(notes) says.
  - If anything fails, or the result is not what was wanted, everything is restored at once and the task fails. A run
    that was killed is undone by the next run before it does anything else. After a boot only its files are, for the
    running values that it had read were those of another boot.
extends_documentation_fragment:
  - nodetcp.paws.verbs
  - nodetcp.paws.verbs.changing
  - nodetcp.paws.verbs.store
options:
  settings:
    description:
      - The settings, a value for each key. Keys may be written with dots or slashes.
      - A value is a number or text. Several numbers are text with blanks, as in V(10240 65000); blanks and tabs count
        alike when it is compared with what is there.
      - A YAML boolean is refused. Write V(0) or V(1).
      - A value that the kernel is known to refuse, such as V(1;), is refused at once, see O(on_refused).
      - C(net.ipv4.tcp_timestamps=0) is refused while C(tcp_tw_recycle) is on, since it would make the node drop the
        SYNs of every peer that it remembers.
    type: dict
    default: {}
  absent:
    description:
      - Keys that no sysctl file is to set any longer. Running values stay.
    type: list
    elements: str
    default: []
  reasons:
    description:
      - Why, by key. The text is written above the setting in O(file) and returned in RV(changes).
    type: dict
    default: {}
  file:
    description:
      - The file that holds the settings. It lies under C(/etc) where the readers find it.
      - V(/etc/sysctl.conf) is allowed also where systemd does not read it, that is without a link to it in
        C(/etc/sysctl.d). RV(notes) says so.
    type: str
    default: /etc/sysctl.d/99-zz-nodetcp-paws.conf
  reload:
    description:
      - Whether running values are written too. With V(false) only the files are, and the settings come into force at
        the next boot.
    type: bool
    default: true
  module_rules:
    description:
      - Whether settings of kernel modules come into force whenever the module loads, and not only where it is loaded
        before a boot reads the sysctl files. A line of C(/etc/udev/rules.d/99-zz-nodetcp-paws.rules) then has
        C(systemd-sysctl) read the settings of the module as soon as it is there, as sysctl.d(5) advises.
      - Lines are added for the settings of this task that a loadable module brings. They are part of the change set,
        and an undo takes them away.
      - Needs systemd on the node. Where it is missing no line is written, and RV(notes) says so.
    type: bool
    default: false
    version_added: 0.3.0
  on_refused:
    description:
      - What becomes of a value that the kernel refuses. With V(fail) the task fails, and everything is as it was
        before. With V(skip) that setting is left out, of running values and of files, and RV(notes) says so.
      - Some values are known to be refused. Of the others the kernel tells when they are written. Then all that the
        task has changed is undone, and it begins anew without that setting. Check mode does not know of these.
    type: str
    choices: [fail, skip]
    default: fail
  change_set:
    description:
      - The id under which the changes are recorded, 1 to 64 letters, digits, dots, underscores and dashes.
      - Tasks with the same id on the same node make up one change set, which is undone as a whole.
      - If it is not set, all tasks of one run share an id made of the time and a random number.
    type: str
  namespaces:
    description:
      - The network namespaces whose running values are written, V(host) for the node's own, others by the C(key) or
        C(id) of their entry in the record of M(nodetcp.paws.tcp_facts).
      - Files are changed only if V(host) is in the list.
      - On kernel 4.11, where each namespace has its own C(tcp_tw_recycle), a value for the host's is written to all.
    type: list
    elements: str
    default: [host]
  keep:
    description: How many change sets the node keeps. The oldest finished ones are removed. V(0) keeps all.
    type: int
    default: 20
  confirm_timeout:
    description:
      - If greater than 0, the node undoes the change by itself unless M(nodetcp.paws.sysctl_confirm) runs within this
        number of seconds, and also if it boots before.
      - With systemd that boot is as if the change had never been made. With C(/etc/cron.d) alone, or where the store is
        mounted over the network, the boot has read the files of the change before they are put back. The running
        values then stay until the boot after; the system log names them.
      - It undoes the change set as a whole as soon as the time of one of its tasks runs out, with what later tasks
        changed under the same id. After that nothing of it can be confirmed, and a task with O(confirm_timeout) needs
        another O(change_set).
      - Needs systemd or C(/etc/cron.d) on the node.
    type: int
    default: 0
seealso:
  - module: nodetcp.paws.sysctl_rollback
    description: Takes a change set back.
  - module: nodetcp.paws.sysctl_confirm
    description: Keeps a change set that waits for its confirmation.
  - module: nodetcp.paws.sysctl_change_set_info
    description: Lists the change sets of a node, with what was there before.
  - module: nodetcp.paws.time_wait_info
    description: Forecasts what switching C(tcp_tw_recycle) off will cost.
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Switch off what drops SYNs behind NAT
  nodetcp.paws.sysctl_policy:
    settings:
      net.ipv4.tcp_tw_recycle: 0
      net.ipv4.tcp_timestamps: 1
    reasons:
      net.ipv4.tcp_tw_recycle: drops SYNs of clients behind NAT
  register: applied

- name: Say how to take it back
  ansible.builtin.debug:
    msg: ansible-playbook -i inventory -b nodetcp.paws.rollback -e rollback_change_set={{ applied.change_set }}
  when: applied is changed

- name: Set two values for a proxy, and remove the lines that set a third, so that the next boot has the kernel's own
  nodetcp.paws.sysctl_policy:
    settings:
      net.ipv4.ip_local_port_range: 10240 65000
      net.core.somaxconn: 4096
    absent:
      - net.ipv4.tcp_fin_timeout

# Three tasks that belong together: the node undoes the change by itself unless it can still be reached.
- name: Change
  nodetcp.paws.sysctl_policy:
    settings:
      net.core.somaxconn: 4096
    confirm_timeout: 120

- name: Close the connection, so that the next task needs a new one
  ansible.builtin.meta: reset_connection

- name: Keep the change, now that the node can be reached
  nodetcp.paws.sysctl_confirm:

- name: Let a setting come into force at the next boot, in the file where it has always been
  nodetcp.paws.sysctl_policy:
    file: /etc/sysctl.conf
    reload: false
    settings:
      net.ipv4.tcp_max_syn_backlog: 8192

- name: Have bridged packets pass iptables whenever the module that offers it is loaded
  nodetcp.paws.sysctl_policy:
    module_rules: true
    settings:
      net.bridge.bridge-nf-call-iptables: 1

- name: Prepare an image that is mounted on this node
  nodetcp.paws.sysctl_policy:
    root: /mnt/image
    absent:
      - net.ipv4.tcp_tw_recycle
"""

RETURN = r"""
change_set:
  description:
    - The id under which the changes were recorded. M(nodetcp.paws.sysctl_rollback) takes it.
    - None where nothing was changed, and in check mode.
  returned: always
  type: str
  sample: 20261122T053803Z-1a2b3c4d
changes:
  description: What was changed, in the order of the work; in check mode what would be. Empty if all was well before.
  returned: always
  type: list
  elements: dict
  sample:
    - {what: running, namespace: host, key: net.ipv4.tcp_tw_recycle, before: '1', after: '0',
       file: null, line: null, reason: drops SYNs of clients behind NAT}
    - {what: persisted, file: /etc/sysctl.d/99-zz-nodetcp-paws.conf, line: 4, key: net.ipv4.tcp_tw_recycle,
       before: null, after: net.ipv4.tcp_tw_recycle = 0, reason: drops SYNs of clients behind NAT}
    - {what: disabled, file: /etc/sysctl.conf, line: 1, key: net.ipv4.tcp_tw_recycle,
       before: net.ipv4.tcp_tw_recycle = 1, after: '# disabled by nodetcp.paws: net.ipv4.tcp_tw_recycle = 1',
       reason: drops SYNs of clients behind NAT}
  contains:
    what:
      description:
        - V(running) for a running value.
        - V(persisted) for a line written to O(file) or, with O(module_rules), to the udev rules.
        - V(disabled) for one made a comment, V(removed) for one taken out.
      type: str
    key:
      description: The sysctl.
      type: str
    namespace:
      description: The namespace of a running value, V(host) or a key.
      type: str
      returned: for running values
    file:
      description: The file that the line is in; none for a running value.
      type: str
    line:
      description: The number of the line.
      type: int
    before:
      description: The value or the line before; none where there was none.
      type: str
    after:
      description: The value or the line after; none where it was taken out.
      type: str
    reason:
      description: Why, as given by O(reasons).
      type: str
    overrides:
      description: The file of a package that RV(changes[].file) replaces from now on.
      type: str
      returned: when a file of a package had to be replaced
notes:
  description: Sentences on what a person should know, for instance a setting this kernel does not have.
  returned: always
  type: list
  elements: str
restored:
  description: What was restored because the change failed, as M(nodetcp.paws.sysctl_rollback) returns it.
  returned: always
  type: list
  elements: dict
not_restored:
  description: What could not be restored after a failure. The next run tries again.
  returned: always
  type: list
  elements: str
"""
