"""Numbers with their units in the spoken language's form: shares and lengths of time."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from math import isinf, isnan

from simulator.language.catalogue import say
from simulator.language.numbers import NOTHING, in_form, number, plain
from simulator.language.spoken import spoken

_LENGTHS = {"d": 86_400, "h": 3600, "min": 60}
_DAYS_FROM = 3 * 86_400


def percent(share: float, decimals: int | None = 0) -> str:
    """A share: 80 %; exactly if `decimals` is None."""
    if decimals is None:
        return say("forms.unit.percent", number=plain(Decimal(repr(float(share))).scaleb(2)))
    return say("forms.unit.percent", number=number(100 * share, decimals))


def in_units(seconds: float) -> list[tuple[str, str]]:
    """A length of time, exactly, as digits and units (d, h, min, s), largest first, none of them 0.

    Days appear from three days on, so that a promise of 24 or 48 open hours is not mistaken for one or two business
    days. What is left of a second goes to the seconds.
    """
    exact = Decimal(repr(float(seconds) + 0.0))
    whole = int(exact)
    parts: list[tuple[str, str]] = []
    for unit in ("d", "h", "min") if whole >= _DAYS_FROM else ("h", "min"):
        many, whole = divmod(whole, _LENGTHS[unit])
        if many:
            parts.append((str(many), unit))
    rest = whole + (exact - int(exact))
    if rest or not parts:
        parts.append((f"{rest.normalize():f}", "s"))
    return parts


def duration(seconds: float) -> str:
    """A length of time exactly: 1 min 30 s, 3 h 10 min."""
    return " ".join(say(f"forms.unit.{unit}", number=in_form(digits)) for digits, unit in in_units(seconds))


def rounded_duration(seconds: float) -> str:
    """A time to the precision that matters: 4.2 s, 1 min 20 s, 3 h 10 min; a dash where there is none."""
    if isnan(seconds):
        return NOTHING
    if isinf(seconds):
        return say("forms.never")
    step = 0.1 if seconds < 10 else 1 if seconds < 3600 else 60 if seconds < _DAYS_FROM else 3600
    return _in_steps(spoken(), round(max(seconds, 0.0) / step), step)


@lru_cache(maxsize=4096)
def _in_steps(_language: str, steps: int, step: float) -> str:
    """So many steps of so many seconds; kept by language, for charts write the same few times over and over."""
    return say("forms.unit.s", number=number(steps * step, 1)) if step < 1 else duration(steps * step)
