# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet of namespace hosts here, reached by real OpenSSH: fleet.py; by hand `python3 -m tests.fleet`."""

from __future__ import annotations

from .fleet import Fleet
from .spec import Container, FleetError, Host

__all__ = ['Container', 'Fleet', 'FleetError', 'Host']
