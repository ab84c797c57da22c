# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a host may lose its recycling: what the forecast of TIME_WAIT says, and what the plan does about it. Pure."""

import typing as t
from collections.abc import Mapping, Set

from .._forecast import planned
from .._forecast.forecast import VERDICTS
from .._judge import origin, vocabulary
from .._judge.view import View
from .._judge.window import Window
from .._messages.message import Message, Said, message
from .._messages.telling import said
from .._shapes.forecast import DecidedForecast, Decision, Outlook, Planned, ShapedForecast
from .._shapes.record import Record
from .._shapes.time_wait import TimeWaitLooked
from .needs import Needs

Remedies = Mapping[str, Mapping[str, str]]

DECISIONS: tuple[Decision, ...] = t.get_args(Decision)
GO, STOPPED, ACCEPTED = DECISIONS
VARIABLE = 'remediate_accept_exhaustion'
#: What verdicts of forecasts are called, and hosts that are left as they are because of one.
NAMES = {
    'safe': message('plan/safe'),
    'tight': message('plan/tight'),
    'exhausted': message('plan/exhausted'),
    'unknown': message('plan/unknown'),
    STOPPED: message('plan/left-as-it-is'),
}


def recycles(record: Record) -> bool:
    """Whether recycling runs in some namespace of a live node."""
    if origin.is_captured(record['source']):
        return False
    views = (View(record, index, Window()) for index in range(len(record['namespaces'])))
    return any(view.sysctl(vocabulary.RECYCLE) not in (0, None) for view in views)


def weigh(
    found: Needs, looked: TimeWaitLooked | Said, profile: str, wishes: Set[str], approved: Remedies
) -> tuple[ShapedForecast, Remedies]:
    """The forecast for a host that needs `found`, and the remedies, which become part of that.

    looked: what the node answered, or why it did not; wishes and approved: as for outlook.ahead().
    """
    if isinstance(looked, (Message, str)):
        return _unknown(looked), {}
    seen = planned.ahead(looked, looked['earlier'], profile, found.settings, wishes, approved)
    for name, values in seen.remedies.items():
        for key, value in values.items():
            found.settings[key] = value
            found.because(key, 'forecast of TIME_WAIT: %s' % name)
    return seen.forecast, seen.remedies


def settle(forecast: ShapedForecast, accept: bool) -> tuple[DecidedForecast, Message | None]:
    """The forecast with the decision on the host, and why that is left as it is, None where it is not."""
    decision = GO
    if final(forecast)['verdict'] == 'exhausted':
        decision = ACCEPTED if accept else STOPPED
    return {**forecast, 'decision': decision}, _refusal(forecast) if decision == STOPPED else None


def _unknown(reason: Said) -> ShapedForecast:
    """The forecast of a host that could not be asked for one."""
    return {
        'verdict': 'unknown',
        'summary': message('forecast/none', reason=reason),
        'namespace': None,
        'capacity': None,
        'nat': None,
        'planned': None,
        'loads': {'present': None, 'highest': None},
        'remedies': [],
        'settings': {},
        'never': [],
    }


def final(forecast: ShapedForecast) -> Planned | ShapedForecast:
    """What counts: with the settings of the plan where these matter."""
    return forecast['planned'] or forecast


def _refusal(forecast: ShapedForecast) -> Message:
    helps = [
        message('plan/would-help', remedy=proposed['id'], why_not=said(proposed, 'why_not'))
        for proposed in forecast['remedies']
        if proposed['settings'] and not proposed['allowed']
    ]
    return message('plan/stopped', summary=said(final(forecast), 'summary'), helps=helps, variable=VARIABLE)


def verdict(forecast: ShapedForecast) -> Outlook:
    """The worse one of the two: a person may have chosen settings that take ports away."""
    return vocabulary.worst((forecast['verdict'], final(forecast)['verdict']), VERDICTS)


def line(forecast: DecidedForecast) -> Message:
    """The forecast as a plan shows it."""
    ahead, told = forecast['planned'], None
    if ahead and (ahead['remedies'] or ahead['verdict'] != forecast['verdict']):
        verdict = NAMES[ahead['verdict']]
        told = message(
            'plan/forecast-planned', remedies=ahead['remedies'], verdict=verdict, summary=said(ahead, 'summary')
        )
    accepted = VARIABLE if forecast['decision'] == ACCEPTED else None
    verdict = NAMES[forecast['verdict']]
    return message('plan/forecast', verdict=verdict, summary=said(forecast, 'summary'), planned=told, accepted=accepted)
