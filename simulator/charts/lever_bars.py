"""What levers change by one criterion, as bars: where each starts and ends between the sides of its track."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from simulator.experiment import Estimate, Levers, RankedBy, WhatIf


@dataclass(frozen=True, slots=True)
class LeverBar:
    """One what-if. Places are shares of the track, from 0 at its left to 1 at its right."""

    what_if: WhatIf
    difference: Estimate
    judged: Literal["better", "worse", "noise", "same"]
    """Noise: the interval holds 0; the same: it is nothing but 0."""
    ranks: tuple[int, int] | None
    """Best and worst that it may have among the levers; None for what cannot be chosen."""
    zero: float
    value: float
    low: float
    high: float
    """Both ends of the interval; those of the value where they are not known."""


def lever_bars(levers: Levers, by: RankedBy) -> tuple[list[LeverBar], list[LeverBar]]:
    """What can be done and what may happen, each the best first, all on one scale that holds 0."""
    every = [levers.difference(each, by) for each in levers.what_ifs]
    ends = [0.0, *(float(end) for each in every for end in (each.value, each.low, each.high) if isfinite(end))]
    least, span = min(ends), (max(ends) - min(ends)) or 1.0

    def place(value: float) -> float:
        return (value - least) / span

    def bar(what_if: WhatIf) -> LeverBar:
        difference = levers.difference(what_if, by)
        value, low, high = (float(each) for each in (difference.value, difference.low, difference.high))
        value = value if isfinite(value) else 0.0
        judged: Literal["better", "worse", "noise", "same"] = "noise"
        if low > 0 or high < 0:
            judged = "better" if levers.is_better(difference, by) else "worse"
        elif low == high == 0:
            judged = "same"
        return LeverBar(
            what_if=what_if,
            difference=difference,
            judged=judged,
            ranks=levers.ranks(what_if, by) if what_if.can_be_done else None,
            zero=place(0.0),
            value=place(value),
            low=place(low) if isfinite(low) else place(value),
            high=place(high) if isfinite(high) else place(value),
        )

    can, may = ([bar(each) for each in levers.ranked(by, can_be_done=which)] for which in (True, False))
    return can, may
