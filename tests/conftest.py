# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test of this collection gets: the collection on the import path, and a list of what was left out."""

from __future__ import annotations

import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
COLLECTIONS = CHECKOUT / 'playbooks' / 'collections'

# playbooks/collections holds a link to the checkout, so that it is found under its collection name wherever it lies.
sys.path.insert(0, str(COLLECTIONS))
