# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diagnoses in the report: read from where diagnose.yml left them, checked, told in a line."""

import json
import os
from collections.abc import Iterable

from .._messages import language
from .._messages.catalogue import told
from .._messages.message import Argument, message
from .._messages.telling import words
from .._shapes.check import ShapeError, fits
from .._shapes.diagnosis import Diagnosis
from .._shapes.report import Report
from .._text import escape
from .document import tongue
from .json_file import UnusableFile, read_object

FILE = 'diagnose.json'
#: More than anybody reads; the newest are kept.
KEPT = 20
_MAX_BYTES = 64 * 1024 * 1024


def check(found: object) -> Diagnosis:
    """Raises UnusableFile for what is no diagnosis of this collection, with the place."""
    try:
        return fits(found, Diagnosis, 'diagnosis')
    except ShapeError as error:
        raise UnusableFile(message('diagnosis/not-one', why=error.message)) from error


def beside(directory: str) -> list[Diagnosis]:
    """The diagnosis that lies in a report directory, if one does. Raises UnusableFile with the path."""
    path = os.path.join(directory, FILE)
    if not os.path.lexists(path):
        return []
    try:
        return [check(read_object(path, _MAX_BYTES))]
    except UnusableFile as exc:
        raise UnusableFile(message('diagnosis/of-file', path=path, why=exc.message)) from exc


def newest(found: Iterable[Diagnosis]) -> list[Diagnosis]:
    """The newest answer to each question, the newest first."""
    answers: dict[str, Diagnosis] = {}
    for each in sorted(found, key=lambda diagnosis: str(diagnosis['finished'])):
        asked = json.dumps([each['question'], each['destination']['host']], sort_keys=True)
        answers.pop(asked, None)
        answers[asked] = each
    return list(answers.values())[: -KEPT - 1 : -1]


def added(document: Report, found: Iterable[Diagnosis]) -> Report:
    """The document with these diagnoses beside those that it has."""
    diagnoses = newest([*document.get('diagnoses', ()), *found])
    return {**document, 'diagnoses': diagnoses} if diagnoses else document


def lines(document: Report) -> list[str]:
    """Each diagnosis in a line, in the language of the report."""
    return [_line(each, tongue(document)) for each in document.get('diagnoses', ())]


def _line(diagnosis: Diagnosis, tongue: str) -> str:
    goal = diagnosis['destination']
    end: dict[str, Argument] = {'address': escape.terminal(goal['address'], 80), 'port': goal['port']}
    concludes = escape.terminal(concluded(diagnosis, tongue), 240)
    return told(tongue, message('diagnosis/line', finished=diagnosis['finished'], concluded=concludes, **end))


def concluded(diagnosis: Diagnosis, tongue: str) -> str:
    """The conclusion and how sure it is."""
    found = diagnosis['conclusion']
    sure = found['confidence'] and language.words(tongue).get(found['confidence'], found['confidence'])
    return told(tongue, message('diagnosis/concluded', title=words(tongue, found, 'title'), confidence=sure))


def goal(diagnosis: Diagnosis, tongue: str) -> str:
    """What was to be connected to, and where that is."""
    found = diagnosis['destination']
    end: dict[str, Argument] = {'address': found['address'], 'port': found['port']}
    return told(tongue, message('diagnosis/goal', place=words(tongue, found, 'place'), **end))
