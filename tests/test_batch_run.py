"""Batches played: the results are those of `run`, and the same bytes whoever plays them and however often they stop."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_batches import SIX, batch_file, batch_of, contents
from small_scenarios import MAIL, PHONE, written

from simulator.batch import (
    Batch,
    Executor,
    InProcess,
    Processes,
    Progress,
    Record,
    ScenarioChangedError,
    Shard,
    Store,
    StoreError,
    WorkersError,
    cases,
    forecast,
    play_case,
    read_batch,
    run_batch,
)
from simulator.batch.play import Order, Span, Task
from simulator.batch.run import DIED
from simulator.batch.store import opened
from simulator.experiment import run
from simulator.experiment.precision import parse_precision
from simulator.measures import MEASURES, PERCENTS, Duration
from simulator.scenario import load_scenario

Given = TypeVar("Given")
Made = TypeVar("Made")


class StoppedError(Exception):
    """What stops a run in these tests."""


def stop_after(done: int) -> Callable[[Progress], None]:
    def stop(progress: Progress) -> None:
        if progress.done == done:
            raise StoppedError

    return stop


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    return batch_of(tmp_path_factory.mktemp("batch"))


@pytest.fixture(scope="module")
def unbroken(batch: Batch, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("unbroken")
    assert run_batch(batch, folder).done == 6
    return contents(folder)


# ---- What is kept ----------------------------------------------------------------------------------------------------


def test_the_table_of_a_case_holds_what_its_experiment_says(tmp_path: Path) -> None:
    text = """
