"""Agents by formula: exact in the long run, and with the load of a day that never stands still."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import sine
from birth_death import Chain
from small_scenarios import loaded

from simulator.experiment.formula import Queues, queues_of
from simulator.planning.modified_load import modified_load, quantile_sample, shares_of_work
from simulator.planning.response import Response
from simulator.planning.single_queue import IntervalQueue, SingleQueue, single_queue
from simulator.planning.spreadsheet import erlang_c_staffing, on_the_roster
from simulator.queueing import erlang_c, required_agents
from simulator.scenario.model import Distribution, ServiceLevelDefinition, Target

DEFINITIONS: tuple[ServiceLevelDefinition, ...] = (
    "offered",
    "offered less abandoned within",
    "answered",
    "abandoned within as met",
)
A_BATCH = 20


@pytest.mark.parametrize("endless", [True, False], ids=["Erlang C", "Erlang A"])
@pytest.mark.parametrize("batch", range(6))
def test_the_agents_of_a_stationary_queue_are_the_exact_least_number(batch: int, endless: bool) -> None:
    """120 random queues each: with this number the chain itself keeps the target, with one fewer it does not."""
    rng = np.random.default_rng([batch, endless])
    for _ in range(A_BATCH):
        load, handling = float(np.exp(rng.uniform(math.log(0.1), math.log(60.0)))), float(rng.uniform(60.0, 600.0))
        patience = math.inf if endless else float(handling * np.exp(rng.uniform(-1.5, 1.5)))
        share, within = float(rng.uniform(0.2, 0.98)), float(rng.choice([0.0, 10.0, 20.0, 60.0]))
        definition = DEFINITIONS[int(rng.integers(len(DEFINITIONS)))]
        queue = IntervalQueue(
            (load / handling,), (1.0,), handling, patience, Target(share, within, definition, "interval", False), 0.0
        )
        agents = queue.least_agents(share)
        exact = [
            Chain(n, load / handling, 1.0 / handling, 0.0 if endless else 1.0 / patience).share(within, definition)
            for n in (agents, agents - 1)
            if n >= 0
        ]
        case = (load, handling, patience, share, within, definition, agents, exact)
        assert exact[0] >= share, case
        assert len(exact) == 1 or exact[1] < share, case


def test_the_chain_agrees_with_erlang_c_in_closed_form() -> None:
    """The yardstick itself: 10 agents, 8 erlangs, 1 - C exp(-(n mu - lambda) T)."""
    chain = Chain(10, 8 / 300, 1 / 300, 0.0)
    waits = erlang_c(10, 8.0)
    assert 1 - chain.share(0.0, "offered") == pytest.approx(waits, rel=1e-9)
    assert chain.share(20.0, "offered") == pytest.approx(1 - waits * math.exp(-2 / 300 * 20), rel=1e-9)


def test_the_work_of_an_interval_is_spread_over_those_that_follow() -> None:
    """Exponential handling of one interval's length L: by hand, the k-th share is an integral of exp(-u / L)."""
    shape = quantile_sample(Distribution("exponential", 1.0, 1.0), 200_000)
    shares = shares_of_work(shape, 900.0, 900.0, 60)
    # The first: 1 - (1 - 1/e); the k-th after it: (1 - 1/e) squared times e ** -(k - 1).
    by_hand = np.concatenate(([math.exp(-1)], (1 - math.exp(-1)) ** 2 * np.exp(-np.arange(59.0))))
    assert shares == pytest.approx(by_hand, abs=2e-4)
    assert shares.sum() == pytest.approx(1.0, abs=1e-4)


def test_constant_work_ends_when_it_should() -> None:
    """Work of half an interval: three quarters of it are done in the interval of arrival, a quarter in the next."""
    assert shares_of_work(np.ones(1), 450.0, 900.0, 4) == pytest.approx([0.75, 0.25, 0.0, 0.0])


@pytest.mark.parametrize("family", ["exponential", "gamma", "lognormal", "constant"])
def test_a_quantile_sample_has_the_mean_and_nearly_the_spread(family: str) -> None:
    cv = {"exponential": 1.0, "constant": 0.0}.get(family, 0.6)
    sample = quantile_sample(Distribution(family, 300.0, cv), 4000)  # type: ignore[arg-type]
    assert sample.mean() == pytest.approx(1.0)
    assert sample.std() == pytest.approx(cv, abs=0.01)


