# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- Files: what ls says of them, and which of them are none or too large for a capture.

look_up() {
    barred=
    walk
    listing list $there $kept $raw $shown $units $writers
    listing real $links
    for class in kept raw units writers; do
        eval "travelling \"\$$class\"; $class=\$found"
    done
}

# Prints the part $1 with the lines of ls for the paths that follow; those that cannot travel go into $barred, links
# into $links, both one a line.
listing() {
    kind=$1 links='' options=-ldn
    shift
    [ "$kind" = list ] || options=-ldnL
    [ $# -gt 0 ] || return
    listed=$(ls $options -- "$@")
    part "$kind"
    say "$listed"
    for line in $listed; do
        case $line in
            l*) path=/${line#* /} links=$links$nl${path%% -> *} ;;
            -*' '[0-9][0-9][0-9][0-9][0-9][0-9]*) weigh "$line" ;;
            -* | d*) ;;
            *) barred=$barred$nl/${line#* /} ;;
        esac
    done
}

# A size has six digits, or an owner or a name.
weigh() {
    IFS=' '
    set -- $1
    IFS=$nl
    [ "$5" -le 262144 ] || barred=$barred$nl/${line#* /}
}

# Into $found those of the paths that may travel.
travelling() {
    found=$1 some=
    [ "$barred" ] || return
    found=
    for path in $1; do
        case "$barred$nl" in
            *"$nl$path$nl"*) ;;
            *) some=$some$nl$path ;;
        esac
        [ ${#some} -lt 2000 ] || found=$found$some some=
    done
    found=$found$some
}
