# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents with messages become documents with sentences, and those in the language of their reader."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections.abc import Mapping
from typing import Any

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages import catalogue
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import Message, Said

Json = dict[str, Any]


def spoken(document: Any) -> Any:
    """The document with English in the place of each message; beside it `messages` {field: message, or list of them}.

    So readers of 0.2.0's fields find what they know, and others translate, or alert on ids. A message alone, not in
    an object's field, becomes its sentence. Where a list holds other items, too, these are None in `messages`.
    """
    if isinstance(document, Message):
        return str(document)
    if isinstance(document, list):
        return [spoken(each) for each in document]
    if not isinstance(document, dict):
        return document
    messages = {name: _messages(value) for name, value in document.items() if _says(value)}
    told = {name: spoken(value) for name, value in document.items()}
    return {**told, 'messages': {**(document.get('messages') or {}), **messages}} if messages else told


def tell(language: str, what: Said) -> str:
    """A message in that language; a text as it is."""
    return catalogue.told(language, what) if isinstance(what, Message) else what


def words(language: str, entry: Mapping[str, Any], name: str) -> Any:
    """That field of an object as a sentence (or a list) of the language; as it stands where nothing is known."""
    if language == 'en':
        return entry.get(name)  # it was told in English
    messages = entry.get('messages')
    said = messages.get(name) if isinstance(messages, Mapping) else None
    standing = entry.get(name)
    if isinstance(said, list) and isinstance(standing, list) and len(said) == len(standing):
        return [_either(language, each, text) for each, text in zip(said, standing, strict=True)]
    return _either(language, said, standing)


def said(entry: Mapping[str, Any], name: str) -> Any:
    """That field of an object, told or not, as what may be said on: a message, or a list of them.

    A text of which no catalogue knows a message stays a text.
    """
    messages, standing = entry.get('messages'), entry.get(name)
    found = messages.get(name) if isinstance(messages, Mapping) else None
    if isinstance(found, list) and isinstance(standing, list) and len(found) == len(standing):
        return [_heard(each, text) for each, text in zip(found, standing, strict=True)]
    return _heard(found, standing)


def retold(language: str, document: Any, depth: int = 12) -> Any:
    """A document that was told, with its sentences in that language and without `messages`; deep parts as they are."""
    if not depth or not isinstance(document, (dict, list)):
        return document
    if isinstance(document, list):
        return [retold(language, each, depth - 1) for each in document]
    messages = document.get('messages')
    told = messages if isinstance(messages, Mapping) else {}
    return {
        name: words(language, document, name) if name in told else retold(language, value, depth - 1)
        for name, value in document.items()
        if name != 'messages'
    }


def finding(language: str, found: Json) -> Json:
    """A finding with title, why and the text of its fix in that language, where its rule is one of the catalogue."""
    if language == 'en':
        return found
    known, rule = catalogue.sentences(language), found['rule']
    said = {part: known.get('rules/%s/%s' % (rule, part), found[part]) for part in ('title', 'why')}
    fix = found['fix'] and {**found['fix'], 'text': words(language, found['fix'], 'text')}
    return {**found, **said, 'fix': fix}


def title(found: Json) -> Said:
    """The title of a finding as what may be said on: a message, where its rule is one of the catalogue."""
    known = Message(id='rules/%s/title' % found['rule'], arguments={})
    return known if catalogue.known('en', known) and str(known) == found['title'] else str(found['title'])


def _heard(found: object, text: Any) -> Any:
    return Message(found) if isinstance(found, Mapping) and catalogue.known('en', found) else text


def _either(language: str, said: object, text: Any) -> Any:
    return catalogue.told(language, said) if isinstance(said, Mapping) and catalogue.known(language, said) else text


def _says(value: object) -> bool:
    return isinstance(value, Message) or (isinstance(value, list) and any(isinstance(each, Message) for each in value))


def _messages(value: Any) -> Any:
    if isinstance(value, Message):
        return _plain(value)
    return [_plain(each) if isinstance(each, Message) else None for each in value]


def _plain(value: Any) -> Any:
    """Plain dicts and lists, as JSON has them."""
    if isinstance(value, dict):
        return {name: _plain(child) for name, child in value.items()}
    return [_plain(child) for child in value] if isinstance(value, (list, tuple)) else value
