# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files of a change set may say: types, sizes, and paths that a plan may touch. Pure.

Root alone can write them, but disks break, and people who mend them make mistakes: a damaged record must not lead a
write to another place. Digests tell damage. They are CRC-32, which finds each burst of up to 32 bits; it keeps nobody
out who may write the store, nor would another one, and importing hashlib takes 4 ms of the 24 of a whole change.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import binascii
import posixpath

from ..jsontext import dumps, loads
from ..keys import path_of
from .state_dir import is_id

# Files of packages and of the running system: overridden, never edited.
NOT_OURS = ('/usr/', '/lib/', '/lib64/', '/run/', '/boot/', '/proc/', '/sys/', '/dev/')
TEXT_MAX, NUMBER_MAX = 1 << 22, 1 << 63  # a line of a file of 1 MiB, each byte of it U+FFFD
_INTEGERS, _TEXTS = (int, type(NUMBER_MAX)), (str, type(u''))
_SEAL = ',"digest":"'


def digest(data):
    return '%08x' % (binascii.crc32(data) & 0xffffffff)


def sealed(value):
    """The bytes of a file that says `value` (a mapping that is not empty), with its digest at the end."""
    text = dumps(value)
    return (u'%s%s%s"}' % (text[:-1], _SEAL, digest(text.encode('utf-8')))).encode('utf-8')


def opened(data):
    """The mapping that sealed() was given. Raises ValueError; a file of 0.2.0 has no digest."""
    text = data.decode('utf-8')
    body, seal, end = text.rpartition(_SEAL)
    if seal and end != digest((body + u'}').encode('utf-8')) + '"}':
        raise ValueError('it is damaged: its digest is another')
    try:
        value = loads(text)
    except RuntimeError:
        raise ValueError('it is nested too deep')
    if not isinstance(value, dict):
        raise ValueError('it is not a mapping')
    if not seal and ('digests' in value or 'digest' in value):
        raise ValueError('it is damaged: its digest is lost')
    value.pop('digest', None)
    return value


def _text(value):
    try:
        return isinstance(value, _TEXTS) and len(value.encode('utf-8')) <= TEXT_MAX
    except UnicodeError:  # half of a surrogate pair
        return False


def _number(value):
    return isinstance(value, _INTEGERS + (float,)) and not isinstance(value, bool) and 0 <= value < NUMBER_MAX


def _integer(value):
    return _number(value) and not isinstance(value, float)


def _up_to(most):
    return lambda value: _integer(value) and value <= most


def _or_none(check):
    return lambda value: value is None or check(value)


def _word(*words):
    return lambda value: isinstance(value, _TEXTS) and value in words


def _list(check):
    return lambda value: isinstance(value, list) and all(check(each) for each in value)


def _true(value):
    return value is True


def _entry(fields, **optional):
    """A mapping of these fields and no others."""
    known = dict(fields, **optional)
    return lambda value: (isinstance(value, dict) and all(name in value for name in fields) and
                          all(name in known and known[name](value[name]) for name in value))


def _path(value):
    """A path that a plan may touch: absolute, as the kernel takes it, of no package and no running system."""
    return (_text(value) and value.startswith('/') and '\0' not in value and value != '/' and
            value == posixpath.normpath(value) and not (value + '/').startswith(NOT_OURS + ('//',)))


def _temp(value):
    return _text(value) and value.startswith('.nodetcp-paws-') and '/' not in value and '\0' not in value


def _key(value):
    path = _text(value) and '\0' not in value and '/proc/sys/' + path_of(value)
    return bool(path) and len(path) > 11 and path == posixpath.normpath(path)


def _root(value):
    return _text(value) and value.startswith('/') and '\0' not in value


def _attributes(value):
    try:
        return isinstance(value, dict) and all(
            _text(name) and '\0' not in name and _text(value[name]) and
            len(binascii.a2b_base64(value[name].encode('ascii'))) <= TEXT_MAX for name in value)
    except (ValueError, binascii.Error):
        return False


