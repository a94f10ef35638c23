"""Demand above and below its forecast: the same scenario, with more or fewer of the same customers.

A level of 1.3 is a rush that turns out 30 % bigger than it was forecast. Whoever comes at a lower level comes at a
higher one too (`simulator.demand.draw`), so that levels are compared customer by customer. Agents are those of the
scenario, unless some groups are said to follow: capacity that is called in by volume.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from simulator.planning.pricing.futures import FUTURES, play_futures
from simulator.scenario.model import VolumeFactor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulator.planning.pricing.futures import Futures
    from simulator.scenario.contract import Contract
    from simulator.scenario.model import Group, Push, Scenario

    Progress = Callable[[int, int], None]

Scaled = Literal["demand", "rush"]
"""What a level multiplies: all contacts; or only what named days and campaigns bring beyond an ordinary day."""


def at_level(scenario: Scenario, level: float, scaled: Scaled = "demand", follow: Sequence[int] = ()) -> Scenario:
    """The scenario with so many times its demand.

    Parameters
    ----------
    level
        1 for the scenario itself.
    scaled
        By "rush", a day of factor 2.2 has 1 + 1.3 x 1.2 at level 1.3, and what lowers volumes stays as it is. The
        starting backlog has come before, and is the same at every level.
    follow
        Numbers of groups with so many times their agents too, rounded to whole agents, halves up.

    Raises
    ------
    ValueError
        If the level is not a number from 0 on.
    """
    if not (math.isfinite(level) and level >= 0):
        msg = f"A level of demand is {level:g}; it is a number from 0 on, as in 1.3."
        raise ValueError(msg)
    if level == 1.0:
        return scenario
    groups = tuple(_with_agents(each, level) if g in follow else each for g, each in enumerate(scenario.groups))
    pushes = tuple(_scaled_push(each, level, scaled) for each in scenario.pushes)
    if scaled == "rush":
        factors = tuple(_scaled_rise(each, level) for each in scenario.volume_factors)
        return replace(scenario, groups=groups, pushes=pushes, volume_factors=factors)
    return replace(
        scenario, groups=groups, pushes=pushes, volume_factors=(*scenario.volume_factors, _of_all(scenario, level))
    )


def play_levels(
    scenario: Scenario,
    contracts: Sequence[Contract],
    levels: Sequence[float],
    *,
    scaled: Scaled = "demand",
    follow: Sequence[int] = (),
    supplier: str | None = None,
    futures: int = FUTURES,
    seed: int | None = None,
    workers: int = 1,
    on_progress: Progress = lambda _done, _wanted: None,
) -> dict[float, Futures]:
    """Simulate each level of demand on the same futures.

    Parameters
    ----------
    scaled, follow
        As `at_level`.
    on_progress
        Called with (done, wanted) of the futures of all levels.

    Raises
    ------
    ValueError
        As `at_level` and `play_futures`.
    """
    return {
        level: play_futures(
            at_level(scenario, level, scaled, follow),
            contracts,
            supplier=supplier,
            futures=futures,
            seed=seed,
            workers=workers,
            on_progress=part_of(on_progress, place, len(levels)),
        )
        for place, level in enumerate(levels)
    }


def part_of(on_progress: Progress, part: int, parts: int) -> Progress:
    """What is to be called with the progress of one of several parts of the same size, for that of all of them."""

    def of_part(done: int, wanted: int) -> None:
        on_progress(part * wanted + done, parts * wanted)

    return of_part


def _of_all(scenario: Scenario, level: float) -> VolumeFactor:
    """What multiplies all contacts but the pushed ones, throughout the horizon."""
    return VolumeFactor(
        name="level",
        start=0.0,
        end=float(scenario.calendar.edges[-1]),
        factor=level,
        channels=tuple(range(len(scenario.channels))),
        topics=tuple(range(len(scenario.topics))),
    )


def _scaled_rise(factor: VolumeFactor, level: float) -> VolumeFactor:
    if factor.factor <= 1.0 or factor.not_open:
        return factor
    return replace(factor, factor=1.0 + level * (factor.factor - 1.0))


def _scaled_push(push: Push, level: float, scaled: Scaled) -> Push:
    # Pushed orders bring contacts, which are multiplied already where all are.
    return push if push.on_orders and scaled == "demand" else replace(push, amount=level * push.amount)


def _with_agents(group: Group, level: float) -> Group:
    return replace(group, staffing=tuple(math.floor(level * agents + 0.5) for agents in group.staffing))
