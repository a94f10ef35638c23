"""Batches on a Dask cluster: the bytes are the same, workers may die, and a scheduler that is not there is told of."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import pytest
from clusters import ByHand, ended, free_port
from small_batches import SIX, batch_file, batch_of, contents
from typer.testing import CliRunner

from simulator.batch import Batch, DaskCluster, OtherVersionError, Progress, Store, WorkersError, run_batch
from simulator.batch.play import versions
from simulator.batch.run import AHEAD
from simulator.cli.program import program

Made = TypeVar("Made")

THIRTY = SIX.replace("first = -1, last = 1", "first = -2, last = 12")


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    return batch_of(tmp_path_factory.mktemp("batch"), THIRTY)


@pytest.fixture(scope="module")
def unbroken(batch: Batch, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("unbroken")
    assert run_batch(batch, folder).done == 30
    return contents(folder)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes start slowly where many tests run at once."""
    monkeypatch.setattr("simulator.batch.cluster.CONNECTING", 60.0)
    monkeypatch.setattr("simulator.batch.cluster.ARRIVING", 600.0)


@pytest.fixture(scope="module")
def by_hand() -> Generator[ByHand]:
    """For tests that leave it as it is."""
    with ByHand() as cluster:
        yield cluster


@pytest.mark.slow
def test_a_cluster_started_by_hand_makes_the_same_bytes(
    by_hand: ByHand, batch: Batch, unbroken: dict[str, bytes], tmp_path: Path
) -> None:
    out: list[int] = []

    class Counted(DaskCluster):
        def submit(self, function: Callable[[object], Made], given: object) -> object:  # type: ignore[override]
            future = super().submit(function, given)
            out.append(len(self._out))
            return future

    with Counted(by_hand.address) as cluster:
        run_batch(batch, tmp_path, cluster)
    assert contents(tmp_path) == unbroken
    assert max(out) <= 2 * AHEAD


@pytest.mark.slow
def test_five_workers_are_killed_and_the_bytes_are_those_of_an_unbroken_run(
    batch: Batch, unbroken: dict[str, bytes], tmp_path: Path
) -> None:
    luck = np.random.default_rng(5)
    moments = sorted(luck.choice(np.arange(1, 28), 5, replace=False).tolist())
    killed: list[int] = []

    with DaskCluster("local", 2) as cluster:

        def kill_one(progress: Progress) -> None:
            if len(killed) < 5 and progress.done >= moments[len(killed)]:
                while not (pids := [pid for pid in cluster.pids() if pid not in killed]):
                    time.sleep(0.05)  # those killed before are being replaced
                killed.append(pids[luck.integers(len(pids))])
                os.kill(killed[-1], signal.SIGKILL)

        assert run_batch(batch, tmp_path, cluster, on_done=kill_one).failed == 0
    assert len(set(killed)) == 5
    assert contents(tmp_path) == unbroken


@pytest.mark.slow
def test_a_scheduler_that_dies_stops_the_batch_and_another_one_goes_on(
    batch: Batch, unbroken: dict[str, bytes], tmp_path: Path
) -> None:
    with ByHand() as first, DaskCluster(first.address) as cluster:

        def kill(progress: Progress) -> None:
            if progress.done == 3:
                ended(first.scheduler)

        with pytest.raises(WorkersError, match="is gone"):
            run_batch(batch, tmp_path, cluster, on_done=kill)
    assert 3 <= len(Store(tmp_path).files()) < 30
    run_batch(batch, tmp_path)
    assert contents(tmp_path) == unbroken


