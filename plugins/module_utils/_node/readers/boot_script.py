# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script that loads sysctl files where systemd does not boot the system: which files it gives to sysctl, in order.

The script of the tree is read. Where the tree shows such a system without its script, the one that its release came
with counts:

- initscripts (RHEL, CentOS, Oracle Linux and Scientific Linux 5 and 6, Amazon Linux 1): /etc/sysctl.conf, then all of
  /etc/sysctl.d, whatever the ending (fedora-sysv/initscripts, rhel6-branch rc.d/init.d/functions apply_sysctl()); later
  ones /usr/lib, /run and /etc one after the other without what a later one has too, then sysctl.conf (rhel7-branch);
- runit of Void Linux: one file per base name of /run, /etc, /usr/local/lib and /usr/lib, then sysctl.conf
  (void-linux/void-runit 9c2358e core-services/08-sysctl.sh); until 2019 each directory after the other (5f719f1);
- Alpine Linux: /lib and /usr/lib without what /etc and /run have too, /etc, sysctl.conf, /run (aports
  main/openrc/sysctl.initd);
- upstart of Ubuntu: the files named in /etc/init/procps.conf.

A script that runs `sysctl --system` (OpenRC, Debian, Slackware) is procps, which is modelled anyway.
"""

from __future__ import absolute_import, division, print_function

from ..errors import Unreadable, shown
from .sysctl_files import by_name
from .sysctl_places import LAST

__metaclass__ = type

SCRIPT = 'script that loads sysctl files'  # in `unavailable`
NOT_MODELLED = 'systemd does not boot this system: how it loads sysctl files is not modelled'
SCRIPTS = ('/etc/rc.d/rc.sysinit', '/etc/rc.sysinit', '/etc/runit/core-services/08-sysctl.sh', '/etc/init/procps.conf',
           '/etc/init.d/sysctl', '/etc/init.d/boot.sysctl', '/etc/init.d/procps', '/etc/rc.d/rc.S')
FUNCTIONS = ('/etc/rc.d/init.d/functions', '/etc/init.d/functions')
OTHERS = ('/etc/inittab', '/etc/runit', '/etc/s6', '/etc/dinit.d', '/etc/slackware-version')  # signs of other systems
RELEASE_FILES = ('/etc/os-release', '/etc/system-release', '/etc/redhat-release')
COPIES = ('~', '.bak', '.orig', '.rpmnew', '.rpmorig', '.rpmsave')  # is_ignored_file() of initscripts
_PLACE = r'(?:/etc|/run|/usr/local/lib|/usr/lib|/lib)/sysctl\.d'
_MARKS = (r'(?P<merge>vsysctl\.d)|(?P<loop>\bfor\s)|(?P<unless>%s)/"?\$\{|(?P<suffixed>%s)/\*\.conf|(?P<all>%s)/\*'
          r'|(?P<file>/etc/sysctl\.conf)' % (_PLACE, _PLACE, _PLACE))


class Step(object):
    """What a script loads in one go: the files of directories whose names end so, or (ending None) a file itself.

    Of directories the files come by directory and name; merged: one of each name, by name. A file is left out if one of
    the directories `unless` has its name too.
    """

    def __init__(self, paths, ending='.conf', unless=(), merged=False):
        self.paths, self.ending, self.unless, self.merged = paths, ending, unless, merged

    def files(self, files):
        """The Files in order, without hidden ones and the copies that editors and package managers leave."""
        if self.ending is None:
            return [files.at(path) for path in self.paths]
        found = [file for path in self.paths for file in files.inside(path, self.ending)
                 if file.name[:1] != '.' and not file.name.endswith(COPIES)]
        if self.merged:
            return by_name(file for file in found if file.exists)
        return [file for file in found if file.is_file and not any(
            files.at('%s/%s' % (path, file.name)).is_file for path in self.unless)]


def _last():
    return Step((LAST,), None)


EL6 = (_last(), Step(('/etc/sysctl.d',), ''))
VOID = (Step(('/run/sysctl.d', '/etc/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d'), merged=True), _last())
ALPINE = (Step(('/lib/sysctl.d', '/usr/lib/sysctl.d'), unless=('/etc/sysctl.d', '/run/sysctl.d')),
          Step(('/etc/sysctl.d',), unless=('/run/sysctl.d',)), _last(), Step(('/run/sysctl.d',)))
RELEASES = (('\nID=void\n', VOID), ('\nID=alpine\n', ALPINE), ('Amazon Linux AMI', EL6), (' release 5', EL6),
            (' release 6', EL6))


def loads(files, release):
    """[File] in the order in which the script gives them to sysctl, None where procps does it or nothing is known.

    files: sysctl_files.Files of a tree that systemd does not boot; their `unavailable` says where such a system is seen
    and its script is not known. release: of the kernel or None.
    """
    steps = _steps(files, release or '')
    if steps is None:
        return None
    return [file for step in steps for file in step.files(files)]


def _steps(files, release):
    old = '.el5' in release or '.el6' in release or 'amzn1' in release
    texts = [text for text in [_script(files, path) for path in SCRIPTS] if text]
    if old or any('apply_sysctl' in text for text in texts):
        bodies = [_script(files, path).partition('apply_sysctl()')[2].partition('\n}')[0] for path in FUNCTIONS]
        texts = [body for body in bodies if body] + texts
        old = True
    for text in texts:
        if any('sysctl' in line and '--system' in line for line in text.split('\n')):
            return None
        found = steps_of(text)
        if found:
            return found
    if old:
        return EL6
    named = '\n%s\n' % '\n'.join(_text(files, path) for path in RELEASE_FILES).replace('"', '')
    for word, steps in RELEASES:
        if word in named:
            return steps
    if texts or any(files.exists(path) and 'systemd' not in _text(files, path) for path in OTHERS):
        files.unavailable[SCRIPT] = NOT_MODELLED
    return None


def steps_of(text):
    """[Step] of a script without comments, as far as it names files and directories of sysctl settings."""
    import re  # costs more than the rest of this look, and most systems boot with systemd
    steps, loop = [], 0
    for mark in re.finditer(_MARKS, text):
        kind, path = mark.lastgroup, mark.group(mark.lastgroup)
        if kind == 'loop':
            loop = len(steps)
        elif kind == 'unless':
            for step in steps[loop:]:
                step.unless += (path,)
        elif kind == 'merge':
            paths = [each for step in steps for each in step.paths]
            steps = [Step(tuple(paths), merged=True)]
        elif kind != 'file':
            steps.append(Step((path,), '.conf' if kind == 'suffixed' else ''))
        elif not any(step.ending is None for step in steps):
            steps.append(_last())
    return steps


def _script(files, path):
    """The text of a script without its comments, '' where there is none or it cannot be read."""
    return '\n'.join(line for line in _text(files, path).split('\n') if line.strip()[:1] != '#')


def _text(files, path):
    try:
        return files.tree.read(path) or ''
    except Unreadable as exc:
        if not exc.reason.startswith('is a '):
            files.unavailable[shown(path)] = exc.reason
        return ''
