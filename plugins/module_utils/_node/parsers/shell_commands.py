# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands of scripts that set sysctls, run other commands, or belong to the shell itself.

COMMANDS is {name: function(shell, arguments) -> status}, True or False where it is known, else None; with those of
shell_files.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from . import shell_files, sysctl_command
from .glob import NotUnderstood, glob_match
from .natural import natural
from .shell_expand import UNKNOWN, known

# Programs that run the command behind them: (options with a value, further words before the command).
RUNNERS = {'sudo': ('u g h p C r t U', 0), 'doas': ('u C', 0), 'nohup': ('', 0), 'command': ('', 0), 'builtin': ('', 0),
           'time': ('f o', 0), 'setsid': ('', 0), 'stdbuf': ('i o e', 0), 'nice': ('n', 0), 'ionice': ('c n p', 0),
           'timeout': ('s k', 1), 'chrt': ('', 1), 'taskset': ('', 1), 'env': ('u', 0), 'busybox': ('', 0),
           'flock': ('w E', 1), 'systemd-run': ('p', 0), 'exec': ('a', 0), 'systemd-cat': ('t p', 0), 'chroot': ('', 1),
           'daemon': ('', 0), 'screen': ('S dmS', 0), 'action': ('', 1), 'ocf_run': ('', 0)}
SERVICES = ('procps', 'systemd-sysctl', 'sysctl', 'boot.sysctl')
STARTS = ('start', 'restart', 'reload', 'force-reload', 'try-restart', 'reload-or-restart')
ROOT = ('root', '0', '#0', UNKNOWN)


# -- sysctls

def sysctl(shell, arguments):
    maybe = shell.maybe > 0
    for what, text, pattern in sysctl_command.actions([word for word in arguments if word != UNKNOWN]):
        key, _equals, value = text.partition('=')
        if what == 'load':
            for path in shell.names(text) if '*' in text or '?' in text else [shell.path(text)]:
                shell.outside.load(shell.lines(path), 'procps', pattern, maybe)
        elif what == 'system':
            shell.outside.reload('procps', [], pattern, maybe)
        elif key.strip() and known(key) and not pattern:
            shell.setting(key.strip(), value.strip())
            if not sysctl_command.silent(arguments):
                shell.print_text('%s = %s' % (key.strip(), value.strip()))


def systemd_sysctl(shell, arguments):
    names = [word for word in arguments if not word.startswith('-')]
    for name in names:
        path = name if '/' in name else '/etc/sysctl.d/' + name
        shell.outside.load(shell.lines(path), 'systemd', '', shell.maybe > 0)
    prefixes = [word.partition('=')[2] for word in arguments if word.startswith('--prefix=')]
    of_keys = [prefix for prefix in prefixes if known(prefix)]
    if not names and (of_keys or not prefixes):
        shell.outside.reload('systemd', of_keys, '', shell.maybe > 0)


def service(shell, arguments):
    """systemctl, service, initctl, rc-service ...: starting the reader of sysctl files is reading them again."""
    names = [word.partition('.service')[0] for word in arguments]
    if any(name in STARTS for name in names) and any(name in SERVICES for name in names):
        reader = 'systemd' if 'systemd-sysctl' in names else 'procps'
        shell.outside.reload(reader, [], '', shell.maybe > 0)


# -- running other commands

def runner(name):
    """sudo, env, nice ... run the command behind them; an account that is not root's sets nothing."""
    def run(shell, arguments):
        waiting, words = list(arguments), RUNNERS[name][1]
        while waiting:
            word = waiting[0]
            if word.startswith('-') and len(word) > 1:
                del waiting[0]
                value = waiting.pop(0) if word[1:] in RUNNERS[name][0].split() and waiting else ''
                if word == '-c' and name == 'flock':
                    return sh(shell, [word] + waiting)
                if word == '-u' and name in ('sudo', 'doas') and value not in ROOT:
                    return None
            elif '=' in word and name in ('sudo', 'env'):
                variable, _equals, text = waiting.pop(0).partition('=')
                shell.variables[variable] = text
                shell.exported.add(variable)
            elif words or (word == UNKNOWN and len(waiting) > 1):
                del waiting[0]
                words -= word != UNKNOWN
            else:
                break
        return shell.program(waiting) if waiting else True
    return run


def exec_(shell, arguments):
    if arguments:
        runner('exec')(shell, arguments)
        shell.leave('exit')
    return True


