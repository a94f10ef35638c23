"""Where the ticks of an axis of waits stand."""

from __future__ import annotations

from math import ceil

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400)
"""Seconds between two ticks of an axis of waits: times that people count in."""


def time_ticks(top: float, most: int = 5) -> list[float]:
    """Tick values in seconds from 0 to at least `top`."""
    step = next((step for step in _STEPS if top <= most * step), None)
    if step is None:
        step = 86_400 * ceil(top / most / 86_400)
    return [float(step * k) for k in range(max(ceil(top / step), 1) + 1)]
