# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- What is only seen from inside a namespace.

# The sysctls of other namespaces: these can only be read from inside.
inside() {
    IFS=" $nl"
    files=
    for key in $namespace_keys "$@"; do
        files=$files$nl/proc/sys/$key
    done
    IFS=$nl
    for one in $insides; do
        part values "/namespaces/${one%% *}"
        nsenter --net="${one#* }" grep -a '' $files /dev/null
        [ $? -lt 126 ] || part closed "${one%% *}"
        [ "${recycle:-0}" = 0 ] || metrics "/namespaces/${one%% *}" nsenter --net="${one#* }"
    done
}

# Armed peers. A kernel that has no such cache, or no `ip`, says nothing.
metrics() {
    part file "${1%/}/ip_tcp_metrics_show"
    shift
    "$@" ip tcp_metrics show
}
