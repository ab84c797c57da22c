# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Controller side of paws_scan: a linter for infrastructure code. Documentation: plugins/modules/paws_scan.py."""

import os

from ansible import constants
from ansible.utils.display import Display

from ..plugin_utils._judge.catalogue import CatalogueError, builtin
from ..plugin_utils._messages.catalogue import LANGUAGES, told
from ..plugin_utils._messages.message import message
from ..plugin_utils._messages.telling import spoken
from ..plugin_utils._report import scan_files, stored
from ..plugin_utils._report.formats import scan_text, terminal
from ..plugin_utils._scan import scan
from ..plugin_utils._scan.judge import KERNELS
from ..plugin_utils._scan.walk import Walk, ignored
from ..plugin_utils._shapes.scan import ScanDocument
from ..plugin_utils._text.values import Values
from ..plugin_utils._transport.controller_action import ControllerAction
from ..plugin_utils._version import VERSION

ARGUMENTS: Values = {
    'paths': {'type': 'list', 'elements': 'str', 'required': True},
    'kernels': {'type': 'list', 'elements': 'str', 'default': []},
    'audit': {'type': 'str'},
    'exclude': {'type': 'list', 'elements': 'str', 'default': []},
    'baseline': {'type': 'str'},
    'rules': {'type': 'list', 'elements': 'dict', 'default': []},
    'report_dir': {'type': 'str', 'default': 'paws-report'},
    'formats': {'type': 'list', 'elements': 'str', 'choices': ['json', *scan_files.FORMATS], 'default': ['json']},
    'language': {'type': 'str', 'choices': list(LANGUAGES), 'default': 'en'},
    'fail_on': {'type': 'str', 'choices': list(scan_files.FAIL_ON), 'default': 'warning'},
}


class ActionModule(ControllerAction):
    """Reads files, judges, writes, prints. Runs on the controller only and never connects."""

    SPEC = ARGUMENTS
    MISTAKES = (scan_files.ScanError, stored.StoredError, CatalogueError)

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        """Write the reports, print the findings; the return value failure says why the run should end non-zero."""
        language = arguments['language']
        document = _scanned(arguments)
        told_document = spoken(document)
        directory = os.path.abspath(arguments['report_dir'])
        written = scan_files.write(told_document, directory, arguments['formats'], language)
        to_errors = terminal.for_programs(constants.DEFAULT_STDOUT_CALLBACK)
        Display().display(scan_text.console(told_document, language), stderr=to_errors)
        failure = scan_files.failure(document, arguments['fail_on'])
        return {
            'files': written,
            'findings': told_document['findings'],
            'summary': scan_text.summary(told_document, language),
            'failure': told(language, failure) if failure else '',
        }


def _scanned(arguments: Values) -> ScanDocument:
    roots = [os.path.expanduser(path) for path in arguments['paths']]
    missing = [path for path in roots if not os.path.exists(path)]
    if missing:
        raise scan_files.ScanError(message('scan/no-path', path=missing[0]))
    kernels = _kernels(arguments)
    catalogue = builtin().extended(arguments['rules'], 'scan_rules')
    try:
        scanner = scan.Scanner(catalogue, kernels, ignored(roots))
    except ValueError as exc:
        raise scan_files.ScanError(message('scan/not-a-kernel', kernel=str(exc))) from exc
    earlier = scan_files.baseline(arguments['baseline']) if arguments['baseline'] else []
    walk = Walk(scanner.prefilter, arguments['exclude'])
    results = scanner.scan(walk.texts(roots))
    return scan.document(results, walk, kernels or KERNELS, earlier, VERSION)


def _kernels(arguments: Values) -> list[str]:
    """The releases that are named, and those that the hosts of a stored audit run."""
    found = [str(kernel) for kernel in arguments['kernels']]
    for path in stored.paths([arguments['audit']]) if arguments['audit'] else ():
        kernels = [host['kernel'] for host in stored.read(path)['hosts'] if host['kernel']]
        found += [kernel.get('release') or '' for kernel in kernels if kernel.get('version')]
    return list(dict.fromkeys(found))
