# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The change sets of a capture, as the node program lists those of its node.

They are told of and never carried out, so who could write them matters less than on the node: a capture says nothing of
owners.
"""

from typing import cast

from ...module_utils._node.errors import Unreadable, shown
from ...module_utils._node.operations.change_set_info import listed
from ...module_utils._node.readers.tree import Tree
from ...module_utils._node.transaction import state_dir
from ...module_utils._node.transaction.change_set import Part
from ...module_utils._node.transaction.record import checked, opened
from .._shapes.record import RecordedSet

_SETS = state_dir.STATE_DIR + '/change-sets'


class _Captured(Part):
    def read_note(self, _name: str) -> None:
        """Notes do not travel: what an undone part holds back is no part of a record."""


def observe(tree: Tree, unavailable: dict[str, str]) -> list[RecordedSet]:
    """The `change_sets` of a record; a part that cannot be used goes into `unavailable`, and the others are listed."""
    found = []
    for name in tree.listdir(_SETS):
        if not state_dir.is_part(name):
            continue
        try:
            found.append(_part(tree, name))
        except (Unreadable, ValueError) as error:
            unavailable[shown('%s/%s' % (_SETS, name))] = shown('its record cannot be read: %s' % error)
    return cast(list[RecordedSet], listed(sorted(found, key=lambda part: part.record['seq'])))


def _part(tree: Tree, name: str) -> Part:
    home = '%s/%s' % (_SETS, name)
    states = [each.partition('state.')[2] for each in tree.listdir(home) if each.startswith('state.')]
    known = [state for state in states if state in state_dir.STATES]
    if not known:
        raise ValueError('it has no state')
    data = (tree.read_bytes(home + '/record.json') or b'').rstrip(b'\n')  # lines travel with an end
    return _Captured(home.encode(), name, checked(opened(data), name, home), known[0])
