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
# It needs a POSIX shell, and cat, date, grep, head, ls, sleep, sort. The form of the text is docs/capture-format.md. Programs
# are what costs: each is started for many files at once.

# shellcheck disable=SC2086,SC2046,SC2045  # lists are split at their lines on purpose
LC_ALL=C
export LC_ALL
nl='
'

# lists:begin (tools/collector_lists.py writes them)
node_keys='net/ipv4/tcp_tw_recycle net/ipv4/tcp_timestamps net/ipv4/tcp_tw_reuse net/ipv4/tcp_rfc1337
    net/ipv4/tcp_syncookies net/ipv4/tcp_abort_on_overflow net/ipv4/ip_local_port_range net/core/somaxconn
    net/ipv4/tcp_max_tw_buckets net/ipv4/ip_local_reserved_ports net/ipv4/tcp_tw_reuse_delay net/ipv4/tcp_tw_timeout
    net/ipv4/tcp_fin_timeout net/ipv4/tcp_max_orphans net/ipv4/tcp_max_syn_backlog net/ipv4/ip_forward
    net/ipv4/conf/all/rp_filter net/ipv4/vs/conntrack net/ipv4/vs/conn_reuse_mode net/ipv4/vs/conn_reuse_old_conntrack
    net/ipv4/vs/expire_nodest_conn net/netfilter/nf_conntrack_max net/netfilter/nf_conntrack_tcp_timeout_time_wait
    net/netfilter/nf_conntrack_count kernel/osrelease kernel/hostname kernel/random/boot_id vm/swappiness fs/file-max'
namespace_keys='net/ipv4/tcp_tw_recycle net/ipv4/tcp_timestamps net/ipv4/tcp_tw_reuse net/ipv4/tcp_rfc1337
    net/ipv4/tcp_syncookies net/ipv4/tcp_abort_on_overflow net/ipv4/ip_local_port_range net/core/somaxconn'
