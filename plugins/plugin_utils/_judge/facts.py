# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an expression sees: the record, and the namespace being judged.

Top-level names: those of the record (schema, source, kernel, namespaces, persisted, writers, change_sets,
translation, translated, kube_proxy, unavailable), and namespace, profile, exposure, exposure_reason, evidence, window
{seconds, reason}.
exposure_reason and window.reason are messages {id, arguments}, or null.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .._shapes.verdict import Evidence, Exposure
from .exposure import evidence, exposure
from .view import View


@dataclass(frozen=True)
class Facts:
    """A namespace with its exposure and evidence, ready for expressions."""

    view: View
    exposure: Exposure
    evidence: Evidence
    data: Mapping[str, object]


def gather(view: View, profile: str) -> Facts:
    exposed, reason = exposure(view)
    seen = evidence(view)
    data: dict[str, object] = {
        **view.record,
        'namespace': view.namespace,
        'profile': profile,
        'exposure': exposed,
        'exposure_reason': reason,
        'evidence': seen,
        'window': {'seconds': view.window.seconds, 'reason': view.window.reason},
    }
    return Facts(view, exposed, seen, data)
