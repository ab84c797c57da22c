# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions of rules: compiled, checked and evaluated; what they look at is known from their text."""

from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

from .._messages.message import MessageError, message
from .conditions import COUNTED, IMPLIED, KEYED, LITERALS, NODE_ONLY, Conditions
from .library import JMESPathError, Options, TreeInterpreter, parse
from .view import View, split_counter


class Ast(TypedDict, total=False):
    """A node of a parsed expression."""

    type: str
    value: object
    children: list['Ast']


class ConditionError(MessageError):
    """An expression cannot be compiled, or cannot be evaluated; the text says why."""


class Expression:
    """A compiled expression and what it looks at."""

    def __init__(self, text: str) -> None:
        """Raises ConditionError: does not parse, unknown function, wrong arguments."""
        self.text = text
        try:
            self.ast: Ast = parse(text).parsed
        except JMESPathError as exc:
            raise ConditionError(message('condition/not-jmespath', why=' '.join(str(exc).split()))) from exc
        self.sysctls: set[str] = set()
        self.counters: set[str] = set()
        for node in _walk(self.ast):
            if node['type'] == 'function_expression':
                self._check_call(node)
        #: The part that depends on the kernel alone; None where there is none.
        self.gate = _gate(self.ast)

    def _check_call(self, node: Ast) -> None:
        name, arguments = str(node['value']), node['children']
        table = Conditions.FUNCTION_TABLE
        if name not in table:
            raise ConditionError(message('condition/unknown-function', name=name))
        wanted = table[name]['signature']
        variadic = bool(wanted) and wanted[-1].get('variadic')
        if len(arguments) != len(wanted) and not (variadic and len(arguments) > len(wanted)):
            raise ConditionError(message('condition/arguments', name=name, takes=len(wanted), got=len(arguments)))
        if name in LITERALS:
            self._check_literal(name, arguments[0])
        for looked_at in IMPLIED.get(name, ()):
            (self.counters if looked_at.startswith(('TcpExt.', 'Tcp.')) else self.sysctls).add(looked_at)

    def _check_literal(self, name: str, argument: Ast) -> None:
        value = argument['value'] if argument['type'] == 'literal' else None
        if not isinstance(value, str):
            raise ConditionError(message('condition/not-literal', name=name))
        try:
            LITERALS[name](value)
        except MessageError as exc:
            raise ConditionError(message('condition/literal', name=name, why=exc.message)) from exc
        if name in KEYED:
            self.sysctls.add(value)
        elif name in COUNTED:
            self.counters.add('%s.%s' % split_counter(value))


class Evaluator:
    """Evaluates expressions over a view's data; `strict` visits both sides of && and ||, to find mistakes at load."""

    def __init__(self, view: View, strict: bool = False) -> None:
        self._conditions = Conditions(view)
        self._interpreter = (_Strict if strict else _Interpreter)(Options(custom_functions=self._conditions))

    def value(self, ast: Ast, view: View, data: Mapping[str, object]) -> object:
        """Raises ConditionError where a function gets what it cannot take."""
        self._conditions.view = view
        try:
            found: object = self._interpreter.visit(ast, data)
            return found
        except ConditionError:
            raise
        except (JMESPathError, ValueError, TypeError, AttributeError) as exc:
            raise ConditionError(message('condition/failed', why=' '.join(str(exc).split()))) from exc


class _Interpreter(TreeInterpreter):
    def visit_comparator(self, node: Ast, value: Any) -> Any:
        """JMESPath orders numbers; what a node sends may be text: then there is no order, and no error."""
        try:
            return super().visit_comparator(node, value)
        except TypeError:
            return None


class _Strict(_Interpreter):
    def visit_and_expression(self, node: Ast, value: Any) -> Any:
        left, right = (self.visit(child, value) for child in node['children'])
        return left if _is_false(left) else right

    def visit_or_expression(self, node: Ast, value: Any) -> Any:
        left, right = (self.visit(child, value) for child in node['children'])
        return right if _is_false(left) else left


def _is_false(value: Any) -> bool:
    """JMESPath: null, false and what is empty; 0 is true."""
    return value is None or value is False or value in ('', [], {})


def _walk(ast: Ast) -> Iterator[Ast]:
    if isinstance(ast, dict) and 'type' in ast:  # children of some kinds are values
        yield ast
        for child in ast['children']:
            yield from _walk(child)


def _gate(ast: Ast) -> Ast | None:
    """The conjuncts at the top that ask about the kernel alone, as one expression."""
    gate: Ast | None = None
    for part in _conjuncts(ast):
        if _about_kernel(part):
            gate = part if gate is None else {'type': 'and_expression', 'children': [gate, part]}
    return gate


def _conjuncts(ast: Ast) -> Iterator[Ast]:
    if ast['type'] == 'and_expression':
        for child in ast['children']:
            yield from _conjuncts(child)
    else:
        yield ast


def _about_kernel(ast: Ast) -> bool:
    kinds = {node['type'] for node in _walk(ast)}
    calls = {node['value'] for node in _walk(ast) if node['type'] == 'function_expression'}
    allowed = {'function_expression', 'literal', 'not_expression', 'or_expression', 'and_expression'}
    return bool(calls) and calls <= NODE_ONLY and kinds <= allowed
