"""A plan from the command line: its figures are of customers that it was not fitted to, and its file can be played."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from small_scenarios import MAIL, PHONE, loaded, written
from typer.testing import CliRunner, Result

from simulator.cli.program import program
from simulator.experiment import run
from simulator.measures import target_measure
from simulator.planning import Goal
from simulator.planning.staffing.evaluator import with_staffing
from simulator.planning.staffing.plan import FRESH, Plan

if TYPE_CHECKING:
    from pathlib import Path


def ruuhka(*arguments: object) -> Result:
    return CliRunner().invoke(program, [str(argument) for argument in arguments])


def planned(*arguments: object) -> dict[str, Any]:
    result = ruuhka("plan", *arguments, "--json")
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_both_sides_are_plain_runs_on_the_same_fresh_customers(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, PHONE + MAIL)
    staffing = scenario.staffing + (scenario.staffing > 0)
    goal = Goal.of(scenario, period="day")
    plan = Plan.checked(scenario, goal, staffing, replications=5, seed=77)
    assert (plan.staffing == staffing).all()
    for side, agents in ((plan.today, scenario.staffing), (plan.planned, staffing)):
        same = run(with_staffing(scenario, agents), replications=5, seed=77)
        for row, c in enumerate(goal.channels):
            channel = scenario.channels[c]
            measure = target_measure(channel.target, live=channel.kind == "live")
            met, judged = (part[:, c] for part in same.sums(measure, ("channel", "day")))
            # The backlog, which no day has, is not among them.
            assert side.within.value[row] == pytest.approx(met.sum() / judged.sum())
            of_days = (met >= judged * channel.target.share)[judged > 0]
            assert side.periods_kept[1][row] == (judged.sum(axis=0) > 0).sum()
            assert 0 <= side.chance.value[row] <= 1
            assert (side.chance.value[row] == 1) == bool(of_days.all())
        assert side.cost == pytest.approx(float(same.estimate("cost").value))
        paid, overtime = (float(same.estimate(name).value) for name in ("paid_hours", "overtime_hours"))
        assert side.paid_hours.sum() == pytest.approx(paid - overtime)
    extra = np.diff(scenario.calendar.edges)[scenario.staffing[0] > 0].sum() / 3600
    assert plan.planned.agent_hours[0] - plan.today.agent_hours[0] == pytest.approx(extra)


def test_a_plan_costs_less_than_far_too_many_agents_and_keeps_the_target_where_it_was_fitted(tmp_path: Path) -> None:
    path = written(tmp_path, PHONE.replace("= 4\n", "= 12\n", 1))
    found = planned(path, "--replications", 10)
    assert found["plan"]["cost"] < found["today"]["cost"]
    assert found["run"]["seed"] == 1 + FRESH
    phone = found["plan"]["channels"]["phone"]
    # Not its own 80 %: that holds on the customers that it was fitted to. On others a few days more may miss it.
    assert phone["within_target"]["high"] > 0.75


def test_the_plan_is_written_and_what_is_written_is_the_plan(tmp_path: Path) -> None:
    path, out = written(tmp_path), tmp_path / "the plan"
    result = ruuhka("plan", path, "--replications", 5, "--minimum", "team=2", "--maximum", "team=9", "--out", out)
    assert result.exit_code == 0, result.output
    assert f"--staffing '{out / 'staffing.csv'}'" in result.stdout
    told = " ".join(result.stdout.split())
    assert ("the plan keeps all of it." in told) != ("the plan misses Phone in" in told)
    found = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    on_duty = [agents for agents in found["plan"]["groups"]["team"]["staffing"] if agents]
    assert 2 <= min(on_duty) <= max(on_duty) <= 9
    again = json.loads(
        ruuhka(
            "simulate", path, "--staffing", out / "staffing.csv", "--replications", 5, "--seed", 1 + FRESH, "--json"
        ).stdout
    )
    within = again["channels"]["phone"]["measures"]["service_level_offered"]
    assert within["value"] == pytest.approx(found["plan"]["channels"]["phone"]["within_target"]["value"])
    assert ruuhka("plan", path, "--replications", 5, "--out", out).exit_code == 2


def test_what_cannot_be_kept_is_named_and_the_exit_code_says_so(tmp_path: Path) -> None:
    path = written(tmp_path)
    result = ruuhka("plan", path, "--replications", 4, "--maximum", "team=1")
    assert result.exit_code == 1, result.output
    told = " ".join(result.stdout.split())
    assert "No staffing was found that keeps" in told
    assert "at the maximum: Team" in told


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--channel", "fax"), 'no channel "fax"'),
        (("--period", "year"), 'no period "year"'),
        (("--probability", "much"), "--probability"),
        (("--probability", "120 %"), "--probability"),
        (("--occupancy", "0"), "occupancy"),
        (("--minimum", "team"), "write GROUP=AGENTS, as in team=12"),
        (("--minimum", "teem=2"), 'no group "teem"'),
        (("--maximum", "team=-3"), "write GROUP=AGENTS"),
        (("--minimum", "team=5", "--maximum", "team=3"), "3 agents at most"),
        (("--replications", "0"), "--replications"),
    ],
)
def test_bad_options_are_refused(tmp_path: Path, options: tuple[str, ...], complaint: str) -> None:
    result = ruuhka("plan", written(tmp_path), *options)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert complaint in result.stderr
