"""Queueing formulas against independent truths: Markov chains, published values, simulation and conservation."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, linalg, sparse, stats
from scipy.sparse.linalg import spsolve

from simulator.queueing import (
    ErlangA,
    ErlangC,
    MMnG,
    Patience,
    SteadyState,
    erlang_b,
    erlang_c,
    formulas,
    garnett,
    halfin_whitt,
    least_servers,
    offered_load,
    pollaczek_khinchine,
    priority_mean_waits,
    required_agents,
    square_root_staffing,
)
from simulator.scenario.model import ServiceLevelDefinition

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DEFINITIONS = get_args(ServiceLevelDefinition)


def chance_queue(servers: int, load: float, relative_patience: float, scale: float = 200.0) -> ErlangA:
    """Erlang A of this load and patience, with handling times of `scale` seconds."""
    return ErlangA(
        servers=servers,
        arrival_rate=load / scale,
        mean_handling_time=scale,
        mean_patience=relative_patience * scale,
    )


def random_queues(count: int, most_servers: int) -> list[ErlangA]:
    """Queues from nearly idle to six times overloaded, with short and long patience."""
    rng = np.random.default_rng(20260101)
    sizes = np.exp(rng.uniform(0, math.log(most_servers + 0.5), count)).astype(int)
    ratios = rng.choice([0.3, 0.8, 0.95, 1.0, 1.1, 1.5, 6.0], count) * rng.uniform(0.95, 1.05, count)
    patience = 10 ** rng.uniform(-2, 1, count)
    return [chance_queue(int(n), n * r, p) for n, r, p in zip(sizes, ratios, patience, strict=True)]


def long_run(jumps: Iterable[tuple[Hashable, Hashable, float]]) -> dict[Any, float]:
    """Share of time in each state of a Markov chain, given as jumps (from, to, rate), by plain linear algebra."""
    origins, goals, rates = zip(*jumps, strict=True)
    index = {state: i for i, state in enumerate(dict.fromkeys(origins + goals))}
    row, column = [index[state] for state in origins], [index[state] for state in goals]
    off_diagonal = sparse.coo_array((rates, (row, column)), shape=(len(index), len(index))).tocsc()
    generator = (off_diagonal - sparse.diags_array(off_diagonal.sum(axis=1))).tocsc()
    # The first state's share is set to 1 and its own balance, which follows from the others, is left out.
    others = spsolve(generator[1:, 1:].T.tocsc(), -generator[[0], 1:].toarray().ravel())
    share = np.append(1.0, others)
    return dict(zip(index, (share / share.sum()).tolist(), strict=True))


@dataclass
class BirthDeath:
    """M/M/n+M as a birth-death chain cut off where hardly anybody ever waits; shares nothing with the formulas."""

    queue: ErlangA

    def __post_init__(self) -> None:
        """Solve the chain by its products, in logarithms."""
        n, theta = self.queue.servers, 1 / self.queue.mean_patience
        rate, finish = self.queue.arrival_rate, 1 / self.queue.mean_handling_time
        fluid = max(0.0, (rate - n * finish) / theta)
        self.waiting = np.arange(int(fluid + 12 * math.sqrt(rate / theta) + 60))
        busy = np.append(np.arange(1, n + 1) * finish, n * finish + self.waiting[1:] * theta)
        logs = np.append(0.0, np.cumsum(math.log(rate) - np.log(busy)))
        share = np.exp(logs - logs.max())
        share /= share.sum()
        self.free, self.wait = share[:n], share[n:]
        self.mean_busy = float(self.free @ np.arange(n)) + n * float(self.wait.sum())
        self.mean_queue = float(self.wait @ self.waiting)
        # With j waiting in front, j + 1 departures are ahead: the first of rate n mu + (j + 1) theta, then j theta, ...
        ahead = n * finish + (self.waiting + 1) * theta
        self.answered_if_waiting = n * finish / ahead
        self.wait_if_answered = np.cumsum(1 / ahead)

    @property
    def abandonment_ratio(self) -> float:
        """Rate of giving up over rate of arrivals."""
        return self.mean_queue / self.queue.mean_patience / self.queue.arrival_rate

    @property
    def asa(self) -> float:
        """Each answered contact waits for the departures ahead."""
        reach = self.wait * self.answered_if_waiting
        return float(reach @ self.wait_if_answered / (self.free.sum() + reach.sum()))

    def within(self, wait: float) -> tuple[float, float]:
        """Answered and abandoned within `wait`: one contact's progress through the queue, by matrix exponential."""
        n, theta = self.queue.servers, 1 / self.queue.mean_patience
        finish = n / self.queue.mean_handling_time
        size = len(self.waiting)
        steps = np.zeros((size + 2, size + 2))
        for ahead in range(size):
            steps[ahead, ahead - 1 if ahead else size] += finish + ahead * theta
            steps[ahead, size + 1] += theta
            steps[ahead, ahead] = -(finish + (ahead + 1) * theta)
        end = np.append(self.wait, (0.0, 0.0)) @ linalg.expm(steps * wait)
        return float(self.free.sum() + end[size]), float(end[size + 1])


# ---------------------------------------------------------------- Erlang B and C


def exact_erlang_b(servers: int, load: Fraction) -> Fraction:
    terms = [Fraction(1)]
    for k in range(1, servers + 1):
        terms.append(terms[-1] * load / k)
    return terms[-1] / sum(terms)


@pytest.mark.parametrize("servers", [0, 1, 2, 3, 10, 60])
@pytest.mark.parametrize("load", [Fraction(1, 100), Fraction(1), Fraction(19, 2), Fraction(300)])
def test_erlang_b_and_c_equal_exact_fractions(servers: int, load: Fraction) -> None:
    blocked = exact_erlang_b(servers, load)
    assert erlang_b(servers, float(load)) == pytest.approx(float(blocked), rel=1e-13)
    if load < servers:
        waits = blocked / (1 - load / servers * (1 - blocked))
        assert erlang_c(servers, float(load)) == pytest.approx(float(waits), rel=1e-13)


