#!/bin/sh
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What an audit looks at, as one text on standard output, for nodes without Python. Nothing is written on the node.
#
#   sh collect.sh > HOST.capture                    this node, as root; then: audit.yml -e audit_records=DIRECTORY
#   sh collect.sh ROOT WINDOW UPTIME BOOT KEY...    how the collection calls it
#
# ROOT: a captured tree instead of this node (/). WINDOW: seconds between two looks at the counters, 0 for one look;
# UPTIME and BOOT: of an earlier look, from which the window counts. KEY...: further sysctls, as paths below proc/sys.
#
# It needs a POSIX shell, and cat, date, grep, ls, sleep, sort. The form of the text is docs/capture-format.md. Programs
# are what costs, so each is started for many files at once; and adding to long lists word by word, so none is.

# shellcheck disable=SC2045,SC2046,SC2086  # lists are split at their lines on purpose
# shellcheck disable=SC3028  # a variable that some shells alone have is empty in others
LC_ALL=C
export LC_ALL
# shellcheck disable=SC2034  # parts of it use it
nl='
'
