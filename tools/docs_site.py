# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the documentation site: the pages of docs/, and one for each module, role and callback by antsibull-docs.

    .venv-docs/bin/python -m tools.docs_site [DIRECTORY]        build/docs if none is given

Any warning ends it with status 1. Nothing is fetched. The pages are written for reading in the repository, so links
that leave docs/ are turned into links to the page of a role, or to the repository.
"""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
DOCS = CHECKOUT / 'docs'
REPOSITORY = 'https://github.com/nodetcp/paws/blob/main/'
# Furo shows the contents of each page beside it.
CONTENTS = re.compile(r'^\.\. contents::\n(?:   .*\n)*', re.MULTILINE)
#: A section that is nothing but a list of pages.
LISTED = re.compile(r'^## [^\n]+\n\n(?:- \[[^\n]+\]\([^\n]+\)\n)+\n*', re.MULTILINE)
LINK = re.compile(r'(\]\()([^)\s]+)(\))')
ROLE = re.compile(r'roles/(\w+)/README\.md')


def leads(link: str, page: str) -> str:
    """Where a link of this page (its path below docs/) leads on the site."""
    target, mark, anchor = link.partition('#')
    if not target or '://' in target:
        return link
    place = posixpath.normpath(posixpath.join('docs', posixpath.dirname(page), target))
    role = ROLE.fullmatch(place)
    if role:
        return '/reference/%s_role.rst' % role[1]
    if place.startswith('docs/') and place.endswith(('.md', '.svg')):
        return link
    return REPOSITORY + place + mark + anchor


def staged(source: Path) -> None:
    """Put the pages, the pictures and the configuration into a new directory."""
    for place in sorted(DOCS.rglob('*')):
        name = place.relative_to(DOCS).as_posix()
        if place.suffix not in ('.md', '.svg'):
            continue
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        if place.suffix == '.svg':
            shutil.copy(place, source / name)
            continue
        text = place.read_text(encoding='utf-8')
        text = LINK.sub(lambda found, name=name: found[1] + leads(found[2], name) + found[3], text)
        if name == 'index.md':
            text = opening(text) + contents(text)
        (source / name).write_text(text, encoding='utf-8')
    shutil.copy(CHECKOUT / 'tools' / 'docs_conf.py', source / 'conf.py')
    (source / '_static').mkdir()
    shutil.copy(CHECKOUT / 'tools' / 'docs_site.css', source / '_static')


def without_contents(reference: Path) -> None:
    """Take the lists of contents out of the pages that antsibull-docs has written."""
    for place in sorted(reference.glob('*.rst')):
        place.write_text(CONTENTS.sub('', place.read_text(encoding='utf-8')), encoding='utf-8')


def opening(index: str) -> str:
    """The index page without its lists of pages: on the site they stand beside it."""
    return LISTED.sub('', index)


def contents(index: str) -> str:
    """The tree of pages: the lists of the index page, section by section, and the reference."""
    trees = []
    for section in re.split(r'^## ', index, flags=re.MULTILINE)[1:]:
        pages = re.findall(r'^- \[[^\]]*\]\(([^)]+)\.md\)', section, flags=re.MULTILINE)
        trees.append((section.splitlines()[0], pages))
    trees.append(('Modules, roles, callback', ['reference/index']))
    return ''.join(
        '\n```{toctree}\n:hidden:\n:caption: %s\n\n%s\n```\n' % (caption, '\n'.join(pages)) for caption, pages in trees
    )


def build(target: Path) -> int:
    """The exit status of the first step that fails, else 0."""
    programs = Path(sys.executable).parent
    source = CHECKOUT / 'build' / 'docs-source'
    for place in (source, target):
        shutil.rmtree(place, ignore_errors=True)
    (source / 'reference').mkdir(parents=True)
    staged(source)
    environment = {
        **os.environ,
        'PATH': '%s:%s' % (programs, os.environ.get('PATH', os.defpath)),
        'ANSIBLE_COLLECTIONS_PATH': str(CHECKOUT / 'playbooks' / 'collections'),
    }
    reference = [
        str(programs / 'antsibull-docs'),
        'collection',
        '--use-current',
        '--fail-on-error',
        '--squash-hierarchy',
    ]
    reference += ['--dest-dir', str(source / 'reference'), 'nodetcp.paws']
    pages = [sys.executable, '-m', 'sphinx', '-q', '-W', '--keep-going', '-E', '-b', 'html', str(source), str(target)]
    if _run(reference, environment):
        return 1
    without_contents(source / 'reference')
    if _run(pages, environment):
        return 1
    sys.stdout.write('%s/index.html\n' % target)
    return 0


def _run(command: list[str], environment: dict[str, str]) -> int:
    return subprocess.run(command, cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == '__main__':
    sys.exit(build(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else CHECKOUT / 'build' / 'docs'))
