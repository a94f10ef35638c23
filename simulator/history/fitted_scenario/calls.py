"""All fits to a log of calls, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.agents import Teams, teams, train
from simulator.history.estimators.by_queue import ByQueue
from simulator.history.estimators.counts import counts_of_calls
from simulator.history.estimators.demand import FittedDemand, fit_demand
from simulator.history.estimators.load import LoadEffect, fit_load_effect
from simulator.history.estimators.patience import PatienceFit, fit_queue_patience
from simulator.history.estimators.redial import ReturnFit, fit_redial, fit_repeat
from simulator.history.estimators.times import TimeFit, fit_handling
from simulator.history.fitted_scenario.country import holidays_of
from simulator.history.fitted_scenario.demand_fields import open_slots
from simulator.history.fitted_scenario.first_attempts import first_attempts
from simulator.history.fitted_scenario.scope import (
    LeftOut,
    answered_queues,
    answered_slots,
    at_closed_door,
    in_hours,
    of_queues,
)
from simulator.history.fitted_scenario.service import Observed, observed
from simulator.history.fitted_scenario.staffing import group_tables, on_duty, queues_of
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.agents import Trained
    from simulator.history.estimators.counts import Counts
    from simulator.history.logs import Calls

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]


OnStage = Callable[[str], None]

NO_HOLIDAYS = "none"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a planner says about the scenario that is to be made."""

    channel: str = "phone"
    """Name of the channel of the calls."""
    holidays: str | None = None
    """Country code, or `NO_HOLIDAYS`; None: of the time zone."""
    interval: int = 1800
    """Seconds; the scenario's planning interval."""
    groups: int = 8
    """Groups of agents at most."""
    answered: float = 0.8
    """The promise: this share is answered ..."""
    within: float = 20.0
    """... in so many seconds."""


@dataclass(frozen=True, slots=True)
class CallsFit:
    """Everything that was found in a log of calls: in those that its scenario can have."""

    wishes: Wishes
    timezone: str
    queues: tuple[str, ...]
    volume: tuple[int, ...]
    """[queue] Calls."""
    left_out: LeftOut
    """All others of the log."""
    hours: Bools
    """[weekday, slot of the day] When the channel is open; Monday is 0, slots as long as the planning interval."""
    answered: Bools
    """[weekday, slot of the day] Whether most of all calls of the log to queues that are answered are answered."""
    counts: Counts
    """Of the channel as a whole."""
    demand: FittedDemand
    """Of one series: the channel."""
    handling: ByQueue[TimeFit]
    patience: ByQueue[PatienceFit]
    load: LoadEffect | None
    redial: ReturnFit | None
    repeat: ReturnFit | None
    first_attempts: Floats
    """[weekday, slot of the day] Share of the calls that nobody made who was lost or not helped before."""
    trained: Trained
    teams: Teams
    observed: Observed


def fit_calls(calls: Calls, wishes: Wishes, on_stage: OnStage = lambda _: None, *, play: bool = True) -> CallsFit:
    """Fit everything that a log of calls tells, without those that no scenario of it can have.

    Parameters
    ----------
    calls
        Two weeks of them at least.
    wishes
        What the scenario is to be like.
    on_stage
        Told what is being fitted.
    play
        Whether past days are played to find how available agents were. Needless where the scenario will be played.

    Raises
    ------
    ValueError
        If there is too little to fit.
    """
    on_stage("agents")
    of_log = len(calls)
    calls = of_queues(calls, answered_queues(calls))
    unserved = of_log - len(calls)
    answered = answered_slots(calls, wishes.interval)
    calls = calls.where(~(closed := at_closed_door(calls)))
    trained = train(calls, np.unique(calls.day), play=play)
    agents = teams(calls, trained, most=wishes.groups, step=wishes.interval)
    tables = group_tables(agents, agents.available, answered)
    before = len(calls)
    calls = of_queues(calls, queues_of(agents, tables))
    unserved += before - len(calls)
    on_stage("demand")
    counts, demand = _demand(calls, wishes)
    hours = np.zeros((7, DAY // wishes.interval), dtype=np.bool_)
    hours[:, counts.clock // counts.step] = open_slots(demand.volumes[0], on_duty(tables, counts.clock, counts.step))
    open_ = in_hours(calls, hours)
    if not open_.all():
        calls = calls.where(open_)
        counts, demand = _demand(calls, wishes)
    on_stage("handling time")
    handling = fit_handling(calls)
    load = fit_load_effect(calls)
    on_stage("patience")
    patience = fit_queue_patience(calls)
    redial, repeat = fit_redial(calls), fit_repeat(calls)
    firsts = first_attempts(calls, hours, redial, repeat)
    return CallsFit(
        wishes=wishes,
        timezone=calls.timezone,
        queues=calls.queues,
        volume=tuple(np.bincount(calls.queue, minlength=len(calls.queues)).tolist()),
        left_out=LeftOut(unserved, int(closed.sum()), int((~open_).sum())),
        hours=hours,
        answered=answered,
        counts=counts,
        demand=demand,
        handling=handling,
        patience=patience,
        load=load,
        redial=redial,
        repeat=repeat,
        first_attempts=firsts,
        trained=trained,
        teams=agents,
        observed=observed(calls, wishes.within),
    )


def _demand(calls: Calls, wishes: Wishes) -> tuple[Counts, FittedDemand]:
    """Counted, and fitted, as one channel."""
    counts = counts_of_calls(calls, wishes.interval)
    counts = counts.merged(dict.fromkeys(counts.names, wishes.channel))
    return counts, fit_demand(counts, holidays=holidays_of(wishes.holidays), interval=wishes.interval)
