"""Charts of a back-test show its own numbers and are valid Vega-Lite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from lived_days import FIRST, StandIn, lived_calls
from test_backtest import TEST, TRAIN, stand_in
from test_charts import check, numbers, tables

from simulator.charts import dressed
from simulator.charts.backtest import days_chart, parity_chart, profile_chart, queues_chart, reliability_chart
from simulator.charts.backtest.beside import SHOWN
from simulator.charts.look import NARROW, WIDTH
from simulator.history.backtest import BackTest, Window, backtest
from simulator.history.backtest.figures import Sum

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.charts.vega import Chart

CHARTS: tuple[Callable[..., Chart], ...] = (
    days_chart,
    parity_chart,
    profile_chart,
    queues_chart,
    reliability_chart,
)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> BackTest:
    stand_in(monkeypatch, StandIn())
    return backtest(lived_calls(60), TRAIN, TEST, replications=20)


@pytest.mark.parametrize("width", [WIDTH, NARROW - 200])
@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_is_vega_lite(chart: Callable[..., Chart], width: int, played: BackTest) -> None:
    figure = dressed(chart(played, width=width))
    check(figure)
    assert all(np.isfinite(value) for rows in tables(figure) for value in numbers(rows))


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_of_one_day_without_the_error_is_vega_lite(
    chart: Callable[..., Chart], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, StandIn())
    first, other = Window(FIRST, FIRST), Window(TEST.first, TEST.first)
    check(dressed(chart(backtest(lived_calls(60), first, other, replications=2, folds=0))))


def test_each_day_shows_what_happened_and_what_was_simulated(played: BackTest) -> None:
    rows = tables(dressed(days_chart(played)), "observed", "lower")
    for shown, name in zip(rows, SHOWN, strict=True):
        luck = played.outlook("day", name, luck_alone=True)
        whole = played.outlook("day", name)
        assert [row["observed"] for row in shown] == luck.observed.tolist()
        assert [row["simulated"] for row in shown] == luck.simulated.tolist()
        assert [row["high"] for row in shown] == luck.high.tolist()
        assert [row["higher"] for row in shown] == whole.high.tolist()


def test_queues_stand_in_the_order_of_their_calls(played: BackTest) -> None:
    cells = played.cells["queue"].by_place()
    largest = int(np.argmax(cells.observed[:, Sum.OFFERED]))
    rows = tables(dressed(queues_chart(played)), "observed", "at")[0]
    first = next(row for row in rows if row["at"] == 0)
    assert first["name"] == played.queues[largest]
    assert first["observed"] == pytest.approx(cells.observed[largest, Sum.WAIT] / cells.observed[largest, Sum.OFFERED])


def test_the_profile_adds_up_all_days(played: BackTest) -> None:
    rows = tables(dressed(profile_chart(played)), "observed", "at")[0]
    calls = lived_calls(60)
    calls = calls.where(calls.day >= TEST.first.toordinal())
    early = calls.clock < 9 * 3600 + 1800
    assert rows[0]["at"] == 0
    assert rows[0]["observed"] == pytest.approx(calls.waited[early].mean())


def test_classes_of_chances_are_those_of_the_reliability(played: BackTest) -> None:
    rows = tables(dressed(reliability_chart(played)), "predicted", "chance")
    found = played.reliability("day", luck_alone=True)
    assert [row["met"] for row in rows[0]] == [float(each.met.value) for each in found.bins]
