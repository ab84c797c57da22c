# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Going on with a run that was ended."""

import os
import stat
import typing as t
from collections.abc import Collection

from .._messages.message import message
from .._shapes.check import ShapeError, fits
from .._shapes.journal import Head
from .._text.escape import terminal
from . import journal
from .journal import Journal, JournalError

_NAMED = 5
#: Seconds that the hosts may take that were being asked when the run was ended.
PATIENCE = 120.0


class Resumed(t.NamedTuple):
    """The run as it was; hosts: the names of those that its journal has."""

    journal: Journal
    head: Head
    hosts: frozenset[str]


def resume(asked: str, home: str, version: str, expected: Collection[str], owner: int) -> Resumed:
    """Take a run over: from here on it is that of the process `owner`.

    asked: the id of the run, or the path of its directory; home: ANSIBLE_HOME; version: of this collection; expected:
    the hosts that this run is for. Raises JournalError, OSError.
    """
    found = Journal(_directory(asked, home))
    head = _head(found, asked)
    if head['collection_version'] != version:
        raise JournalError(message('journal/version', run=head['run'], made=head['collection_version'], this=version))
    if journal.is_alive(head['owner']):
        raise JournalError(message('journal/alive', run=head['run'], process=head['owner']['pid']))
    with found.alone(PATIENCE):
        hosts = frozenset(entry['host']['name'] for _place, entry in found.entries())
        gone = sorted(hosts - set(expected))
        if gone:
            named = [terminal(name, 80) for name in gone[:_NAMED]]
            raise JournalError(message('journal/gone', run=head['run'], hosts=named, more=max(0, len(gone) - _NAMED)))
        head = {**head, 'owner': journal.owner(owner)}
        found.own(head)
    return Resumed(found, head, hosts)


def _directory(asked: str, home: str) -> str:
    if os.sep in asked:
        return os.path.abspath(os.path.expanduser(asked))
    return journal.place(home, asked)


def _head(found: Journal, asked: str) -> Head:
    """run.json of a directory that nobody else can have written to."""
    where = terminal(found.directory, 200)
    try:
        state = os.stat(found.directory)
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid() or state.st_mode & 0o022:
            raise JournalError(message('journal/foreign', path=where))
        return fits(found.read_head(), Head, 'run')
    except FileNotFoundError:
        known = [terminal(name, 80) for name in journal.runs(os.path.dirname(os.path.dirname(os.path.dirname(where))))]
        raise JournalError(message('journal/no-run', asked=terminal(asked, 200), known=known[:_NAMED])) from None
    except ShapeError as error:
        raise JournalError(message('journal/unusable', path=where, why=error.message)) from error
    except ValueError as error:
        raise JournalError(message('journal/unusable', path=where, why=str(error))) from error
