"""Orders and the contacts they bring, day by day: which topics come in waves, and which campaign sent them."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.look import (
    GROUPS,
    INDEPENDENT_COLOURS,
    WIDTH,
    Colour,
    distinct,
    dressed,
    legend_at,
    panel,
)
from simulator.charts.picture import png
from simulator.charts.vega import below, category, lookup, marks, quantity, tips, until
from simulator.demand import contacts_by_cause
from simulator.language import day_of_year, say
from simulator.words import day_names, horizon_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from simulator.charts.vega import Chart, Row
    from simulator.scenario.calendar import Calendar
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]

_HEIGHTS = (90, 220, 120)
_DAY_ROOM, _DATE_ROOM = 62, 44
"""Pixels that "Fri 27 Nov" and "27 Nov" need: where there is no room for each day's name, Mondays have their date."""
_GAP = 0.06
"""Of a day: blank on either side of its bar."""
_ANYWAY = "#C9CDD2"
"""What comes without any campaign, where topics do not matter."""
_PALE = 0.38
"""Opacity of a topic's contacts that would come anyway."""
_CAMPAIGNS = ("#D55E00", "#0072B2", "#7A3E9D", "#B8860B", "#8B1A1A", "#2F6B4F", "#444444")
"""Colours of campaigns, over again when there are more; none is a topic's."""


def waves_chart(scenario: Scenario, *, width: int = WIDTH) -> Chart | None:
    """Expected numbers by day: orders by campaign, contacts by topic, and those that campaigns cause by campaign.

    In the middle panel the pale bars would come anyway and the full ones on top of them are caused by campaigns, their
    later waves included. None if nothing but the channels' own demand brings contacts.
    """
    causes = contacts_by_cause(scenario)
    if len(causes.names) == 1 and scenario.orders is None:
        return None
    names = list(dict.fromkeys(zip(causes.names, causes.titles, strict=True)))
    titles = distinct([title for _, title in names])
    row = np.array([names.index(each) for each in zip(causes.names, causes.titles, strict=True)])

    def by_name(values: Floats) -> Floats:
        """[name, day] What a campaign does through contacts and through orders, together."""
        return np.stack([values[row == each].sum(axis=0) for each in range(len(names))])

    palette = [_ANYWAY, *(_CAMPAIGNS[k % len(_CAMPAIGNS)] for k in range(len(names) - 1))]
    topics = distinct([topic.title or topic.name for topic in scenario.topics])
    colours = [GROUPS[t % len(GROUPS)] for t in range(len(topics))]
    contacts = causes.expected.sum(axis=1)
    by_campaign, orders = by_name(contacts.sum(axis=1)), by_name(causes.orders)
    panels: list[Chart] = []
    if scenario.orders is not None:
        acting = [k for k in range(len(names)) if k == 0 or orders[k].any()]
        bars = _Bars([titles[k] if k else say("charts.waves.without") for k in acting], [palette[k] for k in acting])
        panels.append(_panel(scenario, say("charts.waves.orders"), width, _HEIGHTS[0], bars, _stacked(orders[acting])))
    anyway = contacts[0] + np.minimum(contacts[1:].sum(axis=0), 0.0)
    caused = np.maximum(contacts[1:].sum(axis=0), 0.0)
    layers = _stacked(anyway, caused) if caused.any() else _stacked(anyway)
    heading = say("charts.waves.contacts_and_caused") if caused.any() else say("charts.waves.contacts")
    panels.append(_panel(scenario, heading, width, _HEIGHTS[1], _Bars(topics, colours), layers))
    acting = [k for k in range(1, len(names)) if (by_campaign[k] > 0).any()]
    if acting:
        bars = _Bars([titles[k] for k in acting], [palette[k] for k in acting])
        shown = _stacked(np.maximum(by_campaign[acting], 0.0))
        panels.append(_panel(scenario, say("charts.waves.caused"), width, _HEIGHTS[2], bars, shown))
    return below(panels, spacing=34, resolve=INDEPENDENT_COLOURS)


class _Bars:
    """Names of the parts of a bar, and their colours."""

    def __init__(self, names: list[str], colours: list[str]) -> None:
        self.names = names
        self.colours = colours