parents='/boot /boot/efi /boot/efi/EFI /boot/efi/EFI/* /boot/extlinux /boot/firmware /boot/grub /boot/grub2
    /boot/loader /boot/loader/entries /boot/syslinux /etc /etc/NetworkManager /etc/NetworkManager/dispatcher.d
    /etc/NetworkManager/dispatcher.d/*.d /etc/apf /etc/apf-firewall /etc/arno-iptables-firewall /etc/cloud
    /etc/cloud/cloud.cfg.d /etc/conf.d /etc/containerd /etc/containers /etc/containers/containers.conf.d
    /etc/containers/systemd /etc/credstore /etc/crio /etc/crio/crio.conf.d /etc/cron.d /etc/cron.daily /etc/cron.hourly
    /etc/cron.monthly /etc/cron.weekly /etc/crontabs /etc/csf /etc/default /etc/default/grub.d /etc/dhcp
    /etc/dhcp/dhclient-enter-hooks.d /etc/dhcp/dhclient-exit-hooks.d /etc/dhcp/dhclient.d /etc/docker /etc/ferm
    /etc/firehol /etc/ha.d /etc/ha.d/resource.d /etc/init /etc/init.d /etc/init.d/boot.d /etc/init.d/rc2.d
    /etc/init.d/rc3.d /etc/init.d/rc5.d /etc/initramfs-tools /etc/initramfs-tools/scripts
    /etc/initramfs-tools/scripts/* /etc/keepalived /etc/keepalived/scripts /etc/kernel /etc/ktune.d /etc/kubelet.d
    /etc/kubernetes /etc/kubernetes/kubelet /etc/kubernetes/kubelet.conf.d /etc/kubernetes/manifests /etc/libvirt
    /etc/libvirt/hooks /etc/local.d /etc/modprobe.d /etc/network /etc/network/if-*.d /etc/network/interfaces.d
    /etc/networkd-dispatcher /etc/networkd-dispatcher/*.d /etc/openvpn /etc/openvpn/scripts /etc/periodic
    /etc/periodic/* /etc/pm /etc/pm/sleep.d /etc/ppp /etc/ppp/ip-down.d /etc/ppp/ip-up.d /etc/profile.d /etc/rancher
    /etc/rancher/k3s /etc/rancher/k3s/config.yaml.d /etc/rancher/rke2 /etc/rancher/rke2/config.yaml.d /etc/rc.d
    /etc/rc.d/init.d /etc/rc.d/rc2.d /etc/rc.d/rc3.d /etc/rc.d/rc4.d /etc/rc.d/rc5.d /etc/rc.d/rcS.d /etc/rc2.d
    /etc/rc3.d /etc/rc4.d /etc/rc5.d /etc/rcS.d /etc/runit /etc/runit/core-services /etc/runit/runsvdir
    /etc/runit/runsvdir/default /etc/runit/runsvdir/default/* /etc/runlevels /etc/runlevels/* /etc/service
    /etc/service/* /etc/shorewall /etc/shorewall6 /etc/sysconfig /etc/sysconfig/modules /etc/sysconfig/network
    /etc/sysconfig/network-scripts /etc/sysconfig/network/if-up.d /etc/sysconfig/network/scripts /etc/sysctl.d
    /etc/systemd /etc/systemd/network /etc/systemd/network/*.network.d /etc/systemd/networkd.conf.d /etc/systemd/system
    /etc/systemd/system/*.d /etc/systemd/system/docker.service.d /etc/systemd/system/kubelet.service.d
    /etc/systemd/system/multi-user.target.wants /etc/tmpfiles.d /etc/tuned /etc/tuned/* /etc/tuned/profiles
    /etc/tuned/profiles/* /etc/udev /etc/udev/rules.d /etc/ufw /etc/xen /etc/xen/scripts /lib /lib/dhcpcd
    /lib/dhcpcd/dhcpcd-hooks /lib/modprobe.d /lib/sysctl.d /lib/systemd /lib/systemd/system /lib/systemd/system/*.d
    /lib/tmpfiles.d /lib/udev /lib/udev/rules.d /proc /root /run /run/credentials /run/credentials/@system
    /run/modprobe.d /run/sysctl.d /run/systemd /run/systemd/generator /run/systemd/generator/*.d /run/systemd/network
    /run/systemd/network/*.network.d /run/systemd/system /run/systemd/system/*.d /run/tmpfiles.d /run/udev
    /run/udev/rules.d /sbin /scripts /usr /usr/lib /usr/lib/NetworkManager /usr/lib/NetworkManager/dispatcher.d
    /usr/lib/NetworkManager/dispatcher.d/*.d /usr/lib/credstore /usr/lib/modprobe.d /usr/lib/networkd-dispatcher
    /usr/lib/networkd-dispatcher/*.d /usr/lib/ocf /usr/lib/ocf/resource.d /usr/lib/ocf/resource.d/* /usr/lib/sysctl.d
    /usr/lib/systemd /usr/lib/systemd/system /usr/lib/systemd/system-shutdown /usr/lib/systemd/system-sleep
    /usr/lib/systemd/system/*.d /usr/lib/systemd/system/kubelet.service.d /usr/lib/tmpfiles.d /usr/lib/tuned
    /usr/lib/tuned/* /usr/lib/tuned/profiles /usr/lib/tuned/profiles/* /usr/lib/udev /usr/lib/udev/rules.d /usr/local
    /usr/local/cpanel /usr/local/cpanel/scripts /usr/local/csf /usr/local/csf/bin /usr/local/directadmin
    /usr/local/directadmin/scripts /usr/local/directadmin/scripts/custom /usr/local/etc /usr/local/etc/keepalived
    /usr/local/hestia /usr/local/hestia/bin /usr/local/hestia/bin/custom /usr/local/lib /usr/local/lib/credstore
    /usr/local/lib/modprobe.d /usr/local/lib/sysctl.d /usr/local/lib/systemd /usr/local/lib/systemd/system
    /usr/local/lib/systemd/system/*.d /usr/local/lib/tmpfiles.d /usr/local/lib/udev /usr/local/lib/udev/rules.d
    /usr/local/psa /usr/local/psa/admin /usr/local/psa/admin/bin /usr/local/psa/admin/bin/custom /usr/local/vesta
    /usr/local/vesta/bin /usr/local/vesta/bin/custom /usr/share /usr/share/containers /var /var/lib /var/lib/cloud
    /var/lib/cloud/instance /var/lib/cloud/instance/scripts /var/lib/cloud/scripts /var/lib/cloud/scripts/*
    /var/lib/cloud/seed /var/lib/cloud/seed/* /var/lib/cloud/sem /var/lib/kubelet /var/lib/nodetcp-paws
    /var/lib/nodetcp-paws/change-sets /var/lib/nodetcp-paws/change-sets/* /var/lib/rancher /var/lib/rancher/k3s
    /var/lib/rancher/k3s/agent /var/lib/rancher/k3s/agent/pod-manifests /var/lib/rancher/rke2
    /var/lib/rancher/rke2/agent /var/lib/rancher/rke2/agent/pod-manifests /var/service /var/service/* /var/snap
    /var/snap/microk8s /var/snap/microk8s/current /var/snap/microk8s/current/args /var/spool /var/spool/cron
    /var/spool/cron/crontabs /var/spool/cron/tabs'
searched='/boot /boot/loader/entries /etc/NetworkManager/dispatcher.d /etc/apf /etc/apf-firewall /etc/cloud/cloud.cfg.d
    /etc/containerd /etc/containers/containers.conf.d /etc/containers/systemd /etc/crio/crio.conf.d /etc/cron.d
    /etc/cron.daily /etc/cron.hourly /etc/cron.monthly /etc/cron.weekly /etc/crontabs /etc/default/grub.d
    /etc/dhcp/dhclient-enter-hooks.d /etc/dhcp/dhclient-exit-hooks.d /etc/dhcp/dhclient.d /etc/ha.d/resource.d
    /etc/init /etc/init.d/boot.d /etc/init.d/rc2.d /etc/init.d/rc3.d /etc/init.d/rc5.d /etc/keepalived
    /etc/keepalived/scripts /etc/ktune.d /etc/kubelet.d /etc/kubernetes/kubelet.conf.d /etc/kubernetes/manifests
    /etc/libvirt/hooks /etc/local.d /etc/modprobe.d /etc/network/interfaces.d /etc/openvpn /etc/openvpn/scripts
    /etc/pm/sleep.d /etc/ppp/ip-down.d /etc/ppp/ip-up.d /etc/profile.d /etc/rancher/k3s/config.yaml.d
    /etc/rancher/rke2/config.yaml.d /etc/rc.d/rc2.d /etc/rc.d/rc3.d /etc/rc.d/rc4.d /etc/rc.d/rc5.d /etc/rc.d/rcS.d
    /etc/rc2.d /etc/rc3.d /etc/rc4.d /etc/rc5.d /etc/rcS.d /etc/runit/core-services /etc/sysconfig/modules
    /etc/sysconfig/network/if-up.d /etc/sysconfig/network/scripts /etc/sysctl.d /etc/systemd/network
    /etc/systemd/networkd.conf.d /etc/systemd/system /etc/systemd/system/docker.service.d
    /etc/systemd/system/kubelet.service.d /etc/tmpfiles.d /etc/tuned /etc/udev/rules.d /etc/xen/scripts
    /lib/dhcpcd/dhcpcd-hooks /lib/modprobe.d /lib/sysctl.d /lib/systemd/system /lib/tmpfiles.d /lib/udev/rules.d
    /run/modprobe.d /run/sysctl.d /run/systemd/generator /run/systemd/network /run/systemd/system /run/tmpfiles.d
    /run/udev/rules.d /scripts /usr/lib/NetworkManager/dispatcher.d /usr/lib/modprobe.d /usr/lib/sysctl.d
    /usr/lib/systemd/system /usr/lib/systemd/system-shutdown /usr/lib/systemd/system-sleep
    /usr/lib/systemd/system/kubelet.service.d /usr/lib/tmpfiles.d /usr/lib/udev/rules.d /usr/local/cpanel/scripts
    /usr/local/directadmin/scripts/custom /usr/local/etc/keepalived /usr/local/hestia/bin/custom
    /usr/local/lib/modprobe.d /usr/local/lib/sysctl.d /usr/local/lib/systemd/system /usr/local/lib/tmpfiles.d
    /usr/local/lib/udev/rules.d /usr/local/psa/admin/bin/custom /usr/local/vesta/bin/custom
    /var/lib/cloud/instance/scripts /var/lib/cloud/sem /var/lib/rancher/k3s/agent/pod-manifests
    /var/lib/rancher/rke2/agent/pod-manifests /var/spool/cron /var/spool/cron/crontabs /var/spool/cron/tabs'
whole='/etc/sysctl.d/* /run/sysctl.d/* /usr/local/lib/sysctl.d/* /usr/lib/sysctl.d/* /lib/sysctl.d/* /etc/sysctl.conf
    /boot/sysctl.conf-* /etc/rc.d/rc.sysinit /etc/rc.sysinit /etc/runit/core-services/08-sysctl.sh
    /etc/init/procps.conf /etc/init.d/sysctl /etc/init.d/boot.sysctl /etc/init.d/procps /etc/rc.d/rc.S
    /etc/rc.d/init.d/functions /etc/init.d/functions /etc/inittab /etc/runit /etc/s6 /etc/dinit.d
    /etc/slackware-version /etc/os-release /etc/system-release /etc/redhat-release /etc/default/ufw
    /etc/ufw/sysctl.conf /etc/tuned/*.conf /etc/tuned/*/* /usr/lib/tuned/*/* /etc/tuned/profiles/*/*
    /usr/lib/tuned/profiles/*/* /etc/tuned/profile_mode /etc/hostname /etc/cloud/cloud-init.disabled
    /var/lib/cloud/sem/* /etc/init/*.override /etc/sysconfig/ktune /etc/apf/* /etc/apf-firewall/*
    /etc/systemd/system/docker.service.d/*.conf /usr/lib/systemd/system/systemd-sysctl.service
    /lib/systemd/system/systemd-sysctl.service /run/credentials/@system/sysctl.extra /etc/credstore/sysctl.extra
    /usr/local/lib/credstore/sysctl.extra /usr/lib/credstore/sysctl.extra
    /etc/systemd/system/multi-user.target.wants/docker.service /etc/rc2.d/S*docker /etc/rc3.d/S*docker
    /etc/runlevels/*/docker /etc/ufw/ufw.conf /etc/apf/conf.apf /etc/apf-firewall/conf.apf /etc/tuned/active_profile
    /etc/sysctl.ktune /etc/ktune.d/*.conf /etc/ktune.d/*.sh /etc/docker/daemon.json /etc/crio/crio.conf
    /etc/crio/crio.conf.d/*.conf /etc/containers/containers.conf /etc/containers/containers.conf.d/*
    /usr/share/containers/containers.conf /etc/containerd/*.json /etc/containers/systemd/*.container
    /var/lib/nodetcp-paws/change-sets/*/record.json'
