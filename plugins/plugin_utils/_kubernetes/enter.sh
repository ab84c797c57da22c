#!/bin/sh
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs the collector in the root directory of the node, which is that of its first process, with the shell and the
# programs of the image. The node sees those below /proc/PID/root of this shell: no program of the node is needed, and
# none of its directories is mounted. They have to be linked statically, since the node need not have their libraries.

here=/proc/$$/root
PATH=$here/bin
export PATH
/bin/chroot /proc/1/root "$here/bin/sh" "$here/collect/collect.sh" "$@"
exit $?
