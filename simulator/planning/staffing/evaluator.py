"""Plays any staffing of one scenario on the same customers, and says only what planning asks.

The customers of a replication are drawn once and kept. Whatever the staffing, replication r has the same ones, and the
same luck of absence for the k-th agent of a day (`presence`), so that two staffings differ by what they are and not by
luck. All else follows the scenario: who is on call and called, what newcomers have learnt, when channels are open.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from simulator.engine import centre_of, simulate
from simulator.experiment.customers import Customers
from simulator.measures import ONLY_SUMS, AgentTally, ContactTally, Yardstick, summarise, sums, target_measure
from simulator.measures.measure import add_up
from simulator.measures.tallies import ROW
from simulator.presence import Presence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.engine import Centre
    from simulator.measures.measure import Table
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MOST_BYTES = 1_000_000_000
"""Of customers that are kept."""


@dataclass(frozen=True, slots=True)
class Played:
    """How one staffing fared. An interval owns the contacts that arrive in it, whenever they are answered.

    Sums over replications, intervals and days are sums over these arrays.
    """

    yardstick: Yardstick
    """Of the scenario as it is; its planned presence is not that of the staffing."""
    staffing: Ints
    """[group, interval] Agents planned."""
    met: Floats
    """[replication, channel, interval] Contacts that the channel's target counts as kept, by its own definition."""
    judged: Floats
    """[replication, channel, interval] Contacts that it counts at all."""
    backlog_met: Floats
    """[replication, channel] The same of the starting backlog, which is in no interval."""
    backlog_judged: Floats
    """[replication, channel]"""
    busy: Floats
    """[replication, group, interval] Agent-seconds with a contact in hand, overtime included."""
    staffed: Floats
    """[replication, group, interval] Agent-seconds on duty: planned less who is absent or not called."""
    overtime: Floats
    """[replication, group, interval] Agent-seconds after the end of duty, to finish what is in hand."""
    left: Floats
    """[replication, channel, interval] Contacts of deferred channels that are open at the end of the horizon."""
    backlog_left: Floats
    """[replication, channel] The same of the starting backlog."""
    may_be_left: Floats
    """[replication, channel] What the scenario's own staffing leaves of the same customers, or the starting backlog, if
    that is more; 0 for live channels."""

    @property
    def replications(self) -> int:
        """How many futures were played."""
        return len(self.met)

    def first(self, replications: int) -> Played:
        """The same as it was after so many replications."""
        by_replication = {
            each.name: getattr(self, each.name)[:replications]
            for each in fields(self)
            if each.name not in ("yardstick", "staffing")
        }
        return replace(self, **by_replication)


def with_staffing(scenario: Scenario, staffing: Ints) -> Scenario:
    """The scenario with these agents planned instead of its own.

    Parameters
    ----------
    staffing
        [group, interval] Agents on duty.

    Raises
    ------
    ValueError
        If it has another shape, or fewer agents than none.
    """
    shape = (len(scenario.groups), scenario.calendar.intervals)
    if np.shape(staffing) != shape:
        msg = f"The staffing has shape {np.shape(staffing)}; it must be [group, interval] = {shape}."
        raise ValueError(msg)
    if (staffing < 0).any():
        g, i = np.argwhere(staffing < 0)[0]
        msg = f"{scenario.groups[g].name} has {staffing[g, i]} agents in interval {i}; there cannot be fewer than none."
        raise ValueError(msg)
    groups = tuple(
        replace(group, staffing=tuple(int(agents) for agents in row))
        for group, row in zip(scenario.groups, staffing, strict=True)
    )
    return replace(scenario, groups=groups)


