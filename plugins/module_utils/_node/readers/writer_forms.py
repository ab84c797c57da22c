# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How files of each form of the table (writer_places) are read: FORMS is {form: function(engine, paths)}.

The paths are those of one row that may set a key, in their order.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from ..parsers.shell_syntax import foreign
from ..parsers.sysctl_conf import PROCPS, SYSTEMD, canonical

# What the firewalls whose settings are variables do with them: {(file's name, variable, value): (key, value)}.
VARIABLES = {('shorewall.conf', 'IP_FORWARDING', 'on'): ('net.ipv4.ip_forward', '1'),
             ('shorewall.conf', 'IP_FORWARDING', 'off'): ('net.ipv4.ip_forward', '0')}
APF = {'SYSCTL_TCP': {'1': (('net.ipv4.tcp_timestamps', '0'), ('net.ipv4.tcp_fin_timeout', '30'))},
       'SYSCTL_SYN': {'1': (('net.ipv4.tcp_max_syn_backlog', '2048'),)},
       'SYSCTL_SYNCOOKIES': {'1': (('net.ipv4.tcp_syncookies', '1'),), '0': (('net.ipv4.tcp_syncookies', '0'),)},
       'SYSCTL_OVERFLOW': {'1': (('net.ipv4.tcp_abort_on_overflow', '1'),),
                           '0': (('net.ipv4.tcp_abort_on_overflow', '0'),)},
       'SYSCTL_ROUTE': {'1': (('net.ipv4.ip_forward', '0'),), '0': (('net.ipv4.ip_forward', '1'),)}}


def script(engine, path, arguments=None):
    """A script by its path, whatever link leads to it."""
    real = engine.entries.find.tree.resolve(path)
    text = engine.text(path)
    if foreign(text):
        engine.foreign(text, (real, 1))
        return
    call = ()
    if '/etc/runlevels/' in path or 'openrc-run' in text[:64] or 'runscript' in text[:64]:
        call = ('start_pre', 'start', 'start_post')
    engine.run(text, real, arguments=arguments, call=call)


def scripts(engine, paths):
    for path in paths:
        script(engine, path)


def boot_scripts(engine, paths):
    for path in paths:
        script(engine, path, ['start'])


def shell_texts(engine, paths):
    """Files that a shell reads; they need not be executable."""
    for path in paths:
        engine.run(engine.text(path), path)


def command_lines(engine, paths):
    """The line of the running kernel counts where no configuration of a boot loader is to be seen."""
    from ..parsers import kernel_arguments
    if engine.entries.version is not None and engine.entries.version[:2] < [5, 8]:
        return
    loader = any(engine.files.exists(place) for place in (
        '/boot/grub/grub.cfg', '/boot/grub2/grub.cfg', '/boot/loader/entries', '/boot/cmdline.txt', '/boot/extlinux'))
    for path in paths:
        if path == '/proc/cmdline' and loader:
            continue
        # What the next configuration of the boot loader is made from comes with the next kernel.
        engine.entries.when = 'event' if loader and path.startswith('/etc/') else 'boot'
        for number, key, value in kernel_arguments.command_line(engine.text(path)):
            engine.entries.setting(key, value, (path, number))


def credential(engine, paths):
    """Lines that systemd-sysctl reads after all files, where its unit asks for them (systemd 252 and later): of the
    first place that has them (systemd 252 src/core/execute.c, load_credential()).
    """
    units = ''.join(engine.text(place + 'systemd-sysctl.service') for place in (
        '/etc/systemd/system/', '/usr/lib/systemd/system/', '/lib/systemd/system/'))
    if 'Credential=sysctl.' in units:
        engine.load(engine.lines(paths[0]), SYSTEMD, '', False)


def tmpfiles(engine, paths):
    """Files are made first, then `w` lines in their order; a line that says other than the first for its path is
    ignored, unless it is `w+` (tried with systemd-tmpfiles 252). `f` leaves what is there.

    Nothing orders systemd-tmpfiles-setup.service against systemd-sysctl.service: of a key that sysctl files set too,
    either may have the last word, which an event says.
    """
    from ..parsers import init_jobs
    lines = [(path, line) for path in paths for line in init_jobs.tmpfiles(engine.text(path))]
    first, written = {}, set()
    for path, (number, kind, target, value) in sorted(lines, key=lambda each: each[1][1][0] not in 'fF'):
        place = (kind[0] in 'fF', target)
        writes = value and (kind[0] == 'w' or (kind in ('f+', 'F') and '*' not in target))
        counts = kind == 'w+' or (first.setdefault(place, value) == value and place not in written)
        if target.startswith('/proc/sys/') and counts and writes:
            written.add(place)
            engine.entries.when = 'event' if engine.entries.in_files(canonical(target[10:]), '/') else 'boot'
            engine.entries.setting(target[10:], value, (path, number))


