# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection costs, against peers in the same run: `make bench`, or `python3 -m tests.benchmark [ROW...]`.

rows.py lists what there is; every other module measures one thing against one peer.
"""
