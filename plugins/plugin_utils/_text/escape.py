# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make text from nodes harmless, per format.

Node data is hostile until proven otherwise: a container can choose its cgroup path, a file its name. Whatever a reader
could mistake for something else (terminal sequences, bidirectional marks, invisible characters) is shown as an escape.
"""

import html as _html
import re

# C0 and C1 controls, soft hyphen, Arabic letter mark, zero width and bidirectional marks, line and paragraph
# separators, embeddings, isolates, byte order mark, interlinear annotations, lone surrogates, tag characters.
_HIDDEN = re.compile(
    '[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff'
    '\U000e0000-\U000e007f]'
)

_HOST_LIMIT = 80


def visible(text: str) -> str:
    """The text with every character that hides, moves or colours others written as a Python-like escape."""
    return _HIDDEN.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x100:
        return '\\x%02x' % code
    return '\\u%04x' % code if code < 0x10000 else '\\U%08x' % code


def shorten(text: str, limit: int) -> str:
    """At most limit characters; a cut is marked by three dots at the end."""
    return text if len(text) <= limit else text[: max(limit - 3, 0)] + '...'


def terminal(text: str, limit: int = 400) -> str:
    """One line that is safe to print: white space runs become one blank, hidden characters visible, long text cut."""
    return shorten(visible(' '.join(text.split())), limit)


def host(name: str) -> str:
    """The name of a host, safe to print."""
    return terminal(name, _HOST_LIMIT)


def html(text: str) -> str:
    """Text for an HTML element or a quoted attribute."""
    return _html.escape(visible(text), quote=True)
