# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a module as its documentation has them, those of the shared fragments too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ansible_collections.nodetcp.paws.plugins.doc_fragments import verbs

CHECKOUT = Path(__file__).resolve().parents[3]


def documented_options(module: str) -> dict[str, Any]:
    """{option: what an argument specification says of it}."""
    source = (CHECKOUT / 'plugins' / 'modules' / ('%s.py' % module)).read_text(encoding='utf-8')
    own = yaml.safe_load(source.split('DOCUMENTATION = r"""')[1].split('"""')[0])
    shared = (name.split('.')[3:] or ['documentation'] for name in own.get('extends_documentation_fragment', ()))
    texts = [yaml.safe_load(getattr(verbs.ModuleDocFragment, name[0].upper())) for name in shared]
    found = {name: option for text in [*texts, own] for name, option in text.get('options', {}).items()}
    for option in found.values():
        del option['description']
        option.pop('version_added', None)
    return found
