"""Numbers as people read them: their unit, their uncertainty, and no digit more than the uncertainty supports."""

from __future__ import annotations

from math import floor, isfinite, isinf, isnan, log10
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.experiment import Estimate
    from simulator.measures import Unit

NOTHING = "–"
"""Shown where there is nobody to judge."""
UNKNOWN = "?"
"""Shown for the half-width of a single replication."""
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
    text = _grouped(value, decimals)
    return f"{text} {currency}" if unit == "currency" and currency else text


def supported_decimals(half_width: float) -> int:
    """Decimals that a half-width supports: down to its first digit, or its second if the first is 1; two at most.

    Negative where it does not support the last digits of a whole number: 5 964 ± 312 is 6 000 ± 300.
    """
    if not 0 < half_width < np.inf:
        return 1
    first = floor(log10(half_width))
    return min((1 if half_width < 2 * 10**first else 0) - first, 2)


def estimate_text(estimate: Estimate, unit: Unit, currency: str = "", *, signed: bool = False) -> str:
    """A mean and its half-width: 81.2 ± 0.4 %, 7.8 ± 0.5 s, 12:05 ± 0:20, 3.2 ± 0.1 h.

    A difference (`signed`) of shares is in percentage points. `?` stands for a half-width that too few replications
    tell; where all of them gave the same number, there is none.
    """
    value, half = float(estimate.value), float(estimate.half_width)
    if isnan(value):
        return NOTHING
    known = isfinite(half)
    largest = round(max(abs(value), half) if known else abs(value))
    if unit == "seconds" and 60 <= largest < 3600 and not (known and half >= 60):
        end = ""
        text = f"{time_text(abs(value))} ± {time_text(_rounded(half, 0)) if known else UNKNOWN}"
    else:
        scale, end = _scale(unit, largest, currency, signed=signed)
        size, half = abs(value) / scale, half / scale
        decimals = 0 if half == 0 and size == round(size) else supported_decimals(half)
        if size >= 1:
            decimals = max(decimals, -floor(log10(size)))  # a first digit is left, however wide the interval
        text = f"{_grouped(size, decimals)} ± {_grouped(_rounded(half, decimals), decimals) if known else UNKNOWN}"
    if known and estimate.half_width == 0:
        text = text.partition(" ±")[0]
    something = any(digit in text.partition("±")[0] for digit in "123456789")
    sign = "" if not something else "-" if value < 0 else "+" if signed else ""
    return f"{sign}{text}{end}"


def _scale(unit: Unit, largest: float, currency: str, *, signed: bool) -> tuple[float, str]:
    """What one of the shown unit is in the estimate's own, and its sign."""
    if unit == "seconds":
        return (1, " s") if largest < 60 else (60, " min") if largest < 3600 else (3600, " h")
    if unit == "share":
        return 0.01, " pp" if signed else " %"
    return 1, f" {currency}" if unit == "currency" and currency else ""


def _rounded(half: float, decimals: int) -> float:
    """A half-width to its last digit; what is not nothing does not become nothing."""
    step = 10.0**-decimals
    return max(round(half / step), 1 if half > 0 else 0) * step


def _grouped(value: float, decimals: int) -> str:
    """A number with its thousands set apart."""
    return f"{round(value, decimals):,.{max(decimals, 0)}f}".replace(",", "\N{NO-BREAK SPACE}")


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