scenarios = ["small.toml"]
variants = ["more"]
set."channels.phone.patience.mean" = "3 min"
[run]
replications = 4
seed = 5
[outputs]
measures = "all"
intervals = ["mean_wait", "arrived", "occupancy"]
"""
    batch = batch_of(tmp_path, text, PHONE + MAIL)
    run_batch(batch, tmp_path / "out")
    table = Store(tmp_path / "out").table().to_pylist()
    found = {(row["measure"], row["channel"] or row["group"], row["interval"]): row for row in table}
    assert len(found) == len(table)
    scenario = load_scenario(tmp_path / "small.toml", "more", {"channels.phone.patience.mean": "3 min"})
    experiment = run(scenario, replications=4, seed=5)
    names: dict[str, list[str | None]] = {"contacts": ["phone", "mail"], "agents": ["team"], "centre": [None]}
    starts = [scenario.calendar.local_datetime(edge).isoformat() for edge in scenario.calendar.edges[:-1].tolist()]
    expected: dict[tuple[str, str | None, str | None], tuple[float, float, float]] = {}
    for name, measure in MEASURES.items():
        axis = {"contacts": ("channel",), "agents": ("group",), "centre": ()}[measure.about]
        estimate = experiment.estimate(name, axis)  # type: ignore[arg-type]  # a tuple of axes
        for place, about in enumerate(names[measure.about]):
            one = [np.atleast_1d(part)[place] for part in (estimate.value, estimate.low, estimate.high)]
            expected[name, about, None] = (one[0], one[1], one[2])
        if name in ("mean_wait", "arrived", "occupancy"):
            cells = experiment.estimate(name, (*axis, "interval"))  # type: ignore[arg-type]
            for place, about in enumerate(names[measure.about]):
                for at, start in enumerate(starts):
                    value, low, high = (part[place, at] for part in (cells.value, cells.low, cells.high))
                    expected[name, about, start] = (value, low, high)
    for place, about in enumerate(names["contacts"]):
        target = experiment.targets[place]
        for name, result in (
            ("within_target", target.attained),
            ("target_met", target.met),
            ("virtual_service_level", experiment.virtual_service_level()[place]),
            *(
                (f"{duration.name.lower()}_p{percent}", experiment.wait_quantiles(duration)[place, at])
                for duration in Duration
                for at, percent in enumerate(PERCENTS)
            ),
        ):
            expected[name, about, None] = (float(result.value), float(result.low), float(result.high))
    judged = {key: numbers for key, numbers in expected.items() if not np.isnan(numbers[0])}
    assert found.keys() == judged.keys()
    for key, numbers in judged.items():
        kept = [np.nan if found[key][part] is None else found[key][part] for part in ("value", "low", "high")]
        known = [each if np.isfinite(each) else np.nan for each in numbers]
        np.testing.assert_allclose(kept, known, rtol=1e-12, atol=1e-12, err_msg=str(key))
    assert {row["unit"] for row in table if row["measure"] == "mean_wait"} == {"seconds"}


def test_the_summary_has_a_row_for_each_case_with_what_was_set_and_its_measures(batch: Batch, tmp_path: Path) -> None:
    run_batch(batch, tmp_path)
    store = Store(tmp_path)
    rows = store.summary().to_pylist()
    long = {(row["case"], row["measure"]): row for row in store.table().to_pylist() if row["interval"] is None}
    assert [row["case"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row["groups.team.extra_agents"] for row in rows] == [-1, 0, 1, -1, 0, 1]
    assert [row["channels.phone.handling_time.mean"] for row in rows] == ["4 min"] * 3 + ["6 min"] * 3
    for row in rows:
        for end, part in (("", "value"), (".low", "low"), (".high", "high")):
            assert row[f"phone.mean_wait{end}"] == long[row["case"], "mean_wait"][part]
            assert row[f"team.occupancy{end}"] == long[row["case"], "occupancy"][part]
        assert row["error"] is None
        assert row["replications"] == 2
    # More agents, less waiting, on the same customers.
    waits = [row["phone.mean_wait"] for row in rows]
    assert waits[0] > waits[1] > waits[2]


def test_a_half_width_that_is_waited_for_is_that_of_a_run(tmp_path: Path) -> None:
    text = 'scenarios = ["small.toml"]\n[run]\nreplications = 3\nuntil = "phone=4 %"\nmax_replications = 60\n'
    run_batch(batch_of(tmp_path, text), tmp_path / "out")
    (record,) = Store(tmp_path / "out").records()
    scenario = load_scenario(tmp_path / "small.toml")
    precision = parse_precision("phone=4 %", scenario)
    experiment = run(scenario, replications=3, precision=precision, most_replications=60)
    assert (record.replications, record.precision_reached) == (experiment.replications, experiment.precision_reached)
    assert 3 < record.replications < 60


# ---- The same bytes --------------------------------------------------------------------------------------------------


def test_processes_make_the_bytes_that_this_one_does(batch: Batch, unbroken: dict[str, bytes], tmp_path: Path) -> None:
    with Processes(2) as processes:
        run_batch(batch, tmp_path, processes)
    assert contents(tmp_path) == unbroken


@pytest.mark.parametrize("workers", [0, 2])
def test_cases_of_which_each_replication_is_played_by_itself_have_the_same_bytes(
    workers: int, batch: Batch, unbroken: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_chunks(monkeypatch)
    spans: list[Span | None] = []

    def noted(executor: Executor) -> Executor:
        submit = executor.submit

        def note(function: Callable[[Given], Made], given: Given) -> Future[Made]:
            assert isinstance(given, Task)
            spans.append(given.span)
            return submit(function, given)

        monkeypatch.setattr(executor, "submit", note)
        return executor

    if workers:
        with Processes(workers) as processes:
            run_batch(batch, tmp_path, noted(processes))
    else:
        run_batch(batch, tmp_path, noted(InProcess()))
    assert spans == [Span(0, 1), Span(1, 2)] * 6
    assert contents(tmp_path) == unbroken


@settings(max_examples=6)
@given(stops=st.lists(st.integers(0, 6), min_size=1, max_size=4).map(sorted), workers=st.sampled_from([1, 3]))
def test_a_run_that_is_stopped_anywhere_goes_on_and_ends_with_the_same_bytes(
    stops: list[int], workers: int, batch: Batch, unbroken: dict[str, bytes]
) -> None:
    executor = InProcess()
    executor.workers = workers  # so many cases are in hand when the run is stopped
    with TemporaryDirectory() as name:
        folder = Path(name)
        for done in stops:
            with pytest.raises(StoppedError):
                run_batch(batch, folder, executor, on_done=stop_after(done))
            assert Store(folder).summary().num_rows == done
        progress: list[int] = []
        run_batch(batch, folder, executor, on_done=lambda each: progress.append(each.done))
        assert progress == list(range(stops[-1], 7))
        assert contents(folder) == unbroken


def test_shares_in_any_order_make_the_whole(batch: Batch, unbroken: dict[str, bytes], tmp_path: Path) -> None:
    for number, played in ((3, 1), (1, 2), (4, 1), (2, 2)):
        assert run_batch(batch, tmp_path, shard=Shard(number, 4)).done == played
    assert contents(tmp_path) == unbroken


def test_half_written_and_damaged_files_do_not_count(batch: Batch, unbroken: dict[str, bytes], tmp_path: Path) -> None:
    run_batch(batch, tmp_path)
    first, second, third, *_ = Store(tmp_path).files()
    first.write_bytes(first.read_bytes()[:-20])
    second.write_bytes(b"")
    third.write_bytes(unbroken["summary.parquet"])
    (first.parent / ".0000001-abc.part").write_bytes(b"half")
    assert [record.case for record in Store(tmp_path).records()] == [4, 5, 6]
    played: list[Progress] = []
    run_batch(batch, tmp_path, on_done=played.append)
    assert played[0].done == 3
    assert contents(tmp_path) == unbroken


COMMAND = [sys.executable, "-c", "from simulator.cli.program import main; main()"]


KILLS = int(os.environ.get("RUUHKA_KILLS", "4"))
"""All together; the gate takes a sample of what CONTRIBUTING.md names."""


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_is_killed_at_any_moment_loses_nothing_and_ends_with_the_same_bytes(
    workers: int, tmp_path: Path
) -> None:
    text = SIX.replace("first = -1, last = 1", "first = -2, last = 8")
    path = batch_file(tmp_path, text)
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    run_batch(read_batch(path), whole)
    luck = np.random.default_rng(workers)
    # Cases that are kept when it is killed; none: while it begins.
    for kept in sorted(luck.integers(0, 22, size=-(-KILLS // 2)).tolist()):
        command = [*COMMAND, "batch", str(path), "--out", str(broken), "--workers", str(workers)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if kept:
            wait_for(lambda kept=kept: len(list(broken.glob("cases/0*.parquet"))) >= kept)  # type: ignore[misc]
        time.sleep(float(luck.uniform(0.0, 0.05 if kept else 2.0)))
        process.kill()
        process.wait()
        if not broken.exists():
            continue
        before = contents(broken)
        finished = {name: content for name, content in before.items() if name.startswith("cases/0")}
        assert {name: contents(whole)[name] for name in finished} == finished
    ended = subprocess.run([*COMMAND, "batch", str(path), "--out", str(broken), "--workers", str(workers)])
    assert ended.returncode == 0
    assert contents(broken) == contents(whole)


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("It has not come about in two minutes.")


def test_worker_processes_end_when_the_batch_is_killed(tmp_path: Path) -> None:
    code = """
