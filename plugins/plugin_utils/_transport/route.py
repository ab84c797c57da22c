# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of two ways the node program goes to a node.

The fast way completes the command that ansible-core has built, on its way to the connection: the node's shell finds a
Python within that command, and Python reads the program at once. It stands on what core calls internally. The
documented way is `_execute_module` alone, with core's own search for a Python. Both run the same program and return
the same answer.
"""

from .._text.values import Values

#: The variable: auto is the fast way, and the documented one as soon as core turns out to work differently inside.
SETTING = 'paws_transport'
AUTO, FAST, DOCUMENTED = 'auto', 'fast', 'documented'
WAYS = (AUTO, FAST, DOCUMENTED)
#: A fact: on this host the fast way was tried and core went past it.
FACT = 'nodetcp_paws_transport'


def asked(host_vars: Values) -> str:
    """What the user set, whatever it is; where nothing is set, what an earlier task on this host found out."""
    chosen = host_vars.get(SETTING)
    if chosen is None or chosen == AUTO:
        found = host_vars.get('ansible_facts', {}).get(FACT)
        return DOCUMENTED if found == DOCUMENTED else AUTO
    return str(chosen)
