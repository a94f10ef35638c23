"""Batch files: which cases they make, worked by hand, and how those that are wrong are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_batches import SIX, batch_file, batch_of
from small_scenarios import MAIL, PHONE, written

from simulator.batch import Batch, Shard, cases, read_batch
from simulator.batch.outputs import ALL
from simulator.scenario import ScenarioError

HEAD = 'scenarios = ["small.toml"]\n'
PATIENCE = 'path = "channels.phone.patience.mean"\n'
AGENTS = 'path = "groups.team.extra_agents"\n'


def swept(batch: Batch) -> list[dict[str, object]]:
    return [dict(case.swept) for case in cases(batch)]


def values(folder: Path, axis: str, path: str = AGENTS) -> list[object]:
    """What an axis sets its field to."""
    found = [list(point.values()) for point in swept(batch_of(folder, f"{HEAD}[sweep.a]\n{path}{axis}\n"))]
    assert all(len(point) == 1 for point in found)
    return [value for (value,) in found]


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ScenarioError) as refused:
        batch_of(folder, text)
    return str(refused.value)


def test_cases_are_all_combinations_and_the_last_axis_runs_fastest(tmp_path: Path) -> None:
    handling, agents = "channels.phone.handling_time.mean", "groups.team.extra_agents"
    found = list(cases(batch_of(tmp_path)))
    assert [(case.number, case.swept[handling], case.swept[agents]) for case in found] == [
        (1, "4 min", -1),
        (2, "4 min", 0),
        (3, "4 min", 1),
        (4, "6 min", -1),
        (5, "6 min", 0),
        (6, "6 min", 1),
    ]
    assert len({case.hash for case in found}) == 6


def test_a_batch_without_axes_plays_each_variant_of_each_file_once(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    written(tmp_path / "sites", name="b.toml")
    written(tmp_path / "sites", name="a.toml")
    text = 'scenarios = ["small.toml", "sites/*.toml", "sites/b.toml"]\nvariants = ["base", "more"]\n'
    found = [(case.scenario.label, case.variant) for case in cases(batch_of(tmp_path, text))]
    labels = ("small.toml", "sites/a.toml", "sites/b.toml")
    assert found == [(label, variant) for label in labels for variant in ("base", "more")]


def test_all_variants_are_the_file_as_it_is_and_those_that_it_has(tmp_path: Path) -> None:
    batch = batch_of(tmp_path, f'{HEAD}variants = "all"\n')
    assert [case.variant for case in cases(batch)] == ["base", "more", "same"]
    assert len(batch) == 3


def test_a_list_is_played_as_it_stands(tmp_path: Path) -> None:
    assert values(tmp_path, "values = [2, 0, -1]") == [2, 0, -1]


@pytest.mark.parametrize(
    ("axis", "path", "expected"),
    [
        ("range = { first = -2, last = 3, step = 2 }", AGENTS, [-2, 0, 2]),
        ("range = { first = 3, last = 3, step = 2 }", AGENTS, [3]),
        ('range = { first = "60 s", last = "90 s", step = "15 s" }', PATIENCE, ["60 s", "75 s", "90 s"]),
        (
            'range = { first = "0.1 min", last = "0.3 min", step = "0.1 min" }',
            PATIENCE,
            ["0.1 min", "0.2 min", "0.3 min"],  # 0.1 + 0.1 + 0.1 is above 0.3 in binary
        ),
        ('log_range = { first = "1 min", last = "8 min", points = 4 }', PATIENCE, ["1 min", "2 min", "4 min", "8 min"]),
        ("log_range = { first = 1, last = 100, points = 3 }", AGENTS, [1, 10, 100]),
    ],
)
def test_ranges_go_in_equal_steps_or_ratios_with_both_ends(
    axis: str, path: str, expected: list[object], tmp_path: Path
) -> None:
    assert values(tmp_path, axis, path) == expected


SAMPLE = """
[sweep.unknown]
sample = "{kind}"
points = {points}
seed = {seed}
fields."channels.phone.patience.mean" = {{ low = "2 min", high = "4 min" }}
fields."groups.team.extra_agents" = {{ low = 0, high = 3, whole = true }}
"""


def sampled(folder: Path, kind: str, points: int, seed: int = 1) -> tuple[list[float], list[int]]:
    """Minutes and agents of a sample."""
    found = swept(batch_of(folder, HEAD + SAMPLE.format(kind=kind, points=points, seed=seed)))
    minutes, agents = zip(*(point.values() for point in found), strict=True)
    return [float(str(each).removesuffix(" min")) for each in minutes], [int(str(each)) for each in agents]


@pytest.mark.parametrize(("kind", "points"), [("latin hypercube", 40), ("latin hypercube", 12), ("sobol", 32)])
def test_a_sample_has_one_point_in_each_of_as_many_equal_parts_of_every_field(
    kind: str, points: int, tmp_path: Path
) -> None:
    minutes, agents = sampled(tmp_path, kind, points)
    assert sorted((np.array(minutes) - 2) / 2 * points // 1) == list(range(points))
    # Four whole numbers share the parts evenly.
    assert np.bincount(agents, minlength=4).tolist() == [points // 4] * 4


@pytest.mark.parametrize("kind", ["latin hypercube", "sobol"])
def test_a_sample_is_that_of_its_seed(kind: str, tmp_path: Path) -> None:
    assert sampled(tmp_path, kind, 16) == sampled(tmp_path, kind, 16)
    assert sampled(tmp_path, kind, 16) != sampled(tmp_path, kind, 16, seed=2)


def test_more_points_of_a_sobol_sample_begin_with_the_same_ones(tmp_path: Path) -> None:
    minutes, agents = sampled(tmp_path, "sobol", 32)
    assert sampled(tmp_path, "sobol", 11) == (minutes[:11], agents[:11])


def test_rows_of_a_file_set_its_columns_together(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(
        'groups.team.extra_agents,channels.phone.handling_time.mean\n2,5 min\n\n-1,"4 min 30 s"\n', encoding="utf-8"
    )
    assert swept(batch_of(tmp_path, f'{HEAD}[sweep.points]\npairs = "points.csv"\n')) == [
        {"groups.team.extra_agents": 2, "channels.phone.handling_time.mean": "5 min"},
        {"groups.team.extra_agents": -1, "channels.phone.handling_time.mean": "4 min 30 s"},
    ]


def test_what_is_set_for_all_cases_may_be_a_table_of_which_an_axis_sets_a_field(tmp_path: Path) -> None:
    text = f"""{HEAD}[set]