def test_the_modified_load_of_waves_is_that_of_theory(tmp_path: Path) -> None:
    """With m' = rate - m it is 100 + 10 (sin t - cos t) once the empty start is forgotten."""
    scenario = sine.waves(tmp_path, 0.5, 3)
    queues = queues_of(scenario, 0)
    assert isinstance(queues, Queues)
    load = modified_load(scenario, queues)
    assert load[-sine.A_DAY :] == pytest.approx(sine.mean_in_system(), abs=0.05)
    assert load[0] < 10.0


def test_more_uncertain_volumes_need_more_agents(tmp_path: Path) -> None:
    def agents(**overrides: object) -> int:
        queue = single_queue(loaded(tmp_path, **overrides), 0)
        assert isinstance(queue, SingleQueue)
        return int(queue.least_agents(0.9).sum())

    sure = agents()
    assert agents(channels__phone__busyness={"day_cv": "40 %"}) > sure
    assert agents(groups__team__absence="20 %") > sure


def test_curves_ask_for_the_fewest_agents() -> None:
    """Against all staffings of three intervals: never too few, seldom one too many, exact where periods are single."""
    rng, over = np.random.default_rng(5), []
    for _ in range(60):
        curves = Response(rng.uniform(1.0, 4.0, 3), rng.uniform(0.5, 2.0, 3), rng.uniform(0.1, 10.0, 3))
        wanted, least = float(rng.uniform(0.3, 0.95)), rng.integers(0, 2, 3)
        grid = np.array(np.meshgrid(*[np.arange(n, 13) for n in least], indexing="ij")).reshape(3, -1).T
        met = np.array([curves.judged @ curves.share(agents) for agents in grid])
        exact = int(grid[met >= wanted * curves.judged.sum()].sum(axis=1).min())
        together = curves.fewest(np.array([wanted]), np.array([0]), least)
        assert curves.judged @ curves.share(together) >= wanted * curves.judged.sum() - 1e-6
        over.append(int(together.sum()) - exact)
        apart = curves.fewest(np.full(3, wanted), np.arange(3), least)
        assert (curves.share(apart) >= wanted - 1e-6).all()
        assert ((curves.share(apart - 1) < wanted) | (apart == least)).all()
    assert min(over) == 0
    assert max(over) <= 1
    assert np.mean(over) < 0.25


def test_a_curve_goes_through_what_was_seen() -> None:
    curves = Response.through(np.array([5, 5]), 0.8, np.array([2.0, 2.0]), np.ones(2))
    assert curves.share(np.array([5, 5])) == pytest.approx(0.8)
    moved = curves.seen(np.array([5, 7]), np.array([60.0, 95.0]), np.array([100.0, 100.0]))
    assert moved.share(np.array([5, 7])) == pytest.approx([0.6, 0.95])
    assert moved.agents(0.6)[0] == pytest.approx(5.0)


def test_nothing_seen_moves_a_curve_only_away() -> None:
    """Nobody was met with 2 agents: half of the contacts need more of them than was thought, not fewer."""
    curves = Response(np.array([3.0, 20.0]), np.array([2.0, 2.0]), np.ones(2))
    moved = curves.seen(np.array([2, 2]), np.zeros(2), np.full(2, 50.0))
    assert moved.centre[0] > 5.0
    assert moved.centre[1] == 20.0


def test_a_spreadsheet_staffs_each_interval_by_erlang_c(tmp_path: Path) -> None:
    """40 contacts an hour of 5 minutes each, 80 % within 20 seconds."""
    scenario = loaded(tmp_path, groups__team__shrinkage="30 %")
    staffing = erlang_c_staffing(scenario)
    agents = required_agents(40 / 3600, 300, service_level=0.8, acceptable_wait=20)
    open_ = scenario.calendar.open_mask(scenario.channels[0].hours)
    assert (staffing[0, open_] == agents).all()
    assert not staffing[0, ~open_].any()
    assert (on_the_roster(scenario, staffing)[0, open_] == math.ceil(agents / 0.7)).all()
