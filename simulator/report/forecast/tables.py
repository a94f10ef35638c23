"""Facts and tables of a forecast, made once and shown on the terminal and on the page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from simulator.language import NOTHING, day_and_year, day_of_year, duration, number, percent, say
from simulator.report.shown_table import ShownTable
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.history.forecast import Forecast, Score


_SHOWN = 5
"""Days that a sentence names."""


def title_words(forecast: Forecast) -> str:
    """Forecast: phone."""
    return say("forecast.title", name=forecast.name)


def told_words(forecast: Forecast) -> str:
    """Which days, as seen when, and what the interval promises."""
    first, made = day_and_year(forecast.date[0]), day_and_year(forecast.known[-1])
    days = duration(len(forecast.date) * DAY)
    return say("forecast.told", days=days, first=first, made=made, band=band_words(forecast))


def band_words(forecast: Forecast) -> str:
    """90 %."""
    return percent(forecast.confidence, None)


def facts(forecast: Forecast) -> dict[str, str]:
    """Name and value of each fact."""
    known = forecast.known
    ends = {"first": day_and_year(known[0]), "last": day_and_year(known[-1])}
    origins = len({each.origin for each in forecast.rolled.checked})
    none = say("forecast.fact.origins_none")
    in_part = ", ".join(map(day_and_year, forecast.in_part))
    left_out = {say("forecast.fact.left_out"): say("forecast.fact.left_out_is", days=in_part)} if in_part else {}
    return {
        say("forecast.fact.history"): say("forecast.fact.history_is", count=len(known), **ends),
        **left_out,
        say("forecast.fact.step"): step_words(forecast),
        say("forecast.fact.holidays"): holidays_words(forecast),
        say("forecast.fact.terms"): terms_words(forecast),
        say("forecast.fact.origins"): say("forecast.fact.origins_is", count=origins) if origins else none,
    }


def step_words(forecast: Forecast) -> str:
    """The length of the intervals."""
    return say("forecast.fact.whole_days") if len(forecast.clock) == 1 else duration(forecast.step)


def holidays_words(forecast: Forecast) -> str:
    """Of which country, and how many of the days ahead."""
    holidays = forecast.holidays
    if holidays is None or holidays.country is None:
        return say("forecast.fact.no_holidays")
    ahead = holidays.between(forecast.date[0], forecast.date[-1])
    named = ", ".join(f"{day_of_year(day)} {name}" for day, name in ahead.items())
    return f"{holidays.country}: {named or say('forecast.fact.none_ahead')}"


def terms_words(forecast: Forecast) -> str:
    """What the calendar tells that the models use."""
    kinds = [(kind.replace(" ", "_"), name) for kind, name in forecast.terms]
    words = dict.fromkeys(say(f"forecast.term.{kind}", name=name) for kind, name in kinds)
    return ", ".join(words) or say("forecast.fact.nothing")


def scores_table(forecast: Forecast) -> ShownTable:
    """How good such forecasts have been."""
    columns = ("level", "ahead", "count", "error", "naive", "ratio", "coverage")
    return ShownTable(
        say("forecast.scores.title"),
        tuple(say(f"forecast.column.{name}") for name in columns),
        2,
        tuple(_score(score, forecast) for score in forecast.scores),
        say("forecast.scores.note", band=band_words(forecast)),
    )


def worse_words(forecast: Forecast) -> str:
    """Where seasonal-naive has been better; nothing where it has not."""
    worse = [" ".join(_of_what(score, forecast)) for score in forecast.scores if score.ratio > 1]
    return say("forecast.scores.worse", where=", ".join(worse)) if worse else ""


def not_judged_words(forecast: Forecast) -> str:
    """How many forecasts of open days are in no score, and why; nothing if all are."""
    rolled, reasons = forecast.rolled, []
    for reason in dict.fromkeys(each.reason for each in rolled.not_judged):
        ordinals = sorted({each.ordinal for each in rolled.not_judged if each.reason == reason})
        reasons.append(say(f"forecast.not_judged.{reason}", days=_some_days(ordinals)))
    if not reasons:
        return ""
    count, whole = len(rolled.not_judged), rolled.open_days
    return say("forecast.not_judged.told", count=count, open=whole, reasons="; ".join(reasons))


def _some_days(ordinals: Sequence[int]) -> str:
    shown = ", ".join(day_and_year(date.fromordinal(each)) for each in ordinals[:_SHOWN])
    more = len(ordinals) - _SHOWN
    return say("forecast.not_judged.days_more", count=more, days=shown) if more > 0 else shown


def untried_words(forecast: Forecast) -> str:
    """From which week ahead no forecast could be judged, if there are earlier forecasts at all; else nothing."""
    tried = max((each.week for each in forecast.rolled.checked), default=forecast.weeks)
    return say("forecast.untried.told", first=tried + 1) if tried < forecast.weeks else ""


def warnings(forecast: Forecast) -> tuple[str, ...]:
    """What the scores do not tell, or tell against the forecast."""
    told = worse_words(forecast), not_judged_words(forecast), untried_words(forecast)
    return tuple(words for words in told if words)


def _of_what(score: Score, forecast: Forecast) -> tuple[str, str]:
    first, last = score.weeks
    one, several = say("forecast.scores.one_week", first=first), say("forecast.scores.weeks", first=first, last=last)
    return say(f"forecast.level.{score.level}", step=duration(forecast.step)), one if first == last else several


def _score(score: Score, forecast: Forecast) -> tuple[str, ...]:
    return (
        *_of_what(score, forecast),
        number(score.count),
        *(number(value, 3) if np.isfinite(value) else NOTHING for value in (score.error, score.naive_error)),
        number(score.ratio, 2) if np.isfinite(score.ratio) else NOTHING,
        percent(score.coverage, 1),
    )


def days_table(forecast: Forecast) -> ShownTable:
    """The days ahead."""
    columns = ("date", "contacts", "low", "middle", "high")
    band = forecast.day
    rows = []
    for k, day in enumerate(forecast.date):
        figures = [number(float(each[k])) for each in (band.mean, band.low, band.middle, band.high)]
        shut = [say("forecast.days.closed"), *[""] * 3]
        rows.append((day_and_year(day), *(figures if forecast.is_open[k] else shut)))
    titles = tuple(say(f"forecast.days.{name}") for name in columns)
    return ShownTable(say("forecast.days.title"), titles, 1, tuple(rows), say("forecast.days.note"))