@pytest.mark.parametrize("load", [0.5, 9_000.0, 9_999.9, 10_000.0, 10_500.0, 1e7])
def test_erlang_b_holds_its_recursion_at_ten_thousand_servers(load: float) -> None:
    blocked = 1.0
    for n in range(1, 10_001):
        blocked = load * blocked / (n + load * blocked)
    assert erlang_b(10_000, load) == pytest.approx(blocked, rel=1e-11, abs=1e-300)
    assert 0 <= erlang_b(10_000, load) <= 1


def test_erlang_b_of_an_idle_or_swamped_group() -> None:
    assert erlang_b(5, 0.0) == 0
    assert erlang_b(0, 0.0) == 1
    assert erlang_c(5, 0.0) == 0
    assert erlang_b(10_000, 1e12) == pytest.approx(1 - 1e-8, rel=1e-14)


def test_formulas_take_arrays() -> None:
    servers, load = np.array([[3], [5]]), np.array([0.0, 1.0, 2.5])
    assert erlang_b(servers, load).shape == erlang_c(servers, load).shape == (2, 3)
    assert erlang_b(servers, load)[1, 2] == erlang_b(5, 2.5)
    assert erlang_c(4, load)[1] == erlang_c(4, 1.0)
    assert erlang_c(servers, 1.0)[0, 0] == erlang_c(3, 1.0)
    np.testing.assert_array_equal(offered_load(np.array([0.1, 0.2]), 300.0), [30.0, 60.0])
    assert offered_load(0.1, 300.0) == 30


def test_erlang_c_in_the_eye_clinic() -> None:
    """Gross and Harris, Fundamentals of Queueing Theory, the M/M/3 eye clinic: 6 an hour, 20 minutes, 3 doctors."""
    clinic = ErlangC(servers=3, arrival_rate=6 / 3600, mean_handling_time=1200.0)
    assert clinic.probability_of_wait == pytest.approx(4 / 9, rel=1e-13)
    assert clinic.mean_queue_length == pytest.approx(8 / 9, rel=1e-13)
    assert clinic.mean_wait == pytest.approx(4 / 27 * 3600, rel=1e-13)


def test_erlang_c_in_the_best_known_worked_example() -> None:
    """Call Centre Helper, Erlang C formula made simple: 100 calls in 30 min of 180 s; 11 and 14 agents, 20 s."""
    eleven = ErlangC(servers=11, arrival_rate=100 / 1800, mean_handling_time=180.0)
    assert round(100 * eleven.probability_of_wait, 1) == 68.2
    assert round(100 * eleven.service_level(20), 2) == 38.96
    fourteen = ErlangC(servers=14, arrival_rate=100 / 1800, mean_handling_time=180.0)
    assert round(100 * fourteen.service_level(20), 1) == 88.8
    assert round(fourteen.asa, 1) == 7.8
    assert round(100 * fourteen.occupancy, 1) == 71.4
    assert required_agents(100 / 1800, 180.0, service_level=0.8, acceptable_wait=20) == 14


def test_erlang_c_waits_are_exponential_for_those_who_wait() -> None:
    queue = ErlangC(servers=12, arrival_rate=0.05, mean_handling_time=200.0)
    waits = np.array([0.0, 10.0, 100.0, 1000.0])
    expected = erlang_c(12, 10.0) * np.exp(-0.01 * waits)
    np.testing.assert_allclose(queue.wait_survival(waits), expected, rtol=1e-12)
    for share in (0.6, 0.9, 0.999):
        exact = max(0.0, math.log(erlang_c(12, 10.0) / (1 - share)) / 0.01)
        assert queue.wait_quantile(share) == pytest.approx(exact, rel=1e-10)
    levels = {queue.service_level(20, name, short_abandon=5) for name in DEFINITIONS}
    assert max(levels) - min(levels) < 1e-15


# ---------------------------------------------------------------- Erlang A


@pytest.mark.parametrize("queue", [*random_queues(40, most_servers=500), chance_queue(500, 3000, 2)])
def test_erlang_a_equals_its_birth_death_chain(queue: ErlangA) -> None:
    chain = BirthDeath(queue)
    assert queue.probability_of_wait == pytest.approx(chain.wait.sum(), rel=1e-10)
    assert queue.abandonment_ratio == pytest.approx(chain.abandonment_ratio, rel=1e-10)
    assert queue.mean_queue_length == pytest.approx(chain.mean_queue, rel=1e-10)
    assert queue.mean_wait == pytest.approx(chain.mean_queue / queue.arrival_rate, rel=1e-10)
    assert queue.occupancy == pytest.approx(chain.mean_busy / queue.servers, rel=1e-10)
    assert queue.asa == pytest.approx(chain.asa, rel=1e-10)
    both = queue.asa * (1 - queue.abandonment_ratio) + queue.mean_wait_of_abandoned * queue.abandonment_ratio
    assert both == pytest.approx(queue.mean_wait, rel=1e-9)


@pytest.mark.parametrize("queue", random_queues(14, most_servers=15))
@pytest.mark.parametrize("relative_wait", [0.05, 1.0])
def test_erlang_a_within_a_time_equals_one_contacts_way_through_the_queue(queue: ErlangA, relative_wait: float) -> None:
    chain = BirthDeath(queue)
    wait = relative_wait * (queue.mean_wait + queue.mean_handling_time / queue.servers)
    answered, abandoned = chain.within(wait)
    assert queue.answered_within(wait) == pytest.approx(answered, abs=1e-10)
    assert queue.abandoned_within(wait) == pytest.approx(abandoned, abs=1e-10)
    assert queue.wait_survival(wait) == pytest.approx(1 - answered - abandoned, abs=1e-10)


@pytest.mark.parametrize(("servers", "load", "patience"), [(1, 0.7, 1.0), (1, 4.0, 0.2), (3, 2.5, 3.0)])
def test_erlang_a_equals_plain_linear_algebra(servers: int, load: float, patience: float) -> None:
    queue = chance_queue(servers, load, patience, scale=1.0)
    up = ((k, k + 1, load) for k in range(120))
    down = ((k, k - 1, min(k, servers) + max(0, k - servers) / patience) for k in range(1, 121))
    share = long_run([*up, *down])
    assert queue.probability_of_wait == pytest.approx(sum(share[k] for k in range(servers, 121)), rel=1e-10)
    waiting = sum((k - servers) * share[k] for k in range(servers, 121))
    assert queue.mean_queue_length == pytest.approx(waiting, rel=1e-10)