@dataclass(frozen=True)
class Evaluator:
    """A scenario whose staffing is open, and the futures that every staffing is tried on.

    Two evaluators of one seed have the same customers; the number of workers changes no figure.
    """

    scenario: Scenario
    replications: int
    seed: int
    workers: int = 1
    """Replications played at the same time, each in a thread."""

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        for name in ("replications", "workers"):
            if getattr(self, name) < 1:
                msg = f"{name} is {getattr(self, name)}; it must be at least 1."
                raise ValueError(msg)

    def first(self, replications: int) -> Evaluator:
        """Fewer of the same futures, for a look that may be rough."""
        fewer = Evaluator(self.scenario, replications, self.seed, self.workers)
        fewer.__dict__["_customers"] = self._customers  # drawn once for both
        fewer.__dict__["may_be_left"] = self.may_be_left[:replications]
        return fewer

    def on_fresh_seed(self, seed: int, replications: int | None = None) -> Evaluator:
        """The same scenario on other futures, for a figure that nothing was fitted on."""
        return Evaluator(self.scenario, replications or self.replications, seed, self.workers)

    @cached_property
    def yardstick(self) -> Yardstick:
        """What the scenario is judged by."""
        return Yardstick.of(self.scenario)

    def evaluate(self, staffing: Ints) -> Played:
        """Play one staffing.

        Raises
        ------
        ValueError
            As `with_staffing`.
        """
        return self.evaluate_all([staffing])[0]

    def evaluate_all(self, staffings: Sequence[Ints]) -> list[Played]:
        """Play several staffings; threads have more to share than with one after the other."""
        presences = [Presence(with_staffing(self.scenario, each)) for each in staffings]
        if not presences:
            return []
        may_be_left = self.may_be_left
        parts = self._all_played(presences)
        return [
            Played(self.yardstick, presence.planned, *(*of_it, may_be_left))
            for presence, of_it in zip(presences, parts, strict=True)
        ]

    @cached_property
    def may_be_left(self) -> Floats:
        """[replication, channel] See `Played`; played only where there are deferred channels."""
        most = np.tile([float(each.backlog) for each in self.scenario.channels], (self.replications, 1))
        if self.yardstick.live.all():
            return most
        _, _, _, _, _, _, _, left, backlog_left = self._all_played([Presence(self.scenario)])[0]
        return np.asarray(np.maximum(most, left.sum(axis=2) + backlog_left))

    def _all_played(self, presences: Sequence[Presence]) -> list[tuple[Floats, ...]]:
        """For each, the fields of `Played` from `met` to `backlog_left`."""
        jobs = [(presence, number) for presence in presences for number in range(self.replications)]
        first = self._replication(*jobs[0])
        from simulator.jit import remember_compiled  # here, because it loads Numba

        remember_compiled()
        if self.workers > 1:
            with ThreadPoolExecutor(self.workers) as threads:
                rest = list(threads.map(lambda job: self._replication(*job), jobs[1:]))
        else:
            rest = [self._replication(*job) for job in jobs[1:]]
        done = [first, *rest]
        return [
            tuple(
                np.array([each[part] for each in done[k * self.replications : (k + 1) * self.replications]])
                for part in range(len(first))
            )
            for k in range(len(presences))
        ]

    @cached_property
    def _customers(self) -> Customers:
        return Customers(self.scenario, MOST_BYTES)

    @cached_property
    def _centre(self) -> Centre:
        return centre_of(self.scenario)

    def _replication(self, presence: Presence, number: int) -> tuple[Floats, ...]:
        """The fields of `Played` from `met` to `backlog_left`, of one replication."""
        contacts, _ = self._customers.draw_diverted(self.seed, number)
        records, ledger = simulate(self._centre, contacts, presence.draw(self.seed, number))
        summary = summarise(self.yardstick, contacts, records, ledger, wanted=ONLY_SUMS)
        channels, _, _, intervals = self.yardstick.shape

        def backlog_cells(table: Table, row: int) -> Floats:
            part: Floats = getattr(summary, table)[row][..., -1:]
            return part

        met, judged = np.zeros((2, channels, intervals))
        backlog_met, backlog_judged = np.zeros((2, channels))
        for c, target in enumerate(self.yardstick.targets):
            measure = target_measure(target, live=bool(self.yardstick.live[c]))
            met[c], judged[c] = (part[c] for part in sums(measure, summary, ("channel", "interval")))
            of_backlog = add_up(measure, self.yardstick, backlog_cells, ("channel",))
            backlog_met[c], backlog_judged[c] = (part[c] for part in of_backlog)
        agents = (summary.agents[ROW[tally]] for tally in (AgentTally.BUSY, AgentTally.STAFFED, AgentTally.OVERTIME))
        is_open = summary.by_interval[ROW[ContactTally.OPEN]] * ~self.yardstick.live[:, None]
        return (met, judged, backlog_met, backlog_judged, *agents, is_open[:, :-1], is_open[:, -1])
