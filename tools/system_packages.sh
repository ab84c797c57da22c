#!/bin/sh
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Install the system programs that tests need (fleet, machine, page, metrics, readers), where that is possible: as root,
# with apt-get.
# Where it is not, the tests name what they leave out, so this never fails.

PATH=$PATH:/usr/sbin:/sbin
export PATH DEBIAN_FRONTEND=noninteractive

missing=
command -v sshd > /dev/null || missing="$missing openssh-server"
command -v ssh > /dev/null || missing="$missing openssh-client"
command -v ip > /dev/null || missing="$missing iproute2"
command -v nft > /dev/null || missing="$missing nftables"
command -v iptables > /dev/null || missing="$missing iptables"
command -v chromium > /dev/null || missing="$missing chromium"
command -v chromedriver > /dev/null || missing="$missing chromium-driver"
fc-list :lang=zh 2> /dev/null | grep -q . || missing="$missing fontconfig fonts-wqy-microhei"
command -v gawk > /dev/null || missing="$missing gawk"
command -v qemu-system-x86_64 > /dev/null || missing="$missing qemu-system-x86"
command -v qemu-img > /dev/null || missing="$missing qemu-utils"
command -v mmdebstrap > /dev/null || missing="$missing mmdebstrap"
command -v mke2fs > /dev/null || missing="$missing e2fsprogs"
[ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || missing="$missing debian-archive-keyring"
command -v promtool > /dev/null || missing="$missing prometheus"
command -v sysctl > /dev/null || missing="$missing procps"
[ -x /usr/lib/systemd/systemd-sysctl ] || [ -x /lib/systemd/systemd-sysctl ] || missing="$missing systemd"
command -v sos > /dev/null || missing="$missing sosreport"
# That of the image of pods: linked statically.
command -v busybox > /dev/null || missing="$missing busybox-static"
for shell in dash mksh ksh; do
    command -v $shell > /dev/null || missing="$missing $shell"
done
command -v kubectl > /dev/null || missing="$missing kubernetes-client"
command -v netstat > /dev/null || missing="$missing net-tools"

if [ -z "$missing" ] || [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
    exit 0
fi

echo "Installing$missing for the tests"
# promtool comes with a server that nobody wants to run here.
case $missing in
    *prometheus*) [ ! -d /run/systemd/system ] || systemctl --quiet mask prometheus.service ;;
esac
# shellcheck disable=SC2086  # a list of words
{ apt-get -qq update && apt-get -qq install -y --no-install-recommends $missing; } < /dev/null > /dev/null ||
    echo "apt-get could not install$missing: the tests that need them will be left out"
exit 0
