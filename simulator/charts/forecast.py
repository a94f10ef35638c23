"""A forecast over the days: what came as points, what is or was said as a line in its band."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.look import WIDTH, Colour, legend_at, note, panel
from simulator.charts.vega import below, category, literal, lookup, marks, quantity, tips, until
from simulator.language import day_and_year, day_of_year, number, percent, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulator.charts.vega import Chart, Row
    from simulator.history.forecast import Forecast

_HEIGHT = 240
_LABEL = 52
"""Pixels that the name of a day needs."""
_PAST_OF_AHEAD = 2
"""Horizons of the past that are shown beside what is ahead."""
_WEEK = 7


def forecast_charts(forecasts: Sequence[Forecast]) -> list[tuple[str, str, Chart]]:
    """Title, explanation and chart of each section of a page."""
    sections = []
    for each in forecasts:
        told = say("forecast.chart.days_told", band=percent(each.confidence, None))
        sections.append((f"{each.name}: {say('forecast.chart.days')}", told, ahead_chart(each)))
        past = say("forecast.chart.past_told")
        sections.append((f"{each.name}: {say('forecast.chart.past')}", past, tried_chart(each)))
    return sections


def ahead_chart(forecast: Forecast, *, width: int = WIDTH) -> Chart:
    """The days ahead, after the last ones of the history."""
    first = forecast.date[0].toordinal()
    since = first - _PAST_OF_AHEAD * max(len(forecast.date), 2 * _WEEK)
    ordinals = [day.toordinal() for day in forecast.known]
    came = {day: total for day, total in zip(ordinals, forecast.total.tolist(), strict=True) if day >= since}
    columns = (forecast.day.middle, forecast.day.low, forecast.day.high)
    said = {
        first + k: (float(columns[0][k]), float(columns[1][k]), float(columns[2][k]))
        for k in np.flatnonzero(forecast.is_open).tolist()
    }
    return below([_panel(came, said, forecast.confidence, width)])


def tried_chart(forecast: Forecast, *, width: int = WIDTH) -> Chart:
    """Each day as it was forecast within the week before, and what came."""
    tried = [each for each in forecast.rolled.checked if each.level == "day" and each.week == 1]
    if not tried:
        return below([panel([note(say("forecast.chart.no_origins"))], "", width, _HEIGHT // 3)])
    came = {each.ordinal: float(each.came[0]) for each in tried}
    said = {each.ordinal: (float(each.middle[0]), float(each.low[0]), float(each.high[0])) for each in tried}
    return below([_panel(came, said, forecast.confidence, width)])


def _panel(
    came: Mapping[int, float], said: Mapping[int, tuple[float, float, float]], confidence: float, width: int
) -> Chart:
    days = sorted({*came, *said})
    rows = [_row(day, came.get(day), said.get(day)) for day in days]
    kinds = [
        say("forecast.chart.came"),
        say("forecast.chart.forecast"),
        say("forecast.chart.band", band=percent(confidence, None)),
    ]
    scale = {"domain": kinds, "range": [Colour.INK, Colour.MEDIAN, Colour.BAND_80]}
    key = legend_at(width, kinds)
    top = 1.05 * max(max(row.get("came", 0.0), row.get("high", 0.0)) for row in rows)
    x = _axis(days, width)
    hints = tips(when=" ", came_told=kinds[0], said_told=kinds[1], band_told=kinds[2])

    def place(field: str, **more: Row) -> Row:
        y = quantity(field, scale={"domain": [0, top], "nice": False}, axis={"title": None, "tickCount": 5})
        return {"x": x, "y": y, "color": category("kind", scale=scale, legend=key), "tooltip": hints, **more}

    def kind(name: str) -> Row:
        return {"kind": literal(name)}

    thick = float(np.clip(0.6 * width / (days[-1] - days[0] + 2), 2, 14))
    band = place("low", y2=until("high"))
    there = "isValid(datum.middle)"
    layers = [
        marks(rows, "rule", band, where=there, calculate=kind(kinds[2]), strokeWidth=thick),
        marks(
            rows,
            "tick",
            place("middle"),
            where=there,
            calculate=kind(kinds[1]),
            orient="horizontal",
            thickness=2,
            width=1.4 * thick,
        ),
        marks(
            rows,
            "point",
            place("came"),
            where="isValid(datum.came)",
            calculate=kind(kinds[0]),
            filled=True,
            size=18,
            opacity=1,
        ),
    ]
    return panel(layers, "", width, _HEIGHT, beside_legend=True)


def _row(day: int, came: float | None, said: tuple[float, float, float] | None) -> Row:
    row: Row = {"at": day, "when": day_and_year(date.fromordinal(day)), "came_told": "", "said_told": ""}
    row["band_told"] = ""
    if came is not None:
        row |= {"came": came, "came_told": number(came)}
    if said is not None:
        middle, low, high = said
        told = say("charts.from_to", low=number(low), high=number(high))
        row |= {"middle": middle, "low": low, "high": high, "said_told": number(middle), "band_told": told}
    return row


def _axis(days: Sequence[int], width: int) -> Row:
    """Mondays, as many as there is room for."""
    mondays = [day for day in range(days[0], days[-1] + 1) if date.fromordinal(day).weekday() == 0]
    ticks = mondays[:: max(-(-len(mondays) * _LABEL // width), 1)]
    labels = lookup(ticks, [day_of_year(date.fromordinal(tick)) for tick in ticks])
    domain = [days[0] - 0.7, days[-1] + 0.7]
    return quantity(
        "at",
        scale={"domain": domain, "nice": False, "zero": False},
        axis={"title": None, "values": ticks, "labelExpr": labels, "grid": True},
    )
