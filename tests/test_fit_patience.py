"""Patience fitted to waits whose law is known: most customers are answered before it ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from recovery import check_recovery

from simulator.demand.times import Times
from simulator.history.estimators.families import Sample, exponential_mean
from simulator.history.estimators.patience import fit_patience
from simulator.history.estimators.pieces import fit_two_hazards
from simulator.history.estimators.survival import kaplan_meier
from simulator.history.estimators.times import SHORTEST
from simulator.history.fitted_scenario.curves import longer_share
from simulator.scenario.model import Distribution

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simulator.history.estimators import Fitted

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


def waits(random: np.random.Generator, patience: Floats, mean_offered: float) -> tuple[Floats, Bools]:
    """A third is answered at once, the others after an exponential time."""
    offered = np.where(random.random(len(patience)) < 1 / 3, 1.0, random.exponential(mean_offered, len(patience)))
    return np.minimum(patience, offered), patience < offered


def two_rates(random: np.random.Generator, count: int, early: float, late: float, until: float) -> Floats:
    unit = random.exponential(size=count)
    return np.where(unit < early * until, unit / early, until + (unit - early * until) / late)


def test_exponential_patience_is_fitted_back_inside_its_interval() -> None:
    inside, widths = 0, []
    for seed in range(1000):
        random = np.random.default_rng([seed, 9])
        waited, gave_up = waits(random, random.exponential(600.0, 1500), 90.0)
        mean = exponential_mean(int(gave_up.sum()), float(np.maximum(waited, SHORTEST).sum()), 0.95)
        inside += mean.low <= 600.0 <= mean.high
        widths.append((mean.high - mean.low) * math.sqrt(mean.count) / mean.value)
    assert inside >= 950
    # Of so many ends, the standard error is the mean over their root: 3.9 of them, and little more.
    assert 3.8 < np.median(widths) < 4.3
    told = gave_up | (waited >= SHORTEST)
    mean = exponential_mean(int(gave_up.sum()), float(waited[told].sum()), 0.95)
    assert fit_patience(waited, gave_up).exponential.value == pytest.approx(mean.value)


@pytest.mark.parametrize(
    ("early", "late", "until"),
    [(1 / 120, 1 / 900, 30.0), (1 / 900, 1 / 150, 60.0)],
    ids=["less and less", "more and more"],
)
def test_patience_of_two_rates_is_fitted_back_inside_its_intervals(early: float, late: float, until: float) -> None:
    mean = -math.expm1(-early * until) / early + math.exp(-early * until) / late
    truth = {"early": early, "late": late, "until": until, "mean": mean}

    def fitted(random: np.random.Generator) -> Mapping[str, Fitted]:
        waited, gave_up = waits(random, two_rates(random, 4000, early, late, until), 120.0)
        fit = fit_two_hazards(Sample.of(waited, gave_up), kaplan_meier(waited, gave_up), 0.95)
        assert fit is not None
        rates, own = fit
        return {"early": rates.early, "late": rates.late, "until": rates.until, "mean": own.mean}

    check_recovery(fitted, truth)


def test_a_clock_of_whole_seconds_makes_no_rate_of_its_first_ones() -> None:
    """Short waits told by two moments without their fractions: the law is found, and no change of rate at 1 or 2 s."""
    inside, in_the_first_seconds = 0, 0
    for seed in range(40):
        random = np.random.default_rng([seed, 10])
        waited, gave_up = waits(random, random.exponential(600.0, 200_000), 30.0)
        begun = random.random(len(waited))
        fit = fit_patience(np.floor(begun + waited), gave_up)
        inside += fit.chosen.mean.low <= 600.0 <= fit.chosen.mean.high
        assert fit.two_hazards is not None
        in_the_first_seconds += fit.two_hazards.until.high < 3.0
    assert inside >= 35  # of 40 intervals of 95 %, fewer come once in 70 times
    assert in_the_first_seconds <= 1


def test_leaving_out_those_who_were_answered_would_be_wrong() -> None:
    random = np.random.default_rng(8)
    waited, gave_up = waits(random, random.exponential(600.0, 20_000), 90.0)
    fit = fit_patience(waited, gave_up)
    assert fit.chosen.mean.low < 600.0 < fit.chosen.mean.high
    assert waited[gave_up].mean() < 150.0
    assert fit.median.low < 600.0 * math.log(2.0) < fit.median.high


def test_what_is_fitted_is_what_the_scenario_draws() -> None:
    """The two rates as quantiles: customers drawn by them give up at these rates again."""
    random = np.random.default_rng(9)
    fit = fit_patience(*waits(random, two_rates(random, 40_000, 1 / 120, 1 / 900, 30.0), 120.0))
    chosen = fit.chosen
    assert chosen.family == "two hazards"
    law = Distribution("quantiles", chosen.mean.value, chosen.cv.value, chosen.points)
    drawn = Times([law]).of(random.random(40_000), np.array([0, 40_000]), np.arange(40_000))
    again = fit_patience(drawn, np.ones(40_000, dtype=np.bool_)).two_hazards
    assert fit.two_hazards is not None
    assert again is not None
    for one, other in ((fit.two_hazards.early, again.early), (fit.two_hazards.late, again.late)):
        assert other.low <= one.value <= other.high
    assert drawn.mean() == pytest.approx(chosen.mean.value, rel=0.02)


def test_who_gives_up_in_waves_is_said_by_quantiles() -> None:
    """Announcements at 20 s and at 60 s, on which many leave; whoever stays has no end of patience to be seen."""
    random = np.random.default_rng(10)
    left = random.choice([20.0, 60.0, 1000.0], 6000, p=[0.3, 0.3, 0.4]) + random.random(6000)
    fit = fit_patience(*waits(random, left, 200.0))
    assert fit.chosen.family == "quantiles"
    seconds = [time for _, time in fit.chosen.points]
    shares = [share for share, _ in fit.chosen.points]
    assert np.interp([19.0, 25.0, 59.0, 65.0], seconds, shares) == pytest.approx([0.0, 0.3, 0.3, 0.6], abs=0.05)
    assert [share for share, _ in fit.chosen.points] == sorted(share for share, _ in fit.chosen.points)


def test_few_who_gave_up_tell_one_number() -> None:
    waited = np.full(200, 30.0)
    gave_up = np.arange(200) < 5
    fit = fit_patience(waited, gave_up)
    assert fit.chosen.family == "exponential"
    assert fit.two_hazards is None
    assert fit.exponential.value == pytest.approx(1200.0, rel=2e-3)  # waits of 30 s are of 29.5 s to 30.5 s
    nobody = fit_patience(waited, np.zeros(200, dtype=np.bool_))
    assert nobody.exponential.value == math.inf
    # As long as makes 97.5 % of such histories have an end at least: exp(-6000 s / mean) = 2.5 %.
    assert nobody.exponential.low == pytest.approx(6000.0 / math.log(40.0), rel=2e-3)
    assert nobody.median.value == math.inf
    with pytest.raises(ValueError, match="Nobody waited"):
        fit_patience(np.empty(0), np.empty(0, dtype=np.bool_))


def test_those_who_hang_up_as_soon_as_they_are_to_wait_are_as_many_as_they_are() -> None:
    """Nobody answered at once could be one of them: their share is of those who had to wait, and not spread out."""
    luck = np.random.default_rng(4)
    count = 40_000
    patience = np.where(luck.random(count) < 0.06, 0.0, luck.exponential(400.0, count))
    offered = np.where(luck.random(count) < 0.5, 0.0, luck.exponential(80.0, count))
    gave_up = patience < offered
    fit = fit_patience(np.minimum(patience, offered), gave_up)
    at_once, soon, later = longer_share(fit.chosen, np.array([0.6, 10.0, 100.0])).tolist()
    told = gave_up | (offered >= SHORTEST)
    assert fit.count == np.count_nonzero(told)
    error = 4.0 * math.sqrt(0.06 * 0.94 / fit.count)
    assert at_once == pytest.approx(0.94, abs=error + 0.002)
    assert soon == pytest.approx(0.94 * math.exp(-10 / 400), abs=error + 0.005)
    assert later == pytest.approx(0.94 * math.exp(-100 / 400), abs=0.02)


def test_nobody_who_gave_up_is_certain_where_patience_is_endless() -> None:
    """The likelihood of no end at all rises with the mean to 1: its logarithm is 0, and the criterion a number."""
    fit = fit_patience(np.full(200, 30.0), np.zeros(200, dtype=np.bool_))
    assert fit.chosen.log_likelihood == 0.0
    assert fit.chosen.aic == 2.0
    assert fit.chosen.distance == 0.0


def test_whole_seconds_of_which_many_are_none_make_nobody_patient_for_ever() -> None:
    luck = np.random.default_rng(3)
    patience = np.floor(luck.exponential(600.0, 20_000))
    offered = np.where(luck.random(20_000) < 0.7, 1.0, np.floor(luck.exponential(60.0, 20_000)))
    fit = fit_patience(np.minimum(patience, offered), patience < offered)
    assert fit.two_hazards is not None
    assert fit.two_hazards.early.low <= fit.two_hazards.early.value <= fit.two_hazards.early.high
    assert fit.two_hazards.early.low > 0
    assert all(300 < each.mean.value < 1200 for each in fit.candidates)
