"""Charts of a price show the futures' own money, are valid Vega-Lite, and fit whatever the margins are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_charts import check, tables

from simulator.charts import CostCurve, Flip, break_even_chart, dressed, flip_words, margin_chart, margins_chart
from simulator.language import speaking

MARGINS = np.array([-300.0, -100.0, 50.0, 200.0, 400.0, 600.0, 700.0, 900.0, 1000.0, 1200.0])
LEVELS = (0.7, 1.0, 1.3)


def bars(figure: dict[str, Any]) -> list[dict[str, Any]]:
    (rows,) = tables(figure, "left", "right", "share")
    return rows


def test_the_distribution_has_every_future_once_and_losses_apart() -> None:
    figure = dressed(margin_chart(MARGINS, "EUR"))
    check(figure)
    rows = bars(figure)
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    for row in rows:
        inside = (row["left"] <= MARGINS) & (row["right"] > MARGINS)
        assert row["share"] == pytest.approx(inside.mean())
    lost = sum(row["share"] for row in rows if row["is"] == "loss")
    assert lost == pytest.approx((MARGINS < 0).mean())


def test_the_quantiles_that_are_named_are_those_of_the_futures() -> None:
    (rows,) = tables(dressed(margin_chart(MARGINS, "EUR")), "left", "name")[:1]
    # Of ten futures the first, the fifth and the ninth: the least that so many do not exceed.
    assert [row["left"] for row in rows] == [-300.0, 400.0, 1000.0]
    assert [row["name"] for row in rows] == ["P10 -300", "P50 400", "P90 1\N{NO-BREAK SPACE}000"]


def test_what_it_was_before_is_an_outline_over_the_same_bins() -> None:
    figure = dressed(margin_chart(MARGINS, "EUR", before=MARGINS - 2000))
    check(figure)
    rows = bars(figure)
    assert rows[0]["left"] <= MARGINS.min() - 2000
    (outline,) = (each for each in tables(figure, "left", "share") if "right" not in each[0])
    assert sum(row["share"] for row in outline) == pytest.approx(1)
    assert [row["left"] for row in outline[:-1]] == [row["left"] for row in rows]


@given(st.lists(st.floats(-1e7, 1e7), min_size=1, max_size=30))
@settings(max_examples=30, deadline=None)
def test_any_margins_have_a_distribution_whose_edges_hold_zero(values: list[float]) -> None:
    margins = np.array(values)
    rows = bars(dressed(margin_chart(margins, "EUR")))
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    assert rows[0]["left"] <= margins.min()
    assert rows[-1]["right"] > margins.max()
    assert not any(row["left"] < 0 < row["right"] for row in rows)
    assert len(rows) < 120


def test_each_contract_has_its_range_split_at_no_margin() -> None:
    figure = dressed(margins_chart({"A": MARGINS, "B": MARGINS + 1000, "C": MARGINS - 5000}, "EUR"))
    check(figure)
    (rows,) = tables(figure, "from", "to")
    parts = [(row["name"], row["from"], row["to"], row["is"]) for row in rows]
    assert parts == [
        ("A", -300, 0, "loss"),
        ("A", 0, 1000, "gain"),
        ("B", 700, 2000, "gain"),
        ("C", -5300, -4000, "loss"),
    ]
    assert {row["lost"] for row in rows if row["name"] == "A"} == {"20.0 %"}


def test_curves_and_flips_stand_where_they_cost_the_same() -> None:
    slow, steep = np.array([100.0, 110.0, 120.0]), np.array([80.0, 115.0, 150.0])
    curves = [CostCurve(name, cost, cost - 5, cost + 5) for name, cost in (("Slow", slow), ("Steep", steep))]
    flip = Flip(0.94, 0.85, np.inf, "Steep", "Slow", 108.0)
    with speaking("en"):
        figure = dressed(break_even_chart(LEVELS, curves, [flip], "EUR", width=500))
        assert flip_words(flip, LEVELS) == "-6 % [-15, …]"
    check(figure)
    (rows,) = tables(figure, "level", "cost", "between")
    assert [(row["name"], row["level"], row["cost"]) for row in rows if row["name"] == "Slow"] == [
        ("Slow", level, cost) for level, cost in zip(LEVELS, slow, strict=True)
    ]
    (marked,) = tables(figure, "below", "above")
    # What is open ends with the levels.
    assert [(row["level"], row["low"], row["high"], row["cost"]) for row in marked] == [(0.94, 0.85, 1.3, 108.0)]
