"""How every chart looks: colours that the colour-blind can tell apart, one font, light paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

Chart = alt.LayerChart | alt.VConcatChart | alt.HConcatChart
Row = dict[str, Any]
"""One row of a chart's data, as JSON has it."""

WIDTH = 900
"""Pixels that the time axis takes."""
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The first is built into vl-convert, so that a picture is the same on every machine; it is as wide as Arial."""

# Okabe and Ito, Color universal design, 2008.
BLACK, ORANGE, SKY, GREEN, BLUE, VERMILION, PURPLE = (
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
GROUPS = (SKY, ORANGE, GREEN, PURPLE, "#F0E442", "#999999")
"""Colours of groups, over again when there are more."""
MEDIAN, BAND_80, BAND_95 = "#004B76", "#7FB8DA", "#CFE4F1"
"""A line and its bands: one blue, lighter as the future is less likely."""
TARGET = VERMILION
CLOSED = "#EDEDED"
INK, FAINT_INK, RULE, GRID = "#222222", "#666666", "#BBBBBB", "#E4E4E4"


INDEPENDENT_COLOURS: Row = {"scale": {"color": "independent"}}
"""For panels one above the other: the colours of each mean something else."""


def data(rows: Sequence[Row]) -> pd.DataFrame:
    """Rows as a table: Altair writes it once, however many layers draw it, and does not check each row."""
    return pd.DataFrame(list(rows))


def spec(chart: Chart) -> dict[str, Any]:
    """A finished figure in Vega-Lite's own terms, with all its rows in it."""
    with alt.data_transformers.enable("default", max_rows=None):
        return chart.to_dict()


_CONFIG: Row = {
    "font": FONT,
    "background": "white",
    "padding": 12,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 11,
        "labelColor": INK,
        "gridColor": GRID,
        "domainColor": RULE,
        "tickColor": RULE,
    },
    "title": {"color": INK, "subtitleColor": FAINT_INK},
    "legend": {
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "labelLimit": 260,
        "symbolSize": 110,
    },
}


def dressed(chart: Chart, title: str = "", lines: Sequence[str] = (), footnotes: Sequence[str] = ()) -> Chart:
    """A whole figure: its title, what to know before looking, and below it what it was made from."""
    if footnotes:
        chart = alt.VConcatChart(
            vconcat=[chart],
            title=alt.Title(
                list(footnotes),
                anchor="start",
                orient="bottom",
                fontSize=11,
                fontWeight="normal",
                color=FAINT_INK,
                offset=10,
            ),
        )
    above = alt.Title(title, subtitle=list(lines), anchor="start", fontSize=18, subtitleFontSize=12, offset=14)
    # Plain tables for configuration, scales and axes: Altair copies every chart at each level that it is put into, and
    # its own objects have some seventy fields each.
    return alt.VConcatChart(vconcat=[chart], config=_CONFIG, title=above if title else alt.Undefined)


def panel(
    layers: Sequence[alt.Chart], title: str, width: int, height: int, *, beside_legend: bool = False
) -> alt.LayerChart:
    """One panel of a figure; its heading stands on the line of its `legend_above`, if there is one."""
    heading = alt.Title(title, anchor="start", frame="group", fontSize=13, offset=-17 if beside_legend else 6)
    return alt.LayerChart(layer=list(layers), title=heading, width=width, height=height)


def legend_above() -> Row:
    """A row of colours above the right end of a panel."""
    return {"title": None, "orient": "top-right", "direction": "horizontal", "symbolType": "square", "offset": -26}


def lookup(values: Sequence[float], texts: Sequence[str]) -> str:
    """A Vega expression that labels these tick values with these texts."""
    numbers = ",".join(repr(float(value)) for value in values)
    words = ",".join("'" + text.replace("\\", "").replace("'", "’") + "'" for text in texts)
    return f"[{words}][indexof([{numbers}], datum.value)]"


def note(text: str) -> alt.Chart:
    """What stands in a panel that has nothing to show."""
    base = alt.Chart(data([{"text": text}])).encode(text="text:N")
    words: alt.Chart = base.mark_text(color=FAINT_INK, fontSize=12, fontStyle="italic")
    return words