def test_erlang_a_against_erlang_c_in_the_published_comparison() -> None:
    """Garnett, Mandelbaum and Reiman (2002): 50 agents, 48 calls a minute, 1 minute each, patience 2 minutes."""
    patient = ErlangC(servers=50, arrival_rate=0.8, mean_handling_time=60.0)
    assert round(patient.mean_wait, 1) == 20.8
    assert round(patient.wait_quantile(0.9), 1) == 58.1
    assert round(patient.mean_queue_length) == 17
    assert round(100 * patient.occupancy) == 96
    impatient = ErlangA(servers=50, arrival_rate=0.8, mean_handling_time=60.0, mean_patience=120.0)
    assert round(100 * impatient.abandonment_ratio, 1) == 3.1
    assert round(impatient.mean_wait, 1) == 3.7
    assert round(impatient.mean_queue_length, 1) == 3.0
    assert round(100 * impatient.occupancy) == 93


@pytest.mark.parametrize("queue", random_queues(8, most_servers=500))
def test_mean_wait_is_the_area_under_the_wait_survival(queue: ErlangA) -> None:
    nodes, weights = np.polynomial.legendre.leggauss(40)
    edges = np.append(0.0, queue.mean_wait / queue.probability_of_wait * 2.0 ** np.arange(-16, 12))
    middle, half = (edges[1:] + edges[:-1]) / 2, np.diff(edges) / 2
    waits = middle[:, None] + half[:, None] * nodes
    area = float(((queue.wait_survival(waits) @ weights) * half).sum())
    assert area == pytest.approx(queue.mean_wait, rel=1e-6)


def test_endless_patience_is_erlang_c() -> None:
    for servers, load in ((1, 0.3), (10, 9.5), (500, 480.0), (10_000, 9_950.0)):
        patient = ErlangC(servers=servers, arrival_rate=load / 60, mean_handling_time=60.0)
        endless = chance_queue(servers, load, math.inf, scale=60.0)
        nearly = chance_queue(servers, load, 1e11, scale=60.0)
        for queue, near in ((endless, 1e-11), (nearly, 1e-5)):
            assert queue.probability_of_wait == pytest.approx(patient.probability_of_wait, rel=near)
            assert queue.mean_wait == pytest.approx(patient.mean_wait, rel=near)
            assert queue.asa == pytest.approx(patient.asa, rel=near)
            assert queue.answered_within(7.0) == pytest.approx(patient.answered_within(7.0), rel=near)
            assert queue.wait_survival(7.0) == pytest.approx(patient.wait_survival(7.0), rel=near)
        assert endless.abandonment_ratio == 0
        assert math.isnan(endless.mean_wait_of_abandoned)
        assert nearly.abandonment_ratio == pytest.approx(patient.mean_wait / (60e11), rel=1e-5)


@pytest.mark.parametrize("load", [5_000.0, 9_800.0, 9_940.0, 9_985.0, 10_000.0, 10_300.0, 40_000.0])
@pytest.mark.parametrize("patience", [0.001, 1.0, 100.0, 1e4])
def test_ten_thousand_agents_give_finite_balanced_figures(load: float, patience: float) -> None:
    """Both ways agree where a birth-death chain would need millions of states; those who leave balance the queue."""
    queue = chance_queue(10_000, load, patience)
    general = MMnG(
        servers=10_000,
        arrival_rate=queue.arrival_rate,
        mean_handling_time=queue.mean_handling_time,
        patience=Patience.exponential(queue.mean_patience),
    )
    for name in ("probability_of_wait", "abandonment_ratio", "mean_wait"):
        assert getattr(queue, name) == pytest.approx(getattr(general, name), rel=1e-11, abs=1e-300)
    assert 0 <= queue.asa < math.inf
    leave = general.arrival_rate * general.abandonment_ratio
    assert leave == pytest.approx(general.mean_queue_length / queue.mean_patience, rel=1e-11, abs=1e-300)
    wait = max(queue.mean_wait, 1.0)
    for name in ("answered_within", "wait_survival", "virtual_wait_survival"):
        assert getattr(queue, name)(wait) == pytest.approx(getattr(general, name)(wait), abs=1e-11)


def test_without_agents_everybody_waits_until_giving_up() -> None:
    empty = ErlangA(servers=0, arrival_rate=0.1, mean_handling_time=200.0, mean_patience=60.0)
    assert empty.probability_of_wait == empty.abandonment_ratio == 1
    assert empty.mean_wait == empty.mean_wait_of_abandoned == 60
    assert empty.wait_survival(60.0) == pytest.approx(math.exp(-1), rel=1e-14)
    assert empty.service_level(20) == 0
    assert empty.abandoned_within(60.0) == pytest.approx(1 - math.exp(-1), rel=1e-14)
    assert math.isnan(empty.asa)
    assert math.isnan(empty.occupancy)
    assert math.isnan(empty.service_level(20, "answered"))


def test_without_contacts_nobody_would_wait() -> None:
    idle = ErlangA(servers=2, arrival_rate=0.0, mean_handling_time=200.0, mean_patience=60.0)
    assert idle.probability_of_wait == idle.abandonment_ratio == idle.mean_wait == idle.asa == idle.occupancy == 0
    assert idle.service_level(0) == 1


def test_wait_quantile_turns_the_wait_survival_round() -> None:
    queue = chance_queue(30, 31, 0.6)
    for share in (0.5, 0.9, 0.99):
        assert queue.wait_survival(queue.wait_quantile(share)) == pytest.approx(1 - share, rel=1e-10)
    assert queue.wait_quantile(0.99 * (1 - queue.probability_of_wait)) == 0
    same = MMnG(servers=30, arrival_rate=31 / 200, mean_handling_time=200.0, patience=Patience.deterministic(40.0))
    assert same.wait_quantile(0.999) == pytest.approx(40.0, rel=1e-12)  # nobody waits longer than all patience


# ---------------------------------------------------------------- any patience

PATIENCES = {
    "exponential": Patience.exponential(50.0),
    "deterministic": Patience.deterministic(50.0),
    "gamma, cv 0.4": Patience.gamma(50.0, 0.4),
    "gamma, cv 2": Patience.gamma(50.0, 2.0),
    "lognormal": Patience.lognormal(50.0, 1.3),
    "weibull, less patient": Patience.weibull(50.0, 3.0),
    "weibull, more patient": Patience.weibull(50.0, 0.5),
}


