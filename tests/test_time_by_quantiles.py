"""A random time that the scenario says by its quantiles: what it is, how it is read, and that everything plays it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from days import Day
from equality import first_difference
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate
from small_scenarios import PHONE, loaded

from simulator.demand import Demand
from simulator.demand.times import Times
from simulator.engine import centre_of
from simulator.planning.staffing.modified_load import quantile_sample
from simulator.scenario import ScenarioError
from simulator.scenario.model import Distribution
from simulator.scenario.pieces import Pieces

if TYPE_CHECKING:
    from pathlib import Path

Points = tuple[tuple[float, float], ...]

STEPS = st.lists(st.tuples(st.floats(0.001, 1.0), st.floats(0.0, 100.0)), min_size=1, max_size=8).map(
    lambda steps: [*steps[:-1], (steps[-1][0], steps[-1][1] + 1.0)]
)
"""How much more of those left end, and how much later."""


def points_of(steps: list[tuple[float, float]], start: float = 0.0) -> Points:
    """Quantiles whose shares and times rise, perhaps with a time that all reach."""
    left = np.exp(-np.cumsum([ends for ends, _ in steps]))
    times = start + np.cumsum([later for _, later in steps])
    points = tuple(zip((1.0 - left).tolist(), times.tolist(), strict=True))
    return ((0.0, start), *points) if start else points


@given(STEPS, st.sampled_from([0.0, 20.0]))
def test_mean_and_cv_are_the_integrals_of_the_share_that_is_left(
    steps: list[tuple[float, float]], start: float
) -> None:
    pieces = Pieces.of(points_of(steps, start))
    edges = [*dict.fromkeys([0.0, *pieces.begin.tolist()]), pieces.begin[-1] + 60 * pieces.slope[-1]]
    parts = list(pairwise(edges))

    def left(time: float) -> float:
        return float(1.0 - pieces.over(np.array([time]))[0])

    mean = sum(integrate.quad(left, *part)[0] for part in parts)
    square = sum(integrate.quad(lambda t: 2.0 * t * left(t), *part)[0] for part in parts)
    assert pieces.mean == pytest.approx(mean, rel=1e-6)
    assert pieces.cv == pytest.approx(math.sqrt(square - mean**2) / mean, rel=1e-4)
    for upto in (0.0, 0.5 * edges[1], *edges[:-1], mean):
        inside = [(low, min(high, upto)) for low, high in parts if low < upto]
        done = upto - sum(integrate.quad(left, *part)[0] for part in inside)
        assert pieces.integral_of_over(np.array([upto]))[0] == pytest.approx(done, rel=1e-6, abs=1e-6 * mean)


@given(STEPS, st.floats(0.1, 10.0))
def test_a_drawn_time_is_the_quantile_of_its_luck_stretched_to_the_mean(
    steps: list[tuple[float, float]], factor: float
) -> None:
    points = points_of(steps)
    own = Pieces.of(points).mean
    law = Distribution("quantiles", factor * own, Pieces.of(points).cv, points)
    # A hair beside the share, for the share of a jump is on both its sides.
    luck = np.array([share for share, _ in points]) - 1e-9
    times = Times([law]).of(luck, np.array([0, len(luck)]), np.arange(len(luck)))
    slope = float(Pieces.of(points).slope.max())
    assert times == pytest.approx(factor * np.array([time for _, time in points]), rel=1e-9, abs=1e-6 * factor * slope)


def test_two_pieces_end_at_one_rate_and_then_at_another() -> None:
    """Patience with 1 of 100 giving up each second for half a minute, and 1 of 600 after that."""
    early, late, until = 1 / 100, 1 / 600, 30.0
    points = ((-math.expm1(-early * until), until), (-math.expm1(-early * until - 1.0), until + 1.0 / late))
    pieces = Pieces.of(points)
    assert pieces.mean == pytest.approx((1 - math.exp(-0.3)) / early + math.exp(-0.3) / late)
    luck = np.random.default_rng(3).random(200_000)
    law = Distribution("quantiles", pieces.mean, pieces.cv, points)
    times = Times([law]).of(luck, np.array([0, len(luck)]), np.arange(len(luck)))
    for low, high, rate in ((0.0, 15.0, early), (15.0, 30.0, early), (30.0, 100.0, late), (500.0, 2000.0, late)):
        ends = np.count_nonzero((times >= low) & (times < high))
        spent = (np.clip(times, low, high) - low).sum()
        assert ends / spent == pytest.approx(rate, abs=4 * math.sqrt(ends) / spent)


def test_those_who_give_up_at_once_have_no_patience_at_all() -> None:
    law = Distribution("quantiles", 60.0, 1.0, ((0.25, 0.0), (0.5, 60.0)))
    luck = np.array([0.0, 0.1, 0.2499, 0.2501, 0.6])
    times = Times([law]).of(luck, np.array([0, 5]), np.arange(5))
    assert (times[:3] == 0.0).all()
    assert (times[3:] > 0.0).all()


def test_a_sample_of_the_formula_has_the_same_shape() -> None:
    law = Distribution("quantiles", 300.0, 1.0, ((0.0, 1.0), (0.5, 3.0), (0.9, 9.0)))
    sample = quantile_sample(law, 100_000)
    pieces = Pieces.of(law.quantiles)
    assert sample.mean() == pytest.approx(1.0)
    assert sample.std() == pytest.approx(pieces.cv, rel=0.01)
    assert sample.min() == pytest.approx(1.0 / pieces.mean, rel=1e-3)


IN_FILE = PHONE.replace(
    'handling_time = { mean = "5 min", distribution = "exponential" }',
    'handling_time = { mean = "5 min", distribution = "quantiles", '
    'quantiles = { "90 %" = "12 min", "0 %" = "1 min", "50 %" = "3 min" } }',
).replace(
    'patience = { mean = "2 min" }',
    'patience = { mean = "2 min", distribution = "quantiles", quantiles = { "20 %" = "20 s", "50 %" = "3 min" } }',
)


def test_a_file_says_them_in_any_order(tmp_path: Path) -> None:
    kind = loaded(tmp_path, IN_FILE).channels[0].types[0]
    assert kind.handling_time.mean == 300.0
    assert kind.handling_time.quantiles == ((0.0, 60.0), (0.5, 180.0), (0.9, 720.0))
    assert kind.handling_time.cv == pytest.approx(Pieces.of(kind.handling_time.quantiles).cv)
    assert kind.patience is not None
    assert kind.patience.quantiles == ((0.2, 20.0), (0.5, 180.0))


def test_another_mean_stretches_the_same_customers_times(tmp_path: Path) -> None:
    plain, longer = loaded(tmp_path, IN_FILE), loaded(tmp_path, IN_FILE, channels__phone__handling_time__mean="6 min")
    work = [Demand(scenario).draw(1, 0).work for scenario in (plain, longer)]
    np.testing.assert_allclose(work[1], 1.2 * work[0], rtol=1e-12)


def test_the_engines_play_it_alike(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, IN_FILE)
    demand = Demand(scenario)
    for replication in range(5):
        day = Day(centre_of(scenario), demand.draw(7, replication), scenario.staffing)
        assert first_difference(day.play("reference"), day.play("compiled")) is None


@pytest.mark.parametrize(
    ("time", "complaint"),
    [
        ('{ mean = "5 min", distribution = "quantiles" }', "go together"),
        ('{ mean = "5 min", quantiles = { "50 %" = "3 min" } }', "go together"),
        ('{ mean = "5 min", distribution = "quantiles", cv = 1, quantiles = { "50 %" = "3 min" } }', "leave cv out"),
        ('{ mean = "5 min", distribution = "quantiles", quantiles = {} }', "There are 0 quantiles"),
        ('{ mean = "5 min", distribution = "quantiles", quantiles = { "0 %" = "3 min" } }', "says nothing"),
        ('{ mean = "5 min", distribution = "quantiles", quantiles = { "100 %" = "3 min" } }', "must be below 100 %"),
        ('{ mean = "5 min", distribution = "quantiles", quantiles = { "50 %" = "0 min" } }', "must be longer"),
        (
            '{ mean = "5 min", distribution = "quantiles", quantiles = { "50 %" = "3 min", "50.0 %" = "4 min" } }',
            "50 % is there twice",
        ),
        (
            '{ mean = "5 min", distribution = "quantiles", quantiles = { "20 %" = "3 min", "50 %" = "3 min" } }',
            "must be longer",
        ),
        (
            '{ mean = "5 min", distribution = "quantiles", quantiles = { "20 %" = "3 min", "50 %" = "2 min" } }',
            "The time of 50 % is shorter than that of 20 %",
        ),
    ],
    ids=["none", "without the family", "cv", "empty", "nobody", "all", "no time", "twice", "level end", "falling"],
)
def test_quantiles_that_say_nothing_clear_are_refused(tmp_path: Path, time: str, complaint: str) -> None:
    text = PHONE.replace('{ mean = "5 min", distribution = "exponential" }', time)
    with pytest.raises(ScenarioError, match=complaint):
        loaded(tmp_path, text)
