# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says is to be done."""

from typing import Annotated, Literal

from .._messages.message import Said
from .marks import Length, Positive
from .remediation import WhyNot
from .said import Spoken
from .verdict import Classed

#: Entries of a report, and hosts that each of them names.
STEPS_MAX, NAMED = 50, 3


Way = Literal['fix', 'lower', 'hand', 'left', 'failed', 'unseen', WhyNot]


class Step(Classed, Spoken):  # pylint: disable=inherit-non-class
    """A group of hosts with one cause, and what ends it."""

    way: Annotated[
        Way,
        'fix: remediate.yml ends it; lower: it does with the remediate_min_severity that the commands have; hand: a '
        'person, since no plan ends it; left: the variables of the run leave it out; failed: a remediation failed; '
        'unseen: look again as root; else why there is no plan, see why_not of a proposal.',
    ]
    rule: Annotated[str | None, 'The rule that found it; null where no finding is the cause.']
    hosts: Positive
    named: Annotated[list[str], Length(NAMED, 1), 'The first of these hosts, the worst one at the beginning.']
    cause: Annotated[Said, 'One sentence; where the reason differs from host to host, that of the first named one.']
    action: Annotated[Said, 'What to do; where it differs from host to host, what to do on the first named one.']
    commands: Annotated[
        list[str], Length(2), 'Whole lines for a shell, in their order; none where a person has to do it.'
    ]