"channels.phone.patience" = {{ mean = "3 min", distribution = "exponential" }}
[sweep.a]
{PATIENCE}values = ["5 min"]
"""
    (case,) = cases(batch_of(tmp_path, text))
    assert list(case.overrides) == ["channels.phone.patience", "channels.phone.patience.mean"]


def hashes(batch: Batch) -> list[str]:
    return [case.hash for case in cases(batch)]


def test_a_hash_changes_with_all_that_the_result_depends_on(tmp_path: Path) -> None:
    text = f'{HEAD}variants = ["more"]\n'
    known = {
        *hashes(batch_of(tmp_path, text)),
        *hashes(batch_of(tmp_path, HEAD)),
        *hashes(batch_of(tmp_path, f'{text}set."simulation.replications" = 3\n')),
        *(
            case
            for field in ("replications = 3", "seed = 2", 'until = "phone=5 %"', 'engine = "reference"')
            for case in hashes(batch_of(tmp_path, f"{text}[run]\n{field}\n"))
        ),
        *hashes(batch_of(tmp_path, f'{text}[outputs]\nmeasures = ["asa"]\n')),
        *hashes(batch_of(tmp_path, text, PHONE.replace("per_week = 160", "per_week = 161"))),
        *hashes(batch_of(tmp_path, text, PHONE.replace('extra_agents" = 1', 'extra_agents" = 2'))),
    }
    assert len(known) == 10


def test_a_hash_does_not_change_with_how_the_scenario_is_written(tmp_path: Path) -> None:
    assert hashes(batch_of(tmp_path)) == hashes(batch_of(tmp_path, scenario=f"# a comment\n{PHONE}"))


def test_the_content_of_a_file_that_an_override_names_is_part_of_the_hash(tmp_path: Path) -> None:
    staffing = "time,team\n" + "".join(f"2026-06-0{day} 09:{m:02},4\n" for day in (1, 2) for m in (0, 30))
    path = tmp_path / "staffing.csv"
    values = '[{ file = "staffing.csv", agents_column = "team" }]'
    text = f'{HEAD}[sweep.a]\npath = "groups.team.staffing"\nvalues = {values}\n'
    found = []
    for agents in ("4", "5"):
        path.write_text(staffing.replace(",4", f",{agents}"), encoding="utf-8")
        found += hashes(batch_of(tmp_path, text))
    assert found[0] != found[1]


def test_shares_are_the_whole_batch_and_no_case_twice(tmp_path: Path) -> None:
    batch = batch_of(tmp_path)
    shares = [[case.number for case in cases(batch, Shard(number, 4))] for number in (1, 2, 3, 4)]
    assert shares == [[1, 5], [2, 6], [3], [4]]


@pytest.mark.parametrize("text", ["3", "0/4", "5/4", "a/b", "1/-2", "1/0", ""])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="as in 3/10"):
        Shard.parse(text)


def test_cases_are_made_one_by_one(tmp_path: Path) -> None:
    axes = "".join(
        f'[sweep.{name}]\npath = "channels.phone.{path}"\nrange = {{ first = "1 s", last = "100 s", step = "1 s" }}\n'
        for name, path in (("a", "handling_time.mean"), ("b", "patience.mean"), ("c", "target.within"))
    )
    batch = batch_of(tmp_path, HEAD + axes)
    assert len(batch) == 1_000_000
    assert next(cases(batch)).swept["channels.phone.target.within"] == "1 s"


BAD = {
    "no scenario": ("scenarios = []\n", ("scenarios", "must not be empty")),
    "unknown file": ('scenarios = ["smal.toml"]\n', ("There is no such file", "small.toml")),
    "nothing like it": ('scenarios = ["sites/*.toml"]\n', ("scenarios", "sites/*.toml", "No file")),
    "unknown field": (f"{HEAD}[run]\nreplication = 3\n", ("run.replication", "Did you mean", "replications")),
    "unknown variant": (f'{HEAD}variants = ["mroe"]\n', ('no variant "mroe"', "more")),
    "unknown path": (
        f'{HEAD}[sweep.a]\npath = "groups.teem.extra_agents"\nvalues = [1]\n',
        ("batch.toml:2", "sweep.a", "groups.teem.extra_agents = 1", "small.toml", "team"),
    ),
    "no path": (
        f'{HEAD}[sweep.a]\npath = "groups..x"\nvalues = [1]\n',
        ("batch.toml:3", "sweep.a.path", "groups..x", "with a path, such as"),
    ),
    "bad value": (f"{HEAD}[sweep.a]\n{AGENTS}values = [1, 1.5]\n", ("sweep.a", "extra_agents = 1.5", "whole number")),
    "value twice": (f"{HEAD}[sweep.a]\n{AGENTS}values = [1, 2, 1]\n", ("sweep.a.values", "twice")),
    "no values": (f"{HEAD}[sweep.a]\n{AGENTS}values = []\n", ("sweep.a.values", "must not be empty")),
    "two ways": (
        f"{HEAD}[sweep.a]\n{AGENTS}values = [1]\nrange = {{ first = 1, last = 2, step = 1 }}\n",
        ("sweep.a", "exactly one of", "values and range"),
    ),
    "no way": (f"{HEAD}[sweep.a]\n{AGENTS}", ("sweep.a", "exactly one of", "none of them")),
    "no path at all": (f"{HEAD}[sweep.a]\nvalues = [1]\n", ("sweep.a.path", "is missing")),
    "what does not belong": (f"{HEAD}[sweep.a]\n{AGENTS}values = [1]\nseed = 2\n", ("sweep.a.seed", "does not take")),
    "units mixed": (
        f'{HEAD}[sweep.a]\n{PATIENCE}range = {{ first = "60 s", last = "2 min", step = "30 s" }}\n',
        ("sweep.a.range", "different units", '"min" and "s"'),
    ),
    "no number": (
        f'{HEAD}[sweep.a]\n{PATIENCE}range = {{ first = "one", last = 2, step = 1 }}\n',
        ("sweep.a.range.first", '"one"', "Write a number"),
    ),
    "step back": (f"{HEAD}[sweep.a]\n{AGENTS}range = {{ first = 1, last = 2, step = 0 }}\n", ("range.step", "above 0")),
    "goes nowhere": (
        f"{HEAD}[sweep.a]\n{AGENTS}range = {{ first = 3, last = 2, step = 1 }}\n",
        ("range.last", "below"),
    ),
    "endless": (f"{HEAD}[sweep.a]\n{AGENTS}range = {{ first = 0, last = 9, step = 1e-9 }}\n", ("at most 100,000",)),
    "ratio of nothing": (
        f"{HEAD}[sweep.a]\n{AGENTS}log_range = {{ first = 0, last = 2, points = 3 }}\n",
        ("log_range.first", "above 0"),
    ),
    "other sample": (HEAD + SAMPLE.format(kind="random", points=4, seed=1), ("sweep.unknown.sample", "sobol")),
    "no points": (HEAD + SAMPLE.format(kind="sobol", points=0, seed=1), ("sweep.unknown.points", "at least 1")),
    "turned round": (
        f'{HEAD}[sweep.a]\nsample = "sobol"\npoints = 2\nfields."a.b" = {{ low = 2, high = 1 }}\n',
        ("sweep.a.fields", "above the lowest"),
    ),
    "half an agent": (
        f'{HEAD}[sweep.a]\nsample = "sobol"\npoints = 2\nfields."a.b" = {{ low = 0, high = 1.5, whole = true }}\n',
        ("sweep.a.fields", "both ends are whole"),
    ),
    "set twice": (
        f"{HEAD}[sweep.a]\n{AGENTS}values = [1]\n[sweep.b]\n{AGENTS}values = [2]\n",
        ("sweep.b", 'already set by the axis "a"'),
    ),
    "set within": (
        f'{HEAD}[sweep.a]\n{PATIENCE}values = ["1 min"]\n'
        '[sweep.b]\npath = "channels.phone.patience"\nvalues = ["2 min"]\n',
        ("sweep.b", 'already set by the axis "a"'),
    ),
    "set for all": (
        f'{HEAD}set."groups.team.extra_agents" = 1\n[sweep.a]\n{AGENTS}values = [1]\n',
        ("sweep.a", "already set for all cases"),
    ),
    "no such file of pairs": (
        f'{HEAD}[sweep.a]\npairs = "none.csv"\n',
        ("batch.toml:3", "sweep.a.pairs", "none.csv", "There is no such file"),
    ),
    "no path in pairs": (f'{HEAD}[sweep.a]\npairs = "small.toml"\n', ("small.toml:1",)),
    "unknown measure": (f'{HEAD}[outputs]\nmeasures = ["ass"]\n', ("outputs.measures", '"ass"', "asa")),
    "no measure of intervals": (
        f'{HEAD}[outputs]\nintervals = ["total_cost"]\n',
        ("outputs.intervals", "of intervals"),
    ),
    "unknown channel": (f'{HEAD}[run]\nuntil = "chat=1 %"\n', ("run.until", "chat", "phone")),
    "other engine": (f'{HEAD}[run]\nengine = "fast"\n', ("run.engine", "compiled")),
    "bad scenario": ('scenarios = ["batch.toml"]\n', ("batch.toml", "horizon")),
    "too many": (
        HEAD
        + "".join(
            f'[sweep.{name}]\npath = "{path}"\nrange = {{ first = "1 s", last = "{last} s", step = "1 s" }}\n'
            for name, path, last in (
                ("a", "channels.phone.handling_time.mean", 1000),
                ("b", "channels.phone.patience.mean", 1001),
            )
        ),
        ("sweep", "1,001,000 cases"),
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_batch_is_refused_with_file_field_value_and_what_is_allowed(name: str, tmp_path: Path) -> None:
    text, said = BAD[name]
    message = refusal(tmp_path, text)
    assert [part for part in said if part not in message] == [], message


def test_all_that_is_wrong_with_a_batch_is_said_at_once(tmp_path: Path) -> None:
    text = f'{HEAD}[sweep.a]\n{AGENTS}values = [1, 1]\n[outputs]\nsummary = ["ass"]\n'
    message = refusal(tmp_path, text)
    assert "sweep.a.values" in message
    assert "outputs.summary" in message


def test_a_value_that_one_of_several_scenarios_refuses_is_refused(tmp_path: Path) -> None:
    written(tmp_path, PHONE.replace("[groups.team", "[groups.other"), "other.toml")
    text = f'scenarios = ["small.toml", "other.toml"]\n[sweep.a]\n{AGENTS}values = [1]\n'
    message = refusal(tmp_path, text)
    assert "other.toml" in message
    assert "in small.toml" not in message


def test_the_measures_kept_are_those_asked_for_in_a_fixed_order(tmp_path: Path) -> None:
    text = f'{HEAD}[outputs]\nmeasures = ["mean_wait", "asa"]\nintervals = []\nsummary = ["total_cost"]\n'
    outputs = batch_of(tmp_path, text, PHONE + MAIL).outputs
    assert outputs.measures == ("asa", "mean_wait", "total_cost")
    assert outputs.intervals == ()
    assert batch_of(tmp_path, f'{HEAD}[outputs]\nmeasures = "all"\n').outputs.measures == ALL


def test_the_shipped_batch_has_200_cases() -> None:
    batch = read_batch(Path(__file__).resolve().parents[1] / "scenarios" / "batches" / "peak-sweep.toml")
    assert len(batch) == sum(1 for _ in cases(batch)) == 200


def test_a_batch_file_is_read_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = batch_file(tmp_path, SIX)
    absolute = hashes(read_batch(path))
    monkeypatch.chdir(tmp_path)
    assert hashes(read_batch("batch.toml")) == absolute