@pytest.mark.parametrize("queue", random_queues(40, most_servers=2000))
def test_general_patience_with_the_exponential_one_is_erlang_a(queue: ErlangA) -> None:
    general = MMnG(
        servers=queue.servers,
        arrival_rate=queue.arrival_rate,
        mean_handling_time=queue.mean_handling_time,
        patience=Patience.exponential(queue.mean_patience),
    )
    for name in ("probability_of_wait", "abandonment_ratio", "mean_wait", "occupancy"):
        assert getattr(general, name) == pytest.approx(getattr(queue, name), rel=1e-10)
    for wait in (0.0, 0.3 * queue.mean_wait, 3 * queue.mean_wait, 1e6 * queue.mean_wait):
        for name in ("answered_within", "abandoned_within", "wait_survival", "virtual_wait_survival"):
            assert getattr(general, name)(wait) == pytest.approx(getattr(queue, name)(wait), abs=1e-11)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.6), (4, 3.9), (40, 36.0), (1000, 990.0)])
@pytest.mark.parametrize("seconds", [0.5, 30.0, 900.0])
def test_deterministic_patience_is_the_exact_loss_formula(servers: int, load: float, seconds: float) -> None:
    """Boots and Tijms, A multiserver queueing system with impatient customers, Management Science 45, 1999."""
    queue = MMnG(
        servers=servers,
        arrival_rate=load / 200,
        mean_handling_time=200.0,
        patience=Patience.deterministic(seconds),
    )
    patient = ErlangC(servers=servers, arrival_rate=load / 200, mean_handling_time=200.0)
    longer = patient.wait_survival(seconds)
    occupancy = load / servers
    expected = (1 - occupancy) * longer / (1 - occupancy * longer)
    assert queue.abandonment_ratio == pytest.approx(expected, rel=1e-10)
    assert queue.mean_wait_of_abandoned == pytest.approx(seconds, rel=1e-9)
    assert queue.abandoned_within(0.999 * seconds) == pytest.approx(0, abs=1e-12)
    assert queue.abandoned_within(1.001 * seconds) == pytest.approx(expected, rel=1e-9)
    assert queue.wait_survival(seconds) == 0
    assert queue.answered_within(seconds) == pytest.approx(1 - expected, rel=1e-12)


@dataclass(frozen=True)
class TwoPhases:
    """Patience that is phase-type with two phases: a Markov chain can follow everybody in the queue."""

    start: tuple[float, float]
    move: float
    leave: tuple[float, float]

    def jumps(self, servers: int, arrival: float, longest: int) -> Iterator[tuple[Hashable, Hashable, float]]:
        """Jumps between so many busy (a number) and all busy with a queue (the phase of each who waits, in order)."""
        for k in range(servers):
            yield k, k + 1 if k + 1 < servers else (), arrival
            if k:
                yield k, k - 1, k
        for q in (q for size in range(longest + 1) for q in itertools.product((0, 1), repeat=size)):
            yield q, q[1:] if q else servers - 1, servers
            for phase in (0, 1) if len(q) < longest else ():
                yield q, (*q, phase), arrival * self.start[phase]
            for place, phase in enumerate(q):
                yield q, q[:place] + q[place + 1 :], self.leave[phase]
                if phase == 0:
                    yield q, (*q[:place], 1, *q[place + 1 :]), self.move


@pytest.mark.parametrize(("servers", "load"), [(1, 1.5), (3, 3.0)])
@pytest.mark.parametrize(
    ("phases", "patience"),
    [
        (TwoPhases((1, 0), 20.0, (0, 20.0)), Patience.gamma(0.1, math.sqrt(0.5))),
        (TwoPhases((1, 0), 20.0, (0, 20.0)), stats.gamma(2, scale=0.05)),
        (
            TwoPhases((0.4, 0.6), 0.0, (8.0, 80.0)),
            lambda t: 0.4 * np.exp(-8.0 * t) + 0.6 * np.exp(-80.0 * t),
        ),
    ],
)
def test_general_patience_equals_a_chain_of_everybodys_patience(
    servers: int, load: float, phases: TwoPhases, patience: Any
) -> None:
    queue = MMnG(servers=servers, arrival_rate=load, mean_handling_time=1.0, patience=patience)
    share = long_run(phases.jumps(servers, load, longest=8))
    busy = {state: part for state, part in share.items() if isinstance(state, tuple)}
    assert sum(part for q, part in busy.items() if len(q) == 8) < 1e-8
    assert queue.probability_of_wait == pytest.approx(sum(busy.values()), rel=1e-7)
    leaving = sum(part * phases.leave[phase] for q, part in busy.items() for phase in q)
    assert queue.abandonment_ratio == pytest.approx(leaving / load, rel=1e-6)
    waiting = sum(part * len(q) for q, part in busy.items())
    assert queue.mean_queue_length == pytest.approx(waiting, rel=1e-6)


def simulate(servers: int, load: float, patience: Floats, seed: int) -> tuple[Floats, Floats]:
    """Virtual wait and wait of each contact of M/M/n+G with handling times of mean 100, first come first served."""
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(100 / load, len(patience)))
    handling = rng.exponential(100, len(patience))
    free_at = [0.0] * servers
    virtual = np.empty(len(patience))
    for i, (now, bears, work) in enumerate(zip(arrivals, patience, handling, strict=True)):
        virtual[i] = max(0.0, free_at[0] - now)
        if virtual[i] < bears:
            heapq.heapreplace(free_at, now + virtual[i] + work)
    return virtual, np.minimum(virtual, patience)


