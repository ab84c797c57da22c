#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: node_program
short_description: Carry the node program of this collection to a node and run it there
version_added: 0.1.0
description:
  - The actions of this collection send their work to the node through this module. It is not meant for playbooks.
  - It runs on Python 2.6, 2.7 and 3.5 or newer with the standard library alone, also where the C(ansible-core) of the
    controller no longer supports the node's Python.
options:
  payload:
    description: The source of the node program's modules, as JSON, compressed with zlib, in base64.
    type: str
    required: true
  operation:
    description: The operation of the node program to run.
    type: str
    required: true
  arguments:
    description: The arguments of the operation.
    type: dict
    default: {}
attributes:
  check_mode:
    description: Whether it can run in check mode.
    support: full
    details: The operations that change something take the mode as an argument.
  diff_mode:
    description: Whether it tells what it changed in diff mode.
    support: none
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
# Use the actions of this collection instead.
- name: Look at the TCP settings of the node
  nodetcp.paws.tcp_facts:
"""

RETURN = r"""
nodetcp_paws:
  description: What the operation returned.
  returned: when the operation ran to its end
  type: dict
"""

import binascii
import gc
import os
import sys
import zlib

# The JSON text never holds three quotes in a row and never ends with a backslash, so this literal cannot be left.
REQUEST = r"""<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>"""
OPERATIONS = 'nodetcp_node.operations'
JSON = 'nodetcp_node.jsontext'


class Strict(object):
    """How the C half of the json module is to read: that half is enough, and the whole costs a quarter of a look."""

    strict, encoding, memo = True, 'utf-8', {}
    parse_float, parse_int = float, int
    object_hook = object_pairs_hook = parse_constant = None


def loads(text):
    """json.loads()."""
    try:
        from _json import make_scanner
        value, end = make_scanner(Strict)(text, 0)
        if end == len(text):
            return value
    except (ImportError, AttributeError, TypeError, StopIteration):  # another Python than CPython, or a later one
        pass
    except SystemError:  # CPython 3.10 and 3.11 for what is no JSON, as long as json.decoder is not imported
        pass
    import json
    return json.loads(text)  # also for what is no JSON: it says so


def dumps(value):
    """json.dumps(), without blanks."""
    try:
        from _json import encode_basestring_ascii, make_encoder
        return ''.join(make_encoder({}, None, encode_basestring_ascii, None, ':', ',', False, False, True)(value, 0))
    except (ImportError, TypeError):
        import json
        return json.dumps(value, separators=(',', ':'))


class MemoryImporter(object):
    """Finds and loads modules from {name: [is a package, source]}: it writes nothing on the node (PEP 302, PEP 451)."""

    def __init__(self, sources):
        self.sources = sources

    def find_spec(self, name, path=None, target=None):
        if name not in self.sources:
            return None
        spec = type(sys.__spec__)  # importlib.machinery.ModuleSpec, whose import would cost a millisecond
        return spec(name, self, is_package=self.sources[name][0])

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        source = self.sources[module.__name__][1].encode('utf-8')  # Python 2 takes no coding line in text
        exec(compile(source, '<%s>' % module.__name__, 'exec', 0, True), module.__dict__)

    # Python 2 asks these two.
    def find_module(self, name, path=None):
        return self if name in self.sources else None

    def load_module(self, name):
        module = sys.modules.setdefault(name, type(sys)(name))
        is_package = self.sources[name][0]
        module.__loader__ = self
        module.__package__ = name if is_package else name.rpartition('.')[0]
        if is_package:
            module.__path__ = []
        self.exec_module(module)
        return module


def run(request):
    """The module's result as JSON. An error of any kind is a message: the controller always gets one object."""
    sources = loads(zlib.decompress(binascii.a2b_base64(request['payload'].encode('ascii'))).decode('utf-8'))
    sys.meta_path.insert(0, MemoryImporter(sources))
    sys.modules[JSON] = type(sys)(JSON)
    sys.modules[JSON].loads, sys.modules[JSON].dumps = loads, dumps
    name = '%s.%s' % (OPERATIONS, request['operation'])
    try:
        __import__(name)
        return dumps({'changed': False, 'nodetcp_paws': sys.modules[name].run(request['arguments'])})
    except Exception as exc:
        name = exc.__class__.__name__
        if name == 'Refused':  # the program's own errors.Refused: its message is the answer
            return dumps({'failed': True, 'refused': True, 'msg': '%s' % exc})
        return dumps({'failed': True, 'msg': 'the node program failed: %s: %s (%s)' % (name, exc, place())})


def place():
    """Where the exception that is being handled was raised: "module:line"."""
    trace = sys.exc_info()[2]
    while trace.tb_next is not None:
        trace = trace.tb_next
    return '%s:%d' % (trace.tb_frame.f_code.co_filename, trace.tb_lineno)


def main():
    """Prints the result and leaves at once: garbage collection and taking Python down cost more than a look itself."""
    gc.disable()
    sys.stdout.write(run(loads(REQUEST)) + '\n')
    sys.stdout.flush()
    os._exit(0)


if __name__ == '__main__' and REQUEST.startswith('{'):  # sanity runs it without arguments
    main()
