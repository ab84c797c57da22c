# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random scripts that set sysctls, from a grammar of what the reader of scripts claims to understand.

Each is deterministic: whatever it tests is known from its own text, so a shell and the reader must agree.
"""

from __future__ import annotations

import random

KEYS = (
    'net.ipv4.tcp_fin_timeout',
    'net.ipv4.tcp_rfc1337',
    'net.ipv4.tcp_abort_on_overflow',
    'net.core.somaxconn',
    'net.ipv4.tcp_max_syn_backlog',
    'net.ipv4.tcp_syn_retries',
)
BASHES = ('array', 'braces', 'here_string', 'double_brackets', 'function_word', 'ansi_quotes', 'replaced')


class Writer:
    """Makes one script; `bash`: with what only bash has."""

    def __init__(self, seed: int, bash: bool) -> None:
        self.random = random.Random(seed)
        self.bash = bash
        self.count = 0

    def script(self) -> str:
        return ''.join(self.statement(0) for _each in range(self.random.randint(1, 6)))

    # -- pieces

    def key(self) -> str:
        return self.random.choice(KEYS)

    def value(self) -> str:
        return str(self.random.randint(1, 9))

    def path(self, key: str) -> str:
        return '/proc/sys/' + key.replace('.', '/')

    def name(self) -> str:
        self.count += 1
        return 'v%d' % self.count

    def quoted(self, text: str) -> str:
        """The text in one of the ways in which a shell is told a word."""
        form = self.random.randint(0, 5)
        half = len(text) // 2
        if form == 0:
            return '"%s"' % text
        if form == 1:
            return "'%s'" % text
        if form == 2:
            return '%s"%s"' % (text[:half], text[half:])
        if form == 3:
            return "%s'%s'" % (text[:half], text[half:])
        if form == 4 and half:
            return '%s\\%s' % (text[:half], text[half:])
        return text

    def held(self, text: str) -> tuple[str, str]:
        """(an assignment, a word that stands for the text)."""
        name = self.name()
        word = self.random.choice(['$%s', '${%s}', '"$%s"', '"${%s}"', '${%s:-9}', '"${%s#zz}"', '${%s%%zz}']) % name
        return '%s=%s\n' % (name, self.quoted(text)), word

    def setter(self) -> str:
        """A command that sets a key, and what it needs before it."""
        return getattr(self, 'set_' + self.random.choice(SETTERS))()

    def set_sysctl(self) -> str:
        key, value = self.key(), self.value()
        program = self.random.choice(
            ['sysctl', '/sbin/sysctl', 'command sysctl', 'env sysctl', 'nice -n 5 sysctl', 'env A=b sysctl']
        )
        options = self.random.choice(['', '-w ', '-q -w ', '-qw ', '-e -w ', '-n ', '--write ', '-w -q '])
        form = self.random.randint(0, 5)
        if form == 0:
            before, word = self.held(key)
            return '%s%s %s%s=%s >/dev/null\n' % (before, program, options, word.replace(':-9', ''), value)
        if form == 1:
            before, word = self.held(value)
            return '%s%s %s%s=%s >/dev/null 2>&1\n' % (before, program, options, key, word)
        if form == 2:
            before, word = self.held('%s=%s' % (key, value))
            return '%s%s %s%s >/dev/null\n' % (before, program, options, word)
        if form == 3:
            return '%s %s%s %s=%s > /dev/null\n' % (
                program,
                options,
                self.quoted('%s=%s' % (key, value)),
                self.key(),
                self.value(),
            )
        slashes = key.replace('.', '/') if self.random.random() < 0.3 else key
        return '%s %s%s >/dev/null\n' % (program, options, self.quoted('%s=%s' % (slashes, value)))

    def set_proc(self) -> str:
        key, value = self.key(), self.value()
        path = self.path(key)
        form = self.random.randint(0, 7)
        if form == 0:
            before, word = self.held(path)
            return '%secho %s > %s\n' % (before, value, word)
        if form == 1:
            directory, _slash, leaf = path.rpartition('/')
            before, word = self.held(directory)
            return '%secho %s > %s/%s\n' % (before, value, word.replace(':-9', ''), leaf)
        if form == 2:
            directory, _slash, leaf = path.rpartition('/')
            return '(cd %s && echo %s > %s)\n' % (directory, value, leaf)
        if form == 3:
            return "printf '%%s\\n' %s > %s\n" % (self.quoted(value), path)
        if form == 4:
            return 'echo %s | tee %s %s> /dev/null\n' % (value, path, self.random.choice(['', self.path(key) + ' ']))
        if form == 5:
            return 'echo %s %s %s\n' % (
                self.quoted(value),
                self.random.choice(['>', '>>', '>|', '1>']),
                self.quoted(path),
            )
        if form == 6:
            return '> %s echo %s\n' % (path, value)
        return 'cat > %s <<%s\n%s\n%s\n' % (
            path,
            *self.random.choice([('E', value, 'E'), ("'E'", value, 'E'), ('"E"', value, 'E')]),
        )

    def set_file(self) -> str:
        key, value = self.key(), self.value()
        name = '/run/snippets/%s.conf' % self.name()
        line = '%s%s%s' % (
            key,
            *self.random.choice([('=', value), (' = ', value), (' =', value), (' = ', value + ' # x')]),
        )
        wrote = self.random.choice(
            [
                'echo %s > %s\n' % (self.quoted_line(line), name),
                'cat > %s <<EOF\n# x\n%s\nEOF\n' % (name, line),
                'cat <<-EOF > %s\n\t%s\n\tEOF\n' % (name, line),
                "tee %s >/dev/null <<'EOF'\n%s\n; %s=8\nEOF\n" % (name, line, self.key()),
                "printf '%s\\n' > %s\n" % (line.replace('%', '%%'), name),
                'echo %s >> %s\n' % (self.quoted_line(line), name),
                'echo %s > %s\necho %s >> %s\n' % (self.quoted_line('%s=3' % key), name, self.quoted_line(line), name),
                'echo %s > %s.tmp\nmv %s.tmp %s\n' % (self.quoted_line(line), name, name, name),
                'echo "%s = 1" > %s\nsed -i %s %s\n' % (key, name, self.sed(key, value), name),
            ]
        )
        loads = (
            self.random.choice(['-p %s', '-q -p %s', '--load=%s', '-f %s', '-e -p %s', '-p%s', '%s -p', '--load %s'])
            % name
        )
        if self.random.random() < 0.15:
            return '%scat %s | sysctl -q -p -\n' % (wrote, name)
        return '%ssysctl %s >/dev/null\n' % (wrote, loads)

    def quoted_line(self, line: str) -> str:
        return self.random.choice(['"%s"', "'%s'"]) % line

    def sed(self, key: str, value: str) -> str:
        escaped = key.replace('.', '\\.')
        return "'%s'" % self.random.choice(
            [
                '/^%s/c\\%s = %s' % (escaped, key, value),
                's/^%s.*/%s = %s/' % (escaped, key, value),
                's|\\(%s *= *\\).*|\\1%s|' % (escaped, value),
                '/%s/d;$a %s = %s' % (escaped, key, value),
                's/= 1$/= %s/g' % value,
                '/%s/s/1/%s/' % (key.rpartition('.')[2], value),
                '$a\\%s=%s' % (key, value),
                '1i\\%s=%s' % (key, value),
            ]
        )

    def set_wrapper(self) -> str:
        name = self.name()
        key, value = self.key(), self.value()
        body = self.random.choice(
            [
                'sysctl -q -w "$1=$2"',
                'sysctl -q -w $1="$2"',
                'sysctl -qw "${1}=${2}"',
                'local k="$1" v="$2"; sysctl -q -w "$k=$v"',
                'k=$1; shift; sysctl -q -w "$k=$@"',
            ]
        )
        call = self.random.choice(['%s %s %s\n', '%s %s %s || true\n', 'true && %s %s %s\n', '{ %s %s %s; }\n'])
        return '%s() { %s; }\n' % (name, body) + call % (name, self.quoted(key), self.quoted(value))

    def set_echo_wrapper(self) -> str:
        name, key = self.name(), self.key()
        return '%s()\n{\n  echo $2 > $1\n}\n%s %s %s\n' % (name, name, self.path(key), self.value())

    def set_eval(self) -> str:
        return 'eval "sysctl -q -w %s=%s"\n' % (self.key(), self.value())

    def set_shell(self) -> str:
        return self.random.choice(
            [
                'sh -c "sysctl -q -w %s=%s"\n',
                "sh -c 'sysctl -q -w %s=%s; true'\n",
                "sh -ec 'sysctl -q -w $0=$1' %s %s\n",
            ]
        ) % (self.key(), self.value())

    def set_substitution(self) -> str:
        return self.random.choice(
            [
                'sysctl -q -w %s=$(echo %s)\n',
                'sysctl -q -w %s="`echo %s`"\n',
                'X=$(printf %%s %s); sysctl -q -w $X=%s\n',
                'X=`echo %s | tr . /`; echo %s > /proc/sys/$X\n',
                'X=$(echo "%s" | tr -d net. | tr "46_" "46_"); sysctl -q -w net.$X=%s 2>/dev/null || true\n',
                '$(which sysctl) -q -w %s=%s\n',
            ]
        ) % (self.key(), self.value())

    def set_xargs(self) -> str:
        key, value, name = self.key(), self.value(), '/run/snippets/' + self.name()
        if self.random.random() < 0.4:
            return 'echo %s=%s | xargs sysctl -q -w\n' % (key, value)
        wrote = 'cat > %s <<EOF\n# %s=2\n%s=%s\n%s=7\nEOF\n' % (name, key, key, value, self.key())
        search = self.random.choice(
            [
                "grep -v '^#' %s",
                'grep -h ^n %s',
                "grep -i '^NET[.]IPV4' %s",
                'cat %s | grep -E "^[a-z]+[.]"',
                "egrep -v '(^ *#|7$)' %s",
                'grep -iF NET.IPV4 %s | grep -v "#"',
                "grep '^[[:alpha:]].*=[0-9]\\{1,\\}' %s",
            ]
        )
        search = search.replace('%s', name)
        return wrote + self.random.choice(
            [
                '%s | xargs -n1 sysctl -q -w\n' % search,
                '%s | xargs sysctl -q -w\n' % search,
                'sysctl -q -w $(%s)\n' % search,
                '%s | while read line; do sysctl -q -w "$line"; done\n' % search,
            ]
        )

    def set_array(self) -> str:
        if not self.bash:
            return self.set_sysctl()
        name = self.name()
        items = ' '.join(
            self.quoted_line('%s=%s' % (self.key(), self.value())) for _each in range(self.random.randint(1, 3))
        )
        return self.random.choice(
            [
                '%s=(%s)\nfor i in "${%s[@]}"; do sysctl -q -w "$i"; done\n' % (name, items, name),
                '%s=(%s)\nsysctl -q -w "${%s[@]}"\n' % (name, items, name),
                'declare -A %s\n%s[%s]=%s\nfor k in "${!%s[@]}"; do sysctl -q -w "$k=${%s[$k]}"; done\n'
                % (name, name, self.key(), self.value(), name, name),
                '%s=()\n%s+=(%s)\nsysctl -q -w "${%s[0]}"\n' % (name, name, items, name),
            ]
        )

    def set_braces(self) -> str:
        if not self.bash:
            return self.set_sysctl()
        return self.random.choice(
            [
                'sysctl -q -w net.ipv4.tcp_{rfc1337,abort_on_overflow}=%s\n' % self.value(),
                'for i in net.ipv4.tcp_{fin_timeout,syn_retries}; do sysctl -q -w $i=%s; done\n' % self.value(),
                "while read k v; do sysctl -q -w $k=$v; done <<< '%s %s'\n" % (self.key(), self.value()),
                "sysctl -q -p - <<< '%s = %s'\n" % (self.key(), self.value()),
                'function f1 { sysctl -q -w $1=%s; }\nf1 %s\n' % (self.value(), self.key()),
                'if [[ a == a* && -n x ]]; then sysctl -q -w %s=%s; fi\n' % (self.key(), self.value()),
                "sysctl -q -w $'%s=%s'\n" % (self.key(), self.value()),
                'P=%s\necho %s > /proc/sys/${P//.//}\n' % (self.key(), self.value()),
            ]
        )

    # -- statements

    def statement(self, depth: int) -> str:
        choice = self.random.random()
        if depth > 2 or choice < 0.45:
            return self.setter()
        if choice < 0.6:
            return self.nothing()
        return getattr(self, 'put_' + self.random.choice(COMPOUNDS))(depth + 1)

    def body(self, depth: int) -> str:
        return ''.join(self.statement(depth) for _each in range(self.random.randint(1, 2))) + ':\n'

    def nothing(self) -> str:
        """What only looks like a setting."""
        key, value = self.key(), self.value()
        return self.random.choice(
            [
                '# sysctl -w %s=%s\n',
                'echo "sysctl -w %s=%s" > /dev/null\n',
                'sysctl -w %s = %s 2>/dev/null >&2 || true\n',
                'cat > /dev/null <<EOF\nsysctl -w %s=%s\nEOF\n',
                'true # sysctl -w %s=%s\n',
                ': sysctl -w %s=%s\n',
                'grep -q "%s=%s" /dev/null || true\n',
                'unused%s() { :; }\n' % self.count + 'never%s() { sysctl -w %%s=%%s; }\n' % self.count,
                "X='sysctl -w %s=%s'\n",
                'sysctl -n %s >/dev/null 2>&1; [ "$X" = %s ] || true\n',
                'false && sysctl -w %s=%s\n',
                'true || sysctl -w %s=%s\n',
                'echo %s = %s > /run/snippets/unread\n',
                'sysctl -w %s =%s >/dev/null 2>&1 || true\n',
                'if false; then sysctl -q -w %s=%s; fi\n',
                'for i in; do sysctl -q -w %s=%s; done\n',
                "sed 's/x/y/' /dev/null | grep '%s=%s' || true\n",
                '(exit 0; sysctl -q -w %s=%s)\n',
                'while false; do sysctl -q -w %s=%s; done\n',
            ]
        ) % (key, value)

    def put_if(self, depth: int) -> str:
        yes = self.random.choice(
            ['[ 1 = 1 ]', 'true', '[ "a" != b ]', 'test 3 -gt 2', '[ -n x ]', '! false', '[ x = x -a 1 -eq 1 ]']
        )
        no = self.random.choice(['[ 1 = 2 ]', 'false', '[ -z x ]', 'test 1 -ge 2', '! true', '[ 2 -lt 1 -o a = b ]'])
        return self.random.choice(
            [
                'if %(yes)s; then\n%(body)sfi\n',
                'if %(no)s; then\n%(other)selse\n%(body)sfi\n',
                'if %(no)s; then\n%(other)selif %(yes)s; then\n%(body)selse\n%(other)sfi\n',
                'if %(yes)s\nthen\n%(body)selse\n%(other)sfi\n',
                'if %(no)s; then\n%(other)sfi\n',
            ]
        ) % {'yes': yes, 'no': no, 'body': self.body(depth), 'other': self.body(depth)}

    def put_for(self, depth: int) -> str:
        name = self.name()
        words = ' '.join(self.value() for _each in range(self.random.randint(1, 3)))
        inner = 'sysctl -q -w %s=$%s\n' % (self.key(), name)
        return self.random.choice(['for %s in %s; do\n%s%sdone\n', 'for %s in %s\ndo\n%s%sdone\n']) % (
            name,
            words,
            inner,
            self.body(depth),
        )

    def put_keys(self, _depth: int) -> str:
        keys = self.random.sample(KEYS, 2)
        return 'for k in %s; do sysctl -q -w $k=%s; done\n' % (' '.join(keys), self.value())

    def put_case(self, depth: int) -> str:
        word = self.random.choice(['start', 'stop', 'other'])
        before, held = self.held(word)
        return '%scase %s in\n  start|begin) %s ;;\n  (stop)\n%s ;;\n  oth*)\n%s ;;\n  *) exit 1 ;;\nesac\n' % (
            before,
            held,
            self.setter(),
            self.body(depth),
            self.body(depth),
        )

    def put_subshell(self, depth: int) -> str:
        return '(\n%s)\n' % self.body(depth)

    def put_group(self, depth: int) -> str:
        return '{\n%s} %s\n' % (self.body(depth), self.random.choice(['', '> /dev/null', '2>&1']))

    def put_function(self, depth: int) -> str:
        name = self.name()
        return '%s() {\n%s%s}\n%s\n' % (
            name,
            self.body(depth),
            self.random.choice(['', 'return 0\nsysctl -q -w %s=7\n' % self.key()]),
            name,
        )

    def put_read(self, _depth: int) -> str:
        lines = ''.join('%s %s\n' % (self.key(), self.value()) for _each in range(self.random.randint(1, 3)))
        return (
            self.random.choice(
                [
                    'while read k v; do sysctl -q -w $k=$v; done <<EOF\n%sEOF\n',
                    'cat <<EOF | while read -r k v\n%sEOF\ndo sysctl -q -w "$k=$v"; done\n',
                ]
            )
            % lines
        )

    def put_loaded(self, _depth: int) -> str:
        lines = ''.join('%s = %s\n' % (self.key(), self.value()) for _each in range(self.random.randint(1, 3)))
        return 'sysctl -q -p - <<EOF\n%sEOF\n' % lines

    def put_joined(self, _depth: int) -> str:
        one, two = (self.setter().rstrip('\n') for _each in range(2))
        if '\n' in one or '\n' in two:
            return one + '\n' + two + '\n'
        return self.random.choice(['%s && %s\n', '%s; %s\n', '%s &\nwait\n%s\n', '%s\n\n%s\n']) % (one, two)


SETTERS = (
    *(name[4:] for name in vars(Writer) if name.startswith('set_')),
    *('sysctl', 'proc', 'file', 'wrapper'),  # the commonest
)
COMPOUNDS = tuple(name[4:] for name in vars(Writer) if name.startswith('put_'))
