"""Levers: what-ifs held against the base on the same customers, and their order.

Of each what-if only the sums of its criteria are kept, replication by replication: a dozen of them take little more
memory than one experiment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from simulator.experiment.compare import check_pair
from simulator.experiment.estimate import CONFIDENCE, Estimate, ratio_difference, ratio_estimate
from simulator.language import say
from simulator.measures import MEASURES, target_measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from simulator.experiment.experiment import Experiment
    from simulator.measures import Unit
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Sums = tuple[Floats, Floats]

RankedBy = Literal["wait", "target", "met", "lost", "cost", "value"]
"""What levers can be ranked by; "value" is the cost and the lost orders in money together."""
RANKED_BY: tuple[RankedBy, ...] = get_args(RankedBy)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One number of the centre as a whole, by which what-ifs are judged: a ratio of sums, or a plain sum."""

    name: str
    """Its name in files; that of the measure, where it is one."""
    unit: Unit
    more_is_better: bool
    sums: Callable[[Experiment], Sums]
    """[replication] Numerator and denominator."""
    is_chance: bool = False
    """Whether it is the share of something that is seen or not."""

    @property
    def title(self) -> str:
        """Its name on screens, in the spoken language."""
        return say(f"measures.title.{self.name}")

    @property
    def formula(self) -> str:
        """How it is made, in the spoken language."""
        return MEASURES[self.name].formula if self.name in MEASURES else say(f"measures.formula.{self.name}")


def criteria(base: Scenario, what_ifs: Iterable[Scenario] = ()) -> Mapping[RankedBy, Criterion]:
    """What these what-ifs of a base are judged by.

    Waiting is that of live channels; where there are none, the time until messages are finished. Lost are the orders
    of customers who went away for good; where the base does not say who carries an order, those customers. Cost is
    left out where nothing has a price, and value where an order has none.
    """
    costs = base.costs
    live = any(channel.kind == "live" for channel in base.channels)
    found: dict[RankedBy, Criterion] = {
        "wait": _of_measure("mean_wait" if live else "time_to_finish"),
        "target": Criterion(
            "within_target",
            "share",
            more_is_better=True,
            sums=_within_target,
        ),
        "met": Criterion(
            "targets_met",
            "share",
            more_is_better=True,
            sums=_targets_met,
            is_chance=True,
        ),
        "lost": _of_measure("lost_orders" if costs.order_share else "lost_enquiries"),
    }
    if any(_has_prices(scenario) for scenario in (base, *what_ifs)):
        found["cost"] = _of_measure("total_cost")
    if costs.order_share and costs.order_value > 0:
        found["value"] = _of_measure("cost_and_lost_orders")
    return found


