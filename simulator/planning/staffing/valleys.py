"""Work that may wait, done when calls leave time for it: what that saves, and whether a staffing does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.load import offered_work
from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.pay import Pay

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.experiment import Experiment
    from simulator.planning.staffing.goal import Goal
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]

HOURS = 24


@dataclass(frozen=True, slots=True)
class Freedom:
    """What due times are worth, by the load alone: agents in fractions, by linear programme, nothing simulated.

    The same expected work is covered twice at the least cost (`liquid_covering`): messages done as calls are, in the
    interval in which they come and with the same reserve for chance (of a night's, when the first who may do them
    comes on duty), and messages done whenever is best before they are due. Nothing is left for after the horizon
    either way that could be done in it.
    """

    at_once: float
    """Agent-hours on duty, if every message were done at once."""
    until_due: float
    """Agent-hours on duty, if each may wait until it is due."""
    cost_at_once: float
    """In the prices of `Pay`."""
    cost_until_due: float

    @property
    def hours(self) -> float:
        """Agent-hours that due times save."""
        return self.at_once - self.until_due

    @property
    def cost(self) -> float:
        """What they save."""
        return self.cost_at_once - self.cost_until_due


def freedom(scenario: Scenario, goal: Goal) -> Freedom | None:
    """What the due times of deferred work save, with as many agents as it takes.

    None if there is no deferred channel, or work that nobody may do.
    """
    from simulator.planning.staffing.fluid import liquid_covering  # slow to import

    if all(channel.kind == "live" for channel in scenario.channels):
        return None
    bounds, pay, load = Bounds.of(scenario, goal), Pay.of(scenario), offered_work(scenario)
    lengths = np.diff(scenario.calendar.edges)
    covered = [
        liquid_covering(scenario, load, bounds, pay.for_search, at_once=at_once, nothing_left=True, rise=0.0)
        for at_once in (True, False)
    ]
    if any(each.uncovered > 1.0 for each in covered):
        return None
    hours = [float((each.agents * lengths).sum()) / 3600.0 for each in covered]
    cost = [float((each.agents * pay.agent).sum()) for each in covered]
    return Freedom(*hours, *cost)


@dataclass(frozen=True, slots=True)
class DoneByHour:
    """When messages come and when they are done, by the hour of the clock, added up over the days."""

    live_load: Floats
    """[clock hour] Work of live channels, in agent-hours: mean over the replications."""
    come: Floats
    """[clock hour] Messages of all deferred channels."""
    done: Floats
    """[clock hour] Messages finished."""
    on_duty: Floats
    """[clock hour] Agent-hours planned, of all groups."""

    @property
    def busy(self) -> NDArray[np.bool_]:
        """[clock hour] The hours in which most calls come: the fewest that have half of the live work."""
        order = np.argsort(-self.live_load, kind="stable")
        before = np.concatenate(([0.0], self.live_load[order].cumsum()[:-1]))
        peak = np.zeros(HOURS, dtype=np.bool_)
        peak[order[(before < 0.5 * self.live_load.sum())]] = True
        return peak

    @property
    def come_when_busy(self) -> float:
        """Share of messages that come in the busy hours; nan without any."""
        return _share(self.come, self.busy)

    @property
    def done_when_busy(self) -> float:
        """Share of finished messages that are finished in the busy hours; nan without any."""
        return _share(self.done, self.busy)

    @property
    def on_duty_when_busy(self) -> float:
        """Share of the planned agent-hours that lie in the busy hours; nan without any."""
        return _share(self.on_duty, self.busy)


def done_by_hour(experiment: Experiment) -> DoneByHour:
    """When the messages of a run come and are done."""
    scenario = experiment.scenario
    calendar = scenario.calendar
    hour = calendar.clock_of_interval // 3600
    live = np.array([channel.kind == "live" for channel in scenario.channels])
    load = experiment.estimate("offered_load", ("channel", "interval")).value * np.diff(calendar.edges) / 3600.0
    arrived = experiment.estimate("arrived", ("channel", "interval")).value
    # A message is open from its arrival until it is finished, so whoever came and is not open any more is done.
    items = experiment.stacked(lambda summary: summary.backlog.items).mean(axis=0)
    done = arrived - np.diff(items, axis=1)

    def by_hour(table: Floats) -> Floats:
        return np.bincount(hour, table.sum(axis=0), minlength=HOURS).astype(np.float64)

    on_duty = scenario.staffing * np.diff(calendar.edges) / 3600.0
    return DoneByHour(by_hour(load[live]), by_hour(arrived[~live]), by_hour(done[~live]), by_hour(on_duty))


def _share(table: Floats, chosen: NDArray[np.bool_]) -> float:
    whole = float(table.sum())
    return float(table[chosen].sum()) / whole if whole > 0 else float("nan")
