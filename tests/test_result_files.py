from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_scenarios import MAIL, PHONE, loaded, written

from simulator.engine import DEFAULT_ENGINE
from simulator.experiment import Experiment, run
from simulator.measures import MEASURES, formulas
from simulator.report.files import PACKAGES, manifest, spreadsheet_safe, tables, write_manifest, write_tables
from simulator.report.folder import MANIFEST, ResultFolderError, check_result_folder, result_folder


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    return run(loaded(tmp_path_factory.mktemp("scenario"), PHONE + MAIL), replications=3)


@pytest.fixture(scope="module")
def result(experiment: Experiment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("results") / "result"
    with result_folder(place, force=False) as folder:
        write_tables(experiment, folder)
        write_manifest(experiment, folder, "more", {"groups.team.cost": "31 EUR/h"})
    return place


# ---- What is in the files --------------------------------------------------------------------------------------------


def test_every_table_is_the_same_as_parquet_and_as_csv(result: Path) -> None:
    names = {path.stem for path in result.glob("*.csv")}
    assert names == {path.stem for path in result.glob("*.parquet")}
    for name in names:
        parquet = pd.read_parquet(result / f"{name}.parquet")
        csv = pd.read_csv(result / f"{name}.csv")
        pd.testing.assert_frame_equal(parquet, csv, check_dtype=False, rtol=1e-14)
        assert len(parquet)


def test_no_number_stands_twice(experiment: Experiment) -> None:
    numbers = {"unit", "value", "low", "high", "p10", "p50", "p90", "numerator", "denominator"}
    for name, frame in tables(experiment):
        keys = [column for column in frame.columns if column not in numbers]
        assert not frame.duplicated(keys).any(), name


def test_tables_hold_the_estimates(experiment: Experiment, result: Path) -> None:
    intervals = pd.read_csv(result / "intervals.csv")
    start = experiment.scenario.calendar.local_datetime(19 * 1800).isoformat()
    here = (intervals["channel"] == "phone") & (intervals["measure"] == "mean_wait") & (intervals["interval"] == start)
    row = intervals[here].iloc[0]
    estimate = experiment.estimate("mean_wait", ("channel", "interval"))[0, 19]
    assert (row["value"], row["low"]) == pytest.approx((float(estimate.value), float(estimate.low)))
    low, middle, high = experiment.band("mean_wait", ("channel", "interval"), (0.1, 0.5, 0.9))[:, 0, 19]
    assert (row["p10"], row["p50"], row["p90"]) == pytest.approx((low, middle, high))
    assert row["unit"] == "seconds"
    targets = pd.read_csv(result / "targets.csv").query("channel == 'phone'")
    np.testing.assert_allclose(targets["value"], experiment.targets[0].met_by_period.value)


def test_the_documentation_names_every_table_and_column(experiment: Experiment) -> None:
    page = (Path(__file__).resolve().parent.parent / "docs" / "results.md").read_text(encoding="utf-8")
    rows = {row.split("`")[1]: row for row in page.splitlines() if row.startswith("| `")}
    for name, frame in tables(experiment):
        for column in set(frame.columns) - {"measure", "unit", "value", "low", "high"}:
            assert f"`{column}`" in rows[name], (name, column)
    for key in manifest(experiment, None, {}):
        assert f"`{key}`" in page or key in ("tool", "title", "scenario"), key


def test_replications_give_back_every_ratio_of_sums(result: Path) -> None:
    sums = pd.read_csv(result / "replications.csv").groupby(["channel", "measure"])[["numerator", "denominator"]].sum()
    channels = pd.read_csv(result / "channels.csv").set_index(["channel", "measure"])
    assert len(channels) > 20
    ratios = (sums["numerator"] / sums["denominator"]).reindex(channels.index)
    np.testing.assert_allclose(channels["value"], ratios, rtol=1e-12)
    assert ("mail", "asa") not in channels.index  # nobody to judge: no row


def test_the_interval_of_one_replication_is_left_empty(tmp_path: Path) -> None:
    one = dict(tables(run(loaded(tmp_path), replications=1)))["channels"]
    assert one["value"].notna().all()
    assert one["low"].isna().all()
    assert not np.isinf(one.select_dtypes("number").to_numpy()).any()


def test_the_manifest_says_what_made_the_result(experiment: Experiment, result: Path) -> None:
    found = json.loads((result / MANIFEST).read_text(encoding="utf-8"))
    assert found["scenario_sha256"] == experiment.scenario.content_hash
    assert (found["seed"], found["replications"], found["engine"]) == (1, 3, DEFAULT_ENGINE)
    assert (found["variant"], found["overrides"]) == ("more", {"groups.team.cost": "31 EUR/h"})
    assert set(found["packages"]) == set(PACKAGES)
    assert found["formulas"]["asa"] == MEASURES["asa"].formula
    assert found["formulas"]["virtual_service_level"] == formulas()["virtual_service_level"]
    assert set(found["files"]) == {path.name for path in result.iterdir()} - {MANIFEST}


def test_text_that_a_spreadsheet_would_run_is_defused() -> None:
    frame = pd.DataFrame({"name": ["=1+1", "+1", "-1", "@x", "\t=1", "phone"], "value": [-1.0, 2, 3, 4, 5, 6]})
    safe = spreadsheet_safe(frame)
    assert safe["name"].tolist() == ["'=1+1", "'+1", "'-1", "'@x", "'\t=1", "phone"]
    assert safe["value"].tolist() == frame["value"].tolist()


def test_the_same_seed_gives_the_same_bytes_whatever_engine_workers_hash_seed_and_processor(tmp_path: Path) -> None:
    path = written(tmp_path, PHONE + MAIL)
    code = (
        "import sys; from pathlib import Path;"
        "from simulator.experiment import replications, run; from simulator.scenario import load_scenario;"
        "from simulator.report.files import write_tables;"
        "replications.WORTH_PROCESSES = 0.0; folder = Path(sys.argv[2]); folder.mkdir();"
        "scenario = load_scenario(Path(sys.argv[1])); engine, workers = sys.argv[3], int(sys.argv[4]);"
        "write_tables(run(scenario, replications=3, engine=engine, workers=workers), folder)"
    )
    digests = []
    extensions = " ".join(np.show_config(mode="dicts")["SIMD Extensions"].get("found", []))
    for engine, workers, hash_seed, without in (
        ("compiled", "1", "0", ""),
        ("compiled", "2", "1", extensions),
        ("reference", "2", "12345", extensions),
    ):
        folder = tmp_path / f"{engine} with {workers}"
        subprocess.run(
            [sys.executable, "-c", code, path, folder, engine, workers],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "NPY_DISABLE_CPU_FEATURES": without},
        )
        files = sorted(folder.glob("*.csv"))
        digests.append({each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in files})
    assert len(digests[0]) == 12
    assert digests[0] == digests[1] == digests[2]


