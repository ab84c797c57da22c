# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a run (_run/journal.py): what a run that was ended is gone on with."""

from typing import Annotated, TypedDict

from .marks import Length, Natural, Pattern, Seconds
from .record import Sample
from .report import RUN_ID, Host


class Owner(TypedDict):
    """The process of ansible-playbook that writes; began: in the units of its system, '' where that does not say."""

    pid: Natural
    began: Annotated[str, Length(40)]


class Head(TypedDict):
    """What there is to know before an entry is read."""

    run: Annotated[str, Pattern(*RUN_ID)]
    started: Seconds
    collection_version: Annotated[str, Length(80)]
    owner: Owner


class Entry(TypedDict):
    """A host that was judged. sample: of the counters, where they deserve a second look, which is yet to come."""

    host: Host
    sample: Sample | None
