# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the judge takes from the library jmespath; where that is missing, MISSING says so."""

from typing import Any

try:
    from jmespath import compile as parse
    from jmespath.exceptions import JMESPathError
    from jmespath.functions import Functions, signature
    from jmespath.visitor import Options, TreeInterpreter

    MISSING = False
except ImportError:
    MISSING = True
    # Stand-ins, so that this package can still be imported and say so.
    Functions, TreeInterpreter, JMESPathError, Options, parse = object, object, ValueError, None, None

    def signature(*_arguments: Any) -> Any:
        return lambda function: function


__all__ = ['MISSING', 'Functions', 'JMESPathError', 'Options', 'TreeInterpreter', 'parse', 'signature']
