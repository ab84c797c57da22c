# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said, as data: an id of the catalogue and the arguments that its sentence is filled with."""

from collections.abc import Sequence
from typing import Union

from . import catalogue

#: A number, a text that stays as it is in every language, another message, or a list of these.
Argument = Union[None, bool, int, float, str, 'Message', Sequence['Argument']]


class Message(dict[str, object]):
    """{'id': ROOM/NAME, 'arguments': {name: Argument}}: plain JSON, with a type of its own until it is told.

    str() of it is the English sentence.
    """

    def __str__(self) -> str:
        return catalogue.told('en', self)


#: What a person is shown: a message, or a text that stays as it is in every language.
Said = Message | str


class MessageError(ValueError):
    """An error whose sentence is in the catalogue: str() is its English, `message` what other languages tell.

    What somebody else said of it (a node, the system) may be a text.
    """

    def __init__(self, said: Message | str) -> None:
        super().__init__(said)
        self.message = said

    def __str__(self) -> str:
        return str(self.message)


def message(message_id: str, /, **arguments: Argument) -> Message:
    """The message of that id; the catalogue of each language has a sentence with the same arguments for it."""
    return Message(id=message_id, arguments=arguments)


def told_by(error: Exception) -> Said:
    """What an error says: its message where it has one, else its text."""
    return error.message if isinstance(error, MessageError) else str(error)
