# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is this a node record? The check that stands between a node, or a file, and everything else.

A node may be hostile or broken: its form is held against the types of _shapes/record.py, its size against the bounds of
_shapes/bounds.py. The words inside are not judged; reports escape them.
"""

from .._messages.message import MessageError, message
from .._shapes.check import ShapeError, bounded, fits, kind, prepare
from .._shapes.record import Record, Sample

SCHEMA = 1

prepare(Record, Sample)


class RecordError(MessageError):
    """Not a record that can be judged; the text names the place in it."""


def check(obj: object) -> Record:
    """The same, if it is a record of schema 1 within bounds; else RecordError. More fields than known are allowed."""
    if not isinstance(obj, dict):
        found = message('shape/wrong-type', wanted=message('shape/mapping'), found=kind(obj))
        raise RecordError(message('shape/at', place='record', what=found))
    schema = obj.get('schema')
    if isinstance(schema, bool) or schema != SCHEMA:
        if 'schema' not in obj:
            raise RecordError(message('record/no-schema', known=SCHEMA))
        raise RecordError(message('record/schema', found=repr(schema)[:40], known=SCHEMA))
    try:
        bounded(obj, 'record')
        record = fits(obj, Record, 'record')
    except ShapeError as error:
        raise RecordError(error.message) from error
    if not record['namespaces']:
        raise RecordError(message('record/no-namespace'))
    if record['namespaces'][0]['kind'] not in ('host', 'process'):
        raise RecordError(message('record/own-first'))
    return record


def check_sample(obj: object) -> Sample:
    """The same, if it is an earlier sample: {boot_id, uptime_s, collected_at, groups}. Else RecordError."""
    try:
        bounded(obj, 'sample')
        return fits(obj, Sample, 'sample')
    except ShapeError as error:
        raise RecordError(error.message) from error
