# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- The whole look.

pause() {
    window=$1
    read -r now boot < /proc/uptime
    read -r boot < /proc/sys/kernel/random/boot_id
    [ "$boot" = "$3" ] && window=$((window - ${now%%.*} + ${2%%.*}))
    [ "$window" -le 0 ] || sleep "$window"
}

main() {
    root=${1:-/} window=${2:-0} uptime=${3:-} boot_id=${4:-} refused=
    if [ $# -gt 4 ]; then shift 4; else shift $#; fi
    begin
    IFS=$nl
    set -f
    [ -z "$boot_id" ] || pause "$window" "$uptime" "$boot_id"
    if [ "$root" = / ]; then
        namespaces
        look_up
        kernel "$@"
        inside "$@"
        services
        files "$@"
    else
        tree
    fi
    [ -n "$boot_id" ] || [ "$window" = 0 ] || {
        sleep "$window"
        part lines /sample2
        counters
    }
    part denied
    say $refused
    part end
}

main "$@" < /dev/null 2> /dev/null
