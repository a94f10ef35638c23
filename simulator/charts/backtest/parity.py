"""Simulated against observed, a point for each day: on the line they are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.backtest.axes import figure_axis
from simulator.charts.backtest.beside import SHOWN
from simulator.charts.look import NARROW, WIDTH, Colour, note, panel
from simulator.charts.vega import below, beside, marks, tips
from simulator.history.backtest import FIGURES
from simulator.language import day, number, say
from simulator.words import value_text

if TYPE_CHECKING:
    from simulator.charts.vega import Chart, Row
    from simulator.history.backtest import BackTest, FigureName

_GAP = 60
"""Pixels between two panels, with the numbers of an axis."""


def parity_chart(test: BackTest, *, width: int = WIDTH) -> Chart:
    """A panel for each figure; the heading tells the rank correlation."""
    wide = width >= NARROW
    size = (width - _GAP * (len(SHOWN) - 1)) // len(SHOWN) if wide else width
    panels = [_panel(test, name, size) for name in SHOWN]
    return beside(panels) if wide else below(panels)


def _panel(test: BackTest, name: FigureName, size: int) -> Chart:
    figure, days = FIGURES[name], test.outlook("day", name, luck_alone=True)
    correlation = float(test.agreement("day", name).rank_correlation.value)
    title = say(f"backtest.figure.{name}")
    told = "" if np.isnan(correlation) else say("backtest.rank_correlation_is", value=number(correlation, 3))
    shown = np.flatnonzero(days.judged)
    if not len(shown):
        return panel([note(say("backtest.nothing"))], title, size, size)
    rows: list[Row] = [
        {
            "observed": float(days.observed[k]),
            "simulated": float(days.simulated[k]),
            "name": day(test.test_days[k]),
            "observed_told": value_text(float(days.observed[k]), figure.unit, 1),
            "simulated_told": value_text(float(days.simulated[k]), figure.unit, 1),
        }
        for k in shown.tolist()
    ]
    least = 1.0 if figure.unit == "seconds" else 0.01
    top = max(1.05 * max(max(row["observed"], row["simulated"]) for row in rows), least)
    top = min(top, 1.0) if figure.unit == "share" else top
    x = figure_axis("observed", figure.unit, top, say("backtest.observed"))
    y = figure_axis("simulated", figure.unit, top, say("backtest.simulated"))
    line = [{"observed": 0.0, "simulated": 0.0}, {"observed": top, "simulated": top}]
    hints = tips(name=" ", observed_told=say("backtest.observed"), simulated_told=say("backtest.simulated"))
    drawn = panel(
        [
            marks(line, "line", {"x": x, "y": y}, color=Colour.RULE, strokeWidth=1.2, tooltip=None),
            marks(
                rows, "point", {"x": x, "y": y, "tooltip": hints}, filled=True, size=45, opacity=1, color=Colour.MEDIAN
            ),
        ],
        title,
        size,
        size,
    )
    drawn["title"] |= {"subtitle": told, "subtitleColor": Colour.FAINT_INK}
    return drawn
