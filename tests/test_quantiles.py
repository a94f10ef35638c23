"""Quantile functions against scipy's, in numpy's form and compiled, and that nothing in them depends on the machine."""

from __future__ import annotations

import ast
import inspect
import math
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from simulator.demand import compiled, quantiles
from simulator.demand.compiled import normal_score, poisson_quantile
from simulator.demand.quantiles import exp, gamma_at_score, log, log_gamma_table, normal_quantile
from simulator.demand.times import Times
from simulator.scenario.model import Distribution, DistributionFamily
from simulator.scenario.pieces import Pieces

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TAIL = 2.0 ** -np.arange(1.0, 54.0)
LUCK = np.concatenate([np.linspace(0.0, 1.0, 2001)[:-1], TAIL, 1.0 - TAIL])
"""All over [0, 1), and every power of two that double precision has at both ends."""
INSIDE = LUCK[(LUCK > 0) & (LUCK < 1)]


def of_family(family: DistributionFamily, mean: float, cv: float = 0.7) -> Distribution:
    """One of its distributions; quantiles have a cv of their own."""
    return Distribution(family, mean, cv, ((0.1, 1.0), (0.5, 3.0), (0.9, 4.0)) if family == "quantiles" else ())


def quantile(distribution: Distribution, luck: Floats) -> Floats:
    """Seconds that belong to each luck."""
    alone, bounds = Times([distribution]), np.array([0, luck.size])
    return alone.of(luck.ravel(), bounds, np.arange(luck.size)).reshape(luck.shape)


def test_log_agrees_with_the_standard_library() -> None:
    x = np.concatenate([10.0 ** np.linspace(-307, 307, 5000), np.linspace(0.5, 2.0, 5001), INSIDE])
    np.testing.assert_allclose(log(x), [math.log(value) for value in x], rtol=1e-15, atol=1e-300)


def test_exp_agrees_with_the_standard_library_and_fades_to_zero() -> None:
    x = np.concatenate([np.linspace(-700, 709, 5001), np.linspace(-1, 1, 5001)])
    np.testing.assert_allclose(exp(x), [math.exp(value) for value in x], rtol=1e-15)
    assert exp(np.array([-np.inf, -1e6, -750.0])).tolist() == [0.0, 0.0, 0.0]


def test_normal_score_agrees_with_scipy() -> None:
    np.testing.assert_allclose(normal_score(INSIDE), special.ndtri(INSIDE), rtol=1e-14, atol=1e-15)


def test_no_luck_at_all_is_half_of_the_smallest_there_is() -> None:
    assert normal_score(np.zeros(1)) == normal_quantile(np.array([2.0**-54]))


EVERYWHERE = np.concatenate(
    [np.linspace(-900.0, 720.0, 300), -(2.0 ** np.arange(-60.0, 12.0)), [-np.inf, 0, -0.0, 1e9]]
)
SCORES = np.linspace(-9.0, 9.0, 400)
PIECES = Pieces.of(((0.1, 0.0), (0.2, 3.0), (0.4, 3.0), (0.9, 5.0)), log)


@pytest.mark.parametrize(
    ("compiled_form", "arguments", "numpys"),
    [
        (compiled.log, (INSIDE,), log(INSIDE)),
        (compiled.exp, (EVERYWHERE,), exp(EVERYWHERE)),
        (compiled.normal_score, (LUCK,), normal_quantile(np.maximum(LUCK, 2.0**-54))),
        (compiled.gamma_at_score, (log_gamma_table(0.7), SCORES), gamma_at_score(0.7, SCORES)),
        (compiled.exponential, (LUCK,), -log(1.0 - LUCK)),
        (compiled.in_pieces, (np.stack(PIECES, axis=1), -log(1.0 - LUCK)), PIECES.at(-log(1.0 - LUCK))),
    ],
    ids=["log", "exp", "normal score", "gamma", "exponential", "pieces"],
)
def test_compiled_functions_give_the_bits_of_their_numpy_form_and_of_the_python_they_are_written_in(
    compiled_form: Any, arguments: tuple[Floats, ...], numpys: Floats
) -> None:
    assert compiled_form(*arguments).tobytes() == numpys.tobytes()
    assert compiled_form.py_func(*arguments).tobytes() == numpys.tobytes()


