# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- Names that a script puts together: from a pattern, or from a directory.

# A word with one of these signs, or what is assigned to a variable.
piece="[A-Za-z0-9_.+@:*?/-]*[./*?][A-Za-z0-9_.+@:*?/-]*|=[\"']?[A-Za-z0-9_.+@:*?/-]+"

# Into $loose: files that scripts among $1 name by a pattern, or from a directory: their own, or one that they name.
loose() {
    scripts='' homes='' loose='' many=''
    for path in $1; do
        case $path in
            */systemd/* | *.rules | *.conf) ;;
            *) scripts=$scripts$nl$path homes=$homes$nl${path%/*}/ ;;
        esac
    done
    [ "$scripts" ] || return
    pieces=$(grep -ahoE "$piece" -- $scripts | grep -aoE "[^=\"']+" | grep -avE '^/?(dev|proc|sys|net)[./]|//' | sort -u)
    for path in $pieces; do
        case $path in
            /*[*?]*) meant "$path" ;;
            /*) [ ! -d "$path" ] || homes=$homes$nl${path%/}/ ;;
        esac
    done
    for home in $(say $homes | sort -u); do
        for path in $pieces; do
            meant "$home${path#/}"
            [ "${path#[!/]*/}" = "$path" ] || meant "$home${path#*/}"
        done
    done
    [ ! "$many" ] || loose=$loose$nl$(grep -slIE 'sysctl|proc/sys|procps|net[./]' -- $many /dev/null)
}

# Takes the files that a path stands for. Of those that a pattern means only what speaks of sysctls travels: it may mean
# files that are none of our business.
meant() {
    tried=$((tried + 1))
    [ $tried -le 4000 ] || return
    case $1 in
        *[*?]*)
            set +f
            set -- $1
            set -f
            for one in "$@"; do
                fresh && many=$many$nl$one
            done
            ;;
        *) one=$1 && fresh && loose=$loose$nl$one ;;
    esac
}

fresh() {
    [ -f "$one" ] || return
    case "$known$loose$nl$many$nl" in
        *"$nl$one$nl"*) return 1 ;;
    esac
}