naming='/etc/default/ufw /etc/sysconfig/ktune /etc/apf/* /etc/apf-firewall/* /etc/tuned/*/*'
raw='/var/lib/cloud/seed/*/user-data /var/lib/cloud/seed/*/vendor-data /var/lib/cloud/instance/vendor-data.txt
    /var/lib/cloud/instance/user-data.txt /var/lib/cloud/instance/cloud-config.txt /var/lib/cloud/instance/scripts/*
    /var/lib/cloud/scripts/*/*'
programs='/run/systemd/system /usr/lib/systemd/systemd /lib/systemd/systemd /etc/systemd/system.conf
    /etc/debian_version /bin/sh /sbin/init /var/lib/cloud/instance/* /var/lib/cloud/instance/sem/* /lib/modules/*
    /usr/lib/modules/* /var/log/pods/*/* /var/lib/nodetcp-paws/change-sets/*/state.*'
links='/etc/systemd/system/*.wants/* /etc/systemd/system/*.requires/* /etc/systemd/system/*.upholds/*
    /run/systemd/system/*.wants/* /run/systemd/system/*.requires/* /run/systemd/system/*.upholds/*
    /run/systemd/generator/*.wants/* /run/systemd/generator/*.requires/* /run/systemd/generator/*.upholds/*
    /usr/local/lib/systemd/system/*.wants/* /usr/local/lib/systemd/system/*.requires/*
    /usr/local/lib/systemd/system/*.upholds/* /usr/lib/systemd/system/*.wants/* /usr/lib/systemd/system/*.requires/*
    /usr/lib/systemd/system/*.upholds/* /lib/systemd/system/*.wants/* /lib/systemd/system/*.requires/*
    /lib/systemd/system/*.upholds/*'
units='/etc/systemd/system/* /etc/systemd/system/*.d/* /run/systemd/system/* /run/systemd/system/*.d/*
    /run/systemd/generator/* /run/systemd/generator/*.d/* /usr/local/lib/systemd/system/*
    /usr/local/lib/systemd/system/*.d/* /usr/lib/systemd/system/* /usr/lib/systemd/system/*.d/* /lib/systemd/system/*
    /lib/systemd/system/*.d/*'
writers='/proc/cmdline /boot/grub/grub.cfg /boot/grub2/grub.cfg /boot/efi/EFI/*/grub.cfg /boot/grub2/grubenv
    /boot/loader/entries/*.conf /boot/grub/menu.lst /boot/grub/grub.conf /boot/extlinux/extlinux.conf
    /boot/syslinux/syslinux.cfg /boot/cmdline.txt /boot/firmware/cmdline.txt /etc/kernel/cmdline /etc/default/grub
    /etc/default/grub.d/*.cfg /etc/initramfs-tools/scripts/*/* /etc/rc.modules /etc/sysconfig/modules/*.modules
    /etc/network/if-*.d/* /etc/runit/1 /etc/runit/2 /etc/runit/core-services/*.sh /etc/runit/runsvdir/default/*/run
    /var/service/*/run /etc/service/*/run /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/*
    /etc/periodic/*/* /etc/NetworkManager/dispatcher.d/* /etc/NetworkManager/dispatcher.d/*.d/*
    /usr/lib/NetworkManager/dispatcher.d/* /usr/lib/NetworkManager/dispatcher.d/*.d/* /etc/networkd-dispatcher/*.d/*
    /usr/lib/networkd-dispatcher/*.d/* /sbin/ifup-local /sbin/ifup-pre-local /sbin/ifdown-local
    /etc/sysconfig/network-scripts/ifup-local /etc/sysconfig/network/if-up.d/* /etc/sysconfig/network/scripts/*.local
    /etc/ppp/ip-up /etc/ppp/ip-up.local /etc/ppp/ip-up.d/* /etc/ppp/ip-down.d/* /etc/ppp/ip-pre-up /etc/keepalived/*.sh
    /etc/keepalived/scripts/* /usr/local/etc/keepalived/*.sh /etc/ha.d/resource.d/* /etc/libvirt/hooks/*
    /etc/xen/scripts/* /etc/openvpn/*.sh /etc/openvpn/scripts/* /usr/lib/ocf/resource.d/*/*
    /usr/lib/systemd/system-sleep/* /etc/pm/sleep.d/* /usr/lib/systemd/system-shutdown/*
    /usr/local/cpanel/scripts/post*hook /scripts/post*hook /usr/local/directadmin/scripts/custom/*.sh
    /usr/local/psa/admin/bin/custom/* /usr/local/vesta/bin/custom/* /usr/local/hestia/bin/custom/*
    /etc/tmpfiles.d/*.conf /run/tmpfiles.d/*.conf /usr/local/lib/tmpfiles.d/*.conf /usr/lib/tmpfiles.d/*.conf
    /lib/tmpfiles.d/*.conf /etc/shorewall/shorewall.conf /etc/shorewall6/shorewall6.conf /etc/shorewall/init
    /etc/shorewall/initdone /etc/shorewall/start /etc/shorewall/started /etc/shorewall/params /etc/firehol/firehol.conf
    /etc/csf/csfpre.sh /etc/csf/csfpost.sh /usr/local/csf/bin/csfpre.sh /usr/local/csf/bin/csfpost.sh
    /etc/ufw/before.init /etc/ufw/after.init /etc/ferm/ferm.conf /etc/arno-iptables-firewall/custom-rules
    /etc/firewall.user /etc/conf.d/local.start /etc/dhcp/dhclient-enter-hooks.d/* /etc/dhcp/dhclient-exit-hooks.d/*
    /etc/dhcp/dhclient-enter-hooks /etc/dhcp/dhclient-exit-hooks /etc/dhclient-exit-hooks /etc/dhcp/dhclient.d/*.sh
    /etc/dhcpcd.exit-hook /lib/dhcpcd/dhcpcd-hooks/* /etc/profile /etc/profile.d/*.sh /etc/bash.bashrc /etc/bashrc
    /root/.bash_profile /root/.bash_login /root/.profile /root/.bashrc /root/.bash_logout /etc/network/interfaces
    /etc/network/interfaces.d/* /etc/systemd/networkd.conf /etc/systemd/networkd.conf.d/*.conf
    /etc/systemd/network/*.network /etc/systemd/network/*.network.d/*.conf /run/systemd/network/*.network
    /run/systemd/network/*.network.d/*.conf /etc/cloud/cloud.cfg /etc/cloud/cloud.cfg.d/*.cfg /etc/inittab
    /etc/init/*.conf /etc/rcS.d/S* /etc/rc.d/rcS.d/S* /etc/rc2.d/S* /etc/rc3.d/S* /etc/rc4.d/S* /etc/rc5.d/S*
    /etc/rc.d/rc2.d/S* /etc/rc.d/rc3.d/S* /etc/rc.d/rc4.d/S* /etc/rc.d/rc5.d/S* /etc/init.d/boot.d/S*
    /etc/init.d/rc2.d/S* /etc/init.d/rc3.d/S* /etc/init.d/rc5.d/S* /etc/runlevels/*/* /etc/rc.d/rc.sysinit
    /etc/kubernetes/manifests/* /etc/kubelet.d/* /var/lib/rancher/k3s/agent/pod-manifests/*
    /var/lib/rancher/rke2/agent/pod-manifests/* /var/lib/kubelet/config.yaml /var/lib/kubelet/kubeadm-flags.env
    /etc/default/kubelet /etc/sysconfig/kubelet /etc/kubernetes/kubelet.conf.d/*.conf
    /etc/kubernetes/kubelet/kubelet-config.json /etc/kubernetes/kubelet-config.yaml /etc/kubernetes/kubelet-config.json
    /etc/kubernetes/kubelet /etc/rancher/k3s/config.yaml /etc/rancher/k3s/config.yaml.d/*.yaml
    /etc/rancher/rke2/config.yaml /etc/rancher/rke2/config.yaml.d/*.yaml /var/snap/microk8s/current/args/kubelet
    /etc/systemd/system/kubelet.service /etc/systemd/system/kubelet.service.d/*.conf
    /usr/lib/systemd/system/kubelet.service.d/*.conf /etc/systemd/system/k3s.service
    /etc/systemd/system/k3s-agent.service /etc/rc.local /etc/rc.d/rc.local /etc/init.d/boot.local
    /etc/init.d/after.local /etc/rc.d/boot.local /etc/local.d/*.start /etc/rc.d/rc.M /etc/rc.d/rc.inet2 /etc/crontab
    /etc/cron.d/* /var/spool/cron/crontabs/* /var/spool/cron/tabs/* /var/spool/cron/* /etc/crontabs/* /etc/anacrontab
    /etc/udev/rules.d/*.rules /run/udev/rules.d/*.rules /usr/local/lib/udev/rules.d/*.rules
    /usr/lib/udev/rules.d/*.rules /lib/udev/rules.d/*.rules /etc/modprobe.d/*.conf /run/modprobe.d/*.conf
    /usr/local/lib/modprobe.d/*.conf /usr/lib/modprobe.d/*.conf /lib/modprobe.d/*.conf'
# lists:end

# -- The text: a line that nobody can guess begins each part, so no file can pretend to be another one.

begin() {
    read -r border < /proc/sys/kernel/random/uuid || border=$$-$PPID
    printf 'nodetcp-paws-capture 1 %s\n' "$border"
}

part() {
    printf '\n%s %s %s\n' "$border" "$1" "${2:-}"
}

# The lines of files, each behind the name of its file. What comes before the files: options of grep.
lines() {
    grep -a "$@" /dev/null
}

# -- Files: which of them are regular, can be read and are small enough. The lists are in $files, $refused, one a line.
# Two patterns may mean the same file; ls sorts, so it comes twice in a row.

usable() {
    files='' listed='' last=''
    [ $# -gt 0 ] || return
    listed=$(ls -ldnL -- "$@" 2>&1)
    for line in $listed; do
        path=/${line#* /}
        case $line in
            *' /dev/'* | *' /proc/'* | *' /sys/'*) ;;
            -*) [ "$path" != "$last" ] && readable "$line" && files=$files$nl$path last=$path ;;
            d*) [ -r "$path" ] && [ -x "$path" ] || refused=$refused$nl$path ;;
            *'ermission denied') path=/${line#*/} refused=$refused$nl${path%%[\':]*} ;;
        esac
    done
}

readable() {
    IFS=" $nl"
    set -- $1
    IFS=$nl
    [ "$5" -le 262144 ] || return
    [ -r "$path" ] && return
    refused=$refused$nl$path
    return 1
}

# What a list of patterns stands for, into $found: patterns are split at blanks, names are not.
expand() {
    IFS=" $nl"
    patterns=
    for path in $1; do
        [ "${path#/lib/}" = "$path" ] || [ ! -L /lib ] || path=/usr$path
        case " $patterns " in
            *" $path "*) ;;
            *) patterns="$patterns $path" ;;
        esac
    done
    set +f
    set -- $patterns
    set -f
    IFS=$nl
    found=
    for path in "$@"; do
        case $path in
            *'*'*) ;;
            *) found=$found$nl$path ;;
        esac
    done
}

