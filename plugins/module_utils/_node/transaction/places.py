# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The running values in the network namespaces that a change is about."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import shown
from .namespace_identity import HOST, read, write


class Places(object):
    """The namespaces that are there now: HOST, and others by the identity that a change set keeps."""

    def __init__(self, tree):
        self.tree, self._others = tree, None

    @property
    def others(self):
        """The OtherNamespaces."""
        if self._others is None:
            from .other_namespaces import OtherNamespaces  # much to compile, and most runs write in HOST alone
            self._others = OtherNamespaces(self.tree)
        return self._others

    def identify(self, name):
        """The identity of the namespace with this key or id, None for the node's own. Raises Refused."""
        return None if name == HOST else self.others.identify(name)

    def read(self, identity, keys):
        """{key: value or None} in one namespace. Raises Failed."""
        return self._inside(identity, lambda: dict((key, read(self.tree, key)) for key in keys))

    def interfaces(self, identity, family):
        """The names in proc/sys/net/FAMILY/conf of one namespace as keys have them. Raises Failed."""
        def act():
            return [shown(name).replace('.', '/') for name in self.tree.listdir('/proc/sys/net/%s/conf' % family)]
        return self._inside(identity, act)

    def write(self, identity, key, value):
        """What the kernel prints after the value was written. Raises Failed."""
        return self._inside(identity, lambda: write(self.tree, key, value), key)

    def _inside(self, identity, act, what=None):
        return act() if identity is None else self.others.inside(identity, act, what)
