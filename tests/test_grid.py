"""Grids: every point is its scenario's own run, whatever the order, and what is said of all of them is true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_scenarios import PHONE, written

from simulator.experiment import Comparison, run
from simulator.planning import Axis, Grid, agents_axis, field_axis, play_grid
from simulator.planning.grid import Place
from simulator.scenario import Reader, read_source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from simulator.planning.axes import Load
    from simulator.scenario import Scenario

BOT = """
[channels.phone.bot]
share = "80 %"
containment = "30 %"
time = "30 s"
hours = "always"
bounce = { share = "20 %", delay = "20 min" }
"""
WITH_BOT = PHONE.replace("[groups.team]\n", f"{BOT}[groups.team]\n")
CONTAINMENT = "channels.phone.bot.containment"


def loader(folder: Path, text: str = WITH_BOT) -> Load:
    file = Reader(read_source(written(folder, text)))

    def load(overrides: Mapping[str, object]) -> Scenario:
        return file.scenario(None, overrides)

    return load


def small_axes(load: Load) -> tuple[Axis, Axis]:
    return agents_axis(load, "team", range(2, 7)), field_axis(CONTAINMENT, [0.0, 0.3, 0.6], today="30 %")


def whole(load: Load, axes: tuple[Axis, Axis], *, replications: int = 4, workers: int = 1) -> Grid:
    *_, grid = play_grid(load, axes, replications=replications, workers=workers)
    return grid


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    return loader(tmp_path_factory.mktemp("grid"))


@pytest.fixture(scope="module")
def grid(load: Load) -> Grid:
    return whole(load, small_axes(load))


# -- Points ------------------------------------------------------------------------------------------------------------


def test_every_point_is_the_plain_run_of_its_scenario_bit_by_bit(load: Load, grid: Grid) -> None:
    assert grid.is_whole
    base = run(load({}), replications=4)
    for place, kept in grid.points.items():
        alone = run(load(grid.overrides(place)), replications=4)
        for name, figure in grid.figures.items():
            np.testing.assert_array_equal(kept[name], figure.kept(alone), err_msg=f"{place} {name}")
            np.testing.assert_array_equal(grid.today[name], figure.kept(base), err_msg=name)
        difference = Comparison(base, alone).difference("mean_wait", ("channel",))
        for ours, theirs in zip(parts(grid, place), (difference.value, difference.low, difference.high), strict=True):
            np.testing.assert_array_equal(ours, theirs)


def parts(grid: Grid, place: Place) -> tuple[object, object, object]:
    difference = grid.difference(place, "mean_wait")
    return difference.value, difference.low, difference.high


def test_neither_threads_nor_the_order_of_the_axes_change_a_point(load: Load, grid: Grid) -> None:
    first, second = small_axes(load)
    turned = whole(load, (second, first), workers=3)
    for (i, j), kept in grid.points.items():
        for name in grid.figures:
            np.testing.assert_array_equal(kept[name], turned.points[j, i][name])
