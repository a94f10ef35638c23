"""The same case planned by several hands, all judged on the same fresh customers. `python benchmarks/compare_plans.py`.

What comes out, and why hands differ, is in docs/comparison.md.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from machine import machine

from simulator.experiment.formula import NoFormula, queues_of
from simulator.measures import ratio
from simulator.planning.shifts.by_simulation import enough_shifts
from simulator.planning.shifts.cover import cover
from simulator.planning.shifts.possible import possible_shifts
from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.evaluator import Evaluator
from simulator.planning.staffing.goal import Goal
from simulator.planning.staffing.pay import Pay
from simulator.planning.staffing.requirement import of_single_queues, require, single_queues
from simulator.planning.staffing.spreadsheet import erlang_c_staffing
from simulator.queueing import required_agents
from simulator.scenario import load_scenario
from simulator.scenario.shift_file import load_shifts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from simulator.planning.shifts.possible import PossibleShifts
    from simulator.planning.staffing.evaluator import Played
    from simulator.planning.staffing.requirement import Requirement
    from simulator.scenario import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

HERE = Path(__file__).parent
SEED, FRESH_SEED = 1, 1000
BUSY = 0.85
"""Of the time on duty that a spreadsheet reckons with for messages."""


class Case(NamedTuple):
    """What is to be planned."""

    file: Path
    replications: int
    """That the package fits its plan to."""
    checks: int
    """Fresh ones, that all are judged by."""
    shifts: Path | None = None
    """A catalogue, for those who go on to shifts."""


CASES = {
    "peak-day": Case(HERE / "peak-day.toml", 100, 1000, HERE / "peak-day-shifts.toml"),
    "phone-team": Case(HERE.parent / "scenarios" / "phone-team.toml", 100, 1000),
    "black-friday": Case(HERE.parent / "scenarios" / "black-friday.toml", 20, 100),
}


@dataclass(frozen=True)
class Task:
    """A case, ready to be planned."""

    case: Case
    scenario: Scenario
    goal: Goal
    workers: int

    @cached_property
    def requirement(self) -> Requirement:
        """By the package; as it comes, checks on fresh customers of its own included."""
        return require(self.scenario, self.goal, replications=self.case.replications, seed=SEED, workers=self.workers)

    @cached_property
    def shifts(self) -> PossibleShifts:
        """That may be worked."""
        if self.case.shifts is None:
            msg = "no shifts are asked for"
            raise MissingError(msg)
        return possible_shifts(self.scenario, load_shifts(self.case.shifts, self.scenario))


class MissingError(Exception):
    """Why a hand cannot plan a case."""


def as_it_is(task: Task) -> Ints:
    """[group, interval] The scenario's own."""
    return task.scenario.staffing


def by_spreadsheet(task: Task) -> Ints:
    """[group, interval] Erlang C; where groups share channels, a sheet for each channel and all of them added up."""
    if single_queues(task.scenario, task.goal) is None:
        return sheets_added_up(task.scenario, task.workers)
    return erlang_c_staffing(task.scenario)


def by_pyworkforce(task: Task) -> Ints:
    """[group, interval] Its `ErlangC`, for every interval."""
    try:
        from pyworkforce.queuing import ErlangC
    except ImportError as error:
        msg = f"not installed ({error})"
        raise MissingError(msg) from None
    scenario = task.scenario
    staffing = np.zeros_like(scenario.staffing)
    for c, channel in enumerate(scenario.channels):
        found = queues_of(scenario, c)
        if isinstance(found, NoFormula):
            msg = "one channel with a group of its own is all that it knows"
            raise MissingError(msg)
        for i, contacts, work in zip(found.asked.tolist(), found.contacts, found.work, strict=True):
            queue = ErlangC(
                transactions=float(contacts),
                aht=float(work) / 60.0,
                asa=channel.target.within / 60.0,
                interval=scenario.calendar.interval / 60.0,
            )
            staffing[found.group, i] = queue.required_positions(channel.target.share)["raw_positions"]
    return staffing


