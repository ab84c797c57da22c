# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which form a file has, by its name and how it begins, and what it sets."""

import bisect
import functools
import re

from ...module_utils._node.parsers.shell_syntax import foreign
from .._text.values import words
from . import braces, content, lines, shell, sysctl_lines, templates, yaml_tree
from .setting import Names, Setting
from .tokens import LANGUAGES

#: Documentation, pages, data of other programs, and languages in which a setting is the program's own affair.
_SILENT = frozenset(
    words(
        'md markdown rst adoc asciidoc txt text html htm xhtml xml svg css scss less js mjs ts tsx jsx py pyi '
        'ipynb go c h cc cpp hpp rs java kt scala swift cs php pl pm lua r m sql csv tsv log patch diff po pot '
        'lock sum map tex bib prf png jpg gif pdf gz zip tar xz bz2 so o a whl jar feature'
    )
)
_TEMPLATES = frozenset(
    words(
        'j2 jinja jinja2 erb epp tmpl tpl tftpl in template templates gotmpl gtpl dist sample example default orig bak'
    )
)
_BY_ENDING = {
    **dict.fromkeys(['yml', 'yaml', 'sls', 'json', 'jsonc', 'eyaml', 'webapp'], 'yaml'),
    **dict.fromkeys(['tf', 'hcl', 'tfvars', 'nomad'], 'hcl'),
    **dict.fromkeys(['rb', 'rake', 'gemspec'], 'ruby'),
    **dict.fromkeys(words('sh bash ksh zsh ash dash run postinst preinst install'), 'shell'),
    **dict.fromkeys(words('service timer mount socket path target container pod kube ini inventory'), 'sections'),
    **dict.fromkeys(['ks', 'kickstart', 'preseed', 'seed'], 'kickstart'),
    'pp': 'puppet',
    'nix': 'nix',
    'toml': 'toml',
    'groovy': 'groovy',
    'mk': 'makefile',
    'dockerfile': 'dockerfile',
}
_BY_NAME = (
    (re.compile(r'(?:.*\.)?(?:Docker|Container)file(?:[.-].*)?'), 'dockerfile'),
    (re.compile(r'Vagrantfile.*|Berksfile|Rakefile'), 'ruby'),
    (re.compile(r'Jenkinsfile.*'), 'groovy'),
    (re.compile(r'(?:GNU)?[Mm]akefile(?:\..*)?'), 'makefile'),
    (re.compile(r'(?:audit|scan|diagnose|plan)\.(?:json|sarif)'), 'silent'),  # reports of this collection
    (re.compile(r'argument_specs\.ya?ml|(?:.*[._-])?schema\.(?:json|ya?ml)'), 'silent'),  # they describe values
    (re.compile(r'.*_spec\.rb|.*goss.*\.ya?ml|inspec\.yml'), 'silent'),
    (re.compile(r'tuned\.conf'), 'sections'),
    (re.compile(r'.*\bpreseed\b.*'), 'kickstart'),
)
_UNIT = re.compile(r'^\[(?:Service|Unit|sysctl|main|all:vars)\]', re.MULTILINE)
_SCRIPTED = re.compile(r'^%post\b|^d-i\s', re.MULTILINE)
_SHELL = re.compile(
    r'^[ \t]*(?:echo\s|sysctl\s+-\w|if\s+\[|for\s+\w+\s+in\s|cat\s+<<|cat\s+>|\w+\s+/proc/sys/)|>\s*/proc/sys/',
    re.MULTILINE,
)
_PARSERS: dict[str, content.Parser] = {
    **{language: braces.parser(language) for language in LANGUAGES},
    'shell': shell.parse,
    'sections': lines.sections,
    'kickstart': lines.kickstart,
    'makefile': lines.makefile,
    'dockerfile': lines.dockerfile,
    'sysctl': sysctl_lines.parse,
}


#: What is looked for in all lines of a file: what people write has fewer keys and values.
_SEARCHES = 100


class Unclear(ValueError):
    """A text that its parser cannot read; `found` is what a look at its lines gives all the same."""

    def __init__(self, found: list[Setting], line: str) -> None:
        super().__init__(line)
        self.found = found


