# shellcheck shell=sh disable=SC2034,SC2045,SC2046,SC2086,SC2154,SC3028  # a part of collect.sh: collector_script.py
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# -- How Services of a cluster work: the process of kube-proxy, and its configuration where kubelet keeps it.

services() {
    [ -d /var/log/pods ] || return
    set +f
    set -- $(grep -slE '^(kube-proxy|k3s-server|k3s-agent|kubelite|cilium-agent)$' /proc/[0-9]*/comm)
    set -f
    [ $# -gt 0 ] || return
    glob '/var/lib/kubelet/pods/*/volumes/kubernetes.io~configmap/kube-proxy/*.conf'
    listing list $found
    travelling "$found"
    part lines
    lines '' "$@" $found
    part lines
    lines 'kube-ipvs0:' /proc/net/dev
    for path in "$@"; do
        part file "${path%comm}cmdline"
        cat -- "${path%comm}cmdline"
        part file "${path%comm}cgroup"
        cat -- "${path%comm}cgroup"
    done
}
