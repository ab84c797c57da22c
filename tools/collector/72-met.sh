# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- Which of the paths that are met are files to follow.

# Into $legible those of the paths that are not among the $known ones, and are files without machine code.
legible() {
    legible='' some='' barred=''
    for path in "$@"; do
        meet
    done
    listing real $some
    travelling "$some"
    [ "$found" ] || return
    for line in $(head -c 4 -- $found /dev/null); do
        case $line in
            '==> '*' <==') path=${line#==> } path=${path% <==} ;;
            *ELF*) ;;
            *) legible=$legible$nl$path ;;
        esac
    done
}

# Into $some a file that can be read. One that cannot is refused, and so is what a directory hides.
meet() {
    case $path in
        /dev/* | /proc/* | /sys/*) return ;;
    esac
    if [ -f "$path" ]; then
        case $known in
            *"$nl$path$nl"*) return ;;
        esac
        some=$some$nl$path
        [ ! -r "$path" ] || return
    else
        above=${path%/*}
        until [ -d "$above/" ]; do above=${above%/*}; done
        [ ! -x "$above/" ] || return
    fi
    refused=$refused$nl$path
}
