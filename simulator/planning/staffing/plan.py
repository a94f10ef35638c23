"""A plan beside today's staffing, both on customers that the plan was not fitted to.

A staffing that was searched for on some futures does better on them than it will on others. So every plan is played
again on futures of another seed, and all figures of a `Plan` are of those.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from simulator.experiment import Customers, run
from simulator.experiment.estimate import mean_estimate, proportion_estimate, ratio_difference, ratio_estimate
from simulator.measures import ratio
from simulator.planning.staffing.blocked import missed
from simulator.planning.staffing.evaluator import Evaluator, with_staffing
from simulator.planning.staffing.pay import Pay
from simulator.planning.staffing.valleys import DoneByHour, Freedom, done_by_hour, freedom
from simulator.planning.staffing.whole_agents import FullTime, full_time_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.experiment import Estimate, Experiment
    from simulator.planning.staffing.evaluator import Played
    from simulator.planning.staffing.goal import Goal
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FRESH = 1000
"""What is added to the seed of a search, for futures that nothing was fitted to: a search may use the seeds next to its
own for checks of its own."""


@dataclass(frozen=True, eq=False)
class Side:
    """One staffing on the fresh futures, and what it makes of the goal."""

    goal: Goal
    experiment: Experiment
    played: Played
    pay: Pay

    @cached_property
    def within(self) -> Estimate:
        """[channel of the goal] Share of contacts within the target, over the horizon."""
        return ratio_estimate(*(part(self.played).sum(axis=2) for part in (self.goal.met, self.goal.judged)))

    @cached_property
    def chance(self) -> Estimate:
        """[channel of the goal] P(target met): that a period of the goal keeps the target, over all its periods.

        Where all or none of them do, nothing is seen of the spread; then the interval is that of as many replications.
        """
        kept, periods = self.periods_met
        of_one, of_many = proportion_estimate(ratio(kept, periods)), ratio_estimate(kept, periods)
        one = np.array([period == "horizon" for period in self.goal.periods])
        one |= (of_many.value == 0) | (of_many.value == 1)
        value, low, high = (
            np.where(one, getattr(of_one, name), np.clip(getattr(of_many, name), 0.0, 1.0))
            for name in ("value", "low", "high")
        )
        return replace(of_many, value=value, low=low, high=high)

    @cached_property
    def periods_met(self) -> tuple[Floats, Floats]:
        """[replication, channel of the goal] Periods that meet the target, and all in which anybody is judged."""
        met, judged = self.goal.met(self.played), self.goal.judged(self.played)
        asked = judged > 0
        kept = asked & ~(ratio(met, judged) < np.array(self.goal.shares)[:, None])
        return kept.sum(axis=2).astype(np.float64), asked.sum(axis=2).astype(np.float64)

    @cached_property
    def periods_kept(self) -> tuple[Ints, Ints]:
        """[channel of the goal] Periods that keep the goal, and all in which anybody is judged."""
        attained = self.goal.attained(self.played)
        return (attained >= self.goal.level[:, None]).sum(axis=1), (~np.isnan(attained)).sum(axis=1)

    @cached_property
    def attained(self) -> Estimate:
        """[channel of the goal, first interval of a period] What the goal asks a level of; nan where nobody is judged.

        As `Goal.attained`, with its interval.
        """
        met, judged = self.goal.met(self.played), self.goal.judged(self.played)
        if self.goal.probability is None:
            return ratio_estimate(met, judged)
        # As the goal counts: a future in which nobody comes in the period keeps it there.
        kept = ~(ratio(met, judged) < np.array(self.goal.shares)[:, None])
        return proportion_estimate(np.where(judged.any(axis=0), kept, np.nan))

    @cached_property
    def missed_beyond_chance(self) -> Ints:
        """[channel of the goal] Periods of which the whole interval of what is attained lies below the goal.

        A period that just keeps the goal is among them by chance in 2.5 of 100 cases.
        """
        return np.asarray((self.attained.high < self.goal.level[:, None]).sum(axis=1))

    @property
    def misses_beyond_chance(self) -> bool:
        """Whether chance does not explain all that it misses. Caps and what may be left open are taken as they are."""
        others = any(each.limit != "target" for each in missed(self.goal, self.played))
        return others or bool(self.missed_beyond_chance.any())

    @property
    def agent_hours(self) -> Floats:
        """[group] Hours on duty that are planned, net of shrinkage."""
        hours: Floats = (self.played.staffing * np.diff(self.played.yardstick.edges)).sum(axis=1) / 3600.0
        return hours

    @property
    def paid_hours(self) -> Floats:
        """[group] Hours that are paid for them: over 1 - shrinkage."""
        hours: Floats = (self.played.staffing * self.pay.hours).sum(axis=1)
        return hours

    @property
    def full_time(self) -> FullTime:
        """[group] These hours in full-time agents."""
        return full_time_of(self.agent_hours, self.paid_hours, float(self.played.yardstick.edges[-1]))

    @property
    def most(self) -> Ints:
        """[group] Most agents on duty at a time."""
        highest: Ints = self.played.staffing.max(axis=1)
        return highest

    @property
    def occupancy(self) -> Floats:
        """[group] Busy time over time on duty and in overtime."""
        return self.experiment.estimate("occupancy", ("group",)).value

    @property
    def cost(self) -> float:
        """Planned agents and their overtime, mean over the replications; in paid hours where nothing has a price."""
        return self.pay.cost(self.played)

    @property
    def cost_of_groups(self) -> Floats:
        """[group] The same, group by group."""
        planned = (self.pay.agent * self.played.staffing).sum(axis=1)
        overtime = self.played.overtime.sum(axis=2).mean(axis=0) * self.pay.overtime_hour / 3600.0
        return np.asarray(planned + overtime)

    @property
    def costs(self) -> Floats:
        """[replication] The same, future by future."""
        overtime = self.played.overtime.sum(axis=2) @ self.pay.overtime_hour / 3600.0
        return np.asarray(self.pay.planned(self.played.staffing) + overtime)

    @cached_property
    def done(self) -> DoneByHour:
        """When messages come and are done."""
        return done_by_hour(self.experiment)


@dataclass(frozen=True, eq=False)
class Plan:
    """A staffing that was searched for, and today's, on the same fresh futures."""

    scenario: Scenario
    """As it is, with its own staffing."""
    goal: Goal
    today: Side
    planned: Side

    @classmethod
    def checked(
        cls, scenario: Scenario, goal: Goal, staffing: Ints, *, replications: int, seed: int, workers: int = 1
    ) -> Plan:
        """Play a staffing and the scenario's own on futures of this seed, which should not be the one of the search.

        Parameters
        ----------
        staffing
            [group, interval] Agents on duty.

        Raises
        ------
        ValueError
            If the staffing is not of the scenario's shape, or there are not enough replications or workers.
        """
        customers = Customers(scenario)
        evaluator = Evaluator(scenario, replications, seed, workers)
        pay = Pay.of(scenario)

        def side(agents: Ints) -> Side:
            planned = with_staffing(scenario, agents)
            experiment = run(planned, replications=replications, seed=seed, workers=workers, customers=customers)
            return Side(goal, experiment, evaluator.evaluate(agents), pay)

        return cls(scenario, goal, side(scenario.staffing), side(np.asarray(staffing, dtype=np.int64)))

    @property
    def staffing(self) -> Ints:
        """[group, interval] Agents on duty by the plan."""
        return self.planned.played.staffing

    @cached_property
    def cost_difference(self) -> Estimate:
        """What the plan costs more than today's staffing, on the same customers."""
        return mean_estimate(self.planned.costs - self.today.costs)

    @cached_property
    def within_difference(self) -> Estimate:
        """[channel of the goal] Difference of the share within the target, paired."""
        sides = [
            part(side.played).sum(axis=2)
            for side in (self.planned, self.today)
            for part in (self.goal.met, self.goal.judged)
        ]
        return ratio_difference(*sides)

    @cached_property
    def chance_difference(self) -> Estimate:
        """[channel of the goal] Difference of the share of periods that meet the target, paired."""
        return ratio_difference(*self.planned.periods_met, *self.today.periods_met)

    @cached_property
    def freedom(self) -> Freedom | None:
        """What the due times of messages save, by the load alone; None without messages."""
        return freedom(self.scenario, self.goal)
