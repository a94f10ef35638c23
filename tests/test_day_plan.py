"""One day's staffing as windows: the scenario reads from them what they were made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_scenarios import loaded

from simulator.planning import spread
from simulator.scenario.day_plan import windows_of_day

if TYPE_CHECKING:
    from pathlib import Path


def test_equal_neighbours_are_one_window_and_nobody_is_none() -> None:
    agents = [0] * 16 + [3, 3, 5] + [0] * 28 + [1]
    assert windows_of_day(agents, 1800) == {"08:00-09:00": 3, "09:00-09:30": 5, "23:30-24:00": 1}
    assert windows_of_day([0] * 48, 1800) == {}
    assert windows_of_day([2] * 48, 1800) == {"00:00-24:00": 2}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(agents=st.lists(st.integers(0, 3), min_size=48, max_size=48))
def test_a_scenario_has_on_duty_who_the_windows_say(tmp_path: Path, agents: list[int]) -> None:
    windows = windows_of_day(agents, 1800)
    scenario = loaded(tmp_path, groups__team__dates={"2026-06-02": windows})
    assert scenario.groups[0].staffing[48:] == tuple(agents)
    assert max(scenario.groups[0].staffing[:48]) == 4


def test_values_spread_evenly_with_both_ends() -> None:
    assert spread(range(11), 0, 10, 3) == [0, 5, 10]
    assert spread(range(11), 2, 5, 10) == [2, 3, 4, 5]
    assert spread([0.0, 0.1, 0.4, 0.5], 0.1, 0.5, 2) == [0.1, 0.5]
    assert spread(range(5), 3, 3, 4) == [3]
    assert spread(range(5), 4.2, 4.8, 4) == []
