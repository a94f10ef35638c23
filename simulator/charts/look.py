"""How every chart looks: roles of colours, two themes for them, one font, and what a whole figure wears.

Charts name roles, such as ink or the median. Dressing a figure gives each role its colour in the theme, so that one
chart serves light paper and a dark screen. Lightness turns around with the theme: what matters stands out from the
paper, whichever that is.
"""

from __future__ import annotations

from enum import StrEnum, auto
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal

from simulator.charts.vega import SCHEMA_VERSION, Chart, Row, below, category, literal, marks
from simulator.language import number
from simulator.language.numbers import THOUSANDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Theme = Literal["light", "dark"]

WIDTH = 900
"""Pixels that the time axis takes, unless somebody has less room."""
NARROW = 560
"""Pixels; in less, legends go below and words into the panel."""
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The first is built into vl-convert, so that a picture is the same on every machine; it is as wide as Arial."""
_LETTER = 7.5
"""Pixels of a letter of a heading, on average."""
_BESIDE = 26
"""Letters in a line of a key at the side of a panel."""
_SYMBOL = 20
"""Pixels of a colour in a key."""

# Okabe and Ito, Color universal design, 2008: these can be told apart on light and on dark paper.
ORANGE, SKY, GREEN, BLUE, VERMILION, PURPLE = "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7"
GROUPS = (SKY, ORANGE, GREEN, PURPLE, "#F0E442", "#999999")
"""Colours of groups, over again when there are more."""


class Colour(StrEnum):
    """What a colour is for."""

    PAPER = auto()
    INK = auto()
    FAINT_INK = auto()
    RULE = auto()
    GRID = auto()
    CLOSED = auto()
    TARGET = auto()
    MEDIAN = auto()
    """A line; its bands are of one blue with it, fainter as the future is less likely."""
    BAND_80 = auto()
    BAND_95 = auto()
    LOAD = auto()
    FAINT_LOAD = auto()
    # Waits, by how many times the target's they are: blue within it; beyond it the worst stands out most.
    WAIT_1 = auto()
    WAIT_2 = auto()
    WAIT_3 = auto()
    WAIT_4 = auto()
    WAIT_5 = auto()
    WAIT_6 = auto()
    # From missed (orange) to met (blue), all of which figures in ink can be read on.
    MET_1 = auto()
    MET_2 = auto()
    MET_3 = auto()
    MET_4 = auto()
    MET_5 = auto()
    MET_6 = auto()
    MET_7 = auto()


WAITS = (Colour.WAIT_1, Colour.WAIT_2, Colour.WAIT_3, Colour.WAIT_4, Colour.WAIT_5, Colour.WAIT_6)
MET = (Colour.MET_1, Colour.MET_2, Colour.MET_3, Colour.MET_4, Colour.MET_5, Colour.MET_6, Colour.MET_7)

THEMES: Mapping[Theme, Mapping[Colour, str]] = {
    "light": {
        Colour.PAPER: "#FFFFFF",
        Colour.INK: "#222222",
        Colour.FAINT_INK: "#666666",
        Colour.RULE: "#BBBBBB",
        Colour.GRID: "#E4E4E4",
        Colour.CLOSED: "#EDEDED",
        Colour.TARGET: VERMILION,
        Colour.MEDIAN: "#004B76",
        Colour.BAND_80: "#7FB8DA",
        Colour.BAND_95: "#CFE4F1",
        Colour.LOAD: "#000000",
        Colour.FAINT_LOAD: "#666666",
        **dict(zip(WAITS, ("#6BAED6", "#C6DBEF", "#FEE391", "#FE9929", "#CC4C02", "#7F1D1D"), strict=True)),
        **dict(zip(MET, ("#E8833A", "#F5B87F", "#FBE3CB", "#F7F7F7", "#D6E8F4", "#A6CFE6", "#6BAED6"), strict=True)),
    },
    "dark": {
        Colour.PAPER: "#0E1117",
        Colour.INK: "#ECEDEF",
        Colour.FAINT_INK: "#A6ABB4",
        Colour.RULE: "#5C626D",
        Colour.GRID: "#2A2F38",
        Colour.CLOSED: "#262B34",
        Colour.TARGET: "#F0803C",
        Colour.MEDIAN: "#D6EEFB",
        Colour.BAND_80: "#3D85AE",
        Colour.BAND_95: "#1E4A66",
        Colour.LOAD: "#FFFFFF",
        Colour.FAINT_LOAD: "#A6ABB4",
        **dict(zip(WAITS, ("#1F567F", "#3C86B8", "#7A3410", "#D1611A", "#FDB04C", "#FFF2AE"), strict=True)),
        **dict(zip(MET, ("#A65015", "#7D431C", "#523624", "#353941", "#2A4A61", "#2A5F80", "#2A6E99"), strict=True)),
    },
}

INDEPENDENT_COLOURS: Row = {"scale": {"color": "independent"}}
"""For panels one above the other: the colours of each mean something else."""

_CONFIG: Row = {
    "font": FONT,
    "background": Colour.PAPER,
    "padding": 12,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 11,
        "labelColor": Colour.INK,
        "titleColor": Colour.INK,
        "gridColor": Colour.GRID,
        "domainColor": Colour.RULE,
        "tickColor": Colour.RULE,
    },
    "title": {"color": Colour.INK, "subtitleColor": Colour.FAINT_INK},
    "legend": {
        "labelFontSize": 11,
        "labelColor": Colour.INK,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "titleColor": Colour.INK,
        "labelLimit": 260,
        "symbolSize": 110,
    },
}


def dressed(
    chart: Chart,
    title: str = "",
    lines: Sequence[str] = (),
    footnotes: Sequence[str] = (),
    *,
    theme: Theme = "light",
    transparent: bool = False,
) -> Chart:
    """A whole figure: its title, what to know before looking, and below it what it was made from.

    It is complete Vega-Lite, with each table of rows written once; the chart itself stays as it was, to be dressed
    again. Numbers that the browser writes are in the spoken language's form.

    Parameters
    ----------
    chart
        What to show.
    title, lines
        Its heading, and lines below that in small print.
    footnotes
        Lines below the chart.
    theme
        Which colours.
    transparent
        Whether the page shows through, instead of the theme's paper.
    """
    if footnotes:
        small = {"anchor": "start", "orient": "bottom", "fontSize": 11, "fontWeight": "normal", "offset": 10}
        chart = below([chart], title={"text": list(footnotes), "color": Colour.FAINT_INK, **small})
    figure = below([chart])
    if title:
        heading = {"anchor": "start", "fontSize": 18, "subtitleFontSize": 12, "offset": 14}
        figure["title"] = {"text": title, "subtitle": list(lines), **heading}
    tables: dict[int, Sequence[Row]] = {}
    found = _coloured({**figure, "config": _CONFIG}, THEMES[theme], tables)
    if transparent:
        found["config"]["background"] = "transparent"
    found["config"]["locale"] = {"number": _number_form()}
    schema = f"https://vega.github.io/schema/vega-lite/v{SCHEMA_VERSION}.json"
    return {"$schema": schema, **found, "datasets": {f"rows-{k}": rows for k, rows in enumerate(tables.values())}}


def _coloured(part: Any, colours: Mapping[Colour, str], tables: dict[int, Sequence[Row]]) -> Any:
    """A copy of a part with its colours, and with its data by name; `tables` collects these by identity."""
    if isinstance(part, Colour):
        return colours[part]
    if isinstance(part, dict):
        copy = {key: _coloured(value, colours, tables) for key, value in part.items() if key != "data"}
        if "data" in part:
            rows = part["data"]["values"]
            tables.setdefault(id(rows), rows)
            copy["data"] = {"name": f"rows-{list(tables).index(id(rows))}"}
        return copy
    if isinstance(part, list | tuple):
        return [_coloured(each, colours, tables) for each in part]
    return part


def _number_form() -> Row:
    """The form of numbers in d3's terms."""
    signs = {"decimal": number(0.5, 1)[1], "thousands": THOUSANDS, "minus": number(-1)[0]}
    return {**signs, "grouping": [3], "currency": ["", ""]}


