"""Where the search begins: agents enough for the offered load, as if work were a liquid, and some more.

A linear programme gives the load of each interval to the groups that may serve it, at the least cost. Work of live
channels is done in the interval in which it comes, that of deferred ones between arrival and due time, and before the
end but for what may be left.

How many more live channels need is not known before it is played: there is a staffing for each of some margins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds as Box
from scipy.optimize import LinearConstraint
from scipy.sparse import csr_array, vstack

from simulator.demand.load import expected_at_agents, offered_work
from simulator.experiment import run
from simulator.planning.highs import milp
from simulator.planning.staffing.evaluator import with_staffing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.planning.staffing.bounds import Bounds
    from simulator.planning.staffing.evaluator import Evaluator
    from simulator.planning.staffing.pay import Pay
    from simulator.scenario.model import Channel, Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

MARGIN = 1.2
"""Agents above the load of a live channel, times the root of the load: the square-root rule."""
LESS = (0.8, 0.5, 0.3)
"""Margins with which fewer agents may do."""
_LOOKS = 3
"""Replications from which the load is taken."""
_RISE = 0.05
"""Of an agent's price, what one costs who was not there in the interval before: of all times that are as good for work
that may wait, even ones are taken."""
_UNCOVERED = 100.0
"""Price of load that nobody is there for, in prices of an agent."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Contacts of a channel whose topics the same groups may serve."""

    channel: int
    share: Floats
    """[interval] Of the channel's load."""
    rate: Floats
    """[group, interval] Work that an agent does per second with full hands; 0 where the group is of no help in time."""


def first_staffings(
    evaluator: Evaluator, bounds: Bounds, pay: Pay, leftover: Sequence[int] = (), *, flexible: bool = False
) -> list[Ints]:
    """[group, interval] Staffings to begin with, within the bounds: first one that is enough as a rule, then fewer.

    The load is first that of the demand alone, then, with agents for it, the load that is seen: customers who come
    again are in it.

    Parameters
    ----------
    leftover
        Channels of which no more may be left at the end than `Played.may_be_left`.
    flexible
        Whether to begin with agents of many skills where there is a choice, cheap or dear: a liquid knows nothing of
        what it is worth to help out.
    """
    scenario = evaluator.scenario
    if flexible:
        skills = np.array([len({skill.channel for skill in group.skills}) for group in scenario.groups])
        pay = replace(pay, hour=pay.hour / np.maximum(skills, 1))
    most_left = np.full(len(scenario.channels), np.inf)
    most_left[list(leftover)] = evaluator.may_be_left.mean(axis=0)[list(leftover)]
    begun = covering(scenario, offered_work(scenario), bounds, pay, most_left)
    seen = run(
        with_staffing(scenario, begun), replications=_LOOKS, seed=evaluator.seed, workers=evaluator.workers
    ).estimate("offered_load", ("channel", "interval"))
    return [covering(scenario, seen.value, bounds, pay, most_left, margin) for margin in (MARGIN, *LESS)]


def covering(
    scenario: Scenario,
    load: Floats,
    bounds: Bounds,
    pay: Pay,
    most_left: Floats | None = None,
    margin: float = MARGIN,
) -> Ints:
    """[group, interval] The cheapest agents for a load [channel, interval] in erlangs, rounded up.

    What cannot be covered within the bounds is left uncovered, as little of it as can be. Who is on call counts for
    nothing, for it may not be called.

    Parameters
    ----------
    most_left
        [channel] Contacts that may be undone at the end; by default all that are not due then.
    margin
        Agents above the load of a live channel, times the root of the load.
    """
    liquid = liquid_covering(scenario, load, bounds, pay, most_left=most_left, margin=margin)
    return bounds.within(np.ceil(liquid.agents - 1e-6).astype(np.int64))


@dataclass(frozen=True, slots=True)
class Liquid:
    """Agents in fractions, as the linear programme has them."""

    agents: Floats
    """[group, interval]"""
    uncovered: float
    """Seconds of work that nobody is there for."""


