"""How a day's contacts spread over its slots, by weekday, and how far a slot strays from its share by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_HALF_LIFE = 56
"""Days after which a day counts for half of what a new one does."""
_DAYS_OF_ALL = 2.0
"""Days that the profile of all weekdays counts for in that of one: a weekday seen but once is not believed whole."""
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile of a day, as known on some day."""

    share: Floats
    """[weekday, slot] Of a day's contacts; rows add up to 1."""
    dispersion: Floats
    """[slot] Variance over mean of a slot's contacts, given the day's total; 1 (chance alone) at least."""


def profile_of(count: Floats, ordinal: Ints) -> Profile:
    """The profile that some days show.

    Parameters
    ----------
    count
        [day, slot] Contacts of days that have some.
    ordinal
        [day] Ordinals of their dates, rising.
    """
    weekday = (ordinal - 1) % _WEEK
    total = count.sum(axis=1, keepdims=True)
    weight = 0.5 ** ((ordinal[-1] - ordinal) / _HALF_LIFE)
    of_all = weight @ count / (weight @ total)
    share = np.tile(of_all, (_WEEK, 1))
    for each in range(_WEEK):
        own = weekday == each
        share[each] = (weight[own] @ (count[own] / total[own]) + _DAYS_OF_ALL * of_all) / (
            weight[own].sum() + _DAYS_OF_ALL
        )
    expected = total * share[weekday]
    squared = np.divide((count - expected) ** 2, expected, out=np.zeros_like(count), where=expected > 0)
    freedom = max(len(count) - len(np.unique(weekday)), 1)
    return Profile(share, np.maximum(squared.sum(axis=0) / freedom, 1.0))
