# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Controller side of paws_kubernetes: captures by kubectl. Documentation: plugins/modules/paws_kubernetes.py."""

import os
import tempfile

from ansible import constants

from ..plugin_utils._capture import remote
from ..plugin_utils._judge import catalogue
from ..plugin_utils._kubernetes import collection, manifest
from ..plugin_utils._kubernetes.objects import KubernetesError
from ..plugin_utils._messages.message import message
from ..plugin_utils._text.values import Values
from ..plugin_utils._transport.controller_action import ControllerAction

ARGUMENTS: Values = {
    'kubectl': {'type': 'str', 'default': 'kubectl'},
    'kubeconfig': {'type': 'path'},
    'context': {'type': 'str'},
    'selector': {'type': 'str', 'default': ''},
    'image': {'type': 'str', 'default': manifest.IMAGE},
    'window': {'type': 'float', 'default': 10.0},
    'timeout': {'type': 'int', 'default': 300},
    'captures': {'type': 'path'},
    'rules': {'type': 'list', 'elements': 'dict', 'default': []},
}


class ActionModule(ControllerAction):
    """Runs kubectl on the controller; never connects to a node."""

    SPEC = ARGUMENTS
    MISTAKES = (KubernetesError, catalogue.CatalogueError)

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        """The directory of the captures, and for each node its groups and the reason why it has no capture."""
        keys = catalogue.builtin().extended(arguments['rules'], 'rules').sysctl_keys
        look = {'window': arguments['window'], 'sysctls': sorted(keys)}
        wanted = collection.Wanted(
            self._command(arguments),
            arguments['selector'],
            arguments['image'],
            remote.words(look),
            arguments['timeout'],
        )
        parent = os.getppid()  # of a worker, ansible-playbook: killed, it cannot end its workers
        try:
            directory = self._directory(arguments['captures'])
            taken = collection.take(wanted, directory, lambda: os.getppid() == parent)
        except OSError as error:
            raise KubernetesError(message('kubernetes/not-kept', why=str(error))) from error
        return {
            'changed': False,
            'directory': directory,
            'nodes': {each.name: {'groups': each.groups, 'reason': each.reason} for each in taken},
        }

    @staticmethod
    def _command(arguments: Values) -> list[str]:
        """kubectl with the options that say which cluster."""
        chosen = {'--kubeconfig': arguments['kubeconfig'], '--context': arguments['context']}
        return [arguments['kubectl'], *('%s=%s' % pair for pair in chosen.items() if pair[1])]

    @staticmethod
    def _directory(asked: str | None) -> str:
        """One that nobody else reads: captures hold what files of nodes hold. Unless asked, it goes with the run."""
        if not asked:
            return tempfile.mkdtemp(prefix='captures-', dir=constants.DEFAULT_LOCAL_TMP)
        directory = os.path.abspath(asked)
        os.makedirs(directory, 0o700, exist_ok=True)
        if any(name.endswith('.capture') for name in os.listdir(directory)):
            raise KubernetesError(message('kubernetes/captures-there', directory=directory))
        return directory
