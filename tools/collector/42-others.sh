# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- Namespaces other than the own one.

# Of each other namespace: all processes by number, files of the first ones, and one to go in by.
others() {
    last=
    [ "$members" ] || return
    members=$(say $members | sort -k 1,1n -k 2,2n)
    say "$members"
    for line in $members; do
        pid=/proc/${line#* } inode=${line%% *}
        [ "$inode" = "$last" ] || last=$inode count=0 insides="$insides$nl$inode $pid/ns/net" nets=$nets$nl$pid/net
        count=$((count + 1))
        [ $count -gt 8 ] || asked=$asked$nl$pid/stat$nl$pid/cgroup
    done
}

# Those that a name keeps, as `ip netns` and container engines make them.
named() {
    glob "/run/netns/*$nl/var/run/netns/*$nl/run/docker/netns/*"
    [ "$found" ] || return
    listed=$(ls -ldniL -- $found)
    part named
    say "$listed"
    for line in $listed; do
        while [ "$line" != "${line# }" ]; do line=${line# }; done
        inode=${line%% *}
        case "$nl$insides$nl$own " in
            *"$nl$inode "*) ;;
            *) insides=$insides$nl$inode' /'${line#* /} ;;
        esac
    done
}