def test_families_are_numbered_in_the_order_of_their_names() -> None:
    numbers = [getattr(compiled, family.upper()) for family in get_args(DistributionFamily)]
    assert numbers == list(range(len(numbers)))


@pytest.mark.parametrize("cv", [0.01, 0.1, 0.5, 0.72, 1.0, 1.5, 3.0, 8.0])
def test_gamma_agrees_with_scipy(cv: float) -> None:
    shape = cv**-2
    truth = np.where(INSIDE < 0.5, special.gammaincinv(shape, INSIDE), special.gammainccinv(shape, 1 - INSIDE)) / shape
    kept = truth > 1e-290
    gamma = gamma_at_score(cv, normal_score(INSIDE))
    np.testing.assert_allclose(gamma[kept], truth[kept], rtol=1e-8)
    assert (gamma[~kept] < 1e-280).all()


MANY = ("family", "cv"), [("exponential", 1.0), ("gamma", 0.7), ("gamma", 1.3), ("lognormal", 1.2)]


def scipys_quantile(family: str, cv: float, luck: Floats) -> Floats:
    """Quantile of the distribution of mean 1."""
    if family == "lognormal":
        return np.asarray(stats.lognorm.ppf(luck, math.sqrt(math.log1p(cv**2)), scale=1 / math.sqrt(1 + cv**2)))
    return np.asarray(stats.expon.ppf(luck) if family == "exponential" else stats.gamma.ppf(luck, cv**-2, scale=cv**2))


@pytest.mark.parametrize(*MANY)
def test_a_time_is_the_quantile_of_its_luck(family: DistributionFamily, cv: float) -> None:
    truth = 250.0 * scipys_quantile(family, cv, INSIDE)
    np.testing.assert_allclose(quantile(Distribution(family, 250.0, cv), INSIDE), truth, rtol=1e-9)


@pytest.mark.parametrize(*MANY)
def test_times_have_the_mean_and_cv_that_were_asked_for(family: DistributionFamily, cv: float) -> None:
    # Gauss-Legendre on 2000 pieces that shrink by a constant factor towards both ends of [0, 1].
    nodes, weights = np.polynomial.legendre.leggauss(8)
    ends = np.concatenate([[0.0], 0.5 * 0.96 ** np.arange(900.0, -1.0, -1.0)])
    ends = np.concatenate([ends, 1.0 - ends[-2::-1]])
    ends = ends[:-1][np.diff(ends) > 0]
    width = np.diff(ends)
    luck = ends[:-1, None] + width[:, None] * (nodes + 1) / 2
    measure = width[:, None] * weights / 2
    times = quantile(Distribution(family, 250.0, cv), luck)
    mean = (measure * times).sum()
    variance = (measure * (times - mean) ** 2).sum()
    assert mean == pytest.approx(250.0, rel=1e-6)
    assert math.sqrt(variance) / mean == pytest.approx(cv, rel=1e-4)


@pytest.mark.parametrize("family", get_args(DistributionFamily))
def test_more_luck_is_more_time_and_no_luck_in_range_is_infinite(family: DistributionFamily) -> None:
    times = quantile(of_family(family, 250.0, 0.0 if family == "constant" else 1.0), np.sort(LUCK))
    assert np.isfinite(times).all()
    assert (times >= 0).all()
    assert (np.diff(times) >= 0).all()
    assert family == "constant" or (np.diff(times) > 0).mean() > 0.9


@pytest.mark.parametrize("family", get_args(DistributionFamily))
def test_a_longer_mean_makes_the_same_customers_work_longer_in_proportion(family: DistributionFamily) -> None:
    times = quantile(of_family(family, 100.0, 0.8), LUCK)
    np.testing.assert_allclose(quantile(of_family(family, 130.0, 0.8), LUCK), 1.3 * times, rtol=1e-14)


