# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write docs/audit.schema.json from the types that stored reports are checked with (_shapes/report.py).

python -m tools.audit_schema            write
python -m tools.audit_schema --check    fail when it is stale
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT / 'playbooks' / 'collections'))

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import Message  # noqa: E402
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes import marks  # noqa: E402
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.report import Report  # noqa: E402

PAGE = CHECKOUT / 'docs' / 'audit.schema.json'
HEAD = {
    '$schema': 'https://json-schema.org/draft/2020-12/schema',
    '$id': 'https://github.com/nodetcp/paws/blob/main/docs/audit.schema.json',
    'title': 'audit.json of nodetcp.paws',
}
#: What depends on another field, which no type says: a host that is not ok has a reason and nothing else.
CONDITIONS = {
    'Host': [
        {
            'if': {'properties': {'status': {'const': 'ok'}}},
            'then': {
                'properties': {
                    'kernel': {'type': 'object'},
                    'source': {'type': 'object'},
                    'namespaces': {'minItems': 1},
                }
            },
            'else': {
                'properties': {
                    'verdict': {'const': 'unknown'},
                    'reason': {'type': 'string', 'minLength': 1},
                    'findings': {'maxItems': 0},
                }
            },
        }
    ]
}
NAMES = {str: 'string', int: 'integer', float: 'number', bool: 'boolean', NoneType: 'null'}

Json = dict[str, Any]


class Schema:
    """Definitions by the name of their type, each made once."""

    def __init__(self) -> None:
        self.definitions: dict[str, Json] = {}

    def of(self, hint: Any, more: bool = False) -> Json:
        """The schema of a type; more: objects may have more names than the type knows."""
        origin, arguments = get_origin(hint), get_args(hint)
        if is_typeddict(hint):
            return self._reference(hint, more)
        if hint in NAMES:
            return {'type': NAMES[hint]}
        if hint is object:
            return {}
        if origin is Annotated:
            return self._marked(arguments[0], hint.__metadata__, more)
        if origin is Literal:
            return {'const': arguments[0]} if len(arguments) == 1 else {'enum': list(arguments)}
        if origin in (Union, UnionType):
            return self._union([each for each in arguments if each is not Message], more)
        if origin is list:
            return {'type': 'array', 'items': self.of(arguments[0], more)}
        if origin is dict:
            return self._named(*arguments, more=more)
        raise TypeError('no schema for %r' % (hint,))

    def object(self, hint: type, more: bool) -> Json:
        """The schema of a TypedDict itself."""
        hints = get_type_hints(hint, include_extras=True)
        found: Json = {
            'type': 'object',
            'description': ' '.join((inspect.getdoc(hint) or '').split()),
            'properties': {name: self.of(inner) for name, inner in hints.items()},
            'required': [name for name, inner in hints.items() if _is_always_there(hint, name, inner)],
        }
        if not found['description'] or found['description'].startswith('dict('):
            del found['description']
        if not found['required']:
            del found['required']
        if hint.__name__ in CONDITIONS:
            found['allOf'] = CONDITIONS[hint.__name__]
        return found if more else {**found, 'additionalProperties': False}

    def _reference(self, hint: type, more: bool) -> Json:
        name = re.sub(r'(?<=[a-z])(?=[A-Z])', '_', hint.__name__).lower()
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = self.object(hint, more)
        return {'$ref': '#/$defs/%s' % name}

    def _named(self, key: Any, item: Any, more: bool) -> Json:
        if get_origin(key) is not Literal:
            inner = self.of(item, more)
            return {'type': 'object', 'additionalProperties': inner} if inner else {'type': 'object'}
        names = list(get_args(key))
        properties = {name: self.of(item, more) for name in names}
        return {'type': 'object', 'properties': properties, 'required': names, 'additionalProperties': False}

    def _union(self, hints: list[Any], more: bool) -> Json:
        made = [self.of(each, more) for each in hints]
        if len(made) == 1:
            return made[0]
        if all(set(each) == {'type'} for each in made):
            return {'type': [each['type'] for each in made]}
        words = [each for each in made if 'enum' in each]
        if len(words) == 1 and len(made) == 2 and NoneType in hints:
            return {'enum': [*words[0]['enum'], None]}
        return {'anyOf': made}

    def _marked(self, hint: Any, found: tuple[Any, ...], more: bool) -> Json:
        made = self.of(hint, more or marks.OPEN in found)
        for mark in found:
            made = {**made, **_keywords(mark, made)}
        return made


def _is_always_there(hint: Any, name: str, inner: Any) -> bool:
    """Whether every document of this version has the field: ADDED says so, also of one that is filled in later."""
    found = getattr(inner, '__metadata__', ())
    return marks.ADDED in found or (name in hint.__required_keys__ and marks.SELDOM not in found)


def _keywords(mark: Any, made: Json) -> Json:
    """What a mark adds to the schema of its type."""
    if isinstance(mark, str):
        return {'description': mark}
    if isinstance(mark, marks.Pattern):
        return {'pattern': '^(?:%s)$' % mark.regex}
    if isinstance(mark, marks.Words):
        return {'enum': list(mark.known)}
    if isinstance(mark, marks.Moment):
        return {'minimum': 0, 'exclusiveMaximum': marks.MOMENT_MAX}
    if isinstance(mark, marks.Range):
        bounds = (('minimum', mark.least), ('maximum', mark.most), ('exclusiveMinimum', mark.above))
        return {name: bound for name, bound in bounds if bound is not None}
    if isinstance(mark, marks.Length):
        lists = made.get('type') == 'array'
        least = {'minItems' if lists else 'minLength': mark.least} if mark.least else {}
        return {**least, 'maxItems' if lists else 'maxLength': mark.most}
    return {}


def page() -> str:
    schema = Schema()
    whole = schema.object(Report, more=False)
    return json.dumps({**HEAD, **whole, '$defs': schema.definitions}, indent=2, ensure_ascii=False) + '\n'


def main(check: bool) -> int:
    wanted = page()
    if PAGE.exists() and PAGE.read_text(encoding='utf-8') == wanted:
        return 0
    if check:
        sys.stdout.write('stale: %s (python -m tools.audit_schema writes it)\n' % PAGE.relative_to(CHECKOUT))
        return 1
    PAGE.write_text(wanted, encoding='utf-8')
    return 0


if __name__ == '__main__':
    sys.exit(main('--check' in sys.argv[1:]))
