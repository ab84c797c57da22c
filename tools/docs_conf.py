# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of Sphinx. tools/docs_site.py copies it beside the pages as conf.py."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

project = 'nodetcp.paws'
author = project_copyright = 'the nodetcp.paws authors'
extensions = ['myst_parser', 'sphinx_antsibull_ext']
myst_heading_anchors = 3
exclude_patterns = ['examples']
html_theme = 'furo'
html_title = 'nodetcp.paws'
html_static_path = ['_static']
html_css_files = ['docs_site.css']
html_copy_source = False
html_show_sphinx = False
nitpicky = True

ANSIBLE = 'https://docs.ansible.com/ansible/latest/'
PLUGINS = re.compile(r'ansible_collections\.(\w+)\.(\w+)\.(\w+_\w+)')
LABELS = {
    'action_plugins': 'plugins/action.html',
    'ansible_configuration_settings': 'reference_appendices/config.html',
    'callback_plugins': 'plugins/callback.html',
    'lookup_plugins': 'plugins/lookup.html',
    'common_return_values': 'reference_appendices/common_return_values.html',
}


def ansible_documentation(_app: Any, _env: Any, node: Any, content: Any) -> nodes.reference | None:
    """What Ansible itself documents leads to its own site: no inventory has to be fetched to build this one."""
    target = node.get('reftarget', '')
    plugin = PLUGINS.match(target)
    if plugin and plugin[1] != 'nodetcp':
        place = 'collections/%s/%s/%s.html' % plugin.groups()
    elif node.get('reftype') == 'envvar':
        place = 'reference_appendices/config.html#envvar-' + target
    elif target in LABELS:
        place = LABELS[target]
    else:
        return None
    return nodes.reference('', '', content, internal=False, refuri=ANSIBLE + place)


def setup(app: Any) -> None:
    app.connect('missing-reference', ansible_documentation)
