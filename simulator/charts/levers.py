"""What levers change: a bar with its interval for each what-if and criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.look import BLUE, VERMILION, Colour, dressed
from simulator.charts.picture import png
from simulator.charts.vega import below, beside, category, marks, quantity, until
from simulator.language import percent, say
from simulator.words import horizon_words, run_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from simulator.charts.look import Theme
    from simulator.charts.vega import Chart, Row
    from simulator.experiment import Levers, RankedBy, WhatIf

_COLOURS = {"better": BLUE, "worse": VERMILION, "noise": Colour.RULE}
_SCALES = {"share": (100.0, "points"), "seconds": (1.0, "s"), "count": (1.0, ""), "currency": (1.0, "money")}
"""One of a unit in what an axis shows, and the sign of that."""
_WIDTH, _ROW, _GAP = 130, 24, 14
"""Pixels of a panel, of a what-if in it, and between two panels."""
_NAMES = 220
"""Pixels for the names of what-ifs."""
_WIDEST = 1200
"""Pixels that panels for all criteria need."""


def levers_chart(levers: Levers, by: RankedBy, *, width: int = _WIDEST) -> Chart:
    """A panel for each criterion; what can be done above, what may happen below, each the best first.

    Bars are differences from the base, the lines on them their confidence intervals. Of `width` depends how many
    panels stand side by side.
    """
    kinds = (
        (say("charts.levers.can"), levers.ranked(by, can_be_done=True)),
        (say("charts.levers.may"), levers.ranked(by, can_be_done=False)),
    )
    most, criteria = max((width - _NAMES) // (_WIDTH + _GAP), 1), list(levers.criteria)
    rows: list[Chart] = []
    for title, what_ifs in kinds:
        if what_ifs:
            panels = [_panel(levers, each, what_ifs, first=place % most == 0) for place, each in enumerate(criteria)]
            lines = [beside(panels[start : start + most], spacing=_GAP) for start in range(0, len(panels), most)]
            rows += [{**lines[0], "title": {"text": title, "anchor": "start", "fontSize": 13}}, *lines[1:]]
    return below(rows)


def levers_figure(levers: Levers, by: RankedBy, *, theme: Theme = "light") -> Chart:
    """The chart with its title, and what it was made from."""
    scenario = levers.base.scenario
    footnotes = [
        say("charts.levers.note", confidence=percent(round(levers.confidence, 4), None)),
        say("charts.levers.order", criterion=levers.criteria[by].title.lower(), run=run_words(levers.base)),
    ]
    lines = [horizon_words(scenario.calendar)]
    return dressed(levers_chart(levers, by), scenario.title, lines, footnotes, theme=theme)


def write_levers_png(levers: Levers, by: RankedBy, path: Path) -> None:
    """Write the chart, on white.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    path.write_bytes(png(levers_figure(levers, by), 1.2))


def _panel(levers: Levers, by: RankedBy, what_ifs: Sequence[WhatIf], *, first: bool) -> Chart:
    criterion = levers.criteria[by]
    scale, unit = _SCALES[criterion.unit]
    sign = levers.base.scenario.currency if unit == "money" else unit and say(f"forms.unit.{unit}", number="").strip()
    rows = [_row(levers, by, what_if, scale) for what_if in what_ifs]
    names = [what_if.name for what_if in what_ifs]
    labels: Row = {"title": None, "domain": False, "ticks": False, "labelLimit": _NAMES, "labels": first}
    y = category("name", sort=names, axis=labels)
    numbers: Row = {"title": sign or None, "titleFontWeight": "normal", "tickCount": 3, "format": ",.2~f"}
    kinds = {"domain": list(_COLOURS), "range": list(_COLOURS.values())}
    bars = {"x": quantity("value", axis=numbers), "y": y, "color": category("is", scale=kinds, legend=None)}
    return {
        "layer": [
            marks([{"zero": 0}], "rule", {"x": quantity("zero")}, color=Colour.RULE),
            marks(rows, "bar", bars, height=12),
            marks(rows, "rule", {"x": quantity("low"), "x2": until("high"), "y": y}, color=Colour.INK),
        ],
        "title": {
            "text": criterion.title,
            "anchor": "start",
            "frame": "group",
            "fontSize": 11,
            "fontWeight": "normal",
        },
        "width": _WIDTH,
        "height": _ROW * len(rows),
    }


def _row(levers: Levers, by: RankedBy, what_if: WhatIf, scale: float) -> Row:
    difference = levers.difference(what_if, by)
    value, low, high = (
        float(part) * scale if np.isfinite(part) else None
        for part in (difference.value, difference.low, difference.high)
    )
    clear = bool(difference.low > 0) or bool(difference.high < 0)
    judged = ("better" if levers.is_better(difference, by) else "worse") if clear else "noise"
    return {"name": what_if.name, "value": value, "low": low, "high": high, "is": judged}