@pytest.mark.parametrize("name", PATIENCES)
@pytest.mark.parametrize(("servers", "load"), [(4, 3.6), (12, 16.0)])
def test_general_patience_lies_in_the_confidence_interval_of_a_simulation(name: str, servers: int, load: float) -> None:
    rng = np.random.default_rng(7)
    count = 40_000
    draw: dict[str, Callable[[], Floats]] = {
        "exponential": lambda: rng.exponential(50.0, count),
        "deterministic": lambda: np.full(count, 50.0),
        "gamma, cv 0.4": lambda: rng.gamma(6.25, 8.0, count),
        "gamma, cv 2": lambda: rng.gamma(0.25, 200.0, count),
        "lognormal": lambda: rng.lognormal(math.log(50) - math.log(1 + 1.69) / 2, math.sqrt(math.log(1 + 1.69)), count),
        "weibull, less patient": lambda: 50 / math.gamma(4 / 3) * rng.weibull(3.0, count),
        "weibull, more patient": lambda: 25 * rng.weibull(0.5, count),
    }
    patience = draw[name]()
    virtual, wait = simulate(servers, load, patience, seed=11)
    answered = virtual < patience
    queue = MMnG(servers=servers, arrival_rate=load / 100, mean_handling_time=100.0, patience=PATIENCES[name])
    told = [
        (queue.probability_of_wait, virtual > 0),
        (queue.abandonment_ratio, ~answered),
        (queue.mean_wait, wait),
        (queue.answered_within(20.0), answered & (wait <= 20)),
        (queue.abandoned_within(20.0), ~answered & (wait <= 20)),
        (queue.virtual_wait_survival(30.0), virtual > 30),
        (queue.wait_survival(30.0), wait > 30),
        (queue.asa * (1 - queue.abandonment_ratio), wait * answered),
        (queue.mean_wait_of_abandoned * queue.abandonment_ratio, wait * ~answered),
    ]
    for formula, seen in told:
        batches = seen[1000:].astype(float).reshape(50, -1).mean(axis=1)
        error = batches.std(ddof=1) / math.sqrt(50)
        assert abs(batches.mean() - formula) <= 4 * error + 1e-12


@pytest.mark.parametrize("patience", [*PATIENCES.values(), Patience.deterministic(5000.0), Patience.gamma(900.0, 0.02)])
@pytest.mark.parametrize("servers", [1, 20, 10_000])
@pytest.mark.parametrize("ratio", [0.5, 1.0, 1.02, 2.17])
def test_busy_agents_finish_as_many_contacts_as_are_answered(servers: int, ratio: float, patience: Patience) -> None:
    """Contacts answered against mean busy agents: n while all are busy, else as in Erlang B of one server less."""
    load = servers * ratio
    queue = MMnG(servers=servers, arrival_rate=load / 60, mean_handling_time=60.0, patience=patience)
    busy = queue.probability_of_wait
    if_free = load * (1 - erlang_b(servers - 1, load))
    assert load * (1 - queue.abandonment_ratio) == pytest.approx(servers * busy + (1 - busy) * if_free, rel=1e-10)
    assert queue.answered_within(1e7) == pytest.approx(1 - queue.abandonment_ratio, rel=1e-10)
    assert queue.virtual_wait_survival(0.0) == pytest.approx(busy, rel=1e-10)


def test_built_in_patience_has_the_mean_and_spread_asked_for() -> None:
    for patience, mean, cv in (
        (Patience.exponential(50.0), 50, 1),
        (Patience.gamma(50.0, 0.4), 50, 0.4),
        (Patience.lognormal(50.0, 1.3), 50, 1.3),
        (Patience.weibull(50.0, 2.0), 50, math.sqrt(4 / math.pi - 1)),
    ):
        survival = patience.survival

        def at(t: float, survival: Callable[[Floats], Floats] = survival) -> float:
            return float(survival(np.array(t)))

        first = sum(integrate.quad(at, *ends)[0] for ends in itertools.pairwise([0, 50, 500, 5e3, 5e5]))
        second = sum(
            integrate.quad(lambda t: 2 * t * at(t), *ends)[0] for ends in itertools.pairwise([0, 50, 500, 5e3, 5e5])
        )
        assert first == pytest.approx(mean, rel=1e-6)
        assert math.sqrt(second - first**2) / first == pytest.approx(cv, rel=1e-3)
        seconds = np.array([0.0, 1.0, 49.0, 300.0])
        np.testing.assert_allclose(survival(seconds) + patience.cdf(seconds), 1, rtol=1e-14)


def test_a_jump_that_was_not_named_is_found() -> None:
    """A survival table as Kaplan and Meier make it: named or not, the same result, and the sum of its parts."""
    times, levels = np.array([7.0, 31.0, 64.0, 300.0]), np.array([1.0, 0.9, 0.55, 0.2, 0.0])

    def survival(seconds: Floats) -> Floats:
        return levels[np.searchsorted(times, seconds, side="right")]

    def queue(patience: Any) -> MMnG:
        return MMnG(servers=9, arrival_rate=0.1, mean_handling_time=100.0, patience=patience)

    named = queue(Patience(survival, lambda t: 1 - survival(t), tuple(times)))
    found = queue(survival)
    for name in ("probability_of_wait", "abandonment_ratio", "mean_wait", "asa"):
        assert getattr(found, name) == pytest.approx(getattr(named, name), rel=1e-10)
    # Between jumps the exponent is linear, so that every integral is elementary.
    slopes = 0.1 * levels - 0.09
    widths = np.diff(np.append(0.0, times))
    heights = np.append(0.0, np.cumsum(slopes[:-1] * widths))
    areas = np.exp(heights) * np.append(np.expm1(slopes[:-1] * widths) / slopes[:-1], -1 / slopes[-1])
    busy = 0.1 * areas.sum() / (1 / erlang_b(8, 10.0) + 0.1 * areas.sum())
    assert named.probability_of_wait == pytest.approx(busy, rel=1e-11)
    assert named.abandonment_ratio == pytest.approx(busy * areas @ (1 - levels) / areas.sum(), rel=1e-11)


def test_a_jump_far_out_is_found_as_well_as_numbers_can_tell() -> None:
    def at_once(seconds: Floats) -> Floats:
        return np.where(seconds < 5000 / 3, 1.0, 0.0)

    named, found = (
        MMnG(servers=10_000, arrival_rate=400.0, mean_handling_time=60.0, patience=patience)
        for patience in (Patience.deterministic(5000 / 3), at_once)
    )
    assert found.abandonment_ratio == pytest.approx(named.abandonment_ratio, rel=1e-9)
    assert found.asa == pytest.approx(named.asa, rel=1e-9)