def panel(layers: Sequence[Chart], title: str, width: int, height: int, *, beside_legend: bool = False) -> Chart:
    """One panel of a figure; its heading stands on the line of its `legend_at`, if there is one above."""
    beside_legend = beside_legend and width >= NARROW
    heading = {"anchor": "start", "frame": "group", "fontSize": 13, "offset": -17 if beside_legend else 6}
    return {
        "layer": list(layers),
        "title": {"text": wrap(title, int(width / _LETTER)) or "", **heading},
        "width": width,
        "height": height,
    }


def legend_at(width: int, names: Sequence[str], *, above: bool = True) -> Row:
    """A key to colours: a row of them above the right end of a panel, or at its side; below where it is narrow."""
    if width < NARROW:
        columns = max(int(width / (_LETTER * max(map(len, names)) + _SYMBOL)), 1)
        return {"title": None, "orient": "bottom", "symbolType": "square", "columns": columns}
    if above:
        return {"title": None, "orient": "top-right", "direction": "horizontal", "symbolType": "square", "offset": -26}
    told = ",".join(f"[{','.join(map(literal, wrap(name, _BESIDE) or ['']))}]" for name in names)
    label = f"[{told}][indexof([{','.join(map(literal, names))}], datum.label)]"
    return {"title": None, "symbolType": "square", "labelExpr": label}


def line_legend(width: int) -> Row:
    """A key to lines below a panel, with room for long names and for what is told at its axis."""
    columns = 1 if width < NARROW else 2
    return {
        "title": None,
        "orient": "bottom",
        "direction": "horizontal",
        "columns": columns,
        "symbolType": "stroke",
        "symbolSize": 500,
        "symbolStrokeWidth": 2.5,
        "symbolOpacity": 1,
        "labelLimit": width // columns - 50,
        "labelFontSize": 12,
    }


def distinct(titles: Sequence[str]) -> list[str]:
    """Titles, numbered where two are the same: a chart puts equal names into one place."""
    return [title if titles.count(title) == 1 else f"{title} {k + 1}" for k, title in enumerate(titles)]


def note(text: str) -> Chart:
    """What stands in a panel that has nothing to show."""
    options: Row = {"color": Colour.FAINT_INK, "fontSize": 12, "fontStyle": "italic"}
    return marks([{"text": text}], "text", {"text": category("text")}, **options)
