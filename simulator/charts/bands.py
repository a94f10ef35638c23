"""What single futures may bring: a median and two bands of quantiles over the replications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import altair as alt

from simulator.charts.look import BAND_80, BAND_95, MEDIAN, Row, data, legend_above, lookup
from simulator.charts.words import time_ticks, time_words

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARES = (0.025, 0.1, 0.5, 0.9, 0.975)
"""The quantiles: the outer two hold 95 % of futures between them, the next two 80 %."""
COLUMNS = ("low95", "low80", "median", "high80", "high95")
"""Their columns in the rows."""
_TYPICAL, _INNER, _OUTER = "median", "80 %", "95 % of futures"


def band_layers(
    rows: Sequence[Row], x: alt.X, unit: Literal["seconds", "count"], top: float, *, legend: bool, stepped: bool
) -> list[alt.Chart]:
    """The 95 % band, the 80 % band and the median as layers over rows with `at`, `run` and `COLUMNS`.

    Parameters
    ----------
    top
        What the vertical axis, which starts at 0, has to reach.
    legend
        Whether the panel explains the colours.
    stepped
        Whether a value holds until the next position; otherwise straight lines join them.
    """
    scale: Row = {"domain": [0, max(top, 1.0)], "nice": unit == "count"}
    axis: Row = {"title": None, "tickCount": 4, "format": ",d", "tickMinStep": 1}
    if unit == "seconds":
        values = time_ticks(max(top, 1.0))
        texts = ["0" if value == 0 else time_words(value).replace(".0 s", " s") for value in values]
        axis = {"title": None, "values": values, "labelExpr": lookup(values, texts)}
    colour = alt.Color(
        "band:N",
        scale={"domain": [_TYPICAL, _INNER, _OUTER], "range": [MEDIAN, BAND_80, BAND_95]},
        legend=legend_above() if legend else None,
    )
    base = alt.Chart(data(rows)).encode(x=x, color=colour, detail="run:N")
    way: Literal["step-after", "linear"] = "step-after" if stepped else "linear"

    def vertical(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", scale=scale, axis=axis)

    areas = [
        base.transform_calculate(band=f"'{name}'")
        .mark_area(interpolate=way)
        .encode(y=vertical(low), y2=alt.Y2(f"{high}:Q"))
        for name, low, high in ((_OUTER, "low95", "high95"), (_INNER, "low80", "high80"))
    ]
    line = base.transform_calculate(band=f"'{_TYPICAL}'").mark_line(interpolate=way, strokeWidth=1.8)
    return [*areas, line.encode(y=vertical("median"))]


def told(row: Row, unit: Literal["seconds", "count"]) -> Row:
    """The bands of a row in words, for `TOOLTIPS`."""

    def number(column: str) -> str:
        return time_words(row[column]) if unit == "seconds" else f"{row[column]:.0f}"

    return {
        "typical": number("median"),
        "inner": f"{number('low80')} to {number('high80')}",
        "outer": f"{number('low95')} to {number('high95')}",
    }


TOOLTIPS = [
    alt.Tooltip("typical:N", title=_TYPICAL),
    alt.Tooltip("inner:N", title="80 % of futures"),
    alt.Tooltip("outer:N", title=_OUTER),
]