def liquid_covering(
    scenario: Scenario,
    load: Floats,
    bounds: Bounds,
    pay: Pay,
    *,
    most_left: Floats | None = None,
    margin: float = MARGIN,
    at_once: bool = False,
    nothing_left: bool = False,
    rise: float = _RISE,
) -> Liquid:
    """The cheapest agents for a load [channel, interval] in erlangs.

    Parameters
    ----------
    most_left, margin
        As for `covering`.
    at_once
        Whether deferred work is done as that of live channels is: in the interval in which it comes, or in which the
        first who may do it comes on duty, and with the same reserve for chance.
    nothing_left
        Whether all work that comes while somebody may still come on duty is done, and done within the horizon: neither
        is any left uncovered because it falls due at night, nor left for later because it may be.
    rise
        Of an agent's price, what one costs who was not there in the interval before.
    """
    groups, intervals = bounds.most.shape
    kinds = kinds_of(scenario)
    lengths = np.diff(scenario.calendar.edges)
    need = np.array([load[kind.channel] * kind.share for kind in kinds])
    live = np.array([at_once or scenario.channels[kind.channel].kind == "live" for kind in kinds])
    if at_once:
        need = np.array([_moved(row, kind, bounds) for row, kind in zip(need, kinds, strict=True)])
    work = (need + np.where(live[:, None], margin * np.sqrt(need), 0.0)) * lengths
    may_wait = np.array([_may_wait(scenario, kind.channel, row) for kind, row in zip(kinds, work, strict=True)])
    for c, most in enumerate([] if most_left is None else most_left.tolist()):
        of_channel = [k for k, kind in enumerate(kinds) if kind.channel == c]
        at_end = float(may_wait[of_channel, -1].sum())
        if at_end > 0 and np.isfinite(most):
            may_wait[of_channel, -1] *= min(1.0, most * _mean_work(scenario.channels[c]) / at_end)
    if at_once:
        may_wait[:] = 0.0
    for row, may, kind in zip(work, may_wait, kinds, strict=True):
        backlog = kind.share[0] * _backlog_work(scenario.channels[kind.channel])
        on_duty = _on_duty(kind, bounds)
        if nothing_left and on_duty.any():
            first, last = np.flatnonzero(on_duty)[[0, -1]]
            may[~on_duty] = np.inf
            may[-1] = row[last + 1 :].sum()
            row[first] += backlog
        else:
            row[0] += backlog

    # Columns: agents [group, interval]; those at work on a kind [kind, group, interval]; seconds of it that nobody is
    # there for [kind, interval]; seconds that are left for the next interval [kind, interval]; agents more than in the
    # interval before [group, interval].
    sizes = (
        (groups, intervals),
        (len(kinds), groups, intervals),
        (len(kinds), intervals),
        (len(kinds), intervals),
        (groups, intervals),
    )
    ends = np.cumsum([0, *(int(np.prod(size)) for size in sizes)])
    agents, at_work, bare, left, more = (
        np.arange(start, end).reshape(size) for start, end, size in zip(ends[:-1], ends[1:], sizes, strict=True)
    )
    price, lower, upper = np.zeros(ends[-1]), np.zeros(ends[-1]), np.full(ends[-1], np.inf)
    price[agents], price[more] = pay.agent, rise * pay.agent
    price[bare] = _UNCOVERED * float((pay.agent / lengths).max())
    on_call = np.array([group.on_call is not None for group in scenario.groups])[:, None]
    lower[agents], upper[agents] = bounds.least, bounds.most
    upper[at_work] = np.where(np.array([kind.rate for kind in kinds]) > 0, np.inf, 0.0)
    upper[left] = may_wait
    there = np.array([1.0 - group.absence for group in scenario.groups])[:, None]
    each = np.ones((groups, intervals))
    not_first = np.where(np.arange(intervals) > 0, 1.0, 0.0)
    # No more are at work than are there; and none is more than before who is not counted as that.
    at_most = vstack(
        (
            _table([(agents, np.where(on_call, 0.0, -there) * each), *((row, each) for row in at_work)], ends[-1]),
            _table([(agents, each), (np.roll(agents, 1, axis=1), -not_first * each), (more, -each)], ends[-1]),
        ),
        format="csr",
    )
    # What comes and was left before is worked on, uncovered, or left.
    rates = np.array([kind.rate for kind in kinds]) * lengths
    in_all = _table(
        [
            *((at_work[:, g], rates[:, g]) for g in range(groups)),
            (bare, np.ones(bare.shape)),
            (left, np.ones(left.shape)),
            (np.roll(left, 1, axis=1), -not_first * np.ones(left.shape)),
        ],
        ends[-1],
    )
    found = milp(  # without whole numbers: a linear programme
        price,
        bounds=Box(lower, upper),
        constraints=[LinearConstraint(at_most, -np.inf, 0.0), LinearConstraint(in_all, work.ravel(), work.ravel())],
    )
    assert found.x is not None, found.message  # what is left uncovered makes it solvable, and prices make it finite
    return Liquid(found.x[agents], float(found.x[bare].sum()))


