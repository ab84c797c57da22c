# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words for what a look did not see (_judge/sight.py): they stand beside the class wherever a report names it."""

from collections.abc import Sequence

from .._messages import language
from .._shapes.report import Host
from .._shapes.verdict import Unseen

_NAMED = 3


def verdict(host: Host, tongue: str = 'en') -> str:
    """What a report calls a host: "clean", "unreachable" or "clean (282 of 289 processes not seen: run with -b)"."""
    words, missing = language.words(tongue), phrase(host, tongue)
    name = words[host['verdict'] if host['status'] == 'ok' else host['status']]
    return words['partly'].format(verdict=name, unseen=missing) if missing else name


def phrase(host: Host, tongue: str = 'en') -> str:
    """What was not seen of the host, and what helps: "282 of 289 processes not seen: run with -b"; or nothing."""
    gaps: Sequence[Unseen] = host['unseen']
    if not gaps:
        return ''
    words = language.words(tongue)
    parts = [_part(gap, words) for gap in gaps[:_NAMED]]
    parts += [words['others'].format(count=len(gaps) - _NAMED)] if len(gaps) > _NAMED else []
    text = words['unseen'].format(parts=words['listed'].join(parts))
    cures = dict.fromkeys(words['cure_%s' % gap['cure']] for gap in gaps if gap['cure'])
    return words['cured'].format(unseen=text, cure=words['joint'].join(cures)) if cures else text


def _part(gap: Unseen, words: dict[str, str]) -> str:
    """One part, with how many of how many where that is known."""
    number, of = gap['number'], gap['of']
    name = 'unseen_%s' % gap['part']
    kind = '' if number is None else '_one' if (number, of) == (1, None) else '_number'
    text = words.get(name + kind, words[name])
    return words[name] if '{of}' in text and of is None else text.format(number=number, of=of)
