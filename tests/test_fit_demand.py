"""Demand drawn from known laws is fitted back: intervals hold the truth as often as they say, and no less."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from known_histories import START, WEEK, KnownHistory, hill

from simulator.demand import busyness_of_history
from simulator.history.estimators.busyness import BusynessSample, fit_busyness
from simulator.history.estimators.counts import Counts
from simulator.history.estimators.day_factors import fit_day_factors
from simulator.history.estimators.day_levels import DayLevels, fit_day_levels
from simulator.history.estimators.day_shape import fit_time_of_day
from simulator.history.estimators.demand import fit_demand
from simulator.history.estimators.estimate import Fitted, nominal
from simulator.history.estimators.explained import explained
from simulator.history.estimators.holiday import fit_holiday_factor
from simulator.scenario.calendar import Holidays
from simulator.scenario.model import HistoryDemand

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Tally:
    """How often the intervals of each figure held the truth."""

    def __init__(self) -> None:
        self.hits: dict[str, list[bool]] = defaultdict(list)

    def add(self, name: str, fitted: Fitted | None, truth: float) -> None:
        """Look at one."""
        assert fitted is not None
        assert fitted.low <= fitted.value <= fitted.high
        self.hits[name].append(bool(fitted.low <= truth <= fitted.high))

    def check(self) -> None:
        """Of 100 intervals of each figure 95 hold the truth."""
        assert min(np.mean(hits) for hits in self.hits.values()) >= 0.95, self.counted

    @property
    def counted(self) -> dict[str, str]:
        """How many of how many, by figure."""
        return {name: f"{sum(hits)} of {len(hits)}" for name, hits in self.hits.items()}


def levels_of(counts: Counts, series: int = 0, holidays: tuple[int, ...] = ()) -> DayLevels:
    """Levels of one series."""
    closed = [(START + timedelta(days=day)).toordinal() for day in holidays]
    levels = fit_day_levels(counts.total[series], counts.ordinal, ~np.isin(counts.ordinal, closed))
    assert levels is not None
    return levels


# Levels, trend and holidays.


@pytest.mark.parametrize(
    "law",
    [
        KnownHistory(day_cv=0.12, trend=0.01, slots=1),
        KnownHistory(weeks=5, per_week=900.0, slots=1),
        KnownHistory(weeks=26, day_cv=0.4, per_week=400.0, trend=-0.02, slots=1),
    ],
    ids=["busy", "short and quiet", "wild"],
)
def test_intervals_of_levels_trend_and_weekdays_hold_the_truth(law: KnownHistory) -> None:
    rng, tally = np.random.default_rng(1), Tally()
    for _ in range(300):
        counts = law.draw(rng)
        levels = levels_of(counts)
        busyness = levels.kappa * np.eye(levels.days)
        # The last day with contacts is the Saturday, half a week after the middle of its week.
        away = (7 * law.weeks - 1) / 2.0 + START.toordinal() - levels.middle
        middle = law.per_week * (1.0 + law.trend) ** (-away / 7.0)
        tally.add("per week", levels.per_week(busyness, 0.95), middle)
        weeks = (levels.ordinal[-1] - levels.middle) / 7.0
        at_end = levels.per_week(busyness, 0.95, float(levels.ordinal[-1]))
        tally.add("per week at the end", at_end, middle * (1.0 + law.trend) ** weeks)
        tally.add("trend", levels.trend(busyness, 0.95), law.trend)
        shares = levels.weekday_shares(busyness, 0.95)
        for weekday in (0, 4, 5):
            tally.add(f"weekday {weekday}", shares[weekday], float(WEEK[weekday]))
        assert shares[6].value == shares[6].high == 0.0
    tally.check()


def test_intervals_of_the_holiday_factor_hold_the_truth() -> None:
    holidays = (10, 39, 71)
    law = KnownHistory(day_cv=0.15, holidays=holidays, holiday_factor=0.4, slots=1)
    rng, tally = np.random.default_rng(2), Tally()
    for _ in range(300):
        counts = law.draw(rng)
        days = np.array([START.toordinal() + day for day in holidays])
        total = counts.total[0][np.isin(counts.ordinal, days)]
        tally.add("factor", fit_holiday_factor(levels_of(counts, 0, holidays), days, total), 0.4)
    tally.check()


def test_levels_of_equal_weeks_are_their_means_by_hand() -> None:
    """Monday 100 and 120, Tuesday 50 and 70: log-linear levels without a trend are the means."""
    ordinal = np.array([START.toordinal() + day for day in (0, 1, 7, 8)])
    levels = fit_day_levels(np.array([100.0, 50.0, 120.0, 70.0]), ordinal, np.ones(4, dtype=np.bool_))
    assert levels is not None
    assert np.exp(levels.coefficient) == pytest.approx([110.0, 60.0], rel=1e-3)
    assert levels.expected_on(ordinal + 14) == pytest.approx([110.0, 60.0, 110.0, 60.0], rel=1e-3)


def test_a_holiday_of_which_nothing_is_told_had_no_contacts() -> None:
    counts = KnownHistory(weeks=6, holidays=(9,), holiday_factor=0.0).draw(np.random.default_rng(3))
    fitted = fit_demand(counts, holidays=Holidays(extra={START + timedelta(days=9): "closed"})).volumes[0]
    assert fitted.holiday_factor is not None
    assert (fitted.holiday_factor.value, fitted.holiday_factor.count) == (0.0, 1)
    assert fit_demand(counts).volumes[0].holiday_factor is None


# Time of day.


def test_intervals_of_the_time_of_day_hold_the_truth() -> None:
    law = KnownHistory(slots=24, step=1800, day_cv=0.2, interval_cv=0.1, memory=3600.0)
    rng, tally = np.random.default_rng(4), Tally()
    for _ in range(100):
        counts = law.draw(rng)
        ordinary = np.ones(len(counts.dates), dtype=np.bool_)
        shape = fit_time_of_day(counts.count[0], counts.clock, counts.weekday, ordinary)
        for slot in range(0, 24, 4):
            found = Fitted(shape.share[0, slot], shape.low[0, slot], shape.high[0, slot], 1, "")
            tally.add(f"slot {slot}", found, float(hill(24)[slot]))
    tally.check()


def test_rare_contacts_have_shares_that_are_no_surer_than_their_number() -> None:
    """Of 40 contacts none in the last slot: Wilson's interval reaches as far as z^2 / (40 + z^2)."""
    count = np.array([[10.0, 10.0, 0.0], [10.0, 10.0, 0.0]])
    shape = fit_time_of_day(count, np.arange(3) * 3600, np.array([0, 0]), np.ones(2, dtype=np.bool_))
    z = np.tan(np.pi * (nominal(0.95) / 2.0))  # of Student's t with one degree of freedom, which is Cauchy's law
    assert shape.share[0].tolist() == [0.5, 0.5, 0.0]
    assert (shape.low[0, 2], shape.high[0, 2]) == (pytest.approx(0.0, abs=1e-12), pytest.approx(z**2 / (40 + z**2)))