@pytest.mark.parametrize("seconds", [40.0, 40.05, 79.95])
def test_a_jump_close_to_the_edge_of_a_panel_is_found(seconds: float) -> None:
    """The quadrature starts with a panel from 40 to 80 seconds, whose outermost nodes are at 40.1 and 79.9."""
    named, found = (
        MMnG(servers=9, arrival_rate=0.11, mean_handling_time=100.0, patience=patience)
        for patience in (Patience.deterministic(seconds), lambda t: np.where(t < seconds, 1.0, 0.0))
    )
    assert found.abandonment_ratio == pytest.approx(named.abandonment_ratio, rel=1e-10)
    assert found.mean_wait == pytest.approx(named.mean_wait, rel=1e-10)


def test_some_customers_may_have_no_patience_and_some_no_end_of_it() -> None:
    def survival(seconds: Floats) -> Floats:
        return 0.3 + 0.5 * np.exp(-seconds / 60)

    queue = MMnG(servers=5, arrival_rate=0.1, mean_handling_time=100.0, patience=survival)
    assert queue.wait_survival(0.0) == pytest.approx(0.8 * queue.probability_of_wait)
    assert queue.abandoned_within(0.0) == pytest.approx(0.2 * queue.probability_of_wait)
    assert queue.load * (1 - queue.abandonment_ratio) == pytest.approx(5 * queue.occupancy)
    assert queue.occupancy < 1
    with pytest.raises(ValueError, match=r"too few customers ever give up.*more servers"):
        MMnG(servers=3, arrival_rate=0.1, mean_handling_time=100.0, patience=survival)


def test_distributions_of_scipy_are_patience_as_well() -> None:
    sigma = math.sqrt(math.log1p(1.3**2))
    pairs: list[tuple[Patience, Any]] = [
        (PATIENCES["exponential"], stats.expon(scale=50)),
        (PATIENCES["lognormal"], stats.lognorm(sigma, scale=50 / math.exp(sigma**2 / 2))),
        (PATIENCES["weibull, more patient"], stats.weibull_min(0.5, scale=25)),
    ]
    for ours, theirs in pairs:
        results = [MMnG(servers=9, arrival_rate=0.1, mean_handling_time=100.0, patience=p).asa for p in (ours, theirs)]
        assert results[0] == pytest.approx(results[1], rel=1e-10)
    even = MMnG(servers=9, arrival_rate=0.1, mean_handling_time=100.0, patience=stats.uniform(10, 50))
    assert even.wait_survival(60.0) == 0
    assert even.abandoned_within(10.0) == pytest.approx(0, abs=1e-12)


# ---------------------------------------------------------------- service level


@dataclass(frozen=True, kw_only=True)
class Counted(SteadyState):
    """The golden example: 1000 answered, 60 abandoned; within 20 s 860 and 20 of them, within 5 s 0 and 10."""

    probability_of_wait = mean_wait = asa = mean_wait_of_abandoned = 0.0
    abandonment_ratio = 60 / 1060

    def _virtual_wait_survival(self, wait: float) -> float:
        return 1 - {20.0: 880, 5.0: 10}[wait] / 1060

    def _patience_survival(self, wait: float) -> float:
        return 1.0 if wait >= 0 else math.nan

    def _answered_within(self, wait: float) -> float:
        return {20.0: 860, 5.0: 0}[wait] / 1060


def test_the_five_service_levels_of_the_golden_example() -> None:
    counted = Counted(servers=1, arrival_rate=1.0, mean_handling_time=1.0)
    percent = [round(100 * counted.service_level(20.0, name, short_abandon=5.0), 2) for name in DEFINITIONS]
    assert percent == [81.13, 82.69, 86.00, 83.02, 82.08]


@settings(max_examples=60)
@given(st.integers(1, 60), st.floats(0.05, 3), st.floats(0.01, 10), st.floats(0, 2), st.floats(0, 1))
def test_more_agents_are_never_worse(
    servers: int, ratio: float, patience: float, relative_wait: float, short: float
) -> None:
    fewer = chance_queue(servers, servers * ratio, patience)
    more = chance_queue(servers + 1, servers * ratio, patience)
    slack = 1e-12
    assert more.probability_of_wait <= fewer.probability_of_wait + slack
    assert more.abandonment_ratio <= fewer.abandonment_ratio + slack
    assert more.mean_wait <= fewer.mean_wait * (1 + 1e-10)
    assert more.asa <= fewer.asa * (1 + 1e-9)
    wait = relative_wait * 200
    for name in DEFINITIONS:
        level = fewer.service_level(wait, name, short_abandon=short * wait)
        assert 0 <= level <= 1 + slack
        assert more.service_level(wait, name, short_abandon=short * wait) >= level - slack
    assert more.answered_within(wait) + more.abandoned_within(wait) <= 1 + slack


# ---------------------------------------------------------------- required agents


