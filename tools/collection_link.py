# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a checkout, wherever it lies, finds itself under its collection name: a link beside its playbooks.

Ansible looks into the directory `collections` beside a playbook. Git does not track the link: ansible-test refuses
links to directories.
"""

import contextlib
import os

COLLECTIONS = os.path.join('playbooks', 'collections')


def ensure(checkout):
    """Make the link in `checkout` unless it is there."""
    parent = os.path.join(checkout, COLLECTIONS, 'ansible_collections', 'nodetcp')
    link = os.path.join(parent, 'paws')
    if os.path.lexists(link):
        return
    os.makedirs(parent, exist_ok=True)
    with contextlib.suppress(FileExistsError):  # another one made it meanwhile
        os.symlink(os.path.relpath(checkout, parent), link)
