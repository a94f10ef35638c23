"""Which share of their time on duty agents have for contacts, such that the fitted scenario waits as the team did.

Logs of calls show when somebody took calls, not who was at a desk for something else: after-call work, calls to others,
breaks. Of the time in which agents seem to be there, some is not for contacts. That share decides how long customers
wait, and nothing else in a log tells it; so it is found by playing the scenario until the mean wait is the team's own.
The share of customers that nobody answers, and the share answered in time, then say how well the rest of the fit holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from simulator.experiment import run
from simulator.history.fitted_scenario.text import raw_table
from simulator.scenario.load import load_source
from simulator.scenario.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulator.history.fitted_scenario.sourced import SourcedField
    from simulator.scenario.model import Scenario

_LEAST, _MOST = 0.3, 1.5
"""Availability that is looked for. Above 1 where agents are there for longer than their calls show."""
_STEEP = -10.0
"""How fast the logarithm of the mean wait falls with the availability, to begin with; about that of centres which keep
a usual target. Found out better with every play."""
_NEAR = 0.03
"""Relative difference of two mean waits at which nothing better is looked for; the luck of a play is more than that."""
_REACHED = 0.2
"""Relative difference up to which the wait counts as reached: agents are whole, and few of them make large steps."""
_PLAYS = 6
_SECOND = 1.0
"""Added to both waits, so that those who hardly ever wait can be compared."""


@dataclass(frozen=True, slots=True)
class Level:
    """A fitted scenario, played."""

    availability: float
    mean_wait: float
    """Seconds."""
    unanswered: float
    in_time: float
    """Share of all contacts answered within the target's time."""
    reached: bool
    """Whether the mean wait is the one that was looked for."""


def scenario_of(fields: Sequence[SourcedField]) -> Scenario:
    """The scenario that fields make.

    Raises
    ------
    ScenarioError
        If they make none.
    """
    return load_source(Source(PurePosixPath("fitted.toml"), raw_table(fields), {}))


def played(fields: Sequence[SourcedField], channel: str, availability: float) -> Level:
    """Play the scenario that fields make, as often as it says."""
    scenario = scenario_of(fields)
    experiment = run(scenario)
    place = scenario.channel(channel)

    def share(name: str) -> float:
        return float(experiment.estimate(name, ("channel",))[place].value)

    return Level(
        availability=availability,
        mean_wait=share("mean_wait"),
        unanswered=share("abandonment_ratio"),
        in_time=share("service_level_offered"),
        reached=False,
    )


def find_level(play: Callable[[float], Level], mean_wait: float, start: float) -> Level:
    """Find the availability at which customers wait so long on average, by secants of the wait's logarithm.

    Parameters
    ----------
    play
        Plays the scenario at an availability, always with the same customers.
    mean_wait
        Seconds that are looked for.
    start
        Availability to begin with.
    """
    wanted = log(mean_wait + _SECOND)
    steep, availability = _STEEP, start
    tried: list[tuple[float, Level]] = []
    for _ in range(_PLAYS):
        level = play(availability)
        error = log(level.mean_wait + _SECOND) - wanted
        if tried and availability != tried[-1][1].availability:
            found = (error - tried[-1][0]) / (availability - tried[-1][1].availability)
            steep = min(max(found, 4 * _STEEP), 0.2 * _STEEP)
        tried.append((error, level))
        if abs(error) <= log(1 + _NEAR):
            break
        step = min(max(-error / steep, -0.15), 0.15)
        availability = min(max(availability + step, _LEAST), _MOST)
    error, best = min(tried, key=lambda each: abs(each[0]))
    return Level(
        availability=best.availability,
        mean_wait=best.mean_wait,
        unanswered=best.unanswered,
        in_time=best.in_time,
        reached=exp(abs(error)) <= 1 + _REACHED,
    )
