"""How every chart looks: colours that the colour-blind can tell apart, one font, light paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

Chart = alt.LayerChart | alt.VConcatChart | alt.HConcatChart | alt.Chart
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


def data(rows: Sequence[Row]) -> pd.DataFrame:
    """Rows as Altair likes them best: it writes a table once, however many layers draw it, and does not check each row."""
    return pd.DataFrame(list(rows))


def spec(chart: Chart) -> dict[str, Any]:
    """A finished figure in Vega-Lite's own terms, with all its rows in it."""
    with alt.data_transformers.enable("default", max_rows=None):
        return chart.to_dict()


def dressed(chart: Chart, title: str = "", lines: Sequence[str] = (), footnotes: Sequence[str] = ()) -> Chart:
    """A whole figure: its title, what to know before looking, and below it what it was made from."""
    body: Chart = chart
    if footnotes:
        below = alt.Title(
            list(footnotes),
            anchor="start",
            orient="bottom",
            fontSize=11,
            fontWeight="normal",
            color=FAINT_INK,
            offset=10,
        )
        body = alt.vconcat(chart, title=below)
    if title:
        above = alt.Title(title, subtitle=list(lines), anchor="start", fontSize=18, subtitleFontSize=12, offset=14)
        body = alt.vconcat(body, title=above)
    return (
        body.configure(font=FONT, background="white", padding=12)
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=11,
            titleFontSize=11,
            titleFontWeight="normal",
            labelColor=INK,
            titleColor=FAINT_INK,
            gridColor=GRID,
            domainColor=RULE,
            tickColor=RULE,
        )
        .configure_title(color=INK, subtitleColor=FAINT_INK)
        .configure_legend(labelFontSize=11, titleFontSize=11, titleFontWeight="normal", labelLimit=260, symbolSize=110)
        .configure_concat(spacing=16)
    )


def panel_title(text: str, *, beside_legend: bool = False) -> alt.TitleParams:
    """The heading of one panel of a figure; on the line of its `legend`, if there is one."""
    offset = -17 if beside_legend else 6
    return alt.Title(text, anchor="start", frame="group", fontSize=13, fontWeight="bold", offset=offset)


def legend() -> alt.Legend:
    """A row of colours above the right end of a panel."""
    return alt.Legend(title=None, orient="top-right", direction="horizontal", symbolType="square", offset=-26)


def lookup(values: Sequence[float], texts: Sequence[str]) -> str:
    """A Vega expression that labels these tick values with these texts."""
    numbers = ",".join(repr(float(value)) for value in values)
    words = ",".join("'" + text.replace("\\", "").replace("'", "’") + "'" for text in texts)
    return f"[{words}][indexof([{numbers}], datum.value)]"


def note(text: str, height: int, width: int = WIDTH) -> alt.Chart:
    """What stands in a panel that has nothing to show."""
    mark = alt.Chart(data([{"text": text}]), width=width, height=height)
    return mark.mark_text(color=FAINT_INK, fontSize=12, fontStyle="italic").encode(text="text:N")
