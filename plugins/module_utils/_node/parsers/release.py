# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel release strings: which version, which vendor's backports."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DIGITS = '0123456789'


def parse_release(release):
    """{'release', 'version': [major, minor, patch] or None, 'vendor': 'el7', 'uek', ... or None} of `uname -r`."""
    text = (release or '').strip()
    return {'release': text[:128] or None, 'version': _version(text), 'vendor': _vendor(text)}


def _version(release):
    major, _dot, rest = release.partition('.')
    minor = _leading_digits(rest)
    if not major or major.strip(DIGITS) or not minor:
        return None
    patch = _leading_digits(rest[len(minor) + 1:]) if rest[len(minor):].startswith('.') else ''
    return [int(major), int(minor), int(patch or 0)]


def _leading_digits(text):
    return text[:len(text) - len(text.lstrip(DIGITS))]


def _vendor(release):
    """A hint at backports which the number hides: EL8's 4.18 has the tcp_tw_reuse default of 4.19."""
    # UEK and elrepo kernels carry the distribution's ".elN" as well, but not its backports.
    for name in ('uek', 'elrepo', 'tlinux'):
        if name in release:
            return name
    for part in release.replace('_', '.').split('.')[1:]:  # "el7" of "3.10.0-1160.el7.x86_64"
        word = part.rpartition('-')[2]
        if word.startswith('el') and word[2:] and not word[2:].strip(DIGITS):
            return word
    number = _leading_digits(release.partition('amzn')[2])
    return 'amzn' + number if number else 'generic' if 'generic' in release else None


def release_of_banner(text):
    """The release in /proc/version ("Linux version RELEASE (builder) ..."), or None."""
    words = text.split(None, 3)
    return words[2] if words[:2] == ['Linux', 'version'] and len(words) > 2 else None


def release_of_uname(text):
    """The release in the output of `uname -a` ("Linux HOST RELEASE #1 SMP ..."), or None."""
    words = text.split(None, 3)
    return words[2] if words[:1] == ['Linux'] and len(words) > 2 else None
