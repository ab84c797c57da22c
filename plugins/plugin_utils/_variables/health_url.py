# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""remediate_health_url: what it may be, and how it is shown without the secrets in it. Reports are for many eyes."""

import re


def is_page(url: str) -> bool:
    """Whether a web server is asked: a file of the controller says nothing of a node, and libraries read that too."""
    return url.lower().startswith(('http://', 'https://'))


def shown(url: str) -> str:
    """The URL without user name and password, query and fragment.

    A password with a slash, a question mark or a number sign in it ends the host for a parser: all before the last @
    goes.
    """
    scheme, _mark, rest = url.partition('://')
    return '%s://%s' % (scheme, re.split('[?#]', rest.rpartition('@')[2])[0])


def said(error: Exception, url: str) -> str:
    """What a library says of the URL, or the kind of its error alone where it quotes a part that is not shown."""
    text, rest = str(error).replace(url, shown(url)), url.partition('://')[2]
    before, _at, after = rest.rpartition('@')
    hidden = re.split('[:/?#@]', before) + re.split('[?#]', after)[1:]
    return type(error).__name__ if any(part and part in text for part in hidden) else text