@pytest.mark.parametrize("family", ["gamma", "lognormal", "constant"])
def test_without_variation_everybody_takes_the_mean(family: DistributionFamily) -> None:
    assert set(quantile(Distribution(family, 100.0, 0.0), LUCK).tolist()) == {100.0}


def test_an_endless_mean_is_endless_for_everybody() -> None:
    assert np.isinf(quantile(Distribution("exponential", np.inf, 1.0), LUCK)).all()


def test_a_time_does_not_depend_on_the_company() -> None:
    luck = np.random.default_rng(1).random(20_000)
    for family in get_args(DistributionFamily):
        distribution = of_family(family, 100.0)
        alone = np.array([quantile(distribution, luck[place : place + 1])[0] for place in range(0, 20_000, 997)])
        assert quantile(distribution, luck)[::997].tolist() == alone.tolist()


EXACT = {
    *("append", "arange", "array", "asarray", "bool_", "clip", "concatenate", "copysign", "cumsum", "diff", "empty"),
    *("empty_like", "float64", "frexp", "full_like", "int32", "int64", "isfinite", "ldexp", "maximum", "minimum"),
    *("ndarray", "ones", "inf", "rint", "searchsorted", "sqrt", "stack", "uint64", "where", "zeros", "abs", "add"),
}
"""Whatever IEEE 754 rounds in one way, and what does not round at all."""


@pytest.mark.parametrize("module", [quantiles, compiled], ids=["numpy", "compiled"])
def test_only_arithmetic_is_used_that_every_machine_rounds_alike(module: ModuleType) -> None:
    tree = ast.parse(inspect.getsource(module))
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    assert {node.attr for node in attributes if isinstance(node.value, ast.Name) and node.value.id == "np"} <= EXACT
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not any(isinstance(node, ast.ImportFrom) and "scipy" in str(node.module) for node in imports)
    assert {name.name for node in imports for name in node.names} & {"math", "scipy", *dir(math)} == {"factorial"}
    powers = [node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)]
    assert {ast.unparse(power) for power in powers} <= {"2.0 ** (-53)", "2.0 ** (-54)", "2.0 ** -53", "2.0 ** -54"}


MEANS = st.floats(0.0, 60.0) | st.floats(60.0, 5000.0)


@given(st.integers(0, 2**53 - 2**20), st.lists(MEANS, min_size=1, max_size=20))
def test_a_count_is_scipys_quantile(numerator: int, means: list[float]) -> None:
    luck = np.full(len(means), numerator * 2.0**-53)
    truth = np.where(luck > 0, stats.poisson.ppf(luck, means), 0.0)
    assert poisson_quantile(luck, np.array(means)).tolist() == truth.tolist()


def test_counts_of_large_means_are_scipys_too() -> None:
    luck = np.random.default_rng(5).random(300)
    for mean in (1e4, 1e6):
        assert poisson_quantile(luck, np.full(300, mean)).tolist() == stats.poisson.ppf(luck, mean).tolist()


@pytest.mark.parametrize("mean", [0.7, 30.0, 599.0, 601.0, 5e3, 1e5])
def test_a_count_changes_just_where_scipys_probability_says(mean: float) -> None:
    count = np.unique(np.floor(mean + np.sqrt(mean) * np.linspace(-7.0, 4.5, 60)))
    count = count[count >= 0]
    below = special.pdtr(count, mean)
    away = 1e-11 * below
    assert (stats.poisson.pmf(count, mean) > 5 * away).all()
    assert poisson_quantile(below - away, np.full_like(count, mean)).tolist() == count.tolist()
    assert poisson_quantile(below + away, np.full_like(count, mean)).tolist() == (count + 1).tolist()


@given(st.integers(0, 2**53 - 1), st.lists(MEANS, min_size=2, max_size=20).map(sorted))
def test_a_higher_mean_never_lowers_a_count(numerator: int, means: list[float]) -> None:
    luck = np.full(len(means), numerator * 2.0**-53)
    assert (np.diff(poisson_quantile(luck, np.array(means))) >= 0).all()


def test_nobody_comes_where_nobody_is_expected() -> None:
    assert not poisson_quantile(LUCK, np.zeros_like(LUCK)).any()
