"""What a batch costs besides its cases, how well it spreads, and the memory it takes: `python benchmarks/batch.py`.

Each part by itself: `python benchmarks/batch.py tiny`, `spread`, `memory` or `tasks`. Seconds of processor are told
beside those of the clock: where others are at work on the machine, only the former can be compared.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from machine import machine

from simulator.batch import (
    Batch,
    DaskCluster,
    Executor,
    InProcess,
    Processes,
    Shard,
    cases,
    play_case,
    read_batch,
    run_batch,
)
from simulator.batch.play import Order, Task, play, ready_for

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from small_scenarios import PHONE

HERE = Path(__file__).resolve().parent
TINY = """
scenarios = ["small.toml"]
[sweep.handling]
path = "channels.phone.handling_time.mean"
log_range = {{ first = "3 min", last = "6 min", points = {rows} }}
[sweep.volume]
path = "channels.phone.demand.per_week"
range = {{ first = 101, last = 200, step = 1 }}
[run]
replications = 1
"""
"""So many times 100 cases, each of some 150 contacts, no two with the same customers."""
PEAK = f"""
scenarios = ["{(HERE / "peak-day.toml").as_posix()}"]
[sweep.handling]
path = "channels.phone.handling_time.mean"
values = ["4 min", "4.5 min", "5 min", "5.5 min", "6 min"]
[sweep.patience]
path = "channels.phone.patience.mean"
values = {{patience}}
[sweep.agents]
path = "groups.team.extra_agents"
range = {{{{ first = -4, last = 5, step = 1 }}}}
[run]
replications = {{replications}}
"""
"""200 cases of a peak day, if there are four values of patience."""
PATIENCE = ["1 min", "2 min", "3 min", "4 min"]
HUGE = f"""
scenarios = ["{(HERE.parent / "scenarios" / "black-friday.toml").as_posix()}"]
[run]
replications = {{replications}}
"""


def written(folder: Path, text: str) -> Batch:
    """A batch, read."""
    (folder / "small.toml").write_text(PHONE, encoding="utf-8")
    (folder / "batch.toml").write_text(text, encoding="utf-8")
    return read_batch(folder / "batch.toml")


def tiny(count: int) -> None:
    """What a case costs of which there is hardly anything to play."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        batch = written(folder, TINY.format(rows=max(count // 100, 2)))
        run_batch(batch, folder / "warm", shard=Shard(1, 10))
        orders = [Order(case, batch.settings, batch.outputs) for case in cases(batch)]
        start = time.process_time()
        for order in orders:
            ready_for(order).play.replication(0)
        plain = (time.process_time() - start) / len(orders)
        start = time.process_time()
        run_batch(batch, folder / "out")
        kept = (time.process_time() - start) / len(orders)
    print(f"a tiny case, of {len(orders)}: {kept * 1e3:.1f} ms of processor, of which {plain * 1e3:.1f} ms are to load")
    print(f"its scenario and to play it, and {(kept - plain) * 1e3:.1f} ms are the batch's own")


def players(which: str) -> InProcess | Processes | DaskCluster:
    """By name: "1", "2" or "dask"."""
    return InProcess() if which == "1" else Processes(2) if which == "2" else DaskCluster("local", 2)


def used() -> float:
    """Seconds of processor, of this process and of those that have ended."""
    found = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in found)


def measured(batch: Batch, executor: Executor, out: Path) -> None:
    """Play a batch and print what it took, for whoever has started this process."""
    if isinstance(executor, Processes | DaskCluster):
        with executor:
            done = run_batch(batch, out, executor)
    else:
        done = run_batch(batch, out, executor)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": used(), "memory": memory, "done": done.done, "contacts": done.contacts}))


def in_a_process(text: str, which: str) -> dict[str, float]:
    """The same in a process of its own: seconds by clock and processor, start included, and MiB at most."""
    with tempfile.TemporaryDirectory() as name:
        written(Path(name), text)
        start = time.perf_counter()
        run = subprocess.run(
            [sys.executable, __file__, "play", "--folder", name, "--players", which], capture_output=True, text=True
        )
        if run.returncode:
            sys.exit(run.stderr)
        found: dict[str, float] = json.loads(run.stdout)
        return found | {"clock": time.perf_counter() - start}


