# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commit-confirm on the node: a program that undoes a part by itself, a timer for it, and a hook for the next boot.

With systemd the hook is a service that multi-user.target wants, and a timer, which a boot forgets, starts the same
service. Without it the timer is a detached process and the hook an @reboot line in /etc/cron.d (crontab(5)). The hook's
files are items of the part.

The service runs before systemd-sysctl, so that this boot reads the files as they were before the change. That needs the
store on the root file system or on a local one: a mount over the network waits for units that wait for systemd-sysctl.
There, and with cron, the files have been read when the hook runs, and the running values stay until the next boot.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import posixpath
import re
import signal
import sys

from ..errors import Failed, Refused, shown
from ..readers import procfs
from ..readers.tree import Tree
from .deadline import PROGRAM
from .files import NEW_FILE, missing

WATCHDOG = 'watchdog.json'
SYSTEMD = '/run/systemd/system'
UNITS = '/etc/systemd/system'
WANTED = UNITS + '/multi-user.target.d'
CRON = '/etc/cron.d'
_PLAIN = re.compile(r'^[A-Za-z0-9._/+-]+$')
# IgnoreOnIsolate: `systemctl isolate` and the rescue mode stop everything else that the target does not want.
# Type=forking: whoever starts it, as a boot, waits for the first try alone, see undo_program.
_UNIT = """[Unit]
Description=Undo of nodetcp.paws change set %(name)s, which nobody confirmed
RequiresMountsFor=%(home)s %(python)s
%(order)sConditionPathExists=%(home)s/undo.pyz
IgnoreOnIsolate=yes

[Service]
Type=forking
ExecStart=%(command)s boot
TimeoutStartSec=60
Restart=on-abnormal
"""
# OnActiveSec does not count the time that a node sleeps (systemd.timer(5)). OnClockChange fires when it wakes up, and
# also when somebody sets the clock: the service then waits for the rest. systemd before 242 passes over such a line.
_TIMER = """[Unit]
Description=Time until the undo of nodetcp.paws change set %(name)s
DefaultDependencies=no
Conflicts=shutdown.target
Before=shutdown.target
IgnoreOnIsolate=yes

[Timer]
OnActiveSec=%(seconds)ds
OnClockChange=yes
AccuracySec=1s
"""
_EARLY = """DefaultDependencies=no
Conflicts=shutdown.target
After=systemd-remount-fs.service
Before=systemd-sysctl.service network-pre.target shutdown.target
"""
_LATE = 'After=local-fs.target systemd-sysctl.service\n'
_LOCAL = ('/run/systemd/generator/local-fs.target.requires/', '/run/systemd/generator/local-fs.target.wants/')
_WANTS = '[Unit]\nWants=%s\n'
_CRON = """# Undo of nodetcp.paws change set %(name)s, should the node boot before anybody confirmed it
@reboot root %(command)s boot
"""


def hooks(tree, store, name):
    """The items that let the node undo the part `name` if it boots before the confirmation. Raises Refused."""
    home = '%s/change-sets/%s' % (store.state_dir, name)
    words = _command(tree, home)
    command = ' '.join(words)
    if not all(_PLAIN.match(word) for word in command.split()) or ' ' in home:
        raise Refused('confirm_timeout: blanks or quotes in %s' % command)
    known = {'name': name, 'home': home, 'command': command, 'python': words[0]}
    label = _label(name)
    if tree.exists(SYSTEMD):
        known['order'] = _EARLY if _local(tree, home) and _local(tree, shown(tree.resolve(words[0]))) else _LATE
        texts = [('%s/%s.service' % (UNITS, label), _UNIT % known),
                 ('%s/%s.conf' % (WANTED, label), _WANTS % (label + '.service'))]
    elif tree.exists(CRON):
        texts = [('%s/%s' % (CRON, label), _CRON % known)]
    else:
        raise Refused('confirm_timeout: this node has neither systemd nor %s to undo a change at its next boot' % CRON)
    items, made = [], []
    for path, text in texts:
        needed = [part for part in missing(tree, posixpath.dirname(path)) if part not in made]
        made += needed
        items += [{'kind': 'directory', 'path': part, 'hook': True} for part in needed]
        items.append({'kind': 'file', 'path': path, 'data': text.encode('ascii'), 'before': None, 'before_meta': None,
                      'meta': dict(NEW_FILE), 'hook': True})
    return items


