# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What documents say: sentences as text, and beside them the same as data."""

from typing import Annotated, TypedDict

from .marks import Length


class ToldMessage(TypedDict):
    """A sentence as data. Its id is a name in the catalogues of the collection
    (plugins/plugin_utils/_messages/LANGUAGE); of what a rule says it is rules/RULE/PART, in English in
    _judge/rules.yml."""

    id: Annotated[str, Length(200)]
    arguments: Annotated[
        dict[str, object], 'What the sentence is filled with: numbers, texts, further messages, or lists of these.'
    ]


Messages = Annotated[
    dict[str, ToldMessage | list[ToldMessage | None]],
    'Of fields beside it that hold English sentences, what these say, by the name of the field: to translate it or to '
    'alert on it. In a list, null stands for what is a text in every language.',
]


class Spoken(TypedDict, total=False):
    """A part of a document that has sentences."""

    messages: Messages
