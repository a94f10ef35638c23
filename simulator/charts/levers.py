"""What levers change: a bar with its interval for each what-if and criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from simulator.charts.look import BLUE, INK, RULE, VERMILION, Row, data, dressed
from simulator.charts.picture import png
from simulator.charts.words import horizon_words, run_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from simulator.charts.look import Chart
    from simulator.experiment import Levers, RankedBy, WhatIf

BETTER, WORSE, NOISE = "better", "worse", "within noise"
_COLOURS = {BETTER: BLUE, WORSE: VERMILION, NOISE: RULE}
_SCALES = {"share": (100.0, "pp"), "seconds": (1.0, "s"), "count": (1.0, "")}
"""One of a unit in what an axis shows, and the sign of that."""
_WIDTH, _ROW = 130, 24
"""Pixels of a panel, and of a what-if in it."""


def levers_chart(levers: Levers, by: RankedBy) -> Chart:
    """A panel for each criterion; what can be done above, what may happen below, each the best first.

    Bars are differences from the base, the lines on them their confidence intervals.
    """
    kinds = (
        ("What you can do", levers.ranked(by, can_be_done=True)),
        ("What may happen", levers.ranked(by, can_be_done=False)),
    )
    rows: list[alt.VConcatChart | alt.HConcatChart | alt.LayerChart] = [
        alt.HConcatChart(
            hconcat=[_panel(levers, each, what_ifs, first=place == 0) for place, each in enumerate(levers.criteria)],
            title=alt.Title(title, anchor="start", fontSize=13),
            spacing=14,
        )
        for title, what_ifs in kinds
        if what_ifs
    ]
    footnotes = [
        f"Difference from the base on the same customers; line: {100 * levers.confidence:.4g} % confidence interval. "
        "Grey: within noise, the interval holds 0.",
        f"The order is by {levers.criteria[by].title.lower()}. {run_words(levers.base)}.",
    ]
    scenario = levers.base.scenario
    return dressed(alt.VConcatChart(vconcat=rows), scenario.title, [horizon_words(scenario.calendar)], footnotes)


def write_levers_png(levers: Levers, by: RankedBy, path: Path) -> None:
    """Write the chart, on white.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    path.write_bytes(png(levers_chart(levers, by), 1.2))


def _panel(levers: Levers, by: RankedBy, what_ifs: Sequence[WhatIf], *, first: bool) -> alt.LayerChart:
    criterion = levers.criteria[by]
    scale, sign = _SCALES.get(criterion.unit, (1.0, levers.base.scenario.currency))
    rows = [_row(levers, by, what_if, scale) for what_if in what_ifs]
    names = [what_if.name for what_if in what_ifs]
    labels: Row = {"title": None, "domain": False, "ticks": False, "labelLimit": 220, "labels": first}
    base = alt.Chart(data(rows)).encode(y=alt.Y("name:N", sort=names, axis=labels))
    numbers: Row = {"title": sign or None, "titleFontWeight": "normal", "tickCount": 3, "format": ",.2~f"}
    bars = base.mark_bar(height=12).encode(
        x=alt.X("value:Q", axis=numbers),
        color=alt.Color("is:N", scale={"domain": list(_COLOURS), "range": list(_COLOURS.values())}, legend=None),
    )
    intervals = base.mark_rule(color=INK).encode(x="low:Q", x2="high:Q")
    zero = alt.Chart(data([{"zero": 0}])).mark_rule(color=RULE).encode(x="zero:Q")
    return alt.LayerChart(
        layer=[zero, bars, intervals],
        title=alt.Title(criterion.title, anchor="start", frame="group", fontSize=11, fontWeight="normal"),
        width=_WIDTH,
        height=_ROW * len(rows),
    )


def _row(levers: Levers, by: RankedBy, what_if: WhatIf, scale: float) -> Row:
    difference = levers.difference(what_if, by)
    value, low, high = (
        float(part) * scale if np.isfinite(part) else None
        for part in (difference.value, difference.low, difference.high)
    )
    clear = bool(difference.low > 0) or bool(difference.high < 0)
    judged = (BETTER if levers.is_better(difference, by) else WORSE) if clear else NOISE
    return {"name": what_if.name, "value": value, "low": low, "high": high, "is": judged}
