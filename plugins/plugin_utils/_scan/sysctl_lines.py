# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings on the lines of any text: as sysctl files have them, as loose pairs, and in rules of packet filters."""

import re

from ...module_utils._node.parsers import sysctl_conf
from . import templates
from .setting import RANDOM_FULLY, Names, Setting

#: A rule of iptables or nftables that translates sources to random ports, in what stands before a comment.
_RANDOM = re.compile(
    r"""-j["',\s]+(?:MASQUERADE|SNAT)\b.*?(?P<iptables>--random-fully)"""
    r"""|\b(?:masquerade|snat\s+(?:ip6?\s+)?to\s+\S+)\s[\w\s,:-]*?(?P<nft>fully-random)"""
)
_LONGEST = 1000  # characters of a rule


_PAIR = re.compile(r"""^[^#\n]*?(?<![\w./])(?P<key>[\w./]+)["']?\s*(?:=|:)\s*["']?(?P<value>[\w-]+)""")
_NAME = re.compile(r"""^\s*(?:-\s*)?(?:name|key|sysctl)\s*:\s*["']?(?P<key>[\w./]+)["']?\s*$""")
_VALUE = re.compile(r"""^\s*value\s*:\s*["']?(?P<value>[\w-]+)""")


def parse(text: str, names: Names, line: int = 1) -> list[Setting]:
    """The settings of a text in sysctl.conf(5)'s form; `line` is the number of its first line."""
    found = []
    for entry in sysctl_conf.parse(text.encode('utf-8', 'surrogatepass')):
        key = names.key(entry['key'])
        if key and entry['value'] is not None:
            value = templates.known(entry['value'].decode('utf-8', 'replace'))
            found.append(Setting(key, value, line + entry['line'] - 1))
    return found


def random_ports(text: str) -> list[Setting]:
    """The rules of a packet filter in any text, where they ask for random ports."""
    found = []
    for number, row in enumerate(text.split('\n') if 'random' in text else (), 1):
        rule = _RANDOM.search(row.partition('#')[0][:_LONGEST]) if 'random' in row else None
        if rule:
            found.append(Setting(RANDOM_FULLY, rule[str(rule.lastgroup)], number))
    return found


def loose(text: str, names: Names, line: int = 1) -> list[Setting]:
    """Pairs of a sysctl's name and a value on one line, or on two that follow each other.

    For texts that no parser reads: templates of YAML, files that are broken.
    """
    found = []
    rows = text.split('\n')
    for number, row in enumerate(rows):
        named = _NAME.match(row)
        pair = _VALUE.match(rows[number + 1]) if named and number + 1 < len(rows) else None
        key = names.key(named['key']) if named and pair else None
        if not key:
            pair = next((each for each in _PAIR.finditer(row) if names.key(each['key'])), None)
            key = names.key(pair['key']) if pair else None
        if key and pair:
            found.append(Setting(key, templates.known(pair['value']), line + number))
    return found