import multiprocessing
import time
from simulator.batch import Processes
if __name__ == "__main__":
    with Processes(2) as processes:
        print(processes.submit(str, 0).result(), flush=True)
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
        time.sleep(600)
"""
    script = tmp_path / "script.py"
    script.write_text(code, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "0\n"
        workers = [int(pid) for pid in process.stdout.readline().split()]
        assert workers
        process.kill()
    wait_for(lambda: not any(is_alive(pid) for pid in workers))


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent to notice does not."""
    try:
        os.kill(pid, 0)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (ProcessLookupError, FileNotFoundError):
        return False


@pytest.mark.slow
def test_a_worker_that_is_killed_is_replaced_and_nothing_is_lost(
    batch: Batch, unbroken: dict[str, bytes], tmp_path: Path
) -> None:
    def kill_one(progress: Progress) -> None:
        if progress.done == 2:
            pid = multiprocessing.active_children()[0].pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)

    with Processes(2) as processes:
        assert run_batch(batch, tmp_path, processes, on_done=kill_one).failed == 0
    assert contents(tmp_path) == unbroken


class Fragile(InProcess):
    """Whose worker dies of one case, and who counts what is given out."""

    workers = 3

    def __init__(self, deadly: int) -> None:
        self.deadly = deadly
        self.broken = False

    def submit(self, function: Callable[[Given], Made], given: Given) -> Future[Made]:
        if self.broken:
            raise BrokenExecutor
        if isinstance(given, Task) and self.deadly in [order.case.number for order in given.orders]:
            self.broken = True
            future: Future[Made] = Future()
            future.set_exception(BrokenExecutor())
            return future
        return super().submit(function, given)

    def renew(self) -> None:
        self.broken = False


