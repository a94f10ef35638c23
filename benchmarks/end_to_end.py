"""How long a whole experiment takes: draw, play, measure, confidence intervals. `python benchmarks/end_to_end.py`.

Each measurement has a process of its own, in which a short run goes before, so that code is compiled and loaded. The
times are on the wall, the median of the rounds; the memory is the most that the process ever held.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from machine import machine

from simulator.demand import Demand
from simulator.engine import ENGINES, centre_of, simulate
from simulator.experiment import run
from simulator.measures import Yardstick, summarise
from simulator.scenario import load_scenario

HERE = Path(__file__).parent
SCENARIOS = {
    "peak day": HERE / "peak-day.toml",
    "five channels": HERE / "five-channels.toml",
    "Black Friday week": HERE.parent / "scenarios" / "black-friday.toml",
}
WORKERS = (1, 2)
PARTS = 20
"""Replications that are taken apart."""
MEBIBYTE = 2**20
RUSAGE_UNIT = 1 if sys.platform == "darwin" else 1024


def experiment(file: Path, workers: int, replications: int, rounds: int) -> dict[str, float]:
    """Measure in this process."""
    scenario = load_scenario(file)
    engine = ENGINES[-1]
    run(scenario, replications=2, workers=workers, engine=engine)
    walls, intervals = [], []
    for _ in range(rounds):
        start = time.perf_counter()
        result = run(scenario, replications=replications, workers=workers, engine=engine)
        played = time.perf_counter()
        assert len(result.targets) == len(scenario.channels)
        walls.append(time.perf_counter() - start)
        intervals.append(time.perf_counter() - played)
    own, helpers = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "wall": statistics.median(walls),
        "intervals": statistics.median(intervals),
        "memory": own * RUSAGE_UNIT / MEBIBYTE,
        "memory of a helper": helpers * RUSAGE_UNIT / MEBIBYTE,
    }


def parts(file: Path) -> dict[str, float]:
    """CPU milliseconds of each part of a replication, medians; the first one is left out."""
    scenario = load_scenario(file)
    demand, centre, yardstick = Demand(scenario), centre_of(scenario), Yardstick.of(scenario)
    seconds: dict[str, list[float]] = {"draw": [], "play": [], "measure": []}
    counts = []
    for number in range(PARTS + 1):
        start = time.process_time()
        contacts = demand.draw(scenario.seed, number)
        drawn = time.process_time()
        records, ledger = simulate(centre, contacts, scenario.staffing, ENGINES[-1])
        played = time.process_time()
        summarise(yardstick, contacts, records, ledger)
        done = time.process_time()
        for name, each in (("draw", drawn - start), ("play", played - drawn), ("measure", done - played)):
            seconds[name].append(each)
        counts.append(len(contacts))
    return {
        "contacts": statistics.mean(counts),
        **{name: 1000.0 * statistics.median(each[1:]) for name, each in seconds.items()},
    }


def in_a_process(*arguments: object) -> dict[str, float]:
    """What this file measures when called with these arguments."""
    command = [sys.executable, __file__, "--measure", *(str(argument) for argument in arguments)]
    measured: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return measured


def main() -> None:
    """Print a line for each scenario and number of workers."""
    parser = argparse.ArgumentParser(description="Wall time and memory of whole experiments.")
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"of {', '.join(SCENARIOS)}; by default all")
    parser.add_argument("--replications", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.measure:
        file, *numbers = wanted.scenarios
        figures = experiment(Path(file), *map(int, numbers)) if numbers else parts(Path(file))
        print(json.dumps(figures))
        return
    print(machine())
    print(f"{ENGINES[-1]} engine; {wanted.replications} replications, warm, median of {wanted.rounds} rounds")
    for name in wanted.scenarios or SCENARIOS:
        each = in_a_process(SCENARIOS[name])
        print(
            f"\n{name}: {each['contacts']:,.0f} contacts; CPU of a replication: "
            f"draw {each['draw']:.2f} ms, play {each['play']:.2f} ms, measure {each['measure']:.2f} ms"
        )
        for workers in WORKERS:
            whole = in_a_process(SCENARIOS[name], workers, wanted.replications, wanted.rounds)
            helper = f" and {whole['memory of a helper']:,.0f} MiB a helper" if whole["memory of a helper"] else ""
            print(
                f"  {workers} at work: {whole['wall']:.3f} s, of which targets and their intervals "
                f"{1000 * whole['intervals']:.0f} ms; at most {whole['memory']:,.0f} MiB{helper}"
            )


if __name__ == "__main__":
    main()
