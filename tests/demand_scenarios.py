"""Scenarios that are all demand: channels, topics and volumes, with nobody on duty."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.demand.quantiles import exp, gamma_at_score, log, normal_quantile
from simulator.scenario.calendar import Calendar
from simulator.scenario.hours import WeeklyHours
from simulator.scenario.model import (
    Bot,
    Busyness,
    Channel,
    ContactType,
    Distribution,
    HistoryDemand,
    ProfileDemand,
    Scenario,
    StepProfile,
    Target,
    Topic,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

ALWAYS = WeeklyHours.parse("always")
NO_BUSYNESS = Busyness(0.0, 0.0)
EVEN_WEEK = (1 / 7,) * 7
UNEVEN = StepProfile((0.0, 7 * 3600.0, 7.75 * 3600.0, 12 * 3600.0, 20 * 3600.0), (0.0, 2.0, 0.5, 1.0, 0.0))
"""Steps of unequal length, one within an hour, and a closed night."""
FLAT = StepProfile((0.0,), (1.0,))
BOT = Bot(Distribution("lognormal", 40.0, 0.6), ALWAYS)
LIVE = "live"
DEFERRED = "deferred"


def a_type(topic: int, share: float = 1.0, **changes: Any) -> ContactType:
    """A contact type; anything of it can be changed."""
    plain = ContactType(
        topic=topic,
        share=share,
        handling_time=Distribution("lognormal", 240.0, 0.8),
        patience=Distribution("exponential", 300.0, 1.0),
        priority=1,
        bot_share=0.4,
        containment=0.3,
    )
    return replace(plain, **changes)


def a_profile(per_week: float = 700.0, shape: StepProfile = UNEVEN, **changes: Any) -> ProfileDemand:
    """The same demand every day of the week."""
    return replace(ProfileDemand(per_week, EVEN_WEEK, (shape,) * 7, 1.0), **changes)


def a_history(
    count: ArrayLike, first: date, step: float, clock: ArrayLike | None = None, **changes: Any
) -> HistoryDemand:
    """Counts [day, slot] or [day, slot, column] of days in a row, from midnight if no clock is given."""
    counts = np.atleast_3d(np.asarray(count, dtype=np.float64))
    days, slots, _ = counts.shape
    plain = HistoryDemand(
        use="dated",
        step=step,
        date=tuple(first + timedelta(days=day) for day in range(days)),
        clock=np.asarray(np.arange(slots) * step if clock is None else clock, dtype=np.float64),
        topics=(-1,),
        count=counts,
        scale=1.0,
        source="volumes.csv",
    )
    return replace(plain, **changes)


def a_channel(name: str = "phone", demand: ProfileDemand | HistoryDemand | None = None, **changes: Any) -> Channel:
    """A channel of one topic, number 0, without busyness; anything of it can be changed."""
    plain = Channel(
        name=name,
        title=name,
        kind="live",
        hours=ALWAYS,
        closing="drain",
        slots=1,
        slot_speed=(1.0,),
        interruptible=False,
        bot=None,
        target=Target(0.8, 20.0, "offered", "day", open_time=False),
        short_abandon=5.0,
        types=(a_type(0),),
        demand=a_profile() if demand is None else demand,
        busyness=NO_BUSYNESS,
        backlog=0,
        backlog_age=0.0,
    )
    return replace(plain, **changes)


def a_scenario(
    *channels: Channel,
    start: date = date(2026, 6, 1),
    days: int = 1,
    interval: int = 900,
    topics: int = 1,
    timezone: str = "Europe/Helsinki",
    **changes: Any,
) -> Scenario:
    """A scenario without groups; June 2026 begins on a Monday."""
    plain = Scenario(
        name="demand",
        title="Demand",
        description="",
        calendar=Calendar(timezone, start, days, interval),
        currency="EUR",
        topics=tuple(Topic(f"topic{number}", "") for number in range(topics)),
        channels=channels,
        groups=(),
        volume_factors=(),
        correlation=0.0,
    )
    return replace(plain, **changes)


def time_of(distribution: Distribution | None, luck: float) -> float:
    """Seconds that belong to a luck, with numpy's form of the functions."""
    if distribution is None:
        return math.inf
    mean, cv, probability = distribution.mean, distribution.cv, np.array([max(luck, 2.0**-54)])
    if distribution.family == "constant":
        return mean
    if distribution.family == "exponential":
        return float(mean * -log(np.array([1.0 - luck]))[0])
    if distribution.family == "gamma":
        return float(mean * gamma_at_score(cv, normal_quantile(probability))[0])
    variance = log(np.array(1.0 + cv * cv))
    return float(mean * exp(normal_quantile(probability) * np.sqrt(variance) - 0.5 * variance)[0])
