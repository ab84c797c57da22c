# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which kernel a release string names. The strings are real ones, from public manuals, bug reports and packages."""

from __future__ import absolute_import, division, print_function

import random
import string
import unittest

import nodepath  # noqa: F401  # pylint: disable=unused-import
from _node.parsers import release

__metaclass__ = type

# Enterprise Linux kernels, whatever the distribution calls itself.
BUILT_FROM = {
    'el5': '2.6.18-8.el5 2.6.18-398.el5 2.6.18-410.el5xen 2.6.18-028stab101.1',
    'el6': """
        2.6.32-71.el6.x86_64 2.6.32-642.6.2.el6.x86_64 2.6.32-754.35.1.el6.x86_64 2.6.32-431.el6.i686
        2.6.32-673.26.1.lve1.4.27.el6.x86_64 2.6.32-954.3.5.lve1.4.92.el6.x86_64
        2.6.32-042stab140.1 2.6.32-042stab061.2
        2.6.32-220.23.2.ali1089.el5.x86_64 2.6.32-220.23.2.ali878.el6.x86_64
    """,
    'el7': """
        3.10.0-123.el7.x86_64 3.10.0-514.26.2.el7.x86_64 3.10.0-1062.1.2.el7.x86_64 3.10.0-1160.119.1.el7.x86_64
        3.10.0-1160.119.1.0.5.el7.x86_64 3.10.0-957.el7.x86_64.debug 3.10.0-327.el7.ppc64le 3.10.0-862.11.6.el7.s390x
        3.10.0-54.0.1.el7.x86_64 3.10.0-229.1.2.rt56.141.2.el7_1.x86_64 3.10.0-514.rt56.231.el6rt.x86_64
        3.10.0-957.12.2.vz7.96.21 3.10.0-1160.80.1.vz7.191.4 3.10.0-1160.119.1.vz7.224.4.custom
        3.10.0-862.14.1.5.h591.eulerosv2r7.x86_64 3.10.0-327.62.59.83.h162.x86_64 3.10.0-327.62.59.101.x86_64
        3.10.0-327.ali2019.alios7.x86_64 3.10.0-1160.an7.x86_64 3.10.0-1062.an7.x86_64
        3.10.0-714.10.2.lve1.5.3.el7.x86_64 3.10.0-962.3.2.lve1.5.26.7.el6h.x86_64
        3.10.0-957.ky3.kb3.x86_64 3.10.0-1062.9.1.ky3.kb2.pg.x86_64
        3.10.0-693.5.2.tcpa06.tl2.x86_64 3.10.0-18-pve 3.10.0-1160
    """,
    'el8': """
        4.18.0-80.el8.x86_64 4.18.0-147.el8.x86_64 4.18.0-240.22.1.el8_3.x86_64 4.18.0-553.el8_10.aarch64
        4.18.0-32.el8.x86_64 4.18.0-348.el8.0.2.x86_64 4.18.0-553.121.1.lve.el8.x86_64
        4.18.0-193.28.1.el7.aarch64 4.18.0-193.28.1.el7.ppc64le 4.18.0-147.5.1.el8_1.5es.20.numa64.aarch64
        4.18.0-147.5.1.6.h998.eulerosv2r9.x86_64 4.18.0-80.ky3.kb21.hw.aarch64 4.18.0-372.75.1.1.kos5.x86_64
        4.18.0-305.3.1.vz8.7.13
    """,
    'el9': '5.14.0-70.13.1.el9_0.x86_64 5.14.0-503.11.1.el9_5.x86_64 5.14.0-168.el9.aarch64',
    'el10': '6.12.0-55.el10_0.x86_64 6.12.0-124.8.1.el10_1.x86_64',
}
# Those that only look like it.
NOT_BUILT_FROM = {
    'generic': """
        4.18.0-25-generic 3.10.0-6-generic 2.6.32-22-generic 4.15.0-29-generic 5.14.0-1-generic 3.10.0-1160-generic
    """,
    'uek': """
        2.6.32-300.10.1.el5uek 2.6.32-400.26.1.el5uek.x86_64 3.8.13-118.el7uek.x86_64 6.12.0-100.28.2.el9uek.x86_64
        5.4.17-2136.300.7.el8uek.x86_64
    """,
    'elrepo': '3.10.0-1.el6.elrepo.x86_64 4.18.0-1.el7.elrepo.x86_64 4.4.248-1.el7.elrepo.x86_64',
    'tlinux': '3.10.104-1-tlinux2-0041.tl2 3.10.107-1-tlinux2-0046 4.14.105-19-0019.tlinux',
    'amzn1': '4.14.173-106.229.amzn1.x86_64',
    'amzn2': '4.14.181-140.257.amzn2.x86_64 5.10.102-99.473.amzn2.x86_64',
    None: """
        3.10.0 4.18.0 2.6.32 3.10.0+2 3.10.0+10 4.18.0-1025-azure 4.18.0-1011-aws 5.14.0-1054-oem
        4.18.0-0.bpo.1-amd64 4.18.0-3-amd64 4.18.0-kali2-amd64 2.6.32-5-amd64 2.6.32-5-xen-686 2.6.18-6-amd64
        2.6.32-48-pve 4.18.0-305-custom 3.10.0-rc7 4.18.0-rc1+
        3.10.0-0.rc7.git0.2.fc20.x86_64 5.14.0-60.fc35.x86_64 6.12.0-65.fc42.x86_64 4.18.0-1.x86_64
        4.14.0-115.el7a.0.1.aarch64 4.14.0-115.5.1.el7a.06.aarch64 5.4.249-1.el7.x86_64
        4.19.91-26.an7.x86_64 4.19.91-010.ali4000.alios7.x86_64 5.4.119-19.0009.tl2.x86_64 4.14.105-19.0012.tl2.x86_64
        4.19.90-24.4.v2101.ky10.x86_64 4.19.36-vhulk1907.1.0.h410.eulerosv2r8.aarch64 4.18.16-201.ns7.aarch64
        4.12.14-195-default 3.0.101-63-default 4.4.12-rt19.ns6 3.10.33-rt32.33.el6rt.x86_64 5.10.134-13.an8.x86_64
    """,
}


