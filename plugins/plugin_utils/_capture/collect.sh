#!/bin/sh
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What an audit looks at, as one text on standard output, for nodes without Python. Nothing is written on the node.
#
#   sh collect.sh > HOST.capture                    this node, as root; then: audit.yml -e audit_records=DIRECTORY
#   sh collect.sh ROOT WINDOW UPTIME BOOT KEY...    how the collection calls it
#
# ROOT: a captured tree instead of this node (/). WINDOW: seconds between two looks at the counters, 0 for one look;
# UPTIME and BOOT: of an earlier look, from which the window counts. KEY...: further sysctls, as paths below proc/sys.
#
# It needs a POSIX shell, and cat, date, grep, ls, sleep, sort. The form of the text is docs/capture-format.md. Programs
# are what costs, so each is started for many files at once; and adding to long lists word by word, so none is.

# shellcheck disable=SC2045,SC2046,SC2086  # lists are split at their lines on purpose
# shellcheck disable=SC3028  # a variable that some shells alone have is empty in others
LC_ALL=C
export LC_ALL
# shellcheck disable=SC2034  # parts of it use it
nl='
'

node_keys='net/ipv4/tcp_tw_recycle net/ipv4/tcp_timestamps net/ipv4/tcp_tw_reuse net/ipv4/tcp_rfc1337
net/ipv4/tcp_syncookies net/ipv4/tcp_abort_on_overflow net/ipv4/ip_local_port_range net/core/somaxconn
net/ipv4/tcp_max_tw_buckets net/ipv4/ip_local_reserved_ports net/ipv4/tcp_tw_reuse_delay
net/ipv4/tcp_tw_timeout net/ipv4/tcp_fin_timeout net/ipv4/tcp_max_orphans net/ipv4/tcp_max_syn_backlog
net/ipv4/ip_forward net/ipv4/conf/all/rp_filter net/ipv4/vs/conntrack net/ipv4/vs/conn_reuse_mode
net/ipv4/vs/conn_reuse_old_conntrack net/ipv4/vs/expire_nodest_conn net/netfilter/nf_conntrack_max
net/netfilter/nf_conntrack_tcp_timeout_time_wait'
further_keys='net/netfilter/nf_conntrack_count net/netfilter/nf_conntrack_max kernel/osrelease kernel/hostname
kernel/random/boot_id vm/swappiness fs/file-max'
namespace_keys='net/ipv4/tcp_tw_recycle net/ipv4/tcp_timestamps net/ipv4/tcp_tw_reuse net/ipv4/tcp_rfc1337
net/ipv4/tcp_syncookies net/ipv4/tcp_abort_on_overflow net/ipv4/ip_local_port_range net/core/somaxconn'
places='/bin shown sh
/boot kept sysctl.conf-*
/boot writers cmdline.txt
/boot/efi
/boot/efi/EFI shown *
/boot/efi/EFI writers */grub.cfg
/boot/extlinux writers extlinux.conf
/boot/firmware writers cmdline.txt
/boot/grub writers grub.cfg grub.conf menu.lst
/boot/grub2 writers grub.cfg grubenv
/boot/loader
/boot/loader/entries writers *.conf
/boot/syslinux writers syslinux.cfg
/etc kept dinit.d hostname inittab os-release rc.sysinit redhat-release runit s6 slackware-version sysctl.conf
/etc kept sysctl.ktune system-release
/etc shown debian_version
/etc writers anacrontab bash.bashrc bashrc crontab dhclient-exit-hooks dhcpcd.exit-hook firewall.user inittab
/etc writers profile rc.local rc.modules
/etc/NetworkManager
/etc/NetworkManager/dispatcher.d shown *.d
/etc/NetworkManager/dispatcher.d writers * *.d/*
/etc/apf kept * conf.apf
/etc/apf-firewall kept * conf.apf
/etc/arno-iptables-firewall writers custom-rules
/etc/cloud kept cloud-init.disabled
/etc/cloud writers cloud.cfg
/etc/cloud/cloud.cfg.d writers *.cfg
/etc/conf.d writers local.start
/etc/containerd kept *.json
/etc/containers kept containers.conf
/etc/containers/containers.conf.d kept *
/etc/containers/systemd kept *.container
/etc/credstore kept sysctl.extra
/etc/crio kept crio.conf
/etc/crio/crio.conf.d kept *.conf
/etc/cron.d writers *
/etc/cron.daily writers *
/etc/cron.hourly writers *
/etc/cron.monthly writers *
/etc/cron.weekly writers *
/etc/crontabs writers *
/etc/csf writers csfpost.sh csfpre.sh
/etc/default kept ufw
/etc/default writers grub kubelet
/etc/default/grub.d writers *.cfg
/etc/dhcp writers dhclient-enter-hooks dhclient-exit-hooks
/etc/dhcp/dhclient-enter-hooks.d writers *
/etc/dhcp/dhclient-exit-hooks.d writers *
/etc/dhcp/dhclient.d writers *.sh
/etc/docker kept daemon.json
/etc/ferm writers ferm.conf
/etc/firehol writers firehol.conf
/etc/ha.d
/etc/ha.d/resource.d writers *
/etc/init kept *.override procps.conf
/etc/init writers *.conf
/etc/init.d kept boot.sysctl functions procps sysctl
/etc/init.d writers after.local boot.local
/etc/init.d/boot.d writers S*
/etc/init.d/rc2.d writers S*
/etc/init.d/rc3.d writers S*
/etc/init.d/rc5.d writers S*
/etc/initramfs-tools
/etc/initramfs-tools/scripts shown *
/etc/initramfs-tools/scripts writers */*
/etc/keepalived writers *.sh
/etc/keepalived/scripts writers *
/etc/kernel writers cmdline
/etc/ktune.d kept *.conf *.sh
/etc/kubelet.d writers *
/etc/kubernetes writers kubelet kubelet-config.json kubelet-config.yaml
/etc/kubernetes/kubelet writers kubelet-config.json
/etc/kubernetes/kubelet.conf.d writers *.conf
/etc/kubernetes/manifests writers *
/etc/libvirt
/etc/libvirt/hooks writers *
/etc/local.d writers *.start
/etc/modprobe.d writers *.conf
/etc/network shown if-*.d
/etc/network writers if-*.d/* interfaces
/etc/network/interfaces.d writers *
/etc/networkd-dispatcher shown *.d
/etc/networkd-dispatcher writers *.d/*
/etc/openvpn writers *.sh
/etc/openvpn/scripts writers *
/etc/periodic shown *
/etc/periodic writers */*
/etc/pm
/etc/pm/sleep.d writers *
/etc/ppp writers ip-pre-up ip-up ip-up.local
/etc/ppp/ip-down.d writers *
/etc/ppp/ip-up.d writers *
/etc/profile.d writers *.sh
/etc/rancher
/etc/rancher/k3s writers config.yaml
/etc/rancher/k3s/config.yaml.d writers *.yaml
/etc/rancher/rke2 writers config.yaml
/etc/rancher/rke2/config.yaml.d writers *.yaml
/etc/rc.d kept rc.S rc.sysinit
/etc/rc.d writers boot.local rc.M rc.inet2 rc.local rc.sysinit
/etc/rc.d/init.d kept functions
/etc/rc.d/rc2.d writers S*
/etc/rc.d/rc3.d writers S*
/etc/rc.d/rc4.d writers S*
/etc/rc.d/rc5.d writers S*
/etc/rc.d/rcS.d writers S*
/etc/rc2.d kept S*docker
/etc/rc2.d writers S*
/etc/rc3.d kept S*docker
/etc/rc3.d writers S*
/etc/rc4.d writers S*
/etc/rc5.d writers S*
/etc/rcS.d writers S*
/etc/runit writers 1 2
/etc/runit/core-services kept 08-sysctl.sh
/etc/runit/core-services writers *.sh
/etc/runit/runsvdir
/etc/runit/runsvdir/default shown *
/etc/runit/runsvdir/default writers */run
/etc/runlevels kept */docker
/etc/runlevels shown *
/etc/runlevels writers */*
/etc/service shown *
/etc/service writers */run
/etc/shorewall writers init initdone params shorewall.conf start started
/etc/shorewall6 writers shorewall6.conf
/etc/sysconfig kept ktune
/etc/sysconfig writers kubelet
/etc/sysconfig/modules writers *.modules
/etc/sysconfig/network
/etc/sysconfig/network/if-up.d writers *
/etc/sysconfig/network/scripts writers *.local
/etc/sysconfig/network-scripts writers ifup-local
/etc/sysctl.d kept *
/etc/systemd shown system.conf
/etc/systemd writers networkd.conf
/etc/systemd/network shown *.network.d
/etc/systemd/network writers *.network *.network.d/*.conf
/etc/systemd/networkd.conf.d writers *.conf
/etc/systemd/system shown *.d *.requires *.requires/* *.upholds *.upholds/* *.wants *.wants/*
/etc/systemd/system units * *.d/*
/etc/systemd/system writers k3s-agent.service k3s.service kubelet.service
/etc/systemd/system/docker.service.d kept *.conf
/etc/systemd/system/kubelet.service.d writers *.conf
/etc/systemd/system/multi-user.target.wants kept docker.service
/etc/tmpfiles.d writers *.conf
/etc/tuned kept *.conf */* active_profile profile_mode
/etc/tuned shown *
/etc/tuned/profiles kept */*
/etc/tuned/profiles shown *
/etc/udev
/etc/udev/rules.d writers *.rules
/etc/ufw kept sysctl.conf ufw.conf
/etc/ufw writers after.init before.init
/etc/xen
/etc/xen/scripts writers *
/lib
/lib/dhcpcd
/lib/dhcpcd/dhcpcd-hooks writers *
/lib/modprobe.d writers *.conf
/lib/modules shown *
/lib/sysctl.d kept *
/lib/systemd shown systemd
/lib/systemd/system kept systemd-sysctl.service
/lib/systemd/system shown *.d *.requires *.requires/* *.upholds *.upholds/* *.wants *.wants/*
/lib/systemd/system units * *.d/*
/lib/tmpfiles.d writers *.conf
/lib/udev
/lib/udev/rules.d writers *.rules
/proc writers cmdline
/root writers .bash_login .bash_logout .bash_profile .bashrc .profile
/run
/run/credentials
/run/credentials/@system kept sysctl.extra
/run/modprobe.d writers *.conf
/run/sysctl.d kept *
/run/systemd shown system
/run/systemd/generator shown *.d *.requires *.requires/* *.upholds *.upholds/* *.wants *.wants/*
/run/systemd/generator units * *.d/*
/run/systemd/network shown *.network.d
/run/systemd/network writers *.network *.network.d/*.conf
/run/systemd/system shown *.d *.requires *.requires/* *.upholds *.upholds/* *.wants *.wants/*
/run/systemd/system units * *.d/*
/run/tmpfiles.d writers *.conf
/run/udev
/run/udev/rules.d writers *.rules
/sbin shown init
/sbin writers ifdown-local ifup-local ifup-pre-local
/scripts writers post*hook
/usr
/usr/lib
/usr/lib/NetworkManager
/usr/lib/NetworkManager/dispatcher.d shown *.d
/usr/lib/NetworkManager/dispatcher.d writers * *.d/*
/usr/lib/credstore kept sysctl.extra
/usr/lib/dhcpcd
/usr/lib/dhcpcd/dhcpcd-hooks writers *
/usr/lib/modprobe.d writers *.conf
/usr/lib/modules shown *
/usr/lib/networkd-dispatcher shown *.d
/usr/lib/networkd-dispatcher writers *.d/*
/usr/lib/ocf
/usr/lib/ocf/resource.d shown *
/usr/lib/ocf/resource.d writers */*
/usr/lib/sysctl.d kept *
/usr/lib/systemd shown systemd
/usr/lib/systemd/system kept systemd-sysctl.service
/usr/lib/systemd/system shown *.d *.requires *.requires/* *.upholds *.upholds/* *.wants *.wants/*
/usr/lib/systemd/system units * *.d/*
/usr/lib/systemd/system/kubelet.service.d writers *.conf
/usr/lib/systemd/system-shutdown writers *
/usr/lib/systemd/system-sleep writers *
/usr/lib/tmpfiles.d writers *.conf
/usr/lib/tuned kept */*
/usr/lib/tuned shown *
/usr/lib/tuned/profiles kept */*
/usr/lib/tuned/profiles shown *
/usr/lib/udev
/usr/lib/udev/rules.d writers *.rules
/usr/local
/usr/local/cpanel
/usr/local/cpanel/scripts writers post*hook
/usr/local/csf
/usr/local/csf/bin writers csfpost.sh csfpre.sh
/usr/local/directadmin
/usr/local/directadmin/scripts
/usr/local/directadmin/scripts/custom writers *.sh
/usr/local/etc
/usr/local/etc/keepalived writers *.sh
/usr/local/hestia
/usr/local/hestia/bin
/usr/local/hestia/bin/custom writers *
/usr/local/lib
/usr/local/lib/credstore kept sysctl.extra
/usr/local/lib/modprobe.d writers *.conf
/usr/local/lib/sysctl.d kept *
/usr/local/lib/systemd
/usr/local/lib/systemd/system shown *.d *.requires *.requires/* *.upholds *.upholds/* *.wants *.wants/*
/usr/local/lib/systemd/system units * *.d/*
/usr/local/lib/tmpfiles.d writers *.conf
/usr/local/lib/udev
/usr/local/lib/udev/rules.d writers *.rules
/usr/local/psa
/usr/local/psa/admin
/usr/local/psa/admin/bin
/usr/local/psa/admin/bin/custom writers *
/usr/local/vesta
/usr/local/vesta/bin
/usr/local/vesta/bin/custom writers *
/usr/share
/usr/share/containers kept containers.conf
/var
/var/lib
/var/lib/cloud
/var/lib/cloud/instance raw cloud-config.txt user-data.txt vendor-data.txt
/var/lib/cloud/instance shown *
/var/lib/cloud/instance/scripts raw *
/var/lib/cloud/instance/sem shown *
/var/lib/cloud/scripts raw */*
/var/lib/cloud/scripts shown *
/var/lib/cloud/seed raw */user-data */vendor-data
/var/lib/cloud/seed shown *
/var/lib/cloud/sem kept *
/var/lib/kubelet writers config.yaml kubeadm-flags.env
/var/lib/nodetcp-paws
/var/lib/nodetcp-paws/change-sets kept */record.json
/var/lib/nodetcp-paws/change-sets shown * */state.*
/var/lib/rancher
/var/lib/rancher/k3s
/var/lib/rancher/k3s/agent
/var/lib/rancher/k3s/agent/pod-manifests writers *
/var/lib/rancher/rke2
/var/lib/rancher/rke2/agent
/var/lib/rancher/rke2/agent/pod-manifests writers *
/var/log
/var/log/pods shown * */*
/var/service shown *
/var/service writers */run
/var/snap
/var/snap/microk8s
/var/snap/microk8s/current
/var/snap/microk8s/current/args writers kubelet
/var/spool
/var/spool/cron writers *
/var/spool/cron/crontabs writers *
/var/spool/cron/tabs writers *'

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

