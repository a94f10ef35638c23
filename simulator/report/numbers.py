"""Numbers as people read them: their unit, their uncertainty, and no digit more than the uncertainty supports."""

from __future__ import annotations

from math import floor, isinf, isnan, log10
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.experiment import Estimate
    from simulator.measures import Unit

NOTHING = "–"
"""Shown where there is nobody to judge."""
BARS = "▁▂▃▄▅▆▇█"


def time_text(seconds: float, decimals: int = 0) -> str:
    """A time: 4.2 s, 0:23, 12:05, 3 h 10 min, 2 d 4 h."""
    if isnan(seconds):
        return NOTHING
    if isinf(seconds):
        return "never" if seconds > 0 else f"-{NOTHING}"
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    if decimals and seconds < 60:
        return f"{sign}{seconds:.{decimals}f} s"
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes_left = divmod(round(whole / 60), 60)
    if whole < 3600:
        return f"{sign}{minutes}:{rest:02d}"
    if hours < 24:
        return f"{sign}{hours} h {minutes_left:02d} min"
    days, hours = divmod(round(whole / 3600), 24)
    return f"{sign}{days} d {hours} h"


def value_text(value: float, unit: Unit, decimals: int = 0, currency: str = "") -> str:
    """One number in its unit."""
    if isnan(value):
        return NOTHING
    if unit == "seconds":
        return time_text(value, decimals)
    if isinf(value):
        return "∞"
    if unit == "share":
        return f"{100 * value:.{decimals}f} %"
    text = f"{value:,.{decimals}f}".replace(",", "\N{NO-BREAK SPACE}")
    return f"{text} {currency}" if unit == "currency" and currency else text


def supported_decimals(half_width: float, unit: Unit) -> int:
    """Decimals that a half-width supports: down to its own first digit, two at most."""
    half_width = half_width * 100 if unit == "share" else half_width
    if not 0 < half_width < np.inf:
        return 0 if unit == "seconds" else 1
    return min(max(-floor(log10(half_width)), 0), 1 if unit == "seconds" else 2)


def estimate_text(estimate: Estimate, unit: Unit, currency: str = "", *, signed: bool = False) -> str:
    """A mean and its half-width: 81.2 ± 0.4 %."""
    value, half = float(estimate.value), float(estimate.half_width)
    if isnan(value):
        return NOTHING
    decimals = supported_decimals(half, unit)
    plus = "+" if signed and value > 0 else ""
    text = plus + value_text(value, unit, decimals, currency)
    spread = value_text(half, unit, decimals, currency) if 0 <= half < np.inf else "?"
    for suffix in (" %", " s", f" {currency}"):
        if text.endswith(suffix):
            return f"{text.removesuffix(suffix)} ± {spread.removesuffix(suffix)}{suffix}"
    return f"{text} ± {spread}"


def probability_text(estimate: Estimate) -> str:
    """A probability and its interval: 75 % [53-89]."""
    value, low, high = float(estimate.value), float(estimate.low), float(estimate.high)
    if isnan(value):
        return NOTHING
    return f"{100 * value:.0f} % [{100 * low:.0f}–{100 * high:.0f}]"


def sparkline(values: Iterable[float], top: float | None = None) -> str:
    """Values as a row of bars from 0 to `top` (by default the largest); a blank where there is nothing to show."""
    row = np.array(list(values), dtype=np.float64)
    known = row[~np.isnan(row)]
    if not known.size:
        return " " * len(row)
    highest = top if top is not None else float(known.max())
    if highest <= 0:
        return "".join(" " if isnan(value) else BARS[0] for value in row)
    steps = np.clip(np.nan_to_num(row) / highest * len(BARS), 0, len(BARS) - 1).astype(int)
    return "".join(" " if isnan(value) else BARS[step] for value, step in zip(row, steps, strict=True))
