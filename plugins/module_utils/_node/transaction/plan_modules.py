# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a plan that is about keys which come with a module of the kernel: it may load late, or never."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..readers import modules
from . import module_rules


def can_rule(tree, plan):
    """Whether there is what a udev rule would run; tells the notes of the plan if not."""
    found = module_rules.program(tree)
    if not found:
        plan.notes.append(module_rules.NO_PROGRAM)
    return bool(found)


def lacking(tree, plan):
    """Whether a udev rule is lacking for what the plan wants."""
    return bool(module_rules.lacking(tree, plan.wanted))


def tell_late(tree, setting, plan):
    """Says of a key whose module is loaded now that the next boot may read the files before it is."""
    module = modules.late(tree, setting[0]).get('late')
    if module and (module_rules.lacking(tree, [setting]) or not module_rules.program(tree)):
        plan.notes.append('%s: comes with the module %s: the next boot sets it only if the module is loaded before the '
                          'files are read; no list of modules-load.d(5) loads it: name it in one, or ask for '
                          'module_rules' % (setting[0], module))


def add_missing(tree, setting, ruled, plan):
    """A key that the kernel lacks now: persisted where a module brings it, as the value is in force once that loads."""
    key, module = setting[0], modules.owner(tree, setting[0])
    if not module:
        plan.notes.append('%s: this kernel has no such sysctl now: neither written nor persisted' % key)
        return
    plan.wanted.append(setting)
    plan.existing.add(key)  # for the globs of a boot after the module has loaded
    plan.later.append(key)
    path = modules.loaded_by(tree, module)
    when = 'a udev rule has it set when the module loads' if ruled else (
        '%s has it loaded before the next boot sets values' % path if path else
        'no list of modules-load.d(5) loads it: name it in one, run this again once it is loaded, or ask for '
        'module_rules')
    plan.notes.append('%s: comes with the module %s, which is not loaded: only persisted; %s' % (key, module, when))