def sh(shell, arguments):
    """sh, bash ...: `-c TEXT`, a script, or what comes in."""
    waiting, has_text = list(arguments), False
    while waiting and waiting[0][:1] in ('-', '+') and len(waiting[0]) > 1:
        word = waiting.pop(0)
        if word in ('-o', '+o', '-O', '+O') and waiting:
            del waiting[0]
        has_text = has_text or (word[0] == '-' and word[1] != '-' and 'c' in word)
    if has_text:
        if waiting and known(waiting[0]):
            kept = shell.arguments, shell.name
            shell.arguments, shell.name = waiting[2:], (waiting[1:2] or ['sh'])[0]
            shell.apart(lambda: shell.script(waiting[0], shell.file, shell.line))
            shell.arguments, shell.name = kept
    elif waiting:
        shell.start(waiting[0] if '/' in waiting[0] else './' + waiting[0], waiting[1:])
    else:
        lines, shell.input = shell.input, []
        for line, origin in lines:
            if known(line):
                shell.apart(lambda line=line, origin=origin: shell.script(line, *origin))


def at(shell, arguments):
    """What comes in runs later."""
    sh(shell, [])


def su(shell, arguments):
    """su [-] [root] -c TEXT"""
    texts = [after for word, after in zip(arguments, arguments[1:]) if word in ('-c', '--command')]
    texts += [word[10:] for word in arguments if word.startswith('--command=')]
    if texts and all(word.startswith('-') or word in texts + ['root'] for word in arguments):
        sh(shell, ['-c', texts[0]])


def eval_(shell, arguments):
    text = ' '.join(arguments)
    if known(text):
        shell.script(text, shell.file, shell.line)


def source(shell, arguments):
    if arguments:
        shell.source(arguments[0], arguments[1:])


def nsenter(shell, arguments):
    """nsenter -t 1 ... COMMAND, in a container that shares the node's processes: it runs on the node."""
    words = [word for word in arguments if word != '--']
    if any(one + two in ('-t1', '--target1') for one, two in zip(words, words[1:])) or '--target=1' in words:
        while words and (words[0].startswith('-') or words[0] == '1'):
            del words[0]
        if words:
            shell.command(words)


def xargs(shell, arguments):
    waiting, replaced = list(arguments), None
    while waiting and waiting[0].startswith('-'):
        word = waiting.pop(0)
        value = waiting.pop(0) if word in ('-I', '-n', '-P', '-L', '-d') and waiting else word[2:]
        replaced = value if word[:2] == '-I' else replaced
    lines, shell.input = [text for text, _origin in shell.input], []
    if not waiting:
        return
    if replaced:
        for line in lines:
            shell.command([word.replace(replaced, line) for word in waiting])
    else:
        shell.command(waiting + [word for line in lines for word in line.split()])


def process(shell, arguments):
    """The last line of a script of a TuneD profile, where its library is not there to say it."""
    if arguments and arguments[0] in shell.functions:
        shell.call(arguments[0], arguments[1:])


def cloud_init_per(shell, arguments):
    """cloud-init-per always|instance|once NAME COMMAND...: the last two leave a file behind (cloud-init 23.4)."""
    if len(arguments) > 2:
        name = 'sem/bootper.%s.%s' % (arguments[1].replace('-', '_'), arguments[0])
        done = [place + name for place in ('/var/lib/cloud/', '/var/lib/cloud/instance/')]
        if arguments[0] == 'always' or not any(shell.outside.lines(path) is not None for path in done):
            shell.command(arguments[2:])


def other_language(shell, arguments):
    """python, perl ...: -c or -e TEXT, or a file."""
    texts = [after for word, after in zip(arguments, arguments[1:]) if word in ('-c', '-e')]
    names = shell_files.names_of(arguments)
    if texts:
        shell.outside.foreign(texts[0], (shell.file, shell.line))
    elif names and known(names[0]):
        lines = shell.outside.lines(shell.path(names[0])) or []
        shell.outside.foreign('\n'.join(text for text, _origin in lines), (shell.path(names[0]), 1))


def perl(shell, arguments):
    """perl -pi -e 's/a/b/' FILE is an extended sed."""
    letters = ''.join(word[1:] for word in arguments if word[:1] == '-' and word[1:2] != '-')
    if 'i' in letters and 'e' in letters and 'p' in letters:
        shell_files.sed(shell, ['-E', '-i', '-e'] + shell_files.names_of(arguments))
    else:
        other_language(shell, arguments)