# -- Values of sysctls. A key that stands alone is there; one that has no line behind its path could not be read. The
# shell itself cannot read them: it reads byte by byte, and the kernel gives such a reader the first digit of a number.

sysctls() {
    part values /
    IFS=" $nl"
    keys="$node_keys $*" files='' recycle=''
    for key in $keys; do
        [ ! -e "/proc/sys/$key" ] || files=$files$nl$key
    done
    IFS=$nl
    printf '%s\n' $files
    lines '' $(printf '/proc/sys/%s\n' $files)
    read -r recycle < /proc/sys/net/ipv4/tcp_tw_recycle
    [ "${recycle:-0}" = 0 ] || metrics /
    [ ! "$insides" ] || inside "$namespace_keys $*"
}

inside() {
    IFS=" $nl"
    files=$(printf '/proc/sys/%s\n' $1)
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

# -- Network namespaces: "INODE PATH" a line in $insides, the /proc directories of their processes in $looked.

namespaces() {
    own='' uid='' members='' insides='' asked='' nets=/proc/net unseen=0
    set +f
    set -- /proc/[0-9]*
    set -f
    processes=$#
    for line in $(ls -ln /proc/self/ns/net $(printf '%s/ns/net\n' "$@") 2>&1); do
        inode=${line##*net:[} pid=${line#*/proc/}
        case $line in
            *'/ns/net'*'ermission denied'*) unseen=$((unseen + 1)) ;;
            *' /proc/self/ns/net -> '*) own=${inode%]} uid=$line ;;
            *' -> net:'*) members=$members$nl${inode%]}' '${pid%%/*} ;;
        esac
    done
    IFS=" $nl"
    set -- $uid
    IFS=$nl
    uid=$3
    part links
    printf '%s 1\n' "$own"
    others
    part node
    printf '%s\n' "uid $uid" "processes $processes" "unseen $unseen" "date $(date +%s)"
    named
}

# Of each other namespace: all processes by number, files of the first ones, and one to go in by.
others() {
    last='' foreign=
    for line in $members; do
        [ "${line%% *}" = "$own" ] || foreign=$foreign$nl$line
    done
    [ "$foreign" ] || return
    for line in $(printf '%s\n' $foreign | sort -k 1,1n -k 2,2n); do
        printf '%s\n' "$line"
        pid=/proc/${line#* } inode=${line%% *}
        [ "$inode" = "$last" ] || last=$inode count=0 insides="$insides$nl$inode $pid/ns/net" nets=$nets$nl$pid/net
        count=$((count + 1))
        [ $count -gt 8 ] || asked=$asked$nl$pid/stat$nl$pid/cgroup
    done
}

# Those that a name keeps, as `ip netns` and container engines make them.
named() {
    expand '/run/netns/* /var/run/netns/* /run/docker/netns/*'
    [ "$found" ] || return
    part named
    for line in $(ls -ldniL -- $found); do
        printf '%s\n' "$line"
        while [ "$line" != "${line# }" ]; do line=${line# }; done
        inode=${line%% *}
        case "$nl$insides$nl$own " in
            *"$nl$inode "*) ;;
            *) insides=$insides$nl$inode' /'${line#* /} ;;
        esac
    done
}

# -- Counters, and what else /proc has of namespaces.

counters() {
    for net in $nets; do
        set -- "$@" "$net/netstat" "$net/snmp" "$net/stat/nf_conntrack"
    done
    lines -m 4096 '' /proc/uptime "$@"
}

proc() {
    part lines
    counters
    part lines
    for net in $nets; do
        set -- "$@" "$net/sockstat" "$net/fib_trie" "$net/if_inet6"
    done
    lines -m 40000 '' "$@" /proc/1/stat $asked /proc/version /proc/cmdline
    part lines
    set --
    for net in $nets; do
        set -- "$@" "$net/tcp" "$net/tcp6"
    done
    lines -m 440 '' "$@"
    [ "$uid" = 0 ] && [ -e /proc/1/stat ] || {
        part lines
        lines ' /proc proc ' /proc/self/mounts
    }
}

# How Services of a cluster work: the process of kube-proxy, and its configuration where kubelet keeps it.
services() {
    [ -d /var/log/pods ] || return
    set +f
    set -- $(grep -slE '^(kube-proxy|k3s-server|k3s-agent|kubelite|cilium-agent)$' /proc/[0-9]*/comm)
    set -f
    [ $# -gt 0 ] || return
    expand '/var/lib/kubelet/pods/*/volumes/kubernetes.io~configmap/kube-proxy/*.conf'
    usable $found
    part lines
    lines '' "$@" $files
    part lines
    lines 'kube-ipvs0:' /proc/net/dev
    for path in "$@"; do
        part file "${path%comm}cmdline"
        cat -- "${path%comm}cmdline"
        part file "${path%comm}cgroup"
        cat -- "${path%comm}cgroup"
    done
}