def _on_duty(kind: Kind, bounds: Bounds) -> Bools:
    """[interval] Where somebody may be there for it."""
    return np.asarray(((kind.rate > 0) & (bounds.most > 0)).any(axis=0))


def _moved(need: Floats, kind: Kind, bounds: Bounds) -> Floats:
    """[interval] The load, that of the night put into the first interval in which somebody may be there for it.

    What comes after the last such interval is left to the day after the horizon.
    """
    (there,) = np.nonzero(_on_duty(kind, bounds))
    if not len(there):
        return need
    place = np.searchsorted(there, np.arange(len(need)))
    in_time = place < len(there)
    moved = np.zeros_like(need)
    np.add.at(moved, there[place[in_time]], need[in_time])
    return moved


def kinds_of(scenario: Scenario) -> list[Kind]:
    """The contacts of a scenario by what may become of them."""
    expected = expected_at_agents(scenario)
    kinds = []
    for c, channel in enumerate(scenario.channels):
        held = [(k + 1) * speed for k, speed in enumerate(channel.slot_speed)]
        work = {each.topic: expected[c, each.topic] * each.handling_time.mean for each in channel.types}
        whole = sum(work.values(), start=np.zeros(scenario.calendar.intervals))
        sharing: dict[tuple[float, ...], list[int]] = {}
        for topic in work:
            speeds = [0.0] * len(scenario.groups)
            for g, group in enumerate(scenario.groups):
                for skill in group.skills:
                    in_time = channel.kind == "deferred" or skill.overflow_after < channel.target.within
                    if skill.channel == c and topic in skill.topics and in_time:
                        speeds[g] = skill.speed * max(held[: skill.slots])
            sharing.setdefault(tuple(speeds), []).append(topic)
        for speeds_of, topics in sharing.items():
            part = sum((work[topic] for topic in topics), start=np.zeros(scenario.calendar.intervals))
            share = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
            kinds.append(Kind(c, share, np.array(speeds_of)[:, None] * scenario.pace))
    return kinds


def _table(terms: list[tuple[Ints, Floats]], columns: int) -> csr_array:
    """One row for each place of the terms, which are columns and coefficients of one shape."""
    rows = np.arange(terms[0][0].size)
    where = (np.tile(rows, len(terms)), np.concatenate([column.ravel() for column, _ in terms]))
    return csr_array((np.concatenate([values.ravel() for _, values in terms]), where), shape=(len(rows), columns))


def _may_wait(scenario: Scenario, c: int, work: Floats) -> Floats:
    """[interval] Seconds of a channel's work that may be left at the end of each interval."""
    channel, edges = scenario.channels[c], scenario.calendar.edges
    if channel.kind == "live":
        return np.zeros(len(work))
    hours = channel.hours if channel.target.open_time else None
    due = scenario.calendar.due_times(edges[:-1], channel.target.within, hours)
    # What came by then and is not due by then.
    came = np.concatenate(([0.0], work.cumsum()))
    of_backlog = np.where(edges[1:] < channel.target.within, _backlog_work(channel), 0.0)
    may: Floats = came[1:] - came[np.minimum(np.searchsorted(due, edges[1:], side="right"), np.arange(1, len(came)))]
    return may + of_backlog


def _backlog_work(channel: Channel) -> float:
    """Seconds of work in a channel's starting backlog."""
    return channel.backlog * _mean_work(channel)


def _mean_work(channel: Channel) -> float:
    """Seconds of work that a contact brings, mean over its topics."""
    return float(sum(each.share * each.handling_time.mean for each in channel.types))
