# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that a rule's JMESPath may call, and how its expressions are compiled, checked and evaluated.

Every function answers for one namespace (a View). What is absent is null, never 0. Names of sysctls, counters and
versions must be written out as literals: from them the node is told what to read.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions, signature
from jmespath.visitor import Options, TreeInterpreter

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import ports
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.view import View, parse_version, split_counter
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.words import (
    MAX_ORPHANS,
    PORT_RANGE,
    RESERVED_PORTS,
    TW_BUCKETS,
    Json,
)

#: A node of a parsed expression: {type, value, children}.
Ast = Any

TEXT: Any = {"types": ["string"]}


class ConditionError(ValueError):
    """An expression cannot be compiled, or cannot be evaluated; the text says why."""


class Conditions(Functions):
    """The functions, bound to `view`; set another one to ask about another namespace."""

    def __init__(self, view: View) -> None:
        self.view = view

    def call_function(self, function_name: str, resolved_args: Iterable[Any]) -> Any:
        """Ours were checked when the expression was compiled: straight to the method, rules are many."""
        if function_name in OURS:
            return getattr(self, "_func_" + function_name)(*resolved_args)
        return super().call_function(function_name, resolved_args)

    # -- settings

    @signature(TEXT)
    def _func_sysctl(self, key: str) -> Any:
        """The effective value: number, text or null. Where the namespace has no file, the node's value counts."""
        return self.view.sysctl(key)

    @signature(TEXT)
    def _func_sysctl_scope(self, key: str) -> str | None:
        """namespace, host (the node's value is in force here), absent, unreadable, or null."""
        return self.view.scope(key)

    @signature(TEXT)
    def _func_has_sysctl(self, key: str) -> bool:
        """True if this kernel has the key."""
        return self.view.exists(key)

    @signature(TEXT)
    def _func_nonzero(self, key: str) -> bool:
        """True if the value is a number other than 0; false too where there is none."""
        value = self.view.sysctl(key)
        return isinstance(value, int) and value != 0

    @signature(TEXT)
    def _func_persisted(self, key: str) -> int | None:
        """The larger number that the two readers of sysctl files would set; null if no line wins."""
        return max((value for value in self.view.winners(key) if isinstance(value, int)), default=None)

    @signature(TEXT)
    def _func_winners(self, key: str) -> list[Any]:
        """What the readers would set, one or two values; empty where no line wins."""
        return self.view.winners(key)

    @signature(TEXT)
    def _func_winning_lines(self, key: str) -> Json:
        """{reader: {value, file, line}} of the lines that win."""
        lines = {reader: self.view.effective(key, reader) for reader in ("systemd", "procps")}
        return {reader: line for reader, line in lines.items() if line}

    @signature(TEXT)
    def _func_definitions(self, key: str) -> list[Json]:
        """All lines that some reader obeys and all writers: [{by, file, line, value}]."""
        return self.view.definitions(key)

    @signature(TEXT)
    def _func_writers(self, key: str) -> list[Json]:
        """What else sets the key: [{kind, file, line, key, value}]."""
        return self.view.writers(key)

    # -- counters

    @signature(TEXT)
    def _func_counter(self, name: str) -> int | None:
        """A counter since boot ('PAWSPassive', 'Tcp.RetransSegs', 'conntrack.drop'), or null."""
        return self.view.counter(name)

    @signature(TEXT)
    def _func_delta(self, name: str) -> int | None:
        """Its rise in the measured window; null without one."""
        return self.view.delta(name)

    @signature(TEXT)
    def _func_rises(self, name: str) -> bool:
        """True if it rose in the measured window."""
        return self.view.rises(name)

    @signature()
    def _func_unexplained_drops(self) -> int | None:
        """Rise of ListenDrops that neither PAWSPassive nor ListenOverflows accounts for; null without a window.

        EL6 counts PAWSPassive outside of ListenDrops (2.6.32 tcp_ipv4.c:1316-1362), later kernels inside.
        """
        drops = self.view.delta("ListenDrops")
        if drops is None:
            return None
        passive = 0 if self.view.below("3.10") else self.view.delta("PAWSPassive") or 0
        return max(0, drops - passive - (self.view.delta("ListenOverflows") or 0))

    # -- kernel

    @signature(TEXT)
    def _func_kernel_at_least(self, version: str) -> bool:
        """False for an unknown kernel, as kernel_below is."""
        return self.view.at_least(version)

    @signature(TEXT)
    def _func_kernel_below(self, version: str) -> bool:
        """False for an unknown kernel, as kernel_at_least is."""
        return self.view.below(version)

    @signature(TEXT)
    def _func_kernel_is(self, version: str) -> bool:
        """kernel_is('4.11') holds for 4.11.0 and 4.11.8."""
        return self.view.is_version(version)

    @signature(TEXT)
    def _func_vendor(self, name: str) -> bool:
        """vendor('el8'): the release string names this distribution kernel."""
        return self.view.vendor() == name

    # -- what sysctls mean together

    @signature()
    def _func_usable_ports(self) -> int | None:
        """Local ports: width of ip_local_port_range without the reserved ones in it; null if unknown."""
        return ports.usable(self.view.sysctl(PORT_RANGE), self.view.sysctl(RESERVED_PORTS))

    @signature()
    def _func_unreserved_nodeports(self) -> int | None:
        """NodePorts (30000-32767) inside ip_local_port_range that are not reserved; null if unknown."""
        return ports.unreserved_nodeports(self.view.sysctl(PORT_RANGE), self.view.sysctl(RESERVED_PORTS))

    @signature()
    def _func_tw_buckets_default(self) -> int | None:
        """What this node gave tcp_max_tw_buckets at boot; null where that cannot be told.

        The kernel sets tcp_max_orphans to the same number (tcp_init: half of ehash, a power of two); a file that sets
        tcp_max_orphans makes that useless.
        """
        orphans = self.view.sysctl(MAX_ORPHANS)
        if self.view.definitions(MAX_ORPHANS) or not isinstance(orphans, int):
            return None
        return orphans if orphans > 0 and orphans & (orphans - 1) == 0 else None

    @signature()
    def _func_conntrack_fill(self) -> float | None:
        """Entries over the limit, 0.0 to 1.0; null without conntrack."""
        count, limit = self.view.counter("conntrack.count"), self.view.counter("conntrack.max")
        return round(count / limit, 4) if limit and count is not None else None


