"""How a back-test judges: figures, bands, agreement and chances, against hand-worked cases and known distributions."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from simulator.history.backtest import FIGURES, Cells, Figure
from simulator.history.backtest.agreement import agreement, median, rank_correlation, share_of
from simulator.history.backtest.figures import ASA, MEAN_WAIT, SERVICE_LEVEL, UNANSWERED, Sum, met
from simulator.history.backtest.outlook import BAND, LEAST_ERRORS, ModelError, Outlook, chance_of_target, outlook
from simulator.history.backtest.reliability import reliability

TIMES = 200
"""Repetitions of what is judged by how often it happens."""


def sums(offered: float, answered: float, wait: float, answered_wait: float, within: float) -> np.ndarray:
    """One row of sums."""
    row = np.zeros(len(Sum))
    row[[Sum.OFFERED, Sum.ANSWERED, Sum.UNANSWERED]] = offered, answered, offered - answered
    row[[Sum.WAIT, Sum.ANSWERED_WAIT, Sum.WITHIN]] = wait, answered_wait, within
    return row


def test_figures_of_a_hand_worked_day() -> None:
    """Four calls: answered after 10, 20 and 30 s, one hangs up after 100 s; two of them within 20 s."""
    day = sums(4, 3, 160, 60, 2)
    assert [float(figure.of(day)) for figure in (MEAN_WAIT, ASA, UNANSWERED, SERVICE_LEVEL)] == [40, 20, 0.25, 0.5]


def test_a_figure_of_nobody_has_no_value() -> None:
    assert np.isnan([figure.of(np.zeros(len(Sum))) for figure in FIGURES.values()]).all()
    assert np.isnan([figure.levelled(np.zeros(len(Sum))) for figure in FIGURES.values()]).all()


@pytest.mark.parametrize("figure", FIGURES.values(), ids=list(FIGURES))
@given(st.integers(1, 500), st.data())
def test_the_level_scale_leads_back_to_the_figure(figure: Figure, offered: int, data: st.DataObject) -> None:
    answered = data.draw(st.integers(1, offered))
    within = data.draw(st.integers(0, answered))
    wait = data.draw(st.floats(0, 1e5))
    row = sums(offered, answered, wait * offered, wait * answered, within)
    count = row[figure.denominator]
    back = figure.restored(figure.levelled(row), count)
    assert back == pytest.approx(float(figure.of(row)), rel=1e-9, abs=1e-9)


def test_a_target_is_met_by_exactly_its_share() -> None:
    assert met(np.array([sums(5, 5, 0, 0, 4), sums(10, 9, 0, 0, 7)]), 0.8).tolist() == [True, False]


# ---- Agreement -------------------------------------------------------------------------------------------------------


@given(arrays(np.float64, st.integers(4, 30), elements=st.integers(0, 9).map(float)), st.randoms(use_true_random=False))
def test_rank_correlation_is_that_of_scipy(values: np.ndarray, luck: Random) -> None:
    other = np.array([luck.randint(0, 9) for _ in values], dtype=np.float64)
    found = rank_correlation(values, other, np.arange(len(values)))
    if np.ptp(values) == 0 or np.ptp(other) == 0:
        assert np.isnan(found.value)
        return
    assert float(found.value) == pytest.approx(stats.spearmanr(values, other).statistic, abs=1e-12)
    assert found.low - 1e-12 <= found.value <= found.high + 1e-12


def test_the_interval_of_a_rank_correlation_covers_the_true_one() -> None:
    """Of two normal variables with correlation r, Spearman's is 6 / pi * arcsin(r / 2)."""
    luck = np.random.default_rng(5)
    true = 6.0 / np.pi * np.arcsin(0.9 / 2.0)
    held = 0
    for _ in range(TIMES):
        first = luck.normal(size=40)
        found = rank_correlation(first, 0.9 * first + np.sqrt(1 - 0.81) * luck.normal(size=40), np.arange(40))
        held += bool(found.low <= true <= found.high)
    assert stats.binomtest(held, TIMES, 0.95).pvalue > 0.01


