"""Chances of meeting the target, against how often it was met: on the line they are what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.charts.look import INDEPENDENT_COLOURS, NARROW, VERMILION, WIDTH, Colour, note, panel
from simulator.charts.ticks import share_labels
from simulator.charts.vega import below, beside, category, literal, marks, quantity, tips, until
from simulator.history.backtest import CUTS
from simulator.language import number, percent, say
from simulator.words import probability_text

if TYPE_CHECKING:
    from simulator.charts.vega import Chart, Row
    from simulator.history.backtest import BackTest, Cut, Reliability

_GAP = 60
_ASIDE = 0.012
"""By how much the two kinds of chances stand apart."""


def reliability_chart(test: BackTest, *, width: int = WIDTH) -> Chart:
    """A panel for each cut; with the model's error and, fainter, of luck alone."""
    wide = width >= NARROW
    size = (width - _GAP * (len(CUTS) - 1)) // len(CUTS) if wide else width
    panels = [_panel(test, cut, size, legend=place == 0) for place, cut in enumerate(CUTS)]
    return (beside if wide else below)(panels, resolve=INDEPENDENT_COLOURS)


def _panel(test: BackTest, cut: Cut, size: int, *, legend: bool) -> Chart:
    title = say(f"backtest.cut.{cut}")
    luck, error = say("backtest.chance_luck"), say("backtest.chance_error")
    known: list[tuple[str, Reliability, float]] = [(luck, test.reliability(cut, luck_alone=True), -_ASIDE)]
    if test.error(cut, "service_level") is not None:
        known.append((error, test.reliability(cut), _ASIDE))
    if not known[0][1].cells:
        return panel([note(say("backtest.nothing"))], title, size, size)
    x, y = _axis("predicted", say("backtest.chance")), _axis("met", say("backtest.came"))
    line = [{"predicted": 0.0, "met": 0.0}, {"predicted": 1.0, "met": 1.0}]
    layers = [marks(line, "line", {"x": x, "y": y}, color=Colour.RULE, strokeWidth=1.2, tooltip=None)]
    names = [name for name, _, _ in known]
    colours = [VERMILION, Colour.MEDIAN][: len(names)]
    key: Row | None = {"title": None, "orient": "bottom", "columns": 1} if legend else None
    for name, found, aside in known:
        rows: list[Row] = [
            {
                "predicted": each.predicted + aside,
                "met": float(each.met.value),
                "low": float(each.met.low),
                "high": float(each.met.high),
                "chance": percent(each.predicted, 0),
                "came": probability_text(each.met),
                "cells": number(each.cells),
            }
            for each in found.bins
        ]
        colour = category("kind", scale={"domain": names, "range": colours}, legend=key)
        hints = tips(chance=say("backtest.chance"), came=say("backtest.came"), cells=say("backtest.cells"))
        between = {"x": x, "y": {**y, "field": "low"}, "y2": until("high"), "color": colour, "tooltip": hints}
        spot = {"x": x, "y": y, "color": colour, "tooltip": hints}
        kind: Row = {"kind": literal(name)}
        layers += [
            marks(rows, "rule", between, calculate=kind, strokeWidth=1.5),
            marks(rows, "point", spot, calculate=kind, filled=True, size=60, opacity=1),
        ]
    drawn = panel(layers, title, size, size)
    scores = [say("backtest.brier_is", chances=name, score=number(found.brier, 3)) for name, found, _ in known]
    drawn["title"] |= {"subtitle": scores, "subtitleColor": Colour.FAINT_INK}
    return drawn


def _axis(field: str, title: str) -> Row:
    axis: Row = {"title": title, "titleFontWeight": "normal", "labelExpr": share_labels(), "tickCount": 5}
    return quantity(field, scale={"domain": [-0.03, 1.03], "nice": False}, axis=axis)