def _key(text: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_/:@-]+)+", text):
        raise ValueError("'%s' is no sysctl key like 'net.ipv4.tcp_tw_recycle'" % text)


def _vendor(text: str) -> None:
    if not re.fullmatch(r"[a-z0-9_.-]{1,32}", text):
        raise ValueError("'%s' is no vendor like 'el8'" % text)


_KEYED = (
    "sysctl",
    "sysctl_scope",
    "has_sysctl",
    "nonzero",
    "persisted",
    "winners",
    "winning_lines",
    "definitions",
    "writers",
)
_COUNTED = ("counter", "delta", "rises")
_VERSIONED = ("kernel_at_least", "kernel_below", "kernel_is")
#: Function -> what its one literal argument must be.
LITERALS: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(_KEYED, _key),
    **dict.fromkeys(_COUNTED, split_counter),
    **dict.fromkeys(_VERSIONED, parse_version),
    "vendor": _vendor,
}
#: Function without argument -> the sysctls or counters it looks at.
IMPLIED: Mapping[str, tuple[str, ...]] = {
    "usable_ports": (PORT_RANGE, RESERVED_PORTS),
    "unreserved_nodeports": (PORT_RANGE, RESERVED_PORTS),
    "tw_buckets_default": (TW_BUCKETS, MAX_ORPHANS),
    "unexplained_drops": ("TcpExt.ListenDrops", "TcpExt.ListenOverflows", "TcpExt.PAWSPassive"),
    "conntrack_fill": (),
}
OURS = frozenset(LITERALS) | frozenset(IMPLIED)
#: Conditions made of these alone are the same for every namespace of a node.
_NODE_ONLY = frozenset((*_VERSIONED, "vendor"))