def ufw(engine, paths):
    """The file that `ufw-init` loads with sysctl -p, while ufw is enabled."""
    path = assigned(engine.text('/etc/default/ufw')).get('IPT_SYSCTL', '/etc/ufw/sysctl.conf')
    if assigned(engine.text(paths[0])).get('ENABLED', '').lower() == 'yes' and path:
        if path != '/etc/ufw/sysctl.conf':
            engine.entries.place = ('/etc/default/ufw', None)
        engine.load(engine.lines(path) or [], PROCPS, '', False)


def assigned(text):
    """{name: value} of a file of shell assignments, quotes taken off."""
    found = {}
    for line in text.split('\n'):
        name, equals, value = line.strip().partition('=')
        if equals and name[:1] != '#':
            found[name.strip().replace('export ', '')] = value.partition(' #')[0].strip().strip('"\'')
    return found


def apf(engine, paths):
    """sysctl.rules with the variables of conf.apf; without that file what version 9.7 does."""
    for path in paths:
        rules = path.rpartition('/')[0] + '/sysctl.rules'
        if engine.files.exists(rules):
            engine.run(engine.text(rules), rules, variables=assigned(engine.text(path)))
            continue
        for number, line in enumerate(engine.text(path).split('\n'), 1):
            for name, value in assigned(line).items():
                for key, setting in APF.get(name, {}).get(value, ()):
                    if key in engine.keys:
                        engine.entries.add(key, setting, (path, number))


def ktune(engine, paths):
    """The service of RHEL 5 and 6 (tuned 0.2.19, ktune/ktune.init): its files, the script beside each, SYSCTL_POST."""
    links = [name for place in ('/etc/rc.d/rc3.d', '/etc/rc.d/rc5.d') for name in engine.files.names(place)]
    if links and not any(name[:1] == 'S' and name.endswith('ktune') for name in links):
        return
    config = '/etc/sysconfig/ktune'
    text = engine.text(config)
    settings = assigned(text or 'SYSCTL=/etc/sysctl.ktune')
    for path in paths:
        named = path == '/etc/sysctl.ktune'
        if settings.get('SYSCTL') != path if named else settings.get('USE_KTUNE_D') == 'no':
            continue
        if not path.endswith('.sh'):
            engine.load(engine.lines(path) or [], PROCPS, '', False)
        elif engine.files.executable(path):
            script(engine, path, ['start'])
    for number, line in enumerate(text.split('\n'), 1):
        files = assigned(line).get('SYSCTL_POST')
        if files:
            engine.run('for f in %s; do sysctl -e -p "$f"; done' % files, config, number)


def variables(engine, paths):
    for path in paths:
        name, text = path.rpartition('/')[2], engine.text(path)
        if assigned(text).get('STARTUP_ENABLED', 'yes').lower() != 'yes':
            continue
        for number, line in enumerate(text.split('\n'), 1):
            for variable, value in assigned(line).items():
                setting = VARIABLES.get((name, variable, value.lower()))
                if setting and setting[0] in engine.keys:
                    engine.entries.add(setting[0], setting[1], (path, number))


def networkd(engine, paths):
    """IPForward= of a network (until systemd 255), IPv4Forwarding= of networkd.conf (from 256), IPMasquerade=."""
    from ..parsers import ini
    for path in paths:
        for section, number, name, value in ini.sections(engine.text(path)):
            on = value.lower() in ('yes', 'true', 'on', '1', 'ipv4', 'both')
            whole = path.startswith('/etc/systemd/networkd.conf')
            if 'net.ipv4.ip_forward' not in engine.keys or section != 'Network':
                continue
            if (whole and name == 'IPv4Forwarding') or (on and not whole and name in ('IPForward', 'IPMasquerade')):
                engine.entries.add('net.ipv4.ip_forward', '1' if on else '0', (path, number))


