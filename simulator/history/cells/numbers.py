"""Numbers, percentages and lengths of time as reports write them, with a decimal point or a decimal comma."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from simulator.scenario.units import parse_duration

if TYPE_CHECKING:
    from collections.abc import Iterable

DecimalSign = Literal[".", ","]

NOTHING = frozenset({"", "-", "–", "—", "n/a", "na", "null", "none", "#n/a", "#div/0!"})
"""What stands, in small letters, where there is no figure."""

_SPACES = re.compile("[\\s\u00a0\u202f\u2009'’]")
_SIGNS = re.compile(r"[0-9][.,]")
_PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:([.,])[0-9]{3})+(?:[.,][0-9]*)?")
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_STOPWATCH = re.compile(r"(?:([0-9]+):(?=[0-9]{1,2}:))?([0-9]+):([0-9]{2}(?:[.,][0-9]+)?)")


def bare(text: str) -> str:
    """A number without the blanks and apostrophes that group its digits, and without a percent sign."""
    return _SPACES.sub("", text).replace("−", "-").removesuffix("%")


def decimal_shown(text: str) -> DecimalSign | None:
    """Which decimal sign a number gives away; None if it may be either, as 12 and 1,234 may."""
    number = bare(text)
    if ":" in number or not _SIGNS.search(number) or _AMBIGUOUS.fullmatch(number):
        return None
    points, commas = number.count("."), number.count(",")
    if points and commas:
        return "." if number.rfind(".") > number.rfind(",") else ","
    if points > 1 or commas > 1:
        return "," if points else "."
    return "." if points else ","


def is_ambiguous(text: str) -> bool:
    """Whether a number is another one with a decimal point than with a decimal comma, and does not say which."""
    return _AMBIGUOUS.fullmatch(bare(text)) is not None


def decimals_shown(texts: Iterable[str]) -> dict[DecimalSign, str]:
    """Each decimal sign that some number gives away, with the first number that does."""
    found: dict[DecimalSign, str] = {}
    for text in texts:
        sign = decimal_shown(text)
        if sign is not None:
            found.setdefault(sign, text)
            if len(found) == 2:
                break
    return found


@lru_cache(maxsize=8192)
def parse_number(text: str, decimal: DecimalSign) -> float:
    """Read a number, its digits grouped or not; a percentage is read as a share.

    Raises
    ------
    ValueError
        If it is no number.
    """
    number = bare(text)
    grouped = _GROUPED.fullmatch(number)
    if grouped and grouped[1] != decimal:
        number = number.replace(grouped[1], "")
    if decimal == ",":
        number = "." if "." in number else number.replace(",", ".")
    if not _PLAIN.fullmatch(number) or len(number) > 30:
        example = "1234.5 or 1,234.5" if decimal == "." else "1234,5 or 1.234,5"
        msg = f"This is not a number; allowed are such as {example}."
        raise ValueError(msg)
    return float(number) / 100 if text.rstrip().endswith("%") else float(number)


@lru_cache(maxsize=8192)
def parse_seconds(text: str, decimal: DecimalSign, unit: float) -> float:
    """Read a length of time in seconds: h:mm:ss, m:ss, "4 min 12 s", or a number of units of `unit` seconds.

    Raises
    ------
    ValueError
        If it is none.
    """
    plain = text.strip()
    sign = -1 if plain.startswith(("-", "−")) else 1
    stopwatch = _STOPWATCH.fullmatch(plain.lstrip("-−"))
    if stopwatch:
        hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in stopwatch.groups())
        if seconds < 60 and (minutes < 60 or not stopwatch[1]):
            return sign * (3600 * hours + 60 * minutes + seconds)
    elif any(letter.isalpha() for letter in plain):
        try:
            return parse_duration(plain.replace(decimal, ".").lower())
        except ValueError:
            pass
    else:
        try:
            return parse_number(plain, decimal) * unit
        except ValueError:
            pass
    msg = "This is not a length of time; allowed are h:mm:ss, m:ss, a plain number, or such as 4 min 12 s."
    raise ValueError(msg)
