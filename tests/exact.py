"""Exact answers for small systems: Markov chains by linear algebra, in the long run, and by differential equations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.integrate import solve_ivp
from scipy.sparse.linalg import spsolve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

State = tuple[int, ...]
Transitions = Callable[[State], Iterable[tuple[float, State]]]
"""From a state to the states it may go to, each with its rate; a state may be named more than once."""


@dataclass(frozen=True, slots=True)
class StationaryChain:
    """A Markov chain in continuous time, in the long run."""

    states: list[State]
    probability: Floats

    def mean(self, value: Callable[[State], float]) -> float:
        """The long-run mean of a function of the state."""
        return float(self.probability @ [value(state) for state in self.states])


def stationary(start: State, transitions: Transitions) -> StationaryChain:
    """The long run of the chain on all states that can be reached from `start`."""
    index = {start: 0}
    states = [start]
    rates: list[tuple[int, int, float]] = []
    for state in states:  # grows while it is read
        for rate, target in transitions(state):
            if rate > 0:
                if target not in index:
                    index[target] = len(states)
                    states.append(target)
                rates.append((index[state], index[target], rate))
    sources, targets, values = zip(*rates, strict=True)
    shape = (len(states), len(states))
    flow = sparse.coo_array((values, (targets, sources)), shape=shape).tocsc()
    balance = flow - sparse.diags_array(flow.sum(axis=0), format="csc")
    # One balance equation follows from the others; instead, the first state is given a weight.
    weight = np.append(1.0, spsolve(balance[1:, 1:], -balance[1:, [0]].toarray().ravel()))
    probability = weight / weight.sum()
    return StationaryChain(states, probability)


def chat_chain(
    agents: int, rate: float, patience: float, slot_speed: tuple[float, ...], most_waiting: int
) -> StationaryChain:
    """Chats of exponential work (mean 1) with patient customers (exponential), agents who hold several at once.

    A state is the number waiting and the chats in hand of every agent, in rising order. A chat goes to the agent with
    the fewest; an agent with j chats finishes one at the rate j * slot_speed[j - 1].
    """
    slots = len(slot_speed)

    def transitions(state: State) -> Iterable[tuple[float, State]]:
        waiting, *hands = state
        if hands[0] < slots:
            yield rate, (waiting, *sorted((hands[0] + 1, *hands[1:])))
        elif waiting < most_waiting:
            yield rate, (waiting + 1, *hands)
        yield waiting / patience, (waiting - 1, *hands)
        for agent, held in enumerate(hands):
            if held:
                finish = held * slot_speed[held - 1]
                if waiting:
                    yield finish, (waiting - 1, *hands)
                else:
                    yield finish, (0, *sorted((*hands[:agent], held - 1, *hands[agent + 1 :])))

    return stationary((0,) * (agents + 1), transitions)


def overflow_chain(first: int, second: int, rate: float, speed: float) -> StationaryChain:
    """Lost calls with two groups: the second takes what the first cannot, at another speed.

    A state is the number of busy agents in each.
    """

    def transitions(state: State) -> Iterable[tuple[float, State]]:
        own, over = state
        if own < first:
            yield rate, (own + 1, over)
        elif over < second:
            yield rate, (own, over + 1)
        yield own, (own - 1, over)
        yield over * speed, (own, over - 1)

    return stationary((0, 0), transitions)


def interrupted_chain(
    agents: int,
    rate: float,
    patience: float,
    deferred_rate: float,
    deferred_patience: float,
    most_waiting: int,
) -> StationaryChain:
    """Live contacts that interrupt deferred work, which the same agent resumes; both may give up before they begin.

    A state is the agents on live work with nothing put aside, those with something put aside, those on deferred work,
    the live contacts waiting and the deferred ones not yet begun.
    """

    def transitions(state: State) -> Iterable[tuple[float, State]]:
        live, over, deferred, waiting, queue = state
        if live + over + deferred < agents:
            yield rate, (live + 1, over, deferred, 0, 0)
            yield deferred_rate, (live, over, deferred + 1, 0, 0)
        else:
            if deferred:
                yield rate, (live, over + 1, deferred - 1, 0, queue)
            elif waiting < most_waiting:
                yield rate, (live, over, 0, waiting + 1, queue)
            if queue < most_waiting:
                yield deferred_rate, (live, over, deferred, waiting, queue + 1)
        yield waiting / patience, (live, over, deferred, waiting - 1, queue)
        yield queue / deferred_patience, (live, over, deferred, waiting, queue - 1)
        if waiting:
            yield live + over, (live, over, 0, waiting - 1, queue)
        else:
            yield over, (live, over - 1, deferred + 1, 0, queue)
            if queue:
                yield live, (live - 1, over, deferred + 1, 0, queue - 1)
                yield deferred, (live, over, deferred, 0, queue - 1)
            else:
                yield live, (live - 1, over, deferred, 0, 0)
                yield deferred, (live, over, deferred - 1, 0, 0)

    return stationary((0, 0, 0, 0, 0), transitions)


def reserve_chain(
    agents: int, reserve: int, rate: float, deferred_rate: float, deferred_patience: float, most_waiting: int
) -> StationaryChain:
    """Live contacts that are lost unless served at once, and deferred ones begun while enough agents are idle.

    A state is the busy agents and the deferred contacts not yet begun.
    """

    def transitions(state: State) -> Iterable[tuple[float, State]]:
        busy, queue = state
        if busy < agents:
            yield rate, (busy + 1, queue)
        if busy < agents - reserve:
            yield deferred_rate, (busy + 1, 0)
        elif queue < most_waiting:
            yield deferred_rate, (busy, queue + 1)
        yield queue / deferred_patience, (busy, queue - 1)
        if queue and busy <= agents - reserve:
            yield busy, (busy, queue - 1)
        else:
            yield busy, (busy - 1, queue)

    return stationary((0, 0), transitions)


@dataclass(frozen=True, slots=True)
class TimeVarying:
    """Expected time integrals, each [interval]."""

    waiting: Floats
    busy: Floats
    """Marked agents included."""
    overtime: Floats
    """Marked agents only."""


def time_varying_queue(
    rate: Callable[[float], float],
    edges: Floats,
    staffing: Sequence[int],
    patience: float,
    present: int,
    most_present: int,
) -> TimeVarying:
    """M(t)/M/s(t)+M by its differential equations, where agents told to leave finish the work in hand (R16, R17).

    `present` contacts are there at the start. The state is the number of contacts that wait or are with unmarked
    agents, and that of marked agents. Within an interval the second is a pure death process of its own; at a boundary
    the two exchange. More than `most_present` contacts must be next to impossible.
    """
    most_marked = sum(max(before - after, 0) for before, after in pairwise(staffing))
    probability = np.zeros((most_present + 1, most_marked + 1))
    probability[present, 0] = 1.0
    integrals = []
    agents = staffing[0]
    for (start, end), wanted in zip(pairwise(edges), staffing, strict=True):
        probability = _change_staffing(probability, agents, wanted)
        agents = wanted
        integral, probability = _play_interval(probability, rate, start, end, agents, patience)
        integrals.append(integral)
    waiting, unmarked, overtime = np.array(integrals).T
    return TimeVarying(waiting, unmarked + overtime, overtime)


def _change_staffing(probability: Floats, agents: int, wanted: int) -> Floats:
    """[present, marked] after a boundary: idle agents leave before busy ones are marked; marked agents stay first."""
    changed = np.zeros_like(probability)
    for (here, marked), chance in np.ndenumerate(probability):
        fewer = max(min(here, agents) - wanted, 0)
        moved = fewer if wanted < agents else -min(marked, wanted - agents)
        if chance > 0:
            changed[min(here - moved, len(changed) - 1), marked + moved] += chance
    return changed


def _play_interval(
    probability: Floats, rate: Callable[[float], float], start: float, end: float, agents: int, patience: float
) -> tuple[Floats, Floats]:
    """The integrals of the expected numbers waiting, busy unmarked and marked, and [present, marked] at the end."""
    here, marked = (np.arange(count) for count in probability.shape)
    waiting, busy = np.maximum(here - agents, 0), np.minimum(here, agents)
    come = np.eye(len(here), k=-1) - np.diag(np.append(np.ones(len(here) - 1), 0.0))
    gone = busy + waiting / patience
    go = np.diag(gone[1:], k=1) - np.diag(gone)
    finish = np.diag(marked[1:], k=-1) - np.diag(marked)

    def slope(now: float, state: Floats) -> Floats:
        chance = state[3:].reshape(probability.shape)
        of_here, of_marked = chance.sum(axis=1), chance.sum(axis=0)
        change = (rate(now) * come + go) @ chance + chance @ finish
        return np.concatenate(([waiting @ of_here, busy @ of_here, marked @ of_marked], change.ravel()))

    state = np.concatenate((np.zeros(3), probability.ravel()))
    solved = solve_ivp(slope, (start, end), state, method="DOP853", rtol=1e-9, atol=1e-12).y[:, -1]
    return solved[:3], solved[3:].reshape(probability.shape)
