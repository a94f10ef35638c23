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
from simulator.history.fitted_scenario.service import Observed, observed

if TYPE_CHECKING:
    from simulator.history.agents import Trained
    from simulator.history.estimators.counts import Counts
    from simulator.history.logs import Calls

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
    """Everything that was found in a log of calls."""

    wishes: Wishes
    timezone: str
    queues: tuple[str, ...]
    volume: tuple[int, ...]
    """[queue] Calls."""
    counts: Counts
    """Of the channel as a whole."""
    demand: FittedDemand
    """Of one series: the channel."""
    handling: ByQueue[TimeFit]
    patience: ByQueue[PatienceFit]
    load: LoadEffect | None
    redial: ReturnFit | None
    repeat: ReturnFit | None
    trained: Trained
    teams: Teams
    observed: Observed


def fit_calls(calls: Calls, wishes: Wishes, on_stage: OnStage = lambda _: None, *, play: bool = True) -> CallsFit:
    """Fit everything that a log of calls tells.

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
    on_stage("demand")
    counts = counts_of_calls(calls, wishes.interval)
    counts = counts.merged(dict.fromkeys(counts.names, wishes.channel))
    demand = fit_demand(counts, holidays=holidays_of(wishes.holidays), interval=wishes.interval)
    on_stage("handling time")
    handling = fit_handling(calls)
    load = fit_load_effect(calls)
    on_stage("patience")
    patience = fit_queue_patience(calls)
    redial, repeat = fit_redial(calls), fit_repeat(calls)
    on_stage("agents")
    trained = train(calls, np.unique(calls.day), play=play)
    return CallsFit(
        wishes=wishes,
        timezone=calls.timezone,
        queues=calls.queues,
        volume=tuple(np.bincount(calls.queue, minlength=len(calls.queues)).tolist()),
        counts=counts,
        demand=demand,
        handling=handling,
        patience=patience,
        load=load,
        redial=redial,
        repeat=repeat,
        trained=trained,
        teams=teams(calls, trained, most=wishes.groups, step=wishes.interval),
        observed=observed(calls, wishes.within),
    )