def test_the_interval_of_a_median_of_six_is_all_of_them() -> None:
    """Of six values all lie on one side of the median with 2 / 64, about 3 %; of five with 6 %."""
    found = median(np.array([3.0, 1.0, 2.0, 6.0, 5.0, 4.0]), np.arange(6))
    assert (float(found.value), float(found.low), float(found.high)) == (3.5, 1.0, 6.0)
    few = median(np.array([3.0, 1.0, 2.0, 5.0, 4.0]), np.arange(5))
    assert (float(few.value), float(few.low), float(few.high)) == (3.0, -np.inf, np.inf)


def test_the_interval_of_a_median_covers_it_at_least_as_often_as_it_says() -> None:
    luck = np.random.default_rng(6)
    found = [median(luck.exponential(size=25), np.arange(25)) for _ in range(TIMES)]
    held = sum(bool(each.low <= np.log(2) <= each.high) for each in found)
    assert stats.binomtest(held, TIMES, 0.95, alternative="less").pvalue > 0.01


def test_the_interval_of_a_median_of_half_hours_knows_that_those_of_a_day_are_alike() -> None:
    """Twenty half-hours of 26 days, each day with a part of its own: as uncertain as days, not as 520 values."""
    luck = np.random.default_rng(7)
    day = np.repeat(np.arange(26), 20)
    found = [median((luck.normal(size=26)[day] + 0.3 * luck.normal(size=520)), day) for _ in range(TIMES)]
    held = sum(bool(each.low <= 0.0 <= each.high) for each in found)
    assert stats.binomtest(held, TIMES, 0.93, alternative="less").pvalue > 0.01


def test_the_interval_of_a_rank_correlation_of_half_hours_knows_that_those_of_a_day_are_alike() -> None:
    luck = np.random.default_rng(8)
    day = np.repeat(np.arange(26), 10)
    true = 6.0 / np.pi * np.arcsin(0.9 / (1.0 + 0.1) / 2.0)
    held = 0
    for _ in range(TIMES):
        one = luck.normal(size=26)
        two = 0.9 * one + np.sqrt(1 - 0.81) * luck.normal(size=26)
        first, second = (each[day] + np.sqrt(0.1) * luck.normal(size=260) for each in (one, two))
        found = rank_correlation(first, second, day)
        held += bool(found.low <= true <= found.high)
    assert stats.binomtest(held, TIMES, 0.93, alternative="less").pvalue > 0.01


def test_a_ratio_says_of_how_many_cells_it_is() -> None:
    """Where 0 was observed there is none."""
    observed, simulated = np.array([0.0, 2.0, 4.0, 5.0]), np.array([1.0, 2.0, 3.0, 4.0])
    luck = Outlook(observed, simulated, simulated - 1.0, simulated + 1.0)
    found = agreement(MEAN_WAIT, np.arange(4), luck, None)
    assert found.ratio is not None
    assert (found.cells, found.ratio.replications) == (4, 3)


def test_a_share_of_days_has_wilson_s_interval() -> None:
    days = np.arange(26)
    found = share_of(days < 23, days)
    expected = stats.binomtest(23, 26).proportion_ci(0.95, method="wilson")
    assert float(found.value) == pytest.approx(23 / 26)
    assert (float(found.low), float(found.high)) == pytest.approx((expected.low, expected.high), abs=0.02)


def test_cells_of_a_day_that_go_together_count_as_one() -> None:
    """Twenty half-hours of a day, all in or all out: as uncertain as the days."""
    days = np.arange(26)
    alone, together = share_of(days < 20, days), share_of(np.repeat(days < 20, 20), np.repeat(days, 20))
    assert float(together.value) == float(alone.value)
    assert float(together.half_width) == pytest.approx(float(alone.half_width), rel=0.05)
    mixed = share_of(np.tile(np.arange(20) < 15, 26), np.repeat(days, 20))
    assert float(mixed.half_width) < float(alone.half_width) / 3


