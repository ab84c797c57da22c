# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel modules that bring sysctls with them, and what loads them at a boot."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Unreadable
from ..keys import module_of

# modules-load.d(5), without /run, which is empty at a boot.
LISTS = ('/etc/modules-load.d', '/usr/local/lib/modules-load.d', '/usr/lib/modules-load.d', '/lib/modules-load.d')
# Debian's list, to which a name in the first one leads with systemd, and that of its initial RAM disk.
OF_DEBIAN = ('/etc/modules', '/etc/initramfs-tools/modules')


def owner(tree, key):
    """The module without which the running kernel has no such sysctl, None where that is not known to be the reason."""
    module = module_of(key)[1]
    return None if module and tree.exists('/sys/module/' + module) else module


def loadable(tree, key):
    """(the module that brings the key, the place below /proc/sys of its keys), (None, None) where a boot has no need
    to load one: what is built into the kernel has no initstate in sysfs."""
    beginning, module = module_of(key)
    home = '/sys/module/%s' % module
    if not module or (tree.exists(home) and not tree.exists(home + '/initstate')):
        return None, None
    directory, _dot, last = beginning.rpartition('.')
    # All of /proc/sys/net is more than a module's.
    return module, (directory if '.' in directory else '%s.%s' % (directory, last)).replace('.', '/')


def loaded_by(tree, module):
    """The path of a list that loads the module at a boot, or one that needs it; None where none that can be read does.
    """
    wanted, seen = _needing(tree, module), set()
    for directory in LISTS:
        for name in _quietly(tree.listdir, directory, []):
            path = '%s/%s' % (directory, name)
            if name.endswith('.conf') and name not in seen and _lists(tree, path, wanted):
                return path
            seen.add(name)
    return next((path for path in OF_DEBIAN if _lists(tree, path, wanted)), None)


def late(tree, key):
    """{'late': the module without which a boot cannot set the key}, where no list loads it before a boot reads the
    sysctl files, else {}. A capture without /sys/module does not tell what is built into the kernel."""
    module = loadable(tree, key)[0] if tree.exists('/sys/module') else None
    return {'late': module} if module and not loaded_by(tree, module) else {}


def _needing(tree, module):
    """The module and those that hold it now."""
    found = [module]
    for name in found:
        found += [each for each in _quietly(tree.listdir, '/sys/module/%s/holders' % name, []) if each not in found]
    return found


def _lists(tree, path, modules):
    text = _quietly(tree.read, path, None) or u''
    return any(line.split()[:1] == [module] for line in text.replace('-', '_').splitlines() for module in modules)


def _quietly(read, path, otherwise):
    try:
        return read(path)
    except Unreadable:
        return otherwise
