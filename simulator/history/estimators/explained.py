"""How much of what slots differ by is explained, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.dispersion import slot_dispersion

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Explained:
    """Variance over mean of a slot's counts (1: chance alone), as ever more is known of the slot."""

    nothing_known: float
    """All slots of all days together."""
    given_profile: float
    """Weekday and time of day known."""
    given_day: float
    """The day's total known, too."""
    by_profile: float
    """Share of the variance of all slots that weekday and time of day explain."""
    by_day: float
    """Share that they and the day's total explain."""


def explained(count: Floats, alike: Ints) -> Explained:
    """Explain the counts of ordinary days, [day, slot]; days of the same number in `alike`, [day], are alike.

    Given its total, a day's counts would be multinomial by chance alone; they are compared with that, slot by slot.
    The share of a day's slot in the total of its kind is taken from the same days, which is made up for.
    """
    groups = [count[alike == kind] for kind in np.unique(alike)]
    groups = [days[days.sum(axis=1) > 0] for days in groups]
    groups = [days for days in groups if len(days) > 1]
    together = np.concatenate(groups)
    whole = float(((together - together.mean()) ** 2).sum())
    kinds = np.repeat(np.arange(len(groups)), [len(days) for days in groups])
    around_profile = around_day = found = by_chance = 0.0
    for days in groups:
        total = days.sum(axis=1)
        share = days.sum(axis=0) / total.sum()
        away = days - share * total[:, None]
        around_profile += float(((days - days.mean(axis=0)) ** 2).sum())
        around_day += float((away**2).sum())
        found += float((away**2 / total[:, None]).sum())
        by_chance += float((len(days) - 1) * (share * (1.0 - share)).sum())
    return Explained(
        nothing_known=float(together.var(ddof=1) / together.mean()),
        given_profile=slot_dispersion(together, kinds).index,
        given_day=found / by_chance if by_chance else 1.0,
        by_profile=1.0 - around_profile / whole if whole else 0.0,
        by_day=1.0 - around_day / whole if whole else 0.0,
    )