def test_a_share_that_is_all_counts_days_not_cells() -> None:
    found = share_of(np.ones(520, dtype=bool), np.repeat(np.arange(26), 20))
    expected = stats.binomtest(26, 26).proportion_ci(0.95, method="wilson")
    assert (float(found.low), float(found.high)) == pytest.approx((expected.low, 1.0))


# ---- Bands and chances -----------------------------------------------------------------------------------------------


def days_of_model(luck: np.random.Generator, count: int, bias: float, error: float, replications: int = 60) -> Cells:
    """Days of a hundred calls, of which the model thinks too little by `bias`, and differently wrong each day."""
    thought = luck.uniform(1.0, 3.0, count)
    true = thought + bias + (luck.normal(0.0, error, count) if error else 0.0)
    observed, simulated = np.zeros((count, len(Sum))), np.zeros((count, replications, len(Sum)))
    for rows, level in ((observed, true), (simulated, np.broadcast_to(thought[:, None], (count, replications)))):
        rows[..., Sum.OFFERED] = 100
        rows[..., Sum.WAIT] = 100 * np.exp(level + luck.normal(0.0, 0.1, level.shape))
        share = 1.0 / (1.0 + np.exp(level - 2.0))
        rows[..., Sum.WITHIN] = luck.binomial(100, share)
        rows[..., Sum.ANSWERED] = 100 - luck.binomial(100, 0.1 * (1 - share))
        rows[..., Sum.UNANSWERED] = 100 - rows[..., Sum.ANSWERED]
        rows[..., Sum.ANSWERED_WAIT] = rows[..., Sum.WAIT]
    return Cells(np.arange(count), np.zeros(count, dtype=np.int64), observed, simulated)


def test_a_band_of_luck_alone_holds_what_it_says_if_the_model_is_right() -> None:
    luck = np.random.default_rng(7)
    found = outlook(MEAN_WAIT, days_of_model(luck, 3000, 0.0, 0.0))
    assert stats.binomtest(int(found.held.sum()), 3000, BAND).pvalue > 0.01


def test_a_band_of_luck_alone_holds_less_if_the_model_is_wrong() -> None:
    cells = days_of_model(np.random.default_rng(8), 1000, 0.2, 0.3)
    assert outlook(MEAN_WAIT, cells).held.mean() < 0.5


@pytest.mark.parametrize("figure", [MEAN_WAIT, SERVICE_LEVEL], ids=["mean_wait", "service_level"])
@pytest.mark.parametrize(("bias", "error"), [(0.0, 0.0), (0.3, 0.0), (0.2, 0.4)])
def test_a_band_that_knows_the_error_holds_what_it_says_however_wrong_the_model(
    figure: Figure, bias: float, error: float
) -> None:
    """Forty days to see the error on, twenty to come, again and again: nine in ten are held, or somewhat more."""
    luck = np.random.default_rng(9)
    held = []
    for _ in range(TIMES):
        known = ModelError.seen(figure, days_of_model(luck, 40, bias, error, 30))
        assert known is not None
        to_come = days_of_model(luck, 20, bias, error, 30)
        held.append(outlook(figure, to_come, known).held.mean())
    # The twenty days of one repetition share its forty: repetitions are what is independent. Of 41 ranks the band
    # takes 2 to 39 off the ends, 37 of 41 spaces.
    assert stats.ttest_1samp(held, BAND, alternative="less").pvalue > 0.01
    assert np.mean(held) < BAND + 0.05


def test_medians_are_not_corrected_by_the_error() -> None:
    cells = days_of_model(np.random.default_rng(10), 60, 0.5, 0.2)
    known = ModelError.seen(MEAN_WAIT, cells)
    assert known is not None
    assert (outlook(MEAN_WAIT, cells, known).simulated == outlook(MEAN_WAIT, cells).simulated).all()


