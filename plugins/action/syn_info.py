# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""syn_info: look at SYNs, or at a capture of them. Documentation: plugins/modules/syn_info.py."""

from collections.abc import Container

from ansible.errors import AnsibleError

from ..plugin_utils._messages.message import Message, MessageError, message, told_by
from ..plugin_utils._packets import both_sides, kernels, live, pcap
from ..plugin_utils._packets.analysis import study
from ..plugin_utils._packets.segment import Event
from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import payload
from ..plugin_utils._transport.node_action import NodeAction, VerbError

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
        'peer_pcap': {'type': 'path'},
        'kernel': {'type': 'str'},
        'max_drops': {'type': 'int', 'default': 100},
    }

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        self._check(arguments)
        try:
            capture = self._read('pcap', arguments) if arguments['pcap'] else None
            events, look, release, problems = self._file(capture) if capture else self._node(arguments, task_vars)
        except (pcap.CaptureError, live.AnswerError) as error:
            raise VerbError(told_by(error)) from error
        rule, rejections = self._rule(arguments['kernel'] or release), capture.rejections if capture else []
        studied = study(events, rule, arguments['port'], arguments['max_drops'], rejections)
        result = {**studied, 'changed': False, 'look': look, 'problems': problems + studied['problems']}
        if capture and arguments['peer_pcap']:
            self._add_peer(result, arguments, capture, rule)
        return result

    def _check(self, arguments: Values) -> None:
        """Raises VerbError, before anybody waits for a look."""
        if arguments['max_drops'] < 0:
            raise VerbError(message('packets/max-drops'))
        if arguments['peer_pcap'] and not arguments['pcap']:
            raise VerbError(message('packets/peer-alone'))
        self._rule(arguments['kernel'] or kernels.STRICTEST)
        for option in ('interface', 'namespace'):
            if arguments['pcap'] and arguments[option]:
                raise VerbError(message('packets/exclusive', option=option))

    def _rule(self, release: str) -> kernels.Rule:
        try:
            return kernels.rule_of(release)
        except MessageError as error:
            raise VerbError(error.message) from error

    def _file(self, capture: pcap.Capture) -> tuple[list[Event], Values, str, list[Message]]:
        look: Values = {'from': 'pcap', 'packets': capture.packets, 'lost': 0, 'seconds': None, 'stopped': None}
        return capture.events, look, kernels.STRICTEST, capture.problems

    def _read(self, option: str, arguments: Values) -> pcap.Capture:
        """The capture file of the play that an option names. Raises CaptureError."""
        name = arguments[option]
        try:
            return pcap.read(str(self._find_needle('files', name)))
        except AnsibleError as error:
            raise VerbError(message('packets/not-found', option=option, path=name)) from error

    def _add_peer(self, result: Values, arguments: Values, capture: pcap.Capture, rule: kernels.Rule) -> None:
        """Add what the server's own capture says to these attempts, whose sentence is then that of both."""
        try:
            peer = self._read('peer_pcap', arguments)
        except pcap.CaptureError as error:
            raise VerbError(told_by(error)) from error
        spans, port = (capture.span, peer.span), arguments['port']
        found = both_sides.study(capture.events, capture.rejections, peer.events, rule, spans, port)
        result['summary'] = found['summary']
        result['both_sides'] = {name: found[name] for name in ('offset_s', 'drift_ppm', 'fates', 'slow')}
        result['problems'] = [*result['problems'], *peer.problems, *found['problems']]

    def _node(self, arguments: Values, task_vars: Values) -> tuple[list[Event], Values, str, list[Message]]:
        asked = {name: arguments[name] for name in ('interface', 'namespace', 'port', 'duration', 'max_packets')}
        answer = self.ask_node('syn_look', asked, task_vars)
        events = live.unpack(answer)
        if arguments['interface'] not in (None, 'lo'):  # what passes an interface is looked at in both directions
            events = [(*event[:11], None) for event in events]
        look: Values = {name: live.number(answer, name) for name in ('packets', 'lost', 'seconds')}
        look.update({'from': 'node', 'stopped': live.stopped(answer)})
        problems = _limits(look, arguments['interface'], answer.get('unavailable') or ())
        release = (answer.get('kernel') or {}).get('release')
        if not isinstance(release, str) or len(release) > 128:
            release = kernels.STRICTEST
            problems.append(message('packets/no-release', kernel=release))
        return events, look, release, problems


def _limits(look: Values, interface: str | None, unavailable: Container[str]) -> list[Message]:
    """What was not looked at."""
    said = []
    if look['lost']:
        said.append(message('packets/lost', number=look['lost']))
    if 'interface %s' % interface in unavailable:
        said.append(message('packets/interface-down', name=interface))
    if look['stopped'] == 'addresses':
        said.append(message('packets/many-addresses'))
    elif look['stopped'] != 'duration':
        said.append(message('packets/ended', seconds=look['seconds'], limit=look['stopped']))
    return said
