#!/bin/sh
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Custom plugin of Node Problem Detector: what the last audit said of this node, as publish.yml has left it here.
# Exit status 0: no problem, 1: problem, 2: unknown; one line of at most 80 characters.
status=${PAWS_STATUS:-/run/nodetcp-paws-verdict}
if ! read -r code text < "$status"; then
    echo "no audit has left a verdict in $status" | cut -c 1-80
    exit 2
fi
printf '%s\n' "$text" | tr -d '\000-\011\013-\037\177' | cut -c 1-80
case $code in 0 | 1) exit "$code" ;; *) exit 2 ;; esac
