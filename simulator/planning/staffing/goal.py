"""What a plan has to hold: the targets of some channels, over which period, in expectation or with a probability.

The three periods are three contracts. In expectation, a target kept in every interval is kept on the day, and one kept
every day is kept over the horizon, but not the other way round: over a day, a good morning makes up for a bad noon.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

import numpy as np

from simulator.measures import ratio
from simulator.scenario.errors import unknown
from simulator.scenario.model import TargetPeriod

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.measures import Yardstick
    from simulator.planning.staffing.evaluator import Played
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Goal:
    """The targets that a plan keeps, and what it keeps beside them.

    In expectation, a channel's target is kept in a period if the share of contacts within it, all replications added
    up, is that of the target or more. With a probability, if at least that share of replications keep it in that
    period; one with nobody to judge counts among those. A period without anybody to judge keeps the goal.

    A period owns the contacts that arrive in it; the starting backlog belongs to the period "horizon" only.
    """

    channels: tuple[int, ...]
    shares: tuple[float, ...]
    """[channel of the goal] Share of contacts that have to be within the target."""
    period: TargetPeriod
    probability: float | None = None
    """None: in expectation."""
    occupancy_cap: float | None = None
    """Most that a group's busy time may be of its time on duty and in overtime, per period, all replications added up;
    a group with nobody there keeps it."""
    minimum: tuple[int, ...] = ()
    """[group] Agents at least, wherever the group may be planned; empty: none."""

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        channels: Sequence[str] = (),
        period: TargetPeriod = "interval",
        probability: float | None = None,
        *,
        occupancy_cap: float | None = None,
        minimum: Mapping[str, int] | None = None,
    ) -> Goal:
        """The scenario's own targets on these channels, by default on all of them.

        Parameters
        ----------
        minimum
            By group: agents at least, wherever it may be planned.

        Raises
        ------
        ValueError
            If there is no such channel, group or period, or a number is out of range.
        """
        names = [channel.name for channel in scenario.channels]
        groups = [group.name for group in scenario.groups]
        for kind, asked, known in (
            ("channel", channels, names),
            ("period", [period], list(get_args(TargetPeriod))),
            ("group", list(minimum or ()), groups),
        ):
            for name in asked:
                if name not in known:
                    raise ValueError(unknown(kind, name, known))
        for what, share in (("A probability", probability), ("An occupancy cap", occupancy_cap)):
            if share is not None and not 0 < share <= 1:
                msg = f"{what} of {share}: it must be above 0 and at most 1."
                raise ValueError(msg)
        for name, agents in (minimum or {}).items():
            if agents < 0:
                msg = f"A minimum of {agents} for {name}: it must be 0 or more."
                raise ValueError(msg)
        chosen = tuple(dict.fromkeys(names.index(name) for name in channels or names))
        return cls(
            chosen,
            tuple(scenario.channels[c].target.share for c in chosen),
            period,
            probability,
            occupancy_cap,
            tuple(minimum.get(name, 0) for name in groups) if minimum else (),
        )

    def with_shares(self, shares: Sequence[float]) -> Goal:
        """The same with other shares [channel of the goal]."""
        return replace(self, shares=tuple(float(share) for share in shares))

    def judged(self, played: Played) -> Floats:
        """[replication, channel of the goal, period] Contacts that the target judges."""
        return self._by_period(played.yardstick, played.judged, played.backlog_judged)

    def met(self, played: Played) -> Floats:
        """[replication, channel of the goal, period] Those of them that are within it."""
        return self._by_period(played.yardstick, played.met, played.backlog_met)

    def attained(self, played: Played) -> Floats:
        """[channel of the goal, period] What the goal asks a level of: the share within the target, or P(target met).

        nan where nobody is judged.
        """
        met, judged = self.met(played), self.judged(played)
        if self.probability is None:
            return ratio(met.sum(axis=0), judged.sum(axis=0))
        kept = ~(ratio(met, judged) < np.array(self.shares)[:, None])
        return np.where(judged.any(axis=0), kept.mean(axis=0), np.nan)

    @property
    def level(self) -> Floats:
        """[channel of the goal] The least that `attained` may be."""
        return np.array(self.shares if self.probability is None else [self.probability] * len(self.channels))

    def kept(self, played: Played) -> Bools:
        """[channel of the goal, period] Whether the target is kept."""
        return ~(self.attained(played) < self.level[:, None])

    def occupancy(self, played: Played) -> Floats:
        """[group, period] Busy time over time on duty and in overtime; nan where nobody is planned.

        Intervals in which nobody is planned are left out: whoever finishes there what is in hand is always busy.
        """
        first = played.yardstick.first_intervals(self.period)
        planned = played.staffing > 0
        busy, there = (
            np.add.reduceat(part.sum(axis=0) * planned, first, axis=-1)
            for part in (played.busy, played.staffed + played.overtime)
        )
        return ratio(busy, there)

    def is_kept(self, played: Played) -> bool:
        """Whether a staffing keeps all of the goal on the replications that it was played on."""
        return bool(
            self.kept(played).all()
            and (self.occupancy_cap is None or not (self.occupancy(played) > self.occupancy_cap).any())
        )

    def _by_period(self, yardstick: Yardstick, by_interval: Floats, backlog: Floats) -> Floats:
        chosen = list(self.channels)
        found = np.add.reduceat(by_interval[:, chosen], yardstick.first_intervals(self.period), axis=-1)
        if self.period == "horizon":
            found += backlog[:, chosen, None]
        return found