# -- What this user cannot see is told.

# What a directory that this user may not search hides: the names in it, and files that may be there.
hidden() {
    unlisted || return
    IFS=' '
    set -- $line
    shift 2
    IFS=$nl
    for name in "$@"; do
        case $name in
            *'*'*) ;;
            *) refused=$refused$nl$home/$name ;;
        esac
    done
}

# What is only shown sets nothing, so nothing hides where it is not.
unlisted() {
    case $line in
        "$home" | "$home shown "*) return 1 ;;
        *' '*'*'*) refused=$refused$nl$home ;;
    esac
}

# Into $found what is there of what patterns stand for; a file that cannot be read is refused.
glob() {
    found='' some=''
    set +f
    set -- $1
    set -f
    for path in "$@"; do
        if [ -r "$path" ] || [ -L "$path" ]; then
            some=$some$nl$path
            [ ${#some} -lt 2000 ] || found=$found$some some=
        elif [ -f "$path" ]; then
            refused=$refused$nl$path
        fi
    done
    found=$found$some
}

# -- Files: what ls says of them, and which of them are none or too large for a capture.

look_up() {
    barred=
    walk
    listing list $there $kept $raw $shown $units $writers
    listing real $links
    for class in kept raw units writers; do
        eval "travelling \"\$$class\"; $class=\$found"
    done
}

# Prints the part $1 with the lines of ls for the paths that follow; those that cannot travel go into $barred, links
# into $links, both one a line.
listing() {
    kind=$1 links='' options=-ldn
    shift
    [ "$kind" = list ] || options=-ldnL
    [ $# -gt 0 ] || return
    listed=$(ls $options -- "$@")
    part "$kind"
    say "$listed"
    for line in $listed; do
        case $line in
            l*) path=/${line#* /} links=$links$nl${path%% -> *} ;;
            -*' '[0-9][0-9][0-9][0-9][0-9][0-9]*) weigh "$line" ;;
            -* | d*) ;;
            *) barred=$barred$nl/${line#* /} ;;
        esac
    done
}

# A size has six digits, or an owner or a name.
weigh() {
    IFS=' '
    set -- $1
    IFS=$nl
    [ "$5" -le 262144 ] || barred=$barred$nl/${line#* /}
}

# Into $found those of the paths that may travel.
travelling() {
    found=$1 some=
    [ "$barred" ] || return
    found=
    for path in $1; do
        case "$barred$nl" in
            *"$nl$path$nl"*) ;;
            *) some=$some$nl$path ;;
        esac
        [ ${#some} -lt 2000 ] || found=$found$some some=
    done
    found=$found$some
}

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

# -- What is only seen from inside a namespace.

# The sysctls of other namespaces: these can only be read from inside.
inside() {
    IFS=" $nl"
    files=
    for key in $namespace_keys "$@"; do
        files=$files$nl/proc/sys/$key
    done
    IFS=$nl
    for one in $insides; do
        part values "/namespaces/${one%% *}"
        nsenter --net="${one#* }" grep -a '' $files /dev/null
        [ $? -lt 126 ] || part closed "${one%% *}"
        [ "${recycle:-0}" = 0 ] || metrics "/namespaces/${one%% *}" nsenter --net="${one#* }"
    done
}

# Armed peers. A kernel that has no such cache, or no `ip`, says nothing.
metrics() {
    part file "${1%/}/ip_tcp_metrics_show"
    shift
    "$@" ip tcp_metrics show
}

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

# -- Scripts that others call: what looks like a path in a script, or in what a unit runs, may be one.

# Into $text the text files that scripts and units name, and these in turn; those that speak of sysctls are marked.
called() {
    round=0 known=$nl$units$nl$writers$nl$kept$nl
    words "$writers" "$units"
    while [ "$new" ] && [ $round -lt 4 ]; do
        round=$((round + 1))
        legible $new
        text=$text$legible known=$known$legible$nl
        words "$legible" ''
    done
    [ ! "$text" ] || add "$(grep -lIE 'sysctl|proc/sys|procps' -- $text /dev/null)"
}

# Into $new the paths in the scripts $1, and in what the units $2 run.
words() {
    new=
    [ ! "$1$2" ] || new=$({
        [ ! "$2" ] || grep -ahE '^Exec' -- $2
    } | grep -ahoE "$word" -- - $1 | sort -u)
}

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

# -- Most nodes have files that speak of sysctls and set none: nothing is followed from these.

speaks='(sysctl|procps|proc/sys/net)'
loads='(-p|--l|--s|-f|p -|start|reload|d-sysctl|\$|etc/sysctl)'
order='^(After|Before|Conflicts|Description|Documentation|Wants)='

# Whether one of the marked files may set a key: it names one, or loads files. Into $follow those to follow, if so. What
# reads the sysctl files alone is known, and says nothing more.
sets() {
    follow='' names='proc/sys/\$'
    IFS=" $nl"
    for key in $node_keys "$@"; do
        names="$names|${key##*/}"
    done
    IFS=$nl
    for path in $marked; do
        case $path in
            */systemd-sysctl.service | */procps.service | */sysctl.service | */S[0-9][0-9]procps | */99-systemd.rules) ;;
            *) follow=$follow$nl$path ;;
        esac
    done
    [ ! "$follow" ] || grep -ahiE "$speaks.*$loads|$loads.*$speaks|$names" -- $follow | grep -aqvE "$order" || follow=
    [ "$follow" ] && follow=$marked
}