def test_weekdays_that_differ_get_shapes_of_their_own_and_others_do_not() -> None:
    law = KnownHistory(slots=12, day_cv=0.2, interval_cv=0.1)
    rng = np.random.default_rng(5)
    own, differ = 0, 0
    for _ in range(40):
        counts = law.draw(rng)
        ordinary = np.ones(len(counts.dates), dtype=np.bool_)
        own += fit_time_of_day(counts.count[0], counts.clock, counts.weekday, ordinary).by_weekday
        late = counts.count[0].copy()
        late[counts.weekday == 4] = np.roll(late[counts.weekday == 4], 3, axis=1)
        shape = fit_time_of_day(late, counts.clock, counts.weekday, ordinary)
        differ += shape.by_weekday and bool(np.abs(shape.share[4] - np.roll(shape.share[0], 3)).max() < 0.02)
    assert own <= 3
    assert differ == 40


# Busyness.


def sample_of(counts: Counts, law: KnownHistory, *, pieces: int = 1) -> BusynessSample:
    """The days of one series with the expected counts that the levels and shares show."""
    levels = levels_of(counts)
    return BusynessSample(
        count=counts.count[0],
        mean=levels.expected[:, None] * hill(law.slots),
        alike=counts.weekday,
        level=np.ones(levels.days),
        ordinal=levels.ordinal,
        interval=law.step / pieces,
        pieces=pieces,
    )