# ---- The folder: whole or not at all ---------------------------------------------------------------------------------


def write_result(place: Path, text: str, *, force: bool = False) -> None:
    with result_folder(place, force=force) as folder:
        (folder / "table.csv").write_text(text)
        (folder / MANIFEST).write_text(json.dumps({"tool": "ruuhka", "files": ["table.csv"]}))


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_a_failure_while_writing_leaves_nothing(tmp_path: Path, failure: type[BaseException]) -> None:
    def fail() -> None:
        with result_folder(tmp_path / "deep" / "result", force=False) as folder:
            (folder / "half.csv").write_text("half")
            raise failure

    with pytest.raises(failure):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_failure_while_replacing_leaves_the_earlier_result(tmp_path: Path) -> None:
    place = tmp_path / "result"
    write_result(place, "first")

    def fail() -> None:
        with result_folder(place, force=True) as folder:
            (folder / "table.csv").write_text("second")
            raise OSError(28, "No space left on device")

    with pytest.raises(ResultFolderError, match="No space left on device"):
        fail()
    assert (place / "table.csv").read_text() == "first"
    assert [each.name for each in tmp_path.iterdir()] == ["result"]


def test_a_failure_at_the_last_step_puts_the_earlier_result_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "result"
    write_result(place, "first")
    rename = Path.rename

    def once(path: Path, target: Path) -> Path:
        if target == place and not (path / "table.csv").read_text().startswith("first"):
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", once)
    with pytest.raises(ResultFolderError, match="Input/output error"):
        write_result(place, "second", force=True)
    assert (place / "table.csv").read_text() == "first"
    assert [each.name for each in tmp_path.iterdir()] == ["result"]


def test_an_earlier_result_is_replaced_only_when_asked_and_as_a_whole(tmp_path: Path) -> None:
    place = tmp_path / "result"
    write_result(place, "first")
    with pytest.raises(ResultFolderError, match="--force"):
        check_result_folder(place, force=False)
    write_result(place, "second", force=True)
    assert (place / "table.csv").read_text() == "second"
    assert [each.name for each in tmp_path.iterdir()] == ["result"]


def test_an_empty_folder_and_a_link_to_it_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    write_result(tmp_path / "link", "text")
    assert (tmp_path / "empty" / "table.csv").read_text() == "text"
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("manifest", [None, "{", "[]", '{"tool": "other", "files": ["mine.txt"]}', '{"files": 3}'])
def test_a_folder_that_is_no_result_is_never_replaced(tmp_path: Path, manifest: str | None) -> None:
    place = tmp_path / "mine"
    place.mkdir()
    (place / "mine.txt").write_text("precious")
    if manifest is not None:
        (place / MANIFEST).write_text(manifest)
    with pytest.raises(ResultFolderError, match="no earlier result"):
        check_result_folder(place, force=True)


def test_a_result_with_a_file_of_ones_own_is_not_replaced(tmp_path: Path) -> None:
    place = tmp_path / "result"
    write_result(place, "first")
    (place / "notes.txt").write_text("mine")
    with pytest.raises(ResultFolderError, match=r"notes\.txt"):
        write_result(place, "second", force=True)
    assert (place / "notes.txt").exists()


def test_links_in_a_circle_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(ResultFolderError, match="cannot be used"):
        check_result_folder(tmp_path / "a" / "result", force=False)
