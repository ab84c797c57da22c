# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps ansible-core's worker processes cheap: one is forked for each task on each host, and ends with it."""

import contextlib
import gc
import multiprocessing


def prepare() -> None:
    """To be called in the main process, where an action is imported: a worker then need not do it for each host."""
    with contextlib.suppress(ImportError, AttributeError):  # before ansible-core 2.19
        from ansible.module_utils.common.json import Direction, get_module_decoder, get_module_encoder

        for direction in Direction:  # core imports these where it calls a module
            get_module_encoder('legacy', direction)
            get_module_decoder('legacy', direction)
    gc.freeze()  # a collection in a worker would write to all pages that it shares with the main process


def spare() -> None:
    """To be called in a worker: what it leaves behind goes with it, so collecting garbage costs more than it gives."""
    if multiprocessing.parent_process() is not None:
        gc.disable()