class Expression:
    """A compiled expression and what it looks at."""

    def __init__(self, text: str) -> None:
        """Raises ConditionError: does not parse, unknown function, wrong arguments."""
        self.text = text
        try:
            self.ast: Ast = jmespath.compile(text).parsed
        except JMESPathError as exc:
            raise ConditionError("not JMESPath: %s" % " ".join(str(exc).split())) from exc
        self.sysctls: set[str] = set()
        self.counters: set[str] = set()
        for node in _walk(self.ast):
            if node["type"] == "function_expression":
                self._check_call(node)
        #: The part that depends on the kernel alone; None where there is none.
        self.gate = _gate(self.ast)

    def _check_call(self, node: Ast) -> None:
        name, arguments = node["value"], node["children"]
        table = Conditions.FUNCTION_TABLE
        if name not in table:
            raise ConditionError("unknown function %s()" % name)
        wanted = table[name]["signature"]
        variadic = bool(wanted) and wanted[-1].get("variadic")
        if len(arguments) != len(wanted) and not (variadic and len(arguments) > len(wanted)):
            raise ConditionError("%s() takes %d argument(s), got %d" % (name, len(wanted), len(arguments)))
        if name in LITERALS:
            self._check_literal(name, arguments[0])
        for looked_at in IMPLIED.get(name, ()):
            (self.counters if looked_at.startswith("TcpExt.") else self.sysctls).add(looked_at)

    def _check_literal(self, name: str, argument: Ast) -> None:
        value = argument["value"] if argument["type"] == "literal" else None
        if not isinstance(value, str):
            raise ConditionError("%s() takes a literal text, such as %s('...')" % (name, name))
        try:
            LITERALS[name](value)
        except ValueError as exc:
            raise ConditionError("%s(): %s" % (name, exc)) from exc
        if name in _KEYED:
            self.sysctls.add(value)
        elif name in _COUNTED:
            self.counters.add("%s.%s" % split_counter(value))


class Evaluator:
    """Evaluates expressions over a view's data; `strict` visits both sides of && and ||, to find mistakes at load."""

    def __init__(self, view: View, strict: bool = False) -> None:
        self._conditions = Conditions(view)
        self._interpreter = (_Strict if strict else TreeInterpreter)(Options(custom_functions=self._conditions))

    def value(self, ast: Ast, view: View, data: Json) -> Any:
        """Raises ConditionError where a function gets what it cannot take."""
        self._conditions.view = view
        try:
            return self._interpreter.visit(ast, data)
        except (JMESPathError, ValueError, TypeError, AttributeError) as exc:
            raise ConditionError(" ".join(str(exc).split())) from exc


class _Strict(TreeInterpreter):
    def visit_and_expression(self, node: Ast, value: Any) -> Any:
        left, right = (self.visit(child, value) for child in node["children"])
        return left if _is_false(left) else right

    def visit_or_expression(self, node: Ast, value: Any) -> Any:
        left, right = (self.visit(child, value) for child in node["children"])
        return right if _is_false(left) else left


def _is_false(value: Any) -> bool:
    """JMESPath: null, false and what is empty; 0 is true."""
    return value is None or value is False or value in ("", [], {})


def _walk(ast: Any) -> Iterator[Ast]:
    if isinstance(ast, dict) and "type" in ast:
        yield ast
        for child in ast["children"]:
            yield from _walk(child)


def _gate(ast: Ast) -> Ast | None:
    """The conjuncts at the top that ask about the kernel alone, as one expression."""
    gate: Ast | None = None
    for part in _conjuncts(ast):
        if _about_kernel(part):
            gate = part if gate is None else {"type": "and_expression", "children": [gate, part]}
    return gate


def _conjuncts(ast: Ast) -> Iterator[Ast]:
    if ast["type"] == "and_expression":
        for child in ast["children"]:
            yield from _conjuncts(child)
    else:
        yield ast


def _about_kernel(ast: Ast) -> bool:
    kinds = {node["type"] for node in _walk(ast)}
    calls = {node["value"] for node in _walk(ast) if node["type"] == "function_expression"}
    allowed = {"function_expression", "literal", "not_expression", "or_expression", "and_expression"}
    return bool(calls) and calls <= _NODE_ONLY and kinds <= allowed
