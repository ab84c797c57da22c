# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""explain.json, and what is printed: the statements of each text, what cannot be told, and what to run."""

from typing import Any

from ...module_utils._node.parsers.netstat_text import HIDDEN
from .._messages import catalogue
from .._messages.message import Message, message
from .._messages.telling import all_words
from .._packets import handshakes
from .._shapes.explain import Explained, ExplainedText, ScopeTold
from .._text.escape import terminal
from .namespaces import GONE, Namespace, interval, is_delta, namespaces
from .reading import Reading
from .statements import conclude, statement_of

Json = dict[str, Any]
SCHEMA = 1
MIXED, UNREADABLE = 'mixed', 'unreadable'


def entry(found: Reading) -> ExplainedText:
    """The entry of one text; `sentences` and `unknown` are messages until they are told."""
    conclusion = conclude(found)
    spaces = namespaces(found)
    first = max(spaces, key=lambda space: space.state('PAWSPassive')[1], default=None)
    pair = first.pair() if first else None
    deltas = [is_delta(sample) for sample in found.samples]
    return {
        'source': terminal(found.source, 1000),
        'form': _form(found),
        'forms': found.forms,
        'kernel': found.release,
        'counters': _counters(first) if first else {},
        'counters_before': pair[0].counters if pair else None,
        'interval_s': interval(found),
        'sysctls': _sysctls(found),
        'files': found.files,
        'conntrack': found.conntrack or None,
        'listen': {port: list(each) for port, each in found.listen.items()},
        'states': found.states,
        'scopes': _scopes(found, spaces),
        'cut32': found.negative,
        'is_delta': _agreed(deltas),
        'packets': handshakes.described(found.capture) if found.capture else None,
        'verdict': found.verdict,
        'says': [statement_of(each) for each in conclusion.says],
        'sentences': conclusion.says,
        'cannot_tell': [statement_of(each) for each in conclusion.gaps],
        'unknown': conclusion.gaps,
        'ask': conclusion.ask,
    }


def document(entries: list[ExplainedText], left_out: list[Message]) -> Explained:
    """The whole: one entry for each text, and what was not looked at."""
    return {'schema': SCHEMA, 'texts': entries, 'left_out': left_out}


def render(told: Explained, language: str) -> str:
    """The document, told, as people read it in that language."""
    lines: list[str] = []
    for each in told['texts']:
        title = message('explain/title', source=each['source'], form=message_of_form(each['form']))
        lines += [_in(language, title), *('  ' + terminal(one, 1000) for one in all_words(language, each, 'sentences'))]
        if each['verdict']:
            lines.append('  ' + _in(language, message('explain/verdict', verdict=each['verdict']['class'])))
        lines += ['  ? ' + terminal(one, 1000) for one in all_words(language, each, 'unknown')]
        if each['ask']:
            lines.append('  ' + _in(language, message('explain/run')))
        lines += ['    ' + command for command in each['ask']]
        lines.append('')
    lines += [terminal(one, 1000) for one in all_words(language, told, 'left_out')]
    return '\n'.join(lines).rstrip('\n') + '\n'


def message_of_form(form: str) -> Message | str:
    """The name of a form in words, where it is no program's own."""
    named = {
        MIXED: message('explain/form_mixed'),
        UNREADABLE: message('explain/form_unreadable'),
        'netstat_s_translated': message('explain/form_translated'),
        'not_linux': message('explain/form_not_linux'),
        'kernel_log': message('explain/form_kernel_log'),
        'sockets': message('explain/form_sockets'),
        'sysctl_conf': message('explain/form_sysctl_conf'),
        'capture': message('explain/form_capture'),
        'filter': message('explain/form_filter'),
        'error': message('explain/form_error'),
    }
    return named.get(form, form.replace('_s', ' -s') if form in ('netstat_s', 'ss_s') else form)


def _in(language: str, said: Message) -> str:
    return terminal(catalogue.told(language, said), 1200)


def _form(found: Reading) -> str:
    if found.problem and found.problem not in ('translated', 'table', 'json'):
        return UNREADABLE
    forms = [form for form in found.forms if form != 'release'] or found.forms
    return (forms or [UNREADABLE])[0] if len(forms) < 2 else MIXED


def _counters(space: Namespace) -> dict[str, int | None]:
    """All counters; None where the text shows that the kernel has none of that name."""
    gone: dict[str, int | None] = {name: None for name, _first, _last in HIDDEN if space.state(name)[0] == GONE}
    return {**gone, **space.counters()}


def _sysctls(found: Reading) -> dict[str, str | None]:
    """Running values, the host's where it and a container were asked."""
    result: dict[str, str | None] = {}
    for _scope, values in found.by_scope():
        for key, value in values.items():
            result.setdefault(key, value)
    return result


def _scopes(found: Reading, spaces: list[Namespace]) -> dict[str, ScopeTold]:
    """What is known of the host and of containers apart, where the text says which is which."""
    result: dict[str, ScopeTold] = {}
    for space in spaces:
        if space.kind:
            result.setdefault(space.kind, {'counters': {}, 'sysctls': {}})['counters'].update(_counters(space))
    for (kind, _name), values in found.sysctls.items():
        if kind:
            result.setdefault(kind, {'counters': {}, 'sysctls': {}})['sysctls'].update(values)
    return result


def _agreed(deltas: list[bool | None]) -> bool | None:
    return deltas[0] if deltas and len(set(deltas)) == 1 else (False if deltas and None not in deltas else None)
