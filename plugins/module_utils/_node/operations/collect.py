# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The offline collector: the record of this node on standard output, for nodes that Ansible cannot reach.

    python node.pyz > HOST.json

`make node.pyz` puts the node program with this as its main part into one file; audit_records reads what it prints.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import sys

from . import observe

USAGE = """usage: python node.pyz > HOST.json

Prints the record of this node (kernel, network namespaces, sysctls, TCP counters, sysctl files) as JSON.
Run it as root: without root it says in the record what it could not see. It changes nothing.
Put the files of several nodes into one directory and audit them:
  ansible-playbook nodetcp.paws.audit -e audit_records=DIRECTORY
"""


def main(arguments, version, out, err):
    """The exit status: 0, or 2 where it was called with arguments that it does not have."""
    if arguments:
        asked = arguments in (['-h'], ['--help'])
        (out if asked else err).write(USAGE)
        return 0 if asked else 2
    record = observe.run({'collection_version': version})['record']
    out.write(json.dumps(record, sort_keys=True, separators=(',', ':')) + '\n')
    if record['unavailable']:
        err.write('not everything could be seen; the record says why under "unavailable":\n')
        for part, reason in sorted(record['unavailable'].items()):
            err.write('  %s: %s\n' % (json.dumps(part)[1:-1], json.dumps(reason)[1:-1]))
    return 0


def run_here(version):
    """Runs the collector as a program."""
    raise SystemExit(main(sys.argv[1:], version, sys.stdout, sys.stderr))