@pytest.mark.parametrize(
    "law",
    [
        KnownHistory(weeks=10, day_cv=0.15, interval_cv=0.12),
        KnownHistory(weeks=10, per_week=20_000.0, day_cv=0.1, interval_cv=0.12, memory=5000.0),
        KnownHistory(weeks=10, per_week=20_000.0, day_cv=0.1, interval_cv=0.12, memory=12_000.0),
    ],
    ids=["independent intervals", "with memory", "hard to tell from the day"],
)
def test_intervals_of_gamma_busyness_hold_the_truth(law: KnownHistory) -> None:
    rng, tally = np.random.default_rng(6), Tally()
    for seed in range(100):
        fitted = fit_busyness(sample_of(law.draw(rng), law), seed=seed)
        tally.add("day_cv", fitted.day_cv, law.day_cv)
        tally.add("interval_cv", fitted.interval_cv, law.interval_cv)
        tally.add("interval_memory", fitted.interval_memory, law.memory)
    tally.check()


def test_counts_by_chance_alone_show_no_busyness_that_leaves_out_0() -> None:
    law, rng = KnownHistory(weeks=8, per_week=1500.0), np.random.default_rng(7)
    found = [fit_busyness(sample_of(law.draw(rng), law), seed=seed) for seed in range(20)]
    assert sum(each.day_cv.low > 0.0 for each in found) <= 2
    assert sum(each.interval_cv.low > 0.0 for each in found) <= 2
    assert all(each.day_cv.high > 0.0 and each.interval_cv.high > 0.0 for each in found)


def test_busyness_is_what_a_scenario_takes_from_a_file_with_the_same_counts() -> None:
    counts = KnownHistory(weeks=9, day_cv=0.15, interval_cv=0.12).draw(np.random.default_rng(8))
    file = HistoryDemand(
        use="typical week",
        step=3600.0,
        date=counts.dates,
        clock=counts.clock.astype(np.float64),
        topics=(-1,),
        count=counts.count[0][:, :, None],
        scale=1.0,
        source="counts",
    )
    volume = fit_demand(counts).volumes[0]
    assert not volume.has_trend
    found = (volume.day_cv.value, volume.interval_cv.value, volume.interval_memory.value)
    assert found == busyness_of_history(file, 3600.0)


def test_growth_is_trend_and_not_busyness() -> None:
    counts = KnownHistory(weeks=26, per_week=30_000.0, trend=0.03).draw(np.random.default_rng(9))
    volume = fit_demand(counts).volumes[0]
    assert volume.has_trend
    assert volume.trend is not None
    assert volume.trend.low <= 0.03 <= volume.trend.high
    assert volume.day_cv.value < 0.02
    assert volume.per_week_at_end.value == pytest.approx(30_000 * 1.03**13, rel=0.02)


# What days have in common.


@pytest.mark.parametrize(
    "law",
    [
        KnownHistory(per_week=14_000.0, day_cv=0.15, day_to_day=0.5, common=0.6, series=3, slots=1),
        KnownHistory(per_week=6_000.0, weeks=20, day_cv=0.12, day_to_day=0.0, common=0.2, series=2, slots=1),
    ],
    ids=["alike", "apart"],
)
def test_intervals_of_correlations_hold_the_truth(law: KnownHistory) -> None:
    """Small factors are as good as linear in their scores, so that their correlations are those of the scores."""
    rng, tally = np.random.default_rng(10), Tally()
    for seed in range(100):
        counts = law.draw(rng)
        levels = [levels_of(counts, series) for series in range(law.series)]
        found = fit_day_factors(levels, [1.0] * law.series, seed=seed)
        tally.add("day_to_day", found.day_to_day, law.day_to_day)
        tally.add("correlation", found.correlation, law.common)
    tally.check()


def test_days_that_do_not_vary_say_nothing_of_each_other() -> None:
    counts = KnownHistory(weeks=6, per_week=500.0, series=2).draw(np.random.default_rng(11))
    found = fit_day_factors([levels_of(counts, series) for series in range(2)], [1.0, 1.0])
    assert (found.day_to_day.value, found.day_to_day.low, found.day_to_day.high) == (0.0, 0.0, 1.0)
    assert found.correlation is None
    assert np.isnan(found.correlations).all()


# What is explained.