def random_targets(count: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(5)
    cases = []
    for _ in range(count):
        case: dict[str, Any] = {
            "arrival_rate": float(np.exp(rng.uniform(-9, -2))),
            "mean_handling_time": float(rng.uniform(60, 500)),
            "mean_patience": float(rng.choice([math.inf, 20.0, 200.0, 2000.0])),
        }
        match rng.integers(5):
            case 0:
                case |= {"asa": float(rng.uniform(0.5, 200))}
            case 1:
                case |= {"abandonment_ratio": float(rng.uniform(0.001, 0.6))}
            case 2:
                case |= {"probability_of_wait": float(rng.uniform(0.01, 0.99))}
            case _:
                case |= {
                    "service_level": float(rng.uniform(0.1, 0.99)),
                    "acceptable_wait": float(rng.choice([0, 10, 20, 120])),
                    "definition": str(rng.choice(DEFINITIONS)),
                    "short_abandon": 0.0,
                }
                if rng.random() < 0.3:
                    case |= {"abandonment_ratio": float(rng.uniform(0.01, 0.6))}
        cases.append(case)
    return cases


def meets(case: dict[str, Any], servers: int) -> bool:
    """Whether so many agents meet all targets of the case, said a second time."""
    flow = {"arrival_rate": case["arrival_rate"], "mean_handling_time": case["mean_handling_time"]}
    if case["mean_patience"] == math.inf:
        if servers <= flow["arrival_rate"] * flow["mean_handling_time"]:
            return False
        queue: SteadyState = ErlangC(servers=servers, **flow)
    else:
        queue = ErlangA(servers=servers, mean_patience=case["mean_patience"], **flow)
    if "service_level" in case:
        level = queue.service_level(case["acceptable_wait"], case["definition"], short_abandon=0.0)
        if not level >= case["service_level"]:
            return False
    limits = ("asa", "abandonment_ratio", "probability_of_wait")
    return all(getattr(queue, name) <= case[name] for name in limits if name in case)


def test_required_agents_are_what_counting_up_from_none_finds() -> None:
    answers = set()
    for case in random_targets(300):
        counted = next(n for n in itertools.count() if meets(case, n))
        assert required_agents(**case) == counted, case
        answers.add(counted)
    assert len(answers) > 30


def test_required_agents_in_a_very_large_centre_are_least() -> None:
    servers = required_agents(33.0, 300.0, 240.0, service_level=0.8, acceptable_wait=20.0)
    levels = [chance_queue(n, 9_900.0, 0.8, scale=300.0).service_level(20.0) for n in (servers, servers - 1)]
    assert levels[0] >= 0.8 > levels[1]


def test_no_contacts_need_no_agents() -> None:
    assert required_agents(0.0, 300.0, service_level=0.8, acceptable_wait=20) == 0


@given(st.integers(0, 5000), st.integers(0, 10), st.integers(0, 5000))
def test_least_servers_from_any_guess(threshold: int, least: int, guess: int) -> None:
    asked: list[int] = []

    def enough(servers: int) -> bool:
        asked.append(servers)
        return servers >= threshold

    assert least_servers(enough, least=least, guess=guess) == max(threshold, least)
    assert min(asked) >= least
    assert len(asked) <= 2 * math.log2(abs(guess - threshold) + 11) + 4


def test_square_root_limits_have_their_published_shape() -> None:
    """Halfin and Whitt: 0.2234 at beta 1. Garnett et al.: one half at beta 0 if patience equals handling time."""
    assert halfin_whitt(1.0) == pytest.approx(1 / (1 + stats.norm.cdf(1.0) / stats.norm.pdf(1.0)), rel=1e-12)
    assert round(halfin_whitt(1.0), 4) == 0.2234
    assert garnett(0.0, 1.0) == pytest.approx(0.5, rel=1e-14)
    # With patience as long as handling, the agents and the queue together are M/M/∞: its load is Poisson.
    for beta in (-3.0, -0.5, 2.0):
        assert garnett(beta, 1.0) == pytest.approx(stats.norm.sf(beta), rel=1e-12)
    assert garnett(1.0, 1e14) == pytest.approx(halfin_whitt(1.0), rel=1e-6)


@pytest.mark.parametrize("wait", [0.05, 0.3, 0.8])
@pytest.mark.parametrize("patience", [0.2, 1.0, 5.0, math.inf])
def test_square_root_staffing_comes_true_in_large_centres(wait: float, patience: float) -> None:
    load = 250_000.0
    servers = square_root_staffing(load, wait, patience)
    reached = [
        ErlangA(servers=n, arrival_rate=load, mean_handling_time=1.0, mean_patience=patience).probability_of_wait
        for n in (servers, servers - 1)
    ]
    assert reached[0] - 2e-3 <= wait <= reached[1] + 2e-3
    exact = required_agents(50.0, 1.0, patience, probability_of_wait=wait)
    assert abs(square_root_staffing(50.0, wait, patience) - exact) <= 2


# ---------------------------------------------------------------- other mean waits


def test_pollaczek_khinchine_equals_a_chain_with_handling_in_two_stages() -> None:
    """Handling in two exponential stages has a coefficient of variation of 1 / √2."""
    jumps: list[tuple[Hashable, Hashable, float]] = [((0, 0), (1, 1), 0.7)]
    for k in range(1, 200):
        jumps += [((k, 1), (k, 2), 2.0), ((k, 2), (k - 1, 1 if k > 1 else 0), 2.0)]
        jumps += [((k, stage), (k + 1, stage), 0.7) for stage in (1, 2) if k < 199]
    queue = sum(part * max(0, contacts - 1) for (contacts, _), part in long_run(jumps).items())
    assert pollaczek_khinchine(0.7, 1.0, math.sqrt(0.5)) == pytest.approx(queue / 0.7, rel=1e-9)


def test_pollaczek_khinchine_spans_constant_to_exponential_handling() -> None:
    exponential = ErlangC(servers=1, arrival_rate=0.003, mean_handling_time=300.0).mean_wait
    assert pollaczek_khinchine(0.003, 300.0, 1.0) == pytest.approx(exponential, rel=1e-12)
    assert pollaczek_khinchine(0.003, 300.0, 0.0) == pytest.approx(exponential / 2, rel=1e-12)


def test_priority_waits_equal_a_chain_of_both_queues() -> None:
    servers, first, second, most_high, most_low = 2, 0.5, 0.8, 30, 90
    jumps: list[tuple[Hashable, Hashable, float]] = [
        ("0 busy", "1 busy", first + second),
        ("1 busy", "0 busy", 1.0),
        ("1 busy", (0, 0), first + second),
    ]
    for high, low in itertools.product(range(most_high), range(most_low)):
        served: Hashable = (high - 1, low) if high else (0, low - 1) if low else "1 busy"
        jumps.append(((high, low), served, float(servers)))
        if high + 1 < most_high:
            jumps.append(((high, low), (high + 1, low), first))
        if low + 1 < most_low:
            jumps.append(((high, low), (high, low + 1), second))
    share = long_run(jumps)
    queues = np.array([np.multiply(q, part) for q, part in share.items() if isinstance(q, tuple)]).sum(axis=0)
    waits = priority_mean_waits(servers, (first, second), 1.0)
    np.testing.assert_allclose(waits, queues / (first, second), rtol=1e-7)


@given(st.integers(1, 40), st.lists(st.floats(0.001, 1), min_size=1, max_size=5), st.floats(0.05, 0.98))
def test_priorities_only_move_waiting_from_class_to_class(servers: int, shares: list[float], occupancy: float) -> None:
    rates = np.array(shares) / sum(shares) * occupancy * servers / 200
    waits = priority_mean_waits(servers, rates, 200.0)
    alike = ErlangC(servers=servers, arrival_rate=float(rates.sum()), mean_handling_time=200.0)
    assert rates @ waits / rates.sum() == pytest.approx(alike.mean_wait, rel=1e-9)
    assert np.all(np.diff(waits) >= 0)


# ---------------------------------------------------------------- formulas and refusals


@pytest.mark.parametrize("kind", [ErlangC, ErlangA, MMnG])
def test_every_measure_has_its_formula_beside_it(kind: type[SteadyState]) -> None:
    inputs = {"servers", "arrival_rate", "mean_handling_time", "formulas", "load", "service_level"}
    measures = {name for name in dir(SteadyState) if not name.startswith("_")} - inputs
    assert set(kind.formulas) == measures
    assert tuple(formulas.SERVICE_LEVEL) == DEFINITIONS


GOOD = {"servers": 10, "arrival_rate": 0.04, "mean_handling_time": 200.0, "mean_patience": 60.0}
NAN = math.nan


@pytest.mark.parametrize(
    ("wrong", "allowed"),
    [
        ({"servers": 2.5}, "servers is 2.5; it must be a whole number, 0 or more"),
        ({"servers": -1}, "servers is -1; it must be a whole number"),
        ({"arrival_rate": -0.1}, "arrival_rate is -0.1; .* contacts per second, 0 or more"),
        ({"arrival_rate": NAN}, "arrival_rate is nan"),
        ({"arrival_rate": math.inf}, "arrival_rate is inf"),
        ({"mean_handling_time": 0.0}, "mean_handling_time is 0.0; .* seconds above 0"),
        ({"mean_handling_time": NAN}, "mean_handling_time is nan"),
        ({"mean_patience": 0.0}, "mean_patience is 0.0; .* seconds above 0, or inf"),
        ({"mean_patience": NAN}, "mean_patience is nan"),
        ({"servers": 8, "mean_patience": math.inf}, "offered load of 8 erlangs; .* 9 or more servers"),
        ({"servers": 0, "mean_patience": math.inf}, "9 or more servers"),
    ],
)
def test_a_queue_that_cannot_be_is_refused(wrong: dict[str, Any], allowed: str) -> None:
    ErlangA(**GOOD)  # type: ignore[arg-type]  # one dictionary for whole and broken numbers
    with pytest.raises(ValueError, match=allowed):
        ErlangA(**(GOOD | wrong))


@pytest.mark.parametrize(
    ("call", "allowed"),
    [
        (lambda: erlang_b(-1, 2.0), "servers is -1"),
        (lambda: erlang_b(3, NAN), "load is nan; it must be a finite number of erlangs"),
        (lambda: erlang_b(np.array([3, 4]), np.array([1.0, -2.0])), "load is -2.0"),
        (lambda: erlang_c(0, 0.0), "1 or more servers"),
        (lambda: erlang_c(4, 4.0), "5 or more servers"),
        (lambda: erlang_c(np.array([9, 4]), 5.5), "servers is 4 .* 6 or more servers"),
        (lambda: offered_load(-1.0, 3.0), "arrival_rate is -1.0"),
        (lambda: ErlangC(servers=8, arrival_rate=0.04, mean_handling_time=200.0), "9 or more servers"),
        (lambda: chance_queue(3, 2, 1).wait_survival(-1.0), "wait is -1.0"),
        (lambda: chance_queue(3, 2, 1).answered_within(NAN), "acceptable_wait is nan"),
        (lambda: chance_queue(3, 2, 1).wait_quantile(1.0), "share is 1.0; .* above 0 and below 1"),
        (lambda: chance_queue(3, 2, 1).service_level(9, "best"), "definition is 'best'; .*: offered, "),  # type: ignore[arg-type]  # on purpose
        (lambda: chance_queue(3, 2, 1).service_level(9, "short abandons as met"), "short_abandon is None"),
        (
            lambda: chance_queue(3, 2, 1).service_level(9, "short abandons as met", short_abandon=10),
            "from 0 to the acceptable wait of 9 seconds",
        ),
        (lambda: Patience.deterministic(math.inf), "seconds is inf"),
        (lambda: Patience.gamma(60.0, 0.0), "cv is 0.0; it must be a finite number above 0"),
        (lambda: Patience(np.exp, np.exp, (5.0, 0.0)), r"jumps\[1\] is 0.0"),
        (
            lambda: MMnG(servers=1, arrival_rate=1, mean_handling_time=1, patience=60.0),  # type: ignore[arg-type]  # on purpose
            r"patience is 60.0; it must be a Patience, as in Patience.exponential\(60.0\)",
        ),
        (
            lambda: MMnG(
                servers=1, arrival_rate=1, mean_handling_time=1, patience=lambda t: np.exp(-np.floor(t * 1e5) / 6e6)
            ),
            "too rough to integrate near .* name the seconds at which it jumps",
        ),
        (
            lambda: MMnG(servers=0, arrival_rate=1, mean_handling_time=1, patience=Patience.exponential(1)),
            "servers is 0; it must be a whole number, 1 or more",
        ),
        (
            lambda: MMnG(servers=2, arrival_rate=1, mean_handling_time=1, patience=lambda t: t / (1 + t)),
            "falls from at most 1",
        ),
        (lambda: required_agents(0.1, 60.0), "no target; give at least one of service_level"),
        (lambda: required_agents(0.1, 60.0, service_level=0.8), "give both or neither"),
        (
            lambda: required_agents(0.1, 60.0, service_level=1.0, acceptable_wait=20),
            "service_level is 1.0; .* below 1",
        ),
        (lambda: required_agents(0.1, 60.0, asa=0.0), "asa is 0.0"),
        (lambda: required_agents(NAN, 60.0, asa=5.0), "arrival_rate is nan"),
        (lambda: square_root_staffing(10.0, 0.0), "probability_of_wait is 0.0"),
        (lambda: halfin_whitt(0.0), "beta is 0.0"),
        (lambda: garnett(NAN, 1.0), "beta is nan"),
        (lambda: pollaczek_khinchine(0.01, 100.0, 1.0), "2 or more servers"),
        (lambda: priority_mean_waits(2, (0.5, -0.1), 1.0), r"arrival_rates\[1\] is -0.1"),
        (lambda: priority_mean_waits(2, (1.5, 0.5), 1.0), "3 or more servers"),
    ],
)
def test_what_no_formula_can_answer_is_refused(call: Callable[[], object], allowed: str) -> None:
    with pytest.raises(ValueError, match=allowed):
        call()
