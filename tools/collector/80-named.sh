# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- Files that matter for the sake of others: those that name a marked one, and those that a marked one names.

# Files that name one that is marked are marked, up to where a boot begins.
up() {
    round=0 new=$marked
    while [ "$new" ] && [ $round -lt 4 ]; do
        round=$((round + 1))
        add "$(grep -lF "$(say $new)" -- $units $writers $text /dev/null)"
    done
}

# What marked files name, or files that hold names for others, may hold the value of a variable, or be loaded.
down() {
    round=0 tried=0 new=$follow loose=$follow
    for path in $kept; do
        case $path in
            /etc/default/ufw | /etc/sysconfig/ktune | /etc/apf/* | /etc/apf-firewall/* | /etc/tuned/*/*)
                new=$new$nl$path
                ;;
        esac
    done
    while [ "$new" ] && [ $round -lt 2 ]; do
        round=$((round + 1)) known=$nl$kept$nl$marked$nl
        loose "$loose"
        words "$new" ''
        legible $new $loose
        text=$text$legible
        add "$legible"
    done
}