def interfaces(engine, paths):
    """All files that the first one names, directly or not; in a tree without it those of interfaces.d."""
    from ..parsers import init_jobs
    waiting, seen, automatic, commands = ['/etc/network/interfaces'], [], set(), []
    if not engine.files.exists(waiting[0]):
        waiting = list(paths)
    while waiting:
        path = waiting.pop(0)
        if path in seen or len(seen) > 200:
            continue
        seen.append(path)
        names, found, sources = init_jobs.interfaces(engine.text(path))
        automatic.update(names)
        commands += [(path, command) for command in found]
        for word, named in sources:
            pattern = (named if named.startswith('/') else '/etc/network/' + named).rstrip('/')
            whole = word == 'source-directory' or named.endswith('/')
            waiting += engine.files.paths(pattern + '/%' if whole else pattern)
    for path, (number, name, word, command) in commands:
        engine.run(command, path, number, when='boot' if name in automatic and word in init_jobs.UP else 'event',
                   variables={'IFACE': name})


def upstart(engine, paths):
    """Not where systemd is the init: packages leave these files there."""
    from ..parsers import init_jobs
    files = engine.files
    if 'systemd' in (files.link('/sbin/init') or '') or files.exists('/run/systemd/system'):
        return
    for path in paths:
        override = engine.text(path[:-5] + '.override')
        name = path.rpartition('/')[2]
        if name == 'procps.conf' or name == 'rc-sysinit.conf':
            continue
        environment, jobs = init_jobs.upstart(engine.text(path) + '\n' + override)
        for number, when, text in jobs:
            engine.run(text, path, number, when=when, variables=environment)


def commands(name):
    """A form whose parser in init_jobs gives [(line, when, shell text)]."""
    def read(engine, paths):
        from ..parsers import init_jobs
        for path in paths:
            for number, when, text in getattr(init_jobs, name)(engine.text(path)):
                engine.run(text, path, number, when=when)
    return read


def udev(engine, paths):
    from ..parsers import udev_rules
    for path in paths:
        for number, what, value in udev_rules.rules(engine.text(path)):
            if what == 'setting':
                engine.entries.setting(value[0], value[1] if '\0' not in value[1] else None, (path, number))
            elif value:
                if '/' not in value[0]:
                    value[0] = '/lib/udev/' + value[0] if engine.files.exists('/lib/udev/' + value[0]) else value[0]
                engine.run(value, path, number)


def crontabs(engine, paths, with_user=True):
    from ..parsers import init_jobs
    for path in paths:
        owner = None if with_user else path.rpartition('/')[2]
        environment, jobs = init_jobs.crontab(engine.text(path), with_user)
        for number, when, user, command in jobs:
            if (owner or user) == 'root' or 'sudo' in command or 'doas' in command:
                engine.run(command, path, number, when=when, variables=environment)


def user_crontabs(engine, paths):
    crontabs(engine, [path for path in paths if not os.path.basename(path).startswith('tmp.')], False)


def cloud_init(engine, paths):
    from . import writer_cloud
    writer_cloud.read(engine)


def pods(engine, paths):
    from . import writer_pods
    writer_pods.manifests(engine, paths)


def runtime(engine, paths):
    from . import writer_pods
    writer_pods.defaults(engine, paths)


def kubelet(engine, paths):
    from ..parsers import kubelet_options
    for path in paths:
        for number, pattern in kubelet_options.unsafe_sysctls(engine.text(path)):
            for key in sorted(engine.keys):
                if key == pattern or (pattern.endswith('*') and key.startswith(pattern[:-1])):
                    engine.entries.add(key, None, (path, number))


FORMS = {'script': scripts, 'rc.local': boot_scripts, 'init-script': boot_scripts, 'shell': shell_texts,
         'command-line': command_lines, 'credential': credential, 'tmpfiles': tmpfiles, 'ufw': ufw, 'apf': apf,
         'variables': variables,
         'ktune': ktune, 'networkd': networkd, 'interfaces': interfaces, 'upstart': upstart,
         'inittab': commands('inittab'), 'modprobe': commands('modprobe'), 'anacrontab': commands('anacrontab'),
         'udev': udev, 'crontab': crontabs, 'user-crontab': user_crontabs, 'cloud-init': cloud_init, 'pods': pods,
         'runtime': runtime, 'kubelet': kubelet}
