"""What `ruuhka grid` prints and writes, what it refuses, and the surface as a chart."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import vl_convert
from small_scenarios import MAIL, PHONE, written
from test_grid import CONTAINMENT, WITH_BOT, loader, small_axes, whole
from typer.testing import CliRunner, Result

from simulator.charts import POINT, surface_chart, surface_figure
from simulator.charts.look import dressed
from simulator.cli.program import program
from simulator.language import speaking
from simulator.planning import Promise, cheapest, play_grid

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.planning import Grid
    from simulator.planning.axes import Load

AXES = ("--agents", "team=2:6:1", "--vary", f"{CONTAINMENT}=0:0.6:0.3")
COMMAND = [sys.executable, "-c", "from simulator.cli.program import main; main()", "grid"]


def ruuhka(*arguments: str | int | Path) -> Result:
    return CliRunner().invoke(program, ["grid", *(str(argument) for argument in arguments)])


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("shown"), WITH_BOT)


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    return loader(tmp_path_factory.mktemp("surface"))


@pytest.fixture(scope="module")
def grid(load: Load) -> Grid:
    return whole(load, small_axes(load))


# -- The command -------------------------------------------------------------------------------------------------------


def test_the_map_has_a_cell_for_each_point_and_marks_who_keeps_the_promise(path: Path, grid: Grid) -> None:
    result = ruuhka(path, *AXES, "--replications", 4)
    assert result.exit_code == 0, result.output
    found = cheapest(grid, Promise.of(grid.base))
    lines = result.stdout.split("Mean wait of all on ")[1].splitlines()
    # The axis with more values goes down.
    table = lines[3:8]
    assert [line.split()[0] for line in table] == list(grid.axes[0].labels)
    for i, line in enumerate(table):
        for j, cell in enumerate(re.findall(r"(?:\d+:\d\d|\d+\.\d s)(?: ([+?]?\*?))?(?=\s|$)", line)):
            expected = {"keeps": "+", "open": "?", "breaks": ""}[found.promise.verdict(grid, (i, j))]
            assert cell == expected + ("*" if (i, j) == found.place else ""), line
    for words in ("Points", "today", "cheapest", "80 % within 20 s", "another --seed than 1", "Total cost ="):
        assert words in result.stdout


def test_topics_that_an_axis_does_not_move_are_named(tmp_path: Path) -> None:
    of_its_own = '[channels.phone.bot.topics.general]\ncontainment = "10 %"\n[groups.team]\n'
    arguments = (*AXES, "--replications", 2)
    told = ruuhka(written(tmp_path, WITH_BOT.replace("[groups.team]\n", of_its_own)), *arguments).output
    assert "Topics with a value of their own stay as they are" in told
    assert "= 10 %" in told
    assert "of their own" not in ruuhka(written(tmp_path, WITH_BOT), *arguments).output


def test_json_says_the_same_as_the_grid(path: Path, grid: Grid) -> None:
    result = ruuhka(path, *AXES, "--replications", 4, "--json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document["run"]["replications"] == 4
    assert [axis["values"] for axis in document["axes"]] == [[-2, -1, 0, 1, 2], [0, 0.3, 0.6]]
    assert document["promise"] == {"channels": ["phone"], "probability": None}
    place = cheapest(grid, Promise.of(grid.base)).place
    assert place is not None
    assert document["cheapest"]["overrides"] == grid.overrides(place)
    waits = {(row["first"], row["second"]): row["value"] for row in document["points"] if row["figure"] == "mean_wait"}
    expected = grid.values("mean_wait", 0)
    for i, first in enumerate(grid.axes[0].labels):
        for j, second in enumerate(["0", "0.3", "0.6"]):
            assert waits[first, second] == expected[i, j]


def test_measures_channels_and_probability_can_be_chosen(tmp_path: Path) -> None:
    both = written(tmp_path, PHONE + MAIL)
    axes = ("--agents", "team=3:4:1", "--vary", "channels.phone.handling_time.mean=4 min,5 min")
    result = ruuhka(both, *axes, "--replications", 2, "--measure", "occupancy", "--measure", "lost_share")
    assert result.exit_code == 0, result.output
    assert "Occupancy; across" in result.stdout
    assert "Lost on Phone; across" in result.stdout
    assert "Lost on Mail" not in result.stdout
    result = ruuhka(both, *axes, "--replications", 2, "--channel", "mail", "--probability", "90 %")
    assert result.exit_code == 0, result.output
    assert "Mean time to finish on Mail" in result.stdout
    assert "P(target met) is 90 % or more" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (AXES[:2], "two axes; these options name 1"),
        ((*AXES, "--agents", "team=1:2:1"), "two axes; these options name 3"),
        (("--agents", "team", *AXES[2:]), '--agents "team": write GROUP=FIRST:LAST:STEP'),
        (("--agents", "teem=1:2:1", *AXES[2:]), 'no group "teem"'),
        (("--agents", "team=1:2:0.5", *AXES[2:]), "not all whole numbers"),
        (("--agents", "team=-9:-5:1", *AXES[2:]), "cannot have fewer than none"),
        ((*AXES[:2], "--vary", "containment"), "write PATH=FIRST:LAST:STEP"),
        ((*AXES[:2], "--vary", "channels.phone.bot.containment=1:2"), "is not a range"),
        ((*AXES[:2], "--vary", "channels.phone.bot.containment=0.5:1.5:0.5"), "is not a share"),
        ((*AXES[:2], "--vary", "channels.fone.bot.containment=0.1,0.2"), 'no channel "fone"'),
        ((*AXES[:2], "--vary", "groups.team.extra_agents=1:2:1"), "must be different fields"),
        ((*AXES[:2], "--vary", "horizon.days=1:2:1"), "all points need the same days"),
        ((*AXES, "--channel", "fone"), '--channel: There is no channel "fone"'),
        ((*AXES, "--probability", "much"), "is not a share"),
        ((*AXES, "--measure", "weight"), '--measure: There is no measure "weight"'),
        ((*AXES, "--engine", "steam"), "--engine steam: there is reference, compiled"),
        ((*AXES, "--variant", "mor"), 'no variant "mor"'),
    ],
)
def test_bad_options_are_refused_in_words(path: Path, arguments: tuple[str, ...], complaint: str) -> None:
    result = ruuhka(path, *arguments)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert complaint in " ".join(result.stderr.split())


def test_a_folder_gets_table_picture_and_manifest_and_another_grid_is_refused(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "grid"
    assert ruuhka(path, *AXES, "--replications", 2, "--out", out).exit_code == 0
    frame, read = pd.read_parquet(out / "table.parquet"), pd.read_csv(out / "table.csv")
    assert list(frame.columns[:5]) == ["groups.team.agents", CONTAINMENT, "channel", "figure", "unit"]
    assert len(frame) == len(read) > 15
    np.testing.assert_allclose(frame["value"], read["value"], rtol=1e-15, equal_nan=True)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["replications"], manifest["seed"], manifest["files"]) == (
        2,
        1,
        ["surface.png", "table.csv", "table.parquet"],
    )
    assert (out / "surface.png").read_bytes().startswith(b"\x89PNG")
    refused = ruuhka(path, *AXES, "--replications", 3, "--out", out)
    assert refused.exit_code == 2
    assert "replications 2, here 3" in " ".join(refused.stderr.split())
    assert ruuhka(path, *AXES, "--replications", 3, "--out", out, "--force").exit_code == 0
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["replications"] == 3


def test_a_grid_that_is_killed_at_any_moment_goes_on_and_ends_the_same(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = [*COMMAND, str(path), *AXES, "--replications", "60", "--out", str(out)]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
    while process.poll() is None and len(list(out.glob("points/*.npz"))) < 3:
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert len(list(out.glob("points/*.npz"))) >= 3
    assert ruuhka(path, *AXES, "--replications", 60, "--out", out).exit_code == 0
    whole = tmp_path / "whole"
    assert ruuhka(path, *AXES, "--replications", 60, "--out", whole).exit_code == 0
    assert (out / "table.csv").read_bytes() == (whole / "table.csv").read_bytes()


# -- The surface -------------------------------------------------------------------------------------------------------


def tables(figure: dict[str, Any], *columns: str) -> list[list[dict[str, Any]]]:
    return [rows for rows in figure["datasets"].values() if rows and set(columns) <= set(rows[0])]


@pytest.mark.parametrize("figure", [None, "wait_90", "target_met", "within_target", "occupancy", "total_cost"])
@pytest.mark.parametrize("width", [320, 620])
def test_the_surface_is_vega_lite_whatever_it_shows(grid: Grid, figure: str | None, width: int) -> None:
    drawn = dressed(surface_chart(grid, Promise.of(grid.base), figure=figure, width=width), theme="dark")
    assert vl_convert.vegalite_to_vega(drawn)["marks"]


def test_the_surface_has_a_cell_for_each_point_that_says_its_figure_and_can_be_clicked(grid: Grid) -> None:
    promise = Promise.of(grid.base)
    drawn = surface_figure(grid, promise)
    (cells,) = tables(drawn, "told", "opacity")
    assert sorted((row["x"], row["y"]) for row in cells) == sorted(grid.points)
    assert {row["opacity"] for row in cells} == {1.0}
    waits = grid.values("mean_wait", 0)
    for row in cells:
        assert row["value"] == waits[row["x"], row["y"]]
        assert "±" in row["told"]
        assert (
            row["verdict"]
            == {"keeps": "kept", "open": "cannot be told", "breaks": "missed"}[
                promise.verdict(grid, (row["x"], row["y"]))
            ]
        )
    selections = [param for layer in drawn["vconcat"][0]["vconcat"][0]["layer"] for param in layer.get("params", ())]
    assert [(param["name"], param["select"]["fields"]) for param in selections] == [(POINT, ["x", "y"])]
    spots = {row["name"]: (row["x"], row["y"]) for rows in tables(drawn, "name") for row in rows}
    assert spots == {"today": grid.today_at, "cheapest": cheapest(grid, promise).place}


def test_cells_still_to_come_wear_their_neighbours_colour_paler_and_claim_no_figure(load: Load) -> None:
    playing = play_grid(load, small_axes(load), replications=2)
    first = next(playing)
    playing.close()
    (cells,) = tables(surface_figure(first, Promise.of(first.base)), "told", "opacity")
    (there,) = [row for row in cells if row["opacity"] == 1.0]
    assert (there["x"], there["y"]) in first.points
    others = [row for row in cells if row is not there]
    assert len(others) == 14
    assert {row["class"] for row in others} == {there["class"]}
    assert {row["told"] for row in others} == {"..."}
    assert all(row["opacity"] < 0.5 for row in others)


def test_the_surface_speaks_finnish(grid: Grid) -> None:
    with speaking("fi"):
        drawn = json.dumps(surface_figure(grid, Promise.of(grid.base)), ensure_ascii=False)
    for words in ("vuorossa enintään", "edullisin", "nyt", "tavoite"):
        assert words in drawn
    for words in ("cheapest", "today", "agents"):
        assert words not in drawn
