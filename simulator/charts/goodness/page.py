"""One page that shows how well a scenario fits the history that it was made of."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.charts.goodness.days import days_chart
from simulator.charts.goodness.profile import profile_chart
from simulator.charts.goodness.quantile_pairs import QuantilePairs, quantile_pairs_chart
from simulator.charts.goodness.staffing import staffing_chart
from simulator.charts.goodness.survival import Curve, Observed, survival_chart
from simulator.charts.standalone import facts_list, standalone
from simulator.history.fitted import CallsFit
from simulator.history.fitted.curves import longer_share, quantiles
from simulator.language import NOTHING, day_and_year, duration, number, percent, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from simulator.charts.vega import Chart
    from simulator.history.fit.counts import Counts
    from simulator.history.fit.demand import FittedVolume
    from simulator.history.fit.families import FamilyFit
    from simulator.history.fit.survival import Survival
    from simulator.history.fit.times import TimeFit
    from simulator.history.fitted import FittedScenario, Level, SourcedField

_MOST_QUEUES = 5
"""Queues with a Q-Q panel of their own beside that of all."""
_SHARES = np.concatenate((np.arange(0.01, 0.95, 0.02), [0.96, 0.97, 0.98, 0.99, 0.995]))
_CURVE = 120
"""Points of a fitted curve."""
_DAY = 86_400
_ND = 1.645
"""Of the normal distribution: 90 of 100 lie within so many standard deviations."""


def fit_page(fit: FittedScenario) -> str:
    """The page, complete in one HTML file: what was fitted, with pictures of it, and where each value comes from."""
    found = fit.found
    facts: dict[str, str] = {}
    charts: list[tuple[str, str, Chart]] = []
    service = ""
    if isinstance(found, CallsFit):
        seen = found.observed
        places = _places(seen.contacts, seen.days, seen.first_day, seen.last_day)
        facts[say("fit.page.history")] = say("fit.page.contacts", **places)
        service = _service(found, fit.level)
        charts += _charts_of_calls(found)
    elif found is not None:
        contacts = round(sum(channel.contacts for channel in found.channels))
        places = _places(contacts, found.days, found.first_day, found.last_day)
        facts[say("fit.page.history")] = say("fit.page.contacts", **places)
        charts += _charts_of_counts(found.counts, [channel.volume for channel in found.channels])
    if fit.tickets is not None:
        counts, volumes = fit.tickets.counts, [channel.volume for channel in fit.tickets.channels]
        places = _places(fit.tickets.tickets, len(counts.dates), counts.dates[0], counts.dates[-1])
        facts[say("fit.page.history_tickets")] = say("fit.page.tickets", **places)
        charts += _charts_of_counts(counts, volumes)
    if fit.orders is not None:
        counts = fit.orders.counts
        places = _places(fit.orders.orders, len(counts.dates), counts.dates[0], counts.dates[-1])
        facts[say("fit.page.history_orders")] = say("fit.page.orders", **places)
        charts += _charts_of_counts(counts, [fit.orders.volume])
    parts = (found, fit.tickets, fit.orders)
    facts[say("fit.page.zone")] = next(part.timezone for part in parts if part is not None)
    opening = f"<p>{escape(say('fit.page.told'))}</p>\n{facts_list(facts)}\n{service}"
    return standalone(say("fit.page.title"), opening, charts, _sources(fit.fields))


def _places(count: int, days: int, first: date, last: date) -> dict[str, Any]:
    """How many there were, and when."""
    return {
        "contacts": number(count),
        "first": day_and_year(first),
        "last": day_and_year(last),
        "days": number(days),
    }


def _charts_of_calls(fit: CallsFit) -> list[tuple[str, str, Chart]]:
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
        _days(fit.counts, volume),
        _profile(fit.counts, volume),
        (say("fit.page.handling"), _handling_told(fit.handling.all_queues), _pairs(fit)),
        (say("fit.page.patience"), told, _survival(patience.survival, candidates)),
        (say("fit.page.staffing"), say("fit.page.staffing_told"), staffing_chart(fit.teams, _load(fit, volume))),
    ]


def _charts_of_counts(counts: Counts, volumes: Sequence[FittedVolume]) -> list[tuple[str, str, Chart]]:
    charts: list[tuple[str, str, Chart]] = []
    for volume in volumes:
        charts.append(_days(counts, volume, volume.name))
        if counts.step < _DAY:
            charts.append(_profile(counts, volume, volume.name))
    return charts


def _days(counts: Counts, volume: FittedVolume, channel: str = "") -> tuple[str, str, Chart]:
    spread = _ND * np.sqrt(volume.expected + (volume.day_cv.value * volume.expected) ** 2)
    chart = days_chart(
        counts.ordinal,
        volume.total,
        volume.expected,
        np.maximum(volume.expected - spread, 0.0),
        volume.expected + spread,
    )
    told = say(
        "fit.page.days_told",
        cv=percent(volume.day_cv.value, 1),
        trend=percent(volume.trend.value, 2) if volume.trend is not None and volume.has_trend else NOTHING,
        unusual=number(len(volume.unusual)),
    )
    return _titled(say("fit.page.days"), channel), told, chart


def _profile(counts: Counts, volume: FittedVolume, channel: str = "") -> tuple[str, str, Chart]:
    """By slots from midnight."""
    slots = 86_400 // counts.step
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
    return _titled(say("fit.page.profile"), channel), told, profile_chart(observed, low, high, fitted, counts.step)


def _titled(title: str, channel: str) -> str:
    return f"{title}: {channel}" if channel else title


def _load(fit: CallsFit, volume: FittedVolume) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """[weekday, interval] Agents that the contacts keep busy on average."""
    load = np.zeros((7, 86_400 // fit.counts.step))
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


def _pairs(fit: CallsFit) -> Chart:
    handling = fit.handling
    largest = [q for q in np.argsort(fit.volume)[::-1].tolist() if not handling.pooled[q]][:_MOST_QUEUES]
    panels = [_quantile_pairs(say("fit.page.all_queues"), handling.all_queues)]
    if len(fit.queues) > 1:
        panels += [_quantile_pairs(say("fit.page.queue", name=fit.queues[q]), handling.of_queue[q]) for q in largest]
    return quantile_pairs_chart(panels)


def _quantile_pairs(title: str, times: TimeFit) -> QuantilePairs:
    survival = times.survival
    place = np.minimum(np.searchsorted(-survival.share, _SHARES - 1.0), len(survival.seconds) - 1)
    chosen = times.chosen
    return QuantilePairs(
        f"{title}: {_family_words(chosen)}", _SHARES, survival.seconds[place], quantiles(chosen, _SHARES)
    )


def _survival(survival: Survival, families: Sequence[FamilyFit]) -> Chart:
    known = survival.at_risk >= max(20.0, 0.0005 * float(survival.at_risk.max(initial=0.0)))
    longest = float(survival.seconds[known].max(initial=60.0))
    at = np.linspace(0.0, longest, _CURVE)
    curves = [Curve(_family_words(family), at, longer_share(family, at)) for family in families]
    return survival_chart(
        Observed(survival.seconds, survival.share, survival.low, survival.high), curves, longest=longest
    )


def _service(fit: CallsFit, level: Level | None) -> str:
    """What happened, and what the scenario does."""
    seen = fit.observed
    in_time = say("fit.page.in_time", within=duration(round(seen.within)))
    rows = [
        (say("fit.page.mean_wait"), duration(round(seen.mean_wait, 1)), level and duration(round(level.mean_wait, 1))),
        (say("fit.page.unanswered"), percent(seen.unanswered, 2), level and percent(level.unanswered, 2)),
        (in_time, percent(seen.in_time, 1), level and percent(level.in_time, 1)),
    ]
    head = ["", say("fit.page.observed"), *([say("fit.page.simulated")] if level else [])]
    body = "\n".join(
        "<tr>" + f"<th>{escape(name)}</th><td>{escape(was)}</td>" + (f"<td>{escape(is_)}</td>" if is_ else "") + "</tr>"
        for name, was, is_ in rows
    )
    titles = "".join(f"<th>{escape(title)}</th>" for title in head)
    return _table(say("fit.page.service"), titles, body)


def _sources(fields: Iterable[SourcedField]) -> str:
    """Every value with its source."""
    rows = "\n".join(
        f'<tr><th>{escape(".".join(field.path))}</th><td class="words">{escape(field.comment)}</td>'
        f'<td class="words" style="white-space: normal">{escape(field.source)}</td></tr>'
        for field in fields
        if field.source
    )
    titles = "".join(
        f'<th class="words">{escape(title)}</th>'
        for title in (say("fit.page.field"), say("fit.page.interval"), say("fit.page.source"))
    )
    return _table(say("fit.page.sources"), titles, rows)


def _table(caption: str, titles: str, rows: str) -> str:
    head = f"<caption>{escape(caption)}</caption>\n<thead><tr>{titles}</tr></thead>"
    return f'<div class="table"><table>{head}\n<tbody>{rows}</tbody></table></div>\n'