def _stacked(*layers: Floats) -> list[tuple[Floats, Floats]]:
    """Floor and top [part, day] of each layer, one on top of the other; what is taken away lowers the first part."""
    stacked = []
    ground = np.zeros(layers[0].shape[1])
    for layer in layers:
        lowered = np.maximum(layer, 0.0)
        lowered[0] = np.maximum(lowered[0] + np.minimum(layer, 0.0).sum(axis=0), 0.0)
        top = ground + np.cumsum(lowered, axis=0)
        stacked.append((top - lowered, top))
        ground = top[-1]
    return stacked


def _panel(
    scenario: Scenario, title: str, width: int, height: int, bars: _Bars, layers: Sequence[tuple[Floats, Floats]]
) -> Chart:
    calendar = scenario.calendar
    rows: list[Row] = [
        {
            "at": d + _GAP,
            "to": d + 1 - _GAP,
            "part": bars.names[part],
            "floor": float(floor[part, d]),
            "top": float(top[part, d]),
            "caused": number,
        }
        for number, (floor, top) in enumerate(layers)
        for part in range(len(bars.names))
        for d in range(calendar.days)
    ]
    told: list[Row] = [
        {"at": d, "to": d + 1, "when": name}
        | {
            f"value{part}": float(sum(top[part, d] - floor[part, d] for floor, top in layers))
            for part in range(len(bars.names))
        }
        for d, name in enumerate(day_names(calendar))
    ]
    x = quantity(
        "at", scale={"domain": [0, calendar.days], "nice": False, "zero": False}, axis=_days_axis(calendar, width)
    )
    highest = max(float(top.max()) for _, top in layers)
    y = quantity(
        "top",
        scale={"domain": [0, 1.06 * max(highest, 1.0)], "nice": False},
        axis={"title": None, "tickCount": 5, "format": ",d", "tickMinStep": 1},
    )
    colour = category(
        "part",
        scale={"domain": bars.names, "range": bars.colours},
        legend={**legend_at(width, bars.names, above=False), "symbolOpacity": 1},
    )
    place: Row = {"x": x, "x2": until("to"), "y": y, "y2": until("floor"), "color": colour}
    holidays = [{"at": d, "to": d + 1} for d in range(calendar.days) if calendar.is_holiday[d]]
    values = [quantity(f"value{part}", title=name, format=",.0f") for part, name in enumerate(bars.names)]
    pointed: Row = {"x": x, "x2": until("to"), "tooltip": [*tips(when=say("charts.waves.day")), *values]}
    drawn = [
        *([marks(holidays, "rect", {"x": x, "x2": until("to")}, color=Colour.CLOSED)] if holidays else []),
        *(
            marks(
                rows,
                "rect",
                place,
                where=f"datum.caused == {number}",
                opacity=1.0 if number == len(layers) - 1 else _PALE,
            )
            for number in range(len(layers))
        ),
        marks([{"top": 0.0}], "rule", {"y": y}, color=Colour.RULE),
        marks(told, "rect", pointed, opacity=0),
    ]
    return panel(drawn, title, width, height)


def _days_axis(calendar: Calendar, width: int) -> Row:
    """Names under the days, as many as there is room for."""
    per_day = width / calendar.days
    if per_day >= _DAY_ROOM:
        ticks, shown = list(range(calendar.days)), day_names(calendar)
    else:
        mondays = [d for d in range(calendar.days) if d == 0 or (calendar.weekday_of_day[d] == 0 and d > 3)]
        ticks = mondays[:: ceil(_DATE_ROOM / (7 * per_day))]
        shown = [day_of_year(calendar.date_of_day[d]) for d in ticks]
    axis: Row = {"values": ticks, "labelExpr": lookup(ticks, shown), "labelAlign": "left", "title": None}
    return axis | {"grid": True, "tickSize": 8, "labelFlush": False, "labelOverlap": False}


def write_waves_png(scenario: Scenario, path: Path, pixels: int = 1200) -> None:
    """Write the picture of orders and waves, about `pixels` wide; nothing if there is nothing to show.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    chart = waves_chart(scenario)
    if chart is None:
        return
    lines = [horizon_words(scenario.calendar)]
    path.write_bytes(png(dressed(chart, scenario.title, lines, [say("charts.waves.note")]), pixels / 1000))
