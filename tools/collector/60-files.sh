# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- Files that speak of sysctls travel whole, with the scripts that lead to them and what they name.

marks="sysctl|Sysctl|SYSCTL|proc/sys|procps|nsafe|Forward|Masquerade|FORWARD|base64|b64"
skeleton='^(Wants|Requires|BindsTo|Upholds|Unit|Service|OnBootSec|OnStartupSec|OnActiveSec|Exec[A-Za-z]*|Environment[A-Za-z]*)[ =]|^\['
word='/[A-Za-z0-9_.+@:/-]*[A-Za-z0-9_]'

files() {
    marked='' text=''
    for path in $raw; do
        part file "$path"
        cat -- "$path"
    done
    add "$(grep -lIE "$marks" -- $units $writers /dev/null)"
    called
    sets "$@" && up
    down
    [ $tried -le 4000 ] || part unfollowed $tried
    [ ! "$marked" ] || {
        part lines
        lines '' $marked
    }
    [ ! "$follow" ] || ! graph || lines -E "$skeleton" $units
}

# Marks those of the paths that are not marked yet; $new: these alone.
add() {
    new=
    for path in $1; do
        case "$nl$marked$nl" in
            *"$nl$path$nl"*) ;;
            *) marked=$marked$nl$path new=$new$nl$path ;;
        esac
    done
}
