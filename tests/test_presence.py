"""Absence: each planned agent of a day is there for the whole of it or not at all, with luck of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats
from small_scenarios import PHONE, loaded

from simulator.experiment import run
from simulator.presence import Presence
from simulator.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.measures import Axis

    Ints = NDArray[np.int64]

FUTURES = 2000
PARTLY = PHONE.replace(
    '"mon-fri 09:00-11:30" = 4', '"mon-fri 08:00-09:00" = 7\n"mon-fri 09:00-11:00" = 25\n"mon-fri 11:00-11:30" = 4'
).replace('cost = "30 EUR/h"', 'cost = "30 EUR/h"\nabsence = "12 %"')
"""25 agents on each of two days, some for a part of it; 12 % of the agent-days are lost."""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return loaded(tmp_path_factory.mktemp("presence"), PARTLY)


@pytest.fixture(scope="module")
def there(scenario: Scenario) -> Ints:
    """[future, day, half hour of the day] Agents who are there."""
    presence = Presence(scenario)
    return np.array([presence.draw(1, r)[0].reshape(2, 48) for r in range(FUTURES)])


def test_agents_there_on_a_day_are_binomial(there: Ints) -> None:
    counts = there[:, :, 18].ravel()
    n, p = 25, 0.88
    error = np.sqrt(n * p * (1 - p) / len(counts))
    assert abs(counts.mean() - n * p) < 3.3 * error
    # Variance of independent agents; one draw for the team, or a flat factor, would be far outside.
    squares = (len(counts) - 1) * counts.var(ddof=1) / (n * p * (1 - p))
    assert stats.chi2.ppf(0.0005, len(counts) - 1) < squares < stats.chi2.ppf(0.9995, len(counts) - 1)
    seen = np.bincount(counts, minlength=n + 1)
    expected = stats.binom.pmf(np.arange(n + 1), n, p) * len(counts)
    often = expected >= 5
    in_cells = np.append(seen[often], seen[~often].sum()), np.append(expected[often], expected[~often].sum())
    assert stats.chisquare(*in_cells).pvalue > 0.001


def test_days_and_futures_are_independent(there: Ints) -> None:
    monday, tuesday = there[:, :, 18].T
    assert abs(np.corrcoef(monday, tuesday)[0, 1]) < 3.3 / np.sqrt(FUTURES)
    assert abs(np.corrcoef(monday[1:], monday[:-1])[0, 1]) < 3.3 / np.sqrt(FUTURES)


def test_an_agent_is_away_for_the_whole_day_or_not_at_all(there: Ints) -> None:
    early, whole, late = there[:, :, 16], there[:, :, 18], there[:, :, 22]
    # The 4 of the last half hour are among the 7 of the first hour, and those among the 25.
    assert ((late <= early) & (early <= whole)).all()
    assert (early - late <= 3).all()
    assert (whole - early <= 18).all()
    np.testing.assert_array_equal(there[:, :, 17], early)
    for half_hour in (19, 20, 21):
        np.testing.assert_array_equal(there[:, :, half_hour], whole)


def test_nobody_is_there_who_is_not_planned(scenario: Scenario) -> None:
    presence = Presence(scenario)
    for replication in range(20):
        there = presence.draw(1, replication)
        assert there.dtype == np.int64
        assert (there >= 0).all()
        assert (there <= scenario.staffing).all()


@pytest.mark.parametrize(("absence", "there"), [("0 %", 25), ("100 %", 0)])
def test_without_luck_all_or_none_are_there(tmp_path: Path, absence: str, there: int) -> None:
    scenario = loaded(tmp_path, PARTLY, groups__team__absence=absence)
    for replication in range(10):
        assert (Presence(scenario).draw(1, replication)[0, 18::48] == there).all()


def test_more_agents_and_less_absence_leave_everybody_elses_luck_alone(tmp_path: Path, scenario: Scenario) -> None:
    more = Presence(loaded(tmp_path, PARTLY, groups__team__extra_agents=3))
    healthier = Presence(loaded(tmp_path, PARTLY, groups__team__absence="6 %"))
    other = '[groups.another]\nabsence = "20 %"\nstaffing = { "always" = 9 }\n[groups.another.skills.phone]\n'
    beside = Presence(loaded(tmp_path, PARTLY.replace("[groups.team]", f"{other}[groups.team]")))
    longer = Presence(loaded(tmp_path, PARTLY.replace("days = 2", "days = 4")))
    base, planned = Presence(scenario), scenario.staffing > 0
    absent_before = absent_after = 0
    for replication in range(100):
        there = base.draw(1, replication)
        gain = more.draw(1, replication) - there
        assert ((gain >= 0) & (gain <= 3)).all()
        assert (gain[~planned] == 0).all()
        # Who was there is there: of those who were absent some come.
        well = healthier.draw(1, replication)
        assert (well >= there).all()
        absent_before += int((scenario.staffing - there).sum())
        absent_after += int((scenario.staffing - well).sum())
        np.testing.assert_array_equal(beside.draw(1, replication)[1], there[0])
        np.testing.assert_array_equal(longer.draw(1, replication)[:, : there.shape[1]], there)
    assert absent_after / absent_before == pytest.approx(0.5, abs=0.05)


def test_each_replication_is_played_with_those_who_are_there_and_all_who_are_planned_are_paid(
    tmp_path: Path,
) -> None:
    scenario = loaded(tmp_path, PARTLY)
    experiment = run(scenario, engine="reference", replications=3)
    presence = Presence(scenario)
    hours = [presence.draw(scenario.seed, r).sum() / 2 for r in range(3)]
    assert len(set(hours)) > 1
    assert experiment.sums("staffed_hours")[0].tolist() == pytest.approx(hours)
    assert experiment.sums("planned_hours")[0].tolist() == pytest.approx([118.0] * 3)  # 2 x (7 + 50 + 2)
    assert experiment.sums("paid_hours")[0] - experiment.sums("overtime_hours")[0] == pytest.approx([118.0] * 3)


def test_busy_is_never_more_than_those_who_are_there_and_overtime(tmp_path: Path) -> None:
    # 4 agents for 40 contacts of 5 minutes an hour: who is there is nearly always busy.
    experiment = run(
        loaded(tmp_path, PHONE, groups__team__absence="40 %", channels__phone__handling_time__mean="15 min"),
        engine="reference",
        replications=5,
    )
    by: Sequence[Axis] = ("group", "interval")
    busy, present = experiment.sums("occupancy", by)
    planned = 3600 * experiment.sums("planned_hours", by)[0]
    assert (busy <= present * (1 + 1e-12)).all()
    assert present.sum() < 0.8 * planned.sum()
    assert busy.sum() > 0.8 * present.sum()