def test_a_case_of_which_workers_die_is_recorded_and_the_others_are_played(
    batch: Batch, unbroken: dict[str, bytes], tmp_path: Path
) -> None:
    executor = Fragile(deadly=4)
    assert run_batch(batch, tmp_path, executor).failed == 1
    errors = [record.error for record in Store(tmp_path).records()]
    assert errors == [None, None, None, DIED, None, None]
    same = [name for name, content in contents(tmp_path).items() if unbroken[name] == content]
    assert len([name for name in same if name.startswith("cases/")]) == 5
    assert run_batch(batch, tmp_path, retry=True).failed == 0
    assert contents(tmp_path) == unbroken


def test_no_case_is_blamed_if_workers_die_whatever_they_are_given(batch: Batch, tmp_path: Path) -> None:
    class Dead(InProcess):
        workers = 2

        def submit(self, *_: object) -> Future[Any]:
            raise BrokenExecutor

    with pytest.raises(WorkersError, match="__main__"):
        run_batch(batch, tmp_path, Dead())
    assert Store(tmp_path).files() == []


def test_no_more_cases_are_given_out_than_workers_can_have_ahead(batch: Batch, tmp_path: Path) -> None:
    given: list[int] = []

    class Late(InProcess):
        workers = 2

        def submit(self, function: Callable[[Given], Made], given_: Given) -> Future[Made]:
            assert isinstance(given_, Task)
            given.extend(order.case.number for order in given_.orders)
            return super().submit(function, given_)

    ahead = []
    run_batch(batch, tmp_path, Late(), on_done=lambda progress: ahead.append(len(given) - progress.done))
    assert max(ahead) <= 3  # four were given out when the first was kept
    assert sorted(given) == [1, 2, 3, 4, 5, 6]


# ---- What fails ------------------------------------------------------------------------------------------------------

CLASHING = """
scenarios = ["small.toml"]
[sweep.interval]
path = "horizon.interval"
values = ["15 min", "30 min"]
[sweep.hours]
path = "channels.phone.hours"
values = ["mon-fri 09:00-11:00", "mon-fri 09:15-11:00"]
[run]
replications = 2
"""
FINE = PHONE.replace('"30 min"', '"15 min"')
"""A scenario that takes each value by itself; its last combination it refuses."""