def form(path: str, text: str) -> str:
    """The name of the form of a file: one of _PARSERS, yaml, user-data, or silent for what sets nothing."""
    name = path.rpartition('/')[2]
    named = next((kind for pattern, kind in _BY_NAME if pattern.fullmatch(name)), None)
    if named:
        return named
    parts = name.lower().split('.')
    while len(parts) > 1 and parts[-1] in _TEMPLATES:
        del parts[-1]
    ending = parts[-1] if len(parts) > 1 else ''
    if ending in _SILENT and not ('sysctl' in parts[0] and ending in ('txt', 'text')):
        return 'silent'
    if text.startswith(('#cloud-config', 'Content-Type:', 'MIME-Version:', '#cloud-boothook', '## template: jinja')):
        return 'user-data'
    if ending == 'rb' and 'describe kernel_parameter' in text:
        return 'silent'
    return _BY_ENDING.get(ending) or _by_content(text)


def _by_content(text: str) -> str:
    if text.startswith('#!'):
        return 'silent' if foreign(text) else 'shell'
    if _SCRIPTED.search(text):
        return 'kickstart'
    if _UNIT.search(text):
        return 'sections'
    if text.startswith(('---\n', '{{- ', '{{/*', '{{ define', '{{ if')) or re.match(
        r'(?:[ \t\r]*(?:#[^\n]*)?\n)*(?:apiVersion|kind):', text
    ):
        return 'yaml'
    return 'shell' if _SHELL.search(text) else 'sysctl'


def parse(path: str, text: str, names: Names) -> list[Setting]:
    """What a file sets, in its order. Raises Unclear."""
    kind = form(path, text)
    if kind == 'silent':
        return []
    found = _read(kind, text, names) + sysctl_lines.random_ports(text)
    places = Places(text.split('\n'))
    return [places.placed(each) for each in found]


def _read(kind: str, text: str, names: Names) -> list[Setting]:
    if kind in ('user-data', 'yaml'):
        return _yaml(kind, text, names)
    if kind in ('shell', 'dockerfile', 'makefile', 'hcl', 'nix'):  # in Terraform and Nix, braces are their own
        return _PARSERS[kind](text if kind in ('hcl', 'nix') else templates.printed(text), names, 1)
    return _statements(text, names) + _PARSERS[kind](templates.printed(text), names, 1)


def _yaml(kind: str, text: str, names: Names) -> list[Setting]:
    try:
        if kind == 'user-data':
            return content.parse(text, names, 1, yaml_tree.parse)
        return _statements(text, names) + yaml_tree.parse(text, names)
    except yaml_tree.Broken as exc:
        found = _statements(text, names) + sysctl_lines.loose(templates.printed(text), names)
        if templates.is_template(text):
            return found
        raise Unclear(found, str(exc)) from exc


def _statements(text: str, names: Names) -> list[Setting]:
    """Literals in statements of Jinja: `{% for key, value in {'net.ipv4.x': 1}.items() %}`."""
    read = _PARSERS['ruby']
    return [each for line, inner in templates.statements(text) for each in read(inner, names, line)]


class Places:
    """Finds the lines of a file that name a key. What is looked for is remembered: a file may have it in each line."""

    def __init__(self, rows: list[str]) -> None:
        self._rows = rows
        self._lines = functools.cache(self._with)
        self._searches = _SEARCHES

    def placed(self, each: Setting) -> Setting:
        """The setting at the nearest line that names its key, if one does with its value: of a loop, the entry."""
        leaf = each.key.rpartition('.')[2]
        words = (leaf, leaf.removeprefix('tcp_'))
        if each.line <= len(self._rows) and any(word in self._rows[each.line - 1] for word in words):
            return each
        value = re.escape(each.value or '') or 'nothing'
        for pattern in ('%s[^a-z]*%s' % (leaf, value), *(re.escape(word) for word in words)):
            at = self._lines(pattern)
            if at:
                return each._replace(line=at[max(bisect.bisect_right(at, each.line) - 1, 0)])
        return each

    def _with(self, pattern: str) -> list[int]:
        """The numbers of the lines with the pattern that are no comments."""
        self._searches -= 1
        search = re.compile(pattern).search
        rows = enumerate(self._rows if self._searches >= 0 else (), 1)
        return [number for number, row in rows if row.lstrip()[:1] not in ('#', ';') and search(row)]
