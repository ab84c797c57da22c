# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- The text: a line that nobody can guess begins each part, so no file can pretend to be another one.

begin() {
    read -r border < /proc/sys/kernel/random/uuid || border=$$-$PPID
    say "nodetcp-paws-capture 1 $border"
}

part() {
    say '' "$border $1 ${2:-}"
}

# Prints its words, each on a line. In mksh printf is a program, and print is none.
say() {
    printf '%s\n' "$@"
}
[ -z "${KSH_VERSION:-}" ] || eval 'say() { print -r -- "$*"; }'

# The lines of files, each behind the name of its file. What comes before the files: options of grep.
lines() {
    grep -a "$@" /dev/null
}
