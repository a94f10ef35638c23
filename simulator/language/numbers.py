"""Numbers in the spoken language's form.

Signs are those of CLDR; thousands are set apart by a no-break space in every language, for nobody takes that for a
decimal sign.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from math import isinf, isnan

from simulator.language.spoken import spoken

THOUSANDS = "\N{NO-BREAK SPACE}"
NOTHING = "–"
"""Shown where there is no number."""


def number(value: float, decimals: int = 0, *, signed: bool = False) -> str:
    """A number to so many decimals: 5 964.2; a dash for nan.

    Parameters
    ----------
    value
        The number.
    decimals
        Negative where the last digits of a whole number are rounded away: 5 964 to -2 decimals is 6 000.
    signed
        Whether a plus is shown as well.
    """
    if isnan(value):
        return NOTHING
    rounded = round(value, decimals)
    digits = "∞" if isinf(value) else in_form(f"{abs(rounded):,.{max(decimals, 0)}f}")
    return f"{sign(rounded, signed=signed)}{digits}"


def plain(value: float | Decimal) -> str:
    """A number exactly, with as many decimals as that takes: 2.5, 35."""
    exact = (value if isinstance(value, Decimal) else Decimal(repr(float(value)))).normalize()
    return f"{sign(exact)}{in_form(f'{abs(exact):,f}')}"


def in_form(digits: str) -> str:
    """Digits as Python writes them, 1,234.5, in the form of the language."""
    whole, point, rest = digits.partition(".")
    return whole.replace(",", THOUSANDS) + point.replace(".", _signs(spoken())[0]) + rest


def sign(value: float | Decimal, *, signed: bool = False) -> str:
    """The minus of a negative number; the plus of a positive one, too, if that is `signed`."""
    if value < 0:
        return _signs(spoken())[1]
    return "+" if signed and value > 0 else ""


@cache
def _signs(language: str) -> tuple[str, str]:
    """Decimal sign and minus of a language."""
    from babel.numbers import get_decimal_symbol, get_minus_sign_symbol  # slow, and many runs show no number

    return get_decimal_symbol(language), get_minus_sign_symbol(language)
