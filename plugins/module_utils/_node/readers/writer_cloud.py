# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cloud-init runs: at each boot, or once while the instance has not booted yet (cloud-init 22.4).

bootcmd and boot hooks run at each boot, runcmd, write_files and user scripts once for an instance, unless the lists of
modules say otherwise: `[scripts-user, always]`. An instance that has booted has semaphores, or boot-finished.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Malformed
from ..parsers import user_data
from ..parsers.shell_syntax import foreign
from ..parsers.yaml_subset import Scalar, documents
from .writer_engine import is_system

INSTANCE = '/var/lib/cloud/instance/'
STAGES = ('cloud_init_modules', 'cloud_config_modules', 'cloud_final_modules')
ONCE = {'per-instance': 'scripts_per_instance', 'per-once': 'scripts_per_once', 'vendor': 'scripts_vendor'}


def read(engine):
    if engine.files.exists('/etc/cloud/cloud-init.disabled'):
        return
    cloud = _Cloud(engine)
    for path in engine.files.paths('/etc/cloud/cloud.cfg') + engine.files.paths('/etc/cloud/cloud.cfg.d/*.cfg'):
        cloud.config(engine.text(path), path, 1)
    data = INSTANCE + 'user-data.txt'
    seeds = [path for name in ('vendor', 'user') for path in engine.files.paths('/var/lib/cloud/seed/*/%s-data' % name)]
    for path in [INSTANCE + 'vendor-data.txt'] + ([data] if engine.files.data(data) else seeds):
        for part in user_data.parts(engine.files.data(path)):
            cloud.part(path, *part)
    if not engine.files.data(data):
        cloud.config(engine.text(INSTANCE + 'cloud-config.txt'), INSTANCE + 'cloud-config.txt', 1)
    cloud.run()


class _Cloud(object):
    """settings: {name: (node, path)}, the last file that has a name counts; scripts: {kind: [(text, path, line)]}."""

    def __init__(self, engine):
        self.engine, self.settings, self.scripts, self.frequency = engine, {}, {}, {}

    def config(self, text, path, line):
        try:
            found = documents('\n' * (line - 1) + text) if text.strip() else []
        except Malformed as exc:
            self.engine.entries.find.unavailable[path] = 'not understood: %s' % exc
            return
        for node in found:
            for name, value in node.items() if isinstance(node, dict) else ():
                self.settings[name] = (value, path)

    def part(self, path, kind, line, text):
        if kind == 'config':
            self.config(text, path, line)
        elif kind == 'archive':
            for inner, number, content in user_data.archive(text, line):
                self.part(path, inner, number, content)
        else:
            self.scripts.setdefault(kind, []).append((text, path, line))

    def node(self, name):
        return self.settings.get(name, (None, ''))[0]

    def when(self, module):
        """'boot', 'once', or None for a module that has run for this instance."""
        for stage in STAGES:
            for item in self.node(stage) or () if isinstance(self.node(stage), list) else ():
                if isinstance(item, list) and len(item) > 1 and str(item[0]).replace('-', '_') == module:
                    return 'boot' if item[1] == 'always' else self._left(module)
        return self._left(module)

    def _left(self, module):
        exists = self.engine.files.exists
        if module == 'scripts_per_once':
            return None if exists('/var/lib/cloud/sem/config_scripts_per_once.once') else 'once'
        ran = exists(INSTANCE + 'boot-finished') or exists(INSTANCE + 'sem/config_' + module)
        return None if ran else 'once'

    def run(self):
        """In the order of cloud-init's stages."""
        for text, path, line in self.scripts.get('boothook', ()):
            self.text(text, path, line, 'boot')
        self.commands('bootcmd', 'boot')
        self.write_files(self.when('write_files'))
        for kind in ('vendor', 'per-once', 'per-boot', 'per-instance'):
            when = self.when(ONCE[kind]) if kind in ONCE else 'boot'
            for path in self.engine.files.paths('/var/lib/cloud/scripts/%s/*' % kind):
                self.text(self.engine.text(path), path, 1, when)
            for text, path, line in self.scripts.get(kind, ()):
                self.text(text, path, line, when)
        for text, path, line in self.scripts.get('handler', ()):
            self.text('#!python\n' + text, path, line - 1, 'boot')
        self.user_scripts(self.when('scripts_user'))

    def user_scripts(self, when):
        """What a cloud-config calls runcmd is such a script too, made once."""
        for text, path, line in self.scripts.get('script', ()):
            self.text(text, path, line, when)
        made = when == 'boot' and self.engine.files.exists(INSTANCE + 'scripts/runcmd')
        self.commands('runcmd', 'boot' if made else when and self.when('runcmd') and when)
        if when == 'boot' and not self.scripts.get('script'):
            for path in self.engine.files.paths(INSTANCE + 'scripts/*'):
                if not path.endswith('/runcmd') or not self.node('runcmd'):
                    self.text(self.engine.text(path), path, 1, when)

    def text(self, text, path, line, when):
        if when is None:
            return
        if foreign(text):
            self.engine.entries.when = when
            self.engine.foreign(text, (path, line))
        else:
            self.engine.run(text, path, line, when=when)

    def commands(self, name, when):
        """A list of shell lines, or of commands that are lists of words."""
        node, path = self.settings.get(name, (None, ''))
        if when is None or not isinstance(node, list):
            return
        for item in node:
            words = item if isinstance(item, list) else [item]
            words = [word for word in words if isinstance(word, Scalar)]
            if words:
                self.engine.run(list(words) if isinstance(item, list) else item, path, words[0].line, when=when)

    def write_files(self, when):
        """Text keeps its lines; what is encoded stands in one line here, and in lines of its own in a script."""
        node, path = self.settings.get('write_files', (None, ''))
        for item in node if when and isinstance(node, list) else ():
            fields = item if isinstance(item, dict) else {}
            target, content = fields.get('path'), fields.get('content')
            if isinstance(target, Scalar) and isinstance(content, Scalar):
                text = user_data.decoded(content, item.get('encoding') or '')
                origin = (path, content.line)
                if text != content and not is_system(target):
                    origin = (target, 1)
                lines = [(line, (origin[0], origin[1] + (number if text == content or origin[0] == target else 0)))
                         for number, line in enumerate(text.split('\n'))]
                self.engine.entries.when = when
                self.engine.write(target, lines, item.get('append') == 'true', False)
