# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel release strings: which version, which vendor's backports."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .natural import natural

DIGITS = '0123456789'

# (kernel, Enterprise Linux, build of its first release): a lower build of the same kernel is somebody else's, unless it
# is tagged so (a beta). The pages of Red Hat on release dates, access.redhat.com/articles/3078, have the numbers.
ENTERPRISE = (
    ('2.6.18', 'el5', 8), ('2.6.32', 'el6', 71), ('3.10.0', 'el7', 123), ('4.18.0', 'el8', 80), ('5.14.0', 'el9', 70),
    ('6.12.0', 'el10', 55))
# Builds that do not look so: OpenVZ counts "stables" (2.6.32-042stab145.3, wiki.openvz.org "RHEL6-based kernels"), and
# modules of Proxmox VE's 3.10.0-18-pve say "rhelversion: 7.2".
REBUILT = {'el5': 'stab', 'el6': 'stab', 'el7': '-pve'}


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
    found = [natural(major), natural(minor), natural(patch or '0')]
    return None if None in found else found


def _leading_digits(text):
    return text[:len(text) - len(text.lstrip(DIGITS))]


def _vendor(release):
    """A hint at backports which the number hides: EL8's 4.18 has the tcp_tw_reuse default of 4.19."""
    # UEK and elrepo kernels carry the distribution's ".elN" as well, but not its backports.
    for name in ('uek', 'elrepo', 'tlinux'):
        if name in release:
            return name
    number = _leading_digits(release.partition('amzn')[2])
    return (_enterprise(release) or ('amzn' + number if number else None)
            or ('generic' if 'generic' in release else None))


def _enterprise(release):
    """'el7' where the kernel is built from that of Enterprise Linux 7, whoever built it, else None.

    Red Hat's builds, and those made from them, are a number, a dot and more: 3.10.0-1160.80.1.vz7.191.4. Debian, Ubuntu
    and people at home put a flavour behind a dash: 4.18.0-25-generic. The dist tag is the userland's and misleads:
    4.18.0-193.28.1.el7.aarch64 is the kernel of EL8.2 for CentOS 7 on ARM, 2.6.32-220.23.2.ali1089.el5 that of EL6.
    """
    version, _dash, rest = release.partition('-')
    build = _leading_digits(rest)
    flavour = rest[len(build):]
    for kernel, name, first in ENTERPRISE:
        if kernel != version or not build:
            continue
        if flavour[:1] in ('', '.'):
            words = flavour.split('.')
            ours = (natural(build) or 0) >= first or any(word.partition('_')[0] == name for word in words)
            return name if ours and not any(_is_fedora(word) for word in words) else None
        return name if flavour.startswith(REBUILT.get(name, '?')) else None
    return None


def _is_fedora(word):
    return word.startswith('fc') and bool(word[2:]) and not word[2:].strip(DIGITS)


def release_of_banner(text):
    """The release in /proc/version ("Linux version RELEASE (builder) ..."), or None."""
    words = text.split(None, 3)
    return words[2] if words[:2] == ['Linux', 'version'] and len(words) > 2 else None


def release_of_uname(text):
    """The release in the output of `uname -a` ("Linux HOST RELEASE #1 SMP ..."), or None."""
    words = text.split(None, 3)
    return words[2] if words[:1] == ['Linux'] and len(words) > 2 else None
