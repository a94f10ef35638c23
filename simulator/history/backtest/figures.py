"""What a back-test compares: four figures, each a ratio of sums over the contacts that arrived."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, auto
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


class Sum(IntEnum):
    """What is added up over contacts; the last axis of every table of sums."""

    OFFERED = 0
    ANSWERED = auto()
    UNANSWERED = auto()
    WAIT = auto()
    """Seconds, of all."""
    ANSWERED_WAIT = auto()
    """Seconds, of those who were answered."""
    WITHIN = auto()
    """Answered within the time of the target."""


FigureName = Literal["mean_wait", "asa", "unanswered", "service_level"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio of sums."""

    name: FigureName
    unit: Literal["seconds", "share"]
    numerator: Sum
    denominator: Sum

    def of(self, sums: Floats) -> Floats:
        """The figure of sums [..., sum]; nan where there is nobody to judge."""
        top, bottom = sums[..., self.numerator], sums[..., self.denominator]
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(bottom > 0, top / bottom, np.nan)

    def levelled(self, sums: Floats) -> Floats:
        """The figure on a scale on which errors are alike for small and large values; nan where it has no value.

        Of waits the logarithm, of 1 s more; of shares the empirical logit, log((k + 1/2) / (n - k + 1/2)) for k of n
        (Cox and Snell, *Analysis of Binary Data*, 2nd ed., section 2.1.6), which no share makes infinite.
        """
        top, bottom = sums[..., self.numerator], sums[..., self.denominator]
        known = bottom > 0
        if self.unit == "seconds":
            levels = np.log1p(np.where(known, top, 0.0) / np.where(known, bottom, 1.0))
        else:
            levels = np.log((top + 0.5) / (bottom - top + 0.5))
        return np.where(known, levels, np.nan)

    def restored(self, levels: Floats, count: Floats) -> Floats:
        """From the scale of `levelled` back to the figure, of `count` contacts."""
        if self.unit == "seconds":
            return np.maximum(np.expm1(levels), 0.0)
        with np.errstate(over="ignore"):
            share = 1.0 / (1.0 + np.exp(-levels))
        return np.clip((share * (count + 1.0) - 0.5) / count, 0.0, 1.0)


MEAN_WAIT = Figure("mean_wait", "seconds", Sum.WAIT, Sum.OFFERED)
ASA = Figure("asa", "seconds", Sum.ANSWERED_WAIT, Sum.ANSWERED)
UNANSWERED = Figure("unanswered", "share", Sum.UNANSWERED, Sum.OFFERED)
SERVICE_LEVEL = Figure("service_level", "share", Sum.WITHIN, Sum.OFFERED)

FIGURES: Mapping[FigureName, Figure] = MappingProxyType(
    {figure.name: figure for figure in (MEAN_WAIT, ASA, UNANSWERED, SERVICE_LEVEL)}
)
"""Every figure by its name."""


def met(sums: Floats, share: float) -> Bools:
    """Whether the share answered in time, of all that were offered, is the target's or more; of sums [..., sum]."""
    # Counts are whole: 80 of 100 are 0.8 whatever the last bit of 0.8 * 100.
    return sums[..., Sum.WITHIN] >= share * sums[..., Sum.OFFERED] - 1e-9
