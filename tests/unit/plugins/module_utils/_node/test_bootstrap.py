# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module that carries the node program, run as Ansible runs it: one JSON object comes back whatever happens."""

from __future__ import absolute_import, division, print_function

import binascii
import io
import json
import os
import subprocess
import sys
import unittest
import zlib

import nodepath

__metaclass__ = type

PROGRAM = os.path.join(nodepath.CHECKOUT, 'plugins', 'modules', 'node_program.py')


def answer(operation):
    """What the controller gets from an operation with this source."""
    sources = {'nodetcp_node': [True, ''], 'nodetcp_node.operations': [True, ''],
               'nodetcp_node.operations.one': [False, operation]}
    payload = binascii.b2a_base64(zlib.compress(json.dumps(sources).encode('ascii'))).decode('ascii').strip()
    request = json.dumps({'payload': payload, 'operation': 'one', 'arguments': {'number': 7}})
    with io.open(PROGRAM, encoding='utf-8') as handle:
        program = handle.read().replace(u'<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>', u'%s' % request)
    process = subprocess.Popen([sys.executable, '-'], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    out, err = process.communicate(program.encode('utf-8'))
    assert not err, err
    return json.loads(out.decode('ascii'))


class TestBootstrap(unittest.TestCase):
    def test_what_the_operation_returns(self):
        found = answer('def run(arguments):\n    return {"twice": 2 * arguments["number"]}')
        self.assertEqual(found, {'changed': False, 'nodetcp_paws': {'twice': 14}})

    def test_an_error_is_a_message_with_its_place(self):
        found = answer('def run(arguments):\n    return 1 // 0')
        self.assertTrue(found['failed'])
        self.assertIn('ZeroDivisionError', found['msg'])
        self.assertIn('operations.one>:2', found['msg'])

    def test_what_is_no_json_is_a_message_too(self):
        found = answer('def run(arguments):\n    return {"name": b"\\xff"}')
        self.assertTrue(found['failed'])
        self.assertIn('the node program failed', found['msg'])

    def test_broken_json_is_a_value_error_on_each_python(self):
        """CPython 3.10 and 3.11 raise SystemError from the C half alone, as json.decoder is not imported."""
        found = answer(
            'def run(arguments):\n'
            '    from ..jsontext import loads\n'
            '    found = []\n'
            '    for text in (u"{", u"[1,", u"", u"nonsense", u"{} x", u"[" * 100000):\n'
            '        try:\n'
            '            loads(text)\n'
            '        except (ValueError, RuntimeError):\n'
            '            found.append(text[:1])\n'
            '    return {"found": found}')
        self.assertEqual(found['nodetcp_paws']['found'], ['{', '[', '', 'n', '{', '['])


if __name__ == '__main__':
    unittest.main()
