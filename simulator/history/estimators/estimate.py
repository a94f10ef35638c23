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
