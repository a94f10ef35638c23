"""Measures in words, in the spoken language: what a number is called and how it is worked out.

Files, tables of the command line and JSON have `Measure.title` and `Measure.formula`, which the English words equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from simulator.language import say
from simulator.measures import ELAPSED, MEASURES, AgentTally, ContactTally, Price

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.experiment import Criterion
    from simulator.measures import Measure
    from simulator.measures.measure import Tallies

SumUnit = Literal["plain", "seconds", "hours", "currency"]
"""What a numerator or denominator is counted in."""

_IN_SECONDS = {
    *AgentTally,
    ContactTally.ANSWERED_WAIT,
    ContactTally.CALLBACK_WAIT,
    ContactTally.GONE_TIME,
    ContactTally.WAIT,
    ContactTally.HANDLING_TIME,
    ContactTally.TIME_TO_FINISH,
    ContactTally.WORK,
}


def measure_title(measure: Measure | Criterion) -> str:
    """What the number is called."""
    return say(f"measures.title.{measure.name}")


def measure_formula(measure: Measure) -> str:
    """Numerator and denominator, in words and with their signs."""
    below = denominator_words(measure)
    above = _bracketed(_numerator(measure)) if below else _added(_numerator(measure))
    return f"{above} / {below}" if below else above


def criterion_formula(criterion: Criterion) -> str:
    """How a number of the whole centre is worked out."""
    if criterion.name in MEASURES:
        return measure_formula(MEASURES[criterion.name])
    return say(f"measures.formula.{criterion.name}")


def numerator_words(measure: Measure) -> str:
    """What is summed up."""
    return _added(_numerator(measure))


def denominator_words(measure: Measure) -> str:
    """What the sum is divided by, in brackets where it has several terms; empty for a plain sum."""
    if measure.denominator is None:
        return ""
    return say("measures.elapsed") if measure.denominator == ELAPSED else _bracketed(_terms(measure.denominator))


def numerator_unit(measure: Measure) -> SumUnit:
    """What the numerator is counted in."""
    if measure.unit in ("hours", "currency"):
        return "hours" if measure.unit == "hours" else "currency"
    return _unit(measure.numerator)


def denominator_unit(measure: Measure) -> SumUnit:
    """What the denominator is counted in."""
    if measure.denominator is None or measure.denominator == ELAPSED:
        return "plain" if measure.denominator is None else "seconds"
    return _unit(measure.denominator)


def _unit(tallies: Tallies) -> SumUnit:
    return "seconds" if _IN_SECONDS.intersection(tallies) else "plain"


def _numerator(measure: Measure) -> list[str]:
    titles = [measure_title(part) for part in measure.sum_of]
    return [title[0].lower() + title[1:] for title in titles] or _terms(measure.numerator)


def _terms(tallies: Tallies) -> list[str]:
    """Each tally with its price, or a minus in front."""
    return [
        f"{_tally(tally.name)} × {say(f'measures.price.{weight.name.lower()}')}"
        if isinstance(weight, Price)
        else f"{'- ' if weight < 0 else ''}{_tally(tally.name)}"
        for tally, weight in tallies.items()
    ]


def _tally(name: str) -> str:
    return say(f"measures.tally.{name.lower()}")


def _added(terms: Sequence[str]) -> str:
    return " + ".join(terms).replace("+ - ", "- ")


def _bracketed(terms: Sequence[str]) -> str:
    return f"({_added(terms)})" if len(terms) > 1 else _added(terms)
