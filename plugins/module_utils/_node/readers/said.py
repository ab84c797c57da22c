# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What commands said of a captured node, where the capture has no better: files beside proc/, named as the command."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..parsers import release, sysctl_listing, uptime
from .procfs import parsed
from .sysctls import LISTING, LISTING_MAX


def in_listing(tree, key, unavailable):
    """A key's value in the output of `sysctl -a`, or None."""
    return parsed(tree, '/' + LISTING, lambda text: sysctl_listing.listed(text, key), unavailable, LISTING_MAX)


def in_uname(tree, unavailable):
    """The release in the output of `uname -a`, or None."""
    return parsed(tree, '/uname_-a', release.release_of_uname, unavailable)


def hostname(tree, unavailable):
    """The output of `hostname`, or None."""
    return (parsed(tree, '/hostname', lambda text: text.strip()[:256] or None, unavailable)
            or in_listing(tree, 'kernel.hostname', unavailable))


def up_since(tree, unavailable):
    """Seconds since boot by `uptime`, or None."""
    return parsed(tree, '/uptime', uptime.parse_uptime, unavailable)
