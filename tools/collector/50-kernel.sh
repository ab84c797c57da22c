# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- What the kernel says: sysctls, counters, and what else /proc has of each namespace.

# A key that is told to be there and has no line among those of the files could not be read. The shell itself cannot
# read them: it reads byte by byte, and the kernel gives such a reader the first digit of a number.
kernel() {
    keys='' files='' recycle='' tables='' most=0
    IFS=" $nl"
    for key in $node_keys $further_keys "$@"; do
        case "$keys$nl" in
            *"$nl$key$nl"*) continue ;; # a value that is told twice is another one
        esac
        [ ! -e "/proc/sys/$key" ] || keys=$keys$nl$key files=$files$nl/proc/sys/$key
    done
    IFS=$nl
    part values /
    say $keys
    part lines
    for net in $nets; do
        files=$files$nl$net/sockstat$nl$net/fib_trie$nl$net/if_inet6
        sockets ''
        sockets 6
    done
    counters $files $asked /proc/1/stat /proc/version /proc/cmdline $kept
    [ $most -lt 440 ] || most=440
    [ ! "$tables" ] || lines -m $most '' $tables # those that listen come first
    [ "$uid" = 0 ] && [ -e /proc/1/stat ] || lines ' /proc proc ' /proc/self/mounts
    read -r recycle < /proc/sys/net/ipv4/tcp_tw_recycle
    [ "${recycle:-0}" = 0 ] || metrics /
}

# Adds the table of TCP sockets of a family to $tables. To give one, the kernel walks through the connections of all
# namespaces: one without a socket is not asked for, and the others up to the line that may be the last one alone.
sockets() {
    [ -e "$net/tcp$1" ] || return
    inuse=440
    while IFS=' ' read -r name word number word; do
        [ "$name" != "TCP$1:" ] || inuse=$number
    done < "$net/sockstat$1"
    if [ "$inuse" = 0 ]; then
        say "$net/tcp$1:"
    else
        tables=$tables$nl$net/tcp$1
        [ "$inuse" -lt "$most" ] || most=$((inuse + 1))
    fi
}

# Counters, which alone are looked at twice, and the files that are named.
counters() {
    for net in $nets; do
        set -- "$@" "$net/netstat" "$net/snmp" "$net/stat/nf_conntrack"
    done
    lines -m 40000 '' /proc/uptime "$@"
}
