"""What a plan has to hold: the targets of some channels, over which period, in expectation or with a probability.

The three periods are three contracts. In expectation, a target kept in every interval is kept on the day, and one kept
every day is kept over the horizon, but not the other way round: over a day, a good morning makes up for a bad noon.
Every channel has a period of its own: who is on the line feels the quarter of an hour, a message has a due time.

A period is named by its first interval. So whatever is told by period stands in an array by interval, in which nothing
is judged where no period begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

import numpy as np

from simulator.measures import ratio
from simulator.scenario.errors import unknown
from simulator.scenario.model import TargetPeriod

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.measures import Yardstick
    from simulator.planning.staffing.evaluator import Played
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

BY_KIND: Mapping[str, TargetPeriod] = {"live": "interval", "deferred": "day"}
"""Over which period the targets of a kind of channel are kept, if nothing else is said."""
SHORTEST_FIRST = get_args(TargetPeriod)
ROUNDING = 1e-9
"""A mean that is beyond its limit by less than this is at it."""


@dataclass(frozen=True, slots=True)
class Goal:
    """The targets that a plan keeps, and what it keeps beside them.

    In expectation, a channel's target is kept in a period if the share of contacts within it, all replications added
    up, is that of the target or more. With a probability, if at least that share of replications keep it in that
    period; one with nobody to judge counts among those. A period without anybody to judge keeps the goal.

    A period owns the contacts that arrive in it; the starting backlog belongs to the period "horizon" only.

    Nothing is put off beyond the end: of each deferred channel no more contacts may be open at the end than today's
    staffing leaves of the same customers, or than there were to begin with, if that is more (`Played.may_be_left`);
    mean over the replications. Without that a plan would look cheap for leaving undone what is not due yet.
    """

    channels: tuple[int, ...]
    shares: tuple[float, ...]
    """[channel of the goal] Share of contacts that have to be within the target."""
    periods: tuple[TargetPeriod, ...]
    """[channel of the goal] Over which its target is to be kept."""
    probability: float | None = None
    """None: in expectation."""
    occupancy_cap: float | None = None
    """Most that a group's busy time may be of its time on duty and in overtime, in every period of the finest kind that
    the goal has (`occupancy_period`), all replications added up; a group with nobody there keeps it."""
    minimum: tuple[int, ...] = ()
    """[group] Agents at least, wherever the group may be planned; empty: none."""
    leftover: tuple[int, ...] = ()
    """The channels, deferred ones, of which no more may be open at the end than may be left."""

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        channels: Sequence[str] = (),
        period: TargetPeriod | Mapping[str, TargetPeriod] | None = None,
        probability: float | None = None,
        *,
        occupancy_cap: float | None = None,
        minimum: Mapping[str, int] | None = None,
    ) -> Goal:
        """The scenario's own targets on these channels, by default on all of them.

        Parameters
        ----------
        period
            Of all channels, or by channel; by default, and for channels that are not named, live ones are judged by
            the interval and deferred ones by the day of arrival.
        minimum
            By group: agents at least, wherever it may be planned.

        Raises
        ------
        ValueError
            If there is no such channel, group or period, or a number is out of range.
        """
        names = [channel.name for channel in scenario.channels]
        groups = [group.name for group in scenario.groups]
        by_channel = (
            dict(period) if isinstance(period, Mapping) else {} if period is None else dict.fromkeys(names, period)
        )
        for kind, asked, known in (
            ("channel", [*channels, *by_channel], names),
            ("period", list(by_channel.values()), list(get_args(TargetPeriod))),
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
            tuple(by_channel.get(names[c], BY_KIND[scenario.channels[c].kind]) for c in chosen),
            probability,
            occupancy_cap,
            tuple(minimum.get(name, 0) for name in groups) if minimum else (),
            tuple(c for c in chosen if scenario.channels[c].kind == "deferred"),
        )

    def with_shares(self, shares: Sequence[float]) -> Goal:
        """The same with other shares [channel of the goal]."""
        return replace(self, shares=tuple(float(share) for share in shares))

    @property
    def occupancy_period(self) -> TargetPeriod:
        """Over which the cap on occupancy is to be kept: the shortest of the channels' periods."""
        return min(self.periods, key=SHORTEST_FIRST.index)

    def period_of(self, yardstick: Yardstick) -> Ints:
        """[channel of the goal, interval] First interval of the period that an interval belongs to."""
        return np.array([period_of(yardstick, period) for period in self.periods])

    def judged(self, played: Played) -> Floats:
        """[replication, channel of the goal, first interval of a period] Contacts that the target judges."""
        return self._by_period(played.yardstick, played.judged, played.backlog_judged)

    def met(self, played: Played) -> Floats:
        """[replication, channel of the goal, first interval of a period] Those of them that are within it."""
        return self._by_period(played.yardstick, played.met, played.backlog_met)

    def attained(self, played: Played) -> Floats:
        """[channel of the goal, first interval of a period] What the goal asks a level of.

        The share within the target, or P(target met); nan where nobody is judged.
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
        """[channel of the goal, first interval of a period] Whether the target is kept."""
        return ~(self.attained(played) < self.level[:, None])

    def occupancy(self, played: Played) -> Floats:
        """[group, first interval of a period] Busy time over time on duty and in overtime; nan where nobody is planned.

        Intervals in which nobody is planned are left out: whoever finishes there what is in hand is always busy.
        """
        first = played.yardstick.first_intervals(self.occupancy_period)
        planned = played.staffing > 0
        found = np.full(played.staffing.shape, np.nan)
        busy, there = (
            np.add.reduceat(part.sum(axis=0) * planned, first, axis=-1)
            for part in (played.busy, played.staffed + played.overtime)
        )
        found[:, first] = ratio(busy, there)
        return found

    def too_busy(self, played: Played) -> Bools:
        """[group, first interval of a period] Whether a group is busier than the cap, if there is one."""
        cap = np.inf if self.occupancy_cap is None else self.occupancy_cap + ROUNDING
        return self.occupancy(played) > cap

    def left(self, played: Played) -> Floats:
        """[channel of `leftover`] Contacts open at the end, mean over the replications."""
        chosen = list(self.leftover)
        of_all = played.left[:, chosen].sum(axis=2) + played.backlog_left[:, chosen]
        return np.asarray(of_all.mean(axis=0))

    def may_be_left(self, played: Played) -> Floats:
        """[channel of `leftover`] The most that there may be."""
        return np.asarray(played.may_be_left[:, list(self.leftover)].mean(axis=0))

    def is_kept(self, played: Played) -> bool:
        """Whether a staffing keeps all of the goal on the replications that it was played on."""
        return bool(
            self.kept(played).all()
            and not self.too_busy(played).any()
            and (self.left(played) <= self.may_be_left(played) + ROUNDING).all()
        )

    def _by_period(self, yardstick: Yardstick, by_interval: Floats, backlog: Floats) -> Floats:
        found = np.zeros((len(by_interval), len(self.channels), by_interval.shape[2]))
        for k, (c, period) in enumerate(zip(self.channels, self.periods, strict=True)):
            first = yardstick.first_intervals(period)
            found[:, k, first] = np.add.reduceat(by_interval[:, c], first, axis=-1)
            if period == "horizon":
                found[:, k, 0] += backlog[:, c]
        return found


def period_of(yardstick: Yardstick, period: TargetPeriod) -> Ints:
    """[interval] First interval of the period that an interval belongs to."""
    first = yardstick.first_intervals(period)
    return np.repeat(first, np.diff(first, append=len(yardstick.day)))
