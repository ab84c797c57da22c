# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A capture looked at as a node is: the node program's own `observe`, here, on the tree that the capture describes."""

from typing import Any

from ...module_utils._node.errors import Refused, Unreadable, shown
from ...module_utils._node.operations import observe
from ...module_utils._node.readers import kube_proxy
from ...module_utils._node.readers.namespaces import invisible, unseen_processes
from ...module_utils._node.readers.observation import bounded
from ...module_utils._node.readers.tree import Tree
from .._messages.message import message, told_by
from .._shapes.record import ImageSystem
from .._text.values import Values
from . import change_sets, computed, image_system, memory, stream
from .shape import Shape, TooMuch
from .stream import CaptureError
from .telling import DENIED, Told

Json = dict[str, Any]
COLLECTOR = 'shell'
CLOSED = 'sysctls of namespaces'
COMPUTED = 'a script puts this name together: the collector has not looked for it'
UNFOLLOWED = 'writers named by patterns'
SYSTEMD = '/run/systemd/system'


def look(data: bytes, arguments: Values) -> Values:
    """{'record', 'earlier', 'sample'} as the operation `observe` gives them for the node that the capture is of.

    arguments: those of observe; its root is the tree that the collector was told to look at. Raises CaptureError.
    """
    root = str(arguments.get('root') or '/')
    told = Told(root)
    try:
        told.take_all(stream.parse(data))
        if not told.shape.entries:
            raise CaptureError(message('capture/empty'))
        if root == '/':
            _settle_modes(told.shape)
        tree = Tree(memory.ROOT, memory.Memory(told.shape))
        looked: Json = observe.run(arguments, now=lambda: float(told.node.get('date', 0)), tree=tree)
    except (TooMuch, Refused) as error:
        raise CaptureError(message('capture/unusable', why=told_by(error))) from error
    except CaptureError:
        raise
    except Exception as error:  # a node may send anything; its own record is all that can be lost
        raise CaptureError(message('capture/unusable', why='%s: %s' % (type(error).__name__, error))) from error
    if root == '/' and not told.node.get('unseen') and invisible(tree):
        looked['record']['unavailable']['namespaces'] = invisible(tree)
    found = kube_proxy.observe(tree, ())
    if found:
        looked['record']['kube_proxy'] = found
    looked['record']['change_sets'] = change_sets.observe(tree, looked['record']['unavailable'])
    if root == '/':
        texts = ((path, entry.content or b'') for path, entry in told.shape.entries.items() if path[:6] != '/proc/')
        missed = computed.not_looked_for(tree.missed, texts)
        looked['record']['unavailable'].update((shown(path), COMPUTED) for path in missed)
    _sign(looked['record'], told, root, arguments)
    system = _image_system(tree)
    if system:
        looked['record']['source']['system'] = system
    return {name: looked[name] for name in ('record', 'earlier', 'sample')}


def _settle_modes(shape: Shape) -> None:
    """On a node that systemd has not booted, files without their modes may be run too: readers/writer_files.py."""
    if shape.resolve(SYSTEMD) not in shape.entries:
        for entry in shape.entries.values():
            entry.runs = False


def _image_system(tree: Tree) -> ImageSystem | None:
    try:
        return image_system.named(tree.read(image_system.RELEASE_FILE) or '')
    except Unreadable:
        return None


def _sign(record: Json, told: Told, root: str, arguments: Values) -> None:
    """Puts into a record what no tree shows: who collected it, and what was kept from the collector."""
    source, unavailable = record['source'], record['unavailable']
    source.update(collector=COLLECTOR, root=root, python=None, euid=told.node.get('uid') if root == '/' else None)
    unavailable.update((shown(path), DENIED) for path in told.denied)
    if told.unfollowed:
        unavailable[UNFOLLOWED] = 'not all followed: %d paths are too many' % told.unfollowed
    hidden = {}
    if told.node.get('unseen') and root == '/':
        seen = [told.node['unseen'], told.node.get('processes', 0)]
        hidden['processes'] = seen
        unavailable['namespaces'] = unseen_processes(*seen, root=source['euid'] == 0)
    if told.closed and arguments.get('namespaces', 'all') == 'all':
        hidden['namespaces'] = [told.closed, told.asked]
        unavailable[CLOSED] = '%d of %d network namespaces could not be entered with nsenter' % (
            told.closed,
            told.asked,
        )
    if hidden:
        record['hidden'] = hidden
    record['unavailable'] = bounded(unavailable)
