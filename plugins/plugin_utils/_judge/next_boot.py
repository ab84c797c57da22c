# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who decides a setting at the next boot: sysctl files as each reader takes them, and what writes before and after.

A boot runs the writers of the moment "before", then one of the readers of sysctl files, then the writers of the moment
"after"; the record lists writers in the order in which they run. The last one decides. What runs on an event (an
interface comes up, a failover, a job of cron) may come at any time, so it counts beside the answer of the boot.

A setter is {by, file, line, value}: `by` is sysctl for a line of a sysctl file, else the kind of the writer; `value`
is a number where the kernel takes one, None where it is computed when it runs. What the kernel refuses sets nothing.
A line for a key of a module that nothing is known to load in time sets its value or nothing: its value is None, and
`module` says why, unless a udev rule reads it again when the module loads.
"""

from collections.abc import Sequence
from typing import get_args

from .._shapes.record import Line, Record, Writer
from .._shapes.verdict import Answer, DecidingWriter, LateLine, Reader, Setter, Value
from .values import number, refused

#: The readers of sysctl files; the third one only where the node has such a system (schema of the record).
READERS: tuple[Reader, ...] = get_args(Reader)
#: In the place of a reader: what an event leaves.
EVENT = 'event'
_AT_BOOT = ('boot', 'once')


def readers(record: Record, key: str) -> tuple[Reader, ...]:
    """The readers whose answer counts for the key on this node."""
    entry = record['persisted'].get(key)
    return tuple(reader for reader in READERS if not entry or reader in entry['effective'] or reader != 'initscripts')


def line(record: Record, key: str, reader: str) -> Line | None:
    """The line that wins under one reader: {value, file, line}, or None."""
    entry = record['persisted'].get(key)
    found: Line | None = None
    if entry and reader in READERS:
        found = entry['effective'].get(reader)
    return None if found is None or refused(key, found['value']) else found


def order(record: Record, key: str, reader: str) -> list[Setter]:
    """The setters of a boot under one reader, in the order in which they run."""
    writers = [writer for writer in _effective(record, key) if writer.get('when', 'boot') in _AT_BOOT]
    before = [_setter(key, writer) for writer in writers if writer.get('moment') == 'before']
    after = [_setter(key, writer) for writer in writers if writer.get('moment') != 'before']
    winner = line(record, key, reader)
    return [*before, *([_of_line(record, key, reader, winner)] if winner else []), *after]


def on_events(record: Record, key: str) -> list[Setter]:
    """The setters that run on events, and those that pods may bring."""
    return [_setter(key, writer) for writer in _effective(record, key) if writer.get('when', 'boot') not in _AT_BOOT]


def moments(record: Record) -> tuple[str, ...]:
    """The readers of this node, and EVENT where something runs on events: each may leave other values."""
    seen = {reader for entry in record['persisted'].values() for reader in entry['effective']} | set(READERS[:2])
    events = any(writer.get('when', 'boot') not in _AT_BOOT for writer in record['writers'])
    return (*(reader for reader in READERS if reader in seen), *([EVENT] if events else []))


def decides(record: Record, key: str, reader: str) -> Setter | None:
    """The setter whose value is in force after a boot under `reader`, or after an EVENT; None where nothing sets it."""
    found = on_events(record, key) if reader == EVENT else order(record, key, reader)
    return found[-1] if found else None


def possible(record: Record, key: str) -> list[Setter]:
    """Every setter that may have the last word, each once: what decides under each reader, and those of events."""
    deciding = [decides(record, key, reader) for reader in readers(record, key)]
    return _once([setter for setter in deciding if setter] + on_events(record, key))


def answers(record: Record, key: str) -> list[Answer]:
    """[{readers, by, file, line, value, losers}]: the answer of a boot, once where all readers agree; [] without any.

    losers: the setters that ran before the one that decides.
    """
    found: list[Answer] = []
    for reader in readers(record, key):
        setters = order(record, key, reader)
        if not setters:
            continue
        same = next((answer for answer in found if _same(answer, setters[-1])), None)
        if same:
            same['readers'].append(reader)
        else:
            found.append({'readers': [reader], **setters[-1], 'losers': setters[:-1]})
    return found


def late_lines(record: Record) -> list[LateLine]:
    """[{key, file, line, value, module}]: the lines that a boot reads before their module is known to be there."""
    found: list[LateLine] = []
    for key in sorted(record['persisted']):
        for reader in readers(record, key):
            winner = line(record, key, reader)
            module = _late(record, key, reader, winner) if winner else None
            if winner and module:
                late: LateLine = {'key': key, **winner, 'module': module}
                found += [late] if late not in found else []
    return found


def deciding_writers(record: Record, key: str) -> list[DecidingWriter]:
    """The writers of the record among possible(), with the value as a number where it is one."""
    places = [setter for setter in possible(record, key) if setter['by'] != 'sysctl']
    return [
        {**writer, 'value': number(writer['value'], key)}
        for writer in _effective(record, key)
        if any(_same(_setter(key, writer), setter) for setter in places)
    ]


def _effective(record: Record, key: str) -> list[Writer]:
    """The writers of the key without those whose value the kernel refuses."""
    writers = [writer for writer in record['writers'] if writer['key'] == key]
    return [writer for writer in writers if not refused(key, writer['value'])]


def _setter(key: str, entry: Writer) -> Setter:
    value = number(entry.get('value'), key)
    return {'by': entry['kind'], 'file': entry['file'], 'line': entry.get('line'), 'value': value}


def _of_line(record: Record, key: str, reader: str, winner: Line) -> Setter:
    found: Setter = {'by': 'sysctl', 'file': winner['file'], 'line': winner['line'], 'value': None}
    module = _late(record, key, reader, winner)
    if module:
        return {**found, 'module': module}
    return {**found, 'value': number(winner['value'], key)}


def _late(record: Record, key: str, reader: str, winner: Line) -> str | None:
    """The module that may come after this line was read. Scripts that boot without systemd read it again later."""
    ruled = any(_loads(writer, winner) for writer in _effective(record, key) if writer['kind'] == 'udev')
    return None if ruled or reader == 'initscripts' else record['persisted'][key].get('late')


def _loads(writer: Writer, winner: Line) -> bool:
    return (writer['file'], writer.get('line')) == (winner['file'], winner['line'])


def _same(one: Setter, other: Setter) -> bool:
    return _place(one) == _place(other)


def _place(setter: Setter) -> tuple[str, str, int | None, Value]:
    return setter['by'], setter['file'], setter['line'], setter['value']


def _once(setters: Sequence[Setter]) -> list[Setter]:
    found: list[Setter] = []
    for setter in setters:
        if not any(_same(setter, other) for other in found):
            found.append(setter)
    return found
