# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents with messages become documents with sentences, and those in the language of their reader."""

from collections.abc import Mapping
from typing import TypeVar, cast

from . import catalogue
from .message import Message, Said

T = TypeVar('T')


def spoken(document: T) -> T:
    """The document with English in the place of each message; beside it `messages` {field: message, or list of them}.

    So readers of 0.2.0's fields find what they know, and others translate, or alert on ids. A message alone, not in
    an object's field, becomes its sentence. Where a list holds other items, too, these are None in `messages`.
    """
    return cast(T, _spoken(document))


def _spoken(document: object) -> object:
    if isinstance(document, Message):
        return str(document)
    if isinstance(document, list):
        return [_spoken(each) for each in document]
    if not isinstance(document, dict):
        return document
    messages = {name: _messages(value) for name, value in document.items() if _says(value)}
    told = {name: _spoken(value) for name, value in document.items()}
    return {**told, 'messages': {**(document.get('messages') or {}), **messages}} if messages else told


def tell(language: str, what: Said) -> str:
    """A message in that language; a text as it is."""
    return catalogue.told(language, what) if isinstance(what, Message) else what


def words(language: str, entry: Mapping[str, object], name: str) -> str:
    """That field of an object as a sentence of the language; as it stands where nothing is known, '' for null."""
    return str(_worded(language, entry, name) or '')


def all_words(language: str, entry: Mapping[str, object], name: str) -> list[str]:
    """That field of an object, a list, as sentences of the language; each as it stands where nothing is known."""
    found = _worded(language, entry, name)
    return [str(each) for each in found] if isinstance(found, list) else []


def _worded(language: str, entry: Mapping[str, object], name: str) -> object:
    if language == 'en':
        return entry.get(name)  # it was told in English
    messages = entry.get('messages')
    said = messages.get(name) if isinstance(messages, Mapping) else None
    standing = entry.get(name)
    if isinstance(said, list) and isinstance(standing, list) and len(said) == len(standing):
        return [_either(language, each, text) for each, text in zip(said, standing, strict=True)]
    return _either(language, said, standing)


def said(entry: Mapping[str, object], name: str) -> Said | None:
    """That field of an object, told or not, as what may be said on: a message, or a text that no catalogue knows."""
    found = _heard_of(entry, name)
    return found if found is None or isinstance(found, Message) else str(found)


def all_said(entry: Mapping[str, object], name: str) -> list[Said]:
    """That field of an object, a list, as what may be said on; empty for null."""
    found = _heard_of(entry, name)
    return [each if isinstance(each, Message) else str(each) for each in found] if isinstance(found, list) else []


def _heard_of(entry: Mapping[str, object], name: str) -> object:
    messages, standing = entry.get('messages'), entry.get(name)
    found = messages.get(name) if isinstance(messages, Mapping) else None
    if isinstance(found, list) and isinstance(standing, list) and len(found) == len(standing):
        return [_heard(each, text) for each, text in zip(found, standing, strict=True)]
    return _heard(found, standing)


def retold(language: str, document: T, depth: int = 12) -> T:
    """A document that was told, with its sentences in that language and without `messages`; deep parts as they are."""
    return cast(T, _retold(language, document, depth))


def _retold(language: str, document: object, depth: int) -> object:
    if not depth or not isinstance(document, (dict, list)):
        return document
    if isinstance(document, list):
        return [_retold(language, each, depth - 1) for each in document]
    messages = document.get('messages')
    told = messages if isinstance(messages, Mapping) else {}
    return {
        name: _worded(language, document, name) if name in told else _retold(language, value, depth - 1)
        for name, value in document.items()
        if name != 'messages'
    }


def title(found: Mapping[str, object]) -> Said:
    """The title of a finding as what may be said on: a message, where its rule is one of the catalogue."""
    known = Message(id='rules/%s/title' % found['rule'], arguments={})
    return known if catalogue.known('en', known) and str(known) == found['title'] else str(found['title'])


def _heard(found: object, text: object) -> object:
    return Message(found) if isinstance(found, Mapping) and catalogue.known('en', found) else text


def _either(language: str, said: object, text: object) -> object:
    return catalogue.told(language, said) if isinstance(said, Mapping) and catalogue.known(language, said) else text


def _says(value: object) -> bool:
    return isinstance(value, Message) or (isinstance(value, list) and any(isinstance(each, Message) for each in value))


def _messages(value: object) -> object:
    if isinstance(value, list):
        return [_plain(each) if isinstance(each, Message) else None for each in value]
    return _plain(value)


def _plain(value: object) -> object:
    """Plain dicts and lists, as JSON has them."""
    if isinstance(value, dict):
        return {name: _plain(child) for name, child in value.items()}
    return [_plain(child) for child in value] if isinstance(value, (list, tuple)) else value
