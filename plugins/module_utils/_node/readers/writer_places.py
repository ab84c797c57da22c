# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of writers: all places from which something else than the sysctl files sets sysctls.

A row is (kind, moment, when, form, places), and the rows stand in the order of a boot:
    kind     what a record calls it
    moment   before or after the readers of the sysctl files
    when     boot: each boot; once: the first boot of an instance; event: an interface comes up, a time, a failover;
             pod: a container may set it in its own namespace. Some forms tell line by line, beginning with this.
    form     how it is read: a name in readers/writer_forms.py
    places   paths; `*` in a part stands for any name, `%` for names that run-parts takes, `+` for these on Debian alone

The look (readers/writers.py) reads no other place. docs/writers.md is made from this table; what it says of a kind to
people, and where that is written, stands in tools/docs_writers.yml, for nodes need not carry it.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

ROWS = (
    ('kernel-command-line', 'before', 'boot', 'command-line',
     '/proc/cmdline /boot/grub/grub.cfg /boot/grub2/grub.cfg /boot/efi/EFI/*/grub.cfg /boot/grub2/grubenv '
     '/boot/loader/entries/*.conf /boot/grub/menu.lst /boot/grub/grub.conf /boot/extlinux/extlinux.conf '
     '/boot/syslinux/syslinux.cfg /boot/cmdline.txt /boot/firmware/cmdline.txt /etc/kernel/cmdline /etc/default/grub '
     '/etc/default/grub.d/*.cfg'),
    ('initramfs', 'before', 'boot', 'script', '/etc/initramfs-tools/scripts/*/%'),
    ('modules-script', 'before', 'boot', 'script', '/etc/rc.modules /etc/sysconfig/modules/*.modules'),
    ('credential', 'after', 'boot', 'credential',
     '/run/credentials/@system/sysctl.extra /etc/credstore/sysctl.extra /usr/local/lib/credstore/sysctl.extra '
     '/usr/lib/credstore/sysctl.extra'),
    ('tmpfiles', 'after', 'boot', 'tmpfiles',
     '/etc/tmpfiles.d /run/tmpfiles.d /usr/local/lib/tmpfiles.d /usr/lib/tmpfiles.d /lib/tmpfiles.d'),
    ('ufw', 'after', 'boot', 'ufw', '/etc/ufw/ufw.conf'),
    ('apf', 'after', 'boot', 'apf', '/etc/apf/conf.apf /etc/apf-firewall/conf.apf'),
    ('shorewall', 'after', 'boot', 'variables', '/etc/shorewall/shorewall.conf /etc/shorewall6/shorewall6.conf'),
    ('firewall-script', 'after', 'boot', 'shell',
     '/etc/shorewall/init /etc/shorewall/initdone /etc/shorewall/start /etc/shorewall/started /etc/shorewall/params '
     '/etc/firehol/firehol.conf /etc/csf/csfpre.sh /etc/csf/csfpost.sh /usr/local/csf/bin/csfpre.sh '
     '/usr/local/csf/bin/csfpost.sh /etc/ufw/before.init /etc/ufw/after.init /etc/ferm/ferm.conf '
     '/etc/arno-iptables-firewall/custom-rules /etc/firewall.user'),
    ('ifupdown', 'after', 'event', 'interfaces', '/etc/network/interfaces /etc/network/interfaces.d/*'),
    ('ifupdown-script', 'after', 'event', 'script', '/etc/network/if-*.d/%'),
    ('networkd', 'after', 'boot', 'networkd',
     '/etc/systemd/networkd.conf /etc/systemd/networkd.conf.d/*.conf /etc/systemd/network/*.network '
     '/etc/systemd/network/*.network.d/*.conf /run/systemd/network/*.network /run/systemd/network/*.network.d/*.conf'),
    ('cloud-init', 'after', 'boot', 'cloud-init',
     '/etc/cloud/cloud.cfg /etc/cloud/cloud.cfg.d/*.cfg /var/lib/cloud/seed/*/user-data '
     '/var/lib/cloud/seed/*/vendor-data /var/lib/cloud/instance/vendor-data.txt '
     '/var/lib/cloud/instance/user-data.txt /var/lib/cloud/instance/cloud-config.txt '
     '/var/lib/cloud/instance/scripts/* /var/lib/cloud/scripts/*/*'),
    ('inittab', 'after', 'boot', 'inittab', '/etc/inittab'),
    ('ktune', 'after', 'boot', 'ktune', '/etc/sysctl.ktune /etc/ktune.d/*.conf /etc/ktune.d/*.sh'),
    ('upstart', 'after', 'boot', 'upstart', '/etc/init/*.conf'),
    ('init-script', 'after', 'boot', 'init-script',
     '/etc/rcS.d/S* /etc/rc.d/rcS.d/S* /etc/rc2.d/S* /etc/rc3.d/S* /etc/rc4.d/S* /etc/rc5.d/S* /etc/rc.d/rc2.d/S* '
     '/etc/rc.d/rc3.d/S* /etc/rc.d/rc4.d/S* /etc/rc.d/rc5.d/S* /etc/init.d/boot.d/S* /etc/init.d/rc2.d/S* '
     '/etc/init.d/rc3.d/S* /etc/init.d/rc5.d/S* /etc/runlevels/*/* /etc/rc.d/rc.sysinit'),
    ('systemd-unit', 'after', 'boot', 'units',
     '/etc/systemd/system /run/systemd/system /run/systemd/generator /usr/local/lib/systemd/system '
     '/usr/lib/systemd/system /lib/systemd/system'),
    ('docker', 'after', 'boot', 'docker',
     '/etc/systemd/system/multi-user.target.wants/docker.service /etc/rc2.d/S*docker /etc/rc3.d/S*docker '
     '/etc/runlevels/*/docker'),
    ('runit', 'after', 'boot', 'script',
     '/etc/runit/1 /etc/runit/2 /etc/runit/core-services/*.sh /etc/runit/runsvdir/default/*/run /var/service/*/run '
     '/etc/service/*/run'),
    ('tuned', 'after', 'boot', 'tuned', '/etc/tuned/active_profile'),
    ('static-pod', 'after', 'boot', 'pods',
     '/etc/kubernetes/manifests/* /etc/kubelet.d/* /var/lib/rancher/k3s/agent/pod-manifests/* '
     '/var/lib/rancher/rke2/agent/pod-manifests/*'),
    ('container-runtime', 'after', 'pod', 'runtime',
     '/etc/docker/daemon.json /etc/crio/crio.conf /etc/crio/crio.conf.d/*.conf /etc/containers/containers.conf '
     '/etc/containers/containers.conf.d/* /usr/share/containers/containers.conf /etc/containerd/*.json '
     '/etc/containers/systemd/*.container'),
    ('kubelet', 'after', 'pod', 'kubelet',
     '/var/lib/kubelet/config.yaml /var/lib/kubelet/kubeadm-flags.env /etc/default/kubelet /etc/sysconfig/kubelet '
     '/etc/kubernetes/kubelet.conf.d/*.conf /etc/kubernetes/kubelet/kubelet-config.json '
     '/etc/kubernetes/kubelet-config.yaml /etc/kubernetes/kubelet-config.json /etc/kubernetes/kubelet '
     '/etc/rancher/k3s/config.yaml /etc/rancher/k3s/config.yaml.d/*.yaml /etc/rancher/rke2/config.yaml '
     '/etc/rancher/rke2/config.yaml.d/*.yaml /var/snap/microk8s/current/args/kubelet '
     '/etc/systemd/system/kubelet.service /etc/systemd/system/kubelet.service.d/*.conf '
     '/usr/lib/systemd/system/kubelet.service.d/*.conf /etc/systemd/system/k3s.service '
     '/etc/systemd/system/k3s-agent.service'),
    ('rc.local', 'after', 'boot', 'rc.local',
     '/etc/rc.local /etc/rc.d/rc.local /etc/init.d/boot.local /etc/init.d/after.local /etc/rc.d/boot.local '
     '/etc/local.d/*.start /etc/rc.d/rc.M /etc/rc.d/rc.inet2'),
    ('conf.d-local', 'after', 'boot', 'shell', '/etc/conf.d/local.start'),
    ('cron', 'after', 'event', 'crontab', '/etc/crontab /etc/cron.d/+'),
    ('crontab', 'after', 'event', 'user-crontab',
     '/var/spool/cron/crontabs/* /var/spool/cron/tabs/* /var/spool/cron/* /etc/crontabs/*'),
    ('cron-script', 'after', 'event', 'script',
     '/etc/cron.hourly/+ /etc/cron.daily/+ /etc/cron.weekly/+ /etc/cron.monthly/+ /etc/periodic/*/*'),
    ('anacron', 'after', 'event', 'anacrontab', '/etc/anacrontab'),
    ('udev', 'after', 'event', 'udev',
     '/etc/udev/rules.d /run/udev/rules.d /usr/local/lib/udev/rules.d /usr/lib/udev/rules.d /lib/udev/rules.d'),
    ('modprobe', 'after', 'event', 'modprobe',
     '/etc/modprobe.d /run/modprobe.d /usr/local/lib/modprobe.d /usr/lib/modprobe.d /lib/modprobe.d'),
    ('networkmanager', 'after', 'event', 'script',
     '/etc/NetworkManager/dispatcher.d/* /etc/NetworkManager/dispatcher.d/*.d/* '
     '/usr/lib/NetworkManager/dispatcher.d/* /usr/lib/NetworkManager/dispatcher.d/*.d/*'),
    ('networkd-dispatcher', 'after', 'event', 'script',
     '/etc/networkd-dispatcher/*.d/* /usr/lib/networkd-dispatcher/*.d/*'),
    ('ifcfg-script', 'after', 'event', 'script',
     '/sbin/ifup-local /sbin/ifup-pre-local /sbin/ifdown-local /etc/sysconfig/network-scripts/ifup-local '
     '/etc/sysconfig/network/if-up.d/* /etc/sysconfig/network/scripts/*.local'),
    ('dhcp-hook', 'after', 'event', 'shell',
     '/etc/dhcp/dhclient-enter-hooks.d/% /etc/dhcp/dhclient-exit-hooks.d/% /etc/dhcp/dhclient-enter-hooks '
     '/etc/dhcp/dhclient-exit-hooks /etc/dhclient-exit-hooks /etc/dhcp/dhclient.d/*.sh /etc/dhcpcd.exit-hook '
     '/lib/dhcpcd/dhcpcd-hooks/*'),
    ('ppp-script', 'after', 'event', 'script',
     '/etc/ppp/ip-up /etc/ppp/ip-up.local /etc/ppp/ip-up.d/% /etc/ppp/ip-down.d/% /etc/ppp/ip-pre-up'),
    ('failover-script', 'after', 'event', 'script',
     '/etc/keepalived/*.sh /etc/keepalived/scripts/* /usr/local/etc/keepalived/*.sh /etc/ha.d/resource.d/* '
     '/etc/libvirt/hooks/* /etc/xen/scripts/* /etc/openvpn/*.sh /etc/openvpn/scripts/*'),
    ('resource-agent', 'after', 'event', 'script', '/usr/lib/ocf/resource.d/*/*'),
    ('sleep-script', 'after', 'event', 'script',
     '/usr/lib/systemd/system-sleep/* /etc/pm/sleep.d/* /usr/lib/systemd/system-shutdown/*'),
    ('panel-script', 'after', 'event', 'script',
     '/usr/local/cpanel/scripts/post*hook /scripts/post*hook /usr/local/directadmin/scripts/custom/*.sh '
     '/usr/local/psa/admin/bin/custom/* /usr/local/vesta/bin/custom/* /usr/local/hestia/bin/custom/*'),
    ('login', 'after', 'event', 'shell',
     '/etc/profile /etc/profile.d/*.sh /etc/bash.bashrc /etc/bashrc /root/.bash_profile /root/.bash_login '
     '/root/.profile /root/.bashrc /root/.bash_logout'),
)