@pytest.mark.slow
def test_a_scheduler_that_answers_no_more_and_workers_that_are_gone_stop_the_batch(
    batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.batch.cluster.ARRIVING", 3.0)
    monkeypatch.setattr("simulator.batch.cluster.COUNTED", 0.2)
    with ByHand() as by_hand, DaskCluster(by_hand.address) as cluster:

        def kill_all(progress: Progress) -> None:
            if progress.done == 3:
                for worker in by_hand.workers:
                    ended(worker)

        with pytest.raises(WorkersError, match="has had no worker"):
            run_batch(batch, tmp_path, cluster, on_done=kill_all)
    with ByHand() as by_hand, DaskCluster(by_hand.address) as cluster:
        monkeypatch.setattr("simulator.batch.cluster.CONNECTING", 1.0)

        def stop(progress: Progress) -> None:
            if progress.done == 6:
                os.kill(by_hand.scheduler.pid, signal.SIGSTOP)

        with pytest.raises(WorkersError, match="has not answered"):
            run_batch(batch, tmp_path, cluster, on_done=stop)


@pytest.mark.slow
def test_workers_of_another_version_are_refused(
    by_hand: ByHand, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with DaskCluster(by_hand.address) as cluster:
        monkeypatch.setattr("simulator.batch.play.__version__", "0.0.1")
        versions.cache_clear()
        try:
            with pytest.raises(OtherVersionError, match=r"A worker has ruuhka .*, this is ruuhka 0\.0\.1"):
                run_batch(batch, tmp_path, cluster)
        finally:
            versions.cache_clear()
    assert Store(tmp_path).files() == []


class NeverFetched:
    """A call that is done, of a cluster that is let go of while its result is on its way."""

    status = "finished"
    released = False

    def __init__(self, let_go: Callable[[], None]) -> None:
        self.let_go = let_go

    def result(self, timeout: float | None = None) -> object:
        assert timeout is not None, "this would never end"
        self.let_go()
        raise TimeoutError

    def release(self) -> None:
        self.released = True


def test_a_result_on_its_way_keeps_nobody_waiting_once_the_cluster_is_let_go_of() -> None:
    cluster = DaskCluster("tcp://127.0.0.1:8786")
    asked, future = NeverFetched(cluster.close), Future[object]()
    cluster._handed_over(cast("Any", asked), future)
    with pytest.raises(WorkersError, match="is gone"):
        future.result(timeout=0)
    assert asked.released


def dask(path: Path, address: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a batch on a cluster."""
    arguments = ["batch", str(path), "--out", str(path.parent / "out"), "--dask", address]
    result = CliRunner().invoke(program, arguments)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "tcp://127.0.0.1", "tcp://host:many", "localhost", ""])
def test_what_is_no_address_is_refused(address: str, tmp_path: Path) -> None:
    code, out, said = dask(batch_file(tmp_path), address)
    assert (code, out) == (2, "")
    assert "write the address of a scheduler, as in tcp://" in said


def test_a_scheduler_that_is_down_or_silent_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.batch.cluster.CONNECTING", 1.0)
    code, out, said = dask(batch_file(tmp_path), f"tcp://127.0.0.1:{free_port()}")
    assert (code, out) == (2, "")
    assert "No Dask scheduler answers at tcp://127.0.0.1" in said
    with socket.socket() as silent:  # takes the call and says nothing
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        code, out, said = dask(batch_file(tmp_path), f"tcp://127.0.0.1:{silent.getsockname()[1]}")
    assert (code, out) == (2, "")
    assert "within 1 seconds" in said


@pytest.mark.slow
def test_a_scheduler_without_workers_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.batch.cluster.CONNECTING", 2.0)
    with ByHand(workers=0) as by_hand:
        while True:
            code, _, said = dask(batch_file(tmp_path), by_hand.address)
            assert code == 2
            if "No Dask scheduler answers" not in said:  # it is still being started
                break
    assert f"has no worker; start one: dask worker {by_hand.address}" in said


def test_without_the_extra_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "distributed" else find(name))
    code, _, said = dask(batch_file(tmp_path), "local")
    assert code == 2
    assert "python3 -m pip --python .venv install -qc constraints.txt '.[dask]'" in said