def shifts_by_pyworkforce(task: Task) -> Ints:
    """[group, interval] Its `MinRequiredResources` on its `ErlangC`; of one day and one group."""
    staffing, shifts = by_pyworkforce(task), task.shifts
    from pyworkforce.scheduling import MinRequiredResources

    gives = {str(number): column for number, column in enumerate(shifts.gives.toarray().T.astype(int).tolist())}
    most = int(staffing.max())
    scheduler = MinRequiredResources(
        num_days=1,
        periods=staffing.shape[1],
        shifts_coverage=gives,
        required_resources=staffing.tolist(),
        max_period_concurrency=10 * most,
        max_shift_concurrency=most,
        cost_dict={str(number): int(work) // 3600 for number, work in enumerate(shifts.work)},
        max_search_time=60.0,
    )
    worked = scheduler.solve()["resources_shifts"]
    return np.array([sum(each["resources"] * np.array(gives[each["shift"]]) for each in worked)])


def by_formula(task: Task) -> Ints:
    """[group, interval] Where the package begins: Erlang A at the modified offered load, nothing played."""
    queues = single_queues(task.scenario, task.goal)
    if queues is None:
        msg = "groups share channels"
        raise MissingError(msg)
    staffing = task.scenario.staffing
    for queue, share in zip(queues, task.goal.shares, strict=True):
        staffing[queue.group] = 0
        staffing[queue.group, queue.asked] = queue.least_agents(share)
    return staffing


def without_margin(task: Task) -> Ints:
    """[group, interval] By the package, where nothing is kept beyond the target."""
    scenario, goal = task.scenario, task.goal
    queues = single_queues(scenario, goal)
    if queues is None:
        msg = "groups share channels"
        raise MissingError(msg)
    evaluator = Evaluator(scenario, task.case.replications, SEED, task.workers)
    return of_single_queues(evaluator, goal, Bounds.of(scenario, goal), queues, 1, sure=0.5).staffing


def by_package(task: Task) -> Ints:
    """[group, interval] `ruuhka plan`."""
    return task.requirement.staffing


def shifts_that_cover(task: Task) -> Ints:
    """[group, interval] The cheapest shifts with nobody missing in any interval of the requirement."""
    return cover(task.shifts, task.requirement.staffing).staffing


def shifts_by_simulation(task: Task) -> Ints:
    """[group, interval] `ruuhka plan --shifts`: shifts that are enough when they are played."""
    return enough_shifts(task.requirement, task.shifts.catalogue).staffing


HANDS: Mapping[str, Callable[[Task], Ints]] = {
    "as the scenario has it": as_it_is,
    "spreadsheet, Erlang C": by_spreadsheet,
    "pyworkforce, `ErlangC`": by_pyworkforce,
    "our formula, nothing played": by_formula,
    "played, without a margin": without_margin,
    "`ruuhka plan`": by_package,
}
HANDS_WITH_SHIFTS: Mapping[str, Callable[[Task], Ints]] = {
    "pyworkforce, `ErlangC` and `MinRequiredResources`": shifts_by_pyworkforce,
    "`ruuhka plan`, then shifts that cover it": shifts_that_cover,
    "`ruuhka plan --shifts`": shifts_by_simulation,
}


def sheets_added_up(scenario: Scenario, workers: int) -> Ints:
    """[group, interval] What planners do by hand where groups share channels.

    Every channel has a sheet of its own. Its volumes are those that were counted, today's redials and the like among
    them. Calls: Erlang C. Chats: Erlang C on places, as many as an agent may hold at once, each as slow as with all of
    them taken. Messages: the work of a day, the first with what was left over before, spread over the day's hours, at
    85 % of an agent's time. The sum and those who are absent are the in-house team; agents of other groups stay, and
    are taken off.
    """
    staffing, calendar = scenario.staffing, scenario.calendar
    counted = Evaluator(scenario, scenario.replications, SEED, workers).evaluate(staffing).judged.mean(axis=0)
    needed = np.zeros(calendar.intervals)
    own = max(range(len(scenario.groups)), key=lambda g: len({skill.channel for skill in scenario.groups[g].skills}))
    for c, channel in enumerate(scenario.channels):
        skill = next((each for each in scenario.groups[own].skills if each.channel == c), None)
        if skill is None or not counted[c].any():
            continue
        work = sum(each.share * each.handling_time.mean for each in channel.types)
        open_ = calendar.open_mask(channel.hours)
        if channel.kind == "deferred":
            for day in range(calendar.days):
                of_day = calendar.day_of_interval == day
                hours = of_day & open_
                messages = counted[c, of_day].sum() + (channel.backlog if day == 0 else 0)
                needed[hours] += messages * work / (BUSY * hours.sum() * calendar.interval)
            continue
        slow = channel.slot_speed[skill.slots - 1] if skill.slots > 1 else 1.0
        for i in np.flatnonzero(open_ & (counted[c] > 0)).tolist():
            places = required_agents(
                counted[c, i] / calendar.interval,
                work / slow,
                service_level=channel.target.share,
                acceptable_wait=channel.target.within,
            )
            needed[i] += places / skill.slots
    others = staffing.sum(axis=0) - staffing[own]
    needed /= 1.0 - scenario.groups[own].absence
    staffing[own] = np.maximum(np.ceil(needed - 1e-9).astype(np.int64) - others, 0)
    return staffing


def told(goal: Goal, pay: Pay, played: Played, seconds: float) -> list[str]:
    """The cells of a row; channels one after the other, those with nobody to judge left out."""
    met, judged = goal.met(played), goal.judged(played)
    busy = judged.any(axis=(0, 2))
    attained, asked = goal.attained(played)[busy], judged[:, busy] > 0
    kept = asked & ~(ratio(met, judged) < np.array(goal.shares)[:, None])[:, busy]
    within = ratio(met.sum(axis=(0, 2)), judged.sum(axis=(0, 2)))[busy]
    hours = float((played.staffing * np.diff(played.yardstick.edges)).sum()) / 3600.0
    missed = f"{(~goal.kept(played)).sum()} of {(~np.isnan(attained)).sum()}"
    put_off = float(np.maximum(goal.left(played) - goal.may_be_left(played), 0.0).sum())

    def each(values: Floats) -> str:
        return ", ".join(f"{100 * value:.1f}" for value in values) + " %"

    return [
        f"{hours:,.0f}",
        f"{pay.paid_hours(played.staffing):,.0f}",
        f"{pay.cost(played):,.0f}",
        each(within),
        each(np.nanmin(attained, axis=1)),
        missed if put_off < 1 else f"{missed}; {put_off:.0f} messages put off",
        each(kept.sum(axis=(0, 2)) / asked.sum(axis=(0, 2))),
        f"{seconds:.1f} s",
    ]


def main() -> None:
    """Print a table for each case, as Markdown."""
    parser = argparse.ArgumentParser(description="Plans of several hands, on the same fresh customers.")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}; by default all")
    parser.add_argument("--workers", type=int, default=2)
    wanted = parser.parse_args()
    print(machine())
    for name in wanted.cases or CASES:
        case = CASES[name]
        scenario = load_scenario(case.file)
        goal, pay = Goal.of(scenario), Pay.of(scenario)
        task = Task(case, scenario, goal, wanted.workers)
        fresh = Evaluator(scenario, case.checks, FRESH_SEED, wanted.workers)
        small = load_scenario(CASES["phone-team"].file)
        require(small, Goal.of(small), replications=1)  # compiled and loaded
        currency = scenario.currency if pay.in_currency else "paid hours"
        print(f"\n{scenario.title}; channels: {', '.join(scenario.channels[c].title for c in goal.channels)}\n")
        print(
            f"| by | agent-hours | paid hours | {currency} | within the target | worst period | periods missed | "
            "P(period kept) | took |\n|---|" + "---:|" * 8
        )
        for hand, plan in (HANDS if case.shifts is None else {**HANDS, **HANDS_WITH_SHIFTS}).items():
            began = time.perf_counter()
            try:
                staffing = plan(task)
            except MissingError as reason:
                print(f"| {hand} | {reason} |")
                continue
            took = time.perf_counter() - began
            print(f"| {hand} | {' | '.join(told(goal, pay, fresh.evaluate(staffing), took))} |", flush=True)


if __name__ == "__main__":
    main()