def usual_criterion(known: Mapping[RankedBy, Criterion]) -> RankedBy:
    """What levers are ranked by unless somebody asks: money where orders have a value, otherwise who is lost."""
    return "value" if "value" in known else "lost"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One variant, played: its sums by criterion."""

    name: str
    title: str
    can_be_done: bool
    """Whether it is a lever; otherwise it is something that may happen."""
    same_targets: bool
    """Whether it promises what the base does; otherwise its targets are judged by another yardstick."""
    sums: Mapping[RankedBy, Sums]


@dataclass(frozen=True, slots=True)
class Levers:
    """What-ifs beside their base. Every estimate is of the difference, paired replication by replication."""

    base: Experiment
    criteria: Mapping[RankedBy, Criterion]
    base_sums: Mapping[RankedBy, Sums]
    what_ifs: tuple[WhatIf, ...]
    confidence: float = CONFIDENCE
    """Of each interval by itself."""

    @classmethod
    def beside(cls, base: Experiment, what_ifs: Iterable[Scenario]) -> Levers:
        """The base, before any of these what-ifs is held against it."""
        found = criteria(base.scenario, what_ifs)
        return cls(base, found, {by: criterion.sums(base) for by, criterion in found.items()}, ())

    def and_what_if(self, name: str, title: str, experiment: Experiment, *, can_be_done: bool) -> Levers:
        """These and one more.

        Raises
        ------
        ValueError
            If it was not played on the customers of the base.
        """
        check_pair(self.base, experiment)
        targets = [[channel.target for channel in side.scenario.channels] for side in (self.base, experiment)]
        played = WhatIf(
            name,
            title,
            can_be_done,
            same_targets=targets[0] == targets[1],
            sums={by: criterion.sums(experiment) for by, criterion in self.criteria.items()},
        )
        return replace(self, what_ifs=(*self.what_ifs, played))

    def simultaneously(self) -> Levers:
        """The same with wider intervals: all of a criterion's hold together with the confidence of one (Bonferroni)."""
        each = 1 - (1 - self.confidence) / max(len(self.what_ifs), 1)
        return replace(self, confidence=each)

    def of_base(self, by: RankedBy) -> Estimate:
        """The base's own number."""
        return ratio_estimate(*self.base_sums[by])

    def difference(self, what_if: WhatIf, by: RankedBy) -> Estimate:
        """The what-if less the base."""
        return ratio_difference(*what_if.sums[by], *self.base_sums[by], self.confidence)

    def ranked(self, by: RankedBy, *, can_be_done: bool) -> list[WhatIf]:
        """The levers, or what may happen: the best first, those that cannot be judged last, ties as in the file."""
        sign = -1 if self.criteria[by].more_is_better else 1
        chosen = [each for each in self.what_ifs if each.can_be_done == can_be_done]
        values = {each.name: sign * float(self.difference(each, by).value) for each in chosen}
        return sorted(chosen, key=lambda each: np.nan_to_num(values[each.name], nan=np.inf))

    def ranks(self, what_if: WhatIf, by: RankedBy) -> tuple[int, int]:
        """Best and worst rank that a lever may have among the levers.

        A lever is before another if the interval of their own paired difference says so; those of which that cannot be
        told share the ranks between.
        """
        others = [each for each in self.what_ifs if each.can_be_done and each is not what_if]
        before = [self._is_clearly_better(each, what_if, by) for each in others]
        behind = [self._is_clearly_better(what_if, each, by) for each in others]
        return 1 + sum(before), 1 + len(others) - sum(behind)

    def is_better(self, difference: Estimate, by: RankedBy) -> bool:
        """Whether a difference is clearly to the good: its interval leaves out 0 on that side."""
        return bool(difference.low > 0) if self.criteria[by].more_is_better else bool(difference.high < 0)

    def _is_clearly_better(self, first: WhatIf, second: WhatIf, by: RankedBy) -> bool:
        return self.is_better(ratio_difference(*first.sums[by], *second.sums[by], self.confidence), by)


def _has_prices(scenario: Scenario) -> bool:
    costs = scenario.costs
    return bool(costs.bot_session or costs.line_minute or costs.fixed or any(g.cost_per_hour for g in scenario.groups))


def _of_measure(name: str, *, more_is_better: bool = False) -> Criterion:
    return Criterion(name, MEASURES[name].unit, more_is_better, lambda experiment: experiment.sums(name))


def _within_target(experiment: Experiment) -> Sums:
    """[replication] Contacts that keep the target of their channel, and those that it judges."""
    parts = [
        experiment.sums(target_measure(channel.target, live=channel.kind == "live"), ("channel",))
        for channel in experiment.scenario.channels
    ]
    tops, bottoms = ([part[side][:, c] for c, part in enumerate(parts)] for side in (0, 1))
    return np.sum(tops, axis=0), np.sum(bottoms, axis=0)


def _targets_met(experiment: Experiment) -> Sums:
    """[replication] The channels' shares of periods that meet the target, added up, and how many could be judged."""
    met = np.array([[outcome.share_met for outcome in outcomes] for outcomes in experiment.target_outcomes])
    known = ~np.isnan(met)
    return np.where(known, met, 0.0).sum(axis=1), known.sum(axis=1).astype(np.float64)
