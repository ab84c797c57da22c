# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation that the verbs of the collection share."""


class ModuleDocFragment:
    """Verbs that act on a node (the plain fragment) or on the controller alone: what they need and support, options."""

    DOCUMENTATION = r"""
requirements:
  - Python 2.6, 2.7, or 3.5 and newer, on the node; nothing else.
attributes:
  action:
    description: Has a part that runs on the controller.
    support: full
  action_group:
    description: Use C(group/nodetcp.paws.paws) in C(module_defaults) to set defaults for all verbs.
    support: full
    membership:
      - nodetcp.paws.paws
  async:
    description: Supports being used with the C(async) keyword.
    support: partial
    details:
      - With O(ignore:poll) greater than 0, on nodes whose Python the controller's C(ansible-core) supports.
        The result is shaped on the controller, so a job that is left alone has none.
  connection:
    description: Uses the target's configured connection to run code on it.
    support: full
  delegation:
    description: Can be used in conjunction with C(delegate_to).
    support: full
  platform:
    description: Target OS families that can be operated against.
    support: full
    platforms: linux
"""

    CONTROLLER = r"""
attributes:
  action:
    description: Has a part that runs on the controller.
    support: full
  action_group:
    description: Use C(group/nodetcp.paws.paws) in C(module_defaults) to set defaults for all verbs.
    support: full
    membership:
      - nodetcp.paws.paws
  async:
    description: Supports being used with the C(async) keyword.
    support: none
  connection:
    description: Uses the target's configured connection to run code on it.
    support: none
  delegation:
    description: Can be used in conjunction with C(delegate_to).
    support: full
  platform:
    description: Target OS families that can be operated against.
    support: full
    platforms: all
"""

    READ_ONLY = r"""
attributes:
  check_mode:
    description: Can run in check mode and return what it would do without changing the node.
    support: full
    details:
      - It changes nothing in any mode.
  diff_mode:
    description: Returns details on what has changed, or would change, in diff mode.
    support: none
    details:
      - It changes nothing.
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second run changes nothing.
    support: full
"""

    LOOK = r"""
requirements:
  - A POSIX shell where the node has no such Python.
notes:
  - Reading changes nothing on the node. The list of listening sockets comes from the kernel's C(sock_diag) interface,
    which may load the kernel's C(tcp_diag) module, as C(ss) does.
  - Without root the sysctls of other network namespaces, and the processes of other users, cannot be seen; the record
    says so under C(unavailable).
  - If no O(ignore:ansible_python_interpreter) is set, the node's shell finds a Python within the command that runs the
    node program. If that one does not start, the action tries C(python3), C(python), C(python2), C(python2.7),
    C(python2.6) and C(/usr/libexec/platform-python) one by one and remembers what it took in
    C(discovered_interpreter_python).
options:
  root:
    description:
      - Look at the captured tree in this directory on the node instead of the live node.
      - An absolute path. Links in it resolve inside it, missing parts are fine and are named in C(unavailable).
      - An unpacked sosreport is read as it is, also where it is the only one in this directory.
      - A file C(sysctl_-a) with the output of that command tells of the sysctls that C(proc/sys) lacks, C(uname_-a) of
        the release, C(netstat_-s) of the counters.
    type: str
    default: /
  collector:
    description:
      - What looks at the node. V(python) is the node program, V(shell) a script for the node's own shell that needs no
        Python and gives the same record.
      - V(auto) is the node program, and the script where no Python starts. The record's C(source.collector) says
        C(shell) then.
    type: str
    choices: [auto, python, shell]
    default: auto
    version_added: 0.3.0
  gather:
    description:
      - Parts to look at; all of them if it is not set.
      - V(translation), the rules that translate source addresses, is asked of nft and iptables-save where the node
        forwards and tracks connections.
      - V(peers), the addresses whose SYNs are at risk now, is known on kernels from 3.6 to 4.11. It is looked at where
        C(tcp_tw_recycle) is not 0, or wherever it is named here.
    type: list
    elements: str
    choices: [namespaces, sysctls, counters, sockets, conntrack, addresses, peers, persisted, writers, translation]
  namespaces:
    description:
      - V(all) looks into every network namespace of the node, so into containers too; V(host) only into the node's own.
    type: str
    choices: [all, host]
    default: all
"""

    JUDGE = r"""
options:
  rules:
    description:
      - Rules beside, or changes to, those of the collection.
      - An entry with a known C(id) and C(severity) or C(enabled) changes that rule; any other entry is a rule of its
        own.
    type: list
    elements: dict
    default: []
  waivers:
    description:
      - Findings that are accepted. Each names a C(rule) and a C(reason) and may name the date on which it C(expires).
      - A waived finding stays in the result, marked, does not count, and is not fixed.
      - It may hold for one C(namespace) only, an id, key, kind, name, container id or pod uid. A finding about several
        namespaces that are alike counts until each of them is waived.
    type: list
    elements: dict
    default: []
  profile:
    description: What the node is for, which some rules depend on.
    type: str
    choices: [server, client, proxy, k8s_node]
    default: server
"""

    CHANGING = r"""
attributes:
  check_mode:
    description: Can run in check mode and return what it would do without changing the node.
    support: full
  diff_mode:
    description: Returns details on what has changed, or would change, in diff mode.
    support: full
    details:
      - Check mode and the real run share one computed plan.
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second run changes nothing.
    support: full
"""

    STORE = r"""
requirements:
  - Root on the node.
notes:
  - One run at a time changes a node. A second waits for some seconds and then fails, naming the first.
  - A state directory that others than root could write, or with such a directory above it, is not obeyed.
options:
  root:
    description:
      - Work on the files in this directory on the node, an image or a chroot, instead of the running system. Running
        values are then not touched, and O(state_dir) lies inside the directory.
      - An absolute path. Links in it resolve inside it.
    type: str
    default: /
  state_dir:
    description: The directory of the change sets on the node.
    type: str
    default: /var/lib/nodetcp-paws
"""

    LANGUAGE = r"""
options:
  language:
    description: Language of what is printed and of reports, English or Chinese. Rules of your own, and what nodes say,
      are shown as they are.
    type: str
    choices: [en, zh]
    default: en
"""

    REPORT_DIR = r"""
options:
  report_dir:
    description:
      - Directory on the controller for the reports, relative to where ansible-playbook was started. Made if missing.
    type: str
    default: paws-report
"""

    REPORT = r"""
options:
  formats:
    description: Formats of the report beside C(audit.json), which is always written.
    type: list
    elements: str
    choices: [json, html, junit, sarif, csv, markdown, prometheus]
    default: [json, html]
  fail_on:
    description:
      - The class from which on, worst first, C(failure) says that the run should fail.
      - A host that failed or was unreachable has the verdict V(unknown). One that was skipped does not count.
    type: str
    choices: [none, dropping, exposed, impaired, latent, unknown, stale, advisory, clean]
    default: none
"""

    MEASURE = r"""
options:
  window:
    description:
      - Seconds between two looks at the counters. Only a counter that rises between them says that something happens
        now.
      - With V(0) there is one look and nothing is measured.
    type: float
    default: 0
  since:
    description:
      - The RV(nodetcp.paws.paws_audit#module:sample) of an earlier look, so that only the rest of the O(window) has to
        be waited for.
    type: dict
  return_record:
    description: Whether to return the record that was judged.
    type: bool
    default: false
"""
