"""Sentences that reports share: what was run, what a target promises, where a period lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.scenario.units import format_duration, format_share

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.experiment import Experiment
    from simulator.measures import Measure
    from simulator.scenario.calendar import Calendar
    from simulator.scenario.model import Channel


def horizon_words(calendar: Calendar) -> str:
    """Mon 23 Nov 2026 to Sun 29 Nov 2026, in steps of 15 min, Europe/Helsinki."""
    first, last = calendar.date_of_day[0], calendar.date_of_day[-1]
    days = f"{first:%a} {first.day} {first:%b %Y}"
    if last != first:
        days += f" to {last:%a} {last.day} {last:%b %Y}"
    return f"{days}, in steps of {format_duration(calendar.interval)}, {calendar.timezone}"


def run_words(experiment: Experiment) -> str:
    """20 replications, seed 1, engine reference."""
    return f"{counted(experiment.replications)}, seed {experiment.seed}, engine {experiment.engine}"


def counted(replications: int) -> str:
    """20 replications."""
    return f"{replications} replication{'s' if replications != 1 else ''}"


def target_words(channel: Channel) -> str:
    """80 % within 20 s (of offered, per day)."""
    target = channel.target
    promise = f"{format_share(target.share)} within {format_duration(target.within)}"
    if channel.kind == "deferred":
        return f"{promise}{' of open time' if target.open_time else ''} (finished, per {target.period})"
    return f"{promise} (answered, of {target.definition}, per {target.period})"


def day_words(calendar: Calendar, day: int) -> str:
    """Fri 27 Nov."""
    date = calendar.date_of_day[day]
    return f"{date:%a} {date.day} {date:%b}"


def step_words(calendar: Calendar) -> str:
    """What an interval is called: quarter-hour, half-hour, hour or the step itself."""
    names = {900: "quarter-hour", 1800: "half-hour", 3600: "hour"}
    return names.get(int(calendar.interval), f"{format_duration(calendar.interval)} interval")


def formula_words(measures: Iterable[Measure]) -> str:
    """The formula behind each measure."""
    formulas = "; ".join(f"{measure.title} = {measure.formula}" for measure in measures)
    return f"{formulas}. T is the time of the target; ratios are ratios of sums."