# -- Writers: files that speak of sysctls travel whole, with the scripts that lead to them and what they name.

marks="sysctl|Sysctl|SYSCTL|proc/sys|procps|nsafe|Forward|Masquerade|FORWARD|base64|b64"
skeleton='^(Wants|Requires|BindsTo|Upholds|Unit|Service|OnBootSec|OnStartupSec|OnActiveSec|Exec[A-Za-z]*|Environment[A-Za-z]*)[ =]|^\['
piece='[A-Za-z0-9_.+@:*?/-]*[./*?][A-Za-z0-9_.+@:*?/-]*'
word='/[A-Za-z0-9_.+@:/-]*[A-Za-z0-9_]'

settings() {
    part list
    expand "$parents"
    ls -ldn -- $found
    expand "$searched"
    usable $found
    part list
    expand "$whole $programs $links"
    ls -ldn -- $found
    part real
    ls -ldnL -- $found
    expand "$whole"
    usable $found
    kept=$files
    expand "$raw"
    usable $found
    for path in $files; do
        part file "$path"
        cat -- "$path"
    done
}

writers() {
    expand "$units"
    usable $found
    unit_files=$files places=$found real=$listed
    expand "$writers"
    usable $found
    part list
    ls -ldn -- $places $found
    part real
    printf '%s\n' "$real" "$listed"
    candidates=$unit_files$nl$files scripts=$files
    marked=''
    add "$(grep -lIE "$marks" -- $candidates /dev/null)"
    called
    up
    down
    [ $tried -le 4000 ] || part unfollowed $tried
    part lines
    lines '' $kept
    part lines
    lines '' $marked
    graph && {
        part lines
        lines -E "$skeleton" $unit_files
    }
    part real
    [ ! "$text" ] || ls -ldnL -- $text
}

