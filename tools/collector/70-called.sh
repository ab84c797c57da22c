# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- Scripts that others call: what looks like a path in a script, or in what a unit runs, may be one.

# Into $text the text files that scripts and units name, and these in turn; those that speak of sysctls are marked.
called() {
    round=0 known=$nl$units$nl$writers$nl$kept$nl
    words "$writers" "$units"
    while [ "$new" ] && [ $round -lt 4 ]; do
        round=$((round + 1))
        legible $new
        text=$text$legible known=$known$legible$nl
        words "$legible" ''
    done
    [ ! "$text" ] || add "$(grep -lIE 'sysctl|proc/sys|procps' -- $text /dev/null)"
}

# Into $new the paths in the scripts $1, and in what the units $2 run.
words() {
    new=
    [ ! "$1$2" ] || new=$({
        [ ! "$2" ] || grep -ahE '^Exec' -- $2
    } | grep -ahoE "$word" -- - $1 | sort -u)
}
