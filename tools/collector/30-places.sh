# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- Places: what the table means on this node. Into $there its directories; into $kept, $raw, $shown, $units and
# $writers the paths of a class, one a line, with some that are not there.

walk() {
    there='' kept='' raw='' shown='' units='' writers='' here='' closed=- twin=-
    [ ! -L /lib ] || twin=/lib # what the table has below it stands below /usr/lib as well
    for line in $places; do
        home=${line%% *}
        case $home in
            "$closed"/*) hidden ;;
            "$twin"/*) ;;
            *) [ ! -d "$home" ] || enter ;;
        esac
    done
    for class in kept raw shown units writers; do
        eval "glob \"\$$class\"; $class=\$found"
    done
}

# A directory of the table: each line says what one class of files is called in it.
enter() {
    [ "$home" = "$here" ] || there=$there$nl$home here=$home
    [ -r "$home" ] || unlisted
    [ -x "$home" ] || closed=$home
    [ "$closed" != "$home" ] || hidden
    [ "$line" != "$home" ] || return
    IFS=' '
    set -- $line
    class=$2 paths=
    shift 2
    for name in "$@"; do
        paths=$paths$nl$home/$name
    done
    IFS=$nl
    eval "$class=\$$class\$paths"
}
