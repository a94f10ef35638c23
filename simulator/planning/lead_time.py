"""Ahead of the rush: by when to start hiring how many, so that those who are needed are there, and trained, in time.

Week by week, counted from today's. Who is sought in week w comes to training `lead` weeks later and to the floor after
`training` weeks more. There each is worth `pace` of somebody who has learnt all, week by week of tenure, and 1 after
that, as with `scenario.agents.Learning`. Of all people a share leaves from one week to the next, in training too. What
is there in a week is an expectation; who is hired are whole people.

    minimise    weeks paid of all who are hired, up to the last week that is looked at, at the price of each source
    subject to  those of today who are left + sum of hired x left x pace >= needed, in each week

Of plans that cost the same, that is one which hires later where that is possible, since every week sooner is paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint

from simulator.planning.highs import milp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_NEARLY = 1e-9


@dataclass(frozen=True, slots=True)
class Source:
    """A way to more people: own hires, temporary staff, a partner.

    Raises
    ------
    ValueError
        If a figure cannot be.
    """

    name: str
    lead: int
    """Weeks from the beginning of the search to the first day of training, or of work without training."""
    training: int = 0
    """Weeks, paid, in which nobody helps yet."""
    pace: tuple[float, ...] = ()
    """[week on the floor] What each is worth, against somebody who has learnt all; 1 after the last."""
    leave: float = 0.0
    """Share of them that leaves from one week to the next."""
    price: float = 1.0
    """Of a week of one person, paid."""
    most: int | None = None
    """People whose search may begin in one week; None: any number."""

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.lead < 0 or self.training < 0:
            msg = f"{self.name}: lead and training are whole weeks, 0 or more."
            raise ValueError(msg)
        if not all(0 <= each <= 1 for each in self.pace) or not 0 <= self.leave < 1:
            msg = f"{self.name}: pace is from 0 to 1, the share that leaves from 0 to below 1."
            raise ValueError(msg)
        if not 0 < self.price < np.inf or (self.most is not None and self.most < 0):
            msg = f"{self.name}: a week's price is above 0, and the most people are 0 or more."
            raise ValueError(msg)

    def worth(self, sought: int, weeks: int) -> Floats:
        """[week] What one person whose search begins in a week is worth, in expectation, in each week."""
        on_floor = np.arange(weeks) - sought - self.lead - self.training
        learnt = np.append(self.pace, 1.0)[np.clip(on_floor, 0, len(self.pace))]
        return np.where(on_floor >= 0, learnt * self._left(sought, weeks), 0.0)

    def paid(self, sought: int, weeks: int) -> Floats:
        """[week] Share of one person that is paid, in expectation: from the first day of training."""
        return np.where(np.arange(weeks) >= sought + self.lead, self._left(sought, weeks), 0.0)

    def _left(self, sought: int, weeks: int) -> Floats:
        """[week] Share of those who came that is still there."""
        tenure = np.maximum(np.arange(weeks) - sought - self.lead, 0)
        left: Floats = (1.0 - self.leave) ** tenure
        return left


@dataclass(frozen=True, eq=False)
class HiringPlan:
    """How many people to begin to seek in each week, from each source."""

    sources: tuple[Source, ...]
    needed: Floats
    """[week]"""
    today: Floats
    """[week] Those of today who are still there."""
    sought: Ints
    """[source, week] People whose search begins."""
    short: Floats
    """[week] What is needed and cannot be had in time, whoever is sought."""

    @property
    def there(self) -> Floats:
        """[week] What all who are there are worth, in people who have learnt all."""
        total = self.today.copy()
        weeks = len(total)
        for source, by_week in zip(self.sources, self.sought, strict=True):
            for week in np.flatnonzero(by_week).tolist():
                total += by_week[week] * source.worth(week, weeks)
        return total

    @property
    def paid(self) -> Floats:
        """[source, week] People paid of those who are hired, those in training included."""
        weeks = len(self.needed)
        return np.array(
            [
                sum((number * source.paid(week, weeks) for week, number in enumerate(by_week)), np.zeros(weeks))
                for source, by_week in zip(self.sources, self.sought.tolist(), strict=True)
            ]
        ).reshape(len(self.sources), weeks)

    @property
    def cost(self) -> float:
        """Price of the weeks paid to those who are hired."""
        return float(np.array([source.price for source in self.sources]) @ self.paid.sum(axis=1))

    @property
    def first(self) -> int | None:
        """The week by which the search must begin; None: nobody need be sought."""
        weeks = np.flatnonzero(self.sought.any(axis=0))
        return int(weeks[0]) if weeks.size else None


def plan_hiring(
    needed: Sequence[float], today: float, sources: Sequence[Source], *, leave: float = 0.0, time_limit: float = 10.0
) -> HiringPlan:
    """By when to start to seek how many people, at the least cost.

    Weeks in which more is needed than can be there, whoever is sought and however many, are not refused: what they lack
    is `HiringPlan.short`, and the plan gives as much as is possible in them.

    Parameters
    ----------
    needed
        [week] People who have learnt all, today's week first: heads of the busiest day, or of the weekly hours.
    today
        People who are there today and have learnt all.
    sources
        Where more may come from.
    leave
        Share of today's people that leaves from one week to the next.
    time_limit
        Seconds.

    Raises
    ------
    ValueError
        If a figure cannot be.
    TimeoutError
        If no plan was found within the time limit.
    """
    need = np.asarray(needed, dtype=np.float64)
    if need.ndim != 1 or not need.size or not np.isfinite(need).all() or (need < 0).any():
        msg = "What is needed is a number of people of 0 or more for each of one or more weeks."
        raise ValueError(msg)
    if not 0 <= today < np.inf or not 0 <= leave < 1:
        msg = f"{today} people of whom a share of {leave} leaves a week: allowed are 0 or more, and 0 to below 1."
        raise ValueError(msg)
    weeks = len(need)
    left = np.asarray(today * (1.0 - leave) ** np.arange(weeks), dtype=np.float64)
    if not sources:
        none = np.zeros((0, weeks), dtype=np.int64)
        return HiringPlan((), need, left, none, np.maximum(need - left, 0.0))
    chances = [(source, week) for source in sources for week in range(weeks)]
    worth = np.array([source.worth(week, weeks) for source, week in chances]).T
    price = np.array([source.price * source.paid(week, weeks).sum() for source, week in chances])
    # Who can do nothing within these weeks is not sought.
    most = np.array([np.inf if source.most is None else source.most for source, _ in chances])
    most = np.where(worth.any(axis=0), most, 0.0)
    lacking = np.maximum(need - left, 0.0)
    with np.errstate(invalid="ignore"):
        reachable = np.where(worth > 0, worth * most, 0.0).sum(axis=1)
    possible = np.minimum(lacking, reachable)
    found = milp(
        price,
        integrality=np.ones(len(chances), dtype=np.int64),
        bounds=Bounds(0.0, most),
        constraints=LinearConstraint(worth, lb=possible - _NEARLY),
        options={"mip_rel_gap": 0.0, "time_limit": time_limit},
    )
    if found.x is None:
        msg = f"No plan of hiring was found within {time_limit:g} s."
        raise TimeoutError(msg)
    sought = np.rint(found.x).astype(np.int64).reshape(len(sources), weeks)
    return HiringPlan(tuple(sources), need, left, sought, lacking - possible)
