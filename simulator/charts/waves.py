"""Orders and the contacts they bring, day by day: which topics come in waves, and which campaign sent them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import vl_convert

from simulator.charts.look import (
    CLOSED,
    GROUPS,
    INDEPENDENT_COLOURS,
    RULE,
    WIDTH,
    Row,
    data,
    dressed,
    legend_above,
    lookup,
    panel,
    spec,
)
from simulator.charts.words import day_names, distinct, horizon_words
from simulator.demand import contacts_by_cause

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]

_HEIGHTS = (90, 220, 120)
_GAP = 0.06
"""Of a day: blank on either side of its bar."""
_ANYWAY = "#C9CDD2"
"""What comes without any campaign, where topics do not matter."""
_PALE = 0.38
"""Opacity of a topic's contacts that would come anyway."""
_CAMPAIGNS = ("#D55E00", "#0072B2", "#7A3E9D", "#B8860B", "#8B1A1A", "#2F6B4F", "#444444")
"""Colours of campaigns, over again when there are more; none is a topic's."""
_LEGEND_LETTERS = 78
"""Longer names do not fit into one row beside the heading; they go to the right of the panel."""


def waves_chart(scenario: Scenario) -> alt.VConcatChart | None:
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
    panels: list[alt.LayerChart] = []
    if scenario.orders is not None:
        acting = [k for k in range(len(names)) if k == 0 or orders[k].any()]
        bars = _Bars([titles[k] if k else "without campaigns" for k in acting], [palette[k] for k in acting])
        panels.append(_panel(scenario, "Orders per day", _HEIGHTS[0], bars, _stacked(orders[acting])))
    anyway = contacts[0] + np.minimum(contacts[1:].sum(axis=0), 0.0)
    caused = np.maximum(contacts[1:].sum(axis=0), 0.0)
    heading = "Contacts per day by topic" + (": full colour is caused by campaigns" if caused.any() else "")
    panels.append(_panel(scenario, heading, _HEIGHTS[1], _Bars(topics, colours), _stacked(anyway, caused)))
    acting = [k for k in range(1, len(names)) if (by_campaign[k] > 0).any()]
    if acting:
        bars = _Bars([titles[k] for k in acting], [palette[k] for k in acting])
        shown = _stacked(np.maximum(by_campaign[acting], 0.0))
        panels.append(_panel(scenario, "Contacts per day that campaigns cause", _HEIGHTS[2], bars, shown))
    return alt.VConcatChart(vconcat=panels, spacing=34, resolve=INDEPENDENT_COLOURS)


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
    scenario: Scenario, title: str, height: int, bars: _Bars, layers: Sequence[tuple[Floats, Floats]]
) -> alt.LayerChart:
    calendar = scenario.calendar
    names = day_names(calendar)
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
        for d, name in enumerate(names)
    ]
    mondays = [d for d in range(calendar.days) if d == 0 or (calendar.weekday_of_day[d] == 0 and d > 3)]
    shown = [f"{calendar.date_of_day[d].day} {calendar.date_of_day[d]:%b}" for d in mondays]
    axis: Row = {"values": mondays, "labelExpr": lookup(mondays, shown), "labelAlign": "left", "title": None}
    axis |= {"grid": True, "tickSize": 8, "labelFlush": False, "labelOverlap": False}
    x = alt.X("at:Q", scale={"domain": [0, calendar.days], "nice": False, "zero": False}, axis=axis)
    highest = max(float(top.max()) for _, top in layers)
    y = alt.Y(
        "top:Q",
        scale={"domain": [0, 1.06 * max(highest, 1.0)], "nice": False},
        axis={"title": None, "tickCount": 5, "format": ",d", "tickMinStep": 1},
    )
    beside = sum(map(len, bars.names)) + 3 * len(bars.names) + len(title) <= _LEGEND_LETTERS + 40
    colour = alt.Color(
        "part:N",
        scale={"domain": bars.names, "range": bars.colours},
        legend=legend_above() if beside else {"title": None, "symbolType": "square"},
    )
    holidays = [{"at": d, "to": d + 1} for d in range(calendar.days) if calendar.is_holiday[d]]
    base = alt.Chart(data(rows)).encode(x=x, x2="to:Q", y=y, y2="floor:Q", color=colour)
    tooltips = [alt.Tooltip(f"value{part}:Q", title=name, format=",.0f") for part, name in enumerate(bars.names)]
    drawn = [
        *([alt.Chart(data(holidays)).mark_rect(color=CLOSED).encode(x=x, x2="to:Q")] if holidays else []),
        *(
            base.transform_filter(f"datum.caused == {number}").mark_rect(
                opacity=1.0 if number == len(layers) - 1 else _PALE
            )
            for number in range(len(layers))
        ),
        alt.Chart(data([{"top": 0.0}])).mark_rule(color=RULE).encode(y=y),
        alt.Chart(data(told))
        .mark_rect(opacity=0)
        .encode(x=x, x2="to:Q", tooltip=[alt.Tooltip("when:N", title="day"), *tooltips]),
    ]
    return panel(drawn, title, WIDTH, height, beside_legend=beside)


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
    footnotes = [
        "Expected numbers by day, before chance. A campaign's contacts include the later waves that its orders bring. "
        "Grey: public holidays.",
    ]
    whole = dressed(chart, scenario.title, [horizon_words(scenario.calendar)], footnotes)
    path.write_bytes(vl_convert.vegalite_to_png(spec(whole), scale=pixels / 1000))
