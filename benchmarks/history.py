"""A year of a large centre, 1.5 million calls: from a CSV file to a fitted scenario, in time and memory.

    python benchmarks/history.py            make the log, import it, fit it, each in a process of its own
    python benchmarks/history.py 100000     fewer calls

The log is made here by the recursion of a single line: calls go in order to the agent who is free first, unless the
customer gives up before. 200 agents, some 38 of them a day, ten queues, gamma work of 4 min, exponential patience of
10 min, busy days.
"""

from __future__ import annotations

import argparse
import heapq
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
    clock = luck.uniform(*OPEN, calls)
    order = np.lexsort((clock, day))
    work = luck.gamma(2.0, 120.0, calls) + 1.0
    patience = luck.exponential(600.0, calls)
    queue = luck.integers(0, QUEUES, calls).tolist()
    erlangs = calls / DAYS * 241.0 / (OPEN[1] - OPEN[0])
    on_duty = round(erlangs + erlangs**0.5)
    day, clock = day[order], clock[order]
    midnight = day * 86_400 + int(np.datetime64("2024-01-01", "s").astype(np.int64))
    with path.open("w", encoding="utf-8") as file:
        file.write("arrival,queue,agent,answered,hangup\n")
        for start, end in zip(*(np.searchsorted(day, weeks, side) for side in ("left", "right")), strict=True):
            today = midnight[start]
            team = [(0.0, agent) for agent in luck.choice(AGENTS, on_duty, replace=False).tolist()]
            for call in range(start, end):
                came = float(clock[call])
                free, agent = team[0]
                begins = max(came, free)
                if begins - came > patience[call]:
                    file.write(f"{_moment(today, came)},{queue[call]},,,{_moment(today, came + patience[call])}\n")
                else:
                    ends = begins + work[call]
                    heapq.heapreplace(team, (ends, agent))
                    told = ",".join(_moment(today, moment) for moment in (begins, ends))
                    file.write(f"{_moment(today, came)},{queue[call]},{agent},{told}\n")


def _moment(midnight: int, clock: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(midnight + clock))


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
