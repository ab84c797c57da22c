# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""syn_info: look at SYNs, or at a capture of them. Documentation: plugins/modules/syn_info.py."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import kernels, live, pcap
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.analysis import study
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import Event
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport import payload
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport.node_action import NodeAction, VerbError

payload.payload('syn_look')  # packed in the controller's main process, before it forks a worker for each host


class ActionModule(NodeAction):
    """Look at SYNs on a node or in a file, and replay the kernel's rule over them."""

    SPEC = {
        'interface': {'type': 'str'},
        'namespace': {'type': 'str'},
        'port': {'type': 'int'},
        'duration': {'type': 'float', 'default': 10.0},
        'max_packets': {'type': 'int', 'default': 100000},
        'pcap': {'type': 'path'},
        'kernel': {'type': 'str'},
        'max_drops': {'type': 'int', 'default': 100},
    }

    def carry_out(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if arguments['max_drops'] < 0:
            raise VerbError('max_drops: a number of drops to list, or 0 for all')
        self._rule(arguments['kernel'] or kernels.STRICTEST)  # before anybody waits for a look
        try:
            events, look, release, problems = (
                self._file(arguments) if arguments['pcap'] else self._node(arguments, task_vars)
            )
        except (pcap.CaptureError, live.AnswerError) as error:
            raise VerbError(str(error)) from error
        rule = self._rule(arguments['kernel'] or release)
        result = study(events, rule, arguments['port'], arguments['max_drops'])
        result.update(changed=False, look=look, problems=problems + result['problems'])
        return result

    def _rule(self, release: str) -> kernels.Rule:
        try:
            return kernels.rule_of(release)
        except ValueError as error:
            raise VerbError('kernel: %s' % error) from error

    def _file(self, arguments: dict[str, Any]) -> tuple[list[Event], dict[str, Any], str, list[str]]:
        for option in ('interface', 'namespace'):
            if arguments[option]:
                raise VerbError('pcap and %s exclude each other: a file is on no interface' % option)
        try:
            path = self._find_needle('files', arguments['pcap'])
        except AnsibleError as error:
            raise VerbError(
                'pcap: %s is not among the files of the play on the controller' % arguments['pcap']
            ) from error
        capture = pcap.read(path)
        look = {'from': 'pcap', 'packets': capture.packets, 'lost': 0, 'seconds': None, 'stopped': None}
        return capture.events, look, kernels.STRICTEST, capture.problems

    def _node(
        self, arguments: dict[str, Any], task_vars: dict[str, Any]
    ) -> tuple[list[Event], dict[str, Any], str, list[str]]:
        asked = {name: arguments[name] for name in ('interface', 'namespace', 'port', 'duration', 'max_packets')}
        answer = self.ask_node('syn_look', asked, task_vars)
        events = live.unpack(answer)
        if arguments['interface'] not in (None, 'lo'):  # what passes an interface is looked at in both directions
            events = [(*event[:11], None) for event in events]
        look: dict[str, Any] = {name: live.number(answer, name) for name in ('packets', 'lost', 'seconds')}
        look.update({'from': 'node', 'stopped': live.stopped(answer)})
        problems = []
        if look['lost']:
            problems.append('%s packets were lost: the figures are too low' % look['lost'])
        if 'interface %s' % arguments['interface'] in (answer.get('unavailable') or ()):
            problems.append(
                'interface %s was down, at least for a time: nothing passed it then' % arguments['interface']
            )
        if look['stopped'] == 'addresses':
            problems.append('more IPv6 addresses than are remembered: the further ones are left out')
        elif look['stopped'] != 'duration':
            problems.append('the look ended after %s s: %s reached' % (look['seconds'], look['stopped']))
        release = (answer.get('kernel') or {}).get('release')
        if not isinstance(release, str) or len(release) > 128:
            release = kernels.STRICTEST
            problems.append('the node does not say its kernel: the rule of %s is replayed' % release)
        return events, look, release, problems
