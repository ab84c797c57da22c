# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an initial RAM disk may hold a copy of a changed file, and what rebuilds it.

dracut copies /etc/sysctl.conf and sysctl.d (modules.d/*systemd*/module-setup.sh), initramfs-tools only by a hook.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Unreadable

DRACUT = ('/usr/lib/dracut/modules.d', '/usr/share/dracut/modules.d')
HOOKS = ('/etc/initramfs-tools/hooks', '/usr/share/initramfs-tools/hooks')


def notes(tree, release, changes):
    """[a sentence] where a line was taken from a file of which the boot image of this kernel may have a copy, or []."""
    files = sorted(set(change['file'] for change in changes if change['what'] in ('disabled', 'removed')))
    if not files or not release or '/' in release:
        return []
    command = _command(tree, release)
    if command is None:
        return []
    return ['the initial RAM disk may hold a copy of %s with the old line: rebuild it with `%s`' % (
        ', '.join(files), command)]


def _command(tree, release):
    try:
        if tree.exists('/boot/initramfs-%s.img' % release) and any(tree.exists(place) for place in DRACUT):
            return 'dracut -f'
        if tree.exists('/boot/initrd.img-%s' % release) and _copied_by_hook(tree):
            return 'update-initramfs -u'
    except Unreadable:
        pass
    return None


def _copied_by_hook(tree):
    for place in HOOKS:
        for name in tree.listdir(place):
            text = tree.read('%s/%s' % (place, name)) or ''
            if 'sysctl.d' in text or 'sysctl.conf' in text:
                return True
    return False
