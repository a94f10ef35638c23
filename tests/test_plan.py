"""A plan from the command line: its figures are of customers that it was not fitted to, and its file can be played."""

from __future__ import annotations

import io
import json
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from commands import ruuhka
from interrupted import interrupted
from openpyxl import load_workbook
from rich.console import Console
from small_scenarios import MAIL, PHONE, loaded, written

from simulator.cli.console import status
from simulator.cli.plan_watched import best_told
from simulator.experiment import Comparison, run
from simulator.measures import target_measure
from simulator.planning import Goal, require
from simulator.planning.staffing.cuts import Stage
from simulator.planning.staffing.evaluator import with_staffing
from simulator.planning.staffing.plan import FRESH, Plan
from simulator.report.plan import plan_report


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


def test_that_all_periods_meet_the_target_in_few_futures_is_no_certainty(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    plan = Plan.checked(scenario, Goal.of(scenario), 15 * (scenario.staffing > 0), replications=5, seed=77)
    chance = plan.planned.chance
    assert chance.value[0] == chance.high[0] == 1
    # Five of five: Wilson's interval begins at 5 / (5 + 1.96 x 1.96).
    assert chance.low[0] == pytest.approx(5 / (5 + 1.96**2), abs=1e-3)


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
    by_plan, today = (
        json.loads((out / "plan.json").read_text(encoding="utf-8"))[side]["groups"]["team"]["most"]
        for side in ("plan", "today")
    )
    assert (f"Team: up to {by_plan} at once, {today} today; --maximum team=AGENTS" in told) == (by_plan > today)
    assert ("the plan keeps all of it." in told) != ("the plan misses Phone in" in told)
    found = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert "The plan against today" in (out / "report.html").read_text(encoding="utf-8")
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


def test_each_channel_has_the_period_that_is_asked_for_it(tmp_path: Path) -> None:
    path = written(tmp_path, PHONE + MAIL)
    for options, periods in (
        ((), ["interval", "day"]),
        (("--period", "day"), ["day", "day"]),
        (("--period", "mail=horizon"), ["interval", "horizon"]),
        (("--period", "mail=interval", "--period", "phone=day"), ["day", "interval"]),
    ):
        result = ruuhka("plan", path, "--replications", 2, "--time-limit", 1, *options, "--json")
        assert json.loads(result.stdout)["goal"]["periods"] == periods
    told = " ".join(ruuhka("plan", path, "--replications", 2, "--time-limit", 1).stdout.split())
    assert "Phone: 80 % within 20 s (offered), in every half-hour" in told
    assert "Mail: 90 % within 4 h, on every day, by arrival" in told


def test_a_budget_is_kept_and_what_it_does_not_pay_for_is_told_without_failing(tmp_path: Path) -> None:
    path = written(tmp_path)
    result = ruuhka("plan", path, "--replications", 4, "--hours", 6)
    assert result.exit_code == 0, result.output
    told = " ".join(result.stdout.split())
    assert "Best service for 6.0 paid hours" in told
    assert "Not enough for all of this: missed on these customers Phone by" in told
    assert "What the targets cost" not in told  # of a goal that is not kept, nothing is known of that
    found = planned(path, "--replications", 4, "--money", 180)
    assert found["kept"] is False
    assert found["plan"]["groups"]["team"]["paid_hours"] <= 6.0
    assert {each["reason"] for each in found["missed"]} == {"budget"}
    assert found["worth"]["targets"] is None
    assert found["missing_contacts"]["phone"] > 0


def test_a_budget_of_money_needs_prices(tmp_path: Path) -> None:
    path = written(tmp_path, PHONE.replace('cost = "30 EUR/h"\n', ""))
    result = ruuhka("plan", path, "--money", 100)
    assert result.exit_code == 2
    assert "no group of this scenario has a price; give --hours" in result.stderr


def test_the_difference_to_today_is_paired(tmp_path: Path) -> None:
    """Future by future the same customers: as two plain runs tell of cost and shares within target."""
    scenario = loaded(tmp_path, PHONE + MAIL)
    goal = Goal.of(scenario, period="horizon")
    staffing = scenario.staffing - (scenario.staffing > 0)
    plan = Plan.checked(scenario, goal, staffing, replications=6, seed=77)
    of_plan, of_today = (
        run(with_staffing(scenario, each), replications=6, seed=77) for each in (staffing, scenario.staffing)
    )
    comparison = Comparison(of_today, of_plan)
    cost = comparison.difference("cost")
    for part in ("value", "low", "high"):
        assert float(getattr(plan.cost_difference, part)) == pytest.approx(float(getattr(cost, part)))
    for row, c in enumerate(goal.channels):
        channel = scenario.channels[c]
        measure = target_measure(channel.target, live=channel.kind == "live")
        within = comparison.difference(measure, ("channel",))[c]
        assert plan.within_difference[row].value == pytest.approx(float(within.value))
        assert plan.within_difference[row].half_width == pytest.approx(float(within.half_width))
    assert plan.planned.cost_of_groups.sum() == pytest.approx(plan.planned.cost)
    assert plan.planned.costs.mean() == pytest.approx(plan.planned.cost)


def test_the_report_fits_a_hundred_columns_without_breaking_its_tables(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, PHONE + MAIL)
    goal = Goal.of(scenario)
    requirement = require(scenario, goal, replications=3, time_limit=2)
    plan = Plan.checked(scenario, goal, requirement.staffing, replications=3, seed=77)
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(plan_report(requirement, plan))
    whole = console.export_text().splitlines()
    assert max(map(len, whole)) <= 100
    lines = [" ".join(line.split()) for line in whole]
    for row in ("Phone within target", "P(met), per half-hour", "half-hours that keep it", "P(met), per day"):
        (line,) = [line for line in lines if row in line]
        assert len(line.split()) > len(row.split()) + 2


def test_the_workbook_of_a_plan_comes_back_as_the_plan_and_says_what_the_report_says(tmp_path: Path) -> None:
    path, out = written(tmp_path, PHONE.replace("days = 2", "days = 1")), tmp_path / "plan"
    assert ruuhka("plan", path, "--replications", 5, "--out", out).exit_code == 0
    found = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    options = ("--replications", 5, "--seed", 1 + FRESH, "--json")
    of_csv, of_xlsx = (
        json.loads(ruuhka("simulate", path, "--staffing", out / f"staffing.{kind}", *options).stdout)
        for kind in ("csv", "xlsx")
    )
    assert of_csv["channels"] == of_xlsx["channels"]
    assert of_csv["groups"] == of_xlsx["groups"]
    book = load_workbook(out / "staffing.xlsx")
    assert book.sheetnames == ["Staffing", "Channels", "Groups", "What the targets cost", "One more agent"]
    (group, *figures) = next(book["Groups"].iter_rows(min_row=2, values_only=True))
    assert group == "Team"
    assert figures[0] == pytest.approx(found["plan"]["groups"]["team"]["agent_hours"])
    assert figures[6] == pytest.approx(found["plan"]["cost"])
    told = {row[1]: row[-2] for row in book["One more agent"].iter_rows(min_row=2, values_only=True)}
    nine = found["interval_starts"].index("2026-06-01T09:00:00+03:00")
    assert told["2026-06-01 09:00"] == pytest.approx(found["worth"]["one_more_agent"]["team"]["saved"][nine])


def keys(part: object) -> set[str]:
    """Of a document, at any depth, those apart that name a part of the scenario."""
    if isinstance(part, list):
        return set().union(*map(keys, part)) if part else set()
    if not isinstance(part, dict):
        return set()
    return set().union(*({key} | keys(value) for key, value in part.items())) - {"phone", "mail", "team"}


def test_every_key_of_the_document_is_described(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parent.parent / "docs" / "results.md").read_text(encoding="utf-8")
    described = set(
        re.findall(r"[a-z0-9_]+", page[page.index("`ruuhka plan`, also in") : page.index("Exit codes: 0 done")])
    )
    found = planned(written(tmp_path, PHONE + MAIL), "--replications", 2, "--hours", 20, "--time-limit", 2)
    assert keys({key: value for key, value in found.items() if key != "run"}) - {"value", "low", "high"} <= described


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--channel", "fax"), 'no channel "fax"'),
        (("--period", "year"), 'no period "year"'),
        (("--period", "phone=year"), 'no period "year"'),
        (("--period", "fax=day"), 'no channel "fax"'),
        (("--period", "day", "--period", "phone=interval"), "write CHANNEL=day for one, as in phone=day"),
        (("--hours", "10", "--money", "300"), "of hours or of money, not of both"),
        (("--hours", "3", "--minimum", "team=2"), "take 10 already"),
        (("--money", "10", "--minimum", "team=2"), "--money 10"),
        (("--hours", "-1"), "--hours"),
        (("--hours", "inf"), "--hours inf"),
        (("--minimum", "team=1", "--minimum", "team=2"), "team has one already"),
        (("--period", "phone=day", "--period", "phone=interval"), "phone has a period already"),
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


WATCHED = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever started the tests
from simulator.cli import plan
from simulator.cli.program import main

found = plan.require

def require(*arguments, on_stage, **options):
    def heard(stage):
        print("ready", flush=True)
        on_stage(stage)
        while True:
            pass
    return found(*arguments, on_stage=heard, **options)

plan.require = require
main()
"""
"""A search that never gets beyond its first stage."""


def test_ctrl_c_ends_a_search_in_one_line_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = written(tmp_path)
    stopped = interrupted(WATCHED, "plan", str(path), "--replications", "2", "--out", str(tmp_path / "plan"))
    assert stopped == (130, "", "ruuhka: stopped.\n")
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_who_watches_is_told_of_the_best_plan_so_far_only() -> None:
    told: list[str] = []
    tell = best_told(told.append, "EUR")
    for cost, short in ((900.0, 35.0), (1000.0, 0.0), (950.0, 3.0), (980.0, 0.0), (1200.0, 0.0)):
        tell(Stage(0.0, cost, short, 0.0))
    shown = [words.replace("\N{NO-BREAK SPACE}", " ").partition(", ")[2] for words in told]
    assert shown == [
        "best so far 900 EUR, 35.0 contacts missing",
        "best so far 1 000 EUR, keeps the targets",
        "best so far 980 EUR, keeps the targets",
    ]


class Screen(io.StringIO):
    """What somebody sees who watches stderr."""

    def isatty(self) -> bool:
        return True


def test_a_search_is_told_of_only_where_somebody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    for screen, silent, seen in ((Screen(), False, True), (Screen(), True, False), (io.StringIO(), False, False)):
        monkeypatch.setattr("sys.stderr", screen)
        with status("Searching", silent=silent) as tell:
            tell("[bold]9 s, best so far")
            time.sleep(0.2)
        assert ("Searching: [bold]9 s, best so far" in screen.getvalue()) == seen
        assert bool(screen.getvalue()) == seen