class TestTheKernelThatAReleaseIsBuiltFrom(unittest.TestCase):
    def test_named_by_the_shape_of_the_release(self):
        for table in (BUILT_FROM, NOT_BUILT_FROM):
            for name, texts in table.items():
                for text in texts.split():
                    self.assertEqual(release.parse_release(text)['vendor'], name, text)

    def test_enough_of_them(self):
        self.assertGreaterEqual(sum(len(texts.split()) for texts in BUILT_FROM.values()), 50)
        self.assertGreaterEqual(sum(len(texts.split()) for texts in NOT_BUILT_FROM.values()), 50)

    def test_any_dist_tag_behind_a_build_number_and_none_behind_a_dash(self):
        draw = random.Random(13)
        letters = string.ascii_lowercase + string.digits + '._'
        for _time in range(2000):
            kernel, name, first = draw.choice(release.ENTERPRISE)
            build = '.'.join(str(draw.randint(first, 1200)) for _part in range(draw.randint(1, 4)))
            tag = draw.choice('abhiksvxz') + ''.join(draw.choice(letters) for _char in range(draw.randint(0, 12)))
            text = '%s-%s.%s.x86_64' % (kernel, build, tag)
            if 'uek' not in text and 'tlinux' not in text:
                self.assertEqual(release.parse_release(text)['vendor'], name, text)
            flavour = '%s-%d-%s' % (kernel, draw.randint(first, 1200), draw.choice(['amd64', 'aws', 'custom', 'azure']))
            self.assertIsNone(release.parse_release(flavour)['vendor'], flavour)

    def test_nothing_breaks_it(self):
        draw = random.Random(14)
        for _time in range(2000):
            text = u''.join(draw.choice(u'0123456789.-_+elfc \n\u00e9') for _char in range(draw.randint(0, 24)))
            found = release.parse_release(draw.choice([u'', u'3.10.0-', u'4.18.0-', u'4.18.0']) + text)
            self.assertEqual(sorted(found), ['release', 'vendor', 'version'])


if __name__ == '__main__':
    unittest.main()