def test_of_too_few_days_no_error_is_known() -> None:
    cells = days_of_model(np.random.default_rng(11), LEAST_ERRORS, 0.0, 0.1)
    assert ModelError.seen(MEAN_WAIT, cells) is not None
    assert ModelError.seen(MEAN_WAIT, cells.where(cells.day > 0)) is None


def test_a_quantile_of_errors_leaves_a_place_for_what_comes() -> None:
    """Of 19 errors the twentieth part lies below the first; of 39 below the second."""
    assert [ModelError(np.arange(19.0), 1.0).quantile(share) for share in (0.05, 0.5, 0.95)] == [0, 9, 18]
    assert [ModelError(np.arange(39.0), 1.0).quantile(share) for share in (0.05, 0.95)] == [1, 37]


def test_the_chance_of_luck_alone_is_the_share_of_replications() -> None:
    simulated = np.array([[sums(10, 10, 0, 0, within) for within in (9, 8, 7, 8)]])
    cells = Cells(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), simulated[:, 0], simulated)
    assert chance_of_target(cells, 0.8).tolist() == [0.75]


def test_a_replication_in_which_nobody_arrives_meets_no_target_and_misses_none() -> None:
    """Of four replications two have calls, and one of these meets it; where none has calls there is no chance."""
    nobody = sums(0, 0, 0, 0, 0)
    simulated = np.array([[sums(10, 10, 0, 0, 9), nobody, sums(10, 10, 0, 0, 7), nobody], [nobody] * 4])
    cells = Cells(np.zeros(2, dtype=np.int64), np.arange(2), np.tile(sums(10, 10, 0, 0, 10), (2, 1)), simulated)
    chance = chance_of_target(cells, 0.8)
    assert chance[0] == 0.5
    assert np.isnan(chance[1])
    assert reliability(chance, met(cells.observed, 0.8), cells.day, 0.5).cells == 1


def test_chances_with_the_error_come_true_where_those_of_luck_do_not() -> None:
    luck = np.random.default_rng(12)
    known = ModelError.seen(SERVICE_LEVEL, days_of_model(luck, 400, 0.8, 0.5))
    cells = days_of_model(luck, 4000, 0.8, 0.5)
    came = met(cells.observed, 0.5)
    right = reliability(chance_of_target(cells, 0.5, known), came, cells.day, float(came.mean()))
    wrong = reliability(chance_of_target(cells, 0.5), came, cells.day, float(came.mean()))
    assert right.predicted == pytest.approx(right.met, abs=0.03)
    assert all(abs(each.predicted - float(each.met.value)) < 0.08 for each in right.bins)
    assert wrong.predicted > wrong.met + 0.1
    assert right.brier < wrong.brier


def test_a_hand_worked_brier_score() -> None:
    """(0.9 - 1)^2, (0.2 - 0)^2, (0.2 - 1)^2 and (0.9 - 1)^2, against one chance of a half."""
    days = np.arange(4)
    found = reliability(np.array([0.9, 0.2, 0.2, 0.9]), np.array([True, False, True, True]), days, 0.5)
    assert found.brier == pytest.approx((0.01 + 0.04 + 0.64 + 0.01) / 4)
    assert found.brier_of_share == 0.25
    assert found.skill == pytest.approx(1 - 0.175 / 0.25)
    assert [(each.low, each.cells, float(each.met.value)) for each in found.bins] == [(0.2, 2, 0.5), (0.8, 2, 1.0)]


def test_a_chance_of_one_is_in_the_last_class() -> None:
    found = reliability(np.array([1.0, 0.0]), np.array([True, False]), np.arange(2), 0.5)
    assert [(each.high, each.cells) for each in found.bins] == [(0.2, 1), (1.0, 1)]
    assert (found.brier, found.skill) == (0.0, 1.0)
