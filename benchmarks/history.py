"""A year of a large centre, 1.5 million calls: from a CSV file to a fitted scenario, in time and memory.

    python benchmarks/history.py            make the log, import it, fit it, each in a process of its own
    python benchmarks/history.py 100000     fewer calls

The log is drawn here: 200 agents, ten queues, gamma work, exponential patience, busy days. It is not a simulation:
waits are drawn, and agents are taken in turn.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

CALLS = 1_500_000
DAYS, AGENTS, QUEUES = 260, 200, 10
OPEN = 8 * 3600, 20 * 3600
MAPPING = """
kind = "calls"
timezone = "UTC"
[columns]
arrival = "arrival"
queue = "queue"
agent = "agent"
answered = "answered"
ended = "hangup"
"""


def write_log(path: Path, calls: int, seed: int = 1) -> None:
    """A CSV file of calls on weekdays from 2024-01-01 on."""
    luck = np.random.default_rng(seed)
    weeks = np.arange(DAYS) // 5 * 7 + np.arange(DAYS) % 5
    factor = luck.gamma(100.0, 0.01, DAYS)
    day = luck.choice(weeks, calls, p=factor / factor.sum())
    clock = luck.integers(*OPEN, calls)
    order = np.lexsort((clock, day))
    arrival = np.datetime64("2024-01-01", "s") + (day * 86_400 + clock)[order].astype("timedelta64[s]")
    waited = np.where(luck.random(calls) < 0.7, 1.0, luck.exponential(60.0, calls)).astype(np.int64)
    patience = luck.exponential(600.0, calls).astype(np.int64)
    lost = patience < waited
    answered = arrival + waited.astype("timedelta64[s]")
    work = luck.gamma(2.0, 120.0, calls).astype(np.int64) + 1
    ended = np.where(lost, arrival + patience.astype("timedelta64[s]"), answered + work.astype("timedelta64[s]"))
    queue = luck.integers(0, QUEUES, calls)
    agent = np.arange(calls) % AGENTS
    nobody = lost.tolist()
    columns = (arrival.astype(str), queue.tolist(), agent.tolist(), answered.astype(str), ended.astype(str), nobody)
    with path.open("w", encoding="utf-8") as file:
        file.write("arrival,queue,agent,answered,hangup\n")
        for came, about, by, taken, gone, none in zip(*columns, strict=True):
            file.write(f"{came},{about},,,{gone}\n" if none else f"{came},{about},{by},{taken},{gone}\n")


def measured(*arguments: str | Path) -> tuple[float, float, float]:
    """Seconds, processor seconds and largest memory in MB of a command of ruuhka."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    program = "import resource, sys\nfrom simulator.cli.program import main\ntry:\n    main()\nfinally:\n"
    program += "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)], capture_output=True, encoding="utf-8", check=False
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, processor, int(done.stderr.split()[-1]) / 1000


def main() -> None:
    """Measure import and fit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calls", nargs="?", type=int, default=CALLS)
    calls = parser.parse_args().calls
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_log(folder / "calls.csv", calls)
        (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
        print(f"{calls:,} calls, {(folder / 'calls.csv').stat().st_size / 1e6:.0f} MB")
        history = folder / "history"
        commands = {
            "import": ("import", folder / "calls.csv", "--mapping", folder / "mapping.toml", "--out", history),
            "fit": ("fit", history, "--out", folder / "fitted.toml"),
        }
        for title, arguments in commands.items():
            seconds, processor, memory = measured(*arguments)
            print(f"{title:<8}{seconds:6.1f} s{processor:8.1f} s of processor{memory:8.0f} MB")


if __name__ == "__main__":
    main()
