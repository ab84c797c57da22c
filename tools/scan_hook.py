# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hook for pre-commit: a scan of the files that are given, from the checkout that pre-commit made of this one.

Arguments with an equals sign before the first file are variables of the playbook: scan_kernels=3.10,5.14
"""

from __future__ import absolute_import, division, print_function

import json
import os
import subprocess
import sys
import tempfile

CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, CHECKOUT)


def main(arguments):
    from tools import collection_link

    collection_link.ensure(CHECKOUT)
    settings = [word for word in arguments if '=' in word and not os.path.exists(word)]
    variables = dict(word.partition('=')[::2] for word in settings)
    paths = [word for word in arguments if word not in settings]
    environment = dict(
        os.environ,
        ANSIBLE_CONFIG=os.path.join(CHECKOUT, 'ansible.cfg'),
        ANSIBLE_LOCALHOST_WARNING='0',
        ANSIBLE_INVENTORY_UNPARSED_WARNING='0',
    )
    with tempfile.TemporaryDirectory() as directory:
        variables = dict({'audit_report_dir': directory}, scan_paths=paths, **variables)
        command = ['ansible-playbook', os.path.join(CHECKOUT, 'playbooks', 'scan.yml'), '-e', json.dumps(variables)]
        return subprocess.call(command, env=environment)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