def at_once(texts: list[str]) -> dict[str, float]:
    """Several batches side by side, each in a process of its own: what the machine itself makes of its processors."""
    with ThreadPoolExecutor() as threads:
        found = list(threads.map(lambda text: in_a_process(text, "1"), texts))
    return {"clock": max(each["clock"] for each in found), "cpu": sum(each["cpu"] for each in found)}


def spread(replications: int) -> None:
    """200 cases of a peak day by one process, by two, and by two of a local Dask cluster."""
    print(f"200 cases of a peak day, {replications} replications each; start of all processes included")
    whole, *halves = (
        PEAK.format(replications=replications, patience=json.dumps(values))
        for values in (PATIENCE, PATIENCE[:2], PATIENCE[2:])
    )
    one = None
    for which, said in (
        ("1", "one process"),
        ("halves", "two commands at once, each with 100 of the cases and nothing to do with the other"),
        ("2", "two processes"),
        ("dask", "--dask local, two workers"),
    ):
        took = at_once(halves) if which == "halves" else in_a_process(whole, which)
        one = one or took
        told = f"{said}: {took['clock']:.1f} s, {took['cpu']:.1f} s of processor"
        if took is not one:
            told += f"; {one['clock'] / 2 / took['clock']:.2f} of ideal by the clock"
            told += f", {one['cpu'] / took['cpu']:.2f} by processor"
        print(told, flush=True)


def memory(tiny_cases: int, replications: int) -> None:
    """What the process that gives out the cases takes, at most."""
    for said, text in (
        (f"{tiny_cases:,} tiny cases", TINY.format(rows=tiny_cases // 100)),
        (f"a Black Friday week of {replications:,} replications", HUGE.format(replications=replications)),
    ):
        took = in_a_process(text, "2")
        told = f"{said}, {took['contacts']:,.0f} contacts: {took['memory']:,.0f} MiB at most in the parent"
        print(f"{told}; {took['clock']:.0f} s, {took['cpu']:.0f} s of processor", flush=True)


def tasks(count: int) -> None:
    """What the process that gives out the cases spends on a task and on a case, whoever plays."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        batch = written(folder, PEAK.format(replications=2, patience=json.dumps(PATIENCE)))
        order = Order(next(cases(batch)), batch.settings, batch.outputs)
        play(Task((order,)))
        played = play_case(order)
        for said, executor in (("processes", Processes(2)), ("--dask local", DaskCluster("local", 2))):
            with executor:
                for future in [executor.submit(echo, b"") for _ in range(20)]:
                    future.result()
                start, clock = time.process_time(), time.perf_counter()
                for future in [executor.submit(echo, played.content) for _ in range(count)]:
                    future.result()
                each, clock = (time.process_time() - start) / count, (time.perf_counter() - clock) / count
            print(f"a task of {said}: {each * 1e3:.2f} ms of the parent's processor, {clock * 1e3:.2f} ms by the clock")
    print(f"a case comes back as {len(played.content):,} bytes")


def echo(given: bytes) -> bytes:
    """Nothing to do."""
    return given


def main() -> None:
    """Print all of it, or a part."""
    parser = argparse.ArgumentParser(description="Costs of batches.")
    parser.add_argument("part", nargs="?", choices=("all", "tiny", "spread", "memory", "tasks", "play"), default="all")
    parser.add_argument("--cases", type=int, default=400, help="tiny cases whose cost is measured")
    parser.add_argument("--replications", type=int, default=100, help="of each case of the peak day")
    parser.add_argument("--tiny", type=int, default=10_000, help="tiny cases of the memory")
    parser.add_argument("--huge", type=int, default=3000, help="replications of the huge case")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--players", default="1")
    wanted = parser.parse_args()
    if wanted.part == "play":
        measured(read_batch(wanted.folder / "batch.toml"), players(wanted.players), wanted.folder / "out")
        return
    print(machine())
    parts: dict[str, Callable[[], None]] = {
        "tiny": lambda: tiny(wanted.cases),
        "spread": lambda: spread(wanted.replications),
        "memory": lambda: memory(wanted.tiny, wanted.huge),
        "tasks": lambda: tasks(500),
    }
    for part, run in parts.items():
        if wanted.part in (part, "all"):
            run()


if __name__ == "__main__":
    main()
