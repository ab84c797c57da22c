# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings as lines of the configuration that makes a node of an image-based system. Pure.

Sources: Butane's specifications flatcar 1.0.0, fcos 1.5.0 and openshift 4.14.0; Ignition's 3.3.0; Talos'
reference of v1alpha1 MachineConfig (machine.sysctls); Bottlerocket's settings.kernel.sysctl; cloud-init's write_files
and runcmd, which Container-Optimized OS carries out at each boot, since its /etc is made new each time.
"""

import json
import textwrap
import urllib.parse
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ...module_utils._node.transaction.plan import DEFAULT_FILE as DROP_IN
from .._messages.message import Message, message
from .._shapes.record import ImageSystem
from .._shapes.remediation import Plan

_MODE = 0o644


class Form(NamedTuple):
    """A form of configuration: its name, which is the same in every language, and its lines for settings."""

    name: str
    lines: Callable[[Mapping[str, str]], str]


class System(NamedTuple):
    """An image-based system: its name, and the forms that its configuration has."""

    name: str
    forms: tuple[Form, ...]


def _content(settings: Mapping[str, str]) -> str:
    """The drop-in. A line of a value that is not its first could set something else: blanks stand between them."""
    return ''.join('%s = %s\n' % (key, ' '.join(value.split())) for key, value in sorted(settings.items()))


def _butane(*head: str) -> Callable[[Mapping[str, str]], str]:
    def lines(settings: Mapping[str, str]) -> str:
        file = ['- path: %s' % DROP_IN, '  mode: 0%o' % _MODE, '  overwrite: true', '  contents:', '    inline: |']
        inside = textwrap.indent(_content(settings), ' ' * 6)
        return '\n'.join(head) + '\nstorage:\n  files:\n' + textwrap.indent('\n'.join(file) + '\n' + inside, ' ' * 4)

    return lines


def _ignition(settings: Mapping[str, str]) -> str:
    contents = {'source': 'data:,%s' % urllib.parse.quote(_content(settings))}
    file = {'path': DROP_IN, 'mode': _MODE, 'overwrite': True, 'contents': contents}
    return json.dumps({'ignition': {'version': '3.3.0'}, 'storage': {'files': [file]}}, indent=2) + '\n'


def _talos(settings: Mapping[str, str]) -> str:
    return 'machine:\n  sysctls:\n' + ''.join('    %s: %s\n' % each for each in _quoted(settings))


def _bottlerocket(settings: Mapping[str, str]) -> str:
    return '[settings.kernel.sysctl]\n' + ''.join('"%s" = %s\n' % each for each in _quoted(settings))


def _quoted(settings: Mapping[str, str]) -> list[tuple[str, str]]:
    """Values as texts, which both YAML and TOML read as JSON has them."""
    return [(key, json.dumps(' '.join(value.split()))) for key, value in sorted(settings.items())]


def _user_data(settings: Mapping[str, str]) -> str:
    file = ['- path: %s' % DROP_IN, '  permissions: "0%o"' % _MODE, '  owner: root', '  content: |']
    written = textwrap.indent('\n'.join(file) + '\n' + textwrap.indent(_content(settings), ' ' * 4), ' ' * 2)
    return '#cloud-config\nwrite_files:\n%sruncmd:\n  - [sysctl, -p, %s]\n' % (written, DROP_IN)


_OPENSHIFT = (
    'variant: openshift',
    'version: 4.14.0',
    'metadata:',
    '  name: 99-worker-nodetcp-paws',
    '  labels:',
    '    machineconfiguration.openshift.io/role: worker',
)
SYSTEMS: dict[ImageSystem, System] = {
    'flatcar': System(
        'Flatcar Container Linux',
        (Form('Butane', _butane('variant: flatcar', 'version: 1.0.0')), Form('Ignition', _ignition)),
    ),
    'fedora-coreos': System(
        'Fedora CoreOS', (Form('Butane', _butane('variant: fcos', 'version: 1.5.0')), Form('Ignition', _ignition))
    ),
    'rhel-coreos': System('RHEL CoreOS', (Form('Butane (MachineConfig)', _butane(*_OPENSHIFT)),)),
    'talos': System('Talos', (Form('machine config', _talos),)),
    'bottlerocket': System('Bottlerocket', (Form('settings (TOML)', _bottlerocket),)),
    'cos': System('Container-Optimized OS', (Form('user-data', _user_data),)),
}


#: When the lines take effect.
_PROVISIONED = message('plan/when-provisioned')
_EFFECTS: dict[ImageSystem, Message] = {
    'flatcar': _PROVISIONED,
    'fedora-coreos': _PROVISIONED,
    'rhel-coreos': message('plan/when-rolled-out'),
    'talos': message('plan/when-patched'),
    'bottlerocket': message('plan/when-applied'),
    'cos': message('plan/when-booted'),
}


def why_not(system: ImageSystem, settings: Mapping[str, str], absent: Sequence[str]) -> Message:
    """Why no plan changes a node of the system, and what its configuration has to set."""
    lines = ['%s = %s' % each for each in sorted(settings.items())]
    return message('plan/image-based', system=SYSTEMS[system].name, settings=lines, absent=absent)


def told(system: ImageSystem, plan: Plan) -> Iterator[tuple[Message, list[str]]]:
    """The head and the lines of each form of the configuration that makes nodes of the system."""
    if not plan['settings']:
        return
    for form in SYSTEMS[system].forms:
        head = message('plan/form', system=SYSTEMS[system].name, form=form.name)
        yield head, form.lines(plan['settings']).splitlines()
    yield _EFFECTS[system], []
