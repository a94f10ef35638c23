"""The level of a scenario that was fitted to a log of calls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.history.fitted_scenario.calls import NO_HOLIDAYS
from simulator.history.fitted_scenario.from_calls import calls_fields
from simulator.history.fitted_scenario.level import Level, find_level, played

if TYPE_CHECKING:
    from simulator.history.fitted_scenario.calls import CallsFit


def level_of(fit: CallsFit, start: float) -> Level:
    """Find the availability of agents at which customers wait as they did.

    What is played are the scenario's own replications, so that customers of `ruuhka simulate` are the same. It has no
    public holidays, and its promise is shorter by the time that every answer takes: in the log
    that is part of the wait, and the scenario has no such thing. The waits that are told have it again.

    Parameters
    ----------
    fit
        What was found.
    start
        Availability to begin with.

    Raises
    ------
    ScenarioError
        If what was found makes no scenario.
    """
    delay = fit.trained.answer_delay
    wishes = replace(fit.wishes, holidays=NO_HOLIDAYS, within=max(fit.wishes.within - delay, 1.0))
    plain = replace(fit, wishes=wishes)

    def play(availability: float) -> Level:
        level = played(calls_fields(plain, availability), wishes.channel, availability)
        return replace(level, mean_wait=level.mean_wait + delay)

    return find_level(play, fit.observed.mean_wait, start)
