# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- Network namespaces: "INODE PATH" a line in $insides, the /proc directories of their processes in $nets.

namespaces() {
    own='' uid='' members='' insides='' asked='' nets=/proc/net unseen=0
    set +f
    set -- /proc/[0-9]*
    set -f
    processes=$#
    for line in $(ls -ln /proc//self/ns/net $(printf '%s/ns/net\n' "$@") 2>&1); do # ls puts // before digits
        inode=${line##*net:\[} inode=${inode%]} pid=${line#*/proc/}
        case $line in
            *' /proc//self/ns/net -> '*) own=$inode uid=$line ;;
            *"net:[$own]") ;;
            *' -> net:'*) members=$members$nl$inode' '${pid%%/*} ;;
            *'/ns/net'*'ermission denied'*) unseen=$((unseen + 1)) ;;
        esac
    done
    IFS=' '
    set -- $uid
    IFS=$nl
    uid=$3
    part links
    say "$own 1"
    others
    part node
    now=${EPOCHREALTIME:-$(date +%s)}
    say "uid $uid" "processes $processes" "unseen $unseen" "date ${now%[.,]*}"
    named
}
