# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_plan
short_description: Judge a node and work out what would be changed on it
version_added: 0.2.0
description:
  - Internal to the role P(nodetcp.paws.safe_sysctl#role).
  - Does what M(nodetcp.paws.paws_audit) does, and then plans. The fixes of the findings in scope and the settings of
    the variables C(safe_sysctl_settings) and C(safe_sysctl_settings_*) become one plan, which the node itself works out
    down to each line of each file, in the same way in which M(nodetcp.paws.sysctl_policy) carries it out.
  - Where C(tcp_tw_recycle) is about to be switched off it asks what TIME_WAIT will cost then, as
    M(nodetcp.paws.time_wait_info) does, over the seconds of the window. Where ports or buckets become scarce, the
    remedies that the profile allows become part of the plan, but for keys that C(safe_sysctl_settings) has.
  - Changes nothing. In check mode the task is changed where the plan is not empty, and shows its diff in diff mode.
extends_documentation_fragment:
  - nodetcp.paws.verbs
  - nodetcp.paws.verbs.read_only
  - nodetcp.paws.verbs.judge
  - nodetcp.paws.verbs.look
  - nodetcp.paws.verbs.measure
options:
  min_severity:
    description:
      - Findings below it are not planned for. Those that make a host dropping, exposed, latent or stale always are.
    type: str
    choices: [critical, high, medium, low, info]
    default: high
  only_rules:
    description: Ids of the rules that are enforced. Empty for all.
    type: list
    elements: str
    default: []
  skip_rules:
    description: Ids of rules that are not enforced.
    type: list
    elements: str
    default: []
  look_again:
    description:
      - Seconds of a second look that is going to follow where RV(nodetcp.paws.paws_audit#module:watch) says so.
        Planning is then left to that one. V(0) if there is none.
    type: float
    default: 0
  accept_exhaustion:
    description:
      - Whether C(tcp_tw_recycle) may be switched off where local ports will run out, even with the remedies that the
        profile allows. Otherwise nothing is planned for such a node, and RV(plan.refused) has the numbers.
    type: bool
    default: false
  plan_file:
    description:
      - File on the controller with an approved plan, as M(nodetcp.paws.paws_batches) keeps it. The remedies that it has
        for this host stand, also where its load is smaller by now. Not read in check mode.
    type: str
  state_dir:
    description: The directory of the change sets on the node.
    type: str
    default: /var/lib/nodetcp-paws
  confirm_timeout:
    description:
      - The seconds after which the node is going to undo the change unless it is confirmed. V(0) for never. Kept in the
        plan for the report on a host that was lost in between.
    type: int
    default: 0
    version_added: 0.3.0
seealso:
  - module: nodetcp.paws.paws_audit
  - module: nodetcp.paws.paws_batches
  - module: nodetcp.paws.sysctl_policy
  - module: nodetcp.paws.time_wait_info
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Look and plan
  nodetcp.paws.paws_plan:
    min_severity: medium
  register: looked

- name: Carry it out
  nodetcp.paws.sysctl_policy:
    settings: "{{ looked.plan.settings }}"
    absent: "{{ looked.plan.absent }}"
    reasons: "{{ looked.plan.reasons }}"
"""

RETURN = r"""
verdict:
  description: The class of the host. All other values of M(nodetcp.paws.paws_audit) are returned too.
  returned: success
  type: str
plan:
  description: What is to be changed.
  returned: success, unless a second look is to follow
  type: dict
  contains:
    settings:
      description: The value of each sysctl to be set.
      type: dict
    absent:
      description: Sysctls that no file is to name any longer.
      type: list
      elements: str
    reasons:
      description: Why, by sysctl.
      type: dict
    changes:
      description: Every single change, as M(nodetcp.paws.sysctl_policy) returns them. Empty where all is well.
      type: list
      elements: dict
    notes:
      description: Sentences of the node on what a person should know.
      type: list
      elements: str
    refused:
      description: Why the change cannot be planned, or why the forecast stopped it.
      type: str
    forecast:
      description:
        - What TIME_WAIT costs in the network namespace where it is worst, as
          RV(nodetcp.paws.time_wait_info#module:forecast). In C(planned) the same with the settings of this plan, where
          these matter.
        - C(decision) is V(go), V(stopped) or, with O(accept_exhaustion), V(accepted).
        - None where recycling is not about to be switched off.
      type: dict
    remedies:
      description: The settings that are there because of the forecast, by remedy.
      type: dict
    messages:
      description:
        - The id and the arguments of C(refused), for programs and other languages. Those of other sentences stand
          beside these.
      type: dict
      returned: where the plan is refused
    left:
      description: Findings in scope that no setting of the node ends, with the reason.
      type: list
      elements: dict
    fixes:
      description: Rule and namespace of the findings that are going to end.
      type: list
      elements: list
    kind:
      description: Kernel series and profile, of which the first batch holds one each.
      type: str
    watch:
      description: Whether counters had moved because of what is going to be fixed.
      type: bool
"""
