# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of user data as cloud-init takes it: one text, a MIME message, an archive, compressed or encoded."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import binascii
import zlib

from ..errors import Malformed
from .yaml_subset import Scalar, documents

MAX_SIZE = 1048576
MAX_PARTS = 64
BEGINNINGS = (('#cloud-config-archive', 'archive'), ('#cloud-config', 'config'), ('#cloud-boothook', 'boothook'),
              ('#!', 'script'), ('#part-handler', 'handler'))
TYPES = {'cloud-config-archive': 'archive', 'cloud-config': 'config', 'cloud-boothook': 'boothook',
         'part-handler': 'handler', 'x-shellscript-per-boot': 'per-boot', 'x-shellscript-per-instance': 'per-instance',
         'x-shellscript-per-once': 'per-once'}


def parts(data):
    """[(kind, line, text)]: config, archive, boothook, script, handler, per-boot, per-instance or per-once."""
    return _parts(unpacked(data).decode('utf-8', 'replace'), 1, 0)


def unpacked(data):
    """The bytes, decompressed where they are gzip."""
    if data[:2] != b'\x1f\x8b':
        return data
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(data, MAX_SIZE)
    except zlib.error:
        return b''


def decoded(text, encoding):
    """A content of write_files: `encoding` may be text/plain, b64, base64, gz, gzip, gz+b64 and the like."""
    data = text.encode('utf-8')
    if 'b64' in encoding or 'base64' in encoding:
        try:
            data = binascii.a2b_base64(data)
        except (binascii.Error, ValueError):
            return ''
    return unpacked(data).decode('utf-8', 'replace') if data != text.encode('utf-8') or 'gz' in encoding else text


def _parts(text, line, depth):
    head = text.partition('\n\n')[0]
    boundary = head.partition('boundary=')[2].partition('\n')[0].strip().strip(';').strip('"')
    if 'multipart/' in head and boundary and depth < 4:
        found, at = [], 0
        for piece in ('\n' + text).split('\n--' + boundary)[1:MAX_PARTS]:
            at = text.find('--' + boundary, at) + len(boundary) + 2
            if not piece.startswith('--'):
                first = line + text.count('\n', 0, at)
                headers, _blank, body = piece.lstrip('\r\n').replace('\r\n', '\n').partition('\n\n')
                if 'multipart/' in headers:
                    found += _parts(headers + '\n\n' + body, first + 1, depth + 1)
                else:
                    found += _part(headers.lower(), body, first + 2 + headers.count('\n') + 1)
        return found
    return _part('', text, line)


def _part(headers, text, line):
    """A part by its type, or by how it begins where the type is text/plain, text/x-shellscript or none."""
    if 'base64' in headers:
        try:
            text = unpacked(binascii.a2b_base64(text.encode('utf-8'))).decode('utf-8', 'replace')
        except (binascii.Error, ValueError):
            return []
    if text.startswith('## template: jinja'):
        text = text.partition('\n')[2]
        line += 1
    name = headers.partition('content-type:')[2].partition('\n')[0].partition(';')[0].partition('text/')[2].strip()
    kind = TYPES.get(name) or next((kind for mark, kind in BEGINNINGS if text.lstrip().startswith(mark)), None)
    return [(kind, line, text)] if kind else []


def archive(text, line):
    """The parts of a cloud-config-archive: a list of {type, content} or of contents."""
    try:
        nodes = documents('\n' * (line - 1) + text)
    except Malformed:
        return []
    found = []
    for item in nodes[0] if nodes and isinstance(nodes[0], list) else []:
        content = item.get('content') if isinstance(item, dict) else item
        if isinstance(content, Scalar):
            kind = item.get('type') if isinstance(item, dict) else None
            found += _part('content-type: %s' % kind if kind else '', content, content.line)
    return found
