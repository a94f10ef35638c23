"""How long a plan of a centre takes: five channels, two groups, 672 intervals. `python benchmarks/plan_week.py`.

Beside it stand today's staffing and a naive search, which bisects the agents of one interval after the other, group by
group, by playing the whole week each time. It gets few replications and so many seconds; what it has not come to by
then stays ample. All are played on the same fresh customers. Each measurement has a process of its own, in which a week
is played before, so that code is compiled and loaded.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from machine import machine

from simulator.planning.staffing.blocked import missed
from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.evaluator import Evaluator
from simulator.planning.staffing.goal import Goal
from simulator.planning.staffing.pay import Pay
from simulator.planning.staffing.requirement import require
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario import Scenario

    Ints = NDArray[np.int64]

WEEK = Path(__file__).parent.parent / "scenarios" / "black-friday.toml"
SEED, FRESH_SEED = 1, 5000
CHECKS = 200
"""Fresh replications that every staffing is judged by."""
AMPLE = 2
"""Times the most agents that a group has today, with which bisection begins."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a search may take."""

    replications: int
    naive_replications: int
    naive_seconds: float
    workers: int


def today(scenario: Scenario, goal: Goal, terms: Terms) -> tuple[Ints, str]:
    """[group, interval] The scenario's own."""
    del goal, terms
    return scenario.staffing, ""


def planned(scenario: Scenario, goal: Goal, terms: Terms) -> tuple[Ints, str]:
    """[group, interval] By the package, its own checks on fresh customers included."""
    found = require(scenario, goal, replications=terms.replications, seed=SEED, workers=terms.workers)
    return (
        found.staffing,
        "keeps all where it was fitted" if found.kept else f"misses {len(found.blocked)} where fitted",
    )


def by_bisection(scenario: Scenario, goal: Goal, terms: Terms) -> tuple[Ints, str]:
    """[group, interval] One interval after the other, each by halving, with ample agents in those still to come."""
    ends = time.monotonic() + terms.naive_seconds
    evaluator = Evaluator(scenario, terms.naive_replications, SEED, terms.workers)
    bounds = Bounds.of(scenario, goal)
    ample = np.maximum(AMPLE * scenario.staffing.max(axis=1, keepdims=True), 1)
    staffing = bounds.within(np.broadcast_to(ample, scenario.staffing.shape))
    # What is missed even so is nobody's fault.
    allowed = {miss.place for miss in missed(goal, evaluator.evaluate(staffing))}
    cells = np.argwhere(bounds.most > bounds.least).tolist()
    done = 0
    for g, i in cells:
        least, most = int(bounds.least[g, i]), int(staffing[g, i])
        while most > least and time.monotonic() < ends:
            staffing[g, i] = (least + most) // 2
            if {miss.place for miss in missed(goal, evaluator.evaluate(staffing))} <= allowed:
                most = int(staffing[g, i])
            else:
                least = int(staffing[g, i]) + 1
        staffing[g, i] = most
        done += most == least
    return staffing, f"{done} of {len(cells)} cells within {terms.naive_seconds:.0f} s"


WAYS = {"today": today, "plan": planned, "bisection": by_bisection}


def measured(way: str, terms: Terms) -> dict[str, str | float]:
    """Seconds on the wall and of the processor, and what came of it; in this process."""
    scenario = load_scenario(WEEK)
    goal = Goal.of(scenario)
    Evaluator(scenario, 2, SEED, terms.workers).evaluate(scenario.staffing)
    wall, cpu = time.perf_counter(), time.process_time()
    staffing, remark = WAYS[way](scenario, goal, terms)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    fresh = Evaluator(scenario, CHECKS, FRESH_SEED, terms.workers).evaluate(staffing)
    attained, pay = goal.attained(fresh), Pay.of(scenario)
    short = np.where(goal.kept(fresh), 0.0, goal.level[:, None] - attained)
    most_left = np.maximum(goal.left(fresh) - goal.may_be_left(fresh), 0.0)
    return {
        "wall": wall,
        "CPU": cpu,
        "agent-hours": float(pay.paid_hours(staffing)),
        "cost": pay.cost(fresh),
        "kept": float(goal.kept(fresh)[~np.isnan(attained)].sum()),
        "judged": float((~np.isnan(attained)).sum()),
        "worst": float(np.nanmax(short)),
        "left": float(most_left.sum()),
        "remark": remark,
    }


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(description="Seconds that a plan of a week takes, and how good it is.")
    parser.add_argument("ways", nargs="*", metavar="WAY", help=f"of {', '.join(WAYS)}; by default all")
    parser.add_argument("--replications", type=int, default=20, help="of the plan")
    parser.add_argument("--naive-replications", type=int, default=8)
    parser.add_argument("--naive-seconds", type=float, default=900.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    terms = Terms(wanted.replications, wanted.naive_replications, wanted.naive_seconds, wanted.workers)
    if wanted.measure:
        print(json.dumps(measured(wanted.ways[0], terms)))
        return
    print(machine())
    print("The scenarios' own targets in expectation: live channels in every interval, deferred ones every day")
    print(
        f"{terms.workers} at work; plan by {terms.replications} replications, bisection by {terms.naive_replications}; "
        f"all judged on {CHECKS}"
    )
    print("              wall s    CPU s  paid hours     EUR  periods kept  worst miss  too many left")
    for way in wanted.ways or WAYS:
        command = [sys.executable, __file__, way, "--measure"]
        for option in ("replications", "naive_replications", "naive_seconds", "workers"):
            command += [f"--{option.replace('_', '-')}", str(getattr(terms, option))]
        told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        print(
            f"{way:12} {told['wall']:7.1f} {told['CPU']:8.1f} {told['agent-hours']:11.1f} {told['cost']:7.0f} "
            f"{told['kept']:5.0f} of {told['judged']:3.0f} {told['worst']:11.3f} {told['left']:14.1f}  "
            f"{told['remark']}",
            flush=True,
        )


if __name__ == "__main__":
    main()