_TEXT, _LINE = _or_none(_text), _or_none(_integer)
_META = _entry({'mode': _up_to(0o7777), 'uid': _up_to(0xffffffff), 'gid': _up_to(0xffffffff), 'xattrs': _attributes})
_PROCESS = _entry({'pid': _integer, 'start': _LINE}, container=_TEXT)
_NAMESPACE = _entry({'key': _text, 'inode': _integer, 'device': _integer, 'boot_id': _TEXT, 'container': _TEXT,
                     'pids': _list(_PROCESS)})
_ITEMS = {
    'directory': _entry({'kind': _text, 'path': _path}, hook=_true),
    'file': _entry({'kind': _text, 'path': _path, 'temp': _temp, 'before': _or_none(_META), 'after': _META},
                   hook=_true, unread=_list(_text)),
    'value': _entry({'kind': _text, 'key': _key, 'namespace': _or_none(_NAMESPACE), 'before': _text, 'after': _text}),
}
_CHANGE = _entry({'what': _word('running', 'persisted', 'disabled', 'removed'), 'key': _text, 'file': _TEXT,
                  'line': _LINE, 'before': _TEXT, 'after': _TEXT, 'reason': _TEXT}, namespace=_text, overrides=_text)
_CONFIRM = _entry({'timeout': _number, 'until': _number, 'boot_id': _TEXT, 'until_uptime': _or_none(_number)})


def _item(value):
    return isinstance(value, dict) and _word(*_ITEMS)(value.get('kind')) and _ITEMS[value['kind']](value)


def _digests(value):
    return isinstance(value, dict) and all(_text(each) for each in value.values())


_RECORD = {'schema': _integer, 'id': lambda value: _text(value) and is_id(value), 'part': _integer, 'seq': _integer,
           'time': _number, 'who': _text, 'root': _root, 'boot_id': _TEXT, 'items': _list(_item),
           'changes': _list(_CHANGE), 'confirm': _or_none(_CONFIRM), 'digests': _digests}
_HELD = _entry({'what': _word('running', 'file'), 'key': _text, 'namespace': _TEXT, 'file': _TEXT, 'line': _LINE,
                'value': _TEXT})
_NOTES = {
    'undo.json': {'keep': _list(_integer), 'instead': _list(lambda value: isinstance(value, list)),
                  'held': _list(_HELD), 'rank': _integer, 'who': _text, 'cause': _text, 'failed': _list(_text),
                  'restored': _list(lambda value: isinstance(value, dict)), 'digests': _digests},
    'watchdog.json': {'pid': _integer, 'start': _LINE},
}


def name_of(identifier, number):
    """The name of a part."""
    return identifier if number == 1 else '%s+%d' % (identifier, number)


def checked(record, name, home):
    """The record of the part of that name, whose directory is home (text). Raises ValueError."""
    given = dict({'digests': {}}, **record)
    _check(given, _RECORD, _RECORD)
    if name != name_of(given['id'], given['part']):
        raise ValueError('it is that of change set %s' % given['id'])
    if given['confirm'] and not home.startswith(given['root'].rstrip('/') + '/'):
        raise ValueError('it is that of another root, %s' % given['root'])
    return given


def checked_note(name, note, items):
    """What a note of a part with these items says. Raises ValueError."""
    _check(note, _NOTES[name], () if name == 'undo.json' else _NOTES[name])
    files = [index for index, item in enumerate(items) if item['kind'] == 'file']
    whole = _entry({0: lambda index: index in files, 1: _META})
    if not all(whole(dict(enumerate(entry))) for entry in note.get('instead', ())):
        raise ValueError('instead does not fit')
    if 'held' in note and not ('keep' in note and 'instead' in note):
        raise ValueError('held does not fit')
    return note


def _check(value, fields, needed):
    for field in sorted(set(value) | set(needed)):
        if field not in value or field not in fields or not fields[field](value[field]):
            raise ValueError('%s does not fit' % field)
