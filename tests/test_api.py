"""What scripts begin with: the doors give what is behind them, and refuse what is not."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_batches import SIX, batch_of, contents
from small_scenarios import MAIL, PHONE, written
from test_batch_run import FINE

import simulator
from simulator import api, load, simulate, sweep
from simulator.batch import StoreError, run_batch
from simulator.batch.results import QueryError
from simulator.experiment import run
from simulator.measures import MEASURES
from simulator.scenario import ScenarioError, load_scenario

ROOT = Path(__file__).resolve().parent.parent
AGENTS, HANDLING = "groups.team.extra_agents", "channels.phone.handling_time.mean"
AXES = {HANDLING: ["4 min", "6 min"], AGENTS: range(-1, 2)}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return Path(written(tmp_path, PHONE + MAIL))


# ---- Load and simulate -----------------------------------------------------------------------------------------------


def test_a_scenario_is_loaded_with_its_variant_and_overrides(small: Path) -> None:
    scenario = load(small, "more", {HANDLING: "4 min"})
    assert scenario == load_scenario(small, "more", {HANDLING: "4 min"})
    with pytest.raises(ScenarioError, match="Did you mean"):
        load(small, overrides={"groups.team.extra_agent": 1})


def test_a_simulation_has_the_figures_of_its_experiment(small: Path) -> None:
    played = simulate(load(small), replications=4, seed=7)
    experiment = run(load_scenario(small), replications=4, seed=7)
    assert played.replications == 4
    for measure, about, axis, place in (
        ("mean_wait", "phone", "channel", 0),
        ("arrived", "mail", "channel", 1),
        ("occupancy", "team", "group", 0),
    ):
        estimate = experiment.estimate(measure, (axis,))[place]  # type: ignore[arg-type]  # an axis
        assert played.figure(measure, about) == tuple(map(float, (estimate.value, estimate.low, estimate.high)))
    total = experiment.estimate("total_cost")
    assert played.figure("total_cost") == tuple(map(float, (total.value, total.low, total.high)))
    frame = played.figures.set_index(["measure", "channel"])
    assert frame.loc[("mean_wait", "phone"), "value"] == played.figure("mean_wait", "phone").value
    assert set(MEASURES) & set(played.figures["measure"]) >= {"asa", "handling_time", "paid_hours"}


def test_intervals_are_those_of_the_experiment_by_local_time(small: Path) -> None:
    played = simulate(small, replications=3)
    frame = played.intervals("arrived", "occupancy")
    arrived = frame[(frame["measure"] == "arrived") & (frame["channel"] == "phone")]
    expected = played.experiment.estimate("arrived", ("channel", "interval")).value[0]
    np.testing.assert_array_equal(arrived["value"], expected)
    calendar = played.experiment.scenario.calendar
    starts = [calendar.local_datetime(edge) for edge in calendar.edges[:-1].tolist()]
    assert [each.to_pydatetime() for each in arrived["interval_start"]] == starts
    assert str(arrived["interval_start"].dt.tz) == calendar.timezone
    assert set(played.intervals()["measure"]) == {"arrived", "mean_wait", "abandonment_ratio", "agents", "occupancy"}


def test_both_engines_and_any_number_of_workers_give_the_same(small: Path) -> None:
    first = simulate(small, replications=3).figures
    for other in (simulate(small, replications=3, engine="reference"), simulate(small, replications=3, workers=1)):
        assert other.figures.equals(first)


def test_a_half_width_is_waited_for(small: Path) -> None:
    played = simulate(small, replications=3, until="phone=4 %", max_replications=60)
    assert played.precision_reached
    low, high = played.figure("service_level_offered", "phone")[1:]
    assert high - low <= 0.08
    assert simulate(small, replications=2).precision_reached is None


def test_a_simulation_shows_itself(small: Path) -> None:
    played = simulate(small, replications=2)
    assert repr(played) == "<Simulation of 'Small day', 2 replications>"
    assert "Small day" in str(played)
    assert played._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("measure", "about", "said"),
    [
        ("mean_weight", "phone", 'There is no measure "mean_weight". Did you mean "mean_wait"'),
        ("mean_wait", "fax", 'There is no channel or group "fax" with mean_wait'),
        ("mean_wait", None, "with mean_wait"),
        ("total_cost", "phone", "with total_cost"),
    ],
)
def test_a_figure_that_there_is_not_is_refused(measure: str, about: str | None, said: str, small: Path) -> None:
    with pytest.raises(ValueError, match=said):
        simulate(small, replications=2).figure(measure, about)


def test_what_cannot_be_asked_of_a_simulation_is_refused(small: Path) -> None:
    with pytest.raises(ValueError, match="total_cost"):
        simulate(small, replications=2).intervals("total_cost")
    with pytest.raises(ValueError, match="until: write CHANNEL=HALF-WIDTH"):
        simulate(small, until="phone")
    with pytest.raises(ValueError, match="replications is 0"):
        simulate(small, replications=0)


# ---- Sweep -----------------------------------------------------------------------------------------------------------


def test_a_sweep_plays_what_a_batch_file_would(tmp_path: Path) -> None:
    run_batch(batch_of(tmp_path, SIX), tmp_path / "batch")
    sweep(load(tmp_path / "small.toml"), AXES, replications=2, out=tmp_path / "sweep")
    first, second = contents(tmp_path / "batch"), contents(tmp_path / "sweep")
    first.pop("manifest.json")
    second.pop("manifest.json")
    assert first == second


def test_a_sweep_has_each_case_as_a_simulation_has_it(small: Path) -> None:
    results = sweep(load(small, "more"), AXES, replications=3)
    assert repr(results) == "<Results of 'Sweep of small': 6 of 6 cases, 0 failed>"
    assert [axis.name for axis in results.axes] == ["handling_time_mean", "team_extra_agents"]
    ((wait, low, high),) = results.query(
        "select phone_mean_wait, phone_mean_wait_low, phone_mean_wait_high from wide "
        "where handling_time_mean = 6 and team_extra_agents = -1"
    ).rows()
    alone = simulate(load(small, "more", {HANDLING: "6 min", AGENTS: -1}), replications=3)
    assert (wait, low, high) == pytest.approx(alone.figure("mean_wait", "phone"), rel=1e-12)


def test_a_sweep_goes_on_where_it_was_stopped(small: Path, tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop(progress: object) -> None:
        if getattr(progress, "done", 0) == 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        sweep(small, AXES, replications=2, out=tmp_path / "out", on_done=stop)
    done: list[int] = []
    assert (
        sweep(small, AXES, replications=2, out=tmp_path / "out", on_done=lambda each: done.append(each.done)).done == 6
    )
    assert done == [2, 3, 4, 5, 6]
    with pytest.raises(StoreError, match="another batch"):
        sweep(small, AXES, replications=3, out=tmp_path / "out")


def test_a_sweep_without_a_folder_leaves_none_behind(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    results = sweep(small, {AGENTS: [0, 1]}, replications=2)
    assert len(results.table("results")) > 0
    assert len(list(temporary.iterdir())) == 1
    del results
    gc.collect()
    assert list(temporary.iterdir()) == []

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(small, {AGENTS: [0, 1]}, replications=2, on_done=stop)
    assert list(temporary.iterdir()) == []


def test_axes_may_be_arrays_tables_samples_and_variants(small: Path) -> None:
    demand = {"channels.phone.demand.per_week": {"low": 1, "high": 9}}
    results = sweep(
        small,
        {
            AGENTS: np.arange(2),
            HANDLING: {"log_range": {"first": "1 min", "last": "4 min", "points": 3}},
            "demand": {"sample": "sobol", "points": 2, "fields": demand},
        },
        variants=["base", "more"],
        replications=1,
        outputs={"measures": ["arrived"], "intervals": [], "summary": ["arrived"]},
    )
    assert (results.wanted, results.done, results.failed) == (24, 24, 0)
    assert [axis.name for axis in results.axes] == ["team_extra_agents", "handling_time_mean", "demand"]
    assert set(results.axes[1].values) == {1, 2, 4}
    assert set(results.table("results")["measure"]) == {"arrived"}


def test_paths_that_end_alike_are_told_apart(small: Path) -> None:
    paths = ["channels.phone.handling_time.mean", "channels.mail.handling_time.mean"]
    results = sweep(small, {path: ["5 min"] for path in paths}, replications=1)
    assert [axis.name for axis in results.axes] == ["phone_handling_time_mean", "mail_handling_time_mean"]


def test_cases_that_fail_are_among_the_results(tmp_path: Path) -> None:
    file = written(tmp_path, FINE)
    axes = {
        "horizon.interval": ["15 min", "30 min"],
        "channels.phone.hours": ["mon-fri 09:00-11:00", "mon-fri 09:15-11:00"],
    }
    results = sweep(file, axes, replications=2)
    assert (results.done, results.failed) == (4, 1)
    assert results.table("cases")["error"].notna().tolist() == [False, False, False, True]


def test_a_scenario_that_was_changed_by_hand_is_not_swept(small: Path) -> None:
    scenario = load(small)
    with pytest.raises(ValueError, match="as it made it"):
        sweep(replace(scenario, seed=5), {AGENTS: [0]})
    with pytest.raises(ValueError, match="as it made it"):
        sweep(load_scenario(small), {AGENTS: [0]})
    small.write_text(small.read_text().replace("per_week = 160", "per_week = 170"))
    with pytest.raises(ValueError, match="it has changed since"):
        sweep(scenario, {AGENTS: [0]})


def test_where_scenarios_came_from_is_forgotten_with_them(small: Path) -> None:
    before = len(api._origins)
    scenarios = [load(small) for _ in range(3)]
    assert len(api._origins) == before + 3
    scenarios.clear()
    gc.collect()
    assert len(api._origins) == before


@pytest.mark.parametrize(
    ("axes", "said"),
    [
        ({"groups.team.extra_agent": [1]}, r"sweep\.team_extra_agent\n.*This field is unknown"),
        ({AGENTS: []}, "This must not be empty"),
        ({AGENTS: [1, 1]}, "is there twice"),
        ({AGENTS: {"range": {"first": 1}}}, r"range\.last"),
        ({"not a path": [1]}, "is not a path"),
        ({AGENTS: [0], "groups.team": [{}]}, "set each field once"),
    ],
)
def test_axes_that_are_none_are_refused_without_a_file_that_is_none(
    axes: dict[str, list[object]], said: str, small: Path
) -> None:
    with pytest.raises(ScenarioError, match=said) as caught:
        sweep(small, axes)
    assert str(small.parent) not in str(caught.value)


def test_a_path_that_is_no_scenario_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="There is no such file"):
        sweep(tmp_path / "missing.toml", {AGENTS: [0]})
    with pytest.raises(ScenarioError, match="There is no such file"):
        simulate(tmp_path / "missing.toml")


def test_several_processes_play_below_main(small: Path) -> None:
    script = small.parent / "script.py"
    script.write_text(
        "from simulator import sweep\n"
        'if __name__ == "__main__":\n'
        f'    results = sweep("small.toml", {{"{AGENTS}": [0, 1]}}, replications=2, processes=2)\n'
        '    print(results.table("wide")["phone_mean_wait"].tolist())\n'
    )
    result = subprocess.run(
        [sys.executable, script],
        cwd=small.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    here = sweep(small, {AGENTS: [0, 1]}, replications=2).table("wide")["phone_mean_wait"].tolist()
    assert result.stdout == f"{here}\n"


# ---- The package -----------------------------------------------------------------------------------------------------


def test_the_package_gives_what_it_names_and_nothing_else() -> None:
    assert set(dir(simulator)) == {"__version__", "load", "simulate", "sweep"}
    assert simulator.load is load is api.load
    with pytest.raises(AttributeError, match="no attribute 'sweeps'"):
        simulator.sweeps  # noqa: B018  # an attribute that is looked up


def test_results_of_a_sweep_are_asked_as_those_of_a_batch(small: Path) -> None:
    results = sweep(small, {AGENTS: [0]}, replications=1)
    with pytest.raises(QueryError, match="cannot DROP"):
        results.query("drop view wide")
