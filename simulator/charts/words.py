"""What charts say in words: times, what was run, what was promised."""

from __future__ import annotations

from math import ceil, isfinite, isnan
from typing import TYPE_CHECKING

from simulator.experiment import CONFIDENCE
from simulator.scenario.units import format_duration, format_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.experiment import Estimate, Experiment
    from simulator.scenario.calendar import Calendar
    from simulator.scenario.model import Channel, Target

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400)
"""Seconds between two ticks of an axis of waits: times that people count in."""


def time_ticks(top: float, most: int = 5) -> list[float]:
    """Tick values in seconds from 0 to at least `top`."""
    step = next((step for step in _STEPS if top <= most * step), None)
    if step is None:
        step = 86_400 * ceil(top / most / 86_400)
    return [float(step * k) for k in range(max(ceil(top / step), 1) + 1)]


def time_words(seconds: float) -> str:
    """A time to the precision that matters: 4.2 s, 1 min 20 s, 3 h 10 min; a dash where there is none."""
    if isnan(seconds):
        return "–"
    if seconds < 10:
        return f"{max(seconds, 0.0):.1f} s"
    if seconds < 3600:
        return format_duration(round(seconds))
    if seconds < 3 * 86_400:
        return format_duration(60 * round(seconds / 60))
    return format_duration(3600 * round(seconds / 3600))


def time_estimate_words(estimate: Estimate) -> str:
    """A mean time and its half-width: 1 min 20 s ± 12 s."""
    half = float(estimate.half_width)
    spread = time_words(half) if isfinite(half) else "unknown"
    return f"{time_words(float(estimate.value))} ± {spread}"


def probability_words(estimate: Estimate) -> str:
    """A probability with its interval: 75 % (53–89); a dash where there is nobody to judge."""
    if isnan(float(estimate.value)):
        return "–"
    value, low, high = (100 * float(part) for part in (estimate.value, estimate.low, estimate.high))
    return f"{value:.0f} % ({low:.0f}–{high:.0f})"


def target_words(target: Target) -> str:
    """80 % within 20 s."""
    open_time = " of open time" if target.open_time else ""
    return f"{format_share(target.share)} within {format_duration(target.within)}{open_time}"


def confidence_words() -> str:
    """95 % confidence interval."""
    return f"{format_share(CONFIDENCE)} confidence interval"


def channel_target_words(channel: Channel) -> str:
    """Phone: 80 % within 20 s, per day."""
    period = {"interval": "per interval", "day": "per day", "horizon": "over the horizon"}[channel.target.period]
    return f"{channel.title}: {target_words(channel.target)}, {period}"


def day_words(calendar: Calendar, day: int) -> str:
    """Fri 27 Nov."""
    return calendar.label(int(calendar.day_of_interval.searchsorted(day))).rpartition(" ")[0]


def day_names(calendar: Calendar) -> list[str]:
    """[day] Fri 27 Nov; with the year where the same date may come twice."""
    names = [day_words(calendar, day) for day in range(calendar.days)]
    if calendar.days <= 365:
        return names
    return [f"{name} {date.year}" for name, date in zip(names, calendar.date_of_day, strict=True)]


def distinct(titles: Sequence[str]) -> list[str]:
    """Titles, numbered where two are the same: a chart puts equal names into one place."""
    return [title if titles.count(title) == 1 else f"{title} {k + 1}" for k, title in enumerate(titles)]


def horizon_words(calendar: Calendar) -> str:
    """Mon 23 Nov to Sun 29 Nov 2026, local time of Europe/Helsinki."""
    first, last = day_words(calendar, 0), day_words(calendar, calendar.days - 1)
    years = [calendar.date_of_day[0].year, calendar.date_of_day[-1].year]
    if calendar.days == 1:
        span = f"{first} {years[0]}"
    elif years[0] == years[1]:
        span = f"{first} to {last} {years[0]}"
    else:
        span = f"{first} {years[0]} to {last} {years[1]}"
    return f"{span}, local time of {calendar.timezone}"


def replications_words(experiment: Experiment) -> str:
    """20 replications."""
    return f"{experiment.replications} replication{'s' if experiment.replications > 1 else ''}"


def run_words(experiment: Experiment) -> str:
    """20 replications, seed 1, engine reference."""
    return f"{replications_words(experiment)}, seed {experiment.seed}, engine {experiment.engine}"
