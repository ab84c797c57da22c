# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a finding says: what the setting does, on which kernels."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import Message, Said, message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan.judge import Verdict
from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan.setting import RANDOM_FULLY


def says(verdict: Verdict, title: str) -> Said:
    """The sentence on a finding; of a rule that users made, its title."""
    key, value = verdict.setting.key, verdict.setting.value
    kernels = list(verdict.kernels)
    told: dict[str, Message] = {
        RANDOM_FULLY: message('scan/random-fully'),
        'tw-recycle-exposed': message('scan/recycle', key=key, value=value),
        'tw-recycle-masked': message('scan/recycle-masked', key=key, value=value),
        'tw-recycle-stale-line': message('scan/recycle-stale', key=key, value=value),
        'timestamps-off': message('scan/timestamps-off', key=key, value=value),
        'timestamps-2-before-4.10': message('scan/timestamps-2', key=key, kernels=kernels),
        'tw-reuse-before-4.19': message('scan/reuse', key=key, value=value),
        'tw-reuse-2-before-4.19': message('scan/reuse-2', key=key, value=value, kernels=kernels),
        'tw-reuse-1': message('scan/reuse', key=key, value=value),
        'tw-reuse-delay': message('scan/reuse-delay', key=key, value=value),
        'rfc1337': message('scan/rfc1337', key=key, value=value),
        'syncookies-off': message('scan/syncookies-off', key=key, value=value),
        'syncookies-always': message('scan/syncookies-always', key=key, value=value),
        'somaxconn': message('scan/somaxconn', key=key, value=value),
        'abort-on-overflow': message('scan/abort-on-overflow', key=key, value=value),
        'conntrack-time-wait': message('scan/conntrack-time-wait', key=key, value=value),
        'ipvs-conn-reuse-before-5.9': message('scan/ipvs-delays', key=key, value=value, kernels=kernels),
        'ipvs-conn-reuse': message('scan/ipvs-keeps', key=key, value=value, kernels=kernels),
    }
    return told.get(verdict.rule, title)