# Into $text: the text files that scripts and units name, and these in turn.
called() {
    text='' round=0
    new=$(words "$scripts" "$unit_files" "$candidates")
    while [ "$new" ] && [ $round -lt 4 ]; do
        round=$((round + 1))
        legible $new
        text=$text$legible new=
        [ ! "$legible" ] || new=$(words "$legible" '' "$candidates$text")
    done
    [ ! "$text" ] || add "$(grep -lIE 'sysctl|proc/sys|procps' -- $text /dev/null)"
}

# Paths in the scripts $1, and in what the units $2 run, without those of $3.
words() {
    {
        [ ! "$1" ] || grep -ahoE "$word" -- $1
        [ ! "$2" ] || grep -ahE '^Exec' -- $2 | grep -aoE "$word"
    } | sort -u | grep -avxF "$(printf '%s\n' $3)"
}

# Into $legible: those of the paths that are files without machine code.
legible() {
    legible=
    usable "$@"
    [ "$files" ] || return
    for line in $(head -c 4 -- $files /dev/null); do
        case $line in
            '==> '*' <==') path=${line#==> } path=${path% <==} ;;
            *ELF*) ;;
            *) legible=$legible$nl$path ;;
        esac
    done
}

# Files that name one that is marked are marked, up to where a boot begins.
up() {
    round=0 new=$marked
    while [ "$new" ] && [ $round -lt 4 ]; do
        round=$((round + 1))
        naming=$(grep -lF "$(printf '%s\n' $new)" -- $candidates $text /dev/null)
        new=
        add "$naming"
    done
}

