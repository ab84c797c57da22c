#!/bin/sh
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Install the system programs that the test fleet needs, where that is possible: as root, with apt-get.
# Where it is not, the tests name what they leave out, so this never fails.

PATH=$PATH:/usr/sbin:/sbin
export PATH DEBIAN_FRONTEND=noninteractive

missing=
command -v sshd > /dev/null || missing="$missing openssh-server"
command -v ssh > /dev/null || missing="$missing openssh-client"
command -v ip > /dev/null || missing="$missing iproute2"

if [ -z "$missing" ] || [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
    exit 0
fi

echo "Installing$missing for the test fleet"
# shellcheck disable=SC2086  # a list of words
{ apt-get -qq update && apt-get -qq install -y --no-install-recommends $missing; } < /dev/null > /dev/null ||
    echo "apt-get could not install$missing: the tests of the fleet will be left out"
exit 0
