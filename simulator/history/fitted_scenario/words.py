"""Fitted figures in the scenario file's own words. Files speak one language for all."""

from __future__ import annotations

from math import floor, isfinite, log10
from typing import TYPE_CHECKING

from simulator.scenario.units import format_duration

if TYPE_CHECKING:
    from simulator.history.estimators import Fitted

_DIGITS = 4
"""That count, of a time; no fit knows more."""


def rounded(value: float, digits: int = _DIGITS) -> float:
    """A number to so many digits that count: 249.137 as 249.1."""
    return round(value, digits - 1 - floor(log10(abs(value)))) if value else 0.0


def whole(value: float) -> float:
    """A number to four digits, without decimals where they are zeros."""
    number = rounded(value)
    return int(number) if number == int(number) else number


def time_words(seconds: float) -> str:
    """A time as the file writes it: "4 min 9.1 s", "infinite"."""
    return format_duration(rounded(max(seconds, 0.0))) if isfinite(seconds) else "infinite"


def share_words(share: float) -> str:
    """A share as the file writes it, to a hundredth of a per cent: "12.35 %"."""
    return f"{round(100 * share, 2):g} %"


def number_words(value: float) -> str:
    """A plain number to four digits."""
    return f"{rounded(value):,.10g}"


def interval_words(fitted: Fitted, unit: str) -> str:
    """How sure a figure is: "95 %: 4 min 8 s to 4 min 10 s"; nothing where no interval is known."""
    if not (isfinite(fitted.low) or isfinite(fitted.high)):
        return ""
    write = {"time": time_words, "share": share_words, "number": number_words}[unit]
    return f"{round(100 * fitted.confidence)} %: {write(fitted.low)} to {write(fitted.high)}"


def source_words(what: str, fitted: Fitted, unit: str) -> str:
    """From what a figure is, by which method, how many observations, how sure."""
    interval = interval_words(fitted, unit)
    return f"{what}, {fitted.count:,} observations; {fitted.method}" + (f"; {interval}" if interval else "")
