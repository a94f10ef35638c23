"""The grid of a day's staffing: what is typed becomes that date's own plan, and nothing else changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from shown_pages import again, lever, shown
from small_scenarios import PHONE, written
from typed import Typed

from simulator.language import clock
from simulator.report.staffing_day import day_frame, day_overrides, rows_on_duty
from simulator.report.staffing_file import TIME
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

TWO_GROUPS = PHONE + '[groups.time]\n[groups.time.staffing]\n"tue 10:00-11:00" = 2\n[groups.time.skills.phone]\n'
"""One of the groups is called as the column of times would be."""


def overrides(app: AppTest) -> dict[str, object]:
    return dict(app.session_state["view"].overrides)


def test_what_is_typed_is_on_duty_on_that_date_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, TWO_GROUPS)
    typed = Typed(monkeypatch)
    app = shown(monkeypatch, tmp_path, "staffing")
    assert app.button(key="staffing take").disabled
    # From the first to the last half-hour at which anybody is on duty.
    times = [clock(half * 1800) for half in range(18, 23)]
    assert typed.shown["staffing"][TIME].tolist() == times
    app.selectbox(key="staffing day").select(1)
    typed.cells["staffing"] = {(0, "team"): 6, (4, "team"): 0, (1, "time agents"): 1}
    again(app)
    app.button(key="staffing take").click()
    typed.cells.clear()
    again(app)
    assert overrides(app) == {
        "groups.team.dates.2026-06-02": {"09:00-09:30": 6, "09:30-11:00": 4},
        "groups.time.dates.2026-06-02": {"09:30-10:00": 1, "10:00-11:00": 2},
    }
    now, base = load_scenario(file, None, overrides(app)), load_scenario(file)
    assert np.array(now.groups[0].staffing)[48 + 18 : 48 + 23].tolist() == [6, 4, 4, 4, 0]
    assert np.array(now.groups[1].staffing)[48 + 18 : 48 + 23].tolist() == [0, 1, 2, 2, 0]
    for before, after in zip(base.groups, now.groups, strict=True):
        assert np.array(before.staffing)[:48].tolist() == np.array(after.staffing)[:48].tolist()
    # The grid now stands as it was typed, under a key of its own, and there is nothing more to take over.
    assert typed.shown["staffing"]["team"].tolist() == [6, 4, 4, 4, 0]
    assert app.button(key="staffing take").disabled
    assert len(set(typed.keys)) == 3


def test_agents_on_top_of_the_plan_are_not_in_the_grid_and_stay_on_top(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path)
    typed = Typed(monkeypatch)
    typed.cells["staffing"] = {(0, "team"): 6}
    window = 'groups.team.extra_in."2026-06-01 09:00-10:00"'
    app = shown(monkeypatch, tmp_path, "staffing", set=["groups.team.extra_agents=1", f"{window}=2"])
    assert typed.shown["staffing"]["team"].tolist() == [4] * 5
    app.button(key="staffing take").click()
    again(app)
    now = load_scenario(file, None, overrides(app))
    assert np.array(now.groups[0].staffing)[18:23].tolist() == [9, 7, 5, 5, 5]


def test_a_slider_that_leaves_the_plan_alone_leaves_what_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    typed = Typed(monkeypatch)
    app = shown(monkeypatch, tmp_path, "staffing")
    lever(app, "overall.volume").set_value(10.0)
    again(app)
    assert len(set(typed.keys)) == 1


def test_the_whole_day_can_be_edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    typed = Typed(monkeypatch)
    app = shown(monkeypatch, tmp_path, "staffing")
    app.toggle(key="staffing whole day").set_value(True)
    typed.cells["staffing"] = {(47, "team"): 1}
    again(app)
    app.button(key="staffing take").click()
    again(app)
    assert overrides(app) == {"groups.team.dates.2026-06-01": {"09:00-11:30": 4, "23:30-24:00": 1}}


def test_a_day_without_anybody_is_a_plan_too(tmp_path: Path) -> None:
    file = written(tmp_path)
    scenario = load_scenario(file)
    edited = day_frame(scenario, 0)
    edited["team"] = 0
    nobody = load_scenario(file, None, day_overrides(scenario, 0, edited))
    assert sum(nobody.groups[0].staffing[:48]) == 0
    assert nobody.groups[0].staffing[48:] == scenario.groups[0].staffing[48:]
    assert day_overrides(scenario, 0, day_frame(scenario, 0)) == {}


def test_where_nobody_is_ever_on_duty_the_whole_day_is_shown(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path), None, {"groups.team.extra_agents": -4})
    assert rows_on_duty(scenario) == slice(None)
    assert len(day_frame(scenario, 1)) == 48
