"""A figure that was fitted: its value, how sure it is, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fitted:
    """An estimate with a confidence interval."""

    value: float
    low: float
    high: float
    count: int
    """Observations that it rests on."""
    method: str
    """How it and its interval were found, in a few words: "maximum likelihood, profile interval"."""
    confidence: float = 0.95


_KEPT = 0.4
"""Share of what an interval of the nominal level would leave out that it keeps."""


def nominal(confidence: float) -> float:
    """Level at which an interval of a demand is computed, so that at least `confidence` of histories hold the truth.

    Its errors are estimated from the same days as the figure itself, as if they were known: in repeated study 93 to
    95 % of intervals computed at 95 % held the truth. Computed at 97 %, they are a tenth wider, and 95 to 98 % do.
    """
    return 1.0 - (1.0 - confidence) * (1.0 - _KEPT)