def _local(tree, path):
    """Whether the path is there at a boot before the network is: no mount above it but those of local-fs.target."""
    while path != '/':
        here, above = tree.stat(path), tree.stat(posixpath.dirname(path))
        if here and here.st_dev != above.st_dev:
            name = '-'.join(re.sub('[^A-Za-z0-9:_.]', lambda char: '\\x%02x' % ord(char.group()), part)
                            for part in path.strip('/').split('/'))
            if not any(tree.lstat(place + name + '.mount') for place in _LOCAL):
                return False
        path = posixpath.dirname(path)
    return True


def _command(tree, home):
    return [sys.executable or os.readlink('/proc/self/exe'), '-Es', tree.root.rstrip('/') + home + '/' + PROGRAM]


def start(tree, part):
    """Starts the timer of a recorded part. Raises Failed."""
    seconds = part.record['confirm']['timeout']
    command = _command(tree, part.home[len(tree.real('/').rstrip(b'/')):].decode('ascii'))
    if tree.root == '/' and tree.exists(SYSTEMD):
        if _start_timer(part, seconds):
            return
        _stop_timer(part)
    pid = _detached(command + ['watch', '%r' % seconds])
    try:
        part.note(WATCHDOG, {'pid': pid, 'start': procfs.start_time(Tree('/'), pid)})
    except OSError as exc:
        raise Failed('%s of %s' % (WATCHDOG, part.name), exc)


def _start_timer(part, seconds):
    """Whether systemd has the timer now. It reads the unit of the hook with it, which `systemctl isolate` wants."""
    try:
        with open(_timer(part), 'wb') as unit:
            unit.write((_TIMER % {'name': part.name, 'seconds': seconds}).encode('ascii'))
    except EnvironmentError:
        return False
    return _ran(['systemctl', 'daemon-reload']) and _ran(['systemctl', 'start', _label(part.name) + '.timer'])


def _stop_timer(part):
    """And the service, which may wait for the lock of whoever calls this, and would be lost at the daemon-reload."""
    _ran(['systemctl', 'stop', _label(part.name) + '.timer', _label(part.name) + '.service'])
    _unlink(_timer(part))
    _ran(['systemctl', 'daemon-reload'])


def disarm(part, itself=False):
    """Stops the timer of a part whose hook is gone and removes the program, best effort: it finds nothing to do.

    itself: a service of systemd calls this; one that is about to start would count as failed were its unit read anew.
    """
    try:
        watchdog = part.read_note(WATCHDOG)
    except Failed:
        watchdog = {}
    if watchdog:
        _end(watchdog)
    elif watchdog is None and part.record['root'] == '/' and os.path.isdir(SYSTEMD):
        if itself:
            _unlink(_timer(part))
        else:
            _stop_timer(part)
    _unlink(part.path(PROGRAM))


def _end(watchdog):
    if watchdog['pid'] != os.getpid() and watchdog['start'] is not None and \
            procfs.start_time(Tree('/'), watchdog['pid']) == watchdog['start']:
        try:
            os.kill(watchdog['pid'], signal.SIGTERM)
        except OSError:
            pass


def _label(name):
    return 'nodetcp-paws-undo-' + re.sub('[^A-Za-z0-9]', '-', name)


def _timer(part):
    return '%s/%s.timer' % (SYSTEMD, _label(part.name))


def _unlink(path):
    try:
        os.unlink(path)
    except OSError:
        pass


def _ran(command):
    """Whether the command ended well; it reads and says nothing."""
    child = os.fork()
    if child == 0:
        try:
            _silence()
            os.execvp(command[0], command)  # noqa: S606  a shell would only quote
        finally:
            os._exit(127)
    return os.waitpid(child, 0)[1] == 0


def _detached(command):
    """The pid of a process that runs the command in a session of its own, outliving this one."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            grandchild = os.fork()
            if grandchild:
                os.write(writing, ('%d' % grandchild).encode('ascii'))
                os._exit(0)
            os.chdir('/')
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            _silence()
            os.closerange(3, 4096)
            os.execv(command[0], command)  # noqa: S606  a shell would only quote
        finally:
            os._exit(127)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, 'rb') as answer:
        text = answer.read(20)
    if not text:
        raise Failed('confirm_timeout', 'the process that would undo the change did not start')
    return int(text)


def _silence():
    null = os.open('/dev/null', os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