# Marks those of the paths that are not marked yet; $new: these alone.
add() {
    for path in $1; do
        case "$nl$marked$nl" in
            *"$nl$path$nl"*) ;;
            *) marked=$marked$nl$path new=$new$nl$path ;;
        esac
    done
}

# What marked files name may hold the value of a variable, or be a file that they load.
down() {
    expand "$naming"
    usable $found
    round=0 tried=0 new=$marked$files loose=$marked
    while [ "$new" ] && [ $round -lt 2 ]; do
        round=$((round + 1))
        loose "$loose"
        legible $(words "$new" '' "$kept$marked") $loose
        new=
        text=$text$legible
        add "$legible"
    done
}

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
    pieces=$(grep -ahoE "$piece" -- $scripts | grep -avE '^/?(dev|proc|sys|net)[./]|//' | sort -u)
    for path in $pieces; do
        case $path in
            /*[*?]*) meant "$path" ;;
            /*) [ ! -d "$path" ] || homes=$homes$nl${path%/}/ ;;
        esac
    done
    for home in $(printf '%s\n' $homes | sort -u); do
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
        *[*?]*) ;;
        *)
            [ -f "$1" ] && fresh "$1" && loose=$loose$nl$1
            return
            ;;
    esac
    set +f
    set -- $1
    set -f
    for one in "$@"; do
        [ -f "$one" ] && fresh "$one" && many=$many$nl$one
    done
}

fresh() {
    case "$nl$kept$nl$marked$nl$loose$nl$many$nl" in
        *"$nl$1$nl"*) return 1 ;;
    esac
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

# -- A captured tree travels as it is: no link in it is followed.

tree() {
    sum=0 paths='' directory=$root
    set -f
    part tree
    for line in $(ls -lnAR -- "$root/"); do
        printf '%s\n' "$line"
        case $line in
            /*:) directory=${line%:} directory=${directory%/} ;;
            -*) measured "$line" ;;
        esac
    done
    [ $sum -lt 20971520 ] || {
        part refused
        printf 'the tree has more than 20 MiB\n'
        return
    }
    part lines
    [ ! "$paths" ] || lines '' $paths
}

# Adds a file of $directory: its name stands behind eight fields, or seven where a date is one, as toybox prints it.
measured() {
    rest=$1 fields=8
    IFS=" $nl"
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
    [ -z "$boot_id" ] || pause "$window" "$uptime" "$boot_id"
    if [ "$root" = / ]; then
        namespaces
        sysctls "$@"
        proc
        services
        settings
        writers
    else
        tree
    fi
    [ -n "$boot_id" ] || [ "$window" = 0 ] || {
        sleep "$window"
        part lines /sample2
        counters
    }
    part denied
    printf '%s\n' $refused
    part end
}

main "$@" < /dev/null 2> /dev/null
