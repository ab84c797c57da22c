#!/bin/sh
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Audit an inventory in slices with ansible-runner, then make one report of all of them:
#
#     slices.sh COUNT JOB OUT
#
# JOB is what each slice gets: project/audit.yml, inventory/, and env/ with audit_report_dir in env/extravars. OUT, which
# must not be there, gets a directory for each slice, and whole/ with the report. All slices run here, at once; where they
# run elsewhere, something such as receptor carries what `worker` reads and writes.
#
# Ends with 0 where all is well, with the status of the report where it fails, else with 1 where a slice failed.
set -eu
count=$1 job=$2 out=$3

hosts=$(ansible all -i "$job/inventory" --list-hosts | sed -n 's/^ *hosts (\([0-9]*\)):$/\1/p')
[ "$count" -le "$hosts" ] || count=$hosts
mkdir "$out"
trap 'trap "" TERM; kill 0; exit 130' INT TERM  # the slices too: Ctrl-C does not come to what runs in the background

for slice in $(seq "$count"); do
    mkdir "$out/$slice"
    limit="all[$((hosts * (slice - 1) / count)):$((hosts * slice / count - 1))]"
    ansible-runner transmit "$job" --playbook audit.yml --limit "$limit" |
        ansible-runner worker |
        ansible-runner process "$out/$slice" > "$out/$slice/log" 2>&1 &
done
wait

# `process` ends with 0 whatever came back: how the playbook ended is among the artifacts.
status=0
for slice in $(seq "$count"); do
    ended=$(cat "$out/$slice/artifacts/rc" 2> /dev/null || echo 'no answer')
    [ "$ended" = 0 ] || { echo "slice $slice of $count ended with $ended: $out/$slice/log" >&2; status=1; }
done

ansible-playbook nodetcp.paws.report -i "$job/inventory" -e "@$job/env/extravars" -e report_hosts=all \
    -e "report_from=$out/*/artifacts/paws-report" -e "audit_report_dir=$out/whole" || status=$?
exit "$status"