def test_dispersion_falls_as_more_is_known_of_a_slot() -> None:
    """Poisson counts on days of known factors: 1 is left once the day is known, and day by day 1 + m cv^2 before."""
    law = KnownHistory(weeks=200, day_cv=0.2)
    counts = law.draw(np.random.default_rng(12))
    found = explained(counts.count[0], counts.weekday)
    mean = law.per_week * WEEK[:6, None] * hill(law.slots)
    assert found.given_profile == pytest.approx(1.0 + 0.04 * (mean**2).sum() / mean.sum(), rel=0.1)
    assert found.given_day == pytest.approx(1.0, abs=0.05)
    assert found.nothing_known > found.given_profile
    assert 0.0 < found.by_profile < found.by_day < 1.0


# All together.


def test_a_series_too_small_is_left_out_and_said() -> None:
    counts = KnownHistory(weeks=4).draw(np.random.default_rng(13))
    both = replace(counts, names=("all", "few"), count=np.stack((counts.count[0], np.eye(len(counts.dates), 8))))
    fitted = fit_demand(both)
    assert [volume.name for volume in fitted.volumes] == ["all"]
    assert fitted.left_out == ("few",)


def test_a_queue_that_came_in_the_last_days_is_left_out_and_said() -> None:
    """No weekday of it has been seen twice, so that nothing tells how days differ."""
    counts = KnownHistory(weeks=6).draw(np.random.default_rng(19))
    new = np.zeros_like(counts.count[0])
    new[-3:] = counts.count[0][-3:]
    both = replace(counts, names=("all", "new"), count=np.stack((counts.count[0], new)))
    fitted = fit_demand(both)
    assert [volume.name for volume in fitted.volumes] == ["all"]
    assert fitted.left_out == ("new",)


def test_a_queue_that_came_in_the_last_fortnight_has_figures_that_can_be() -> None:
    """Its trend is from next to nothing: no cv is larger than that of one day among all, and nothing overflows."""
    counts = KnownHistory(weeks=8).draw(np.random.default_rng(20))
    new = np.zeros_like(counts.count[0])
    new[-9:] = counts.count[0][-9:]
    volume = fit_demand(replace(counts, count=new[np.newaxis])).volumes[0]
    assert volume.day_cv.high <= len(counts.dates) ** 0.5
    assert volume.day_cv.low <= volume.day_cv.value <= volume.day_cv.high


def test_a_week_is_too_little() -> None:
    with pytest.raises(ValueError, match="two weeks are the least"):
        fit_demand(KnownHistory(weeks=1).draw(np.random.default_rng(14)))


def test_a_day_far_off_is_named() -> None:
    counts = KnownHistory(weeks=8, day_cv=0.05).draw(np.random.default_rng(15))
    counts.count[0, 12] *= 0.3
    assert counts.dates[12] in fit_demand(counts).volumes[0].unusual


def test_counts_by_day_have_a_profile_and_no_swings() -> None:
    counts = KnownHistory(weeks=10, slots=1, step=86_400, day_cv=0.3).draw(np.random.default_rng(16))
    volume = fit_demand(replace(counts, clock=np.array([0]))).volumes[0]
    assert volume.time_of_day.share[0].tolist() == [1.0]
    assert (volume.interval_cv.value, volume.interval_cv.count, volume.interval_memory.value) == (0.0, 0, 0.0)
    assert volume.day_cv.low <= 0.3 <= volume.day_cv.high


def test_the_same_seed_gives_the_same_fit() -> None:
    counts = KnownHistory(weeks=4, day_cv=0.1).draw(np.random.default_rng(17))
    one, other = (fit_demand(counts, seed=3).volumes[0] for _ in range(2))
    assert (one.day_cv, one.interval_cv, one.per_week) == (other.day_cv, other.interval_cv, other.per_week)


def test_longer_and_shorter_planning_intervals_are_those_of_the_scenario() -> None:
    """Counts are summed up to longer intervals; for shorter ones a slot's swing is the mean of theirs."""
    counts = KnownHistory(weeks=10, per_week=40_000.0, interval_cv=0.1, slots=12).draw(np.random.default_rng(18))
    by_slot, by_piece = (fit_demand(counts, interval=seconds).volumes[0] for seconds in (3600, 900))
    assert by_piece.interval_cv.value == pytest.approx(2.0 * by_slot.interval_cv.value, rel=0.3)
    assert len(fit_demand(counts, interval=7200).volumes[0].time_of_day.clock) == 6
    assert date.fromordinal(int(counts.ordinal[0])) == START
