# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""undo.pyz, the node program as one file that a node runs without a controller: undo_program.py is its main part."""

from __future__ import absolute_import, division, print_function

import io
import os

from . import undo_program

__metaclass__ = type


def program():
    """The bytes of a zip file that Python runs: this node program, for the undo that happens without a controller."""
    import zipfile  # only with commit-confirm
    package, room, _name = undo_program.__name__.rsplit('.', 2)
    out = io.BytesIO()
    archive = zipfile.ZipFile(out, 'w')
    for name, (is_package, text) in sorted(_sources(package).items()):
        path = name.replace('.', '/') + ('/__init__.py' if is_package else '.py')
        archive.writestr(zipfile.ZipInfo(path), text.encode('utf-8'))
    main = 'from %s.%s import undo_program\nundo_program.run_here()\n' % (package, room)
    archive.writestr(zipfile.ZipInfo('__main__.py'), main.encode('ascii'))
    archive.close()
    return out.getvalue()


def _sources(package):
    """{module: (is a package, source)}: what the importer of the node program was given, or the package's files."""
    given = getattr(globals().get('__loader__'), 'sources', None)
    if given:
        return given
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = {}
    for place, _directories, names in os.walk(home):
        inside = [package] + [part for part in os.path.relpath(place, home).split(os.sep) if part != '.']
        for name in names:
            if name.endswith('.py'):
                with io.open(os.path.join(place, name), encoding='utf-8') as handle:
                    stem = [] if name == '__init__.py' else [name[:-3]]
                    found['.'.join(inside + stem)] = (not stem, handle.read())
    return found