def test_a_case_that_is_refused_is_recorded_with_its_error_and_does_not_stop_the_others(tmp_path: Path) -> None:
    batch = batch_of(tmp_path, CLASHING, FINE)
    progress = run_batch(batch, tmp_path / "out")
    assert (progress.done, progress.wanted, progress.failed) == (4, 4, 1)
    rows = Store(tmp_path / "out").summary().to_pylist()
    assert [row["error"] is None for row in rows] == [True, True, True, False]
    assert "channels.phone.hours" in rows[3]["error"]
    assert "09:15-11:00 does not fit intervals of 30 min" in rows[3]["error"]
    assert str(tmp_path) not in rows[3]["error"]
    assert rows[3]["phone.mean_wait"] is None
    assert {row["case"] for row in Store(tmp_path / "out").table().to_pylist()} == {1, 2, 3}


def test_a_failed_case_is_played_again_only_if_asked_for(tmp_path: Path) -> None:
    batch = batch_of(tmp_path, CLASHING, FINE)
    run_batch(batch, tmp_path / "out")
    steps: list[Progress] = []
    assert run_batch(batch, tmp_path / "out", on_done=steps.append).failed == 1
    assert len(steps) == 1
    assert run_batch(batch, tmp_path / "out", retry=True, on_done=steps.append).failed == 1
    assert len(steps) == 3


def test_a_scenario_that_changes_meanwhile_stops_the_batch(tmp_path: Path) -> None:
    batch = batch_of(tmp_path)
    written(tmp_path, PHONE.replace("per_week = 160", "per_week = 170"))
    with pytest.raises(ScenarioChangedError, match=r"small\.toml"):
        run_batch(batch, tmp_path / "out")


# ---- Folders ---------------------------------------------------------------------------------------------------------


def refused(batch: Batch, folder: Path, shard: Shard | None = None) -> str:
    before = contents(folder) if folder.is_dir() else {}
    with pytest.raises(StoreError) as error:
        run_batch(batch, folder, shard=shard)
    assert (contents(folder) if folder.is_dir() else {}) == before
    assert str(folder) in str(error.value)
    return str(error.value)


