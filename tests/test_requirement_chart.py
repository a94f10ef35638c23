"""Requirement against staffing in a chart: both in steps, the difference shaded."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from test_charts import CASES, SCENARIOS, check, tables, widths

from simulator.charts import requirement_chart
from simulator.charts.look import dressed
from simulator.language import LANGUAGES, say, speaking
from simulator.planning import Goal
from simulator.planning.staffing.plan import Plan
from simulator.scenario import load_scenario


@cache
def planned(case: str) -> Plan:
    """Two agents more in the morning and one fewer in the afternoon than the scenario has."""
    name, replications, overrides = CASES[case]
    scenario = load_scenario(SCENARIOS / f"{name}.toml", overrides=overrides)
    hour = scenario.calendar.clock_of_interval // 3600
    change = np.where(scenario.staffing > 0, np.where(hour < 12, 2, -1), 0)
    staffing = np.maximum(scenario.staffing + change, 0)
    return Plan.checked(scenario, Goal.of(scenario), staffing, replications=replications, seed=7)


@pytest.mark.parametrize("day", [None, 0])
@pytest.mark.parametrize("case", ["two days", "closed days", "closed all the time", "23 hours", "25 hours", "by hours"])
def test_the_chart_is_vega_lite_whatever_the_scenario(case: str, day: int | None) -> None:
    check(dressed(requirement_chart(planned(case), day=day)))


def test_steps_are_the_agents_of_the_day_and_what_is_shaded_adds_up_to_the_difference() -> None:
    plan = planned("two days")
    of_day = plan.scenario.calendar.day_of_interval == 1
    figure = dressed(requirement_chart(plan, day=1))
    today, by_plan = plan.today.played.staffing[0, of_day], plan.staffing[0, of_day]
    shaded, steps = tables(figure, "plan", "today", "change")
    steps = [row for row in steps if row["to"] > row["at"]]
    anybody = (today > 0) | (by_plan > 0)
    assert [row["today"] for row in steps] == today[anybody].tolist()
    assert [row["plan"] for row in steps] == by_plan[anybody].tolist()
    hours = plan.scenario.calendar.interval / 3600
    assert sum((row["to"] - row["at"]) * row["change"] for row in shaded) == pytest.approx(
        (by_plan - today).sum() * hours
    )
    assert len(shaded) < len(steps)


def test_a_day_of_a_long_horizon_is_shown_by_the_interval_and_all_of_it_by_the_hour() -> None:
    plan = planned("by hours")
    (_, day), (_, whole) = (tables(dressed(requirement_chart(plan, day=each)), "plan", "change") for each in (0, None))
    assert day[0]["to"] - day[0]["at"] == pytest.approx(1 / 12, abs=1e-5)
    assert whole[0]["to"] - whole[0]["at"] == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("width", [290, 400, 1400])
def test_no_panel_is_wider_than_asked(width: int) -> None:
    assert set(widths(requirement_chart(planned("two days"), width=width))) == {width}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_key_speaks_the_language(language: str) -> None:
    with speaking(language):
        chart = requirement_chart(planned("two days"))
        names = {say(f"charts.requirement.{name}") for name in ("plan", "today", "more", "fewer")}
    assert {name for domain in domains(chart) for name in domain} == names


def domains(part: Any) -> list[list[str]]:
    """Names that colours stand for."""
    if isinstance(part, dict):
        own = [part["scale"]["domain"]] if "range" in part.get("scale", {}) else []
        return own + [found for inner in part.values() for found in domains(inner)]
    return [found for inner in part for found in domains(inner)] if isinstance(part, list | tuple) else []
