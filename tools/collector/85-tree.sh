# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- A captured tree travels as it is: no link in it is followed.

tree() {
    sum=0 paths='' directory=$root
    part tree
    for line in $(ls -lnAR -- "$root/"); do
        say "$line"
        case $line in
            /*:) directory=${line%:} directory=${directory%/} ;;
            -*) measured "$line" ;;
        esac
    done
    [ $sum -lt 20971520 ] || {
        part refused
        say 'the tree has more than 20 MiB'
        return
    }
    part lines
    [ ! "$paths" ] || lines '' $paths
}

# Adds a file of $directory: its name stands behind eight fields, or seven where a date is one, as toybox prints it.
measured() {
    rest=$1 fields=8
    IFS=' '
    set -- $1
    IFS=$nl
    sum=$((sum + $5))
    case $6 in
        *-*-*) fields=7 ;;
    esac
    while [ $fields -gt 0 ]; do
        while [ "$rest" != "${rest# }" ]; do rest=${rest# }; done
        rest=${rest#* } fields=$((fields - 1))
    done
    paths=$paths$nl$directory/$rest
}
