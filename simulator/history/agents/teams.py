"""Agents alike in skills, as groups of a scenario with staffing by weekday and interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.logs.zone import Zone
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.agents.trained import Trained
    from simulator.history.logs import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Teams:
    """Groups of agents. The first dimension is the group; the one with most presence is the first."""

    skills: Bools
    """[group, queue] Whether its agents take calls of the queue."""
    members: Ints
    """[group] Different agents that belong to it."""
    staffing: Floats
    """[group, weekday, interval] Mean number of agents there to take calls, over the days of that weekday on which
    anybody was; Monday is 0."""
    step: int
    """Seconds of an interval; the first begins at midnight."""
    available: float
    """Share of that presence in which agents are in a call or ready for one: what is left is pauses after calls."""


def teams(calls: Calls, trained: Trained, *, most: int = 8, step: int = 1800) -> Teams:
    """Gather the agents into at most `most` groups of like skills, with their usual staffing on the training days.

    Groups are merged two by two, those first whose merging changes least (Ward 1963), each agent weighted by its time
    there and each queue by its calls. A group has a skill that its agents had at least half of their time; a queue that
    would have no group is taken by the one whose agents answered most of its calls.

    Raises
    ------
    ValueError
        If no agent was there on any training day, or if `most` is not positive.
    """
    if most < 1:
        msg = f"There must be one group at least, not {most}."
        raise ValueError(msg)
    known = calls.where(np.isin(calls.day, trained.days) & calls.served)
    presence = _presence(known, trained, step)
    there = presence.sum(axis=(1, 2))
    agents = np.flatnonzero(there > 0)
    if not len(agents):
        msg = "No agent was there on any of the training days."
        raise ValueError(msg)
    volume = np.bincount(known.queue, minlength=len(known.queues)) / len(known)
    group = _merged(trained.skills[agents].astype(np.float64), there[agents], volume, most)
    groups = int(group.max()) + 1
    weight = np.bincount(group, there[agents], groups)
    had = np.zeros((groups, len(known.queues)))
    np.add.at(had, group, trained.skills[agents] * there[agents, None])
    skills = had >= 0.5 * weight[:, None]
    _nobody_left_out(skills, known, dict(zip(agents.tolist(), group.tolist(), strict=True)))
    staffing = np.zeros((groups, *presence.shape[1:]))
    np.add.at(staffing, group, presence[agents])
    order = np.argsort(-weight, kind="stable")
    # What pauses take away is seen in the training days' own work.
    work, pause = float(np.nanmean(known.worked)), float(trained.pauses.mean())
    return Teams(
        skills=skills[order],
        members=np.bincount(group, minlength=groups)[order],
        staffing=staffing[order],
        step=step,
        available=trained.availability * work / (work + pause),
    )


def _presence(known: Calls, trained: Trained, step: int) -> Floats:
    """[agent, weekday, interval] Mean presence in agents."""
    presence = np.zeros((len(known.agents) * 7, -(-DAY // step)))
    days = np.unique(known.day)
    spells = trained.attendance(known)
    weekday = (spells.day - 1) % 7
    day, clock = Zone(known.timezone).local(spells.start)
    begin = clock + DAY * (day - spells.day)
    end = begin + (spells.end - spells.start)
    row = spells.agent * 7 + weekday
    for interval in range(presence.shape[1]):  # one at a time: a year has a million spells
        from_, to = interval * step, (interval + 1) * step
        met = np.flatnonzero((begin < to) & (end > from_))
        there = np.minimum(end[met], to) - np.maximum(begin[met], from_)
        presence[:, interval] = np.bincount(row[met], there / step, minlength=len(presence))
    days_of = np.maximum(np.bincount((days - 1) % 7, minlength=7), 1)
    return presence.reshape(len(known.agents), 7, -1) / days_of[None, :, None]


def _merged(skills: Floats, weight: Floats, volume: Floats, most: int) -> Ints:
    """[agent] Number of its group, from 0."""
    kinds, group = np.unique(skills, axis=0, return_inverse=True)
    group = group.ravel()
    centre, mass = kinds.copy(), np.bincount(group, weight)
    while len(centre) > most:
        apart = (volume * (centre[:, None, :] - centre[None, :, :]) ** 2).sum(axis=2)
        cost = apart * mass[:, None] * mass[None, :] / (mass[:, None] + mass[None, :])
        cost[np.tril_indices(len(centre))] = np.inf
        kept, gone = np.unravel_index(int(cost.argmin()), cost.shape)
        centre[kept] = np.average(centre[[kept, gone]], axis=0, weights=mass[[kept, gone]])
        mass[kept] += mass[gone]
        centre, mass = np.delete(centre, gone, axis=0), np.delete(mass, gone)
        group = np.where(group == gone, kept, group)
        group -= group > gone
    return group.astype(np.int64)


def _nobody_left_out(skills: Bools, known: Calls, group_of: dict[int, int]) -> None:
    """Give each queue that was answered and has no group the one whose agents answered most of its calls."""
    for queue in np.flatnonzero(~skills.any(axis=0)):
        by = [group_of[agent] for agent in known.agent[known.queue == queue].tolist() if agent in group_of]
        if by:
            skills[np.bincount(by).argmax(), queue] = True
