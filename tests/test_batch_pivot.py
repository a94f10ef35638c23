"""Results of a batch by two axes and case against case, and their chart: the numbers are those of the cases."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_batches import SIX, batch_of
from small_scenarios import MAIL, PHONE
from test_batch_run import CLASHING, FINE
from test_charts import check

from simulator.batch import run_batch
from simulator.batch.pivot import Cell, Pivot, chosen, differences, dimensions, pivot
from simulator.batch.results import MeasureColumn, Results
from simulator.charts import dressed
from simulator.charts.cases import COLOURS, DASHES, MOST_LINES, CasePoint, cases_chart
from simulator.charts.look import NARROW

VARIED = SIX.replace('scenarios = ["small.toml"]\n', 'scenarios = ["small.toml"]\nvariants = ["base", "more"]\n')


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("varied")
    run_batch(batch_of(folder, VARIED, PHONE + MAIL), folder / "out")
    return Results.of(folder / "out")


def column(results: Results, measure: str, about: str) -> MeasureColumn:
    return next(each for each in results.measures if (each.measure, each.about) == (measure, about))


# ---- Pivot -----------------------------------------------------------------------------------------------------------


def test_cases_differ_in_their_axes_and_in_scenario_and_variant_if_there_are_several(results: Results) -> None:
    variant, handling, agents = dimensions(results)
    assert (variant.name, variant.values, variant.is_number) == ("variant", ("base", "more"), False)
    assert (handling.name, handling.values, handling.unit) == ("handling", (4, 6), "min")
    assert (agents.values, agents.is_number) == ((-1, 0, 1), True)


def test_a_cell_is_the_figure_of_its_case(results: Results) -> None:
    known = variant, handling, agents = dimensions(results)
    wait = column(results, "mean_wait", "phone")
    found = pivot(results, wait, agents, handling, chosen(known, {variant.name: ["more"]}))
    assert (found.rows, found.columns, found.is_mean) == ((-1, 0, 1), (4, 6), False)
    for (down, across), cell in found.cells.items():
        ((value, low, high),) = results.query(
            f"select {wait.name}, {wait.low}, {wait.high} from wide where variant = 'more' "
            f"and agents = {found.rows[down]} and handling = {found.columns[across]}"
        ).rows()
        assert cell == (value, low, high, 1)
    assert len(found.cells) == 6


def test_cases_that_fall_together_are_averaged_without_an_interval(results: Results) -> None:
    known = _, _, agents = dimensions(results)
    wait = column(results, "mean_wait", "phone")
    found = pivot(results, wait, agents, None, chosen(known, {}))
    assert found.is_mean
    averages = dict(results.query(f"select agents, avg({wait.name}) from wide group by agents").rows())
    assert {found.rows[down]: cell.value for (down, _), cell in found.cells.items()} == pytest.approx(averages)
    assert {cell[1:] for cell in found.cells.values()} == {(-math.inf, math.inf, 4)}


def test_values_that_are_left_out_are_not_there(results: Results) -> None:
    known = variant, handling, agents = dimensions(results)
    places = chosen(known, {variant.name: ["base"], agents.name: [1, -1]})
    found = pivot(results, column(results, "occupancy", "team"), agents, handling, places)
    assert found.rows == (-1, 1)
    nothing = pivot(results, column(results, "occupancy", "team"), agents, handling, [])
    assert nothing == Pivot((), (), {})


def test_a_case_that_failed_has_no_cell(tmp_path: Path) -> None:
    run_batch(batch_of(tmp_path, CLASHING, FINE), tmp_path / "out")
    results = Results.of(tmp_path / "out")
    known = interval, hours = dimensions(results)
    found = pivot(results, column(results, "mean_wait", "phone"), interval, hours, chosen(known, {}))
    assert set(found.cells) == {(0, 0), (0, 1), (1, 0)}


# ---- Two cases -------------------------------------------------------------------------------------------------------


def test_two_cases_differ_by_their_figures_with_the_interval_of_independent_ones(results: Results) -> None:
    found = {each.column.name: each for each in differences(results, 0, 5)}
    wide = results.table("wide")
    for name, each in found.items():
        ends = wide.loc[[0, 5], [each.column.name, each.column.low, each.column.high]].to_numpy(dtype=float)
        one, other = (Cell(value, low, high) for value, low, high in ends.tolist())
        assert (each.first, each.second) == (one, other)
        half = np.hypot((one.high - one.low) / 2, (other.high - other.low) / 2)
        assert each.change == pytest.approx(
            (other.value - one.value, other.value - one.value - half, other.value - one.value + half, 1)
        )
        assert each.is_clear == (abs(each.change.value) > half), name
    assert set(found) == {each.name for each in results.measures}


def test_a_case_differs_from_itself_in_nothing(results: Results) -> None:
    for each in differences(results, 3, 3):
        assert each.change.value == 0
        assert not each.is_clear


# ---- The chart -------------------------------------------------------------------------------------------------------


def points(lines: int, places: int, *, known: bool = True) -> list[CasePoint]:
    half = 1.0 if known else math.inf
    return [
        CasePoint(2.0 * k, f"{2 * k}", f"line {n}", 10.0 * n + k, 10 * n + k - half, 10 * n + k + half, "words")
        for n in range(lines)
        for k in range(places)
    ]


@pytest.mark.parametrize("width", [900, NARROW - 100])
@pytest.mark.parametrize(
    "some", [points(1, 1), points(3, 4), points(MOST_LINES, 2), points(2, 40), points(2, 3, known=False), []], ids=len
)
def test_the_chart_is_vega_lite_whatever_it_shows(some: list[CasePoint], width: int) -> None:
    check(dressed(cases_chart(some, "Mean wait", "seconds", along="agents", lines="containment", width=width)))


def test_points_stand_at_their_figures_a_little_apart_and_never_nearer_to_another_place() -> None:
    chart = cases_chart(points(3, 4), "Within target", "share", along="agents", lines="containment")
    rows: list[dict[str, Any]] = chart["vconcat"][0]["layer"][0]["data"]["values"]
    for row, point in zip(rows, points(3, 4), strict=True):
        assert (row["value"], row["low"], row["high"]) == (100 * point.value, 100 * point.low, 100 * point.high)
        assert abs(row["at"] - point.at) < 0.5
        assert row["where"] == point.place
    assert len({row["at"] for row in rows}) == 12
    alone = cases_chart(points(1, 4), "Contacts", "count", along="agents")
    assert [row["at"] for row in alone["vconcat"][0]["layer"][0]["data"]["values"]] == [0.0, 2.0, 4.0, 6.0]


def test_what_is_not_known_has_no_bar() -> None:
    chart = cases_chart(points(1, 3, known=False), "Contacts", "count", along="agents")
    rows = chart["vconcat"][0]["layer"][0]["data"]["values"]
    assert {(row["low"], row["high"]) for row in rows} == {(None, None)}


def test_no_two_lines_look_the_same() -> None:
    chart = cases_chart(points(MOST_LINES, 1), "Contacts", "count", along="agents", lines="containment")
    encoding = chart["vconcat"][0]["layer"][0]["encoding"]
    styles = zip(encoding["color"]["scale"]["range"], map(tuple, encoding["strokeDash"]["scale"]["range"]), strict=True)
    assert len(set(styles)) == MOST_LINES == len(COLOURS) * len(DASHES)
