# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- Most nodes have files that speak of sysctls and set none: nothing is followed from these.

speaks='(sysctl|procps|proc/sys/net)'
loads='(-p|--l|--s|-f|p -|start|reload|d-sysctl|\$|etc/sysctl)'
order='^(After|Before|Conflicts|Description|Documentation|Wants)='

# Whether one of the marked files may set a key: it names one, or loads files. Into $follow those to follow, if so. What
# reads the sysctl files alone is known, and says nothing more.
sets() {
    follow='' names='proc/sys/\$'
    IFS=" $nl"
    for key in $node_keys "$@"; do
        names="$names|${key##*/}"
    done
    IFS=$nl
    for path in $marked; do
        case $path in
            */systemd-sysctl.service | */procps.service | */sysctl.service | */S[0-9][0-9]procps | */99-systemd.rules) ;;
            *) follow=$follow$nl$path ;;
        esac
    done
    [ ! "$follow" ] || grep -ahiE "$speaks.*$loads|$loads.*$speaks|$names" -- $follow | grep -aqvE "$order" || follow=
    [ "$follow" ] && follow=$marked
}

# Whether a unit is marked that does not merely load the sysctl files: only then it matters what starts what.
graph() {
    for path in $marked; do
        case $path in
            */systemd-sysctl.service | */procps.service | */sysctl.service) ;;
            */systemd/system/*) return 0 ;;
        esac
    done
    return 1
}
