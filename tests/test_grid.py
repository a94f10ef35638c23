"""Grids: every point is its scenario's own run, whatever the order, and what is said of all of them is true."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_scenarios import PHONE, written

from simulator.demand import Demand
from simulator.experiment import Comparison, run
from simulator.experiment.customers import demand_content
from simulator.experiment.estimate import ratio_estimate
from simulator.experiment.replications import Play
from simulator.planning import (
    Axis,
    Grid,
    GridFolder,
    GridFolderError,
    Promise,
    agents_axis,
    cheapest,
    check_axes,
    field_axis,
    identity,
    parse_values,
    play_grid,
    rows,
)
from simulator.planning.figures import figures
from simulator.planning.grid import Place, coarse_first, seen_from
from simulator.planning.isoline import crossing
from simulator.queueing import ErlangA, SteadyState
from simulator.scenario import Reader, ScenarioError, read_source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from simulator.planning.axes import Load
    from simulator.planning.figures import Kept
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
CONTAINMENT, COST, HANDLING = "channels.phone.bot.containment", "groups.team.cost", "channels.phone.handling_time.mean"


def loader(folder: Path, text: str = WITH_BOT) -> Load:
    reader = Reader(read_source(written(folder, text)))

    def load(overrides: Mapping[str, object]) -> Scenario:
        return reader.scenario(None, overrides)

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


def assert_equal(one: Mapping[Place, Kept], other: Mapping[Place, Kept]) -> None:
    assert sorted(one) == sorted(other)
    for place, kept in one.items():
        assert sorted(kept) == sorted(other[place])
        for name, parts in kept.items():
            np.testing.assert_array_equal(parts, other[place][name], err_msg=f"{place} {name}")


# -- Points ------------------------------------------------------------------------------------------------------------


def test_a_grid_seen_from_another_of_its_points_has_that_point_for_its_base(load: Load) -> None:
    axes = small_axes(load)
    grid, place = whole(load, axes), (3, 2)
    base = load(grid.overrides(place))
    seen = seen_from(grid, base, axes)
    assert seen.base is base
    assert seen.points is grid.points
    for name in grid.figures:
        np.testing.assert_array_equal(seen.estimate(None, name).value, grid.estimate(place, name).value)
        np.testing.assert_array_equal(np.nan_to_num(seen.difference(place, name).value), 0.0)
    assert seen_from(seen, base, axes).today is seen.today


def test_every_point_is_the_plain_run_of_its_scenario_bit_by_bit(load: Load, grid: Grid) -> None:
    assert grid.is_whole
    base = run(load({}), replications=4)
    for place, kept in grid.points.items():
        alone = run(load(grid.overrides(place)), replications=4)
        for name, figure in grid.figures.items():
            np.testing.assert_array_equal(kept[name], figure.kept(alone), err_msg=f"{place} {name}")
            np.testing.assert_array_equal(grid.today[name], figure.kept(base), err_msg=name)
        expected = Comparison(base, alone).difference("mean_wait", ("channel",))
        difference = grid.difference(place, "mean_wait")
        for part in ("value", "low", "high"):
            np.testing.assert_allclose(getattr(difference, part), getattr(expected, part), rtol=1e-12, atol=1e-12)


def test_neither_threads_nor_the_order_of_the_axes_change_a_point(load: Load, grid: Grid) -> None:
    first, second = small_axes(load)
    turned = whole(load, (second, first), workers=3)
    assert_equal({(j, i): kept for (i, j), kept in grid.points.items()}, turned.points)


def test_customers_that_are_drawn_anew_for_every_point_change_nothing(
    load: Load, grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.experiment.customers.bytes_of", lambda _contacts: 10**12)
    assert_equal(grid.points, whole(load, small_axes(load)).points)


def test_customers_are_drawn_once_for_all_points_that_differ_in_staffing_and_prices_alone(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    draw = Demand.draw_diverted

    def counted(demand: Demand, seed: int, replication: int) -> object:
        drawn.append(replication)
        return draw(demand, seed, replication)

    monkeypatch.setattr(Demand, "draw_diverted", counted)
    axes = agents_axis(load, "team", range(2, 7)), field_axis(COST, ["20 EUR/h", "25 EUR/h", "30 EUR/h"])
    assert whole(load, axes, replications=3).is_whole
    assert sorted(drawn) == [0, 1, 2]


def test_what_the_least_experienced_resolve_decides_what_is_drawn(tmp_path: Path) -> None:
    learning = (
        '[groups.team.learning]\nstart = 2026-06-01\npace = "60 %"\nquality = "{}"\nlearnt_per_week = "20 %"\n'
        "[groups.team.skills"
    )
    texts = [PHONE.replace("[groups.team.skills", learning.format(share)) for share in ("90 %", "90 %", "70 %")]
    keys = [demand_content(loader(tmp_path, text)({})) for text in texts]
    assert keys[0] == keys[1] != keys[2]


def test_points_agree_with_erlang_a_where_it_applies_and_more_agents_wait_less(tmp_path: Path) -> None:
    text = """
    [horizon]
    start = 2026-06-01
    days = 10
    interval = "60 min"
    [channels.phone]
    kind = "live"
    hours = "always"
    handling_time = { mean = "5 min", distribution = "exponential" }
    patience = { mean = "3 min", distribution = "exponential" }
    target = { answered = "80 %", within = "20 s" }
    [channels.phone.demand]
    per_week = 8064
    weekdays = { mon = 1, tue = 1, wed = 1, thu = 1, fri = 1, sat = 1, sun = 1 }
    time_of_day = { "00:00" = 1 }
    [groups.team]
    cost = "30 EUR/h"
    [groups.team.staffing]
    "mon-sun 00:00-24:00" = 4
    [groups.team.skills.phone]
    """
    load = loader(tmp_path, text)
    agents, patience = range(3, 8), (60.0, 180.0)
    axes = agents_axis(load, "team", agents), field_axis("channels.phone.patience.mean", ["1 min", "3 min"])
    grid = whole(load, axes, replications=20)
    for (i, j), kept in grid.points.items():
        law = ErlangA(
            servers=agents[i], arrival_rate=8064 / (7 * 86_400), mean_handling_time=300.0, mean_patience=patience[j]
        )
        for name, expected in truths(law).items():
            top, bottom = kept[name]
            estimate = ratio_estimate(top, bottom, confidence=0.999)
            assert estimate.low[0] <= expected <= estimate.high[0], (agents[i], patience[j], name)
    for name, sign in (("mean_wait", -1), ("abandonment_ratio", -1), ("within_target", 1), ("wait_90", -1)):
        assert (sign * np.diff(grid.values(name, 0), axis=0) >= 0).all(), name
    assert (np.diff(grid.values("total_cost"), axis=0) > 0).all()


def truths(law: SteadyState) -> dict[str, float]:
    return {"within_target": law.service_level(20.0), "abandonment_ratio": law.abandonment_ratio}


# -- Order -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (2, 2), (5, 3), (10, 10), (7, 11)])
@pytest.mark.parametrize("inner", [0, 1])
def test_every_point_comes_once_corners_first_and_the_rest_ever_finer(shape: tuple[int, int], inner: int) -> None:
    order = coarse_first(shape, inner=inner)
    assert sorted(order) == [(i, j) for i in range(shape[0]) for j in range(shape[1])]
    corners = {(i, j) for i in (0, shape[0] - 1) for j in (0, shape[1] - 1)}
    assert set(order[: len(corners)]) == corners
    # Nothing is far from what is there: the farthest point comes nearer with every quarter of the grid.
    every = np.array(order, dtype=np.float64)
    distances = [
        max(float(np.abs(every[:count] - point).max(axis=1).min()) for point in every)
        for count in sorted({max(4, len(order) // 4), max(4, len(order) // 2), len(order)})
        if count <= len(order)
    ]
    assert distances == sorted(distances, reverse=True)
    assert distances == [] or distances[-1] == 0


def test_the_grid_grows_point_by_point_and_what_is_there_does_not_change(load: Load, grid: Grid) -> None:
    seen = [each.points for each in play_grid(load, small_axes(load), replications=4)]
    assert [len(points) for points in seen] == list(range(1, 16))
    for before, after in pairwise(seen):
        assert_equal(before, {place: after[place] for place in before})
    assert_equal(seen[-1], grid.points)


def test_a_cell_that_is_still_to_come_is_shown_by_its_nearest_neighbour(load: Load) -> None:
    playing = play_grid(load, small_axes(load), replications=2)
    first = next(playing)
    playing.close()
    (place,) = first.points
    assert (first.nearest == place).all()
    assert np.isnan(first.values("mean_wait", 0)).sum() == 14
    assert not np.isnan(first.values("mean_wait", 0)[place])


def test_closing_the_generator_ends_the_work(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = []
    prepare = Play.prepare.__func__  # type: ignore[attr-defined]  # the function of the class method

    def counted(*arguments: object) -> Play:
        begun.append(arguments)
        play: Play = prepare(*arguments)
        return play

    monkeypatch.setattr(Play, "prepare", classmethod(counted))
    playing = play_grid(load, small_axes(load), replications=2, workers=2)
    next(playing)
    playing.close()
    # Today's scenario, the first point, and the one that was made ready meanwhile.
    assert len(begun) == 3


# -- A folder that goes on ---------------------------------------------------------------------------------------------


def opened(path: Path, load: Load, axes: tuple[Axis, Axis], *, seed: int = 1, force: bool = False) -> GridFolder:
    wanted = identity(load({}), axes, replications=4, seed=seed, engine="compiled", figures=figures())
    return GridFolder.opened(path, wanted, force=force)


class KilledError(Exception):
    pass


def test_a_grid_that_was_stopped_goes_on_where_it_was_and_ends_the_same(
    load: Load, grid: Grid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    axes = small_axes(load)
    folder = opened(tmp_path / "out", load, axes)
    playing = play_grid(load, axes, replications=4, folder=folder)
    for _ in range(5):
        next(playing)
    playing.close()
    kept = folder.points()
    assert len(kept) == 6  # today's scenario, too
    # What a kill in the middle of writing may leave: a draft beside its place, and half a file.
    (folder.path / "points" / ".004-002.npz-0123abcd").write_bytes(b"PK")
    damaged = sorted((folder.path / "points").glob("0*.npz"))[0]
    damaged.write_bytes(damaged.read_bytes()[:100])

    begun = []
    replication = Play.replication

    def counted(play: Play, number: int) -> object:
        begun.append(number)
        return replication(play, number)

    monkeypatch.setattr(Play, "replication", counted)
    *_, ended = play_grid(load, axes, replications=4, folder=opened(tmp_path / "out", load, axes))
    assert_equal(ended.points, grid.points)
    assert len(begun) == 4 * (15 - 5 + 1)
    begun.clear()
    *_, again = play_grid(load, axes, replications=4, folder=opened(tmp_path / "out", load, axes))
    assert begun == []
    assert_equal(again.points, grid.points)
    assert [repr(row) for row in rows(again)] == [repr(row) for row in rows(grid)]


def test_a_folder_of_another_grid_is_refused_and_replaced_only_when_asked(load: Load, tmp_path: Path) -> None:
    axes = small_axes(load)
    out = tmp_path / "out"
    folder = opened(out, load, axes)
    next(play_grid(load, axes, replications=4, folder=folder))
    assert folder.points()
    with pytest.raises(GridFolderError, match=r"another grid \(seed 1, here 2\); add --force"):
        opened(out, load, axes, seed=2)
    with pytest.raises(GridFolderError, match="other axes"):
        opened(out, load, (axes[1], axes[0]))
    assert opened(out, load, axes).points()
    assert not opened(out, load, axes, seed=2, force=True).points()


@pytest.mark.parametrize("force", [False, True])
def test_what_is_no_grid_is_never_touched(load: Load, tmp_path: Path, force: bool) -> None:
    (tmp_path / "letter.txt").write_text("Dear all", encoding="utf-8")
    with pytest.raises(GridFolderError, match=r"no grid .letter\.txt"):
        opened(tmp_path, load, small_axes(load), force=force)
    with pytest.raises(GridFolderError, match="this is a file"):
        opened(tmp_path / "letter.txt", load, small_axes(load), force=force)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["letter.txt"]


# -- Axes --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0.2:0.7:0.1", [0.2, 0.3, 0.4, 0.5, 0.6, 0.7]),
        ("20:60:20", [20, 40, 60]),
        ("-2:+2:2", [-2, 0, 2]),
        ("1:2:0.4", [1, 1.4, 1.8]),
        ("20 %:40 %:10 %", ["20 %", "30 %", "40 %"]),
        ("20:40:10 %", ["20 %", "30 %", "40 %"]),
        ("1.5 min:2.5 min:0.5 min", ["1.5 min", "2.0 min", "2.5 min"]),
        ("5", [5]),
        ("3, 0.5,mon-fri 09:00-11:00".replace(":", "h"), [3, 0.5, "mon-fri 09h00-11h00"]),
    ],
)
def test_values_of_an_axis_are_exact(text: str, values: list[object]) -> None:
    assert parse_values(text) == values


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("1:2", "not a range"),
        ("a:b:c", "not a range"),
        ("1:2:0", "goes nowhere"),
        ("3:2:1", "goes nowhere"),
        ("1:1000000:1", "at most 200"),
        ("1 s:2 min:1 s", "mixes min and s"),
        ("1,,2", "empty value"),
        ("", "empty value"),
    ],
)
def test_bad_values_are_refused_in_words(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_values(text)


def test_agents_are_those_on_duty_at_most_and_keep_the_shape_of_the_staffing(tmp_path: Path) -> None:
    text = PHONE.replace('"mon-fri 09:00-11:30" = 4', '"mon-fri 09:00-10:00" = 4\n"mon-fri 10:00-11:30" = 6\n')
    load = loader(tmp_path, text.replace("[groups.team]\n", "[groups.team]\nextra_agents = 1\n"))
    for axis, expected in (
        (agents_axis(load, "team", [9, 2, 7]), [(0, 2), (5, 7), (7, 9)]),
        (agents_axis(load, "team", [-5, 0, 2], extra=True), [(0, 2), (5, 7), (7, 9)]),
    ):
        for value, (morning, noon) in zip(axis.values, expected, strict=True):
            staffing = load({axis.path: value}).groups[0].staffing
            assert set(staffing) == {0, morning, noon}
        assert axis.today == 1.0
    assert agents_axis(load, "team", [2, 7]).labels == ("2", "7")
    assert agents_axis(load, "team", [-5, 0, 2], extra=True).labels == ("-5", "0", "+2")


def test_today_lies_between_the_values_and_nowhere_beyond_them() -> None:
    assert field_axis("a.b", ["40 %", "20 %"], today=0.25).today == pytest.approx(0.25)
    assert field_axis("a.b", ["40 %", "20 %"], today="50 %").today is None
    assert field_axis("a.b", [1, 2, 4], today=3).today == 1.5
    assert field_axis("a.b", ["drain", "cut"], today="drain").today is None


def test_axes_that_cannot_be_are_refused(load: Load) -> None:
    agents = agents_axis(load, "team", range(2, 4))
    with pytest.raises(ValueError, match=r'no group "teem".*"team"'):
        agents_axis(load, "teem", [1])
    with pytest.raises(ValueError, match="cannot have fewer than none"):
        agents_axis(load, "team", [-5], extra=True)
    with pytest.raises(ValueError, match="takes the value 3 twice"):
        agents_axis(load, "team", [3, 3])
    with pytest.raises(ValueError, match="takes 0 values"):
        field_axis(CONTAINMENT, [])
    with pytest.raises(ValueError, match="must be different"):
        check_axes(load, (agents, agents))
    with pytest.raises(ValueError, match="all points need the same days"):
        check_axes(load, (agents, field_axis("horizon.days", [1, 2])))
    with pytest.raises(ValueError, match="all points need the same targets"):
        check_axes(load, (agents, field_axis("channels.phone.target.within", ["20 s", "30 s"])))
    with pytest.raises(ScenarioError, match="is not a share"):
        check_axes(load, (agents, field_axis(CONTAINMENT, [0.1, 1.1])))
    with pytest.raises(ValueError, match='no measure "weight"'):
        next(play_grid(load, (agents, field_axis(CONTAINMENT, [0.1])), measures=["weight"]))
    with pytest.raises(ValueError, match="replications is 0"):
        next(play_grid(load, (agents, field_axis(CONTAINMENT, [0.1])), replications=0))


# -- What is said of the points ----------------------------------------------------------------------------------------


def made_up(load: Load, within: NDArray[np.float64], cost: NDArray[np.float64]) -> Grid:
    """A grid of one channel with a target of 80 %: `within` [replication, point] of 100 contacts, `cost` [point]."""
    known = figures()
    count = within.shape[1]
    points: dict[Place, Kept] = {}
    for k in range(count):
        share = within[:, k, None]
        points[k, 0] = {
            "within_target": np.array([share, np.full_like(share, 100.0)]),
            "target_met": (share >= 80.0).astype(np.float64)[None],
            "total_cost": np.array([np.full(len(share), cost[k]), np.ones(len(share))]),
        }
    axes = agents_axis(load, "team", range(count)), field_axis(CONTAINMENT, [0.3])
    return Grid(load({}), axes, 1, len(within), "compiled", known, points[0, 0], points)


def test_the_cheapest_point_and_how_sure_it_is_by_hand(load: Load) -> None:
    # Points 0 to 4: misses clearly; 79 +- 4, cannot be told; 81 +- 4, cannot be told; keeps clearly twice.
    noise = np.array([-4.0, -2.0, 0.0, 2.0, 4.0])[:, None]
    within = np.array([[60.0, 79.0, 81.0, 95.0, 95.0]]) + noise
    promise = Promise.of(load({}))
    grid = made_up(load, within, np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    verdicts = [promise.verdict(grid, (k, 0)) for k in range(5)]
    assert verdicts == ["breaks", "open", "open", "keeps", "keeps"]
    found = cheapest(grid, promise)
    assert (found.price, found.place, found.verdict) == ("total_cost", (2, 0), "open")
    assert (found.maybe, found.sure) == ((1, 0), (3, 0))
    assert promise.margins(grid)[:, 0] == pytest.approx([-0.2, -0.01, 0.01, 0.15, 0.15])
    # Of two that cost the same, the one with more to spare.
    same = cheapest(made_up(load, within, np.array([1.0, 3.0, 3.0, 3.0, 5.0])), promise)
    assert same.place == (3, 0)
    # 81 +- 4 meets the target in three replications of five; 95 +- 4 in all, of which five cannot tell 90 %.
    often = Promise.of(load({}), ["phone"], probability=0.9)
    assert often.verdict(grid, (0, 0)) == "breaks"
    assert cheapest(grid, often).place == (3, 0)
    assert cheapest(grid, often).verdict == "open"
    assert cheapest(grid, often).sure is None
    nothing = cheapest(made_up(load, within - 40.0, np.ones(5)), promise)
    assert (nothing.place, nothing.sure, nothing.maybe) == (None, None, None)


def test_a_promise_names_channels_that_there_are(load: Load) -> None:
    with pytest.raises(ValueError, match='no channel "fone"'):
        Promise.of(load({}), ["fone"])
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        Promise.of(load({}), probability=0.0)


def test_the_line_goes_where_a_plane_is_nought_and_not_past_what_is_unknown() -> None:
    x, y = np.meshgrid(np.arange(6.0), np.arange(5.0), indexing="ij")
    line = crossing(x + 2 * y - 4.3)
    assert len(line) > 4
    for one, other in line:
        for spot in (one, other):
            assert spot[0] + 2 * spot[1] == pytest.approx(4.3)
    # It is one line: inner ends meet in pairs, and the two outer ones lie on the rim.
    ends = [tuple(np.round(spot, 9)) for segment in line for spot in segment]
    alone = [spot for spot in ends if ends.count(spot) == 1]
    assert len(alone) == 2
    assert all(spot[0] in (0, 5) or spot[1] in (0, 4) for spot in alone)
    hidden = np.where(x == 2, np.nan, x + 2 * y - 4.3)
    assert all(not 1 < (one[0] + other[0]) / 2 < 3 for one, other in crossing(hidden))
    assert crossing(np.ones((4, 4))) == crossing(-np.ones((4, 4))) == crossing(np.full((4, 4), np.nan)) == []


@pytest.mark.parametrize(("middle", "around"), [(0.5, [(1, 0), (0, 1)]), (-0.5, [(0, 0), (1, 1)])])
def test_a_saddle_keeps_together_the_corners_that_its_middle_belongs_to(
    middle: float, around: list[tuple[int, int]]
) -> None:
    high, low = 1 + middle, -1 + middle
    pieces = crossing(np.array([[high, low], [low, high]]))
    assert len(pieces) == 2
    # Each piece cuts off one of the corners that stand alone.
    cut_off = [min(around, key=lambda c: sum(abs(s[0] - c[0]) + abs(s[1] - c[1]) for s in piece)) for piece in pieces]
    assert sorted(cut_off) == sorted(around)


def test_rows_hold_every_figure_of_every_point_once_with_its_difference_from_today(grid: Grid) -> None:
    found = list(rows(grid))
    keys = [(row.first, row.second, row.channel, row.figure) for row in found]
    assert len(set(keys)) == len(keys)
    # One live channel: the time to finish is of deferred channels only.
    per_point = sum(1 for name in grid.figures if name != "time_to_finish")
    assert len(found) == 15 * per_point
    at = grid.axes[0].labels.index("4"), grid.axes[1].labels.index("0.3")
    for row in found:
        if (row.first, row.second) == ("4", "0.3"):
            # That is today's point: nothing differs.
            assert row.difference == row.difference_low == row.difference_high == 0.0
            estimate = grid.estimate(at, row.figure)
            value = estimate.value[0] if grid.figures[row.figure].by_channel else estimate.value
            assert row.value == float(value)
    assert grid.today_at == (2.0, 1.0)
