"""The pictures of a fit: what happened, and what the scenario that was fitted says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.charts.goodness.days import days_chart
from simulator.charts.goodness.profile import profile_chart
from simulator.charts.goodness.quantile_pairs import QuantilePairs, quantile_pairs_chart
from simulator.charts.goodness.staffing import staffing_chart
from simulator.charts.goodness.survival import Curve, Observed, survival_chart
from simulator.charts.look import WIDTH
from simulator.history.fitted_scenario import CallsFit
from simulator.history.fitted_scenario.curves import longer_share, quantiles
from simulator.language import NOTHING, duration, number, percent, say
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.charts.vega import Chart
    from simulator.history.estimators.counts import Counts
    from simulator.history.estimators.demand import FittedVolume
    from simulator.history.estimators.families import FamilyFit
    from simulator.history.estimators.survival import Survival
    from simulator.history.estimators.times import TimeFit
    from simulator.history.fitted_scenario import FittedScenario

_MOST_QUEUES = 5
"""Queues with a Q-Q panel of their own beside that of all."""
_SHARES = np.concatenate((np.arange(0.01, 0.95, 0.02), [0.96, 0.97, 0.98, 0.99, 0.995]))
_CURVE = 120
"""Points of a fitted curve."""
_ND = 1.645
"""Of the normal distribution: 90 of 100 lie within so many standard deviations."""


class FitPicture(NamedTuple):
    """One picture with its words."""

    title: str
    told: str
    """How it is to be read."""
    chart: Chart


def fit_pictures(fit: FittedScenario, *, width: int = WIDTH) -> list[FitPicture]:
    """All pictures of a fit.

    Parameters
    ----------
    fit
        To whatever was there.
    width
        Pixels of each.
    """
    pictures: list[FitPicture] = []
    found = fit.found
    if isinstance(found, CallsFit):
        pictures += _of_calls(found, width)
    elif found is not None:
        pictures += _of_counts(found.counts, [channel.volume for channel in found.channels], width)
    if fit.tickets is not None:
        pictures += _of_counts(fit.tickets.counts, [channel.volume for channel in fit.tickets.channels], width)
    if fit.orders is not None:
        pictures += _of_counts(fit.orders.counts, [fit.orders.volume], width)
    return pictures


def _of_calls(fit: CallsFit, width: int) -> list[FitPicture]:
    (volume,) = fit.demand.volumes
    patience = fit.patience.all_queues
    chosen = patience.chosen
    told = say(
        "fit.page.patience_told",
        gave_up=number(patience.gave_up),
        waited=number(patience.count),
        family=_family_words(chosen),
        distance=percent(chosen.distance, 1),
    )
    candidates = list(dict.fromkeys([chosen, *patience.candidates]))[:4]
    return [
        _days(fit.counts, volume, width),
        _profile(fit.counts, volume, width),
        FitPicture(say("fit.page.handling"), _handling_told(fit.handling.all_queues), _pairs(fit, width)),
        FitPicture(say("fit.page.patience"), told, _survival(patience.survival, candidates, width)),
        FitPicture(
            say("fit.page.staffing"),
            say("fit.page.staffing_told"),
            staffing_chart(fit.teams, _load(fit, volume), width=width),
        ),
    ]


def _of_counts(counts: Counts, volumes: Sequence[FittedVolume], width: int) -> list[FitPicture]:
    charts: list[FitPicture] = []
    for volume in volumes:
        charts.append(_days(counts, volume, width, volume.name))
        if counts.step < DAY:
            charts.append(_profile(counts, volume, width, volume.name))
    return charts


def _days(counts: Counts, volume: FittedVolume, width: int, channel: str = "") -> FitPicture:
    spread = _ND * np.sqrt(volume.expected + (volume.day_cv.value * volume.expected) ** 2)
    chart = days_chart(
        counts.ordinal,
        volume.total,
        volume.expected,
        np.maximum(volume.expected - spread, 0.0),
        volume.expected + spread,
        width=width,
    )
    told = say(
        "fit.page.days_told",
        cv=percent(volume.day_cv.value, 1),
        trend=percent(volume.trend.value, 2) if volume.trend is not None and volume.has_trend else NOTHING,
        unusual=number(len(volume.unusual)),
    )
    return FitPicture(_titled(say("fit.page.days"), channel), told, chart)


def _profile(counts: Counts, volume: FittedVolume, width: int, channel: str = "") -> FitPicture:
    """By slots from midnight."""
    slots = DAY // counts.step
    at = counts.clock // counts.step
    shape = (7, slots)
    observed, low, high, fitted = (np.full(shape, np.nan) for _ in range(4))
    fitted_of_day = np.array([volume.per_week.value * weekday.value for weekday in volume.weekdays])
    count = counts.count[counts.names.index(volume.name)]
    for weekday in range(7):
        days = count[counts.weekday == weekday]
        if len(days):
            observed[weekday, at] = days.mean(axis=0)
            low[weekday, at], high[weekday, at] = np.quantile(days, [0.05, 0.95], axis=0)
        fitted[weekday, at] = fitted_of_day[weekday] * volume.time_of_day.share[weekday]
    known = volume.explained
    told = say(
        "fit.page.profile_told",
        explained=percent(known.by_profile, 0),
        before=number(known.given_profile, 2),
        after=number(known.given_day, 2),
        interval=percent(volume.interval_cv.value, 1),
    )
    chart = profile_chart(observed, low, high, fitted, counts.step, width=width)
    return FitPicture(_titled(say("fit.page.profile"), channel), told, chart)


def _titled(title: str, channel: str) -> str:
    return f"{title}: {channel}" if channel else title


def _load(fit: CallsFit, volume: FittedVolume) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """[weekday, interval] Agents that the contacts keep busy on average."""
    load = np.zeros((7, DAY // fit.counts.step))
    of_day = np.array([volume.per_week.value * weekday.value for weekday in volume.weekdays])
    at = fit.counts.clock // fit.counts.step
    work = (1 - fit.observed.unanswered) * fit.handling.all_queues.chosen.mean.value / fit.counts.step
    load[:, at] = of_day[:, np.newaxis] * volume.time_of_day.share * work
    return load


def _handling_told(times: TimeFit) -> str:
    chosen = times.chosen
    return say(
        "fit.page.handling_told",
        family=_family_words(chosen),
        mean=duration(round(chosen.mean.value)),
        cv=number(chosen.cv.value, 2),
        distance=percent(chosen.distance, 1),
        others=", ".join(
            f"{_family_words(each)} {percent(each.distance, 1)}" for each in times.candidates if each is not chosen
        ),
    )


def _family_words(family: FamilyFit) -> str:
    return say(f"fit.family.{family.family.replace(' ', '_')}")


def _pairs(fit: CallsFit, width: int) -> Chart:
    handling = fit.handling
    largest = [q for q in np.argsort(fit.volume)[::-1].tolist() if not handling.pooled[q]][:_MOST_QUEUES]
    panels = [_quantile_pairs(say("fit.page.all_queues"), handling.all_queues)]
    if len(fit.queues) > 1:
        panels += [_quantile_pairs(say("fit.page.queue", name=fit.queues[q]), handling.of_queue[q]) for q in largest]
    return quantile_pairs_chart(panels, width=width)


def _quantile_pairs(title: str, times: TimeFit) -> QuantilePairs:
    survival = times.survival
    place = np.minimum(np.searchsorted(-survival.share, _SHARES - 1.0), len(survival.seconds) - 1)
    chosen = times.chosen
    return QuantilePairs(
        f"{title}: {_family_words(chosen)}", _SHARES, survival.seconds[place], quantiles(chosen, _SHARES)
    )


def _survival(survival: Survival, families: Sequence[FamilyFit], width: int) -> Chart:
    known = survival.at_risk >= max(20.0, 0.0005 * float(survival.at_risk.max(initial=0.0)))
    longest = float(survival.seconds[known].max(initial=60.0))
    at = np.linspace(0.0, longest, _CURVE)
    curves = [Curve(_family_words(family), at, longer_share(family, at)) for family in families]
    return survival_chart(
        Observed(survival.seconds, survival.share, survival.low, survival.high), curves, longest=longest, width=width
    )