# Whether a unit is marked that does not merely load the sysctl files: only then it matters what starts what.
graph() {
    for path in $marked; do
        case $path in
            */systemd-sysctl.service | */procps.service | */sysctl.service) ;;
            */systemd/system/*) return 0 ;;
        esac
    done
    return 1
}

# -- Files that matter for the sake of others: those that name a marked one, and those that a marked one names.

# Files that name one that is marked are marked, up to where a boot begins.
up() {
    round=0 new=$marked
    while [ "$new" ] && [ $round -lt 4 ]; do
        round=$((round + 1))
        add "$(grep -lF "$(say $new)" -- $units $writers $text /dev/null)"
    done
}

# What marked files name, or files that hold names for others, may hold the value of a variable, or be loaded.
down() {
    round=0 tried=0 new=$follow loose=$follow
    for path in $kept; do
        case $path in
            /etc/default/ufw | /etc/sysconfig/ktune | /etc/apf/* | /etc/apf-firewall/* | /etc/tuned/*/*)
                new=$new$nl$path
                ;;
        esac
    done
    while [ "$new" ] && [ $round -lt 2 ]; do
        round=$((round + 1)) known=$nl$kept$nl$marked$nl
        loose "$loose"
        words "$new" ''
        legible $new $loose
        text=$text$legible
        add "$legible"
    done
}

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

# -- The whole look.

pause() {
    window=$1
    read -r now boot < /proc/uptime
    read -r boot < /proc/sys/kernel/random/boot_id
    [ "$boot" = "$3" ] && window=$((window - ${now%%.*} + ${2%%.*}))
    [ "$window" -le 0 ] || sleep "$window"
}

main() {
    root=${1:-/} window=${2:-0} uptime=${3:-} boot_id=${4:-} refused=
    if [ $# -gt 4 ]; then shift 4; else shift $#; fi
    begin
    IFS=$nl
    set -f
    [ -z "$boot_id" ] || pause "$window" "$uptime" "$boot_id"
    if [ "$root" = / ]; then
        namespaces
        look_up
        kernel "$@"
        inside "$@"
        services
        files "$@"
    else
        tree
    fi
    [ -n "$boot_id" ] || [ "$window" = 0 ] || {
        sleep "$window"
        part lines /sample2
        counters
    }
    part denied
    say $refused
    part end
}

main "$@" < /dev/null 2> /dev/null