def test_two_runs_of_one_batch_at_once_are_refused_and_shares_are_not(
    batch: Batch, unbroken: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.batch.lock.WAITED", 0.1)
    with opened(tmp_path, batch):
        assert "another process" in refused(batch, tmp_path)
        assert "another process" in refused(batch, tmp_path, Shard(1, 2))
    with opened(tmp_path, batch, Shard(1, 2)):
        assert "share 1/2" in refused(batch, tmp_path)
        assert "share 1/2" in refused(batch, tmp_path, Shard(1, 2))
        assert "share 1/2" in refused(batch, tmp_path, Shard(2, 3))
        run_batch(batch, tmp_path, shard=Shard(2, 2))
    run_batch(batch, tmp_path)
    assert contents(tmp_path) == unbroken


def test_shares_may_begin_at_the_same_moment(batch: Batch, unbroken: dict[str, bytes], tmp_path: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        shares = [pool.submit(run_batch, batch, tmp_path, shard=Shard(number, 6)) for number in range(1, 7)]
        assert [share.result().done for share in shares] == [1] * 6
    assert contents(tmp_path) == unbroken


def test_a_folder_of_something_else_is_refused_and_left_as_it_is(batch: Batch, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert "notes.txt" in refused(batch, tmp_path)
    assert "this is a file" in refused(batch, tmp_path / "notes.txt")
    assert "cannot be used" in refused(batch, tmp_path / "notes.txt" / "below")


def test_results_of_another_batch_or_version_are_refused_and_left_as_they_are(batch: Batch, tmp_path: Path) -> None:
    run_batch(batch, tmp_path / "out")
    (tmp_path / "in").mkdir()
    other = batch_of(tmp_path / "in", SIX.replace('"4 min"', '"5 min"'))
    assert "another batch" in refused(other, tmp_path / "out")
    manifest = tmp_path / "out" / "manifest.json"
    held = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(held | {"version": "0.0.1"}), encoding="utf-8")
    assert "0.0.1" in refused(batch, tmp_path / "out")
    manifest.unlink()
    assert "without manifest.json" in refused(batch, tmp_path / "out")


def test_a_folder_that_may_not_be_written_to_is_refused(
    batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Permissions do not bind everybody, such as who runs these tests in a container.
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", denied)
        assert "Permission denied" in refused(batch, tmp_path / "out")
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", denied)
        assert "Permission denied" in refused(batch, tmp_path / "out")


def test_a_full_disk_stops_the_batch_with_a_message_and_what_was_kept_is_kept(
    batch: Batch, unbroken: dict[str, bytes], tmp_path: Path
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(progress: Progress) -> None:
        if progress.done == 2:  # the system refuses files of more bytes than these, in the midst of writing
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))

    try:
        with pytest.raises(StoreError, match="writing failed"):
            run_batch(batch, tmp_path, on_done=fill)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [record.case for record in Store(tmp_path).records()] == [1, 2]
    assert not list(tmp_path.rglob("*.part"))
    run_batch(batch, tmp_path)
    assert contents(tmp_path) == unbroken


def in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on every replication is a task, and rows of cases under way are put aside in a file."""
    monkeypatch.setattr("simulator.batch.handout.UNKNOWN", 1)
    monkeypatch.setattr("simulator.batch.handout.LONGEST", 0.0)
    monkeypatch.setattr("simulator.batch.handout.LONGEST_ALIKE", 0.0)
    monkeypatch.setattr("simulator.batch.handout.SHORTEST", 0.0)
    monkeypatch.setattr("simulator.batch.run.IN_MEMORY", 0)


def test_rows_that_are_put_aside_make_the_same_bytes_and_leave_nothing(
    batch: Batch, unbroken: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_chunks(monkeypatch)
    monkeypatch.setattr("simulator.batch.readings.TOGETHER", 5)  # and added up two columns at a time
    run_batch(batch, tmp_path)
    assert contents(tmp_path) == unbroken


def test_a_disk_that_is_full_for_rows_stops_the_batch_with_a_message(
    batch: Batch, unbroken: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(progress: Progress) -> None:
        if progress.done == 2:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))

    with monkeypatch.context() as patch:
        in_chunks(patch)
        try:
            with pytest.raises(StoreError, match="writing failed"):
                run_batch(batch, tmp_path, on_done=fill)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [record.case for record in Store(tmp_path).records()] == [1, 2]
    run_batch(batch, tmp_path)
    assert contents(tmp_path) == unbroken


def test_a_half_width_that_is_waited_for_in_chunks_is_that_of_whole_cases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = 'scenarios = ["small.toml"]\n[run]\nreplications = 3\nuntil = "phone=4 %"\nmax_replications = 60\n'
    batch = batch_of(tmp_path, text)
    order = Order(next(cases(batch)), batch.settings, batch.outputs)
    in_chunks(monkeypatch)
    run_batch(batch, tmp_path / "out")
    (kept,) = Store(tmp_path / "out").files()
    assert kept.read_bytes() == play_case(order).content


def test_a_folder_without_results_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no results of a batch"):
        Store(tmp_path).table()


# ---- What it will take -----------------------------------------------------------------------------------------------


def test_a_forecast_counts_cases_and_contacts(batch: Batch) -> None:
    told = forecast(batch)
    assert (told.cases, told.measured, told.refused) == (6, 5, 0)
    assert told.contacts == pytest.approx(6 * 2 * 160)  # both days are Monday and Tuesday, 160 a week
    assert told.size > 0
    assert told.seconds > 0
    assert forecast(batch, Shard(1, 6)).cases == 1


def test_a_forecast_tells_of_cases_that_are_refused(tmp_path: Path) -> None:
    told = forecast(batch_of(tmp_path, CLASHING, FINE))
    assert (told.cases, told.measured, told.refused) == (4, 3, 1)


def test_a_case_is_played_without_a_folder(batch: Batch) -> None:
    played = play_case(Order(next(cases(batch)), batch.settings, batch.outputs))
    assert isinstance(played.record, Record)
    assert played.record.contacts > 0
