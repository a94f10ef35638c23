"""Where the ticks of an axis of waits stand, and how those of shares are labelled."""

from __future__ import annotations

from math import ceil

from simulator.charts.vega import literal
from simulator.language import number, say
from simulator.scenario.units import DAY

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, DAY)
"""Seconds between two ticks of an axis of waits: times that people count in."""


def time_ticks(top: float, most: int = 5) -> list[float]:
    """Tick values in seconds from 0 to at least `top`."""
    step = next((step for step in _STEPS if top <= most * step), None)
    if step is None:
        step = DAY * ceil(top / most / DAY)
    return [float(step * k) for k in range(max(ceil(top / step), 1) + 1)]


def share_labels() -> str:
    """A Vega expression that labels shares as the language writes them: 2.5 %."""
    before, after = say("forms.unit.percent", number="\0").split("\0")
    decimal_sign = number(0.5, 1)[1]
    digits = f"replace(format(100 * datum.value, '.3~f'), '.', {literal(decimal_sign)})"
    return f"{literal(before)} + {digits} + {literal(after)}"
