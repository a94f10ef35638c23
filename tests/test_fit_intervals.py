"""Interval reports of channels with hours and steps of their own: agents and patience are as if each stood alone."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from simulator.history import guess_mapping, read_report, volumes_of
from simulator.history.fitted_scenario import FitError, Wishes, fit_history, fit_intervals, scenario_of
from simulator.history.importing.imported import Imported
from simulator.history.intervals.volumes import Volumes
from simulator.queueing.abandonment import ErlangA

MONDAY = date(2026, 3, 2)
HOUR = 3600
HOURS = {"Phone": (8, 16), "Chat": (12, 20)}
RATE, HANDLING, PATIENCE, AGENTS = 1 / 60, 300.0, 200.0, 5
TRUTH = ErlangA(servers=AGENTS, arrival_rate=RATE, mean_handling_time=HANDLING, mean_patience=PATIENCE)
WISHES = Wishes(holidays="none")


def reported(step: int, *, closed: bool) -> Volumes:
    """Both channels as Erlang A says, in steps of seconds; `closed`: with rows of zeros while they are closed."""
    lines = ["Date,Time,Channel,Offered,Abandoned,ASA,AHT"]
    for day in range(28):
        for clock in range(0, 24 * HOUR, step):
            when = f"{MONDAY + timedelta(day)},{clock // HOUR:02}:{clock // 60 % 60:02}"
            for channel, (opens, closes) in HOURS.items():
                if day % 7 < 5 and opens * HOUR <= clock < closes * HOUR:
                    came = RATE * step
                    lost = f"{came * TRUTH.abandonment_ratio:.6f}"
                    lines.append(f"{when},{channel},{came:g},{lost},{TRUTH.asa:.6f},{HANDLING:.0f}")
                elif closed:
                    lines.append(f"{when},{channel},0,0,0,0")
    report = read_report("report.csv", "\n".join(lines).encode())
    return volumes_of(report, guess_mapping(report), "UTC")


@pytest.mark.parametrize("closed", [False, True], ids=["no rows while closed", "zeros while closed"])
@pytest.mark.parametrize("step", [900, 1200, 1800, 3600])
def test_agents_and_patience_of_channels_with_hours_of_their_own(step: int, closed: bool) -> None:
    fit = fit_intervals(reported(step, closed=closed), WISHES)
    clock = fit.clock
    assert fit.step % WISHES.interval == 0
    assert [channel.title for channel in fit.channels] == list(HOURS)
    for channel in fit.channels:
        opens, closes = HOURS[channel.title]
        there = np.outer(np.arange(7) < 5, (clock >= opens * HOUR) & (clock < closes * HOUR))
        assert channel.patience is not None
        assert channel.patience.value == pytest.approx(PATIENCE, rel=0.01)
        assert channel.agents is not None
        np.testing.assert_allclose(channel.agents, np.where(there, AGENTS, 0.0), atol=0.02)


def test_the_scenario_has_the_agents_of_each_channel_in_its_own_hours() -> None:
    scenario = scenario_of(fit_history(Imported(volumes=reported(1800, closed=True)), WISHES).fields)
    half_hour = np.arange(48) / 2
    for group, (opens, closes) in zip(scenario.groups, HOURS.values(), strict=True):
        there = (half_hour >= opens) & (half_hour < closes)
        assert group.staffing[:48] == tuple(np.where(there, AGENTS, 0))


def by_day(timezone: str) -> Imported:
    """Twenty-eight days of February 2026, from the first on: its Monday to Friday have contacts."""
    days = [date(2026, 2, 1) + timedelta(day) for day in range(28)]
    lines = ["Date,Offered", *(f"{day},{200 + 10 * (day.day % 3)}" for day in days if day.weekday() < 5)]
    report = read_report("days.csv", "\n".join(lines).encode())
    return Imported(volumes=volumes_of(report, guess_mapping(report), timezone))


@pytest.mark.parametrize(
    ("minutes", "opens", "closes"), [(15, 9, 17), (60, 9, 17), (45, 9, 17.25), (120, 8, 18), (360, 6, 18)]
)
def test_the_hours_that_are_assumed_are_whole_intervals_and_agents_are_there_in_all_of_them(
    minutes: int, opens: float, closes: float
) -> None:
    wishes = Wishes(holidays="none", interval=60 * minutes)
    scenario = scenario_of(fit_history(by_day("UTC"), wishes).fields)
    (window,) = scenario.channels[0].hours.windows(0, is_holiday=False)
    assert (window.start, window.end) == (opens * HOUR, closes * HOUR)
    clock = np.arange(0, 24 * 60, minutes) / 60
    (group,) = scenario.groups
    there = np.array(group.staffing[: len(clock)]) > 0
    assert there.tolist() == ((clock >= opens) & (clock < closes)).tolist()


def test_an_interval_that_makes_no_scenario_is_refused_by_name() -> None:
    # The four weeks after it hold the night in which clocks go forward.
    with pytest.raises(FitError, match=r"horizon\.interval\n.*2 h does not fit Europe/Helsinki"):
        fit_history(by_day("Europe/Helsinki"), Wishes(holidays="none", interval=2 * HOUR))
