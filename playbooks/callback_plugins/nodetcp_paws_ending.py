# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callback nodetcp.paws.ending, loaded by ansible-core for the playbooks beside this directory."""

from ansible_collections.nodetcp.paws.plugins.callback import ending


class CallbackModule(ending.CallbackModule):
    """The same, not to be enabled by anybody."""

    CALLBACK_NEEDS_ENABLED = False
