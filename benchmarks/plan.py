"""How long a plan takes: the peak day, agents for each of 96 intervals. `python benchmarks/plan.py`.

Beside it stand what a spreadsheet plans, and a naive search that bisects the agents of one interval after the other by
playing the whole day each time. All are played on the same fresh customers. Each measurement has a process of its own,
in which a small plan goes before, so that code is compiled and loaded.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from machine import machine

from simulator.planning.staffing.evaluator import Evaluator
from simulator.planning.staffing.goal import Goal
from simulator.planning.staffing.pay import Pay
from simulator.planning.staffing.requirement import require
from simulator.planning.staffing.spreadsheet import erlang_c_staffing
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario import Scenario

    Ints = NDArray[np.int64]

PEAK_DAY = Path(__file__).parent / "peak-day.toml"
SEED, FRESH_SEED = 1, 1000
CHECKS = 1000
"""Fresh replications that every staffing is judged by."""


def planned(scenario: Scenario, goal: Goal, replications: int, workers: int) -> Ints:
    """[group, interval] By the package; one fresh replication, because all are checked alike."""
    return require(scenario, goal, replications=replications, seed=SEED, workers=workers, checks=1).staffing


def by_spreadsheet(scenario: Scenario, goal: Goal, replications: int, workers: int) -> Ints:
    """[group, interval] Erlang C."""
    del goal, replications, workers
    return erlang_c_staffing(scenario)


def by_bisection(scenario: Scenario, goal: Goal, replications: int, workers: int) -> Ints:
    """[group, interval] One interval after the other, each by halving, with ample agents in those still to come."""
    evaluator = Evaluator(scenario, replications, SEED, workers)
    staffing = 2 * erlang_c_staffing(scenario)
    for i in range(staffing.shape[1]):
        missed, met = -1, int(staffing[0, i])
        while met - missed > 1:
            staffing[0, i] = (missed + met) // 2
            kept = bool(goal.kept(evaluator.evaluate(staffing))[0, i])
            missed, met = (missed, int(staffing[0, i])) if kept else (int(staffing[0, i]), met)
        staffing[0, i] = met
    return staffing


WAYS = {"spreadsheet": by_spreadsheet, "plan": planned, "bisection": by_bisection}


def measured(way: str, replications: int, workers: int) -> dict[str, float]:
    """Seconds on the wall and of the processor, and what came of it; in this process."""
    scenario = load_scenario(PEAK_DAY)
    goal = Goal.of(scenario)
    require(scenario, goal, replications=1, workers=workers)
    wall, cpu = time.perf_counter(), time.process_time()
    staffing = WAYS[way](scenario, goal, replications, workers)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    fresh = Evaluator(scenario, CHECKS, FRESH_SEED, workers).evaluate(staffing)
    attained, pay = goal.attained(fresh), Pay.of(scenario)
    of_day = Goal.of(scenario, period="day").attained(fresh)
    return {
        "wall": wall,
        "CPU": cpu,
        "agent-hours": float(staffing.sum()) * scenario.calendar.interval / 3600.0,
        "cost": pay.cost(fresh),
        "least": float(np.nanmin(attained)),
        "mean": float(np.nanmean(attained)),
        "day": float(of_day[0, 0]),
        "missed": float((~goal.kept(fresh)).sum()),
    }


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(description="Seconds that a plan of the peak day takes, and how good it is.")
    parser.add_argument("ways", nargs="*", metavar="WAY", help=f"of {', '.join(WAYS)}; by default all")
    parser.add_argument("--replications", type=int, default=100, help="that plans are fitted to; 100 by default")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.measure:
        print(json.dumps(measured(wanted.ways[0], wanted.replications, wanted.workers)))
        return
    print(machine())
    print(f"80 % within 20 s in every interval, in expectation; {wanted.replications} replications, judged on {CHECKS}")
    print(f"{wanted.workers} at work")
    print("                 wall s    CPU s  agent-hours       EUR   worst   mean    day  intervals missed")
    for way in wanted.ways or WAYS:
        command = [sys.executable, __file__, way, "--measure"]
        command += ["--replications", str(wanted.replications), "--workers", str(wanted.workers)]
        told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        print(
            f"{way:12} {told['wall']:10.1f} {told['CPU']:8.1f} {told['agent-hours']:12.1f} {told['cost']:9.0f} "
            f"{told['least']:7.3f} {told['mean']:6.3f} {told['day']:6.3f} {told['missed']:9.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