# -- the shell's own

def bracket(shell, arguments):
    return test(arguments[:-1] if arguments[-1:] == [']'] else arguments, False)


def test(words, double):
    """How test(1), or [[ where `double`, ends where its words are known and it asks for no file; else None."""
    if words[:1] == ['!'] and len(words) > 1:
        status = test(words[1:], double)
        return None if status is None else not status
    for joint, any_is_enough in (('||', True), ('-o', True), ('&&', False), ('-a', False)):
        if joint in words[1:-1]:
            place = words.index(joint, 1)
            both = test(words[:place], double), test(words[place + 1:], double)
            if any_is_enough in both:
                return any_is_enough
            return None if None in both else not any_is_enough
    if not all(known(word) for word in words) or len(words) > 3:
        return None
    if len(words) == 2:
        return bool(words[1]) == (words[0] == '-n') if words[0] in ('-n', '-z') else None
    return _compared(words[0], words[1], words[2], double) if len(words) == 3 else bool(words and words[0])


def _compared(left, operator, right, double):
    try:
        if operator in ('=', '==', '!='):
            return (glob_match(right, left) if double else left == right) == (operator != '!=')
        one, two = int(left), int(right)
    except (NotUnderstood, ValueError):
        return None
    return {'-eq': one == two, '-ne': one != two, '-lt': one < two, '-le': one <= two, '-gt': one > two,
            '-ge': one >= two}.get(operator)


def cd(shell, arguments):
    names = [word for word in arguments if not word.startswith('-')]
    shell.directory = shell.path(names[0]) if names else '/root'
    return True


def set_(shell, arguments):
    if '--' in arguments:
        shell.arguments = arguments[arguments.index('--') + 1:]
    elif arguments and arguments[0][:1] not in ('-', '+'):
        shell.arguments = arguments
    return True


def shift(shell, arguments):
    count = natural(''.join(arguments[:1]))
    count = 1 if count is None else count
    shell.arguments = shell.arguments and shell.arguments[count:]
    return True


def read(shell, arguments):
    names = [word for word in arguments if not word.startswith('-')] or ['REPLY']
    if not shell.input:
        shell.variables.update((name, '') for name in names)
        return False
    text = shell.input[0][0]
    del shell.input[0]
    shell.read += 1
    separators = shell.value('IFS')
    if separators and separators.strip() and known(text):
        for char in separators:
            text = text.replace(char, separators[0])
        words = text.split(separators[0], len(names) - 1)
    else:
        words = text.split(None, len(names) - 1)
    rest = '' if known(text) else UNKNOWN
    shell.variables.update((name, words[number] if number < len(words) else rest) for number, name in enumerate(names))
    return True


def unset(shell, arguments):
    for name in arguments:
        if not name.startswith('-'):
            shell.variables[name] = ''
            shell.functions.pop(name, None)
    return True


def leaves(what):
    def leave(shell, arguments):
        shell.leave(what)
        return arguments[:1] in ([], ['0'])
    return leave


def ends(status):
    return lambda shell, arguments: status


COMMANDS = dict(shell_files.COMMANDS, **dict((_name, runner(_name)) for _name in RUNNERS))
COMMANDS.update(dict.fromkeys(('python', 'python2', 'python3', 'ruby', 'php'), other_language))
COMMANDS.update({
    'sysctl': sysctl, 'systemd-sysctl': systemd_sysctl, 'exec': exec_, 'su': su, 'runuser': su, 'eval': eval_,
    '.': source, 'source': source, 'nsenter': nsenter, 'xargs': xargs, 'process': process, 'at': at,
    'cloud-init-per': cloud_init_per, 'perl': perl, '[': bracket, 'test': bracket, 'cd': cd,
    'pushd': cd, 'set': set_, 'shift': shift, 'read': read, 'unset': unset, 'exit': leaves('exit'),
    'return': leaves('return'), 'break': leaves('break'), 'continue': leaves('continue'), 'true': ends(True),
    ':': ends(True), 'false': ends(False)})
for _name in ('systemctl', 'service', 'initctl', 'invoke-rc.d', 'rc-service', 'start', 'restart'):
    COMMANDS[_name] = service
for _name in ('sh', 'bash', 'dash', 'ash', 'ksh', 'zsh'):
    COMMANDS[_name] = sh
