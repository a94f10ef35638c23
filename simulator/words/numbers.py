"""Numbers as people read them: their unit, their uncertainty, and no digit more than the uncertainty supports."""

from __future__ import annotations

from math import floor, isfinite, isinf, isnan, log10
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.language import NOTHING, number, percent, say, sign

if TYPE_CHECKING:
    from simulator.experiment import Estimate
    from simulator.measures import Unit

    Shown = Literal["s", "min", "h", "percent", "points", "money", "bare"]
    """What a number is shown in."""

UNKNOWN = "?"
"""Shown for the half-width of a single replication."""


def time_text(seconds: float, decimals: int = 0) -> str:
    """A time: 4.2 s, 0:23, 12:05, 3 h 10 min, 2 d 4 h."""
    if isnan(seconds):
        return NOTHING
    if isinf(seconds):
        return say("forms.never") if seconds > 0 else f"-{NOTHING}"
    before, seconds = sign(seconds), abs(seconds)
    if decimals and seconds < 60:
        return f"{before}{say('forms.unit.s', number=number(seconds, decimals))}"
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes_left = divmod(round(whole / 60), 60)
    if whole < 3600:
        return f"{before}{minutes}:{rest:02d}"
    if hours < 24:
        return f"{before}{say('forms.unit.h', number=hours)} {say('forms.unit.min', number=f'{minutes_left:02d}')}"
    days, hours = divmod(round(whole / 3600), 24)
    return f"{before}{say('forms.unit.d', number=days)} {say('forms.unit.h', number=hours)}"


def value_text(value: float, unit: Unit, decimals: int = 0, currency: str = "") -> str:
    """One number in its unit."""
    if isnan(value):
        return NOTHING
    if unit == "seconds":
        return time_text(value, decimals)
    if isinf(value):
        return "∞"
    if unit == "share":
        return percent(value, decimals)
    return _in_unit(number(value, decimals), "money" if unit == "currency" and currency else "bare", currency)


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
    shown: Shown
    if unit == "seconds" and 60 <= largest < 3600 and not (known and half >= 60):
        shown = "bare"
        middle, around = time_text(abs(value)), time_text(_rounded(half, 0)) if known else UNKNOWN
    else:
        scale, shown = _scale(unit, largest, currency, signed=signed)
        size, half = abs(value) / scale, half / scale
        decimals = 0 if half == 0 and size == round(size) else supported_decimals(half)
        if size >= 1:
            decimals = max(decimals, -floor(log10(size)))  # a first digit is left, however wide the interval
        middle, around = number(size, decimals), number(_rounded(half, decimals), decimals) if known else UNKNOWN
    something = any(digit in middle for digit in "123456789")
    before = sign(value, signed=signed) if something else ""
    text = middle if known and estimate.half_width == 0 else f"{middle} ± {around}"
    return f"{before}{_in_unit(text, shown, currency)}"


def _scale(unit: Unit, largest: float, currency: str, *, signed: bool) -> tuple[float, Shown]:
    """What one of the shown unit is in the estimate's own."""
    if unit == "seconds":
        return (1, "s") if largest < 60 else (60, "min") if largest < 3600 else (3600, "h")
    if unit == "share":
        return 0.01, "points" if signed else "percent"
    return 1, "money" if unit == "currency" and currency else "bare"


def _in_unit(text: str, shown: Shown, currency: str) -> str:
    """A number, written already, with its unit."""
    match shown:
        case "bare":
            return text
        case "money":
            return say("forms.money", number=text, currency=currency)
        case _:
            return say(f"forms.unit.{shown}", number=text)


def _rounded(half: float, decimals: int) -> float:
    """A half-width to its last digit; what is not nothing does not become nothing."""
    step = 10.0**-decimals
    return max(round(half / step), 1 if half > 0 else 0) * step


def probability_text(estimate: Estimate) -> str:
    """A probability and its interval: 75 % [53–89]; a dash where there is nobody to judge."""
    value, between = probability_parts(estimate)
    return f"{value} [{between}]" if between else value


def probability_parts(estimate: Estimate) -> tuple[str, str]:
    """A probability and its interval apart: 75 %, 53–89; no end of it lies beyond 0 or 100."""
    value, low, high = float(estimate.value), max(float(estimate.low), 0.0), min(float(estimate.high), 1.0)
    if isnan(value):
        return NOTHING, ""
    return percent(value), f"{number(100 * low)}–{number(100 * high)}"
