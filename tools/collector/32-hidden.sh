# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- What this user cannot see is told.

# What a directory that this user may not search hides: the names in it, and files that may be there.
hidden() {
    unlisted || return
    IFS=' '
    set -- $line
    shift 2
    IFS=$nl
    for name in "$@"; do
        case $name in
            *'*'*) ;;
            *) refused=$refused$nl$home/$name ;;
        esac
    done
}

# What is only shown sets nothing, so nothing hides where it is not.
unlisted() {
    case $line in
        "$home" | "$home shown "*) return 1 ;;
        *' '*'*'*) refused=$refused$nl$home ;;
    esac
}

# Into $found what is there of what patterns stand for; a file that cannot be read is refused.
glob() {
    found='' some=''
    set +f
    set -- $1
    set -f
    for path in "$@"; do
        if [ -r "$path" ] || [ -L "$path" ]; then
            some=$some$nl$path
            [ ${#some} -lt 2000 ] || found=$found$some some=
        elif [ -f "$path" ]; then
            refused=$refused$nl$path
        fi
    done
    found=$found$some
}
